//! The history: written, read back, kept where the logs hold less, and never overwritten when it
//! cannot be understood.

use std::{collections::BTreeMap, fs, path::Path};

use alertbook::{Logs, Surroundings, config::Config, report::Report};
use serde_json::Value;

use crate::data::{Line, at, config, eight_weeks, week, write};

/// Builds a site of some lines with a history.
pub fn build(lines: &[Line], period: &str, history: &Path) -> Result<Report, String> {
    build_with(lines, config(period), history)
}

fn build_with(lines: &[Line], config: Config, history: &Path) -> Result<Report, String> {
    let folder = tempfile::tempdir().expect("a folder");
    build_in(folder.path(), lines, config, history)
}

/// `report.json` of a period.
pub fn told(lines: &[Line], period: &str) -> Value {
    let folder = tempfile::tempdir().expect("a folder");
    let history = folder.path().join("history");
    build_in(folder.path(), lines, config(period), &history).expect("built");
    let text = fs::read_to_string(folder.path().join("site/report.json")).expect("it is there");
    serde_json::from_str(&text).expect("JSON")
}

fn build_in(
    folder: &Path,
    lines: &[Line],
    config: Config,
    history: &Path,
) -> Result<Report, String> {
    let logs = folder.join("logs");
    fs::create_dir(&logs).expect("a folder");
    write(&logs, lines, |_, _| "falco.log".into());
    let config = Config { history: Some(history.to_owned()), ..config };
    let around = Surroundings { generated: None, progress: &|_| (), program: None };
    let site = folder.join("site");
    let built = alertbook::build(Logs::Paths(vec![logs]), &site, &config, &around);
    built.map(|built| built.report).map_err(|error| error.to_string())
}

/// Every file of a folder by name.
fn files(folder: &Path) -> BTreeMap<String, String> {
    fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| {
            let entry = entry.expect("an entry");
            let text = fs::read_to_string(entry.path()).expect("text");
            (entry.file_name().to_string_lossy().into_owned(), text)
        })
        .collect()
}

fn in_weeks(lines: &[Line], from: u32, to: u32) -> Vec<Line> {
    let within = at(from, 0, 0)..at(to + 1, 0, 0);
    lines.iter().filter(|line| within.contains(&line.secs)).cloned().collect()
}

/// What files say, but for tags.
fn counts(files: &BTreeMap<String, String>) -> BTreeMap<String, Vec<String>> {
    let line = |line: &str| match line.split_once(",\"tags\":") {
        Some((counts, _)) => format!("{counts}}}"),
        None => line.to_owned(),
    };
    files.iter().map(|(name, text)| (name.clone(), text.lines().map(line).collect())).collect()
}

/// What a week says, but for where it was taken from.
fn said(report: &Report, label: &str) -> Value {
    let mut value = serde_json::to_value(week(report, label)).expect("JSON");
    let object = value.as_object_mut().expect("an object");
    for key in ["source", "when", "incident_rows", "rule_rows", "host_rows", "coverage", "changes"]
    {
        object.remove(key);
    }
    value
}

#[test]
fn the_same_logs_give_the_same_files() {
    let lines = eight_weeks();
    let folder = tempfile::tempdir().expect("a folder");
    let (all, single) = (folder.path().join("all"), folder.path().join("single"));
    build(&lines, "all", &all).expect("built");
    build(&lines, "2026-W44", &single).expect("built");
    let written = files(&all);
    assert_eq!(written.len(), 8);
    // Tags are kept of what lies in the period: they alone may be missing.
    assert_eq!(counts(&written), counts(&files(&single)), "a week is the same from any period");
    build(&lines, "all", &single).expect("built again");
    assert_eq!(written, files(&single), "and has its tags once it was in one");
    let first = &written["2026-W40.jsonl"];
    assert!(first.starts_with(
        r#"{"format":1,"week":"2026-W40","timezone":"Europe/Berlin","gap":3600,"min_priority":"Debug","dedupe":true,"days":[3,4,5,6,7]}"#
    ));
    let second = build(&lines, "all", &all).expect("built again");
    assert_eq!(written, files(&all));
    assert!(second.weeks.iter().all(|week| week.source == "logs" && week.kept.is_none()));
}

#[test]
fn weeks_are_compared_when_their_logs_are_gone() {
    let lines = eight_weeks();
    let folder = tempfile::tempdir().expect("a folder");
    let whole = build(&lines, "all", &folder.path().join("whole")).expect("built");
    let history = folder.path().join("history");
    for week in 40..=46 {
        build(&in_weeks(&lines, week, week), "all", &history).expect("built");
    }
    let last = build(&in_weeks(&lines, 47, 47), "2026-W47", &history).expect("built");
    for label in ["2026-W41", "2026-W45", "2026-W47"] {
        let (from_logs, from_history) = (said(&whole, label), said(&last, label));
        if label != "2026-W47" {
            assert_eq!(from_logs["summary"], from_history["summary"], "{label}");
            assert_eq!(week(&last, label).source, "history");
            assert!(week(&last, label).when.is_none());
        }
        assert_eq!(from_logs["alerts"], from_history["alerts"], "{label}");
    }
    let changes = last.changes.expect("compared with the history");
    let names: Vec<_> = changes.new.rules.iter().map(|rule| rule.rule.as_deref()).collect();
    assert_eq!(names, [Some("Drop and execute")]);
    assert_eq!(changes.returned.pairs.len(), 1);
    assert_eq!(changes.new_means, "new");
}

