//! Weeks in order of time, counted from logs and joined with what was recorded.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::NaiveDate;
use hashbrown::HashMap;
use rayon::prelude::*;

use super::{
    Calendar, Joined, Spoke, Week,
    week::{Key, Pair},
};
use crate::{
    days::Days,
    group::Span,
    hours::Hours,
    intake::Taken,
    time::{DAY, QUARTER, Timestamp, Zone},
};

/// Days without any data, between two with, that are taken as quiet. Data further apart stand for
/// themselves: a clock that was wrong by years does not make years of quiet weeks.
const QUIET_DAYS: i64 = 91;

/// Pairs of rule and host that one thread counts before it looks for more to do.
const AT_ONCE: usize = 1024;

/// The rule of Falco's own message that comes at fixed times.
const HEARTBEAT: &str = "Falco internal: metrics snapshot";

/// All weeks, by their Monday.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// What each held.
    pub weeks: BTreeMap<NaiveDate, Week>,
}

/// What a week has from the history alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Alerts that the logs no longer hold.
    pub alerts: u64,
    /// Pairs of rule and host that they are of.
    pub incidents: u64,
}

impl Ledger {
    /// Counts the weeks of all logs, inside the period and outside it.
    pub fn of(pairs: &[Joined<'_>], taken: &Taken, zone: Zone) -> Self {
        let some = |pairs: &[Joined<'_>]| {
            let mut weeks = Weeks::new(zone);
            for joined in pairs {
                weeks.add(joined);
            }
            weeks
        };
        let parts: Vec<Weeks> = pairs.par_chunks(AT_ONCE).map(some).collect();
        let mut weeks = parts.into_iter().fold(Weeks::new(zone), Weeks::and);
        for (rule, tally) in &taken.sensor {
            for (host, quarters) in &tally.spoke {
                weeks.spoke(host, quarters, rule == HEARTBEAT);
            }
        }
        // Alerts below the lowest priority are of no pair, and yet they are data.
        for time in taken.files.iter().flat_map(|file| [file.first, file.last]).flatten() {
            weeks.days.insert(local_day(time.secs, zone));
        }
        weeks.finish()
    }

    /// Joins what was recorded, and tells for each week what came from there alone.
    pub fn keep(&mut self, recorded: &Self) -> BTreeMap<NaiveDate, Kept> {
        let mut all = BTreeMap::new();
        for (monday, record) in &recorded.weeks {
            let week = self.weeks.entry(*monday).or_default();
            let mut kept = Kept::default();
            for (key, pair) in &record.pairs {
                let now = week.pairs.get(key).map_or([0; 7], |pair| pair.alerts);
                let lost = (0..7).map(|day| pair.alerts[day].saturating_sub(now[day])).sum::<u64>();
                kept.alerts += lost;
                kept.incidents += u64::from(lost > 0);
            }
            week.join(record);
            all.insert(*monday, kept);
        }
        all
    }

    /// The newest week of the longest-lasting data: one wrong clock does not make a week of the
    /// far future the present one.
    pub fn newest(&self) -> Option<NaiveDate> {
        let mut stretches: Vec<(u64, NaiveDate)> = Vec::new();
        let mut before: Option<NaiveDate> = None;
        for (monday, week) in &self.weeks {
            let near = before.is_some_and(|before| (*monday - before).num_days() <= QUIET_DAYS + 7);
            before = Some(*monday);
            let size = 1 + week.pairs.values().flat_map(|pair| pair.alerts).sum::<u64>();
            match stretches.last_mut() {
                Some(last) if near => *last = (last.0 + size, *monday),
                _ => stretches.push((size, *monday)),
            }
        }
        stretches.into_iter().max().map(|(_, newest)| newest)
    }
}

/// Weeks while they are counted.
struct Weeks {
    zone: Zone,
    known: BTreeMap<i64, Growing>,
    /// Days with data, counted from 1970-01-01.
    days: BTreeSet<i64>,
}

/// A week while it is counted.
struct Growing {
    calendar: Calendar,
    covered: Days,
    /// In the order in which pairs come.
    pairs: Vec<(Key, Pair)>,
    hosts: HashMap<Arc<str>, Spoke>,
}

impl Growing {
    fn host(&mut self, host: &Arc<str>) -> &mut Spoke {
        self.hosts.entry_ref(host).or_default()
    }

    fn week(self) -> (NaiveDate, Week) {
        let (pairs, hosts) = (self.pairs.into_iter().collect(), self.hosts.into_iter().collect());
        (self.calendar.monday, Week { covered: self.covered, pairs, hosts })
    }
}

impl Weeks {
    const fn new(zone: Zone) -> Self {
        Self { zone, known: BTreeMap::new(), days: BTreeSet::new() }
    }

    /// Adds what was counted of the pairs behind these.
    fn and(mut self, next: Self) -> Self {
        self.days.extend(next.days);
        for (monday, theirs) in next.known {
            let week = self.week(monday);
            week.pairs.extend(theirs.pairs);
            for (host, spoke) in &theirs.hosts {
                week.host(host).absorb(spoke);
            }
        }
        self
    }

