//! Pages as a whole: what they hold, and that no text of a log changes their structure.

mod advice;
mod brief;
mod hostile;
mod html;
mod mail;
mod markdown;
mod noise;
mod shell;
#[path = "../support/mod.rs"]
mod support;
mod variables;
mod whole;

use std::{collections::BTreeMap, sync::Mutex};

use alertbook::{
    page::Page,
    render::{Delivery, Engine, Formats, Sources, Survey, briefs, exports, pages, write_report},
    report::Report,
};
use proptest::prelude::*;
use support::{Words, report};

/// Has fewer rows where names are long: its structure is looked at in `brief`.
const BRIEF: &str = "brief.md";

fn engine() -> Engine {
    let partials = [("_evidence.md".to_owned(), "- [ ] Keep `{{ pod }}`.\n".to_owned())].into();
    Engine::new(&Sources { partials, ..Sources::default() }).expect("the built-in templates parse")
}

fn site(report: &Report) -> BTreeMap<String, String> {
    site_with(report, Formats::ALL, &Delivery::default())
}

/// The files of a site.
fn site_with(report: &Report, formats: Formats, delivery: &Delivery) -> BTreeMap<String, String> {
    let made = Mutex::new(BTreeMap::new());
    let emit = |page: Page| {
        let text = String::from_utf8(page.bytes).expect("pages are UTF-8");
        let before = made.lock().expect("no panic").insert(page.path.clone(), text);
        assert!(before.is_none(), "{} was made twice", page.path);
        Ok(())
    };
    let survey = Survey::new(report, None);
    pages(&survey, None, &engine(), formats, &emit).expect("every page can be made");
    briefs(&survey, &engine(), formats, delivery, &emit).expect("every brief can be made");
    if formats.json {
        exports(report, &emit).expect("what machines read can be made");
        let (mut json, mut csv) = (Vec::new(), Vec::new());
        write_report(&mut report.clone(), None, &mut json, &mut csv)
            .expect("a report can be written");
        for (path, bytes) in [("report.json", json), ("incidents.csv", csv)] {
            emit(Page { path: path.to_owned(), bytes }).expect("it is taken");
        }
    }
    made.into_inner().expect("no panic")
}

#[test]
fn every_page_of_the_site_is_made() {
    let site = site(&report(&Words::plain()));
    let mut expected = vec![
        "report.json",
        "report.schema.json",
        "incidents.csv",
        "attack-layer.json",
        "weeks/2026-W46/attack-layer.json",
        "weeks/2026-W47/attack-layer.json",
        "weeks/2026-W47/attack-layer-change.json",
        "feed.xml",
        "brief.txt",
        "brief.md",
        "report.eml",
        "static/style.css",
        "static/site.js",
    ]
    .into_iter()
    .map(str::to_owned)
    .collect::<Vec<_>>();
    for page in [
        "index",
        "data-quality",
        "weeks/2026-W46/index",
        "weeks/2026-W47/index",
        "noise",
        "incidents/index",
        "rules/index",
        "hosts/index",
        "incidents/the-rule-01234567/the-host-01234567",
        "incidents/the-rule-01234567/db-2-01234567",
        "rules/the-rule-01234567",
        "hosts/the-host-01234567",
    ] {
        expected.extend([format!("{page}.html"), format!("{page}.md")]);
    }
    for page in &expected {
        assert!(site.contains_key(page), "{page} is missing");
    }
    assert_eq!(site.len(), expected.len() + 2, "{:?}", site.keys());
}

#[test]
fn no_text_of_a_log_changes_the_structure_of_a_page() {
    let plain = site(&report(&Words::plain()));
    for text in hostile::WORDS.iter().copied().chain(hostile::LONG) {
        let hostile = site(&report(&Words::all(text)));
        assert_eq!(plain.len(), hostile.len(), "{text:?}");
        for (path, page) in &hostile {
            let ending = path.rsplit('.').next();
            if matches!(ending, Some("html" | "xml")) {
                assert_eq!(html::tags(page), html::tags(&plain[path]), "{path} with {text:?}");
            } else if ending == Some("md") && path != BRIEF {
                assert_eq!(
                    markdown::tags(page),
                    markdown::tags(&plain[path]),
                    "{path} with {text:?}"
                );
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_at_all_changes_the_structure_of_a_page(text in hostile::text()) {
        let plain = site(&report(&Words::plain()));
        for (path, page) in &site(&report(&Words::all(&text))) {
            match path.rsplit('.').next() {
                Some("html" | "xml") => prop_assert_eq!(html::tags(page), html::tags(&plain[path]), "{}", path),
                Some("md") if path != BRIEF => prop_assert_eq!(markdown::tags(page), markdown::tags(&plain[path]), "{}", path),
                _ => {}
            }
        }
    }
}
