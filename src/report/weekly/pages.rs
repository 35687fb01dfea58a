//! Which incidents, rules and hosts have a page in this report.

use std::collections::BTreeSet;

use super::book::Subject;
use crate::{group::Grouped, history::Key, slug};

/// The names that have pages.
#[derive(Debug, Default)]
pub struct Pages {
    pairs: BTreeSet<Key>,
    rules: BTreeSet<String>,
    hosts: BTreeSet<String>,
}

impl Pages {
    /// Those of a report's incidents.
    pub fn of(grouped: &[Grouped]) -> Self {
        let key = |one: &Grouped| Key { rule: one.rule.clone(), host: one.host.clone() };
        Self {
            pairs: grouped.iter().map(key).collect(),
            rules: grouped.iter().map(|one| one.rule.clone()).collect(),
            hosts: grouped.iter().map(|one| one.host.clone()).collect(),
        }
    }

    /// The page of something, if it has one.
    pub fn path(&self, subject: &Subject<'_>) -> Option<String> {
        match subject {
            Subject::Rule(rule) => {
                self.rules.contains(*rule).then(|| format!("rules/{}", slug::slug(rule)))
            }
            Subject::Host(host) => {
                self.hosts.contains(*host).then(|| format!("hosts/{}", slug::slug(host)))
            }
            Subject::Pair(key) => self
                .pairs
                .contains(*key)
                .then(|| format!("incidents/{}/{}", slug::slug(&key.rule), slug::slug(&key.host))),
        }
    }
}
