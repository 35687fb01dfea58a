//! One week: what was counted in it, and where it lies in time.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{Datelike as _, Days as Count, NaiveDate, Weekday};

use crate::{
    days::Days,
    hours::Hours,
    priority::Priority,
    time::{Timestamp, Zone},
};

/// A rule and a host. Their names stand in every week, and are shared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Name of the rule.
    pub rule: Arc<str>,
    /// Name of the host.
    pub host: Arc<str>,
}

/// One rule on one host in one week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The highest priority seen in all of the logs that the week was counted from.
    pub priority: Priority,
    /// Alerts by day, Monday first.
    pub alerts: [u64; 7],
    /// Episodes by the day on which they began.
    pub episodes: [u64; 7],
    /// First alert of the week; to a quarter of an hour where an episode came over from the week
    /// before.
    pub first_seen: Timestamp,
    /// Last alert of the week; to a quarter of an hour where an episode went on.
    pub last_seen: Timestamp,
    /// Whether an episode longer than 24 hours lies in the week, or a part of one.
    pub continuous: bool,
    /// Whether an episode came over from the week before.
    pub continued: bool,
    /// Whether an episode went on into the week after.
    pub goes_on: bool,
    /// Its tags; absent where they are not known, since its alerts lay outside of the period whenever
    /// they were counted.
    pub tags: Option<Arc<BTreeSet<String>>>,
}

impl Pair {
    /// Adds what another count of the same pair and week has: for each day the one with more
    /// alerts. Counts of the same logs, or of parts of them, can be joined in any order.
    pub fn join(&mut self, other: &Self) {
        for day in 0..7 {
            let theirs = (other.alerts[day], other.episodes[day]);
            if theirs > (self.alerts[day], self.episodes[day]) {
                (self.alerts[day], self.episodes[day]) = theirs;
            }
        }
        self.priority = self.priority.min(other.priority);
        self.first_seen = self.first_seen.min(other.first_seen);
        self.last_seen = self.last_seen.max(other.last_seen);
        self.continuous |= other.continuous;
        self.continued |= other.continued;
        self.goes_on |= other.goes_on;
        if let Some(theirs) = &other.tags {
            let ours = self.tags.get_or_insert_default();
            if !theirs.is_subset(ours) {
                Arc::make_mut(ours).extend(theirs.iter().cloned());
            }
        }
    }
}

/// When a host spoke.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spoke {
    /// Hours in which it sent an alert or a message on Falco's own health.
    pub hours: Hours,
    /// Whether Falco's metrics, which come at fixed times, are among them.
    pub heartbeat: bool,
}

impl Spoke {
    /// Adds what else is known of the host.
    pub fn absorb(&mut self, other: &Self) {
        self.hours.absorb(&other.hours);
        self.heartbeat |= other.heartbeat;
    }
}

/// What was counted in a week.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Week {
    /// Days that lie between the first and the last of the data.
    pub covered: Days,
    /// What each rule did on each host.
    pub pairs: BTreeMap<Key, Pair>,
    /// When each host spoke.
    pub hosts: BTreeMap<Arc<str>, Spoke>,
}

impl Week {
    /// Adds what another count of the same week has.
    pub fn join(&mut self, other: &Self) {
        self.covered = self.covered.either(other.covered);
        for (key, theirs) in &other.pairs {
            match self.pairs.get_mut(key) {
                Some(pair) => pair.join(theirs),
                None => {
                    self.pairs.insert(key.clone(), theirs.clone());
                }
            }
        }
        for (host, theirs) in &other.hosts {
            self.hosts.entry(host.clone()).or_default().absorb(theirs);
        }
    }
}

/// Where a week lies in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// Its first day.
    pub monday: NaiveDate,
    /// Its first instant.
    pub from: Timestamp,
    /// The first instant after it.
    pub to: Timestamp,
    zone: Zone,
}

impl Calendar {
    /// The week that begins on a Monday, in a zone.
    pub fn of(monday: NaiveDate, zone: Zone) -> Self {
        let next = monday.checked_add_days(Count::new(7)).unwrap_or(monday);
        Self { monday, from: start(monday, zone), to: start(next, zone), zone }
    }

    /// The Monday of the week that holds a day.
    pub fn monday(day: NaiveDate) -> NaiveDate {
        day.week(Weekday::Mon).checked_first_day().unwrap_or(day)
    }

    /// The Monday so many weeks earlier.
    pub fn back(monday: NaiveDate, weeks: u64) -> NaiveDate {
        monday.checked_sub_days(Count::new(7 * weeks)).unwrap_or(monday)
    }

    /// The day so many days after Monday.
    pub fn day(&self, at: usize) -> NaiveDate {
        self.monday.checked_add_days(Count::new(at as u64)).unwrap_or(self.monday)
    }

    /// Hours in it: 168, or 167 or 169 where summer time begins or ends.
    pub fn hours(&self) -> u64 {
        (self.to.secs - self.from.secs).unsigned_abs() / 3600
    }

    /// The hour of the week that holds an instant.
    pub fn hour(&self, secs: i64) -> u16 {
        u16::try_from((secs - self.from.secs).div_euclid(3600)).unwrap_or(u16::MAX)
    }

    /// The first instant of an hour of the week.
    pub fn instant(&self, hour: u16) -> Timestamp {
        Timestamp::from_secs(self.from.secs + i64::from(hour) * 3600)
    }

    /// The day of an instant, from 0.
    pub fn weekday(&self, time: Timestamp) -> usize {
        self.zone.local(time).date().weekday().num_days_from_monday() as usize
    }
}

/// The first instant of a day; of the weeks at both ends of time, as much as can be written.
fn start(day: NaiveDate, zone: Zone) -> Timestamp {
    Timestamp::nearest(zone.start_of_day(day).secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_is_an_hour_shorter_or_longer_where_summer_time_changes() {
        let berlin = Zone::named("Europe/Berlin").unwrap();
        let hours = |year, month, day| {
            Calendar::of(NaiveDate::from_ymd_opt(year, month, day).unwrap(), berlin).hours()
        };
        assert_eq!(hours(2026, 3, 23), 167);
        assert_eq!(hours(2026, 10, 19), 169);
        assert_eq!(hours(2026, 11, 16), 168);
    }

    #[test]
    fn the_ends_of_time_can_be_written() {
        let day = |text: &str| Calendar::monday(text.parse().unwrap());
        let first = Calendar::of(day("0000-01-01"), Zone::UTC).from;
        assert_eq!(first.to_string(), "0000-01-01T00:00:00.000000000Z");
        let last = Calendar::of(day("9999-12-31"), Zone::UTC).to;
        assert_eq!(last.to_string(), "9999-12-31T23:59:59.000000000Z");
    }

    #[test]
    fn the_iso_year_may_begin_in_another() {
        let day = NaiveDate::from_ymd_opt(2027, 1, 1).unwrap();
        assert_eq!(Calendar::monday(day).to_string(), "2026-12-28");
        assert_eq!(Calendar::back(Calendar::monday(day), 2).to_string(), "2026-12-14");
    }
}
