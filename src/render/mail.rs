//! `report.eml`: the report as a mail (RFC 5322, RFC 2045), ready for a mail program.
//!
//! Its lines end with a line feed, as `sendmail` takes a message on Unix; whoever speaks SMTP sends
//! both signs. Bodies are quoted-printable: short lines of ASCII that no program on the way changes.

mod header;
mod quoted;

use self::quoted::quoted;
use super::{Delivery, brief::Brief, text};
use crate::{
    address::Mailbox,
    report::Report,
    time::{Timestamp, Zone},
    wording::count,
};

/// The domain of an id where no sender's is known (RFC 2606).
const NO_DOMAIN: &str = "alertbook.invalid";
/// Characters of a title in a subject.
const TITLE: usize = 80;

/// A mail of a text and a page that tell the same.
pub fn mail(report: &Report, brief: &Brief<'_>, to: &Delivery, plain: &str, page: &str) -> String {
    let zone = Zone::named(&report.period.timezone).unwrap_or(Zone::UTC);
    let parts = [("plain", plain), ("html", page)].map(|(kind, body)| part(kind, body));
    let mut head = String::new();
    let mailboxes = |name: &str, list: &[Mailbox]| match list {
        [] => String::new(),
        list => header::mailboxes(name, list),
    };
    head += &mailboxes("From", to.from.as_slice());
    head += &mailboxes("To", &to.to);
    head += &header::unstructured("Subject", &subject(report, brief, zone));
    // Without any time the sender's program writes the header: there is no clock here.
    let sent = report.generated.or(report.period.last_alert).or(report.period.to);
    head += &sent.map_or_else(String::new, |time| format!("Date: {}\n", date(time, zone)));
    let id = digest(&[&head, &parts[0], &parts[1]]);
    let domain = to.from.as_ref().map_or(NO_DOMAIN, Mailbox::domain);
    // `=_` cannot stand in quoted-printable text, where `=` begins a code or ends a line.
    let boundary = format!("=_{id}");
    let [plain, page] = parts;
    format!(
        concat!(
            "{}Message-ID: <{}@{}>\n",
            "Auto-Submitted: auto-generated\n",
            "MIME-Version: 1.0\n",
            "Content-Type: multipart/alternative;\n boundary=\"{boundary}\"\n",
            "\n--{boundary}\n{}\n--{boundary}\n{}\n--{boundary}--\n",
        ),
        head,
        id,
        domain,
        plain,
        page,
        boundary = boundary,
    )
}

fn part(kind: &str, body: &str) -> String {
    format!(
        "Content-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n{}",
        quoted(body)
    )
}

/// `[TLP:AMBER] Security report: 2026-W47, 212 incidents`. No word of it comes from a log.
fn subject(report: &Report, brief: &Brief<'_>, zone: Zone) -> String {
    let title = super::brief::cut(&report.title, TITLE);
    let period = &report.period;
    let label = match (period.from, period.last_alert) {
        (None, Some(last)) => format!("up to {}", zone.local(last).format("%-d %b %Y")),
        (None, None) => "all of the logs".to_owned(),
        (Some(_), _) => period.label.clone(),
    };
    let incidents = match report.incidents.len() {
        0 => "no incidents".to_owned(),
        many => count(many as u64, "incident", "incidents"),
    };
    let tlp = brief.tlp.as_ref().map_or_else(String::new, |tlp| format!("[{tlp}] "));
    text::visible(&format!("{tlp}{title}: {label}, {incidents}"), text::Breaks::Mark).into_owned()
}

/// `Sun, 22 Nov 2026 23:52:01 +0100`
fn date(time: Timestamp, zone: Zone) -> String {
    let minutes = zone.offset(time.secs) / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    let (hours, minutes) = (minutes.abs() / 60, minutes.abs() % 60);
    let local = zone.local(time).format("%a, %d %b %Y %H:%M:%S");
    format!("{local} {sign}{hours:02}{minutes:02}")
}

/// 32 hexadecimal digits of the BLAKE3 digest of the parts.
fn digest(parts: &[&str]) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(part.as_bytes()).update(&[0]);
    }
    hasher.finalize().to_hex().as_str()[..32].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_has_the_offset_of_its_zone() {
        let time = Timestamp::from_secs(1_795_005_960);
        assert_eq!(date(time, Zone::UTC), "Wed, 18 Nov 2026 12:46:00 +0000");
        let zone = |name| Zone::named(name).expect("a zone");
        assert_eq!(date(time, zone("Europe/Berlin")), "Wed, 18 Nov 2026 13:46:00 +0100");
        assert_eq!(date(time, zone("America/St_Johns")), "Wed, 18 Nov 2026 09:16:00 -0330");
    }
}
