//! What stands beside an incident: the same rule on other hosts, other rules on the same host.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{Episode, Incident, Related};

/// Related incidents that are named.
const NAMED: usize = 12;

/// Fills in `elsewhere` and `nearby` of every incident; they stand in the report's order.
pub fn link(incidents: &mut [Incident], gap: u64) {
    let by_rule = alike(incidents, |incident| &incident.rule);
    let by_host = alike(incidents, |incident| &incident.host);
    let nearby = by_host.par_iter().flat_map_iter(|all| nearby(all, incidents, gap));
    let nearby: Vec<(usize, Related)> = nearby.collect();
    let elsewhere = by_rule.iter().flat_map(|all| {
        all.iter().map(|at| {
            let others = all.iter().copied().filter(|other| other != at);
            (*at, name(others, all.len() - 1, incidents))
        })
    });
    let elsewhere: Vec<(usize, Related)> = elsewhere.collect();
    for (at, related) in elsewhere {
        incidents[at].elsewhere = related;
    }
    for (at, related) in nearby {
        incidents[at].nearby = related;
    }
}

/// Incidents that share a name, by where they stand.
fn alike<'i>(incidents: &'i [Incident], name: impl Fn(&'i Incident) -> &'i str) -> Vec<Vec<usize>> {
    let mut alike: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, incident) in incidents.iter().enumerate() {
        alike.entry(name(incident)).or_default().push(at);
    }
    alike.into_values().collect()
}

/// For each incident of a host, those of the others that one of its episodes comes near to.
fn nearby(all: &[usize], incidents: &[Incident], gap: u64) -> Vec<(usize, Related)> {
    let runs: Vec<Vec<(i128, i128)>> = all
        .iter()
        .map(|at| {
            let episodes = incidents[*at].episodes.iter();
            let ends = |episode: &Episode| {
                (episode.first_seen.nanos_since_epoch(), episode.last_seen.nanos_since_epoch())
            };
            episodes.map(ends).collect()
        })
        .collect();
    let gap = i128::from(gap) * 1_000_000_000;
    // Nearness is mutual: each two are looked at once.
    let mut near: Vec<Vec<usize>> = vec![Vec::new(); all.len()];
    for (a, ours) in runs.iter().enumerate() {
        for (b, theirs) in runs.iter().enumerate().skip(a + 1) {
            if meet(ours, theirs, gap) {
                near[a].push(b);
                near[b].push(a);
            }
        }
    }
    let related = |(at, others): (&usize, &Vec<usize>)| {
        let others = others.iter().map(|other| all[*other]);
        (*at, name(others.clone(), others.len(), incidents))
    };
    all.iter().zip(&near).map(related).collect()
}

fn name(others: impl Iterator<Item = usize>, count: usize, incidents: &[Incident]) -> Related {
    Related {
        list: others.take(NAMED).map(|at| incidents[at].id.clone()).collect(),
        more: count.saturating_sub(NAMED) as u64,
    }
}

/// Whether a run of one list comes within the gap of one of the other; both are in order.
fn meet(a: &[(i128, i128)], b: &[(i128, i128)], gap: i128) -> bool {
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    while let (Some(left), Some(right)) = (a.peek(), b.peek()) {
        if right.0 - left.1 > gap {
            a.next();
        } else if left.0 - right.1 > gap {
            b.next();
        } else {
            return true;
        }
    }
    false
}
