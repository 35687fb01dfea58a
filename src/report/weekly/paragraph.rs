//! A week in sentences, by fixed patterns.

use super::compare::some;
use crate::{
    report::{Changes, Trend, Week, summary},
    time::{Timestamp, Zone},
    wording::{count, list, moment, number},
};

/// Names in a sentence.
const NAMED: usize = 3;

/// The week in a paragraph: size and direction, what is new, the worst, what fell silent, what
/// limits it.
pub fn week(week: &Week, last_alert: Option<Timestamp>, zone: Zone) -> Vec<String> {
    let mut sentences = vec![size(week, last_alert, zone)];
    sentences.extend(novelty(week));
    let incidents = week.incident_rows.iter().map(|row| summary::Named {
        priority: row.priority,
        rule: &row.rule,
        host: &row.host,
        state: row.state,
        last_seen: row.last_seen,
    });
    sentences.extend(summary::worst(&incidents.collect::<Vec<_>>(), zone));
    sentences.extend(silence(week, zone));
    sentences.extend(limits(week));
    sentences
}

fn size(week: &Week, last_alert: Option<Timestamp>, zone: Zone) -> String {
    let when = format!("{} ({}, {})", week.label, week.dates, zone.name());
    if week.alerts == 0 {
        let before = last_alert.map_or_else(String::new, |last| {
            format!(" The last alert before it was on {}.", moment(last, zone))
        });
        return format!("No alerts in {when}. {}{before}", week.coverage.note);
    }
    format!(
        "{} from {} of {} {} {} in {when}{}.",
        count(week.alerts, "alert", "alerts"),
        count(week.hosts, "host", "hosts"),
        count(week.rules, "rule", "rules"),
        if week.alerts == 1 { "makes" } else { "make" },
        count(week.incidents, "incident", "incidents"),
        direction(week),
    )
}

/// `, 38 fewer than in the week before`
pub fn direction(week: &Week) -> String {
    let incidents = week.numbers.iter().find(|number| number.name == super::INCIDENTS);
    let (Some(changes), Some(trend)) = (&week.changes, incidents.map(|number| &number.trend))
    else {
        return String::new();
    };
    let before = match &changes.same_days {
        None => "in the week before".to_owned(),
        Some(days) => format!("on {days} of the week before"),
    };
    if trend.this_week == week.incidents {
        return format!(", {} {before}", more_or_fewer(trend));
    }
    // The week before is covered in part only: the counts are of fewer days than the week's own.
    let days = changes.same_days.as_deref().unwrap_or_default();
    let incidents = count(trend.this_week, "incident", "incidents");
    format!(
        "; on {days} it has {incidents}, {} on those days of the week before",
        more_or_fewer(trend)
    )
}

fn more_or_fewer(trend: &Trend) -> String {
    match trend.difference.unwrap_or(0) {
        0 => "as many as".into(),
        more if more > 0 => format!("{} more than", number(more.unsigned_abs())),
        fewer => format!("{} fewer than", number(fewer.unsigned_abs())),
    }
}

/// What is new, and what returned.
pub fn novelty(week: &Week) -> Option<String> {
    let changes = week.changes.as_ref()?;
    let new = &changes.new;
    let names = |list: &[crate::report::Changed], host: bool| -> String {
        let name = |one: &crate::report::Changed| {
            let name = if host { &one.host } else { &one.rule };
            name.as_ref().map(ToString::to_string)
        };
        let names: Vec<String> = list.iter().filter_map(name).collect();
        some(&names, NAMED)
    };
    let others = new.pairs.iter().filter(|pair| pair.within.is_none()).count() as u64;
    let mut parts: Vec<String> = Vec::new();
    if !new.rules.is_empty() {
        let rules = count(new.rules.len() as u64, "rule", "rules");
        parts.push(format!("{rules} ({})", names(&new.rules, false)));
    }
    if !new.hosts.is_empty() {
        let hosts = count(new.hosts.len() as u64, "host", "hosts");
        parts.push(format!("{hosts} ({})", names(&new.hosts, true)));
    }
    if others > 0 {
        let known = "of a known rule on a known host";
        parts.push(format!("{} {known}", count(others, "incident", "incidents")));
    }
    let first = if parts.is_empty() {
        (week.alerts > 0).then(|| nothing_new(changes))
    } else {
        let total = new.rules.len() as u64 + new.hosts.len() as u64 + others;
        let verb = if total == 1 { "is" } else { "are" };
        Some(format!("{} {verb} {}.", capital(&changes.new_means), list(&parts)))
    };
    let returned = changes.returned.pairs.len() as u64;
    let second = (returned > 0).then(|| {
        format!("{} returned after four weeks or more.", count(returned, "incident", "incidents"))
    });
    let both: Vec<String> = first.into_iter().chain(second).collect();
    (!both.is_empty()).then(|| both.join(" "))
}

fn nothing_new(changes: &Changes) -> String {
    if changes.new_means == "new" {
        return "No rule, host or incident is new.".into();
    }
    let weeks = count(changes.weeks_before, "week", "weeks");
    format!("Every rule, host and incident was there in the {weeks} of data before.")
}

/// What fell silent, and what went quiet.
pub fn silence(week: &Week, zone: Zone) -> Option<String> {
    let silent: Vec<(&str, Timestamp)> = week
        .coverage
        .hosts
        .iter()
        .filter_map(|host| Some((host.host.as_str(), host.silent_since?)))
        .collect();
    let hosts = match silent.as_slice() {
        [] => None,
        [(host, since)] => Some(format!("{host} sent nothing after {}.", moment(*since, zone))),
        _ => {
            let told: Vec<String> = silent
                .iter()
                .map(|(host, since)| format!("{host} (after {})", moment(*since, zone)))
                .collect();
            let hosts = count(silent.len() as u64, "host", "hosts");
            Some(format!("{hosts} fell silent: {}.", some(&told, NAMED)))
        }
    };
    let untold =
        week.coverage.hosts.iter().filter(|host| host.silent_since.is_some() && !host.heartbeat);
    let cannot = match untold.count() {
        0 => "",
        untold if untold == silent.len() => {
            " Without Falco's metrics it cannot be told whether that is quiet or silence."
        }
        _ => {
            " Where Falco's metrics do not come, it cannot be told whether that is quiet or silence."
        }
    };
    let hosts = hosts.map(|hosts| hosts + cannot);
    let quiet = week.changes.as_ref().map_or(0, |changes| changes.gone_quiet.pairs.len() as u64);
    let incidents =
        (quiet > 0).then(|| format!("{} went quiet.", count(quiet, "incident", "incidents")));
    let both: Vec<String> = hosts.into_iter().chain(incidents).collect();
    (!both.is_empty()).then(|| both.join(" "))
}

/// What limits what is said of the week.
pub fn limits(week: &Week) -> Vec<String> {
    let part =
        week.part.as_ref().map(|days| format!("The data cover only {days} of {}.", week.label));
    let warning = week.changes.as_ref().and_then(|changes| changes.coverage_warning.clone());
    part.into_iter().chain(warning).chain(week.kept.clone()).collect()
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
