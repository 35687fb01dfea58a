//! The mail, read back by hand.

use std::collections::BTreeMap;

use alertbook::{
    address::Mailbox,
    render::{Delivery, Formats},
};

use crate::{
    hostile, site, site_with,
    support::{Words, report},
};

/// A mail of two parts.
pub struct Mail {
    /// Headers by name, unfolded.
    pub head: BTreeMap<String, String>,
    /// Bodies by type, decoded.
    pub parts: BTreeMap<String, String>,
}

impl Mail {
    /// Reads one.
    pub fn read(text: &str) -> Self {
        assert!(text.is_ascii() && !text.contains('\r'));
        for line in text.lines() {
            assert!(
                line.len() <= 78 && !line.starts_with('.') && !line.starts_with("From "),
                "{line}"
            );
        }
        let (head, body) = text.split_once("\n\n").expect("a head and a body");
        let head = headers(head);
        let kind = &head["Content-Type"];
        let boundary = kind.strip_prefix("multipart/alternative; boundary=\"");
        let boundary = boundary.and_then(|rest| rest.strip_suffix('"')).expect("a boundary");
        let body = body.strip_prefix(&format!("--{boundary}\n")).expect("it begins with a part");
        let body = body.strip_suffix(&format!("\n--{boundary}--\n")).expect("it ends");
        let between = format!("\n--{boundary}\n");
        let parts = body.split(&between).map(|part| {
            assert!(!part.contains(boundary), "no part holds what parts them");
            let (head, body) = part.split_once("\n\n").expect("a head and a body");
            let head = headers(head);
            assert_eq!(head["Content-Transfer-Encoding"], "quoted-printable");
            let kind = head["Content-Type"].strip_suffix("; charset=utf-8").expect("UTF-8");
            (kind.to_owned(), decoded(body))
        });
        let parts: Vec<_> = parts.collect();
        // The plain text first: a reader shows the last that it can.
        assert_eq!(
            parts.iter().map(|(kind, _)| &**kind).collect::<Vec<_>>(),
            ["text/plain", "text/html"]
        );
        Self { parts: parts.into_iter().collect(), head }
    }
}

fn headers(head: &str) -> BTreeMap<String, String> {
    let unfolded = head.replace("\n ", " ");
    let read = unfolded.lines().map(|line| {
        let (name, value) = line.split_once(": ").unwrap_or_else(|| panic!("no header: {line}"));
        (name.to_owned(), value.to_owned())
    });
    let all: Vec<_> = read.collect();
    let by_name: BTreeMap<_, _> = all.iter().cloned().collect();
    assert_eq!(all.len(), by_name.len(), "no header comes twice");
    by_name
}

fn decoded(body: &str) -> String {
    let joined = body.replace("=\n", "");
    let mut parts = joined.split('=');
    let mut bytes = parts.next().unwrap_or("").as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).expect("a code"));
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    String::from_utf8(bytes).expect("UTF-8")
}

fn delivery() -> Delivery {
    let mailbox = |text| Mailbox::parse(text).expect("an address");
    Delivery {
        site: None,
        from: Some(mailbox("Security <alerts@mail.example>")),
        to: vec![mailbox("a@x.example"), mailbox("Jörg <b@x.example>")],
    }
}

#[test]
fn a_mail_holds_the_brief_twice() {
    let report = report(&Words::plain());
    let site = site_with(&report, Formats::ALL, &delivery());
    let mail = Mail::read(&site["report.eml"]);
    assert_eq!(mail.parts["text/plain"], site["brief.txt"]);
    let page = &mail.parts["text/html"];
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"), "{page}");
    let id = mail.head["Message-ID"].clone();
    let expected = [
        ("Auto-Submitted", "auto-generated"),
        ("Date", "Wed, 18 Nov 2026 23:00:16 +0000"),
        ("From", "Security <alerts@mail.example>"),
        ("MIME-Version", "1.0"),
        ("Subject", "[TLP:AMBER] Alerts of the test: 2026-W47, 2 incidents"),
        ("To", "a@x.example, =?utf-8?B?SsO2cmc=?= <b@x.example>"),
    ];
    for (name, value) in expected {
        assert_eq!(mail.head[name], value);
    }
    assert_eq!(mail.head.len(), expected.len() + 2, "{:?}", mail.head.keys());
    let digest = id.strip_prefix('<').and_then(|id| id.strip_suffix("@mail.example>"));
    assert!(digest.is_some_and(|digest| digest.len() == 32), "{id}");
}

#[test]
fn without_addresses_a_mail_has_none() {
    let mail = Mail::read(&site(&report(&Words::plain()))["report.eml"]);
    assert!(!mail.head.contains_key("From") && !mail.head.contains_key("To"));
    assert!(mail.head["Message-ID"].ends_with("@alertbook.invalid>"));
}

#[test]
fn the_time_of_a_mail_is_that_of_the_data_or_none() {
    let mut report = report(&Words::plain());
    let date = |report: &_| Mail::read(&site(report)["report.eml"]).head.get("Date").cloned();
    report.generated = None;
    assert_eq!(date(&report).as_deref(), Some("Wed, 18 Nov 2026 03:04:16 +0000"));
    "Asia/Kolkata".clone_into(&mut report.period.timezone);
    assert_eq!(date(&report).as_deref(), Some("Wed, 18 Nov 2026 08:34:16 +0530"));
    (report.period.first_alert, report.period.last_alert) = (None, None);
    report.period.from = None;
    report.period.to = None;
    assert_eq!(date(&report), None);
}

#[test]
fn no_text_can_add_a_header() {
    for text in [
        "a\r\nBcc: x@evil.example",
        "a\n\nbody",
        "=?utf-8?Q?=0ABcc?=",
        &"long ".repeat(400),
        &"x".repeat(2000),
        "ü\u{2028}",
    ] {
        let mut report = report(&Words::all(text));
        text.clone_into(&mut report.title);
        report.tlp = Some(text.to_owned());
        let mail = Mail::read(&site_with(&report, Formats::ALL, &delivery())["report.eml"]);
        let names: Vec<_> = mail.head.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            [
                "Auto-Submitted",
                "Content-Type",
                "Date",
                "From",
                "MIME-Version",
                "Message-ID",
                "Subject",
                "To"
            ]
        );
    }
}

#[test]
fn no_text_of_a_log_is_in_the_head() {
    let head = |words: &Words| {
        let site = site(&report(words));
        let mut mail = Mail::read(&site["report.eml"]);
        assert_eq!(mail.parts["text/plain"], site["brief.txt"]);
        mail.head.remove("Message-ID");
        mail.head.remove("Content-Type");
        mail.head
    };
    let plain = head(&Words::plain());
    for word in hostile::WORDS.iter().chain(&hostile::LONG) {
        assert_eq!(head(&Words::all(word)), plain, "{word:?}");
    }
}

#[test]
fn an_id_is_that_of_the_content() {
    let id =
        |words: &Words| Mail::read(&site(&report(words))["report.eml"]).head["Message-ID"].clone();
    assert_eq!(id(&Words::plain()), id(&Words::plain()));
    assert_ne!(id(&Words::plain()), id(&Words::all("bbbb")));
}
