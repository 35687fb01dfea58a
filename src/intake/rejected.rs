//! Rejected records: all are counted by file and reason, and the first of a run are listed one by one.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;

use super::workers::Arrival;
use crate::{
    group::{Place, Position},
    normalise::Reason,
    read::Unit,
};

/// Rejected records of a run that are listed, the first in the order of reading.
pub const LISTED: usize = 100_000;

/// Bytes of a rejected record that are shown.
pub const SHOWN: usize = 4096;

/// Bytes that are held of rejected records in a run, of files that cannot be read again at an offset.
const HELD: usize = 32 << 20;

/// Places that are named for each reason.
const PLACES: usize = 5;

/// A record that should be an alert and cannot be read.
#[derive(Clone, Debug)]
pub struct Rejected {
    /// Where it stands.
    pub at: Position,
    /// Why.
    pub reason: Reason,
    /// Its length in bytes.
    pub length: u64,
    /// Its first bytes, where they cannot be read again from the file.
    pub held: Option<Box<[u8]>>,
}

impl Rejected {
    /// Where its first bytes can be read again.
    pub fn place(&self) -> Option<Place> {
        let length = u32::try_from(self.length.min(SHOWN as u64)).ok()?;
        self.at.offset.map(|offset| Place::At { offset, length })
    }

    const fn order(&self) -> (u32, u32) {
        (self.at.unit, self.at.ordinal)
    }
}

/// Rejected records of one reason.
#[derive(Clone, Debug)]
pub struct ByReason {
    /// The reason.
    pub reason: Reason,
    /// How many there are.
    pub count: u64,
    /// Unit and line of the first.
    pub first: Vec<(u32, u32)>,
}

/// Rejected records of one file and one reason that are not listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unlisted {
    /// Index of the file.
    pub file: u32,
    /// The reason.
    pub reason: Reason,
    /// How many there are.
    pub count: u64,
}

/// All rejected records of a run.
#[derive(Debug, Default)]
pub struct AllRejected {
    /// The first of them, in the order of reading.
    pub listed: Vec<Rejected>,
    /// The others, by file and reason.
    pub unlisted: Vec<Unlisted>,
    /// All of them, in the order of the reasons.
    pub reasons: Vec<ByReason>,
}

/// Rejected records while they come in, in any order. However many there are, the room for them is
/// bounded; which of them are listed, and of which bytes are held, depends on their order of reading
/// alone.
#[derive(Debug, Default)]
pub struct Rejections {
    counts: HashMap<(u32, Reason), u64>,
    /// Unit, ordinal and line of the first of each reason.
    first: BTreeMap<Reason, BTreeSet<(u32, u32, u32)>>,
    listed: Vec<Rejected>,
    /// Bytes that are held of those listed.
    held: usize,
    /// What the last of those listed stands before, once there are enough.
    end: Option<(u32, u32)>,
}

impl Rejections {
    /// Adds a record.
    pub fn add(&mut self, reason: Reason, arrival: &Arrival<'_>) {
        let Arrival { file, at, record, length, .. } = *arrival;
        *self.counts.entry((file, reason)).or_default() += 1;
        let places = self.first.entry(reason).or_default();
        add_place(places, (at.unit, at.ordinal, at.line));
        if self.end.is_some_and(|end| (at.unit, at.ordinal) > end) {
            return;
        }
        let held = at.offset.is_none().then(|| record[..record.len().min(SHOWN)].into());
        self.list(Rejected { at, reason, length, held });
    }

    fn list(&mut self, rejected: Rejected) {
        self.held += rejected.held.as_ref().map_or(0, |held| held.len());
        self.listed.push(rejected);
        // So seldom that to sort them costs little.
        if self.listed.len() >= 2 * LISTED || self.held >= 2 * HELD {
            self.cut();
        }
    }

    /// Keeps the first in order, and bytes of the first of these.
    fn cut(&mut self) {
        self.listed.sort_unstable_by_key(Rejected::order);
        if self.listed.len() >= LISTED {
            self.listed.truncate(LISTED);
            self.end = self.listed.last().map(Rejected::order);
        }
        self.held = 0;
        let mut room = Some(HELD);
        for rejected in self.listed.iter_mut().filter(|rejected| rejected.at.offset.is_none()) {
            let length = rejected.held.as_ref().map(|held| held.len());
            // Behind one that finds no room nothing is held: what a worker lets go of before it sees
            // the records of the others must not find room again.
            room = room.zip(length).and_then(|(room, length)| room.checked_sub(length));
            match room {
                Some(room) => self.held = HELD - room,
                None => rejected.held = None,
            }
        }
    }

