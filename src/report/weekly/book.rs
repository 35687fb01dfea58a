//! The weeks of a ledger with the sums that are compared.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use hashbrown::HashMap;
use rayon::prelude::*;

use crate::{
    attack,
    days::Days,
    history::{Calendar, Key, Ledger, Pair, Week},
    priority::Priority,
    time::{Timestamp, Zone},
};

/// Weeks before one that are looked at for what is usual and for what fell silent.
pub const RECENT: u64 = 4;

/// Weeks before one that are counted as history.
pub const HISTORY: u64 = 8;

/// Counts of a rule, a host or a pair in a week.
#[derive(Clone, Debug)]
pub struct Sum<'l> {
    /// The highest priority.
    pub priority: Priority,
    /// Alerts by day.
    pub alerts: [u64; 7],
    /// Episodes by the day on which they began.
    pub episodes: [u64; 7],
    /// Whether it is continuous: of a pair only.
    pub continuous: bool,
    /// Incidents with an episode that came over from the week before.
    pub continued: u64,
    /// Hosts of a rule, rules of a host.
    pub others: BTreeSet<&'l str>,
}

impl<'l> Sum<'l> {
    fn new() -> Self {
        Self {
            priority: Priority::Debug,
            alerts: [0; 7],
            episodes: [0; 7],
            continuous: false,
            continued: 0,
            others: BTreeSet::new(),
        }
    }

    fn add(&mut self, pair: &Pair, other: Option<&'l str>) {
        self.priority = self.priority.min(pair.priority);
        for day in 0..7 {
            self.alerts[day] += pair.alerts[day];
            self.episodes[day] += pair.episodes[day];
        }
        self.continued += u64::from(pair.continued);
        self.others.extend(other);
    }

    /// Whether it has an alert on one of these days.
    pub fn seen(&self, days: Days) -> bool {
        days.sum(&self.alerts) > 0
    }
}

/// What is summed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject<'l> {
    /// A rule.
    Rule(&'l str),
    /// A host.
    Host(&'l str),
    /// A rule on a host.
    Pair(&'l Key),
}

/// A week with its sums.
#[derive(Debug)]
pub struct Sums<'l> {
    /// The week.
    pub week: &'l Week,
    /// Sums of every rule, host and pair, in no order.
    pub by: HashMap<Subject<'l>, Sum<'l>>,
    /// Days on which each host sent data.
    pub reported: BTreeMap<&'l str, Days>,
}

/// All weeks.
#[derive(Debug)]
pub struct Book<'l> {
    /// The zone in which days are counted.
    pub zone: Zone,
    /// The weeks by their Monday.
    pub weeks: BTreeMap<NaiveDate, Sums<'l>>,
    /// The techniques of each rule whose tags any week knows.
    pub techniques: BTreeMap<&'l str, Vec<String>>,
}

impl<'l> Book<'l> {
    /// Sums up a ledger.
    pub fn new(ledger: &'l Ledger, zone: Zone) -> Self {
        let weeks = ledger.weeks.par_iter();
        let summed = weeks.map(|(monday, week)| (*monday, sums(*monday, week, zone)));
        Self { techniques: techniques(ledger), zone, weeks: summed.collect() }
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
    for (key, pair) in ledger.weeks.values().flat_map(|week| &week.pairs) {
        if let Some(known) = &pair.tags {
            tags.entry(&key.rule).or_default().extend(&**known);
        }
    }
    let of = |tags: BTreeSet<&String>| {
        let tags: Vec<String> = tags.into_iter().cloned().collect();
        let named = attack::among(&tags).into_iter().filter(|tag| tag.kind == "technique");
        named.map(|tag| tag.id).collect()
    };
    tags.into_iter().map(|(rule, tags)| (rule, of(tags))).collect()
}

fn sums<'l>(monday: NaiveDate, week: &'l Week, zone: Zone) -> Sums<'l> {
    let mut by: HashMap<Subject<'l>, Sum<'l>> = HashMap::new();
    for (key, pair) in &week.pairs {
        let mut add = |subject, other| by.entry(subject).or_insert_with(Sum::new).add(pair, other);
        add(Subject::Rule(&key.rule), Some(key.host.as_str()));
        add(Subject::Host(&key.host), Some(key.rule.as_str()));
        add(Subject::Pair(key), None);
        if let Some(sum) = by.get_mut(&Subject::Pair(key)) {
            sum.continuous = pair.continuous;
        }
    }
    let calendar = Calendar::of(monday, zone);
    let days = |spoke: &crate::history::Spoke| {
        spoke.hours.iter().map(|hour| calendar.weekday(calendar.instant(hour))).collect()
    };
    let reported = week.hosts.iter().map(|(host, spoke)| (host.as_str(), days(spoke))).collect();
    Sums { week, by, reported }
}
