//! Weeks in order of time, counted from logs and joined with what was recorded.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{
    Calendar, Joined, Week,
    week::{Key, Pair},
};
use crate::{
    days::Days,
    group::Span,
    intake::Taken,
    time::{DAY, QUARTER, Timestamp, Zone},
};

/// Days without any data, between two with, that are taken as quiet. Data further apart stand for
/// themselves: a clock that was wrong by years does not make years of quiet weeks.
const QUIET_DAYS: i64 = 91;

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
        let mut weeks = Weeks { zone, known: BTreeMap::new(), days: BTreeSet::new() };
        for joined in pairs {
            weeks.add(joined);
        }
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
    known: BTreeMap<i64, (Calendar, Week)>,
    /// Days with data, counted from 1970-01-01.
    days: BTreeSet<i64>,
}

impl Weeks {
    fn add(&mut self, joined: &Joined<'_>) {
        let mut counts: BTreeMap<i64, Counts> = BTreeMap::new();
        for (quarter, alerts) in &*joined.quarters {
            let secs = quarter * QUARTER;
            let day = local_day(secs, self.zone);
            self.days.insert(day);
            let entry = counts.entry(week_of(day)).or_insert_with(|| Counts::begin(*quarter));
            entry.alerts[weekday(day)] += alerts;
            entry.last = *quarter;
            let (calendar, week) = self.week(week_of(day));
            let hour = calendar.hour(secs);
            week.hosts.entry(joined.key.host.clone()).or_default().hours.insert(hour);
        }
        let first_and_last = |span: &Span| {
            [span.first, span.last].map(|time| week_of(local_day(time.secs, self.zone)))
        };
        for span in &*joined.episodes {
            let [first, last] = first_and_last(span);
            for (week, count) in counts.range_mut(first..=last) {
                count.meets(span, *week == first, *week == last, self.zone);
            }
        }
        for (monday, count) in counts {
            let pair = count.pair(joined);
            self.week(monday).1.pairs.insert(joined.key.clone(), pair);
        }
    }

    fn spoke(&mut self, host: &str, quarters: &BTreeSet<i64>, heartbeat: bool) {
        for quarter in quarters {
            let secs = quarter * QUARTER;
            let day = local_day(secs, self.zone);
            self.days.insert(day);
            let (calendar, week) = self.week(week_of(day));
            let hour = calendar.hour(secs);
            let spoke = week.hosts.entry(host.to_owned()).or_default();
            spoke.hours.insert(hour);
            spoke.heartbeat |= heartbeat;
        }
    }

    /// The week that begins on a day counted from 1970-01-01.
    fn week(&mut self, monday: i64) -> &mut (Calendar, Week) {
        let zone = self.zone;
        self.known
            .entry(monday)
            .or_insert_with(|| (Calendar::of(date(monday), zone), Week::default()))
    }

    fn finish(mut self) -> Ledger {
        for (first, last) in stretches(&self.days) {
            for day in first..=last {
                self.week(week_of(day)).1.covered.insert(weekday(day));
            }
        }
        let weeks = self.known.into_values().map(|(calendar, week)| (calendar.monday, week));
        Ledger { weeks: weeks.collect() }
    }
}

/// A pair's counts of one week while they grow.
struct Counts {
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
