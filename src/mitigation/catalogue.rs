//! Every rule that is known, and the advice for it.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::{Deserialize, Serialize};

use super::{Library, Only};
use crate::bundled;

/// The rules of Falco's own files and official plugins.
#[derive(Debug, Deserialize)]
pub struct Catalogue {
    rules: Vec<Rule>,
    renamed: Vec<Old>,
    retired: Vec<Old>,
}

#[derive(Debug, Deserialize)]
struct Rule {
    name: String,
    tags: Vec<String>,
    former_names: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Old {
    name: String,
    now: Option<Vec<String>>,
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    serde_json::from_str(bundled::FALCO_RULES).expect("a test reads the catalogue")
});

/// What is known of the name of a rule.
#[derive(Debug, PartialEq, Eq)]
pub enum Known<'c> {
    /// A rule has it.
    Present,
    /// Rules once had it, and are called otherwise now.
    Former(Vec<&'c str>),
    /// A rule had it that is no more.
    Retired,
    /// No rule has it, or had it.
    Unknown,
}

impl Catalogue {
    /// The bundled catalogue.
    pub fn bundled() -> &'static Self {
        &CATALOGUE
    }

    /// What is known of a name.
    pub fn know(&self, name: &str) -> Known<'_> {
        if self.rules.iter().any(|rule| rule.name == name) {
            return Known::Present;
        }
        let has = |rule: &&Rule| rule.former_names.iter().any(|former| former == name);
        let now: Vec<_> = self.rules.iter().filter(has).map(|rule| rule.name.as_str()).collect();
        if !now.is_empty() {
            return Known::Former(now);
        }
        let old = self.renamed.iter().chain(&self.retired).filter(|old| old.name == name);
        let olds: Vec<_> = old.collect();
        let now = olds.iter().flat_map(|old| old.now.iter().flatten()).map(String::as_str);
        let now: Vec<_> = now.filter(|now| self.know(now) == Known::Present).collect();
        match (olds.is_empty(), now.is_empty()) {
            (true, _) => Known::Unknown,
            (false, true) => Known::Retired,
            (false, false) => Known::Former(now),
        }
    }

    /// Whether a rule has a tag.
    pub fn has_tag(&self, tag: &str) -> bool {
        self.rules.iter().any(|rule| rule.tags.iter().any(|one| one == tag))
    }

    /// Names of the present rules.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.rules.iter().map(|rule| rule.name.as_str())
    }

    /// Names that rules once had.
    pub fn former_names(&self) -> impl Iterator<Item = &str> {
        let former = self.rules.iter().flat_map(|rule| &rule.former_names);
        let old = self.renamed.iter().chain(&self.retired).map(|old| &old.name);
        former.chain(old).map(String::as_str)
    }
}

/// A rule and its advice, as `mitigations list` shows them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Row {
    /// Name of the rule.
    pub rule: String,
    /// File with the advice.
    pub file: String,
    /// How it was found.
    pub matched_by: String,
    /// Files of the user's that extend it, in the order in which they do.
    pub extended_by: Vec<String>,
    /// Files of the user's that apply in certain namespaces or on certain hosts alone.
    pub only: Vec<Only>,
}

/// The advice for every rule of Falco's own files, for the names that rules once had, and for the
/// rules that the user's advice names.
pub fn catalogue(library: &Library) -> Vec<Row> {
    let known = Catalogue::bundled();
    let mut rules: BTreeMap<&str, &[String]> = BTreeMap::new();
    for name in library.own_rules().chain(known.former_names()) {
        rules.insert(name, &[]);
    }
    rules.extend(known.rules.iter().map(|rule| (rule.name.as_str(), rule.tags.as_slice())));
    rules
        .into_iter()
        .map(|(rule, tags)| {
            let found = library.find(rule, tags, None);
            Row {
                rule: rule.into(),
                file: found.file,
                matched_by: found.matched_by,
                extended_by: found.extended_by,
                only: library.only(rule, tags),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_rules_are_known() {
        let known = Catalogue::bundled();
        assert_eq!(known.know("Run shell untrusted"), Known::Present);
        let now = vec!["Run shell untrusted", "Terminal shell in container"];
        assert_eq!(known.know("Run shell in container"), Known::Former(now));
        assert_eq!(known.know("Dummy rule"), Known::Retired);
        assert_eq!(known.know("Run shell untrustet"), Known::Unknown);
    }
}
