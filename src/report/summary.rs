//! Sentences computed from the numbers, by fixed patterns.

use super::{Incident, Report, order};
use crate::{
    time::Zone,
    wording::{between, count, list, moment, number},
};

/// Rules that are named in a sentence.
const NAMED: usize = 3;

/// Gives every incident its headline.
pub fn headlines(incidents: &mut [Incident], zone: Zone) {
    for incident in incidents {
        incident.headline = headline(incident, zone);
    }
}

/// "43 alerts in 3 episodes, Wed 18 Nov, 02:04 to Sun 22 Nov, 02:16; at most 18 in an hour; 4
/// other hosts have this rule."
fn headline(incident: &Incident, zone: Zone) -> String {
    let mut text = count(incident.count, "alert", "alerts");
    if incident.episodes.len() > 1 {
        text += &format!(" in {}", count(incident.episodes.len() as u64, "episode", "episodes"));
    }
    text += &format!(", {}", between(incident.first_seen, incident.last_seen, zone));
    let peak = incident.hours.iter().map(|hour| hour.count).max().unwrap_or(0);
    if incident.hours.len() > 1 && peak > 1 {
        text += &format!("; at most {} in an hour", number(peak));
    }
    text += match order::state(incident) {
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

/// The report in a paragraph: size, the worst, the loudest, what limits it.
pub fn paragraph(report: &Report, zone: Zone) -> Vec<String> {
    let mut sentences = vec![size(report, zone)];
    sentences.extend(worst(report, zone));
    sentences.extend(loudest(report));
    sentences.extend(limits(report));
    sentences
}

fn size(report: &Report, zone: Zone) -> String {
    let alerts = report.accounting.alerts;
    let (Some(first), Some(last)) = (report.period.first_alert, report.period.last_alert) else {
        let records = count(report.accounting.records, "record", "records");
        return format!("No alerts in this period; {records} were read.");
    };
    let verb = if alerts == 1 { "makes" } else { "make" };
    format!(
        "{} from {} of {} {verb} {}, {} ({}).",
        count(alerts, "alert", "alerts"),
        count(report.hosts.len() as u64, "host", "hosts"),
        count(report.rules.len() as u64, "rule", "rules"),
        count(report.incidents.len() as u64, "incident", "incidents"),
        between(first, last, zone),
        zone.name(),
    )
}

fn worst(report: &Report, zone: Zone) -> Option<String> {
    let first = report.incidents.first()?;
    let same = report.incidents.iter().filter(|incident| incident.priority == first.priority);
    let number_of = same.clone().count() as u64;
    let state = match order::state(first) {
        "closed" => format!("last seen {}", moment(first.last_seen, zone)),
        state => format!("{state} at the end"),
    };
    let priority = first.priority.name();
    Some(if number_of == 1 {
        format!(
            "The highest priority is {priority}, with one incident: {} on {}, {state}.",
            first.rule, first.host
        )
    } else {
        let mut rules: Vec<String> = Vec::new();
        for incident in same {
            if !rules.contains(&incident.rule) {
                rules.push(incident.rule.clone());
            }
        }
        let more = rules.len().saturating_sub(NAMED);
        rules.truncate(NAMED);
        if more > 0 {
            rules.push(count(more as u64, "more rule", "more rules"));
        }
        format!(
            "The highest priority is {priority}, with {} incidents: {}.",
            number(number_of),
            list(&rules)
        )
    })
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
    limits.extend(report.quality.warnings.first().cloned());
    limits
}
