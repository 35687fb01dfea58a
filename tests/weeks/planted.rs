//! Each planted fact is in the report, with its number.

use alertbook::report::{ChangeLists, Changed, Number, Report, Week};

use crate::data::{HEARTBEAT, Line, at, eight_weeks, report_of, week};
use crate::history::told;

fn names(lists: &ChangeLists) -> [Vec<String>; 3] {
    let name = |one: &Changed| {
        [&one.rule, &one.host].into_iter().flatten().cloned().collect::<Vec<_>>().join(" on ")
    };
    [&lists.rules, &lists.hosts, &lists.pairs].map(|list| list.iter().map(name).collect())
}

fn number<'w>(week: &'w Week, name: &str) -> &'w Number {
    week.numbers.iter().find(|number| number.name == name).expect("the number is there")
}

/// The alerts of a week, counted from the lines.
fn alerts(lines: &[Line], week: u32) -> u64 {
    lines.iter().filter(|line| (at(week, 0, 0)..at(week + 1, 0, 0)).contains(&line.secs)).count()
        as u64
}

fn check_newest(report: &Report) {
    let changes = report.changes.as_ref().expect("two weeks are compared");
    assert_eq!((changes.week.as_str(), changes.last_week.as_str()), ("2026-W47", "2026-W46"));
    assert_eq!((changes.new_means.as_str(), changes.weeks_before), ("new", 7));
    assert_eq!(
        names(&changes.new),
        [vec!["Drop and execute".to_owned()], vec![], vec!["Drop and execute on node-3".into()]]
    );
    let returned = ["Terminal shell".to_owned(), "Terminal shell on node-2".into()];
    assert_eq!(
        names(&changes.returned),
        [vec![returned[0].clone()], vec![], vec![returned[1].clone()]]
    );
    let note = changes.returned.pairs[0].note.as_deref();
    assert_eq!(note, Some("last seen in 2026-W40, then quiet for 6 weeks"));
    // The host has the scan's 28 more episodes, but of 42 others: 3·√(14+42) is 22.4.
    assert_eq!(
        names(&changes.louder),
        [vec!["Scan".to_owned()], vec!["node-4".into()], vec!["Scan on node-4".into()]]
    );
    let scan = &changes.louder.pairs[0];
    assert_eq!((scan.this_week, scan.last_week, scan.percent), (35, 7, None));
    assert_eq!(
        names(&changes.gone_quiet),
        [vec!["Edit crontab".to_owned()], vec![], vec!["Edit crontab on node-5".into()]]
    );
    assert_eq!(changes.gone_quiet.pairs[0].note.as_deref(), Some("the host sent other alerts"));
    // node-6 is silent for 4 d 12 h, and then some: more than a tenth of six hosts' week.
    let warning = changes.coverage_warning.as_deref().expect("a tenth of the hours is missing");
    assert!(
        warning.starts_with("The hosts are covered for 899 hours in all, for 1,008"),
        "{warning}"
    );
    let silent: Vec<_> = report
        .coverage
        .hosts
        .iter()
        .filter_map(|host| {
            Some((host.host.as_str(), host.silent_since?.secs, host.hours_with_data))
        })
        .collect();
    assert_eq!(silent, [("node-6", at(47, 2, 11 * 60), 3)]);
}

#[test]
fn the_newest_week_has_every_planted_change() {
    let lines = eight_weeks();
    for period in ["all", "2026-W47"] {
        let report = report_of(&lines, period);
        assert_eq!(report.week.as_deref(), Some("2026-W47"), "{period}");
        check_newest(&report);
        let labels: Vec<_> = report.weeks.iter().map(|week| week.label.as_str()).collect();
        let expected = ["W40", "W41", "W42", "W43", "W44", "W45", "W46", "W47"];
        assert_eq!(labels, expected.map(|week| format!("2026-{week}")), "{period}");
        for (one, number) in report.weeks.iter().zip(40..) {
            assert_eq!(one.alerts, alerts(&lines, number), "{} of {period}", one.label);
        }
    }
}

#[test]
fn the_first_week_is_a_part_and_compares_nothing() {
    let report = report_of(&eight_weeks(), "all");
    let first = week(&report, "2026-W40");
    assert_eq!(first.part.as_deref(), Some("Wed–Sun"));
    assert!(first.changes.is_none() && first.no_changes.is_some());
    let second = week(&report, "2026-W41");
    let changes = second.changes.as_ref().expect("compared");
    assert_eq!(changes.same_days.as_deref(), Some("Wed–Sun"));
    assert_eq!(changes.new_means, "first in this data (since 30 Sep 2026)");
    assert_eq!(names(&changes.gone_quiet)[2], ["Terminal shell on node-2"]);
    let incidents = number(second, "Incidents");
    assert_eq!((incidents.trend.this_week, incidents.trend.last_week), (9, Some(10)));
    assert!(week(&report, "2026-W47").part.is_none());
}

#[test]
fn the_newest_week_is_compared_with_the_same_days() {
    let mut lines = eight_weeks();
    lines.retain(|line| line.secs < at(47, 2, 12 * 60));
    let report = report_of(&lines, "all");
    let newest = report.present_week().expect("a week");
    assert_eq!(newest.part.as_deref(), Some("Mon–Wed"));
    let changes = newest.changes.as_ref().expect("compared");
    assert_eq!(changes.same_days.as_deref(), Some("Mon–Wed"));
    let scan = newest.rule_rows.iter().find(|row| row.name == "Scan").expect("a row");
    // Five a day, but the Wednesday ends at noon: 02:00, 05:00, 08:00 and 11:00.
    assert_eq!((scan.trend.this_week, scan.trend.last_week), (14, Some(3)));
    assert_eq!(scan.trend.median, Some(3.0));
}

