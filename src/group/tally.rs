//! Counts by key, as one list in the order of the keys: what an incident with many alerts has
//! beside their number, in as little room as it takes.

use super::{
    numbers::{Numbers, put},
    strings::{Id, pack, unpack},
};

/// Counts by key, each told by what differs from the one before it. Alerts are added many at a time,
/// since each time all is written anew.
#[derive(Clone, Debug, Default)]
pub struct Tally<const N: usize> {
    bytes: Vec<u8>,
    len: usize,
}

impl<const N: usize> Tally<N> {
    /// Adds counts. A key that is not there becomes one if `admit`, told of its count, lets it in.
    pub fn add(
        &mut self,
        mut counts: Vec<([Id; N], u64)>,
        mut admit: impl FnMut([Id; N], u64) -> bool,
    ) {
        counts.sort_unstable_by_key(|(key, _)| *key);
        sum_alike(&mut counts);
        let mut all = Writer::with_room(self.bytes.len() + counts.len() * (N + 4));
        let mut known = self.iter().peekable();
        for (key, count) in counts {
            while let Some((before, theirs)) = known.next_if(|(theirs, _)| *theirs < key) {
                all.push(before, theirs);
            }
            match known.next_if(|(theirs, _)| *theirs == key) {
                Some((_, before)) => all.push(key, before + count),
                None if admit(key, count) => all.push(key, count),
                None => {}
            }
        }
        known.for_each(|(key, count)| all.push(key, count));
        *self = all.finish();
    }

    /// All counts, in order.
    pub fn iter(&self) -> Iter<'_, N> {
        Iter { rest: Numbers(&self.bytes), last: [Id(0); N] }
    }

    /// How many keys there are.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Lets go of the keys that `keep` does not hold on to.
    pub fn retain(&mut self, mut keep: impl FnMut([Id; N], u64) -> bool) {
        let mut kept = Writer::with_room(self.bytes.len());
        let stay = self.iter().filter(|(key, count)| keep(*key, *count));
        stay.for_each(|(key, count)| kept.push(key, count));
        *self = kept.finish();
    }
}

/// Counts as they are written, in order.
struct Writer<const N: usize> {
    tally: Tally<N>,
    last: [Id; N],
}

impl<const N: usize> Writer<N> {
    fn with_room(bytes: usize) -> Self {
        Self { tally: Tally { bytes: Vec::with_capacity(bytes), len: 0 }, last: [Id(0); N] }
    }

    fn push(&mut self, key: [Id; N], count: u64) {
        let Self { tally: Tally { bytes, len }, last } = self;
        let same = key.iter().zip(&*last).take_while(|(now, before)| now == before).count();
        // Only the first key can be the one that all begins with.
        let from = if same == N { 0 } else { same };
        put(bytes, from as u64);
        put(bytes, u64::from(key[from].0 - last[from].0));
        for id in &key[from + 1..] {
            put(bytes, pack(*id));
        }
        put(bytes, count);
        *last = key;
        *len += 1;
    }

    fn finish(mut self) -> Tally<N> {
        self.tally.bytes.shrink_to_fit();
        self.tally
    }
}

/// Counts as they are read, in order.
#[derive(Clone, Debug)]
pub struct Iter<'t, const N: usize> {
    rest: Numbers<'t>,
    last: [Id; N],
}

impl<const N: usize> Iterator for Iter<'_, N> {
    type Item = ([Id; N], u64);

    #[expect(clippy::cast_possible_truncation, reason = "written from 32 bits")]
    fn next(&mut self) -> Option<Self::Item> {
        let Self { rest, last } = self;
        if rest.is_empty() {
            return None;
        }
        let from = rest.take() as usize;
        last[from].0 += rest.take() as u32;
        for id in &mut last[from + 1..] {
            *id = unpack(rest.take());
        }
        Some((*last, rest.take()))
    }
}

/// Counts of the same key that stand next to one another become their sum.
pub fn sum_alike<K: PartialEq>(counts: &mut Vec<(K, u64)>) {
    counts.dedup_by(|later, kept| {
        let same = later.0 == kept.0;
        kept.1 += if same { later.1 } else { 0 };
        same
    });
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    /// Few and many, at both ends.
    fn id() -> impl Strategy<Value = Id> {
        prop_oneof![0_u32..4, 100..90_000_u32, u32::MAX - 5..=u32::MAX].prop_map(Id)
    }

    proptest! {
        #[test]
        fn counts_as_a_map_does(
            batches in prop::collection::vec(prop::collection::vec([id(), id(), id()], 0..30), 0..6),
        ) {
            let (mut tally, mut map) = (Tally::default(), BTreeMap::new());
            let wanted = |key: [Id; 3]| key[1] != Id(2);
            for batch in batches {
                let ones = batch.iter().map(|key| (*key, 1)).collect();
                tally.add(ones, |key, _| wanted(key));
                for key in batch.into_iter().filter(|key| wanted(*key)) {
                    *map.entry(key).or_insert(0) += 1;
                }
                prop_assert_eq!(tally.len(), map.len());
            }
            prop_assert!(tally.iter().eq(map.iter().map(|(key, count)| (*key, *count))));
            tally.retain(|key, count| count % 2 == 0 || key[0] == Id(1));
            map.retain(|key, count| *count % 2 == 0 || key[0] == Id(1));
            prop_assert_eq!(tally.iter().collect::<BTreeMap<_, _>>(), map);
        }
    }
}
