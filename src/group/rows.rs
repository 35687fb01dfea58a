//! What is kept of an incident's alerts until they are counted.

use std::sync::Arc;

use super::{
    joint::JOINT_FIELDS,
    layouts::Layout,
    names::PLACE,
    numbers::{Numbers, put, put_signed},
    strings::{Id, pack, unpack},
};
use crate::time::Timestamp;

/// Words before the values of an opened row: its time, its layout and its shape.
const HEAD: usize = 5;

/// Stands before a row that is told in full; before others, which of its shape and its values differ from
/// those of the row before it, as bits.
const FULL: u64 = 0;

/// The bit of the shape; that of the first value follows. So a row in which nothing differs is none that
/// is told in full.
const SHAPE: u64 = 1 << 1;

/// Set in a row that is told by what differs.
const SHORT: u64 = 1;

/// Values that a row may have to be told by what differs, beside its shape.
const MOST: usize = 61;

/// Bytes that are kept at most before alerts are counted.
const ROOM: usize = 3 << 10;

/// Alerts as the numbers of their values, one after another in one stretch of memory, each told by
/// what differs from the one before it. Few alerts are kept so in far less room than their counts
/// would take, and a new one costs no search.
#[derive(Debug, Default)]
pub struct Rows {
    bytes: Vec<u8>,
    /// The layout, the shape and the values of the last one.
    last: Vec<u32>,
    /// The second of the last one.
    secs: i64,
}

/// The alerts of [`Rows`], each told in full.
#[derive(Debug)]
pub struct Opened(Vec<u32>);

/// An alert in [`Rows`].
#[derive(Clone, Copy, Debug)]
pub struct Row<'r> {
    /// Its layout.
    pub layout: &'r Layout,
    /// Its shape.
    pub shape: Id,
    /// Its time.
    pub time: Timestamp,
    values: &'r [u32],
}

impl<'r> Row<'r> {
    /// The value at a place of the layout; absent for no place.
    pub fn value(&self, at: Option<u32>) -> Id {
        at.map_or(Id::ABSENT, |at| Id(self.values[at as usize]))
    }

    /// Its place, if it names one whose parts are all told apart.
    pub fn place(self) -> Option<[Id; PLACE.len()]> {
        let place = self.layout.place.map(|at| self.value(at));
        let named = place.iter().any(|part| part.is_text()) && !place.contains(&Id::OTHER);
        named.then_some(place)
    }

    /// The values that are counted together, and the shape, if all are told apart: a value that is
    /// not belongs to values that would not stay.
    pub fn joint(self) -> Option<[Id; JOINT_FIELDS.len() + 1]> {
        let [a, b, c, d, e, f, g] = self.layout.joint.map(|at| self.value(at));
        let joint = [a, b, c, d, e, f, g, self.shape];
        (!joint.contains(&Id::OTHER)).then_some(joint)
    }

    /// The values of a column.
    pub fn of(self, column: Id) -> impl Iterator<Item = Id> + use<'r> {
        let values = self.layout.columns.iter().zip(self.values);
        values.filter(move |(name, _)| **name == Some(column)).map(|(_, id)| Id(*id))
    }
}

impl Rows {
    /// Keeps an alert.
    pub fn push(&mut self, layout: u32, shape: Id, time: Timestamp, values: &[Id]) {
        let Self { bytes, last, secs } = self;
        let (start, most) = (bytes.len(), 5 * (HEAD + 1 + values.len()));
        if bytes.capacity() - start < most {
            // Half as much again: there are as many of these as incidents.
            bytes.reserve_exact(most.max(start / 2));
        }
        let now = std::iter::once(&shape).chain(values);
        if last.len() == 2 + values.len() && last[0] == layout && values.len() <= MOST {
            let pairs = || last[1..].iter().zip(now.clone());
            let differ = pairs().fold((SHORT, SHAPE), |(differ, bit), (before, now)| {
                (differ | if *before == now.0 { 0 } else { bit }, bit << 1)
            });
            put(bytes, differ.0);
            for (_, now) in pairs().filter(|(before, now)| **before != now.0) {
                put(bytes, pack(*now));
            }
        } else {
            put(bytes, FULL);
            put(bytes, layout.into());
            now.clone().for_each(|id| put(bytes, pack(*id)));
        }
        put_signed(bytes, time.secs.wrapping_sub(*secs));
        put(bytes, time.nanos.into());
        *secs = time.secs;
        last.clear();
        last.push(layout);
        last.extend(now.map(|id| id.0));
    }

