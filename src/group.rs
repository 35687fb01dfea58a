//! Alerts become incidents: counts, episodes, values, shapes and samples by rule and host.
//!
//! Everything here is a fold in which order does not matter: whatever way the same records are cut
//! into files and blocks, and whoever reads which and when, the sums are the same.

mod activity;
mod columns;
mod counts;
mod desk;
mod episodes;
mod grouped;
mod groups;
mod hashes;
mod held;
mod incident;
mod joint;
mod layouts;
mod moments;
mod names;
mod numbers;
mod past;
mod quarters;
mod rank;
mod rows;
mod run;
mod shape;
mod shapes;
mod strings;
mod tally;
#[cfg(test)]
mod tests;
mod times;
mod tuples;
mod values;
mod words;

pub use activity::{Activity, Pulse};
pub use columns::BOUND;
pub use desk::Desk;
pub use episodes::{Episodes, Span};
pub use grouped::{Details, Grouped, field_names};
pub use groups::Groups;
pub use held::Spot;
pub use joint::{Combination, Combinations, JOINT_FIELDS};
pub use moments::MOMENTS;
pub use past::{Before, Past};
pub use tally::sum_alike;
pub use values::{FieldValues, PlaceValues, ShapeValues, Values};

use crate::{alert::Alert, host::NamedBy, time::Timestamp};

/// An alert that is kept for a sample.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Its time.
    pub time: Timestamp,
    /// Its record.
    pub record: RecordRef,
}

impl Kept {
    /// What alerts are ordered by; of no two is it the same.
    pub const fn order(&self) -> (Timestamp, u32, u32) {
        (self.time, self.record.unit, self.record.ordinal)
    }
}

/// Where a record stands: enough to order records and to read one again.
#[derive(Clone, Debug)]
pub struct RecordRef {
    /// The unit of work it was read in; units are numbered in the order of the files.
    pub unit: u32,
    /// Its number among the records of the unit.
    pub ordinal: u32,
    /// Its line within the unit, from 0.
    pub line: u32,
    /// Where its bytes are.
    pub place: Place,
}

/// Where a record's bytes are.
#[derive(Clone, Debug)]
pub enum Place {
    /// In the file.
    At {
        /// Byte offset.
        offset: u64,
        /// Bytes.
        length: u32,
    },
    /// Kept, since the stream they came from cannot be read again; `None` for one too long to be.
    Held(Option<Spot>),
    /// Kept likewise, but by itself, as long as a later alert may take its place.
    Loose(Box<[u8]>),
}

/// An alert to be counted, with what was found out about it.
#[derive(Debug)]
pub struct Sighting<'a> {
    /// The alert.
    pub alert: &'a Alert<'a>,
    /// The machine it is about.
    pub host: &'a str,
    /// What named the machine.
    pub named_by: NamedBy,
    /// The record as it was read.
    pub record: &'a [u8],
    /// Where it was read.
    pub at: Position,
}

/// Where a record stands, before anything is kept of it.
#[derive(Clone, Copy, Debug)]
pub struct Position {
    /// The unit of work.
    pub unit: u32,
    /// Number among the unit's records.
    pub ordinal: u32,
    /// Line within the unit.
    pub line: u32,
    /// Byte offset in the file; `None` where it cannot be read again.
    pub offset: Option<u64>,
}

/// The most bytes of a record that are held for a sample.
const HELD: usize = 64 << 10;

impl Sighting<'_> {
    /// The alert, to be kept for a sample. `hold` keeps its record if that cannot be read again.
    fn kept(&self, hold: impl FnOnce(&[u8]) -> Place) -> Kept {
        let Position { unit, ordinal, line, offset } = self.at;
        let place = match (offset, u32::try_from(self.record.len())) {
            (Some(offset), Ok(length)) => Place::At { offset, length },
            _ if self.record.len() <= HELD => hold(self.record),
            _ => Place::Held(None),
        };
        Kept { time: self.alert.time, record: RecordRef { unit, ordinal, line, place } }
    }

    /// The alert, to be kept for a sample until a later one takes its place.
    fn kept_loose(&self) -> Kept {
        self.kept(|record| Place::Loose(record.into()))
    }

    fn is_before(&self, kept: &Kept) -> bool {
        self.order() < kept.order()
    }

    fn is_after(&self, kept: &Kept) -> bool {
        self.order() > kept.order()
    }

    const fn order(&self) -> (Timestamp, u32, u32) {
        (self.alert.time, self.at.unit, self.at.ordinal)
    }
}
