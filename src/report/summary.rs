//! Sentences computed from the numbers, by fixed patterns.

use std::sync::Arc;

use super::{Incident, Report, Week, weekly};
use crate::{
    alert::RuleFrom,
    priority::Priority,
    time::{Timestamp, Zone},
    wording::{between, count, list, moment, number, span},
};

/// Rules that are named in a sentence.
const NAMED: usize = 3;

/// "43 alerts in 3 episodes, Wed 18 Nov, 02:04 to Sun 22 Nov, 02:16; at most 18 in an hour; 4
/// other hosts have this rule."
pub fn headline(incident: &Incident, zone: Zone) -> String {
    let mut text = count(incident.count, "alert", "alerts");
    if incident.episode_count > 1 {
        text += &format!(" in {}", count(incident.episode_count, "episode", "episodes"));
    }
    text += &format!(", {}", between(incident.first_seen, incident.last_seen, zone));
    let peak = incident.hours.iter().map(|hour| hour.count).max().unwrap_or(0);
    if incident.hours.len() > 1 && peak > 1 {
        text += &format!("; at most {} in an hour", number(peak));
    }
    text += &bursts(incident);
    text += match incident.state {
        "continuous" => "; it goes on without a break",
        "still active" => "; still active at the end",
        _ => "",
    };
    let others = incident.elsewhere.list.len() as u64 + incident.elsewhere.more;
    text += &match others {
        0 => "; no other host has this rule".into(),
        1 => "; 1 other host has this rule".to_owned(),
        _ => format!("; {} other hosts have this rule", number(others)),
    };
    text + "."
}

/// `; 3 bursts, the largest of 120 alerts in 40 s`
fn bursts(incident: &Incident) -> String {
    let bursts = || incident.episodes.iter().flat_map(|episode| &episode.bursts);
    let Some(largest) = bursts().max_by_key(|burst| burst.count) else { return String::new() };
    let alerts = count(largest.count, "alert", "alerts");
    let size = format!("{alerts} in {}", span(largest.seconds));
    match bursts().count() {
        1 => format!("; a burst of {size}"),
        many => format!("; {} bursts, the largest of {size}", number(many as u64)),
    }
}

/// What there is to say of the name of a rule that not all records name.
pub fn rule_note(from: &[RuleFrom]) -> Option<Arc<str>> {
    let some = if from.contains(&RuleFrom::Record) { "Some of the records" } else { "The records" };
    let known =
        match (from.contains(&RuleFrom::MessagePrefix), from.contains(&RuleFrom::MessageStart)) {
            (false, false) => return None,
            (true, false) => "it is known by how its message begins",
            (_, true) => {
                "no rule of Falco's is known whose message begins so, and the constant start \
                      of the message stands for its name"
            }
        };
    Some(format!("{some} do not name the rule: {known}.").into())
}

/// The report in a paragraph: size and direction, what is new, the worst, the loudest, what fell
/// silent, what limits it.
pub fn paragraph(report: &Report, zone: Zone) -> Vec<String> {
    let present = report.present_week();
    if let Some(week) = present.filter(|week| report.accounting.alerts == 0 && is_all(report, week))
    {
        return week.summary.clone();
    }
    let mut sentences = vec![size(report, present, zone)];
    sentences.extend(newest(report, present));
    sentences.extend(present.and_then(weekly::novelty));
    let incidents = report.incidents.iter().map(|incident| Named {
        priority: incident.priority,
        rule: &incident.rule,
        host: &incident.host,
        state: incident.state,
        last_seen: incident.last_seen,
    });
    sentences.extend(worst(&incidents.collect::<Vec<_>>(), zone));
    sentences.extend(loudest(report));
    sentences.extend(present.and_then(|week| weekly::silence(week, zone)));
    sentences.extend(present.map(weekly::limits).unwrap_or_default());
    sentences.extend(limits(report));
    sentences
}

/// Whether the report is about one week and no more.
fn is_all(report: &Report, week: &Week) -> bool {
    report.period.label == week.label
}

