//! The counts of an incident: what stands in its alerts, what stands together, and when they came.

use std::sync::Arc;

use super::{
    columns::{Columns, SMALL_BOUND},
    joint::{self, JOINT_FIELDS},
    layouts::Layout,
    names::PLACE,
    rows::{Row, Rows},
    strings::{Id, Look},
    times::Times,
    tuples::Tuples,
};

/// Counts of alerts.
#[derive(Clone, Debug)]
pub struct Counts {
    /// By column and value.
    pub columns: Columns,
    /// By place.
    pub places: Tuples<{ PLACE.len() }>,
    /// By the values of [`JOINT_FIELDS`] and the shape.
    pub joint: Tuples<{ JOINT_FIELDS.len() + 1 }>,
    /// By time.
    pub times: Times,
}

impl Default for Counts {
    fn default() -> Self {
        Self {
            columns: Columns::default(),
            places: Tuples::new(SMALL_BOUND),
            joint: Tuples::new(joint::BOUND),
            times: Times::default(),
        }
    }
}

impl Counts {
    /// Counts alerts.
    pub fn add(&mut self, rows: &Rows, layouts: &[Arc<Layout>], gap: u64, strings: &impl Look) {
        let opened = rows.open(layouts);
        let rows: Vec<Row<'_>> = opened.iter(layouts).collect();
        self.times.add(rows.iter().map(|row| row.time), gap);
        self.places.add(rows.iter().filter_map(|row| row.place()), strings);
        self.joint.add(rows.iter().filter_map(|row| row.joint()), strings);
        self.columns.add(&by_column(rows), strings);
    }

    /// Whether anything has been let go.
    pub const fn is_tight(&self) -> bool {
        self.columns.is_tight() || self.places.ceiling().is_some() || self.joint.ceiling().is_some()
    }

    /// Lets go of all that is above a bound.
    pub fn settle(&mut self, strings: &impl Look) {
        self.columns.settle(strings);
        self.places.settle(strings);
        self.joint.settle(strings);
    }
}

/// Alerts by column and value, in order. It goes column by column, and each value is counted once:
/// most are the same in nearly all alerts.
pub fn by_column(mut rows: Vec<Row<'_>>) -> Vec<([Id; 2], u64)> {
    let layout = |row: &Row<'_>| std::ptr::from_ref(row.layout);
    rows.sort_by_key(layout);
    let alike = rows.chunk_by(|a, b| layout(a) == layout(b));
    let mut columns: Vec<(Id, u32, &[Row<'_>])> = alike
        .flat_map(|rows| {
            let columns = (0..).zip(&rows[0].layout.columns);
            columns.filter_map(move |(at, column)| Some(((*column)?, at, rows)))
        })
        .collect();
    columns.sort_unstable_by_key(|(column, ..)| *column);
    let mut counts = Vec::with_capacity(2 * columns.len());
    let mut values = Vec::with_capacity(rows.len());
    for same in columns.chunk_by(|a, b| a.0 == b.0) {
        values.clear();
        for (_, at, rows) in same {
            values.extend(rows.iter().map(|row| row.value(Some(*at))));
        }
        values.sort_unstable();
        let column = same[0].0;
        let equal = values.chunk_by(Id::eq);
        counts.extend(equal.map(|equal| ([column, equal[0]], equal.len() as u64)));
    }
    counts
}
