//! What the report says of noise, held against logs whose truth is known because they are made
//! here; and what people said, laid upon the same logs.

use std::sync::Arc;

use std::{fmt::Write as _, fs, path::Path};

use alertbook::{
    config::Config,
    inventory::{Inventory, Machine, Weight},
    report::Report,
    time::Timestamp,
};
use serde_json::json;
use tempfile::TempDir;

use crate::support::{config, report};

/// Monday, 2 November 2026.
const START: i64 = 1_793_577_600;

/// An alert: seconds after the start, rule, priority, host, image, command line.
type Line<'a> = (i64, &'a str, &'a str, &'a str, &'a str, &'a str);

fn write(folder: &Path, lines: &[Line<'_>]) {
    let mut text = String::new();
    for (secs, rule, priority, host, image, command) in lines {
        let time = Timestamp::from_secs(START + secs);
        let output = format!("09:00:00.0: {priority} {rule} (image={image} command={command})");
        let alert = json!({
            "time": time, "rule": rule, "priority": priority, "hostname": host, "source": "syscall",
            "output": output, "tags": ["mitre_execution", "T1059"],
            "output_fields": { "container.image.repository": image, "proc.cmdline": command },
        });
        let _ = writeln!(text, "{alert}");
    }
    fs::write(folder.join("falco.jsonl"), text).expect("the folder is ours");
}

/// Two weeks: a timer every ten minutes on two hosts, whose image is also used by hand, and a few
/// alerts of another rule.
fn lines() -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for run in 0..14 * 144 {
        let late = run * 7 % 13;
        for host in ["web-1", "web-2"] {
            lines.push((
                run * 600 + late,
                "Noisy",
                "Notice",
                host,
                "shop/cron",
                "sh -c \"sync; date\"",
            ));
        }
    }
    for by_hand in 0..6 {
        lines.push((by_hand * 90_000, "Noisy", "Notice", "web-2", "shop/cron", "nc -l 4444"));
        lines.push((by_hand * 80_000, "Noisy", "Notice", "db-1", "other", "sh -c \"sync; date\""));
        lines.push((by_hand * 70_000, "Rare", "Warning", "db-1", "other", "cat /etc/shadow"));
        lines.push((by_hand * 70_000, "Rare", "Warning", "web-1", "other", "cat /etc/shadow"));
    }
    lines
}

fn made(change: impl FnOnce(&mut Config, &Path)) -> (TempDir, Report) {
    let folder = tempfile::tempdir().expect("a folder");
    let logs = folder.path().join("logs");
    fs::create_dir(&logs).expect("the folder is ours");
    write(&logs, &lines());
    let mut config = config(2);
    change(&mut config, folder.path());
    let report = report(&logs, &config);
    (folder, report)
}

