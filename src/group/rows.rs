//! What is kept of an incident's alerts until they are counted.

use std::sync::Arc;

use super::{joint::JOINT_FIELDS, layouts::Layout, names::PLACE, strings::Id};
use crate::time::Timestamp;

/// Words before the values of a row: its layout, its shape and its time.
const HEAD: usize = 5;

/// Alerts as the numbers of their values, one after another in one stretch of memory. Few alerts
/// are kept so in far less room than their counts would take, and a new one costs no search.
#[derive(Debug, Default)]
pub struct Rows {
    words: Vec<u32>,
    count: u32,
}

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
        let secs = time.secs.cast_unsigned();
        self.words.reserve(HEAD + values.len());
        #[expect(clippy::cast_possible_truncation, reason = "in two halves")]
        self.words.extend([layout, shape.0, (secs >> 32) as u32, secs as u32, time.nanos]);
        self.words.extend(values.iter().map(|id| id.0));
        self.count += 1;
    }

    /// Alerts.
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Gives back the room that is not used.
    pub fn shrink(&mut self) {
        self.words.shrink_to_fit();
    }

    /// The alerts, in the order in which they came.
    pub fn iter<'r>(&'r self, layouts: &'r [Arc<Layout>]) -> impl Iterator<Item = Row<'r>> {
        let mut rest = &self.words[..];
        std::iter::from_fn(move || {
            let ([layout, shape, high, low, nanos], behind) = rest.split_first_chunk::<HEAD>()?;
            let layout = &*layouts[*layout as usize];
            let (values, behind) = behind.split_at(layout.columns.len());
            rest = behind;
            let secs = (u64::from(*high) << 32 | u64::from(*low)).cast_signed();
            let time = Timestamp { secs, nanos: *nanos };
            Some(Row { layout, shape: Id(*shape), time, values })
        })
    }
}
