//! All alerts of a rule on a host, whether inside the period or outside it.

use std::collections::{BTreeMap, BTreeSet};

use super::Key;
use crate::{
    group::{Before, Episodes, Grouped},
    intake::Taken,
    priority::Priority,
};

/// A rule on a host in all of the logs.
#[derive(Clone, Debug)]
pub struct Joined {
    /// The rule and the host.
    pub key: Key,
    /// The highest priority seen.
    pub priority: Priority,
    /// Alerts by quarter of an hour since the epoch, in order.
    pub quarters: Vec<(i64, u64)>,
    /// Runs of alerts. One that crosses an edge of the period is one run.
    pub episodes: Episodes,
    /// Its tags; absent where all of its alerts lie outside the period.
    pub tags: Option<BTreeSet<String>>,
}

/// The pairs of all logs, ordered by rule and host. `gap` is the silence, in seconds, that ends an
/// episode.
pub fn joined(taken: &Taken, incidents: &[Grouped], gap: u64) -> Vec<Joined> {
    let mut pairs: BTreeMap<Key, Joined> = BTreeMap::new();
    for grouped in incidents {
        let Grouped { rule, host, quarters, episodes, .. } = grouped;
        let joined = add(&mut pairs, (rule, host), (priority(grouped), quarters, episodes), gap);
        joined.tags = Some(grouped.tags.iter().cloned().collect());
    }
    for before in &taken.past {
        let Before { rule, host, priority, quarters, episodes } = before;
        add(&mut pairs, (rule, host), (*priority, quarters, episodes), gap);
    }
    pairs.into_values().collect()
}

fn priority(grouped: &Grouped) -> Priority {
    let mut all = Priority::ALL.into_iter();
    all.find(|priority| grouped.priorities[priority.index()] > 0).unwrap_or(Priority::Debug)
}

fn add<'p>(
    pairs: &'p mut BTreeMap<Key, Joined>,
    (rule, host): (&str, &str),
    (priority, quarters, episodes): (Priority, &[(i64, u64)], &[crate::group::Span]),
    gap: u64,
) -> &'p mut Joined {
    let key = Key { rule: rule.into(), host: host.into() };
    let joined = pairs.entry(key.clone()).or_insert_with(|| Joined {
        key,
        priority,
        quarters: Vec::new(),
        episodes: Episodes::default(),
        tags: None,
    });
    joined.priority = joined.priority.min(priority);
    joined.quarters.extend(quarters);
    joined.quarters.sort_unstable();
    joined.quarters.dedup_by(|later, earlier| {
        let same = later.0 == earlier.0;
        earlier.1 += if same { later.1 } else { 0 };
        same
    });
    for span in episodes {
        joined.episodes.add(*span, gap);
    }
    joined
}
