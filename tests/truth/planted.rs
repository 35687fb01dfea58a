//! What is planted in logs made here stands in the report and on its pages: bursts, rules on many
//! hosts at once, continuous episodes, hosts that fall silent, clocks that are wrong.

use std::{fmt::Write as _, fs, path::Path};

use alertbook::{
    Logs, Surroundings,
    config::Config,
    report::{ClockFault, Incident, Report},
    time::Timestamp,
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::config;

/// Monday, 16 November 2026, 00:00 UTC.
const MONDAY: i64 = 1_794_787_200;

const HOUR: i64 = 3600;

const DAY: i64 = 86_400;

const SNAPSHOT: &str = "Falco internal: metrics snapshot";

/// An alert so many seconds after Monday.
fn alert(secs: i64, rule: &str, host: &str, output: &str) -> Value {
    json!({
        "time": Timestamp::from_secs(MONDAY + secs), "rule": rule, "priority": "Notice",
        "hostname": host, "output": format!("09:00:00.0: Notice {output}"), "output_fields": {},
    })
}

fn shell(secs: i64, host: &str) -> String {
    alert(secs, "Shell", host, "A shell").to_string()
}

/// The logs as a site and as the report that it was made from.
struct Made {
    folder: TempDir,
    report: Report,
}

impl Made {
    fn of(files: &[(&str, Vec<String>)], change: impl FnOnce(&mut Config)) -> Self {
        Self::at(files, None, change)
    }

    fn at(
        files: &[(&str, Vec<String>)],
        generated: Option<Timestamp>,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let logs = folder.path().join("logs");
        for (name, lines) in files {
            let mut text = String::new();
            for line in lines {
                let _ = writeln!(text, "{line}");
            }
            let path = logs.join(name);
            fs::create_dir_all(path.parent().expect("below logs")).expect("the folder is ours");
            fs::write(path, text).expect("the folder is ours");
        }
        let mut config = config(2);
        change(&mut config);
        let around = Surroundings { generated, progress: &|_| (), program: None };
        let site = folder.path().join("site");
        let built = alertbook::build(Logs::Paths(vec![logs]), &site, &config, &around);
        Self { report: built.expect("a site").report, folder }
    }

    fn text(&self, page: &str) -> String {
        let path = self.folder.path().join("site").join(page);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    fn page(&self, path: &str) -> [String; 2] {
        [self.text(&format!("{path}.html")), self.text(&format!("{path}.md"))]
    }

    fn incident(&self, rule: &str, host: &str) -> &Incident {
        let mut all = self.report.incidents.iter();
        all.find(|incident| *incident.rule == *rule && *incident.host == *host)
            .expect("an incident")
    }

    /// The incident in full, as `report.json` tells of it.
    fn told(&self, rule: &str, host: &str) -> Value {
        let report = self.json();
        let mut all = list(&report["incidents"]).iter();
        all.find(|incident| incident["rule"] == rule && incident["host"] == host)
            .expect("an incident")
            .clone()
    }

    fn json(&self) -> Value {
        let path = Path::new("report.json");
        serde_json::from_str(&self.text(&path.display().to_string())).expect("JSON")
    }
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().expect("a list")
}

/// The days of an episode and their alerts.
fn days(episode: &Value) -> Vec<(&str, u64)> {
    let days = list(&episode["days"]).iter();
    days.filter_map(|day| Some((day["day"].as_str()?, day["count"].as_u64()?))).collect()
}

/// Eleven minutes with an alert every half minute, and from 02:04:10 on 12, 20 and 13 alerts more in
/// three times ten seconds; later an alert alone.
fn with_a_burst() -> Vec<String> {
    let start = 2 * HOUR;
    let mut times: Vec<i64> = (0..22).map(|number| start + number * 30).collect();
    for (bucket, count) in [(0, 12), (1, 20), (2, 13)] {
        times.extend((0..count).map(|number| start + 250 + bucket * 10 + number % 10));
    }
    times.push(start + 9 * HOUR);
    // No two are the same record.
    let one = |(number, secs): (usize, i64)| {
        alert(secs, "Shell", "node-1", &format!("A shell (pid={number})")).to_string()
    };
    times.into_iter().enumerate().map(one).collect()
}

#[test]
fn a_planted_burst_has_its_start_length_count_and_peak() {
    for turned in [false, true] {
        let mut lines = with_a_burst();
        if turned {
            lines.reverse();
        }
        let halves = lines.split_at(30);
        let files = [("a.log", halves.0.to_vec()), ("b.log", halves.1.to_vec())];
        let made = Made::of(&files, |config| config.jobs = if turned { 1 } else { 4 });
        let incident = made.told("Shell", "node-1");
        let [episode, alone] = &list(&incident["episodes"])[..] else { panic!("{incident}") };
        assert_eq!([&episode["bucket_seconds"], &episode["burst_above"]], [&json!(10), &json!(10)]);
        // One of the half minutes falls into the second of the three.
        let from = Timestamp::from_secs(MONDAY + 2 * HOUR + 250);
        let burst = json!({ "from": from, "seconds": 30, "count": 46, "peak": 20 });
        assert_eq!(episode["bursts"], json!([burst]));
        assert_eq!([&alone["bursts"], &alone["bucket_seconds"]], [&json!([]), &json!(1)]);
        let activity = &incident["activity"];
        assert_eq!([&activity["episode"], &activity["bar_seconds"]], [&json!(1), &json!(10)]);
        let counts = list(&activity["counts"]).iter().filter_map(Value::as_u64);
        assert_eq!(Some(counts.sum::<u64>()), episode["count"].as_u64());
        assert_eq!(activity["bursts"], json!([25, 26, 27]));
        let headline = incident["headline"].as_str().expect("a text");
        assert!(headline.contains("; a burst of 46 alerts in 30 s"), "{}", headline);
        let [html, markdown] = made.page(&made.incident("Shell", "node-1").path);
        assert!(html.contains("Alerts per 10 s, with bursts marked"), "{html}");
        let row = "2026-11-16 02:04:10</th><td class=\"n\">30 s</td><td class=\"n\">46</td><td class=\"n\">20</td>";
        assert!(html.contains(row), "{html}");
        assert!(
            markdown.contains("| 2026-11-16 02:04:10 | 30 s | 46 | 20 in 10 s |"),
            "{markdown}"
        );
        let marks = format!("\n{}^^^\n", " ".repeat(25));
        assert!(markdown.contains(&marks), "{markdown}");
        let bursts = &made.json()["incidents"][0]["episodes"][0]["bursts"];
        assert_eq!((&bursts[0]["count"], &bursts[0]["peak"]), (&json!(46), &json!(20)));
    }
}

/// A rule that begins on so many hosts within a quarter of an hour, and other hosts that send.
fn rollout(hosts: i64, others: i64, forms: &[&str]) -> Vec<String> {
    let mut lines = Vec::new();
    for host in 0..hosts {
        let form = forms[usize::try_from(host).expect("small") % forms.len()];
        lines.push(alert(DAY + host * 200, "New image", &format!("node-{host}"), form).to_string());
    }
    lines.extend((0..others).map(|host| shell(host * 7000, &format!("other-{host}"))));
    lines
}

#[test]
fn five_hosts_at_once_are_fleet_wide_and_four_are_not() {
    let waves = |hosts, others, forms: &[&str], gap| {
        let files = [("a.log", rollout(hosts, others, forms))];
        Made::of(&files, |config| config.gap = gap)
    };
    let found =
        |made: &Made| made.report.rules.iter().filter(|rule| !rule.fleet_wide.is_empty()).count();
    assert_eq!(found(&waves(4, 1, &["Started"], 3600)), 0, "four hosts are few");
    assert_eq!(found(&waves(5, 16, &["Started"], 3600)), 0, "5 of 21 are less than a quarter");
    assert_eq!(found(&waves(5, 15, &["Started"], 3600)), 1, "5 of 20 are a quarter");
    assert_eq!(found(&waves(6, 1, &["One", "Two", "Three"], 3600)), 0, "three forms");
    assert_eq!(found(&waves(5, 1, &["Started"], 799)), 0, "800 s are more than the gap");
    assert_eq!(found(&waves(5, 1, &["Started"], 800)), 1, "800 s are the gap");
}

#[test]
fn what_is_fleet_wide_says_so_wherever_it_stands() {
    let made = Made::of(&[("a.log", rollout(5, 3, &["Started"]))], |_| ());
    let rule = made.report.rules.iter().find(|rule| rule.rule == "New image").expect("a rule");
    let [wave] = &rule.fleet_wide[..] else { panic!("{:?}", rule.fleet_wide) };
    assert_eq!((wave.hosts, wave.hosts_reporting, wave.shapes), (5, 8, 1));
    assert_eq!(wave.week, "2026-W47");
    let said = "It began within 13 min from Tue 17 Nov, 00:00 on 5 of the 8 hosts that sent data in 2026-W47, with 1 form of output: more often a rollout";
    assert!(wave.sentence.starts_with(said), "{}", wave.sentence);
    assert!(wave.sentence.ends_with("Look at the change calendar first."), "{}", wave.sentence);
    let incident = made.incident("New image", "node-4");
    assert_eq!(incident.fleet_wide.as_ref(), Some(wave));
    assert!(made.incident("Shell", "other-1").fleet_wide.is_none());
    for path in [rule.path.as_str(), &incident.path, "weeks/2026-W47/index", "index"] {
        for page in made.page(path) {
            assert!(page.contains(said), "{path}: {page}");
        }
    }
    for path in ["incidents/index", "rules/index"] {
        for page in made.page(path) {
            assert!(page.contains("fleet-wide"), "{path}: {page}");
        }
    }
    assert!(!made.page(&made.incident("Shell", "other-1").path)[0].contains("leet-wide."));
    assert!(made.report.loudness.iter().any(|rule| rule.fleet_wide && rule.rule == "New image"));
    assert_eq!(made.json()["weeks"][0]["fleet_wide"][0]["hosts"], json!(5));
}

#[test]
fn an_episode_longer_than_a_day_is_continuous_and_shown_by_day() {
    let beat = |last: i64| {
        let times = (0..=last / 1800).map(|number| 12 * HOUR + number * 1800);
        times.chain([12 * HOUR + last]).map(|secs| shell(secs, "node-1")).collect::<Vec<_>>()
    };
    let made = Made::of(&[("a.log", beat(DAY))], |_| ());
    let episodes = made.told("Shell", "node-1")["episodes"].clone();
    let [episode] = &list(&episodes)[..] else { panic!("one") };
    let day = [&episode["continuous"], &episode["days"]];
    assert_eq!(day, [&json!(false), &json!([])], "24 h are no longer than a day");
    let made = Made::of(&[("a.log", beat(DAY + 1))], |_| ());
    let incident = made.told("Shell", "node-1");
    let [episode] = &list(&incident["episodes"])[..] else { panic!("one") };
    assert_eq!([&episode["continuous"], &episode["bucket_seconds"]], [&json!(true), &json!(3600)]);
    assert_eq!(days(episode), [("2026-11-16", 24), ("2026-11-17", 26)]);
    let [html, markdown] = made.page(&made.incident("Shell", "node-1").path);
    assert!(html.contains("By day: the continuous episode") && html.contains(">2026-11-17</th>"));
    assert!(markdown.contains("| 2026-11-17 | 26 |"), "{markdown}");
    for page in made.page("data-quality") {
        assert!(
            page.contains("onger than 24 h, it is called continuous and shown by day"),
            "{page}"
        );
    }
}

#[test]
fn days_of_a_continuous_episode_are_those_of_the_zone() {
    let lines = (0..60).map(|number| shell(number * 1800 + 900, "node-1")).collect();
    let made = Made::of(&[("a.log", lines)], |config| {
        config.timezone = alertbook::time::Zone::named("Asia/Kathmandu").expect("a zone");
    });
    // Midnight there is 18:15 UTC: 36 half hours and the first quarter come before it.
    let incident = made.told("Shell", "node-1");
    assert_eq!(days(&incident["episodes"][0]), [("2026-11-16", 36), ("2026-11-17", 24)]);
}

/// Alerts of two hosts on Monday and Thursday; with metrics every hour from one of them until Tuesday
/// noon.
fn two_hosts(metrics: bool) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for host in ["loud", "still"] {
        lines.extend([8, 9, 10, 11].map(|hour| shell(hour * HOUR, host)));
    }
    lines.push(shell(3 * DAY, "loud"));
    lines.push(shell(3 * DAY + HOUR, "loud"));
    if metrics {
        let beats = (0..36).map(|hour| alert(hour * HOUR + 60, SNAPSHOT, "still", "metrics"));
        lines.extend(beats.map(|beat| beat.to_string()));
    }
    lines
}

#[test]
fn hours_with_data_are_of_alerts_and_of_metrics_and_only_metrics_tell_silence() {
    let made = Made::of(&[("a.log", two_hosts(true))], |_| ());
    let coverage = &made.report.coverage;
    let [loud, still] = &coverage.hosts[..] else { panic!("{:?}", coverage.hosts) };
    assert_eq!(
        (loud.hours_with_data, loud.hours.as_str(), loud.heartbeat),
        (6, "8-11,72-73", false)
    );
    assert_eq!((still.hours_with_data, still.hours.as_str(), still.heartbeat), (36, "0-35", true));
    assert_eq!(still.silent_since, Some(Timestamp::from_secs(MONDAY + 36 * HOUR)));
    assert_eq!(coverage.hours, "0-73");
    let json = made.json();
    let host = &json["coverage"]["hosts"][1];
    assert_eq!((&host["host"], &host["hours_with_data"]), (&json!("still"), &json!(36)));
    assert_eq!(host["silent_since"], json!("2026-11-17T12:00:00.000000000Z"));
    let [html, markdown] = made.page("data-quality");
    assert!(html.contains("<title>Data in 36 hours of 168</title>"), "{html}");
    assert!(html.contains("cannot tell a quiet host from a silent one"), "one host has no metrics");
    assert!(
        markdown
            .contains("| ████████ ████···· ········ ·░░░░░░░ ░░░░░░░░ ░░░░░░░░ ░░░░░░░░ | 36 |"),
        "{markdown}"
    );
    let host = made.report.hosts.iter().find(|host| host.host == "still").expect("a host");
    let [html, markdown] = made.page(&host.path);
    assert!(html.contains("<title>Data in 36 hours of 168</title>"), "{html}");
    assert!(markdown.contains("████████ ████····") && markdown.contains("36 of 168"), "{markdown}");
    assert!(!markdown.contains("silent, or quiet"), "its metrics stayed away: {markdown}");
}

#[test]
fn without_metrics_every_page_that_speaks_of_silence_says_that_it_cannot_tell() {
    let mut lines = two_hosts(false);
    lines.push(shell(4 * DAY, "loud"));
    let made = Made::of(&[("a.log", lines)], |_| ());
    let [_, still] = &made.report.coverage.hosts[..] else { panic!("two hosts") };
    assert_eq!(still.silent_since, Some(Timestamp::from_secs(MONDAY + 12 * HOUR)));
    let host = made.report.hosts.iter().find(|host| host.host == "still").expect("a host");
    for path in ["data-quality", "weeks/2026-W47/index", &host.path] {
        for page in made.page(path) {
            assert!(
                page.contains("it cannot be told whether it was quiet or silent"),
                "{path}: {page}"
            );
        }
    }
    for page in made.page("index") {
        assert!(page.contains("it cannot be told whether that is quiet or silence"), "{page}");
    }
}

fn fault<'r>(report: &'r Report, name: &str) -> Option<&'r ClockFault> {
    report.quality.clocks.iter().find(|fault| fault.fault == name)
}

