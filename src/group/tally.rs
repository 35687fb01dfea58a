//! Counts of different values, exact up to a bound and then an even choice among them.

use hashbrown::HashMap;

use super::interner::{Id, Interner, rank};

/// Different values that are counted exactly for each field of an incident.
pub const BOUND: usize = 1024;

/// From this many values on they are found through an index.
const INDEXED: usize = 16;

/// Counts by value.
///
/// Beyond the bound the values with the lowest ranks stay (a rank is a digest of the value, so
/// this is an even choice), each with its exact count: a value that stays in the end was never
/// out, whatever the order in which the values came.
#[derive(Clone, Debug, Default)]
pub struct Tally<T> {
    list: Vec<(Id, T)>,
    index: Option<Box<HashMap<Id, u32>>>,
    /// The highest rank that stays, once values have been let go.
    ceiling: Option<u64>,
}

/// What is counted for a value: a number, or a number with more beside it.
pub trait Count: Default {
    /// Adds another's count, whose ids `renamed` turns into this one's.
    fn absorb(&mut self, other: Self, renamed: &[Id], strings: &Interner);
}

impl Count for u64 {
    fn absorb(&mut self, other: Self, _: &[Id], _: &Interner) {
        *self += other;
    }
}

impl<T: Count> Tally<T> {
    /// The count of a value, which is let in if there is room for it or its rank is low enough.
    pub fn entry(&mut self, text: &str, strings: &mut Interner, bound: usize) -> Option<&mut T> {
        if self.ceiling.is_none() && self.list.len() < bound {
            let id = strings.intern(text);
            return Some(self.slot(id));
        }
        let known = strings.find(text);
        if let Some(at) = known.and_then(|id| self.position(id)) {
            return Some(&mut self.list[at].1);
        }
        // Only what is let in is kept as a string, so that strings do not grow with the alerts.
        let rank = known.map_or_else(|| rank(text), |id| strings.rank(id));
        if self.ceiling.is_some_and(|ceiling| rank > ceiling) {
            return None;
        }
        let id = strings.intern(text);
        self.slot(id);
        self.shrink(strings, bound);
        let at = self.position(id)?;
        Some(&mut self.list[at].1)
    }

    /// Adds another tally, whose ids `renamed` turns into this one's.
    pub fn absorb(&mut self, other: Self, renamed: &[Id], strings: &Interner, bound: usize) {
        for (id, count) in other.list {
            self.slot(renamed[id.0 as usize]).absorb(count, renamed, strings);
        }
        let ceiling = self.ceiling.into_iter().chain(other.ceiling).min();
        self.ceiling = ceiling;
        if let Some(ceiling) = ceiling {
            self.list.retain(|(id, _)| strings.rank(*id) <= ceiling);
            self.reindex();
        }
        self.shrink(strings, bound);
    }

    /// Whether every different value was counted.
    pub fn exact(&self) -> bool {
        self.ceiling.is_none()
    }

    /// How many different values there were; an estimate where not all were counted.
    pub fn distinct(&self) -> u64 {
        let kept = self.list.len() as u64;
        match self.ceiling {
            // The kept ones fill the share of all ranks below the ceiling.
            Some(ceiling) if ceiling > 0 => {
                let all = (u128::from(kept.saturating_sub(1)) << 64) / u128::from(ceiling);
                u64::try_from(all).unwrap_or(u64::MAX).max(kept + 1)
            }
            _ => kept,
        }
    }

    /// Values and counts, in no order.
    pub fn list(&self) -> &[(Id, T)] {
        &self.list
    }

    fn position(&self, id: Id) -> Option<usize> {
        match &self.index {
            Some(index) => index.get(&id).map(|at| *at as usize),
            None => self.list.iter().position(|(known, _)| *known == id),
        }
    }

    fn slot(&mut self, id: Id) -> &mut T {
        let at = self.position(id).unwrap_or_else(|| {
            let at = self.list.len();
            self.list.push((id, T::default()));
            if let Some(index) = &mut self.index {
                index.insert(id, u32::try_from(at).unwrap_or(u32::MAX));
            } else if self.list.len() > INDEXED {
                self.reindex();
            }
            at
        });
        &mut self.list[at].1
    }

    fn reindex(&mut self) {
        self.index = (self.list.len() > INDEXED)
            .then(|| Box::new((0..).zip(&self.list).map(|(at, (id, _))| (*id, at)).collect()));
    }

    /// Lets the values with the highest ranks go until the bound holds.
    fn shrink(&mut self, strings: &Interner, bound: usize) {
        if self.list.len() <= bound {
            return;
        }
        let mut ranks: Vec<u64> = self.list.iter().map(|(id, _)| strings.rank(*id)).collect();
        let (_, ceiling, _) = ranks.select_nth_unstable(bound - 1);
        let ceiling = *ceiling;
        self.list.retain(|(id, _)| strings.rank(*id) <= ceiling);
        self.ceiling = Some(ceiling);
        self.reindex();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SMALL: usize = 5;

    fn count(values: &[u8]) -> (Tally<u64>, Interner) {
        let (mut tally, mut strings) = (Tally::default(), Interner::default());
        for value in values {
            if let Some(count) = tally.entry(&value.to_string(), &mut strings, SMALL) {
                *count += 1;
            }
        }
        (tally, strings)
    }

    fn shown(tally: &Tally<u64>, strings: &Interner) -> (Vec<(String, u64)>, bool, u64) {
        let mut list: Vec<_> =
            tally.list().iter().map(|(id, n)| (strings.text(*id).to_owned(), *n)).collect();
        list.sort();
        (list, tally.exact(), tally.distinct())
    }

    proptest! {
        #[test]
        fn any_order_and_any_split_give_the_same(
            values in prop::collection::vec(0_u8..20, 0..80), cut in 0_usize..80, swap in 0_usize..80,
        ) {
            let (whole, strings) = count(&values);
            let expected = shown(&whole, &strings);
            let mut turned = values.clone();
            turned.rotate_left(swap % values.len().max(1));
            let (a, b) = turned.split_at(cut.min(turned.len()));
            let ((mut left, mut ours), (right, theirs)) = (count(a), count(b));
            let renamed = ours.absorb(&theirs);
            left.absorb(right, &renamed, &ours, SMALL);
            prop_assert_eq!(shown(&left, &ours), expected.clone());
            // What is shown has its true count.
            for (value, n) in expected.0 {
                let truth = values.iter().filter(|v| v.to_string() == value).count() as u64;
                prop_assert_eq!(n, truth);
            }
        }
    }

    #[test]
    fn beyond_the_bound_it_says_so() {
        let values: Vec<u8> = (0..200).collect();
        let (tally, _) = count(&values);
        assert!(!tally.exact());
        assert_eq!(tally.list().len(), SMALL);
        assert!((50..800).contains(&tally.distinct()), "{}", tally.distinct());
    }
}
