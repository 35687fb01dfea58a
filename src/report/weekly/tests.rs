//! Weeks by hand, and what a report must say of them.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::{
    history::{Key, Ledger, Pair, Spoke, Week as Held},
    hours::Hours,
    inventory::Inventory,
    report::{ChangeLists, Changed, Changes, names::Names},
};

/// The Monday of week 40 + `week` of 2026.
fn monday(week: u64) -> NaiveDate {
    let first = NaiveDate::from_isoywd_opt(2026, 40, chrono::Weekday::Mon).unwrap();
    first + chrono::Days::new(7 * week)
}

fn label(week: u64) -> String {
    Period::week(monday(week)).label().into()
}

/// A week in which pairs have so many episodes on each of some days, with twice as many alerts.
fn held(week: u64, covered: &[usize], pairs: &[(&str, &str, u64)]) -> (NaiveDate, Held) {
    let days: Days = covered.iter().copied().collect();
    let calendar = Calendar::of(monday(week), Zone::UTC);
    let at = |day: usize| calendar.instant(u16::try_from(24 * day + 3).unwrap());
    let (first, last) = (covered[0], covered[covered.len() - 1]);
    let mut held = Held { covered: days, ..Held::default() };
    for (rule, host, episodes) in pairs {
        let mut pair = Pair {
            priority: Priority::Notice,
            alerts: [0; 7],
            episodes: [0; 7],
            first_seen: at(first),
            last_seen: at(last),
            continuous: *rule == "timer",
            continued: false,
            goes_on: false,
            tags: None,
        };
        for day in days.iter() {
            pair.alerts[day] = 2 * episodes;
            pair.episodes[day] = *episodes;
        }
        held.pairs.insert(Key { rule: (*rule).into(), host: (*host).into() }, pair);
        let hours: Hours = days.iter().map(|day| u16::try_from(24 * day + 3).unwrap()).collect();
        held.hosts.insert((*host).into(), Spoke { hours, heartbeat: false });
    }
    (monday(week), held)
}

fn settings() -> Settings<'static> {
    static HOURS: std::sync::LazyLock<WorkingHours> =
        std::sync::LazyLock::new(WorkingHours::default);
    Settings { zone: Zone::UTC, gap: 3600, working_hours: &HOURS }
}

const WHOLE: [usize; 7] = [0, 1, 2, 3, 4, 5, 6];

fn weeks(ledger: impl IntoIterator<Item = (NaiveDate, Held)>) -> Weeks {
    let weeks: BTreeMap<_, _> = ledger.into_iter().collect();
    let history = History {
        joined: Vec::new(),
        ledger: Ledger { weeks },
        counted: BTreeSet::new(),
        kept: BTreeMap::new(),
    };
    told(&history, &Period::All)
}

/// Weeks of which nobody has an incident in the logs or knows a host.
fn told(history: &History<'_>, period: &Period) -> Weeks {
    const NOBODY: &Inventory = &Inventory(Vec::new());
    let names = Names::of(&history.ledger);
    build(history, &Called::new(&names, &[], NOBODY), period, &settings())
}

fn changes(ledger: impl IntoIterator<Item = (NaiveDate, Held)>) -> Changes {
    weeks(ledger).present().unwrap().changes.clone().expect("two weeks are compared")
}

/// `rules; hosts; pairs` by name.
fn names(lists: &ChangeLists) -> String {
    let name = |one: &Changed| {
        [&one.rule, &one.host]
            .into_iter()
            .flatten()
            .map(|name| &**name)
            .collect::<Vec<_>>()
            .join(" on ")
    };
    [&lists.rules, &lists.hosts, &lists.pairs]
        .map(|list| list.iter().map(name).collect::<Vec<_>>().join(", "))
        .join("; ")
}

#[test]
fn a_first_run_compares_nothing_and_says_so() {
    let first = weeks([held(0, &WHOLE, &[("a", "x", 1)])]);
    let week = first.present().unwrap();
    assert!(week.changes.is_none());
    let sentence = week.no_changes.as_deref().unwrap();
    assert!(sentence.starts_with("2026-W40 is the first week in this data"), "{sentence}");
    assert_eq!(week.numbers[0].trend.last_week, None);
    assert_eq!(week.numbers[0].trend.sparkline, [14]);
    assert!(week.incident_rows[0].change.is_none());
}

