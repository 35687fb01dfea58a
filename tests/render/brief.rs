//! The brief is short whatever the report, counts what it leaves out, and means nothing but words.

use std::{
    collections::BTreeMap,
    sync::{LazyLock, Mutex},
};

use alertbook::{
    address::Site,
    page::Page,
    render::{self, Delivery, Engine, Formats},
    report::{ChangeLists, Changed, PriorityTotal, Report},
};
use proptest::prelude::*;

use crate::{
    hostile, html, markdown,
    support::{Words, report},
};

/// A brief is shorter than this.
const LIMIT: usize = 2048;

/// The report of the tests with so many rows in every list.
fn large(words: &Words, rows: usize) -> Report {
    let mut report = report(words);
    let lists = |list: &mut ChangeLists| {
        let row = |rule: bool, host: bool| Changed {
            rule: rule.then(|| words.rule.as_str().into()),
            host: host.then(|| words.host.as_str().into()),
            path: None,
            within: None,
            ..report.weeks[1].changes.as_ref().expect("a change").new.pairs[0].clone()
        };
        list.rules = vec![row(true, false); rows];
        list.hosts = vec![row(false, true); rows];
        list.pairs = vec![row(true, true); rows];
    };
    let mut changes = report.weeks[1].changes.clone().expect("week 47 has a week before");
    for list in [&mut changes.new, &mut changes.louder, &mut changes.gone_quiet] {
        lists(list);
    }
    report.weeks[1].changes = Some(changes.clone());
    report.changes = Some(changes);
    report.incidents = (0..rows.max(2)).map(|at| report.incidents[at % 2].clone()).collect();
    report.attention = report.incidents.iter().take(10).map(|one| one.id.clone()).collect();
    report.actions = vec![report.actions[0].clone(); rows.min(10)];
    report.more_actions = rows.saturating_sub(10) as u64;
    report.quality.warnings =
        (0..rows).map(|at| format!("Warning {at} on {}.", words.host)).collect();
    report.verdicts.suppressed_incidents = 0;
    report.numbers = vec![report.numbers[0].clone(); rows.min(14)];
    report.summary = vec![format!("A sentence on {}.", words.rule); rows.min(9)];
    report
}

fn delivery(url: &str) -> Delivery {
    Delivery { site: Some(Site::parse(url).expect("an address")), ..Delivery::default() }
}

/// What is made of a brief.
fn made(report: &Report, formats: Formats, delivery: &Delivery) -> BTreeMap<String, String> {
    let made = Mutex::new(BTreeMap::new());
    let emit = |page: Page| {
        let text = String::from_utf8(page.bytes).expect("pages are UTF-8");
        made.lock().expect("no panic").insert(page.path, text);
        Ok(())
    };
    let survey = render::Survey::new(report, None);
    render::briefs(&survey, engine(), formats, delivery, &emit).expect("every brief can be made");
    made.into_inner().expect("no panic")
}

/// The engine, which takes long to make.
fn engine() -> &'static Engine {
    static ENGINE: LazyLock<Engine> = LazyLock::new(crate::engine);
    &ENGINE
}

/// `brief.txt` and `brief.md`.
fn briefs(report: &Report, delivery: &Delivery) -> [String; 2] {
    let only = Formats { html: false, markdown: true, json: false };
    let mut made = made(report, only, delivery);
    ["brief.txt", "brief.md"].map(|name| made.remove(name).expect("it is made"))
}

/// The part of a text below a heading.
fn below<'t>(text: &'t str, heading: &str) -> &'t str {
    let start = text.find(heading).unwrap_or_else(|| panic!("no {heading} in {text}"));
    let rest = &text[start + heading.len()..];
    rest.find("\n\n").map_or(rest, |end| &rest[..end])
}

/// What is said to be left out in a part, and the rows that it has.
fn left_out(part: &str) -> usize {
    let more = part.rsplit_once("And ").or_else(|| part.rsplit_once("and "));
    let digits = more.map_or("", |(_, rest)| rest.split(' ').next().unwrap_or(""));
    digits.replace(',', "").parse().unwrap_or(0)
}