    /// Whether so many are kept that they should be counted.
    pub const fn is_full(&self) -> bool {
        self.bytes.len() >= ROOM
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Gives back the room that is not used, now that all alerts are in.
    pub fn settle(&mut self) {
        self.bytes.shrink_to_fit();
        self.last = Vec::new();
    }

    /// The alerts, in the order in which they came.
    pub fn open(&self, layouts: &[Arc<Layout>]) -> Opened {
        let mut opened = Vec::with_capacity(self.bytes.len() * 2);
        let mut rest = Numbers(&self.bytes);
        let (mut last, mut secs) = (0, 0_i64);
        while !rest.is_empty() {
            let next = opened.len();
            opened.extend([0; HEAD - 2]);
            let mut differ = rest.take();
            if differ == FULL {
                let layout = number(&mut rest);
                opened.push(layout);
                let values = layouts[layout as usize].columns.len();
                opened.extend((0..=values).map(|_| unpack(rest.take()).0));
            } else {
                opened.extend_from_within(last + HEAD - 2..next);
                differ ^= SHORT;
                while differ != 0 {
                    let at = (differ / SHAPE).trailing_zeros() as usize;
                    opened[next + HEAD - 1 + at] = unpack(rest.take()).0;
                    differ &= differ - 1;
                }
            }
            secs = secs.wrapping_add(rest.take_signed());
            let time = split(Timestamp { secs, nanos: number(&mut rest) });
            opened[next..next + time.len()].copy_from_slice(&time);
            last = next;
        }
        Opened(opened)
    }
}

impl Opened {
    /// The alerts, in the order in which they came.
    pub fn iter<'r>(&'r self, layouts: &'r [Arc<Layout>]) -> impl Iterator<Item = Row<'r>> {
        let mut rest = &self.0[..];
        std::iter::from_fn(move || {
            let ([high, low, nanos, layout, shape], behind) = rest.split_first_chunk::<HEAD>()?;
            let layout = &*layouts[*layout as usize];
            let (values, behind) = behind.split_at(layout.columns.len());
            rest = behind;
            let secs = (u64::from(*high) << 32 | u64::from(*low)).cast_signed();
            let time = Timestamp { secs, nanos: *nanos };
            Some(Row { layout, shape: Id(*shape), time, values })
        })
    }
}

#[expect(clippy::cast_possible_truncation, reason = "written from 32 bits")]
fn number(numbers: &mut Numbers<'_>) -> u32 {
    numbers.take() as u32
}

#[expect(clippy::cast_possible_truncation, reason = "in two halves")]
const fn split(time: Timestamp) -> [u32; 3] {
    let secs = time.secs.cast_unsigned();
    [(secs >> 32) as u32, secs as u32, time.nanos]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn layouts() -> Vec<Arc<Layout>> {
        let columns = [3, MOST, MOST + 5, 0];
        let layout = |columns| Layout { columns: vec![None; columns], ..Layout::default() };
        columns.into_iter().map(|columns| Arc::new(layout(columns))).collect()
    }

    proptest! {
        #[test]
        fn what_is_kept_comes_back(
            rows in prop::collection::vec((0_u32..4, 0_u32..3, any::<i64>(), 0_u32..9), 0..40),
        ) {
            let layouts = layouts();
            let mut kept = Rows::default();
            let values = |layout: u32, seed: u32| -> Vec<Id> {
                let columns = layouts[layout as usize].columns.len();
                (0..).take(columns).map(|at| Id(seed / 3 * (at % 2) + at)).collect()
            };
            for (layout, shape, secs, seed) in &rows {
                let time = Timestamp { secs: *secs, nanos: *seed };
                kept.push(*layout, Id(*shape), time, &values(*layout, *seed));
            }
            let opened = kept.open(&layouts);
            let mut back = opened.iter(&layouts);
            for (layout, shape, secs, seed) in &rows {
                let row = back.next().expect("as many as were kept");
                prop_assert_eq!((row.shape, row.time.secs, row.time.nanos), (Id(*shape), *secs, *seed));
                prop_assert!(std::ptr::eq(row.layout, Arc::as_ptr(&layouts[*layout as usize])));
                let values: Vec<u32> = values(*layout, *seed).iter().map(|id| id.0).collect();
                prop_assert_eq!(row.values, &values[..]);
            }
            prop_assert!(back.next().is_none());
        }
    }
}
