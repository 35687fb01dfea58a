//! Values that stand together in one alert, counted together.

use hashbrown::HashMap;

use super::{
    rank,
    strings::{Id, Look},
    tally::{Iter, Tally},
};

/// Alerts by the values that stand together in them. Beyond the bound those with the lowest ranks
/// stay, each with its exact count, as in a column.
#[derive(Clone, Debug)]
pub struct Tuples<const N: usize> {
    counts: Tally<N>,
    bound: usize,
    /// The highest rank that stays, once tuples have been let go.
    ceiling: Option<u64>,
}

impl<const N: usize> Tuples<N> {
    /// Starts with none, to keep so many exactly.
    pub fn new(bound: usize) -> Self {
        Self { counts: Tally::default(), bound, ceiling: None }
    }

    /// Counts alerts with these values.
    pub fn add(&mut self, alerts: impl Iterator<Item = [Id; N]>, strings: &impl Look) {
        let Self { counts, bound, ceiling } = self;
        let is_in = |values| ceiling.is_none_or(|ceiling| rank_of(&values, strings) <= ceiling);
        counts.add(alerts.map(|values| (values, 1)).collect(), |values, _| is_in(values));
        if counts.len() > *bound + *bound / 2 {
            self.shrink(strings);
        }
    }

    /// The highest rank that new values may have; `None` for any.
    pub const fn ceiling(&self) -> Option<u64> {
        self.ceiling
    }

    /// Lets go of what is above the bound.
    pub fn settle(&mut self, strings: &impl Look) {
        if self.counts.len() > self.bound {
            self.shrink(strings);
        }
    }

    /// All of them, in no order that means anything.
    pub fn iter(&self) -> Iter<'_, N> {
        self.counts.iter()
    }

    fn shrink(&mut self, strings: &impl Look) {
        let ranks = self.counts.iter().map(|(values, _)| (values, rank_of(&values, strings)));
        let ranks: HashMap<[Id; N], u64> = ranks.collect();
        let ceiling = rank::ceiling(ranks.values().copied(), self.bound);
        self.counts.retain(|values, _| ranks[&values] <= ceiling);
        self.ceiling = Some(ceiling);
    }
}

fn rank_of<const N: usize>(values: &[Id; N], strings: &impl Look) -> u64 {
    let mut rank = rank::Parts::default();
    for value in values {
        if value.is_text() {
            strings.look(*value, |text| rank.add(Some(text)));
        } else {
            rank.add(None);
        }
    }
    rank.finish()
}
