//! What stands beside an incident: the same rule on other hosts, other rules on the same host.

use std::collections::BTreeMap;

use super::{Episode, Incident, Related};

/// Related incidents that are named.
const NAMED: usize = 12;

/// Fills in `elsewhere` and `nearby` of every incident; they stand in the report's order.
pub fn link(incidents: &mut [Incident], gap: u64) {
    let (mut by_rule, mut by_host) = (BTreeMap::new(), BTreeMap::new());
    for (at, incident) in incidents.iter().enumerate() {
        by_rule.entry(incident.rule.clone()).or_insert_with(Vec::new).push(at);
        by_host.entry(incident.host.clone()).or_insert_with(Vec::new).push(at);
    }
    let related: Vec<_> = (0..incidents.len())
        .map(|at| {
            let this = &incidents[at];
            let others = |all: &[usize]| {
                all.iter().copied().filter(|other| *other != at).collect::<Vec<_>>()
            };
            let elsewhere = others(&by_rule[&this.rule]);
            let mut nearby = others(&by_host[&this.host]);
            nearby.retain(|other| meet(&this.episodes, &incidents[*other].episodes, gap));
            (name(&elsewhere, incidents), name(&nearby, incidents))
        })
        .collect();
    for (incident, (elsewhere, nearby)) in incidents.iter_mut().zip(related) {
        incident.elsewhere = elsewhere;
        incident.nearby = nearby;
    }
}

fn name(all: &[usize], incidents: &[Incident]) -> Related {
    Related {
        list: all.iter().take(NAMED).map(|at| incidents[*at].id.clone()).collect(),
        more: all.len().saturating_sub(NAMED) as u64,
    }
}

/// Whether an episode of one list comes within the gap of one of the other; both are in order.
fn meet(a: &[Episode], b: &[Episode], gap: u64) -> bool {
    let gap = i128::from(gap) * 1_000_000_000;
    let after = |earlier: &Episode, later: &Episode| {
        later.first_seen.nanos_since_epoch() - earlier.last_seen.nanos_since_epoch() > gap
    };
    let (mut left, mut right) = (a.iter().peekable(), b.iter().peekable());
    while let (Some(x), Some(y)) = (left.peek(), right.peek()) {
        if after(x, y) {
            left.next();
        } else if after(y, x) {
            right.next();
        } else {
            return true;
        }
    }
    false
}
