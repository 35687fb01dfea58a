//! Alerts by quarter of an hour: fine enough for the hours of every time zone.

use crate::time::{QUARTER, Timestamp};

/// Quarters since the epoch and their alerts, in order.
#[derive(Clone, Debug, Default)]
pub struct Quarters(Vec<(i64, u64)>);

impl Quarters {
    /// Counts an alert.
    #[inline]
    pub fn saw(&mut self, time: Timestamp) {
        self.add(time.secs.div_euclid(QUARTER), 1);
    }

    /// Adds another's counts.
    pub fn absorb(&mut self, other: Self) {
        for (quarter, count) in other.0 {
            self.add(quarter, count);
        }
    }

    /// The counts.
    pub fn into_list(self) -> Vec<(i64, u64)> {
        self.0
    }

    /// Counts so many alerts of a quarter.
    #[inline]
    pub fn add(&mut self, quarter: i64, count: u64) {
        let at = match self.0.last() {
            Some((last, _)) if *last == quarter => Ok(self.0.len() - 1),
            Some((last, _)) if *last < quarter => Err(self.0.len()),
            _ => self.0.binary_search_by_key(&quarter, |(known, _)| *known),
        };
        match at {
            Ok(at) => self.0[at].1 += count,
            Err(at) => self.0.insert(at, (quarter, count)),
        }
    }
}