    /// Adds another worker's.
    pub fn absorb(&mut self, other: Self) {
        for (key, count) in other.counts {
            *self.counts.entry(key).or_default() += count;
        }
        for (reason, theirs) in other.first {
            let places = self.first.entry(reason).or_default();
            for place in theirs {
                add_place(places, place);
            }
        }
        for rejected in other.listed {
            self.list(rejected);
        }
    }

    /// All of them.
    pub fn finish(mut self, units: &[Unit]) -> AllRejected {
        self.cut();
        let mut reasons: BTreeMap<Reason, u64> = BTreeMap::new();
        for ((_, reason), count) in &self.counts {
            *reasons.entry(*reason).or_default() += count;
        }
        for rejected in &self.listed {
            let key = (units[rejected.at.unit as usize].file, rejected.reason);
            self.counts.entry(key).and_modify(|count| *count -= 1);
        }
        let others = self.counts.into_iter().filter(|(_, count)| *count > 0);
        let others = others.map(|((file, reason), count)| Unlisted { file, reason, count });
        let mut unlisted: Vec<_> = others.collect();
        unlisted.sort_unstable_by_key(|unlisted| (unlisted.file, unlisted.reason));
        let by_reason = |(reason, first): (Reason, BTreeSet<(u32, u32, u32)>)| ByReason {
            reason,
            count: reasons.get(&reason).copied().unwrap_or_default(),
            first: first.into_iter().map(|(unit, _, line)| (unit, line)).collect(),
        };
        let reasons = self.first.into_iter().map(by_reason).collect();
        AllRejected { listed: self.listed, unlisted, reasons }
    }
}

/// Adds a place if it is among the first.
fn add_place(places: &mut BTreeSet<(u32, u32, u32)>, place: (u32, u32, u32)) {
    if places.len() >= PLACES && places.last().is_some_and(|last| *last < place) {
        return;
    }
    places.insert(place);
    if places.len() > PLACES {
        places.pop_last();
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::{
        normalise::Outcome,
        read::{Limits, Part, standard_input},
    };

    const UNITS: u32 = 5;

    /// Rejected records of several units, given to so many workers in turn.
    fn rejected(workers: usize, each: u32, offset: Option<u64>, record: &[u8]) -> AllRejected {
        let mut shares: Vec<_> = (0..workers).map(|_| Rejections::default()).collect();
        let log = &standard_input(Box::new(io::empty()), Limits::default()).files[0];
        // The last units first, as workers may.
        for unit in (0..UNITS).rev() {
            for ordinal in 0..each {
                let reason = if unit == 4 { Reason::NotJson } else { Reason::NotObject };
                let at = Position { unit, ordinal, line: ordinal, offset };
                let (file, length) = (unit / 2, record.len() as u64);
                let outcome = Outcome::Rejected(reason);
                let arrival = Arrival { file, log, at, record, length, outcome };
                shares[unit as usize % workers].add(reason, &arrival);
            }
        }
        let all = shares.into_iter().reduce(|mut all, share| {
            all.absorb(share);
            all
        });
        let units = (0..UNITS).map(|unit| Unit { file: unit / 2, part: Part::Whole });
        all.unwrap().finish(&units.collect::<Vec<_>>())
    }

    #[test]
    fn the_first_in_order_are_listed_and_the_others_counted() {
        for workers in [1, 2, 3] {
            let all = rejected(workers, 60_000, Some(0), b"{}");
            assert_eq!(all.listed.len(), LISTED);
            let orders = all.listed.iter().map(Rejected::order);
            assert!(orders.eq((0..60_000).map(|at| (0, at)).chain((0..40_000).map(|at| (1, at)))));
            let unlisted = all.unlisted.iter().map(|other| (other.file, other.reason, other.count));
            let (object, json) = (Reason::NotObject, Reason::NotJson);
            let expected = [(0, object, 20_000), (1, object, 120_000), (2, json, 60_000)];
            assert!(unlisted.eq(expected), "{:?}", all.unlisted);
            let reasons = all.reasons.iter().map(|of| (of.reason, of.count, of.first[4]));
            assert!(reasons.eq([(json, 60_000, (4, 4)), (object, 240_000, (0, 4))]));
        }
    }

    #[test]
    fn few_are_all_listed() {
        let all = rejected(2, 3, Some(0), b"{}");
        assert_eq!((all.listed.len(), all.unlisted), (15, Vec::new()));
    }

    #[test]
    fn what_is_held_of_streams_is_bounded_by_their_order() {
        let record = [b'x'; SHOWN];
        for workers in [1, 2, 3] {
            let all = rejected(workers, 5000, None, &record);
            let held = all.listed.iter().take_while(|rejected| rejected.held.is_some()).count();
            assert_eq!(held, HELD / SHOWN);
            assert!(all.listed[held..].iter().all(|rejected| rejected.held.is_none()));
        }
    }
}
