//! Rules, hosts and pairs of both by number. Numbers are in the order of names, so that what is
//! ordered by number is ordered by name, and what is known of each is found without its name.

use std::sync::Arc;

use hashbrown::{HashMap, HashSet};

use super::{AttackTag, MitigationRef, incident, weekly::Subject};
use crate::{
    attack,
    group::Grouped,
    history::{Key, Ledger},
    inventory::{Inventory, Machine},
    mitigation::Library,
    slug,
};

/// All names that the weeks of a ledger know.
#[derive(Debug, Default)]
pub struct Names<'l> {
    /// Rules.
    pub rules: Numbers<'l>,
    /// Hosts, those without an alert too.
    pub hosts: Numbers<'l>,
    /// The rule and host of each pair.
    pairs: Vec<(u32, u32)>,
}

/// Names in order.
#[derive(Debug, Default)]
pub struct Numbers<'l> {
    list: Vec<&'l Arc<str>>,
    numbers: HashMap<&'l str, u32>,
}

impl<'l> Numbers<'l> {
    fn of(names: impl Iterator<Item = &'l Arc<str>>) -> Self {
        let names: HashSet<&Arc<str>> = names.collect();
        let mut list: Vec<_> = names.into_iter().collect();
        list.sort_unstable();
        let numbers = (0..).zip(&list).map(|(number, name)| (&***name, number)).collect();
        Self { list, numbers }
    }

    /// The number of a name.
    pub fn number(&self, name: &str) -> Option<u32> {
        self.numbers.get(name).copied()
    }

    /// The name that has a number.
    pub fn name(&self, number: u32) -> &'l Arc<str> {
        self.list[number as usize]
    }

    /// All names in order.
    pub fn list(&self) -> &[&'l Arc<str>] {
        &self.list
    }
}

impl<'l> Names<'l> {
    /// Numbers them.
    pub fn of(ledger: &'l Ledger) -> Self {
        let keys = || ledger.weeks.values().flat_map(|week| week.pairs.keys());
        let spoke = ledger.weeks.values().flat_map(|week| week.hosts.keys());
        let mut names = Self {
            rules: Numbers::of(keys().map(|key| &key.rule)),
            hosts: Numbers::of(keys().map(|key| &key.host).chain(spoke)),
            pairs: Vec::new(),
        };
        let mut pairs: Vec<_> = keys().filter_map(|key| names.both(key)).collect();
        pairs.sort_unstable();
        pairs.dedup();
        names.pairs = pairs;
        names
    }

    fn both(&self, key: &Key) -> Option<(u32, u32)> {
        Some((self.rules.number(&key.rule)?, self.hosts.number(&key.host)?))
    }

    /// The number of a rule on a host.
    pub fn pair(&self, rule: &str, host: &str) -> Option<u32> {
        let both = (self.rules.number(rule)?, self.hosts.number(host)?);
        let at = self.pairs.binary_search(&both).ok()?;
        u32::try_from(at).ok()
    }

    /// The numbers of the rule and the host of a pair.
    pub fn of_pair(&self, pair: u32) -> (u32, u32) {
        self.pairs[pair as usize]
    }
}

/// What rules, hosts and pairs are called in a site, and what people know of hosts.
#[derive(Debug)]
pub struct Called<'l> {
    /// The names.
    pub names: &'l Names<'l>,
    /// Their pages and ids.
    pub pages: Pages,
    machines: Vec<Option<&'l Machine>>,
}

impl<'l> Called<'l> {
    /// For a report of some incidents.
    pub fn new(names: &'l Names<'l>, grouped: &[Grouped], inventory: &'l Inventory) -> Self {
        let machines = names.hosts.list.iter().map(|host| inventory.find(host)).collect();
        Self { names, pages: Pages::of(names, grouped), machines }
    }

    /// What people know of the host of a pair.
    pub fn machine(&self, pair: u32) -> Option<&'l Machine> {
        self.machines[self.names.of_pair(pair).1 as usize]
    }
}

/// Tags, and the advice that fits rule and tags: most incidents of a rule have the same.
pub struct Advice<'a> {
    library: &'a Library,
    found: HashMap<(&'a str, &'a [String]), Advised>,
}

/// What incidents of the same rule with the same tags share.
#[derive(Clone)]
pub struct Advised {
    /// The tags.
    pub tags: Arc<[String]>,
    /// Tactics and techniques among them.
    pub attack: Arc<[AttackTag]>,
    /// The advice that fits.
    pub mitigation: Arc<MitigationRef>,
}

impl<'a> Advice<'a> {
    /// From a library.
    pub fn new(library: &'a Library) -> Self {
        Self { library, found: HashMap::new() }
    }

    /// Those of a group.
    pub fn of(&mut self, group: &'a Grouped) -> Advised {
        let (rule, tags) = (group.rule.as_str(), group.tags.as_slice());
        let find = || Advised {
            tags: tags.into(),
            attack: attack::among(tags).into(),
            mitigation: self.library.find(rule, tags, None).into(),
        };
        self.found.entry((rule, tags)).or_insert_with(find).clone()
    }
}

/// Pages and ids, by number.
#[derive(Debug, Default)]
pub struct Pages {
    /// The page of each rule, if this report has one.
    pub rules: Vec<Option<Arc<str>>>,
    /// The page of each host, if this report has one.
    pub hosts: Vec<Option<Arc<str>>>,
    /// The page of each pair, if this report has one.
    pub pairs: Vec<Option<Arc<str>>>,
    /// The id of each pair.
    pub ids: Vec<Arc<str>>,
}

impl Pages {
    /// Those of a report's incidents.
    pub fn of(names: &Names<'_>, grouped: &[Grouped]) -> Self {
        let mut pages = Self {
            rules: vec![None; names.rules.list.len()],
            hosts: vec![None; names.hosts.list.len()],
            pairs: vec![None; names.pairs.len()],
            ids: Vec::new(),
        };
        let called = |names: &Numbers<'_>| -> Vec<Texts> {
            names.list.iter().map(|name| Texts::of(name)).collect()
        };
        let (rules, hosts) = (called(&names.rules), called(&names.hosts));
        let ids = names.pairs.iter().map(|(rule, host)| {
            let readable = [&rules[*rule as usize].readable, &hosts[*host as usize].readable];
            let both = (names.rules.name(*rule), names.hosts.name(*host));
            incident::id(readable.map(String::as_str), both.0, both.1).into()
        });
        pages.ids = ids.collect();
        for group in grouped {
            let Some(pair) = names.pair(&group.rule, &group.host) else { continue };
            let (rule, host) = names.of_pair(pair);
            let (rule, host) = (rule as usize, host as usize);
            let (rule_slug, host_slug) = (&rules[rule].slug, &hosts[host].slug);
            pages.rules[rule].get_or_insert_with(|| format!("rules/{rule_slug}").into());
            pages.hosts[host].get_or_insert_with(|| format!("hosts/{host_slug}").into());
            pages.pairs[pair as usize] = Some(format!("incidents/{rule_slug}/{host_slug}").into());
        }
        pages
    }

    /// The page of something, if it has one.
    pub fn path(&self, subject: Subject) -> Option<Arc<str>> {
        match subject {
            Subject::Rule(rule) => self.rules[rule as usize].clone(),
            Subject::Host(host) => self.hosts[host as usize].clone(),
            Subject::Pair(pair) => self.pairs[pair as usize].clone(),
        }
    }
}

/// A name in paths and ids.
struct Texts {
    slug: String,
    readable: String,
}

impl Texts {
    fn of(name: &str) -> Self {
        Self { slug: slug::slug(name), readable: slug::readable(name) }
    }
}