    fn add(&mut self, joined: &Joined<'_>) {
        let mut counts: Vec<(i64, Counts)> = Vec::new();
        let mut latest = None;
        for (quarter, alerts) in &*joined.quarters() {
            let secs = quarter * QUARTER;
            let day = local_day(secs, self.zone);
            if latest.replace(day) != Some(day) {
                self.days.insert(day);
            }
            let monday = week_of(day);
            let hour = self.week(monday).calendar.hour(secs);
            // Nearly always the last; summer time may end at midnight, and give a day twice.
            let at = match counts.last() {
                Some((last, _)) if *last == monday => counts.len() - 1,
                _ => counts.partition_point(|(before, _)| *before < monday),
            };
            if counts.get(at).is_none_or(|(there, _)| *there != monday) {
                counts.insert(at, (monday, Counts::begin(*quarter)));
            }
            let count = &mut counts[at].1;
            count.alerts[weekday(day)] += alerts;
            count.hours.insert(hour);
            count.last = *quarter;
        }
        let first_and_last = |span: &Span| {
            [span.first, span.last].map(|time| week_of(local_day(time.secs, self.zone)))
        };
        for span in &*joined.episodes() {
            let [first, last] = first_and_last(span);
            let from = counts.partition_point(|(monday, _)| *monday < first);
            let within = counts[from..].iter_mut().take_while(|(monday, _)| *monday <= last);
            for (monday, count) in within {
                count.meets(span, *monday == first, *monday == last, self.zone);
            }
        }
        for (monday, count) in counts {
            let week = self.week(monday);
            week.host(&joined.key.host).hours.absorb(&count.hours);
            week.pairs.push((joined.key.clone(), count.pair(joined)));
        }
    }

    fn spoke(&mut self, host: &str, quarters: &BTreeSet<i64>, heartbeat: bool) {
        let host: Arc<str> = host.into();
        for quarter in quarters {
            let secs = quarter * QUARTER;
            let day = local_day(secs, self.zone);
            self.days.insert(day);
            let week = self.week(week_of(day));
            let hour = week.calendar.hour(secs);
            let spoke = week.host(&host);
            spoke.hours.insert(hour);
            spoke.heartbeat |= heartbeat;
        }
    }

    /// The week that begins on a day counted from 1970-01-01.
    fn week(&mut self, monday: i64) -> &mut Growing {
        let zone = self.zone;
        self.known.entry(monday).or_insert_with(|| Growing {
            calendar: Calendar::of(date(monday), zone),
            covered: Days::default(),
            pairs: Vec::new(),
            hosts: HashMap::new(),
        })
    }

    fn finish(mut self) -> Ledger {
        for (first, last) in stretches(&self.days) {
            for day in first..=last {
                self.week(week_of(day)).covered.insert(weekday(day));
            }
        }
        let known: Vec<Growing> = self.known.into_values().collect();
        Ledger { weeks: known.into_par_iter().map(Growing::week).collect() }
    }
}

/// A pair's counts of one week while they grow.
struct Counts {
    hours: Hours,
    alerts: [u64; 7],
    episodes: [u64; 7],
    first: i64,
    last: i64,
    began: Option<Timestamp>,
    ended: Option<Timestamp>,
    continuous: bool,
    continued: bool,
    goes_on: bool,
}

impl Counts {
    fn begin(quarter: i64) -> Self {
        Self {
            hours: Hours::default(),
            alerts: [0; 7],
            episodes: [0; 7],
            first: quarter,
            last: quarter,
            began: None,
            ended: None,
            continuous: false,
            continued: false,
            goes_on: false,
        }
    }

    /// Takes an episode into account that lies in the week, or partly. Episodes come in order.
    fn meets(&mut self, span: &Span, begins: bool, ends: bool, zone: Zone) {
        let length = span.last.nanos_since_epoch() - span.first.nanos_since_epoch();
        self.continuous |= length > i128::from(DAY) * 1_000_000_000;
        self.continued |= !begins;
        self.goes_on |= !ends;
        if begins {
            self.episodes[weekday(local_day(span.first.secs, zone))] += 1;
            self.began = self.began.or(Some(span.first));
        }
        if ends {
            self.ended = Some(span.last);
        }
    }

    fn pair(self, joined: &Joined<'_>) -> Pair {
        let quarter = |quarter: i64| Timestamp::from_secs(quarter * QUARTER);
        let first = self.began.filter(|_| !self.continued);
        let last = self.ended.filter(|_| !self.goes_on);
        Pair {
            priority: joined.priority,
            alerts: self.alerts,
            episodes: self.episodes,
            first_seen: first.unwrap_or_else(|| quarter(self.first)),
            last_seen: last.unwrap_or_else(|| quarter(self.last)),
            continuous: self.continuous,
            continued: self.continued,
            goes_on: self.goes_on,
            tags: joined.tags.clone(),
        }
    }
}

impl Ledger {
    /// A pair in a week.
    pub fn pair(&self, monday: NaiveDate, key: &Key) -> Option<&Pair> {
        self.weeks.get(&monday)?.pairs.get(key)
    }

    /// The days of a week that the data cover.
    pub fn covered(&self, monday: NaiveDate) -> Days {
        self.weeks.get(&monday).map_or_else(Days::default, |week| week.covered)
    }
}

/// The first and last day of each stretch of data.
fn stretches(days: &BTreeSet<i64>) -> Vec<(i64, i64)> {
    let mut stretches: Vec<(i64, i64)> = Vec::new();
    for day in days {
        match stretches.last_mut() {
            Some((_, last)) if day - *last <= QUIET_DAYS => *last = *day,
            _ => stretches.push((*day, *day)),
        }
    }
    stretches
}

fn local_day(secs: i64, zone: Zone) -> i64 {
    (secs + zone.offset(secs)).div_euclid(DAY)
}

/// The Monday of a day, both counted from 1970-01-01, a Thursday.
fn week_of(day: i64) -> i64 {
    day - (day + 3).rem_euclid(7)
}

fn weekday(day: i64) -> usize {
    usize::try_from((day + 3).rem_euclid(7)).unwrap_or(0)
}

fn date(day: i64) -> NaiveDate {
    i32::try_from(day).ok().and_then(NaiveDate::from_epoch_days).unwrap_or_default()
}