fn place(fault: &ClockFault) -> (u64, String, u64) {
    let first = fault.first.as_ref().expect("a place");
    (fault.count, first.file.clone(), first.line)
}

#[test]
fn an_alert_from_the_future_is_told_by_its_wrapper_its_neighbour_and_the_rest() {
    let cri = |received: i64, secs: i64| {
        let received = Timestamp::from_secs(MONDAY + received);
        format!("{received} stdout F {}", shell(secs, "node-1"))
    };
    let wrapped = vec![cri(10, 9), cri(20, 320), cri(30, 331), cri(40, 332), cri(2 * DAY, 45)];
    let neighbours = vec![shell(0, "node-2"), shell(3 * DAY, "node-2"), shell(60, "node-2")];
    let apart = vec![shell(5, "node-3"), shell(400 * DAY, "node-3")];
    let files = [("cri.log", wrapped), ("near.log", neighbours), ("z.log", apart)];
    let made = Made::of(&files, |_| ());
    let report = &made.report;
    let ahead = fault(report, "ahead-of-wrapper").expect("two are ahead by more than 300 s");
    // 300 s are not too much, 301 s and 292 s of the next two are told apart.
    assert_eq!(place(ahead), (1, "cri.log".into(), 3));
    assert_eq!((ahead.hosts[0].value.as_str(), ahead.hosts[0].count), ("node-1", 1));
    let behind = fault(report, "behind-wrapper").expect("one is a day late");
    assert_eq!(place(behind), (1, "cri.log".into(), 5));
    assert_eq!(place(fault(report, "ahead-of-next").expect("one")), (1, "near.log".into(), 2));
    let late = fault(report, "out-of-order").expect("two files");
    assert_eq!(place(late), (2, "cri.log".into(), 5));
    assert_eq!(place(fault(report, "apart").expect("one")), (1, "z.log".into(), 2));
    let orders: Vec<_> = report
        .quality
        .files
        .iter()
        .map(|file| (file.order.as_deref().unwrap_or(""), file.out_of_order))
        .collect();
    assert_eq!(orders, [("mixed", 1), ("mixed", 1), ("in order", 0)]);
    for page in made.page("data-quality") {
        for name in ["ahead-of-wrapper", "ahead-of-next", "apart", "out-of-order"] {
            assert!(page.contains(name), "{name}: {page}");
        }
        assert!(page.contains("1 alert has a time that can hardly be right"), "{page}");
    }
}