#[test]
fn summer_time_makes_a_week_of_169_hours() {
    let report = report_of(&eight_weeks(), "all");
    let hours: Vec<_> = report.weeks.iter().map(|week| week.hours).collect();
    assert_eq!(hours, [168, 168, 168, 169, 168, 168, 168, 168]);
    let when = week(&report, "2026-W43").when.as_ref().expect("from logs");
    let sunday = &when.days[6];
    assert_eq!((sunday.day.as_str(), sunday.starts[2]), ("2026-10-25", 2 + 1), "and a scan");
    assert_eq!(sunday.starts[9], 6, "ten hours after midnight it is nine");
}

#[test]
fn episodes_over_the_edge_of_a_week_are_marked() {
    let lines = eight_weeks();
    let report = report_of(&lines, "all");
    let row = |label: &str| {
        let rows = &week(&report, label).incident_rows;
        rows.iter().find(|row| &*row.rule == "Night job").expect("the row is there").clone()
    };
    let (before, after) = (row("2026-W46"), row("2026-W47"));
    assert_eq!(before.edge.as_deref(), Some("goes on in the week after"));
    assert_eq!((before.alerts, before.episodes, before.state), (1, 1, "still active"));
    assert_eq!(after.edge.as_deref(), Some("continued from last week"));
    assert_eq!((after.alerts, after.episodes, after.continued), (1, 0, true));
    let single = told(&lines, "2026-W47");
    let edge = |rule: &str| {
        let mut all = single["incidents"].as_array().expect("a list").iter();
        let incident = all.find(|one| one["rule"] == rule).expect("the incident");
        incident["episodes"][0]["edge"].clone()
    };
    assert_eq!(edge("Night job"), "continued from last week");
    assert_eq!(edge("Drop and execute"), "still active at the end, last alert 10 min before it");
}

#[test]
fn the_timer_is_one_continuous_incident() {
    let report = report_of(&eight_weeks(), "all");
    let newest = week(&report, "2026-W47");
    let timer = newest.incident_rows.iter().find(|row| &*row.rule == "Contact API server").unwrap();
    assert_eq!((timer.alerts, timer.episodes, timer.state), (504, 0, "continuous"));
    assert_eq!(timer.change, Some("about the same"));
}

#[test]
fn a_burst_is_a_named_peak() {
    let report = report_of(&eight_weeks(), "all");
    let when = week(&report, "2026-W45").when.as_ref().expect("from logs");
    let peaks = when.peaks.iter().map(|peak| (peak.hour.as_str(), peak.episodes, peak.hosts));
    assert_eq!(peaks.collect::<Vec<_>>(), [("Tue 02:00–03:00", 13, 13)], "and a scan on node-4");
    // 42 at ten, 7 at two, 7 at one in the afternoon, and the burst; two days are no working days.
    let episodes = 42 + 7 + 7 + 12;
    assert_eq!(number(week(&report, "2026-W45"), "Episodes").trend.this_week, episodes);
    assert_eq!((when.off_hours, when.off_hours_percent), (12 + 2 + 7 + 12, Some(49)));
}

#[test]
fn the_summary_tells_the_story_in_order() {
    let report = report_of(&eight_weeks(), "2026-W47");
    let said = report.summary.join(" ");
    let parts = [
        "make 11 incidents, 1 more than in the week before",
        "New is 1 rule (Drop and execute). 1 incident returned",
        "The highest priority is Critical, with one incident: Drop and execute on node-3, still active at the end.",
        "One rule, Contact API server, makes",
        "node-6 sent nothing after Wed 18 Nov, 11:00. Without Falco's metrics it cannot be told whether that is quiet or silence. 1 incident went quiet.",
    ];
    let places: Vec<_> = parts.iter().map(|part| said.find(part)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?} in {said}");
    assert_eq!(&*report.incidents[0].rule, "Drop and execute");
    assert_eq!(report.incidents[0].change, Some("new"));
}

#[test]
fn a_quiet_week_with_heartbeats_is_told_from_silence() {
    let mut lines = Vec::new();
    let mut add = |secs: i64, host: &str, rule: &'static str, priority: &'static str| {
        lines.push(Line { secs, host: host.to_owned(), rule, priority });
    };
    for hour in 0..14 * 24 {
        for host in ["node-1", "node-2", "node-3"] {
            // node-3 stops on the Thursday of the second week.
            if host != "node-3" || hour < 7 * 24 + 80 {
                add(at(46, 0, 60 * hour), host, HEARTBEAT, "Informational");
            }
        }
    }
    add(at(46, 2, 600), "node-1", "Terminal shell", "Notice");
    let report = report_of(&lines, "2026-W47");
    assert_eq!(
        report.summary,
        [
            "No alerts in 2026-W47 (16–22 Nov 2026, Europe/Berlin). 3 hosts sent data; Falco's metrics come from each of them at fixed times: where they stay away, the host is silent, not quiet. The last alert before it was on Wed 11 Nov, 10:00.",
            "node-3 sent nothing after Thu 19 Nov, 08:00. 1 incident went quiet.",
            "The hosts are covered for 416 hours in all, for 504 in the week before: part of what changed may come from that.",
        ]
    );
    assert_eq!(report.coverage.hours_covered, 2 * 168 + 80);
    let gone = &report.changes.as_ref().expect("compared").gone_quiet.pairs[0];
    assert_eq!(gone.note.as_deref(), Some("the host was there: Falco wrote of its own health"));
    let monday = &week(&report, "2026-W47").when.as_ref().expect("from logs").days[0];
    assert!(monday.data.iter().all(|data| *data) && monday.starts.iter().all(|count| *count == 0));
}
