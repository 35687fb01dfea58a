//! Days of a week.

use crate::wording;

/// Their short names, Monday first.
const NAMES: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// A set of days of a week. Days are counted from 0, Monday.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Days(u8);

impl Days {
    /// All seven.
    pub const WEEK: Self = Self(0x7f);

    /// The short name of a day.
    pub fn name(day: usize) -> &'static str {
        NAMES.get(day).copied().unwrap_or("")
    }

    /// Whether a day is among them.
    pub fn contains(self, day: usize) -> bool {
        day < 7 && self.0 & (1 << day) != 0
    }

    /// Adds a day.
    pub fn insert(&mut self, day: usize) {
        if day < 7 {
            self.0 |= 1 << day;
        }
    }

    /// The days of both.
    pub fn both(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The days of either.
    pub fn either(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Each of them, in order.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        (0..7).filter(move |day| self.contains(*day))
    }

    /// The sum of what stands under these days.
    pub fn sum(self, by_day: &[u64; 7]) -> u64 {
        self.iter().map(|day| by_day[day]).sum()
    }

    /// `Mon–Wed`, `Fri`, `Mon and Wed–Sun`.
    pub fn words(self) -> String {
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for day in self.iter() {
            match runs.last_mut() {
                Some((_, last)) if *last + 1 == day => *last = day,
                _ => runs.push((day, day)),
            }
        }
        let words: Vec<String> = runs
            .into_iter()
            .map(|(first, last)| match last - first {
                0 => NAMES[first].into(),
                _ => format!("{}–{}", NAMES[first], NAMES[last]),
            })
            .collect();
        wording::list(&words)
    }
}

impl FromIterator<usize> for Days {
    fn from_iter<I: IntoIterator<Item = usize>>(days: I) -> Self {
        let mut set = Self::default();
        for day in days {
            set.insert(day);
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_named_by_runs() {
        let words = |days: &[usize]| days.iter().copied().collect::<Days>().words();
        assert_eq!(words(&[0, 1, 2]), "Mon–Wed");
        assert_eq!(words(&[4]), "Fri");
        assert_eq!(words(&[0, 2, 3, 4, 5, 6]), "Mon and Wed–Sun");
        assert_eq!(Days::WEEK.words(), "Mon–Sun");
        assert_eq!(Days::WEEK.sum(&[1, 2, 3, 4, 5, 6, 7]), 28);
    }
}