#[test]
fn what_was_never_seen_is_new_with_its_history_in_words() {
    let known = [("a", "x", 1), ("a", "y", 1)];
    let mut now = known.to_vec();
    now.extend([("b", "x", 1), ("a", "z", 1)]);
    let short = changes([held(0, &WHOLE, &known), held(1, &WHOLE, &now)]);
    assert_eq!(names(&short.new), "b; z; a on z, b on x");
    assert_eq!(short.new_means, "first in this data (since 28 Sep 2026)");
    let within: Vec<_> = short.new.pairs.iter().map(|pair| pair.within).collect();
    assert_eq!(within, [Some("host"), Some("rule")]);
    let long =
        changes((0..4).map(|week| held(week, &WHOLE, &known)).chain([held(4, &WHOLE, &now)]));
    assert_eq!((long.new_means.as_str(), long.weeks_before), ("new", 4));
}

#[test]
fn what_was_away_for_four_weeks_returned() {
    let (both, one) = ([("a", "x", 1), ("b", "x", 1)], [("a", "x", 1)]);
    let away = |weeks: u64| {
        let quiet = (1..=weeks).map(|week| held(week, &WHOLE, &one));
        changes([held(0, &WHOLE, &both)].into_iter().chain(quiet).chain([held(
            weeks + 1,
            &WHOLE,
            &both,
        )]))
    };
    assert_eq!(names(&away(4).returned), "b; ; b on x");
    let note = away(4).returned.pairs[0].note.clone().unwrap();
    assert_eq!(note, "last seen in 2026-W40, then quiet for 4 weeks");
    assert_eq!(names(&away(3).returned), "; ; ", "three weeks are not four");
    assert_eq!(names(&away(3).new), "; ; ");
    let hole = changes(
        [held(0, &WHOLE, &both)]
            .into_iter()
            .chain([3, 4].map(|week| held(week, &WHOLE, &one)))
            .chain([held(5, &WHOLE, &both)]),
    );
    assert_eq!(names(&hole.returned), "; ; ", "weeks without data are not quiet");
}

#[test]
fn louder_and_quieter_follow_the_stated_rule() {
    let before = [("up", "x", 1), ("down", "x", 5), ("few", "x", 0), ("timer", "x", 3)];
    let now = [("up", "x", 5), ("down", "x", 1), ("few", "x", 1), ("timer", "x", 3)];
    let changes = changes([held(0, &WHOLE, &before), held(1, &WHOLE, &now)]);
    assert_eq!(names(&changes.louder), "up; ; up on x", "7 to 35");
    assert_eq!(names(&changes.quieter), "down; ; down on x");
    let up = &changes.louder.pairs[0];
    assert_eq!((up.this_week, up.last_week, up.percent), (35, 7, None));
    assert_eq!((up.counted, up.alerts, up.alerts_last_week), ("episodes", 70, 14));
    assert_eq!(changes.quieter.pairs[0].percent, Some(-80));
}

#[test]
fn a_continuous_incident_is_compared_by_alerts() {
    let mut now = held(1, &WHOLE, &[("timer", "x", 1)]);
    for pair in now.1.pairs.values_mut() {
        pair.alerts = [90; 7];
    }
    let changes = changes([held(0, &WHOLE, &[("timer", "x", 1)]), now]);
    let timer = &changes.louder.pairs[0];
    assert_eq!((timer.counted, timer.this_week, timer.last_week), ("alerts", 630, 14));
    assert!(changes.louder.rules.is_empty(), "the rule has as many episodes as before");
}

