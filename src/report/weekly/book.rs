//! The weeks of a ledger with the sums that are compared.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use hashbrown::HashMap;
use rayon::prelude::*;

use super::numbered::Numbered;
use crate::{
    attack,
    days::Days,
    history::{Calendar, Ledger, Pair, Spoke, Week},
    priority::Priority,
    report::names::Names,
    time::{Timestamp, Zone},
};

/// Weeks before one that are looked at for what is usual and for what fell silent.
pub const RECENT: u64 = 4;

/// Weeks before one that are counted as history.
pub const HISTORY: u64 = 8;

/// Counts of a rule or a host in a week.
#[derive(Clone, Debug)]
pub struct Sum {
    /// The highest priority.
    pub priority: Priority,
    /// Alerts by day.
    pub alerts: [u64; 7],
    /// Episodes by the day on which they began.
    pub episodes: [u64; 7],
    /// Incidents with an episode that came over from the week before.
    pub continued: u64,
    /// Hosts of a rule, rules of a host, in order.
    pub others: Vec<u32>,
}

impl Sum {
    const fn new() -> Self {
        Self {
            priority: Priority::Debug,
            alerts: [0; 7],
            episodes: [0; 7],
            continued: 0,
            others: Vec::new(),
        }
    }

    fn add(&mut self, pair: &Pair, other: u32) {
        self.priority = self.priority.min(pair.priority);
        add(&mut self.alerts, &pair.alerts);
        add(&mut self.episodes, &pair.episodes);
        self.continued += u64::from(pair.continued);
        // Pairs come in order, each once.
        self.others.push(other);
    }
}

fn add(sums: &mut [u64; 7], days: &[u64; 7]) {
    for (sum, day) in sums.iter_mut().zip(days) {
        *sum += day;
    }
}

/// What is summed by, as a number of [`Names`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A rule.
    Rule(u32),
    /// A host.
    Host(u32),
    /// A rule on a host.
    Pair(u32),
}

/// Counts of a rule, a host or a pair in a week.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'b> {
    /// The highest priority.
    pub priority: Priority,
    /// Alerts by day.
    pub alerts: &'b [u64; 7],
    /// Episodes by the day on which they began.
    pub episodes: &'b [u64; 7],
    /// Whether it is continuous: of a pair only.
    pub continuous: bool,
}

impl Seen<'_> {
    /// Whether it has an alert on one of these days.
    pub fn on(&self, days: Days) -> bool {
        days.sum(self.alerts) > 0
    }
}

/// A week with its sums.
#[derive(Debug)]
pub struct Sums<'l> {
    /// The week.
    pub week: &'l Week,
    /// Every rule.
    pub rules: Numbered<Sum>,
    /// Every host with an alert.
    pub hosts: Numbered<Sum>,
    /// Every pair.
    pub pairs: Numbered<&'l Pair>,
    /// When each host sent data, and on which days.
    pub spoke: Numbered<(&'l Spoke, Days)>,
    /// Alerts by day.
    pub alerts: [u64; 7],
    /// Episodes by the day on which they began.
    pub episodes: [u64; 7],
    /// Pairs of each priority by the days on which they have alerts.
    pub on: BTreeMap<(Priority, Days), u64>,
    /// The last alert.
    pub last_seen: Option<Timestamp>,
}

impl Sums<'_> {
    /// The counts of something.
    pub fn get(&self, subject: Subject) -> Option<Seen<'_>> {
        let sum = match subject {
            Subject::Rule(rule) => self.rules.get(rule)?,
            Subject::Host(host) => self.hosts.get(host)?,
            Subject::Pair(pair) => {
                let Pair { priority, alerts, episodes, continuous, .. } = *self.pairs.get(pair)?;
                let (priority, continuous) = (*priority, *continuous);
                return Some(Seen { priority, alerts, episodes, continuous });
            }
        };
        let Sum { priority, alerts, episodes, .. } = sum;
        Some(Seen { priority: *priority, alerts, episodes, continuous: false })
    }

    /// Whether something has an alert.
    pub fn has(&self, subject: Subject) -> bool {
        self.get(subject).is_some()
    }

    /// Everything that has an alert, in order.
    pub fn subjects(&self) -> impl Iterator<Item = Subject> {
        let rules = self.rules.numbers().map(Subject::Rule);
        let hosts = self.hosts.numbers().map(Subject::Host);
        rules.chain(hosts).chain(self.pairs.numbers().map(Subject::Pair))
    }

    /// Pairs with an alert on some days, those of one priority or all.
    pub fn incidents(&self, days: Days, wanted: Option<Priority>) -> u64 {
        let on = self.on.iter().filter(|((priority, on), _)| {
            !on.both(days).is_empty() && wanted.is_none_or(|wanted| wanted == *priority)
        });
        on.map(|(_, pairs)| pairs).sum()
    }
}