#[test]
fn a_planted_timer_is_found_and_its_draft_has_its_true_price() {
    let (_folder, report) = made(|_, _| ());
    let loud = &report.loudness[0];
    let timed = 2 * 14 * 144;
    assert_eq!((loud.rule.as_str(), loud.alerts, loud.incidents), ("Noisy", timed + 12, 3));
    assert_eq!(loud.timer_seconds.map(|secs| secs.abs_diff(600) < 30), Some(true));
    assert_eq!(loud.loud_weeks, 2);
    let [noise] = &report.noise[..] else { panic!("{:?}", report.noise) };
    assert_eq!(noise.rule, "Noisy");
    assert_eq!(noise.candidate_because.len(), 5, "{:?}", noise.candidate_because);
    assert!(noise.cause.contains("about every 10 min"), "{}", noise.cause);
    let draft = noise.draft.as_deref().expect("a draft");
    assert!(draft.contains(r#"- ["\"shop/cron\"", "\"sh -c \\\"sync; date\\\"\""]"#), "{draft}");
    // Counted anew from the lines, by the words of the draft.
    let hidden = |line: &&Line<'_>| {
        line.1 == "Noisy" && line.4 == "shop/cron" && line.5.starts_with("sh -c")
    };
    let price = noise.price.as_ref().expect("a price");
    assert_eq!(price.alerts_removed, lines().iter().filter(hidden).count() as u64);
    // web-1 has nothing but the timer, web-2 a shell by hand, db-1 another image.
    assert_eq!((price.incidents_removed, price.incidents_thinned), (1, 1));
    assert!(price.exact && price.also_hidden.is_empty());
}

#[test]
fn the_same_logs_give_the_same_noise_however_they_are_read() {
    let (_folder, one) = made(|config, _| config.jobs = 1);
    let (_other, many) = made(|config, _| config.jobs = 8);
    let text =
        |report: &Report| serde_json::to_string(&(&report.loudness, &report.noise)).expect("JSON");
    assert_eq!(text(&one), text(&many));
}

#[test]
fn tags_are_summed_over_rules_and_hosts() {
    let (_folder, report) = made(|_, _| ());
    let [tactic] = &report.attack.tactics[..] else { panic!("{:?}", report.attack) };
    assert_eq!(tactic.tag.id, "TA0002");
    assert_eq!((tactic.incidents, tactic.hosts, tactic.rules), (5, 3, 2));
    assert_eq!((report.attack.untagged_rules, report.attack.techniques.len()), (0, 1));
}

const VERDICTS: &str = r#"
[[verdict]]
rule = "Noi*"
verdict = "benign"
suppress = true
until = 2026-12-31

[[verdict]]
rule = "Rare"
host = "web-*"
verdict = "false-positive"
until = "2026-11-03"

[[verdict]]
incident = "no-such-incident-00000000"
verdict = "test"
"#;

#[test]
fn verdicts_suppress_and_expire() {
    let (_folder, report) = made(|config, folder| {
        let path = folder.join("verdicts.toml");
        fs::write(&path, VERDICTS).expect("the folder is ours");
        config.verdicts = Some(path);
    });
    let about = |id: &Arc<str>| {
        let incident = report.incidents.iter().find(|incident| incident.id == *id).expect("there");
        (&*incident.rule, &*incident.host)
    };
    let attention: Vec<_> = report.attention.iter().map(about).collect();
    // What has expired comes first; what is suppressed is not there, and is counted.
    assert_eq!(attention, [("Rare", "web-1"), ("Rare", "db-1")]);
    let verdicts = &report.verdicts;
    assert_eq!((verdicts.suppressed_incidents, verdicts.suppressed_alerts), (3, 2 * 14 * 144 + 12));
    assert_eq!((verdicts.judged, verdicts.false_positives, verdicts.expired_incidents), (3, 0, 1));
    let warned = |warning: &String| warning.contains("no-such-incident-00000000");
    assert!(report.quality.warnings.iter().any(warned), "{:?}", report.quality.warnings);
    assert_eq!(report.noise[0].candidate_because.len(), 6);
}

#[test]
fn a_heavy_host_comes_first_among_its_equals() {
    let first = |report: &Report| {
        let rare = report.incidents.iter().find(|incident| &*incident.rule == "Rare");
        rare.map(|incident| incident.host.to_string()).expect("there")
    };
    let weigh = |name: &str, weight| Machine {
        name: name.to_owned(),
        owner: Some("Team web".to_owned()),
        weight,
        note: None,
        groups: Vec::new(),
    };
    let (_folder, plain) = made(|_, _| ());
    assert_eq!(first(&plain), "db-1");
    let (_folder, weighed) =
        made(|config, _| config.inventory = Inventory(vec![weigh("web-*", Weight::Critical)]));
    assert_eq!(first(&weighed), "web-1");
    let host = weighed.hosts.iter().find(|host| host.host == "web-1").expect("there");
    assert_eq!((host.owner.as_deref(), host.weight), (Some("Team web"), Weight::Critical));
    let (_folder, low) =
        made(|config, _| config.inventory = Inventory(vec![weigh("db-1", Weight::Low)]));
    assert_eq!(first(&low), "web-1");
}