#[test]
fn what_was_in_every_week_and_is_not_has_gone_quiet() {
    let all = [("a", "x", 1), ("b", "x", 1), ("c", "z", 1)];
    let some = [("a", "x", 1), ("b", "y", 1)];
    let weeks = |last: u64| {
        let mut list: Vec<_> = (0..last).map(|week| held(week, &WHOLE, &all)).collect();
        list.push(held(last, &WHOLE, &some));
        list
    };
    for length in [1, 2, 6] {
        let changes = changes(weeks(length));
        assert_eq!(names(&changes.gone_quiet), "c; z; b on x, c on z", "{length}");
        let notes: Vec<_> =
            changes.gone_quiet.pairs.iter().map(|pair| pair.note.clone().unwrap()).collect();
        assert_eq!(
            notes,
            [
                "the host sent other alerts",
                "the host sent nothing this week: whether it was quiet or silent cannot be told"
            ]
        );
    }
    let mut irregular = weeks(4);
    irregular[2] = held(2, &WHOLE, &some);
    assert_eq!(names(&changes(irregular).gone_quiet), "; ; ", "it was not in each week");
}

#[test]
fn a_part_week_is_compared_with_the_same_days() {
    let pairs = [("a", "x", 4), ("b", "x", 1)];
    let part = changes([held(0, &WHOLE, &pairs), held(1, &[0, 1, 2], &[("a", "x", 4)])]);
    assert_eq!(part.same_days.as_deref(), Some("Mon–Wed"));
    assert_eq!(
        part.compared,
        "The data cover only Mon–Wed of 2026-W41, so Mon–Wed of both weeks are compared."
    );
    assert_eq!(names(&part.quieter), "; ; ", "12 of 12 are not 12 of 28");
    assert_eq!(names(&part.gone_quiet), "b; ; b on x");
    let first = changes([held(0, &[5, 6], &pairs), held(1, &WHOLE, &pairs)]);
    assert_eq!(first.same_days.as_deref(), Some("Sat–Sun"));
    let apart = weeks([held(0, &[5, 6], &pairs), held(1, &[0, 1], &pairs)]);
    let sentence = apart.present().unwrap().no_changes.clone().unwrap();
    assert!(sentence.contains("have no day of the week in common"), "{sentence}");
}

#[test]
fn hosts_that_stay_away_make_a_comparison_doubtful() {
    let hosts: Vec<String> = (0..9).map(|host| format!("n{host}")).collect();
    let pairs: Vec<_> = hosts.iter().map(|host| ("a", host.as_str(), 1)).collect();
    let fewer = changes([held(0, &WHOLE, &pairs), held(1, &WHOLE, &pairs[..8])]);
    assert_eq!(
        fewer.coverage_warning.as_deref(),
        Some(
            "8 hosts sent data, 9 in the week before (n8 sent nothing this time): part of what changed may come from that."
        )
    );
    let same = changes([held(0, &WHOLE, &pairs), held(1, &WHOLE, &pairs)]);
    assert_eq!(same.coverage_warning, None);
    let mut shorter = held(1, &WHOLE, &pairs);
    for spoke in shorter.1.hosts.values_mut() {
        spoke.hours = (0..120).collect();
    }
    let fewer_hours = changes([held(0, &WHOLE, &pairs), shorter]).coverage_warning.unwrap();
    assert!(
        fewer_hours.starts_with("The hosts are covered for 1,080 hours in all"),
        "{fewer_hours}"
    );
}

#[test]
fn a_host_that_stops_is_named_with_its_last_hour() {
    let mut now = held(1, &WHOLE, &[("a", "x", 1), ("a", "y", 1)]);
    now.1.hosts.get_mut("x").unwrap().hours = [3, 27, 51].into_iter().collect();
    let weeks = weeks([held(0, &WHOLE, &[("a", "x", 1), ("a", "y", 1)]), now]);
    let week = weeks.present().unwrap();
    let silent: Vec<_> = week.coverage.hosts.iter().map(|host| host.silent_since).collect();
    assert_eq!(silent[0].unwrap().to_string(), "2026-10-07T04:00:00.000000000Z");
    assert_eq!(silent[1], None);
    assert!(
        week.summary.iter().any(|sentence| sentence
            == "x sent nothing after Wed 7 Oct, 04:00. Without Falco's metrics it cannot be told whether that is quiet or silence."),
        "{:?}",
        week.summary
    );
}

