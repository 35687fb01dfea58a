//! All alerts of a rule on a host, whether inside the period or outside it.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::Key;
use crate::{
    group::{Before, Episodes, Grouped, Span},
    intake::Taken,
    priority::Priority,
};

/// A rule on a host in all of the logs.
#[derive(Clone, Debug)]
pub struct Joined<'g> {
    /// The rule and the host.
    pub key: Key,
    /// The highest priority seen.
    pub priority: Priority,
    /// Alerts by quarter of an hour since the epoch, in order.
    pub quarters: Cow<'g, [(i64, u64)]>,
    /// Runs of alerts, in order. One that crosses an edge of the period is one run.
    pub episodes: Cow<'g, [Span]>,
    /// Its tags; absent where all of its alerts lie outside the period.
    pub tags: Option<Arc<BTreeSet<String>>>,
}

/// The pairs of all logs, ordered by rule and host. `gap` is the silence, in seconds, that ends an
/// episode.
pub fn joined<'g>(taken: &'g Taken, incidents: &'g [Grouped], gap: u64) -> Vec<Joined<'g>> {
    let inside = incidents.iter().map(|grouped| {
        let key = Key { rule: grouped.rule.clone(), host: grouped.host.clone() };
        let inside = Joined {
            key: key.clone(),
            priority: grouped.priority(),
            quarters: Cow::Borrowed(&grouped.quarters),
            episodes: Cow::Borrowed(&grouped.episodes),
            tags: Some(Arc::new(grouped.tags.iter().cloned().collect())),
        };
        (key, inside)
    });
    let mut pairs: BTreeMap<Key, Joined<'g>> = inside.collect();
    for Before { rule, host, priority, quarters, episodes } in &taken.past {
        let key = Key { rule: rule.clone(), host: host.clone() };
        let outside = Joined {
            key: key.clone(),
            priority: *priority,
            quarters: Cow::Borrowed(quarters),
            episodes: Cow::Borrowed(episodes),
            tags: None,
        };
        match pairs.remove(&key) {
            Some(inside) => pairs.insert(key, join(inside, outside, gap)),
            None => pairs.insert(key, outside),
        };
    }
    pairs.into_values().collect()
}

fn join<'g>(inside: Joined<'g>, outside: Joined<'g>, gap: u64) -> Joined<'g> {
    let mut quarters = inside.quarters.into_owned();
    quarters.extend(&*outside.quarters);
    quarters.sort_unstable();
    quarters.dedup_by(|later, earlier| {
        let same = later.0 == earlier.0;
        earlier.1 += if same { later.1 } else { 0 };
        same
    });
    let mut episodes = Episodes::default();
    for span in inside.episodes.iter().chain(&*outside.episodes) {
        episodes.add(*span, gap);
    }
    Joined {
        key: inside.key,
        priority: inside.priority.min(outside.priority),
        quarters: Cow::Owned(quarters),
        episodes: Cow::Owned(episodes.spans().to_vec()),
        tags: inside.tags,
    }
}
