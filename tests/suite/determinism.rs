//! The same input gives the same bytes: for any number of threads, twice, and whatever files the
//! records stand in.

use serde_json::{Value, json};

use crate::{
    alerts::{alert, at},
    program::{Desk, files},
};

/// Numbers that look random and are the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) % bound
    }
}

/// Records of every kind, each different from all others, in the order of their times.
///
/// Some fields have more values than are counted exactly, so that the choice among them is seen
/// to be no matter of order.
fn records(count: u64) -> Vec<String> {
    let mut dice = Dice(7);
    (0..count).map(|number| record(number, &mut dice)).collect()
}

fn record(number: u64, dice: &mut Dice) -> String {
    match dice.below(40) {
        0 => format!("{{\"rule\":\"no time {number}\"}}"),
        1 => format!("{{\"hostname\":\"cut {number}"),
        2 => format!("words {number} of some other program"),
        3 => format!("Events detected: {number}"),
        4 => sensor(number).to_string(),
        5 => {
            let pretty = serde_json::to_string_pretty(&one(number, dice));
            pretty.expect("JSON can be written")
        }
        _ => one(number, dice).to_string(),
    }
}

fn sensor(number: u64) -> Value {
    json!({
        "hostname": "node-1",
        "output": format!("Falco internal: syscall event drop. {number} system calls dropped."),
        "output_fields": {"n_drops": number.to_string()},
        "priority": "Debug",
        "rule": "Falco internal: syscall event drop",
        "time": at(number * 20),
    })
}

fn one(number: u64, dice: &mut Dice) -> Value {
    // A few rules and hosts are frequent, the others rare.
    let low = dice.below(6);
    let (rule, host) = (dice.below(low + 1), dice.below(4));
    let mut alert = alert(&format!("Rule {rule}"), &format!("node-{host}"), &at(number * 20));
    let priority = ["Critical", "Warning", "Notice", "Debug"]
        [usize::from(number.is_multiple_of(13)) + usize::from(dice.below(9) == 0) * 2];
    alert["priority"] = json!(priority);
    alert["output"] = json!(format!("{priority} no {number} in /tmp/{} by {low}", dice.below(99)));
    alert["output_fields"]["proc.pid"] = json!(number);
    alert["output_fields"]["fd.name"] = json!(format!("/srv/{}", dice.below(3000)));
    alert["output_fields"]["user.name"] =
        json!(if number.is_multiple_of(3) { "<NA>" } else { "root" });
    alert["output_fields"]["k8s.pod.name"] = json!(format!("pod-{}", dice.below(40)));
    alert["tags"] = json!(["T1059", "container", format!("tag-{}", dice.below(5))]);
    alert
}

/// Writes records into so many files, in turns of `run` records.
fn deal(desk: &Desk, records: &[String], count: usize, run: usize) {
    let mut texts = vec![String::new(); count];
    for (number, record) in records.iter().enumerate() {
        let text = &mut texts[number / run % count];
        text.push_str(record);
        text.push('\n');
    }
    for (number, text) in texts.iter().enumerate() {
        desk.write(&format!("logs/{number}/falco.log"), text);
    }
}

#[test]
fn any_number_of_threads_makes_the_same_bytes() {
    // More than one of the pieces that a large file is cut into.
    let records = records(6_000);
    let desk = Desk::new();
    deal(&desk, &records, 1, 1);
    // Files that hold a part of the same, so that duplicates are found.
    desk.write("logs/copy.log", records[2_000..3_500].join("\n") + "\n");
    desk.write(
        "logs/copy.log.zst",
        zstd::encode_all(records[3_000..3_600].join("\n").as_bytes(), 1).expect("it is packed"),
    );
    let build = |jobs: &str| {
        desk.run(&["build", "logs", "-o", jobs, "--jobs", jobs]).ended(0);
        files(&desk.path().join(jobs))
    };
    let first = build("1");
    let report: Value = serde_json::from_slice(&first["report.json"]).expect("JSON");
    assert!(report["accounting"]["bytes"].as_u64() > Some(3_000_000), "{}", report["accounting"]);
    assert!(report["accounting"]["duplicates"].as_u64() > Some(1_000), "{}", report["accounting"]);
    for jobs in ["2", "3", "4", "5", "6", "7", "8"] {
        same(&first, &build(jobs), jobs);
    }
}

