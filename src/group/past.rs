//! What lies outside the period: enough of each rule and host to compare weeks with, no more.

use hashbrown::HashMap;

use super::{
    episodes::{Episodes, Span},
    quarters::Quarters,
};
use crate::{alert::Alert, priority::Priority};

/// Alerts of one rule on one host outside the period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Before {
    /// Name of the rule.
    pub rule: String,
    /// Name of the host.
    pub host: String,
    /// The highest priority seen.
    pub priority: Priority,
    /// Alerts by quarter of an hour since the epoch, in order.
    pub quarters: Vec<(i64, u64)>,
    /// Runs of alerts, in order.
    pub episodes: Vec<Span>,
}

/// Alerts outside the period, by rule and host.
#[derive(Debug, Default)]
pub struct Past {
    gap: u64,
    pairs: HashMap<(String, String), Pair>,
}

#[derive(Debug)]
struct Pair {
    priority: Priority,
    quarters: Quarters,
    episodes: Episodes,
}

impl Past {
    /// Starts with none. `gap` is the silence, in seconds, that ends an episode.
    pub fn new(gap: u64) -> Self {
        Self { gap, pairs: HashMap::new() }
    }

    /// Counts an alert.
    pub fn add(&mut self, alert: &Alert<'_>, host: &str) {
        let key = (alert.rule.to_string(), host.to_owned());
        let pair = self.pairs.entry(key).or_default();
        pair.priority = pair.priority.min(alert.priority);
        pair.quarters.saw(alert.time);
        pair.episodes.add(Span { first: alert.time, last: alert.time, count: 1 }, self.gap);
    }

    /// Adds another share.
    pub fn absorb(&mut self, other: Self) {
        for (key, theirs) in other.pairs {
            let pair = self.pairs.entry(key).or_default();
            pair.priority = pair.priority.min(theirs.priority);
            pair.quarters.absorb(theirs.quarters);
            pair.episodes.absorb(theirs.episodes, self.gap);
        }
    }

    /// All of them, ordered by rule and host.
    pub fn finish(self) -> Vec<Before> {
        let pairs = self.pairs.into_iter();
        let mut list: Vec<_> = pairs
            .map(|((rule, host), pair)| Before {
                rule,
                host,
                priority: pair.priority,
                quarters: pair.quarters.into_list(),
                episodes: pair.episodes.spans().to_vec(),
            })
            .collect();
        list.sort_by(|a, b| a.rule.cmp(&b.rule).then_with(|| a.host.cmp(&b.host)));
        list
    }
}

impl Default for Pair {
    fn default() -> Self {
        Self {
            priority: Priority::Debug,
            quarters: Quarters::default(),
            episodes: Episodes::default(),
        }
    }
}
