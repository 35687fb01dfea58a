//! Eight weeks of alerts, made by hand.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use alertbook::{
    Logs, Surroundings,
    config::Config,
    period::Period,
    report::{Report, Week},
    time::{Timestamp, Zone},
};
use chrono::{Days, NaiveDate, Weekday};

/// An alert to be written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    pub secs: i64,
    pub host: String,
    pub rule: &'static str,
    pub priority: &'static str,
}

/// Falco's own message that comes at fixed times.
pub const HEARTBEAT: &str = "Falco internal: metrics snapshot";

pub fn zone() -> Zone {
    Zone::named("Europe/Berlin").expect("a zone")
}

/// Tags of a rule, as JSON; of most rules none.
fn tags(rule: &str) -> &'static str {
    match rule {
        "Terminal shell" => r#"["T1059"]"#,
        "Drop and execute" => r#"["T1059","T1105"]"#,
        "Edit crontab" => r#"["mitre_persistence","T1053.003"]"#,
        _ => "[]",
    }
}

/// Seconds at a minute of a day of an ISO week of 2026, by the clock of the zone; on a day on which
/// summer time changes, minutes are those gone by since its first instant.
pub fn at(week: u32, day: u64, minute: i64) -> i64 {
    let monday = NaiveDate::from_isoywd_opt(2026, week, Weekday::Mon).expect("a week");
    zone().start_of_day(monday + Days::new(day)).secs + minute * 60
}

/// Weeks 40 to 47; the first begins on its Wednesday.
pub fn eight_weeks() -> Vec<Line> {
    let mut lines = Vec::new();
    let mut add = |secs: i64, host: &str, rule: &'static str, priority: &'static str| {
        lines.push(Line { secs, host: host.to_owned(), rule, priority });
    };
    let begin = at(40, 2, 0);
    let silent = at(47, 2, 12 * 60);
    for week in 40..=47 {
        for day in 0..7 {
            for node in 1..=6 {
                let (secs, host) = (at(week, day, 600 + node), format!("node-{node}"));
                if secs >= begin && !(node == 6 && secs >= silent) {
                    add(secs, &host, "Read sensitive file", "Warning");
                }
            }
            if at(week, day, 0) < begin {
                continue;
            }
            // A timer: one condition, whatever the number of its alerts.
            for minute in (0..24 * 60).step_by(20) {
                add(at(week, day, minute), "node-1", "Contact API server", "Notice");
            }
            // Louder: from one episode a day to five.
            for episode in 0..if week == 47 { 5 } else { 1 } {
                add(at(week, day, 120 + 180 * episode), "node-4", "Scan", "Notice");
            }
            if week < 47 {
                add(at(week, day, 800), "node-5", "Edit crontab", "Error");
            }
        }
    }
    // Returned: seen in the first week and in the last.
    add(at(40, 4, 700), "node-2", "Terminal shell", "Notice");
    add(at(47, 1, 700), "node-2", "Terminal shell", "Notice");
    // New, and still active ten minutes before the end.
    add(at(47, 6, 23 * 60 + 20), "node-3", "Drop and execute", "Critical");
    add(at(47, 6, 23 * 60 + 50), "node-3", "Drop and execute", "Critical");
    // An episode over the edge of two weeks.
    add(at(46, 6, 23 * 60 + 30), "node-2", "Night job", "Notice");
    add(at(47, 0, 10), "node-2", "Night job", "Notice");
    // Summer time ends: 02:10 comes twice, 60 minutes apart, and 02:50 the second time.
    add(at(43, 6, 130), "node-3", "Clock", "Notice");
    add(at(43, 6, 130 + 100), "node-3", "Clock", "Notice");
    // A burst in one hour: twelve hosts at once.
    for node in 1..=12 {
        add(at(45, 1, 150 + node), &format!("edge-{node}"), "Rollout", "Informational");
    }
    lines.sort();
    lines
}

/// A line as Falco writes it.
fn json(line: &Line, serial: usize) -> String {
    let Line { secs, host, rule, priority } = line;
    let time = Timestamp::from_secs(*secs);
    format!(
        r#"{{"hostname":"{host}","output":"{rule} {serial}","priority":"{priority}","rule":"{rule}","source":"syscall","tags":{},"time":"{time}","output_fields":{{"evt.num":{serial}}}}}"#,
        tags(rule)
    )
}

/// Writes lines into as many files as `file` names for them.
pub fn write(folder: &Path, lines: &[Line], file: impl Fn(usize, &Line) -> String) {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for (serial, line) in lines.iter().enumerate() {
        let _ = writeln!(texts.entry(file(serial, line)).or_default(), "{}", json(line, serial));
    }
    for (name, text) in texts {
        fs::write(folder.join(name), text).expect("the folder takes a file");
    }
}

/// Settings in the zone of the data.
pub fn config(period: &str) -> Config {
    Config {
        jobs: 2,
        timezone: zone(),
        period: Period::parse(period, None).expect("a period"),
        ..Config::default()
    }
}

/// The report on a folder.
pub fn report(logs: &Path, config: &Config) -> Report {
    let around = Surroundings { generated: None, progress: &|_| (), program: None };
    alertbook::check(Logs::Paths(vec![logs.to_owned()]), config, &around).expect("readable").report
}

/// The report on some lines, all in one file.
pub fn report_of(lines: &[Line], period: &str) -> Report {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), lines, |_, _| "falco.log".into());
    report(folder.path(), &config(period))
}

/// A week of a report.
pub fn week<'r>(report: &'r Report, label: &str) -> &'r Week {
    report.weeks.iter().find(|week| week.label == label).expect("the week is there")
}
