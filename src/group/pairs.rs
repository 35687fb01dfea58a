//! The counts of one incident: a small table from a hash to a count.
//!
//! All that an alert touches of it lies within one or two kilobytes, and where it lies follows
//! from hashes alone: that is what makes counting cheap, since nearly every look at an incident
//! waits for memory.

/// Slots of a new table.
const FIRST: usize = 8;

/// A count and what it is of.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    /// Hash of what is counted; 0 for an empty slot.
    key: u64,
    count: u32,
    /// What is known of it, as the owner of the table numbers it.
    at: u32,
}

/// Counts by hash.
#[derive(Debug, Default)]
pub struct Pairs {
    slots: Vec<Slot>,
    used: usize,
    /// Keys whose counts ran over, once for each time.
    over: Vec<u64>,
}

impl Pairs {
    /// Adds one to a count, if it is there; gives what is known of it.
    #[inline]
    pub fn bump(&mut self, key: u64) -> Option<u32> {
        let place = self.find(key)?;
        let slot = &mut self.slots[place];
        let at = slot.at;
        if let Some(count) = slot.count.checked_add(1) {
            slot.count = count;
        } else {
            slot.count = 0;
            self.over.push(key);
        }
        Some(at)
    }

    /// What is known of a count.
    pub fn at(&self, key: u64) -> Option<u32> {
        self.find(key).map(|place| self.slots[place].at)
    }

    /// Adds a count that is not there yet.
    pub fn insert(&mut self, key: u64, count: u64, at: u32) {
        if (self.used + 1) * 4 > self.slots.len() * 3 {
            let slots = (self.slots.len() * 2).max(FIRST);
            self.rebuild(slots);
        }
        self.used += 1;
        self.put(Slot { key: not_empty(key), count: 0, at });
        self.add(key, count);
    }

    /// Adds to a count that is there.
    pub fn add(&mut self, key: u64, count: u64) {
        let Some(place) = self.find(key) else { return };
        let sum = u64::from(self.slots[place].count) + count;
        let (over, rest) = (sum >> 32, sum & u64::from(u32::MAX));
        self.slots[place].count = u32::try_from(rest).unwrap_or(u32::MAX);
        self.over.extend((0..over).map(|_| key));
    }

    /// All counts, in no order: key, count, and what is known of it.
    pub fn iter(&self) -> impl Iterator<Item = (u64, u64, u32)> + '_ {
        self.slots.iter().filter(|slot| slot.key != 0).map(|slot| {
            let over = self.over.iter().filter(|key| not_empty(**key) == slot.key).count() as u64;
            (slot.key, u64::from(slot.count) + (over << 32), slot.at)
        })
    }

    /// Lets go of all counts but those that `keep`, told of key, count and what is known of it, holds on
    /// to; it may number them anew.
    pub fn retain(&mut self, mut keep: impl FnMut(u64, u64, &mut u32) -> bool) {
        let kept: Vec<_> = self
            .iter()
            .filter_map(|(key, count, mut at)| {
                keep(key, count, &mut at).then_some((key, count, at))
            })
            .collect();
        *self = Self::default();
        for (key, count, at) in kept {
            self.insert(key, count, at);
        }
    }

    #[inline]
    fn find(&self, key: u64) -> Option<usize> {
        let (key, mask) = (not_empty(key), self.slots.len().wrapping_sub(1));
        let mut place = low_bits(key) & mask;
        while let Some(slot) = self.slots.get(place) {
            if slot.key == key {
                return Some(place);
            }
            if slot.key == 0 {
                return None;
            }
            place = (place + 1) & mask;
        }
        None
    }

    fn rebuild(&mut self, slots: usize) {
        let old = std::mem::replace(&mut self.slots, vec![Slot::default(); slots]);
        for slot in old.into_iter().filter(|slot| slot.key != 0) {
            self.put(slot);
        }
    }

    /// Puts a slot into the first free place; there always is one.
    fn put(&mut self, slot: Slot) {
        let mask = self.slots.len() - 1;
        let mut place = low_bits(slot.key) & mask;
        while self.slots[place].key != 0 {
            place = (place + 1) & mask;
        }
        self.slots[place] = slot;
    }
}

/// Zero marks an empty slot.
const fn not_empty(key: u64) -> u64 {
    if key == 0 { 1 } else { key }
}

#[expect(clippy::cast_possible_truncation, reason = "any bits of a hash will do")]
const fn low_bits(key: u64) -> usize {
    key as usize
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn counts_as_a_map_does(keys in prop::collection::vec(0_u64..60, 0..300), odd in any::<bool>()) {
            let (mut pairs, mut map) = (Pairs::default(), BTreeMap::new());
            for key in keys {
                // Keys that share their low bits meet in one place.
                let key = if odd { key << 40 | 3 } else { key + 1 };
                if pairs.bump(key).is_none() {
                    pairs.insert(key, 1, 9);
                }
                *map.entry(key).or_insert(0) += 1;
            }
            pairs.retain(|_, count, _| count % 3 != 0);
            map.retain(|_, count| *count % 3 != 0);
            let counted: BTreeMap<_, _> = pairs.iter().map(|(key, count, _)| (key, count)).collect();
            prop_assert_eq!(counted, map);
        }
    }

    #[test]
    fn a_count_may_pass_four_thousand_million() {
        let mut pairs = Pairs::default();
        pairs.insert(5, u64::from(u32::MAX) * 3, 0);
        for _ in 0..5 {
            pairs.bump(5);
        }
        let counts: Vec<_> = pairs.iter().map(|(_, count, _)| count).collect();
        assert_eq!(counts, [u64::from(u32::MAX) * 3 + 5]);
    }
}
