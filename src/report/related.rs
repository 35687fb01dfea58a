//! What stands beside an incident: the same rule on other hosts, other rules on the same host.

use std::{collections::BTreeMap, sync::Arc};

use rayon::prelude::*;

use super::{Incident, Related};
use crate::group::{Grouped, Span};

/// Related incidents that are named.
const NAMED: usize = 12;

/// Incidents that stand beside another, by where they stand in the report.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    list: Vec<u32>,
    more: u64,
}

impl Beside {
    fn of(others: impl Iterator<Item = usize>, count: usize) -> Self {
        let list = others.take(NAMED).map(|at| u32::try_from(at).unwrap_or(u32::MAX)).collect();
        Self { list, more: count.saturating_sub(NAMED) as u64 }
    }

    /// As the report tells of them.
    pub fn tell(&self, ids: &[Arc<str>]) -> Related {
        let list = self.list.iter().map(|at| ids[*at as usize].clone()).collect();
        Related { list, more: self.more }
    }
}

/// The same rule elsewhere and other rules nearby, for each incident; these stand in the report's
/// order, as do the groups that they were made from.
pub fn link(incidents: &[Incident], groups: &[&Grouped], gap: u64) -> Vec<[Beside; 2]> {
    let by_rule = alike(incidents, |incident| &incident.rule);
    let by_host = alike(incidents, |incident| &incident.host);
    let nearby = by_host.par_iter().flat_map_iter(|all| nearby(all, groups, gap));
    let nearby: Vec<(usize, Beside)> = nearby.collect();
    let elsewhere = by_rule.iter().flat_map(|all| {
        all.iter().map(|at| {
            let others = all.iter().copied().filter(|other| other != at);
            (*at, Beside::of(others, all.len() - 1))
        })
    });
    let mut beside = vec![<[Beside; 2]>::default(); incidents.len()];
    for (at, related) in elsewhere {
        beside[at][0] = related;
    }
    for (at, related) in nearby {
        beside[at][1] = related;
    }
    beside
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
fn nearby(all: &[usize], groups: &[&Grouped], gap: u64) -> Vec<(usize, Beside)> {
    let runs: Vec<Vec<(i128, i128)>> = all
        .iter()
        .map(|at| {
            let nanos =
                |span: &Span| (span.first.nanos_since_epoch(), span.last.nanos_since_epoch());
            groups[*at].pulse().episodes().iter().map(nanos).collect()
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
        (*at, Beside::of(others.clone(), others.len()))
    };
    all.iter().zip(&near).map(related).collect()
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