#[test]
fn the_time_of_the_report_and_the_first_falco_bound_what_can_be() {
    let lines = vec![shell(-MONDAY, "node-1"), shell(0, "node-1"), shell(301, "node-1")];
    let generated = Timestamp::from_secs(MONDAY);
    let made = Made::at(&[("a.log", lines)], Some(generated), |_| ());
    let ahead = fault(&made.report, "ahead-of-report").expect("one");
    assert_eq!(place(ahead), (1, "a.log".into(), 3));
    assert_eq!(place(fault(&made.report, "before-falco").expect("one")), (1, "a.log".into(), 1));
    assert!(fault(&made.report, "out-of-order").is_none());
}

#[test]
fn logs_that_are_right_have_no_fault_and_the_newest_first_is_an_order() {
    let mut falling: Vec<String> = (0..20).map(|number| shell(number * DAY, "node-1")).collect();
    falling.reverse();
    let made = Made::of(&[("a.log", falling)], |_| ());
    assert!(made.report.quality.clocks.is_empty(), "{:?}", made.report.quality.clocks);
    assert_eq!(made.report.quality.files[0].order.as_deref(), Some("newest first"));
    for page in made.page("data-quality") {
        assert!(page.contains("No alert has a time that contradicts"), "{page}");
    }
}

