//! All incidents of a share of the records, and the merging of shares.

use std::hash::BuildHasher as _;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::{
    Sighting,
    incident::{Grouped, Growing},
    interner::{Id, Interner},
};

/// Incidents while alerts come in.
#[derive(Debug, Default)]
pub struct Groups {
    gap: u64,
    strings: Interner,
    list: Vec<Growing>,
    table: HashTable<u32>,
    hasher: DefaultHashBuilder,
    scratch: String,
}

impl Groups {
    /// Starts with none. `gap` is the silence, in seconds, that ends an episode.
    pub fn new(gap: u64) -> Self {
        Self { gap, ..Self::default() }
    }

    /// Counts an alert.
    pub fn add(&mut self, sighting: &Sighting<'_>) {
        let rule = self.strings.intern(&sighting.alert.rule);
        let host = self.strings.intern(sighting.host);
        let at = self
            .position(rule, host)
            .unwrap_or_else(|| self.push(Growing::begin(rule, host, sighting)));
        self.list[at].add(sighting, self.gap, &mut self.strings, &mut self.scratch);
    }

    /// Adds another share.
    pub fn absorb(&mut self, other: Self) {
        let renamed = self.strings.absorb(&other.strings);
        for theirs in other.list {
            let rule = renamed[theirs.rule.0 as usize];
            let host = renamed[theirs.host.0 as usize];
            match self.position(rule, host) {
                Some(at) => self.list[at].absorb(theirs, self.gap, &renamed, &self.strings),
                None => {
                    let theirs = theirs.renamed(&renamed, &self.strings);
                    self.push(theirs);
                }
            }
        }
    }

    /// The incidents, ordered by rule and host.
    pub fn finish(self) -> Vec<Grouped> {
        let strings = self.strings;
        let mut list: Vec<_> =
            self.list.into_iter().map(|incident| incident.finish(&strings)).collect();
        list.sort_by(|a, b| a.rule.cmp(&b.rule).then_with(|| a.host.cmp(&b.host)));
        list
    }

    fn position(&self, rule: Id, host: Id) -> Option<usize> {
        let hash = self.hasher.hash_one((rule, host));
        let found = self.table.find(hash, |at| {
            let incident = &self.list[*at as usize];
            incident.rule == rule && incident.host == host
        });
        found.map(|at| *at as usize)
    }

    fn push(&mut self, incident: Growing) -> usize {
        let at = self.list.len();
        let hash = self.hasher.hash_one((incident.rule, incident.host));
        self.list.push(incident);
        let Self { list, hasher, table, .. } = self;
        table.insert_unique(hash, u32::try_from(at).unwrap_or(u32::MAX), |at| {
            let incident = &list[*at as usize];
            hasher.hash_one((incident.rule, incident.host))
        });
        at
    }
}
