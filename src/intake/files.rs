//! What each file held.

use std::{cmp::Reverse, fmt};

use super::share::UnknownText;
use crate::{
    normalise::{Form, Shape},
    read::Format,
    time::Timestamp,
};

/// How a unit of work ended.
#[derive(Debug)]
pub struct UnitEnd {
    /// Number of the unit.
    pub unit: u32,
    /// Index of the file.
    pub file: u32,
    /// Lines in it.
    pub lines: u32,
    /// Bytes read from the file.
    pub bytes: u64,
    /// How the file is packed and encoded.
    pub format: Format,
    /// Why it could not be read, or not to its end.
    pub error: Option<String>,
}

/// Counts of one file.
#[derive(Clone, Debug, Default)]
pub struct FileTally {
    /// How it is packed and encoded.
    pub format: Format,
    /// Bytes read.
    pub bytes: u64,
    /// The shapes of its alerts and of Falco's messages, with how many have each.
    pub shapes: Shapes,
    /// The first record that has nothing of an alert and is not known.
    pub unknown: Option<UnknownText>,
    /// Records.
    pub records: u64,
    /// Alerts, before duplicates, period and priority are taken off.
    pub alerts: u64,
    /// Falco's own messages.
    pub sensor: u64,
    /// Text beside alerts.
    pub other_text: u64,
    /// Records rejected.
    pub rejected: u64,
    /// Alerts that an earlier file holds too.
    pub duplicates: u64,
    /// Time of the earliest alert.
    pub first: Option<Timestamp>,
    /// Time of the latest alert.
    pub last: Option<Timestamp>,
    /// Why it could not be read, or not to its end.
    pub error: Option<String>,
}

/// Shapes with how many records have each.
#[derive(Clone, Debug, Default)]
pub struct Shapes(Vec<(Shape, u64)>);

impl Shapes {
    /// Adds records of a shape.
    pub fn add(&mut self, shape: Shape, count: u64) {
        match self.0.iter_mut().find(|(known, _)| *known == shape) {
            Some((_, known)) => *known += count,
            None => self.0.push((shape, count)),
        }
    }

    /// Records of a form.
    pub fn of(&self, form: Form) -> u64 {
        self.0.iter().filter(|(shape, _)| shape.form == form).map(|(_, count)| count).sum()
    }
}

impl fmt::Display for Shapes {
    /// The most frequent first; at most three.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 3;
        let mut all = self.0.clone();
        all.sort_by_key(|(shape, count)| (Reverse(*count), *shape));
        let names: Vec<String> =
            all.iter().take(SHOWN).map(|(shape, _)| shape.to_string()).collect();
        out.write_str(&names.join(", "))?;
        if all.len() > SHOWN { write!(out, " and {} more", all.len() - SHOWN) } else { Ok(()) }
    }
}

impl FileTally {
    /// How the file is packed and encoded, and what its records are: `gzip, utf-8; cri + falco
    /// json`.
    pub fn described(&self) -> String {
        let shapes = self.shapes.to_string();
        if !shapes.is_empty() {
            format!("{}; {shapes}", self.format)
        } else if self.strange().is_some() {
            format!("{}; unknown shape", self.format)
        } else {
            self.format.to_string()
        }
    }

    /// The first record of a file in which nothing is known.
    pub fn strange(&self) -> Option<&UnknownText> {
        self.unknown.as_ref().filter(|_| self.alerts == 0 && self.sensor == 0)
    }

    /// Takes an alert's time into account.
    pub fn saw(&mut self, time: Timestamp, shape: Shape) {
        self.alerts += 1;
        self.shapes.add(shape, 1);
        self.first = Some(self.first.map_or(time, |first| first.min(time)));
        self.last = self.last.max(Some(time));
    }

    /// Takes the end of one of its units into account.
    pub fn end(&mut self, end: &UnitEnd) {
        self.bytes += end.bytes;
        if end.format != Format::default() {
            self.format = end.format;
        }
        if self.error.is_none() {
            self.error.clone_from(&end.error);
        }
    }

    /// Adds another worker's counts of the same file.
    pub fn absorb(&mut self, other: Self) {
        self.bytes += other.bytes;
        self.records += other.records;
        self.alerts += other.alerts;
        self.sensor += other.sensor;
        self.other_text += other.other_text;
        self.rejected += other.rejected;
        for (shape, count) in other.shapes.0 {
            self.shapes.add(shape, count);
        }
        self.unknown = self.unknown.take().into_iter().chain(other.unknown).min();
        self.duplicates += other.duplicates;
        self.first = self.first.into_iter().chain(other.first).min();
        self.last = self.last.max(other.last);
        if other.format != Format::default() {
            self.format = other.format;
        }
        // The text decides between two errors, so that the order of workers does not.
        self.error = self.error.take().into_iter().chain(other.error).min();
    }
}