#[test]
fn what_was_once_counted_is_not_lost() {
    let lines = eight_weeks();
    let folder = tempfile::tempdir().expect("a folder");
    let history = folder.path().join("history");
    let week_46 = in_weeks(&lines, 46, 46);
    build(&week_46, "all", &history).expect("built");
    let before = files(&history);
    // Monday to Wednesday have been rotated away.
    let rest: Vec<Line> =
        week_46.iter().filter(|line| line.secs >= at(46, 3, 0)).cloned().collect();
    let report = build(&rest, "all", &history).expect("built");
    let kept = week(&report, "2026-W46");
    assert_eq!(kept.alerts, week_46.len() as u64);
    assert_eq!((kept.source.as_str(), kept.part.as_deref()), ("logs and history", None));
    let gone = (week_46.len() - rest.len()) as u64;
    let sentence = kept.kept.as_deref().expect("the page says so");
    assert!(
        sentence.contains(&format!("{gone} alerts of 9 incidents come from the history")),
        "{sentence}"
    );
    assert!(report.summary.iter().any(|said| said == sentence), "{:?}", report.summary);
    assert_eq!(
        files(&history)["2026-W46.jsonl"].lines().count(),
        before["2026-W46.jsonl"].lines().count()
    );
    // The logs of the first days come back alone: together they are the whole week still.
    let start: Vec<Line> =
        week_46.iter().filter(|line| line.secs < at(46, 3, 0)).cloned().collect();
    let report = build(&start, "all", &history).expect("built");
    assert_eq!(week(&report, "2026-W46").alerts, week_46.len() as u64);
}

#[test]
fn what_cannot_be_understood_stops_the_run_and_stays() {
    let lines = in_weeks(&eight_weeks(), 46, 47);
    let folder = tempfile::tempdir().expect("a folder");
    let history = folder.path().join("history");
    build(&lines, "all", &history).expect("built");
    let path = history.join("2026-W46.jsonl");
    let good = fs::read_to_string(&path).expect("written");
    for (bad, message) in [
        (
            good.replace("\"format\":1", "\"format\":2"),
            ":1: it was written by a newer alertbook (format 2",
        ),
        (
            good.replace("\"week\":\"2026-W46\"", "\"week\":\"2026-W45\""),
            ":1: it says that it is of 2026-W45",
        ),
        (format!("{good}<<<<<<< HEAD\n"), "this is no JSON"),
        (good.replacen("\"heartbeat\"", "\"heartbeats\"", 1), ":2: unknown field `heartbeats`"),
        (good[..good.len() - 9].to_owned(), "this is no JSON"),
        (String::new(), "2026-W46.jsonl: it has no header"),
        ("\u{0}".into(), ":1: this is no JSON"),
        (
            good.replace("\"gap\":3600", "\"gap\":7200"),
            "recorded with another gap (2 h) than this run has (1 h)",
        ),
        (
            good.replace("Europe/Berlin", "UTC"),
            "another time zone (UTC) than this run has (Europe/Berlin)",
        ),
        (
            good.replace("\"min_priority\":\"Debug\"", "\"min_priority\":\"Error\""),
            "another lowest priority (Error)",
        ),
    ] {
        assert_ne!(bad, good);
        fs::write(&path, &bad).expect("written");
        let error = build(&lines, "all", &history).expect_err(message);
        assert!(error.contains(message), "{message} is not in {error}");
        assert!(error.contains("2026-W46.jsonl"), "{error}");
        assert_eq!(fs::read_to_string(&path).expect("still there"), bad);
    }
}

#[test]
fn lines_that_a_merge_left_twice_or_out_of_order_are_joined() {
    let lines = in_weeks(&eight_weeks(), 46, 46);
    let folder = tempfile::tempdir().expect("a folder");
    let history = folder.path().join("history");
    build(&lines, "all", &history).expect("built");
    let path = history.join("2026-W46.jsonl");
    let good = fs::read_to_string(&path).expect("written");
    let mut merged: Vec<&str> = good.lines().chain(good.lines().skip(3)).collect();
    merged.reverse();
    fs::write(&path, merged.join("\n")).expect("written");
    build(&lines, "all", &history).expect("built");
    assert_eq!(fs::read_to_string(&path).expect("written"), good);
}

#[test]
fn files_of_people_are_left_alone() {
    let lines = in_weeks(&eight_weeks(), 46, 46);
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("README.md"), "ours").expect("written");
    fs::write(folder.path().join("2026-W4.jsonl"), "no week").expect("written");
    build(&lines, "all", folder.path()).expect("built");
    let names: Vec<_> = files(folder.path()).into_keys().collect();
    assert_eq!(names, ["2026-W4.jsonl", "2026-W46.jsonl", "README.md"]);
}

#[test]
fn a_history_among_the_logs_is_no_log() {
    let folder = tempfile::tempdir().expect("a folder");
    let logs = folder.path().join("logs");
    fs::create_dir_all(logs.join("history")).expect("a folder");
    write(&logs, &in_weeks(&eight_weeks(), 46, 46), |_, _| "falco.log".into());
    let config = Config { history: Some(logs.join("history")), ..config("all") };
    let around = Surroundings { generated: None, progress: &|_| (), program: None };
    for _ in 0..2 {
        let paths = Logs::Paths(vec![logs.clone()]);
        let built = alertbook::build(paths, &folder.path().join("site"), &config, &around);
        let accounting = built.expect("built").report.accounting;
        assert_eq!((accounting.files, accounting.rejected), (1, 0));
    }
    assert_eq!(files(&logs.join("history")).len(), 1);
}
