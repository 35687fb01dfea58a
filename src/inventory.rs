//! What people know of hosts: who owns one, and how much it weighs.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::host::matches;

/// How much a host weighs, the heaviest first.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// Its incidents come first.
    Critical,
    /// Its incidents come early.
    High,
    /// Nothing special is known.
    #[default]
    Normal,
    /// Its incidents come late.
    Low,
}

/// A host, or several whose names fit a pattern.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Machine {
    /// Name of the host in the report; a `*` stands for any text.
    pub name: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// How much it weighs.
    #[serde(default)]
    pub weight: Weight,
    /// A word on it.
    pub note: Option<String>,
    /// Groups that it belongs to, by which advice can be for it.
    #[serde(default)]
    pub groups: Vec<String>,
}

/// All that people know of hosts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory(pub Vec<Machine>);

impl Inventory {
    /// What is known of a host: by its name, else by the first pattern that fits.
    pub fn find(&self, host: &str) -> Option<&Machine> {
        let named = self.0.iter().find(|machine| machine.name == host);
        named.or_else(|| self.0.iter().find(|machine| matches(&machine.name, host)))
    }

    /// Every group that a host is in, by name.
    pub fn groups(&self) -> BTreeSet<&str> {
        self.0.iter().flat_map(|machine| machine.groups.iter().map(String::as_str)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_wins_over_a_pattern() {
        let machine = |name: &str, weight| Machine {
            name: name.into(),
            owner: None,
            weight,
            note: None,
            groups: Vec::new(),
        };
        let known = Inventory(vec![
            machine("db-*", Weight::High),
            machine("*", Weight::Low),
            machine("db-1", Weight::Critical),
        ]);
        let weight = |host| known.find(host).map(|machine| machine.weight);
        assert_eq!(weight("db-1"), Some(Weight::Critical));
        assert_eq!(weight("db-2"), Some(Weight::High));
        assert_eq!(weight("web"), Some(Weight::Low));
        assert!(Weight::Critical < Weight::Low);
    }
}
