//! All alerts of a rule on a host, whether inside the period or outside it.

use std::{borrow::Cow, collections::BTreeSet, sync::Arc};

use hashbrown::HashMap;

use super::Key;
use crate::{
    group::{Before, Episodes, Grouped, Span, sum_alike},
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
    when: When<'g>,
    /// Its tags; absent where all of its alerts lie outside the period.
    pub tags: Option<Arc<BTreeSet<String>>>,
}

/// Where it is counted when the alerts of a pair came.
#[derive(Clone, Debug)]
enum When<'g> {
    Inside(&'g Grouped),
    Outside(&'g Before),
    /// On both sides of an edge of the period.
    Both {
        quarters: Vec<(i64, u64)>,
        episodes: Vec<Span>,
    },
}

/// The pairs of all logs, ordered by rule and host. `gap` is the silence, in seconds, that ends an
/// episode.
pub fn joined<'g>(taken: &'g Taken, incidents: &'g [Grouped], gap: u64) -> Vec<Joined<'g>> {
    let mut shared = Shared::default();
    let mut pairs: Vec<Joined<'g>> = Vec::with_capacity(incidents.len() + taken.past.len());
    pairs.extend(incidents.iter().map(|grouped| Joined {
        key: shared.key(&grouped.rule, &grouped.host),
        priority: grouped.priority(),
        when: When::Inside(grouped),
        tags: Some(shared.tags(&grouped.tags)),
    }));
    pairs.extend(taken.past.iter().map(|before| Joined {
        key: shared.key(&before.rule, &before.host),
        priority: before.priority,
        when: When::Outside(before),
        tags: None,
    }));
    // Stable: what lies inside the period stays before what lies outside.
    pairs.sort_by(|a, b| a.key.cmp(&b.key));
    pairs.dedup_by(|outside, inside| {
        let same = outside.key == inside.key;
        if same {
            inside.join(outside, gap);
        }
        same
    });
    pairs
}

impl Joined<'_> {
    /// Alerts by quarter of an hour since the epoch, in order.
    pub fn quarters(&self) -> Cow<'_, [(i64, u64)]> {
        match &self.when {
            When::Inside(grouped) => Cow::Owned(grouped.pulse().quarters()),
            When::Outside(before) => Cow::Borrowed(&before.quarters),
            When::Both { quarters, .. } => Cow::Borrowed(quarters),
        }
    }

    /// Runs of alerts, in order. One that crosses an edge of the period is one run.
    pub fn episodes(&self) -> Cow<'_, [Span]> {
        match &self.when {
            When::Inside(grouped) => Cow::Owned(grouped.pulse().episodes()),
            When::Outside(before) => Cow::Borrowed(&before.episodes),
            When::Both { episodes, .. } => Cow::Borrowed(episodes),
        }
    }

    fn join(&mut self, outside: &Self, gap: u64) {
        let mut quarters = self.quarters().into_owned();
        quarters.extend(&*outside.quarters());
        quarters.sort_unstable();
        sum_alike(&mut quarters);
        let mut episodes = Episodes::default();
        for span in self.episodes().iter().chain(&*outside.episodes()) {
            episodes.add(*span, gap);
        }
        self.priority = self.priority.min(outside.priority);
        self.when = When::Both { quarters, episodes: episodes.spans().to_vec() };
    }
}

/// Names and tags, each of which many pairs have.
#[derive(Default)]
struct Shared<'g> {
    names: HashMap<&'g str, Arc<str>>,
    tags: HashMap<&'g [String], Arc<BTreeSet<String>>>,
}

impl<'g> Shared<'g> {
    fn key(&mut self, rule: &'g str, host: &'g str) -> Key {
        let mut name =
            |name: &'g str| self.names.entry(name).or_insert_with(|| name.into()).clone();
        Key { rule: name(rule), host: name(host) }
    }

    fn tags(&mut self, tags: &'g [String]) -> Arc<BTreeSet<String>> {
        let set = || Arc::new(tags.iter().cloned().collect());
        self.tags.entry(tags).or_insert_with(set).clone()
    }
}
