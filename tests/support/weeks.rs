//! Two weeks with every part of the model filled.

use alertbook::{inventory::Weight, priority::Priority, report::*};

use super::{Words, at};

/// Week 46 or 47; the first has nothing before it.
pub fn week(words: &Words, number: u32) -> Week {
    let newest = number == 47;
    Week {
        label: format!("2026-W{number}"),
        from: at(0, 0),
        to: at(23, 59),
        dates: "16–22 Nov 2026".to_owned(),
        hours: 169,
        part: Some("Mon–Wed".to_owned()),
        source: "logs and history".to_owned(),
        kept: Some("Two alerts come from the history alone.".to_owned()),
        alerts: 4,
        incidents: 12,
        episodes: 2,
        rules: 1,
        hosts: 2,
        path: format!("weeks/2026-W{number}/index"),
        summary: vec![format!("4 alerts of {} on {}.", words.rule, words.host)],
        changes: newest.then(|| changes(words)),
        no_changes: (!newest).then(|| "This is the first week in the data.".to_owned()),
        numbers: vec![Number { name: "Alerts".to_owned(), trend: trend() }],
        incident_rows: vec![
            incident(words, Some("incidents/the-rule-01234567/the-host-01234567"));
            11
        ],
        verdicts: super::verdicts(words)
            .entries
            .into_iter()
            .map(|entry| WeekVerdict { entry, episodes: 2 })
            .collect(),
        actions: vec![super::action(words, &["the-id".into()])],
        more_actions: 0,
        rule_rows: vec![row(&words.rule, Some("rules/the-rule-01234567")), row(&words.rule, None)],
        host_rows: vec![row(&words.host, Some("hosts/the-host-01234567")), row(&words.host, None)],
        grid: grid(words),
        days: days(),
        when: newest.then(when),
        fleet_wide: vec![WeekFleet {
            rule: words.rule.clone(),
            path: "rules/the-rule-01234567".to_owned(),
            fleet_wide: super::fleet_wide(),
        }],
        fleet_wide_unknown: Some("Which rules fired on many hosts is not known.".to_owned()),
        coverage: coverage(words),
    }
}

fn trend() -> Trend {
    Trend {
        this_week: 30,
        last_week: Some(20),
        difference: Some(10),
        percent: Some(50),
        change: "louder".to_owned(),
        notable: true,
        median: Some(17.5),
        sparkline: vec![3, 20, 30],
    }
}

fn changes(words: &Words) -> Changes {
    let lists = || ChangeLists {
        rules: vec![changed(Some(&words.rule), None, None, Some("rules/the-rule-01234567"))],
        hosts: vec![changed(None, Some(&words.host), None, None)],
        pairs: vec![
            changed(Some(&words.rule), Some(&words.host), Some("rule"), None),
            changed(
                Some(&words.rule),
                Some(&words.host),
                None,
                Some("incidents/the-rule-01234567/the-host-01234567"),
            ),
        ],
    };
    Changes {
        week: "2026-W47".to_owned(),
        last_week: "2026-W46".to_owned(),
        same_days: Some("Mon–Wed".to_owned()),
        compared: "Mon–Wed of both weeks are compared.".to_owned(),
        weeks_before: 1,
        new_means: "first in this data (since 9 Nov 2026)".to_owned(),
        coverage_warning: Some(format!("{} sent nothing this time.", words.host)),
        new: lists(),
        returned: lists(),
        louder: lists(),
        quieter: lists(),
        gone_quiet: ChangeLists::default(),
    }
}

fn changed(
    rule: Option<&str>,
    host: Option<&str>,
    within: Option<&'static str>,
    path: Option<&str>,
) -> Changed {
    Changed {
        rule: rule.map(Into::into),
        host: host.map(Into::into),
        path: path.map(Into::into),
        priority: Priority::Critical,
        counted: "episodes",
        this_week: 10,
        last_week: 40,
        percent: Some(-75),
        alerts: 90,
        alerts_last_week: 400,
        on: rule.xor(host).map(|name| vec![name.to_owned()]).unwrap_or_default(),
        on_more: 2,
        within,
        note: Some("the host sent other alerts".into()),
    }
}

fn incident(words: &Words, path: Option<&str>) -> WeekIncident {
    WeekIncident {
        id: "the-rule-the-host-01234567".into(),
        rule: words.rule.as_str().into(),
        host: words.host.as_str().into(),
        path: path.map(Into::into),
        priority: Priority::Critical,
        alerts: 4,
        episodes: 2,
        first_seen: at(2, 4),
        last_seen: at(3, 4),
        state: "still active",
        continued: true,
        edge: Some("continued from last week".to_owned()),
        change: Some("new"),
        owner: Some(words.value.clone()),
        host_weight: Weight::Critical,
        fleet_wide: true,
        verdict: Some(super::verdict(words).into()),
    }
}

fn row(name: &str, path: Option<&str>) -> WeekRow {
    WeekRow {
        name: name.to_owned(),
        path: path.map(Into::into),
        priority: Priority::Critical,
        others: 2,
        incidents: 2,
        incidents_last_week: Some(1),
        techniques: Some(vec!["T1059".to_owned()]),
        alerts: 4,
        continued: 1,
        share: Some(12.5),
        fleet_wide: true,
        trend: trend(),
    }
}

fn grid(words: &Words) -> Grid {
    let cell = GridCell { incidents: 2, new: 1, episodes: 3, alerts: 4, shade: 5 };
    let row = |rule: Option<&str>| GridRow {
        rule: rule.map(Into::into),
        cells: vec![cell.clone(), GridCell::default()],
    };
    Grid {
        hosts: vec![words.host.clone()],
        other_hosts: 2,
        other_rules: 3,
        rows: vec![row(Some(&words.rule)), row(None)],
    }
}

fn days() -> Vec<WeekDay> {
    let day = |day: u32| WeekDay {
        day: format!("2026-11-{day}"),
        covered: day < 19,
        alerts: 4,
        episodes: if day < 19 { 4 } else { 0 },
        critical: u64::from(day < 19),
        error: u64::from(day < 19),
        warning: u64::from(day < 19),
        notice: u64::from(day < 19),
    };
    (16..23).map(day).collect()
}

fn when() -> When {
    let day = |day: u32| DayStarts {
        day: format!("2026-11-{day}"),
        alerts: 4,
        episodes: 1,
        starts: vec![1; 24],
        data: vec![true; 24],
    };
    When {
        days: (16..23).map(day).collect(),
        peaks: vec![Peak { hour: "Tue 02:00–03:00".to_owned(), episodes: 61, hosts: 12 }],
        working_hours: "Mon–Fri 08:00–18:00".to_owned(),
        off_hours: 2,
        off_hours_percent: Some(9),
    }
}

fn coverage(words: &Words) -> Coverage {
    Coverage {
        hosts_reporting: 1,
        hours_covered: 100,
        heartbeat: false,
        note: "1 host sent data.".to_owned(),
        hours: "0-99".to_owned(),
        hosts: vec![HostCoverage {
            host: words.host.clone(),
            path: None,
            hours_with_data: 12,
            hours: "0-11".to_owned(),
            hours_last_week: Some(20),
            heartbeat: false,
            silent_since: Some(at(3, 4)),
        }],
    }
}