fn size(report: &Report, present: Option<&Week>, zone: Zone) -> String {
    let alerts = report.accounting.alerts;
    let (Some(first), Some(last)) = (report.period.first_alert, report.period.last_alert) else {
        let records = count(report.accounting.records, "record", "records");
        return format!("No alerts in this period; {records} were read.");
    };
    let verb = if alerts == 1 { "makes" } else { "make" };
    // What the history alone knows of the week is not among the incidents of the report.
    let direction = present
        .filter(|week| is_all(report, week) && week.incidents == report.incidents.len() as u64)
        .map_or_else(String::new, weekly::direction);
    format!(
        "{} from {} of {} {verb} {}{direction} ({}, {}).",
        count(alerts, "alert", "alerts"),
        count(report.hosts.len() as u64, "host", "hosts"),
        count(report.rules.len() as u64, "rule", "rules"),
        count(report.incidents.len() as u64, "incident", "incidents"),
        between(first, last, zone),
        zone.name(),
    )
}

/// The newest week, where the report is about more than it.
fn newest(report: &Report, present: Option<&Week>) -> Option<String> {
    let week = present.filter(|week| !is_all(report, week) && report.weeks.len() > 1)?;
    let incidents = count(week.incidents, "incident", "incidents");
    let direction = weekly::direction(week);
    Some(format!("The newest week, {} ({}), has {incidents}{direction}.", week.label, week.dates))
}

/// An incident as a sentence names it.
pub struct Named<'n> {
    /// Its priority.
    pub priority: Priority,
    /// Its rule.
    pub rule: &'n str,
    /// Its host.
    pub host: &'n str,
    /// Its state at the end.
    pub state: &'n str,
    /// Its last alert.
    pub last_seen: Timestamp,
}

/// The incidents of the highest priority; they come in their order.
pub fn worst(incidents: &[Named<'_>], zone: Zone) -> Option<String> {
    let first = incidents.first()?;
    let same = incidents.iter().filter(|incident| incident.priority == first.priority);
    let number_of = same.clone().count() as u64;
    let priority = first.priority.name();
    if number_of == 1 {
        let state = match first.state {
            "closed" => format!("last seen {}", moment(first.last_seen, zone)),
            state => format!("{state} at the end"),
        };
        return Some(format!(
            "The highest priority is {priority}, with one incident: {} on {}, {state}.",
            first.rule, first.host
        ));
    }
    let mut rules: Vec<String> = Vec::new();
    for incident in same {
        if !rules.iter().any(|rule| rule == incident.rule) {
            rules.push(incident.rule.to_owned());
        }
    }
    let more = rules.len().saturating_sub(NAMED);
    rules.truncate(NAMED);
    if more > 0 {
        rules.push(count(more as u64, "more rule", "more rules"));
    }
    Some(format!(
        "The highest priority is {priority}, with {} incidents: {}.",
        number(number_of),
        list(&rules)
    ))
}

/// A rule that makes at least half of the alerts, where there are enough to say so.
fn loudest(report: &Report) -> Option<String> {
    let alerts = report.accounting.alerts;
    let loudest = report.rules.iter().max_by_key(|rule| rule.count)?;
    let tells = alerts >= 20 && report.rules.len() > 1 && loudest.count * 2 >= alerts;
    let percent = loudest.count * 100 / alerts.max(1);
    tells.then(|| format!("One rule, {}, makes {percent}% of all alerts.", loudest.rule))
}

fn limits(report: &Report) -> Vec<String> {
    let rejected = report.accounting.rejected;
    let mut limits = Vec::new();
    if rejected > 0 {
        let verb = if rejected == 1 { "is" } else { "are" };
        let records = count(rejected, "record", "records");
        limits.push(format!("{records} could not be read and {verb} not counted."));
    }
    // The first sentence; the whole warning stands below the summary.
    let warning = report.quality.warnings.first();
    limits.extend(warning.map(|warning| match warning.split_once(". ") {
        Some((first, _)) => format!("{first}."),
        None => warning.clone(),
    }));
    limits
}
