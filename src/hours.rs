//! Hours of a week, counted from its first instant.

use std::{fmt, str::FromStr};

/// Hours that a week can have: 168, one more or one less where summer time changes, and some room
/// for zones that once changed by more.
const MOST: u16 = 192;

/// A set of hours. Hour 0 begins with the week; where summer time ends within it, there is an hour
/// 168.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hours([u64; MOST as usize / 64]);

impl Hours {
    /// Adds an hour; one that no week has is left out.
    pub fn insert(&mut self, hour: u16) {
        if hour < MOST {
            self.0[usize::from(hour / 64)] |= 1 << (hour % 64);
        }
    }

    /// Adds another's hours.
    pub fn absorb(&mut self, other: &Self) {
        for (ours, theirs) in self.0.iter_mut().zip(other.0) {
            *ours |= theirs;
        }
    }

    /// Whether an hour is among them.
    pub fn contains(&self, hour: u16) -> bool {
        hour < MOST && self.0[usize::from(hour / 64)] & 1 << (hour % 64) != 0
    }

    /// Each of them, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = u16> {
        let hours = *self;
        (0..MOST).filter(move |hour| hours.contains(*hour))
    }

    /// How many they are.
    pub fn count(&self) -> u64 {
        self.0.iter().map(|part| u64::from(part.count_ones())).sum()
    }

    /// For each of the first hours of a week whether it is among those written; a part that is
    /// no hours is left out.
    pub fn flags(text: &str, total: u64) -> Vec<bool> {
        let mut hours = Self::default();
        text.split(',').filter_map(|run| run.parse().ok()).for_each(|run| hours.absorb(&run));
        let total = u16::try_from(total).unwrap_or(MOST).min(MOST);
        (0..total).map(|hour| hours.contains(hour)).collect()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|part| *part == 0)
    }
}

impl FromIterator<u16> for Hours {
    fn from_iter<I: IntoIterator<Item = u16>>(hours: I) -> Self {
        let mut set = Self::default();
        for hour in hours {
            set.insert(hour);
        }
        set
    }
}

/// `0-23,30`
impl fmt::Display for Hours {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut hours = self.iter().peekable();
        let mut first = true;
        while let Some(start) = hours.next() {
            let mut end = start;
            while let Some(next) = hours.next_if(|next| *next == end + 1) {
                end = next;
            }
            if !first {
                out.write_str(",")?;
            }
            first = false;
            if start == end { write!(out, "{start}")? } else { write!(out, "{start}-{end}")? }
        }
        Ok(())
    }
}

impl FromStr for Hours {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "hours are written as 0-23,30";
        let hour = |text: &str| text.parse::<u16>().ok().filter(|hour| *hour < MOST).ok_or(wrong);
        let mut set = Self::default();
        for run in text.split(',').filter(|_| !text.is_empty()) {
            let (start, end) = run.split_once('-').unwrap_or((run, run));
            (hour(start)?..=hour(end)?).for_each(|hour| set.insert(hour));
        }
        Ok(set)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_written_as_runs_and_read_back() {
        let hours: Hours = [0, 1, 2, 5, 167, 168, 999].into_iter().collect();
        assert_eq!(hours.to_string(), "0-2,5,167-168");
        assert_eq!(hours.to_string().parse(), Ok(hours));
        assert_eq!("".parse(), Ok(Hours::default()));
        for wrong in ["a", "1-", "0-200", "1,,2", "-3"] {
            assert!(wrong.parse::<Hours>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn each_hour_of_a_week_is_told_and_no_more() {
        let set = |text: &str, total| {
            let flags = Hours::flags(text, total);
            (0..flags.len()).filter(|hour| flags[*hour]).collect::<Vec<_>>()
        };
        assert_eq!(set("0-2,5,7-9", 9), [0, 1, 2, 5, 7, 8]);
        assert!(set("", 168).is_empty() && set("x-3,-1,<b>", 168).is_empty());
        assert_eq!(set("x-3,4,<b>", 168), [4]);
        assert_eq!(Hours::flags("0-18446744073709551615", u64::MAX).len(), usize::from(MOST));
    }
}
