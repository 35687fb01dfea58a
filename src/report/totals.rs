//! Sums by priority, by host, by rule and by day.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use hashbrown::HashMap;
use rayon::prelude::*;

use super::{DayTotal, Host, Incident, PriorityTotal, Rule, edges::Edges, summary};
use crate::{
    alert::RuleFrom,
    attack,
    group::Grouped,
    host,
    inventory::Inventory,
    mitigation::Library,
    priority::Priority,
    time::{QUARTER, Timestamp, Zone},
};

/// Alerts and incidents of each priority that occurs.
pub fn priorities(incidents: &[Incident]) -> Vec<PriorityTotal> {
    let mut totals =
        Priority::ALL.map(|priority| PriorityTotal { priority, alerts: 0, incidents: 0 });
    for incident in incidents {
        totals[incident.priority.index()].incidents += 1;
        for count in &incident.priorities {
            totals[count.priority.index()].alerts += count.count;
        }
    }
    totals.into_iter().filter(|total| total.alerts > 0).collect()
}

/// Incidents that one thread sums before it looks for more to do.
const AT_ONCE: usize = 512;

/// Sums over some incidents.
struct Sum<'i> {
    priority: Priority,
    count: u64,
    episodes: u64,
    first_seen: Timestamp,
    last_seen: Timestamp,
    incidents: Vec<Arc<str>>,
    tags: BTreeSet<&'i str>,
    path: String,
}

/// Sums by a name, in the order in which the incidents first have it.
fn sums<'i>(
    incidents: &'i [Incident],
    key: impl Fn(&'i Incident) -> (&'i str, &'i str),
) -> Vec<(&'i str, Sum<'i>)> {
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let mut sums: Vec<(&str, Sum<'_>)> = Vec::new();
    for incident in incidents {
        let (name, path) = key(incident);
        let at = *places.entry(name).or_insert_with(|| {
            sums.push((
                name,
                Sum {
                    priority: incident.priority,
                    count: 0,
                    episodes: 0,
                    first_seen: incident.first_seen,
                    last_seen: incident.last_seen,
                    incidents: Vec::new(),
                    tags: BTreeSet::new(),
                    path: path.into(),
                },
            ));
            sums.len() - 1
        });
        let sum = &mut sums[at].1;
        sum.priority = sum.priority.min(incident.priority);
        sum.count += incident.count;
        sum.episodes += incident.episode_count;
        sum.first_seen = sum.first_seen.min(incident.first_seen);
        sum.last_seen = sum.last_seen.max(incident.last_seen);
        sum.incidents.push(incident.id.clone());
        sum.tags.extend(incident.tags.iter().map(String::as_str));
    }
    sums
}

/// Every host, in the order of its foremost incident.
pub fn hosts(incidents: &[Incident], grouped: &[Grouped], known: &Inventory) -> Vec<Host> {
    let mut named_by: BTreeMap<&str, BTreeSet<host::NamedBy>> = BTreeMap::new();
    for group in grouped {
        named_by.entry(&group.host).or_default().extend(&group.named_by);
    }
    sums(incidents, |incident| (&incident.host, &incident.host_path))
        .into_iter()
        .map(|(name, sum)| Host {
            host: name.into(),
            path: sum.path,
            priority: sum.priority,
            count: sum.count,
            episodes: sum.episodes,
            first_seen: sum.first_seen,
            last_seen: sum.last_seen,
            incidents: sum.incidents,
            named_by: named_by[name].iter().map(|by| by.name().into()).collect(),
            suspect: host::suspect(name).map(Into::into),
            owner: known.find(name).and_then(|machine| machine.owner.clone()),
            weight: known.find(name).map(|machine| machine.weight).unwrap_or_default(),
            note: known.find(name).and_then(|machine| machine.note.clone()),
        })
        .collect()
}

/// Every rule, in the order of its foremost incident.
pub fn rules(incidents: &[Incident], grouped: &[Grouped], library: &Library) -> Vec<Rule> {
    let mut named: BTreeMap<&str, BTreeSet<RuleFrom>> = BTreeMap::new();
    for group in grouped {
        named.entry(&group.rule).or_default().extend(&group.rule_from);
    }
    sums(incidents, |incident| (&incident.rule, &incident.rule_path))
        .into_iter()
        .map(|(name, sum)| {
            let tags: Vec<String> = sum.tags.into_iter().map(Into::into).collect();
            let from: Vec<RuleFrom> = named[name].iter().copied().collect();
            Rule {
                rule_note: summary::rule_note(&from),
                rule_from: from.into_iter().map(|from| from.name().to_owned()).collect(),
                rule: name.into(),
                path: sum.path,
                priority: sum.priority,
                count: sum.count,
                episodes: sum.episodes,
                first_seen: sum.first_seen,
                last_seen: sum.last_seen,
                incidents: sum.incidents,
                attack: attack::among(&tags),
                mitigation: library.find(name, &tags, None),
                tags,
                fleet_wide: Vec::new(),
            }
        })
        .collect()
}

/// Alerts and beginnings of episodes for each day of the zone that has any.
pub fn days(quarters: &ByQuarter, zone: Zone) -> Vec<DayTotal> {
    let mut days: BTreeMap<chrono::NaiveDate, DayTotal> = BTreeMap::new();
    for (quarter, (alerts, begun)) in quarters {
        let local = zone.local(Timestamp::from_secs(quarter * QUARTER));
        let total = days.entry(local.date()).or_insert_with(|| DayTotal {
            day: local.date().to_string(),
            alerts: 0,
            episodes: 0,
            hours: vec![0; 24],
        });
        total.alerts += alerts;
        total.episodes += begun;
        total.hours[chrono::Timelike::hour(&local) as usize] += alerts;
    }
    days.into_values().collect()
}

/// Alerts and beginnings of episodes, by quarter of an hour since the epoch.
pub type ByQuarter = HashMap<i64, (u64, u64)>;

/// The quarters of an hour that have any alert: there are fewer of these than of alerts, and none
/// crosses the edge of a day or an hour in any zone since there has been a Falco.
pub fn quarters(grouped: &[Grouped], edges: &Edges<'_>) -> ByQuarter {
    let of_some = |groups: &[Grouped]| {
        let mut all = ByQuarter::new();
        for group in groups {
            let pulse = group.pulse();
            for (quarter, count) in pulse.quarters() {
                all.entry(quarter).or_default().0 += count;
            }
            for begun in edges.begun(group, pulse.episodes()) {
                all.entry(begun.secs.div_euclid(QUARTER)).or_default().1 += 1;
            }
        }
        all
    };
    let joined = |mut all: ByQuarter, more: ByQuarter| {
        for (quarter, (alerts, begun)) in more {
            let sum = all.entry(quarter).or_default();
            *sum = (sum.0 + alerts, sum.1 + begun);
        }
        all
    };
    grouped.par_chunks(AT_ONCE).map(of_some).reduce(ByQuarter::new, joined)
}