#[test]
fn a_report_of_any_size_fits_and_every_cut_is_counted() {
    for rows in [1, 2, 3, 5, 8, 13, 100, 1000] {
        let report = large(&Words::plain(), rows);
        let [text, page] = briefs(&report, &Delivery::default());
        assert!(text.len() < LIMIT && page.len() < LIMIT, "{rows}: {} {}", text.len(), page.len());

        let attention = below(&text, "NEEDS ATTENTION\n");
        let shown = attention.matches("Critical: ").count();
        assert_eq!(shown + left_out(attention), rows.max(2));
        let list = text.lines().find(|line| line.starts_with("New (")).expect("the list");
        assert!(list.starts_with(&format!("New ({})", thousands(rows * 3))), "{list}");
        let shown = list.matches(" episodes").count();
        assert!(shown + left_out(list) == rows * 3 || shown == 0, "{list}");
        let actions = below(&text, "OPEN ACTIONS\n");
        assert_eq!(actions.matches("- ").count() + left_out(actions), rows, "{actions}");
        let limits = below(&text, "LIMITS OF THE DATA\n");
        assert_eq!(limits.matches("- ").count() + left_out(limits), rows, "{limits}");
        let numbers = below(&text, "NUMBERS (before)\n");
        assert_eq!(
            numbers.matches("Alerts ").count() + left_out(numbers),
            rows.min(14),
            "{numbers}"
        );
        let summary = text.split("\n\n").nth(1).expect("the summary");
        assert_eq!(
            summary.matches("A sentence").count() + left_out(summary),
            rows.min(9),
            "{summary}"
        );

        let attention = page.split("## ").find(|part| part.starts_with("Needs")).expect("a part");
        let shown = attention.matches("**Critical**").count();
        assert_eq!(shown + left_out(attention), rows.max(2));
    }
}

fn thousands(number: usize) -> String {
    if number < 1000 {
        number.to_string()
    } else {
        format!("{},{:03}", number / 1000, number % 1000)
    }
}

#[test]
fn long_and_hostile_names_fit_at_the_longest_address() {
    let url = format!("https://x.example/{}/", "a".repeat(180));
    let long = hostile::LONG.iter().map(|text| text.repeat(100));
    let signs = ["{", "<", "\u{10ffff}", "\u{e041}", "東", "a\u{301}", "\n", "`", "@"];
    for text in signs.iter().map(|sign| sign.repeat(3000)).chain(long) {
        let mut report = large(&Words::all(&text), 12);
        report.title.clone_from(&text);
        report.tlp = Some(text.clone());
        let [plain, page] = briefs(&report, &delivery(&url));
        assert!(plain.len() < LIMIT, "{} bytes: {plain}", plain.len());
        assert!(page.len() < LIMIT, "{} bytes: {page}", page.len());
    }
}

#[test]
fn a_name_that_is_too_long_is_cut_between_characters() {
    let words = Words { rule: "Überlange Regel ".repeat(40), ..Words::plain() };
    let [text, _] = briefs(&report(&words), &Delivery::default());
    assert!(text.contains("Critical: Überlange Regel Überlange Regel"), "{text}");
    assert!(text.contains('…'), "{text}");
}

#[test]
fn text_of_a_log_is_no_markup_and_no_link() {
    let plain = briefs(&report(&Words::plain()), &Delivery::default());
    let links = |page: &str| {
        let tags = markdown::tags(page);
        tags.into_keys()
            .filter(|tag| !tag.starts_with("Item") && tag != "TaskListMarker")
            .collect::<Vec<_>>()
    };
    for word in hostile::WORDS.iter().chain(&hostile::LONG) {
        let [text, page] = briefs(&report(&Words::all(word)), &Delivery::default());
        for tag in links(&page) {
            let known = links(&plain[1]).contains(&tag);
            assert!(known, "{word:?} makes {tag} of\n{page}");
        }
        for sign in ["://", "www.", "<!", "\u{202e}", "\u{1b}"] {
            assert!(!text.contains(sign), "{word:?} leaves {sign} in\n{text}");
        }
        assert!(text.match_indices('@').all(|(at, _)| text[..at].ends_with('[')), "{text}");
    }
}