/// All weeks.
#[derive(Debug)]
pub struct Book<'l> {
    /// The zone in which days are counted.
    pub zone: Zone,
    /// What its numbers mean.
    pub names: &'l Names<'l>,
    /// The weeks by their Monday.
    pub weeks: BTreeMap<NaiveDate, Sums<'l>>,
    /// The techniques of each rule whose tags any week knows.
    pub techniques: BTreeMap<&'l str, Vec<String>>,
}

impl<'l> Book<'l> {
    /// Sums up a ledger.
    pub fn new(ledger: &'l Ledger, names: &'l Names<'l>, zone: Zone) -> Self {
        let weeks = ledger.weeks.par_iter();
        let summed = weeks.map(|(monday, week)| (*monday, sums(*monday, week, names, zone)));
        Self { techniques: techniques(ledger), zone, names, weeks: summed.collect() }
    }

    /// The sums of a week that the data cover, if only in part.
    pub fn week(&self, monday: NaiveDate) -> Option<&Sums<'l>> {
        self.weeks.get(&monday).filter(|sums| !sums.week.covered.is_empty())
    }

    /// So many weeks before a week, those that the data cover, the nearest first.
    pub fn before(&self, monday: NaiveDate, weeks: u64) -> impl Iterator<Item = &Sums<'l>> {
        (1..=weeks).filter_map(move |back| self.week(Calendar::back(monday, back)))
    }

    /// The end of the data of a week: that of the week itself, if there are data after it.
    pub fn end(&self, monday: NaiveDate) -> Timestamp {
        let calendar = Calendar::of(monday, self.zone);
        let later = self.weeks.range(calendar.day(7)..).next().is_some();
        let hours = self.weeks.get(&monday).into_iter().flat_map(|sums| sums.week.hosts.values());
        let last = hours.filter_map(|spoke| spoke.hours.iter().next_back()).max();
        match last {
            Some(last) if !later => calendar.instant(last + 1).min(calendar.to),
            _ => calendar.to,
        }
    }
}

fn techniques(ledger: &Ledger) -> BTreeMap<&str, Vec<String>> {
    let mut tags: BTreeMap<&str, BTreeSet<&String>> = BTreeMap::new();
    let mut last: Option<(&str, &BTreeSet<String>)> = None;
    for (key, pair) in ledger.weeks.values().flat_map(|week| &week.pairs) {
        let Some(known) = pair.tags.as_deref() else { continue };
        // Pairs of a rule come one after another, and most have the same tags.
        let same = |(rule, before): (&str, &BTreeSet<String>)| {
            std::ptr::eq(before, known) && *rule == *key.rule
        };
        if !last.replace((&key.rule, known)).is_some_and(same) {
            tags.entry(&key.rule).or_default().extend(known);
        }
    }
    let of = |tags: BTreeSet<&String>| {
        let tags: Vec<String> = tags.into_iter().cloned().collect();
        let named = attack::among(&tags).into_iter().filter(|tag| tag.kind == "technique");
        named.map(|tag| tag.id).collect()
    };
    tags.into_iter().map(|(rule, tags)| (rule, of(tags))).collect()
}

fn sums<'l>(monday: NaiveDate, week: &'l Week, names: &Names<'_>, zone: Zone) -> Sums<'l> {
    let (mut rules, mut hosts) = (HashMap::new(), HashMap::new());
    let (mut alerts, mut episodes, mut on) = ([0; 7], [0; 7], BTreeMap::new());
    let mut pairs: Vec<(u32, &Pair)> = Vec::with_capacity(week.pairs.len());
    for (key, pair) in &week.pairs {
        let Some(number) = names.pair(&key.rule, &key.host) else { continue };
        let (rule, host) = names.of_pair(number);
        rules.entry(rule).or_insert_with(Sum::new).add(pair, host);
        hosts.entry(host).or_insert_with(Sum::new).add(pair, rule);
        pairs.push((number, pair));
        add(&mut alerts, &pair.alerts);
        add(&mut episodes, &pair.episodes);
        let days = (0..7).filter(|day| pair.alerts[*day] > 0).collect();
        *on.entry((pair.priority, days)).or_default() += 1;
    }
    let calendar = Calendar::of(monday, zone);
    let spoke = week.hosts.iter().filter_map(|(host, spoke)| {
        let days = spoke.hours.iter().map(|hour| calendar.weekday(calendar.instant(hour)));
        Some((names.hosts.number(host)?, (spoke, days.collect())))
    });
    Sums {
        rules: rules.into_iter().collect(),
        hosts: hosts.into_iter().collect(),
        pairs: pairs.into_iter().collect(),
        spoke: spoke.collect(),
        alerts,
        episodes,
        on,
        last_seen: week.pairs.values().map(|pair| pair.last_seen).max(),
        week,
    }
}
