//! What people decided, week by week.

use alertbook::config::Config;

use crate::{
    data::{config, eight_weeks, report, write},
    pages::{part, section, site_of},
};

const VERDICTS: &str = r#"
[[verdict]]
rule = "Contact API server"
verdict = "benign"
suppress = true
note = "An operator asks for its own pods"
who = "platform"
ticket = "OPS-7"
until = "2026-12-31"

[[verdict]]
rule = "Scan"
verdict = "benign"
suppress = true
until = "2026-11-01"

[[verdict]]
rule = "Read sensitive file"
host = "node-6"
verdict = "false-positive"
"#;

fn judged() -> (tempfile::TempDir, Config) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("verdicts.toml");
    std::fs::write(&file, VERDICTS).expect("the folder takes a file");
    (folder, Config { verdicts: Some(file), ..config("all") })
}

#[test]
fn a_week_counts_what_its_verdicts_decide_in_it() {
    let (_folder, config) = judged();
    let logs = tempfile::tempdir().expect("a folder");
    write(logs.path(), &eight_weeks(), |_, _| "falco.log".into());
    let report = report(logs.path(), &config);
    let of = |label: &str| {
        let week = crate::data::week(&report, label);
        let tell = |one: &alertbook::report::WeekVerdict| {
            let entry = &one.entry;
            (entry.rule.clone().unwrap_or_default(), entry.incidents, one.episodes, entry.alerts)
        };
        week.verdicts.iter().map(tell).collect::<Vec<_>>()
    };
    // Expired on top, then what is suppressed: 72 alerts a day, and one episode that never ends.
    let name = |name: &str| name.to_owned();
    assert_eq!(
        of("2026-W47"),
        [
            (name("Scan"), 1, 35, 35),
            (name("Contact API server"), 1, 0, 504),
            (name("Read sensitive file"), 1, 3, 3),
        ]
    );
    assert_eq!(of("2026-W40")[1], (name("Contact API server"), 1, 1, 5 * 72));
    // Summed over the weeks they are what the whole report says.
    let all = |rule: &str| {
        let weeks = report.weeks.iter().flat_map(|week| &week.verdicts);
        let of_rule = weeks.filter(|one| one.entry.rule.as_deref() == Some(rule));
        of_rule.map(|one| one.entry.alerts).sum::<u64>()
    };
    for entry in &report.verdicts.entries {
        assert_eq!(all(entry.rule.as_deref().expect("a rule")), entry.alerts, "{entry:?}");
    }
    let rows = &crate::data::week(&report, "2026-W47").incident_rows;
    let timer = rows.iter().find(|row| &*row.rule == "Contact API server").expect("a row");
    let verdict = timer.verdict.as_ref().expect("a verdict");
    assert!(verdict.suppressed && verdict.ticket.as_deref() == Some("OPS-7"));
}

#[test]
fn the_page_of_a_week_shows_what_was_hidden_and_what_has_expired() {
    let (_folder, config) = judged();
    let site = site_of(&eight_weeks(), &config);
    let page = &site["weeks/2026-W47/index.html"];
    let verdicts = section(page, "verdicts");
    let said =
        "1 incident of 2026-W47, with 504 alerts and 0 episodes that began in it, is suppressed";
    assert!(verdicts.contains(said), "{verdicts}");
    let (scan, timer) = (verdicts.find("Scan"), verdicts.find("Contact API server"));
    assert!(scan.is_some() && scan < timer, "expired on top: {verdicts}");
    let attention = section(page, "attention");
    assert!(!attention.contains("Contact API server"), "{attention}");
    assert!(attention.contains("Left out: 1 incident with 504 alerts"), "{attention}");
    assert!(attention.find("Scan") < attention.find("Drop and execute"), "{attention}");
    assert!(attention.contains("benign, <strong>expired 2026-11-01</strong>"), "{attention}");
    let all = section(page, "incidents");
    assert!(
        all.contains("Contact API server") && all.contains("benign, suppressed, OPS-7"),
        "{all}"
    );
    let part = part(&site["weeks/2026-W47/index.md"], "Verdicts and suppressions");
    assert!(part.contains(said), "{part}");
    assert!(part.contains("| benign, **expired** |"), "{part}");
    let plain = site_of(&eight_weeks(), &crate::data::config("all"));
    let verdicts = section(&plain["weeks/2026-W47/index.html"], "verdicts");
    assert!(verdicts.contains("No verdict is about an incident of 2026-W47."), "{verdicts}");
}