#[test]
fn the_days_of_a_rotated_file_are_counted_through_all_its_pieces() {
    // Nearly seven days in more than one of the pieces that a large file is cut into.
    let line = |number: u64| {
        let (seconds, fraction) = (number * 15, number % 7);
        let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
        format!(
            "{hour:02}:{minute:02}:{second:02}.{fraction}: Notice Odd thing (user=root proc.pid={number} x={number})\n"
        )
    };
    let text: String = (0..40_000).map(line).collect();
    assert!(text.len() > 2 << 20);
    let desk = Desk::new();
    desk.write("logs/falco.log-20161118", &text);
    // Of which each line told alone is half of a day and half of the day before.
    desk.write(
        "logs/other.log-20161119",
        "01:00:00.1: Notice Even thing\n22:00:00.1: Notice Even thing\n",
    );
    let build = |jobs: &str| {
        desk.run(&["build", "logs", "-o", jobs, "--jobs", jobs]).ended(0);
        files(&desk.path().join(jobs))
    };
    let first = build("1");
    let report: Value = serde_json::from_slice(&first["report.json"]).expect("JSON");
    let seen = |rule: &str| {
        let incidents = report["incidents"].as_array().expect("a list");
        let found =
            incidents.iter().find(|incident| incident["rule"] == rule).expect("it is there");
        assert!(found["samples"][0]["output"].is_string(), "{}", found["samples"]);
        [&found["first_seen"], &found["last_seen"]]
            .map(|time| time.as_str().expect("a time")[..19].to_owned())
    };
    assert_eq!(seen("Odd thing"), ["2016-11-11T00:00:00", "2016-11-17T22:39:45"]);
    assert_eq!(seen("Even thing"), ["2016-11-18T01:00:00", "2016-11-18T22:00:00"]);
    for jobs in ["2", "5"] {
        same(&first, &build(jobs), jobs);
    }
}

#[test]
fn a_second_run_makes_the_same_bytes() {
    let desk = Desk::new();
    deal(&desk, &records(600), 3, 50);
    desk.build(&[]);
    let first = files(&desk.path().join("site"));
    // In another place, and over a site that is there.
    desk.run(&["build", "logs", "-o", "elsewhere/site"]).ended(0);
    same(&first, &files(&desk.path().join("elsewhere/site")), "elsewhere");
    desk.build(&[]);
    same(&first, &files(&desk.path().join("site")), "again");
    desk.run(&["build", desk.path().join("logs").to_str().expect("UTF-8"), "-o", "abs"]).ended(0);
    same(&first, &files(&desk.path().join("abs")), "an absolute path");
}

#[track_caller]
fn same(
    first: &std::collections::BTreeMap<String, Vec<u8>>,
    second: &std::collections::BTreeMap<String, Vec<u8>>,
    what: &str,
) {
    assert!(first.keys().eq(second.keys()), "{what}");
    for (name, bytes) in first {
        assert!(*bytes == second[name], "{what}: {name} differs");
    }
}

#[test]
fn the_files_that_records_stand_in_change_nothing_but_places() {
    let records = records(3_000);
    let report = |count: usize, run: usize| {
        let desk = Desk::new();
        deal(&desk, &records, count, run);
        let mut report = desk.build(&[]);
        without_places(&mut report);
        report
    };
    let one = report(1, 1);
    assert_eq!(one["accounting"]["duplicates"], 0);
    for (count, run) in [(2, 1_500), (7, 100), (3, 1), (30, 37)] {
        let other = report(count, run);
        let difference = difference(&one, &other, String::new());
        assert_eq!(difference, None, "{count} files, in turns of {run}");
    }
}

/// Takes out of a report what says where a record stands.
fn without_places(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if members.contains_key("records") && members.contains_key("other_text") {
                members.remove("files");
                members.remove("bytes");
            }
            for name in ["origin", "first"] {
                members.remove(name);
            }
            if members.contains_key("unknown_text_first") {
                members.remove("files");
                members.remove("unknown_text_first");
            }
            members.values_mut().for_each(without_places);
        }
        Value::Array(elements) => elements.iter_mut().for_each(without_places),
        _ => {}
    }
}

/// The first place at which two values differ.
fn difference(one: &Value, other: &Value, at: String) -> Option<String> {
    match (one, other) {
        (Value::Object(left), Value::Object(right)) if left.keys().eq(right.keys()) => left
            .iter()
            .find_map(|(name, value)| difference(value, &right[name], format!("{at}.{name}"))),
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            left.iter().zip(right).enumerate().find_map(|(number, (left, right))| {
                difference(left, right, format!("{at}[{number}]"))
            })
        }
        _ => (one != other).then(|| format!("{at}: {one} and {other}")),
    }
}
