//! Counts by key, as one list in the order of the keys: what an incident with many alerts has
//! beside their number, in as little room as it takes.

/// Counts by key. Alerts are added many at a time, since each time all is written anew.
#[derive(Clone, Debug)]
pub struct Tally<K>(Vec<(K, u64)>);

impl<K> Default for Tally<K> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Copy + Ord> Tally<K> {
    /// Adds counts. A key that is not there becomes one if `admit`, told of its count, lets it in.
    pub fn add(&mut self, mut counts: Vec<(K, u64)>, mut admit: impl FnMut(K, u64) -> bool) {
        counts.sort_unstable_by_key(|(key, _)| *key);
        counts.dedup_by(|later, kept| {
            let same = later.0 == kept.0;
            kept.1 += if same { later.1 } else { 0 };
            same
        });
        let mut all = Vec::with_capacity(self.0.len() + counts.len());
        let mut known = self.0.iter().copied().peekable();
        for (key, count) in counts {
            while let Some(before) = known.next_if(|(theirs, _)| *theirs < key) {
                all.push(before);
            }
            match known.next_if(|(theirs, _)| *theirs == key) {
                Some((_, before)) => all.push((key, before + count)),
                None if admit(key, count) => all.push((key, count)),
                None => {}
            }
        }
        all.extend(known);
        all.shrink_to_fit();
        self.0 = all;
    }

    /// All counts, in order.
    pub fn iter(&self) -> impl Iterator<Item = (K, u64)> + '_ {
        self.0.iter().copied()
    }

    /// The counts whose keys lie from one to another, both included.
    pub fn between(&self, from: K, to: K) -> &[(K, u64)] {
        let behind = &self.0[self.0.partition_point(|(key, _)| *key < from)..];
        &behind[..behind.partition_point(|(key, _)| *key <= to)]
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Lets go of the keys that `keep` does not hold on to.
    pub fn retain(&mut self, mut keep: impl FnMut(K, u64) -> bool) {
        self.0.retain(|(key, count)| keep(*key, *count));
        self.0.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn counts_as_a_map_does(batches in prop::collection::vec(prop::collection::vec(0_u8..40, 0..30), 0..6)) {
            let (mut tally, mut map) = (Tally::default(), BTreeMap::new());
            for batch in batches {
                let ones = batch.iter().map(|key| (*key, 1)).collect();
                tally.add(ones, |key, _| key != 7);
                for key in batch.into_iter().filter(|key| *key != 7) {
                    *map.entry(key).or_insert(0) += 1;
                }
            }
            prop_assert_eq!(tally.between(3, 9).to_vec(), map.range(3..=9).map(|(k, n)| (*k, *n)).collect::<Vec<_>>());
            tally.retain(|_, count| count % 2 == 0);
            map.retain(|_, count| *count % 2 == 0);
            prop_assert_eq!(tally.iter().collect::<BTreeMap<_, _>>(), map);
        }
    }
}
