//! Which of the user's files apply to a rule at a place.
//!
//! A file is for what it names: rules, former names, techniques or tags (any of them will do), and
//! namespaces, hosts or groups (each of those kinds that it names must fit). Of several, the first by
//! [`Rank`] is the advice; all that extend are applied, the last by it first.

use std::cmp::Reverse;

use serde::Serialize;

use super::{Extends, FrontMatter, Library};
use crate::{attack, host::matches, report::AttackTag};

/// Where a rule fired.
#[derive(Clone, Debug, Default)]
pub struct Place<'p> {
    /// Name of the host.
    pub host: &'p str,
    /// Groups that the host is in.
    pub groups: &'p [String],
    /// Kubernetes namespaces, that with the most alerts first.
    pub namespaces: Vec<&'p str>,
}

/// A file of the user's that applies to a rule in certain namespaces or on certain hosts alone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Only {
    /// The file.
    pub file: String,
    /// How it is for the rule.
    pub matched_by: String,
    /// Its namespaces.
    pub namespaces: Vec<String>,
    /// Its hosts.
    pub hosts: Vec<String>,
    /// Its groups of hosts.
    pub groups: Vec<String>,
    /// `append` or `replace`, where it extends; absent where it is the whole advice.
    pub extends: Option<String>,
}

/// How narrowly a file fits, the narrowest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    way: usize,
    /// Kinds of place that it names, most first.
    kinds: Reverse<usize>,
    /// Where its namespace stands among those of the place.
    namespace: usize,
}

/// The ways in which a file can be for something, the narrowest first.
const WAYS: [&str; 9] =
    ["rule", "former_name", "technique", "tag", "tactic", "namespace", "host", "group", "general"];

/// A rule with its tags as they are looked up.
struct Subject<'s> {
    rule: &'s str,
    tags: &'s [String],
    attack: Vec<AttackTag>,
}

impl<'s> Subject<'s> {
    fn new(rule: &'s str, tags: &'s [String]) -> Self {
        Self { rule, tags, attack: attack::among(tags) }
    }

    /// How a file is for the rule; by its place, where it names neither rule nor tag.
    fn way(&self, front: &FrontMatter) -> Option<usize> {
        let has = |list: &[String], name: &str| list.iter().any(|one| one == name);
        let techniques = || self.attack.iter().filter(|tag| tag.kind == "technique");
        let technique = |tag: &AttackTag| {
            let parent = tag.id.split('.').next().unwrap_or(&tag.id);
            has(&front.techniques, &tag.id) || has(&front.techniques, parent)
        };
        let tag = |plain: bool| {
            self.tags.iter().any(|tag| attack::tag(tag).is_none() == plain && has(&front.tags, tag))
        };
        if !front.names_a_rule() {
            let places = [&front.namespaces, &front.hosts, &front.groups];
            return Some(5 + places.iter().position(|list| !list.is_empty()).unwrap_or(3));
        }
        [
            has(&front.rules, self.rule),
            has(&front.former_names, self.rule),
            techniques().any(technique),
            tag(true),
            tag(false),
        ]
        .iter()
        .position(|fits| *fits)
    }

    /// How narrowly a file fits the rule at a place; `None` where it does not.
    fn rank(&self, front: &FrontMatter, place: Option<&Place<'_>>) -> Option<Rank> {
        let way = self.way(front)?;
        let rank = |kinds, namespace| Some(Rank { way, kinds: Reverse(kinds), namespace });
        if !front.names_a_place() {
            return rank(0, 0);
        }
        let place = place?;
        let host = |name: &String| matches(name, place.host);
        let group = |name: &String| place.groups.contains(name);
        let in_namespace = |name: &str| front.namespaces.iter().any(|one| matches(one, name));
        let namespace = place.namespaces.iter().position(|name| in_namespace(name));
        let fits = |list: &[String], found: bool| list.is_empty() || found;
        let all = fits(&front.namespaces, namespace.is_some())
            && fits(&front.hosts, front.hosts.iter().any(host))
            && fits(&front.groups, front.groups.iter().any(group));
        let lists = [&front.namespaces, &front.hosts, &front.groups];
        let kinds = lists.iter().filter(|list| !list.is_empty()).count();
        if all { rank(kinds, namespace.unwrap_or(0)) } else { None }
    }
}

impl Library {
    /// The user's advice for a rule that takes the place of the bundled one.
    pub(super) fn own_choice(
        &self,
        rule: &str,
        tags: &[String],
        place: Option<&Place<'_>>,
    ) -> Option<(&str, &'static str)> {
        let subject = Subject::new(rule, tags);
        let whole = self.own().filter(|(_, advice)| advice.front.extends.is_none());
        let ranked = whole.filter_map(|(file, advice)| {
            let front = &advice.front;
            let named = front.names_a_rule() || front.names_a_place();
            named.then_some((subject.rank(front, place)?, file))
        });
        ranked.min().map(|(rank, file)| (file, WAYS[rank.way]))
    }

    /// The user's advice that extends what was found, the widest first, so that the narrowest has
    /// the last word.
    pub(super) fn extensions(
        &self,
        rule: &str,
        tags: &[String],
        place: Option<&Place<'_>>,
    ) -> Vec<String> {
        let subject = Subject::new(rule, tags);
        let mut ranked: Vec<_> = self
            .own()
            .filter(|(_, advice)| advice.front.extends.is_some())
            .filter_map(|(file, advice)| Some((subject.rank(&advice.front, place)?, file)))
            .collect();
        ranked.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
        ranked.into_iter().map(|(_, file)| file.to_owned()).collect()
    }

    /// The user's files that apply to a rule in certain places alone, by name.
    pub(super) fn only(&self, rule: &str, tags: &[String]) -> Vec<Only> {
        let subject = Subject::new(rule, tags);
        let scoped = self.own().filter(|(_, advice)| advice.front.names_a_place());
        scoped
            .filter_map(|(file, advice)| {
                let front = &advice.front;
                Some(Only {
                    file: file.into(),
                    matched_by: WAYS[subject.way(front)?].into(),
                    namespaces: front.namespaces.clone(),
                    hosts: front.hosts.clone(),
                    groups: front.groups.clone(),
                    extends: front.extends.map(Extends::word).map(Into::into),
                })
            })
            .collect()
    }

    /// Whether where a rule fired can change its advice.
    pub fn depends_on_place(&self) -> bool {
        self.own().any(|(_, advice)| advice.front.names_a_place())
    }
}