#[test]
fn numbers_have_their_median_and_weeks() {
    let list = [3, 1, 2, 9, 4].into_iter().enumerate();
    let weeks =
        weeks(list.map(|(week, episodes)| held(week as u64, &WHOLE, &[("a", "x", episodes)])));
    let week = weeks.present().unwrap();
    let episodes = week.numbers.iter().find(|number| number.name == "Episodes").unwrap();
    let trend = &episodes.trend;
    assert_eq!((trend.this_week, trend.last_week, trend.difference), (28, Some(63), Some(-35)));
    assert_eq!((trend.percent, trend.notable), (Some(-56), true));
    assert_eq!(trend.median, Some(17.5), "of 21, 7, 14 and 63");
    assert_eq!(trend.sparkline, [21, 7, 14, 63, 28]);
    let alerts = &week.numbers[0];
    assert_eq!((alerts.name.as_str(), alerts.trend.change.as_str()), ("Alerts", ""));
    assert!(!alerts.trend.notable, "alerts are shown and not judged");
}

#[test]
fn weeks_read_like_english() {
    let pairs = [("a", "x", 1), ("b", "x", 1)];
    let many =
        weeks((0..5).map(|week| held(week, &WHOLE, &pairs[..1])).chain([held(5, &WHOLE, &pairs)]));
    assert_eq!(
        many.present().unwrap().summary,
        [
            "28 alerts from 1 host of 2 rules make 2 incidents in 2026-W45 (2–8 Nov 2026, UTC), 1 more than in the week before.",
            "New is 1 rule (b).",
            "The highest priority is Notice, with 2 incidents: b and a.",
        ]
    );
    let mut quiet = held(1, &WHOLE, &[("a", "x", 1)]);
    quiet.1.pairs.clear();
    let quiet = weeks([held(0, &WHOLE, &pairs), quiet]);
    assert_eq!(
        quiet.present().unwrap().summary,
        [
            "No alerts in 2026-W41 (5–11 Oct 2026, UTC). 1 host sent data. Falco's metrics do not come from them: where a host sends nothing, it cannot be told whether it was quiet or silent. The last alert before it was on Sun 4 Oct, 03:00.",
            "2 incidents went quiet.",
        ]
    );
}

#[test]
fn the_grid_has_others_and_marks_what_is_new() {
    let names: Vec<(String, String)> =
        (0..15).map(|at| (format!("r{at:02}"), format!("h{at:02}"))).collect();
    let pairs: Vec<_> = names
        .iter()
        .zip(1..)
        .map(|((rule, host), count)| (rule.as_str(), host.as_str(), count))
        .collect();
    let weeks = weeks([held(0, &WHOLE, &pairs[..14]), held(1, &WHOLE, &pairs)]);
    let grid = &weeks.present().unwrap().grid;
    assert_eq!((grid.hosts.len(), grid.other_hosts, grid.other_rules), (12, 3, 3));
    assert_eq!((grid.rows.len(), grid.rows[12].rule.as_deref()), (13, None));
    let first = &grid.rows[0].cells[0];
    assert_eq!((first.new, first.episodes, first.alerts, first.shade), (1, 105, 210, 5));
    assert_eq!(grid.rows[12].cells[12].incidents, 3);
    assert_eq!(grid.rows[0].cells[1].shade, 0, "nothing is blank");
}

#[test]
fn the_report_is_about_the_newest_week_of_its_period() {
    let ledger: BTreeMap<_, _> = (0..6).map(|week| held(week, &WHOLE, &[("a", "x", 1)])).collect();
    let history = History {
        joined: Vec::new(),
        ledger: Ledger { weeks: ledger },
        counted: BTreeSet::new(),
        kept: BTreeMap::new(),
    };
    for (period, present, listed) in [
        ("all", 5, 6),
        ("2026-W42", 2, 3),
        ("2026-10", 3, 4),
        ("2026-10-14", 2, 3),
        ("2026-09-28..2026-10-11", 1, 2),
        ("2027-W01", 9, 0),
    ] {
        let period = Period::parse(period, None).unwrap();
        let weeks = told(&history, &period);
        let name = weeks.present().map(|week| week.label.clone());
        assert_eq!(name, (present < 9).then(|| label(present)), "{period:?}");
        assert_eq!(weeks.list.len(), listed, "{period:?}");
    }
}