#[test]
fn links_are_made_where_they_lead_to_something() {
    let report = report(&Words::plain());
    let incident = "incidents/the-rule-01234567/the-host-01234567";
    let [text, page] = briefs(&report, &Delivery::default());
    assert!(!text.contains(".md") && !text.contains(".html"), "{text}");
    assert!(page.contains(&format!("[aaaa on aaaa]({incident}.md)")), "{page}");
    assert!(page.trim_end().ends_with("[The report](index.md)"), "{page}");

    // Of Markdown alone the address has no HTML pages.
    let delivery = delivery("https://x.example/falco");
    let [text, page] = briefs(&report, &delivery);
    assert!(page.contains(&format!("(https://x.example/falco/{incident}.md)")), "{page}");
    assert!(text.trim_end().ends_with("https://x.example/falco/index.md"), "{text}");

    let site = made(&report, Formats::ALL, &delivery);
    assert!(site["brief.txt"].trim_end().ends_with("https://x.example/falco/index.html"));
    assert!(site["brief.txt"].contains(&format!("https://x.example/falco/{incident}.html")));
    assert!(site["brief.md"].contains(&format!("(https://x.example/falco/{incident}.html)")));
}

#[test]
fn a_report_with_nothing_in_it_reads_well() {
    let mut report = report(&Words::plain());
    report.incidents.clear();
    report.attention.clear();
    report.actions.clear();
    (report.more_actions, report.verdicts.suppressed_incidents) = (0, 0);
    report.priorities = Vec::<PriorityTotal>::new();
    report.weeks.clear();
    (report.week, report.changes, report.no_changes) = (None, None, None);
    (report.period.first_alert, report.period.last_alert) = (None, None);
    report.numbers.clear();
    report.quality.warnings.clear();
    report.summary = vec!["No alerts in this period; 7 records were read.".to_owned()];
    let [text, page] = briefs(&report, &Delivery::default());
    assert_eq!(
        text,
        "Alerts of the test\nTLP:AMBER - 2026-W47, UTC; no alerts\n\n\
         No alerts in this period; 7 records were read.\n\nNEEDS ATTENTION\nNo incident is open.\n"
    );
    assert_eq!(
        page,
        "# Alerts of the test\n\n**`TLP:AMBER`** · 2026-W47, UTC; no alerts\n\n\
         No alerts in this period; 7 records were read.\n\n## Needs attention\n\n\
         No incident is open.\n\n[The report](index.md)\n"
    );
}

#[test]
fn a_first_run_says_why_nothing_is_compared() {
    let mut report = report(&Words::plain());
    report.changes = None;
    report.no_changes = Some("2026-W47 is the first week in this data.".to_owned());
    report.weeks[1].changes = None;
    let [text, page] = briefs(&report, &Delivery::default());
    for brief in [&text, &page] {
        assert!(brief.contains("\n2026-W47 is the first week in this data.\n"), "{brief}");
        assert!(!brief.contains("New ("), "{brief}");
    }
    assert!(text.contains("\nINCIDENTS BY PRIORITY\nCritical 2\n"), "{text}");
}

#[test]
fn the_page_of_a_mail_holds_more_and_nothing_from_elsewhere() {
    let report = large(&Words::all("<b>&"), 1000);
    let mail =
        crate::mail::Mail::read(&made(&report, Formats::ALL, &Delivery::default())["report.eml"]);
    let page = &mail.parts["text/html"];
    assert!(page.len() < 100 * 1024, "{}", page.len());
    assert_eq!(page.matches("◆ Critical").count(), 10);
    assert_eq!(page.matches("&lt;b&gt;&amp;: 10 episodes, before 40").count(), 3 * 7 + 2 * 3);
    assert!(page.contains("<li>and 2,993 more</li>"), "{page}");
    assert!(page.contains("And 990 more incidents."), "{page}");
    for tag in html::tags(page).into_keys() {
        assert!(
            !["script", "img", "link", "style", "iframe", "form", "b", "a"].contains(&&*tag),
            "{tag}"
        );
    }
    assert!(!page.contains("url(") && !page.contains("src=") && !page.contains("href="), "{page}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_report_fits(text in hostile::text(), times in 1_usize..200, rows in 0_usize..40) {
        let report = large(&Words::all(&text.repeat(times)), rows);
        for brief in briefs(&report, &delivery("https://reports.example.org/falco/")) {
            prop_assert!(brief.len() < LIMIT, "{} bytes: {}", brief.len(), brief);
        }
    }
}