#[test]
fn what_falco_lost_is_summed_by_host() {
    let message = |secs, rule: &str, host: &str, fields: Value| {
        let mut message = alert(secs, rule, host, "Falco internal");
        message["output_fields"] = fields;
        message.to_string()
    };
    let drops = "Falco internal: syscall event drop";
    let lines = vec![
        shell(0, "node-1"),
        message(1, drops, "node-1", json!({"n_drops": "2", "n_evts": "13973"})),
        message(2, drops, "node-1", json!({"n_drops": "5", "n_evts": "99"})),
        message(
            3,
            SNAPSHOT,
            "node-1",
            json!({"scap.n_drops": 6, "falco.outputs_queue_num_drops": 0}),
        ),
        message(
            4,
            SNAPSHOT,
            "node-2",
            json!({"scap.n_drops": 40, "falco.outputs_queue_num_drops": 3}),
        ),
        message(
            5,
            SNAPSHOT,
            "node-2",
            json!({"scap.n_drops": 41, "falco.outputs_queue_num_drops": 3}),
        ),
    ];
    let made = Made::of(&[("a.log", lines)], |_| ());
    let lost: Vec<_> = made
        .report
        .quality
        .lost
        .iter()
        .map(|loss| (loss.host.as_str(), loss.system_calls, loss.alerts))
        .collect();
    assert_eq!(lost, [("node-2", 41, 3), ("node-1", 7, 0)]);
    let warnings = made.report.quality.warnings.join("\n");
    assert!(
        warnings.contains("Falco says that it dropped 48 system calls on node-2 and node-1: what"),
        "{warnings}"
    );
    assert!(
        warnings.contains("could not hand out 3 alerts on node-2: they are in no log"),
        "{warnings}"
    );
}
