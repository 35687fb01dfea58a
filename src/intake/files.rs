//! What each file held.

use crate::{read::Format, time::Timestamp};

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

impl FileTally {
    /// Takes an alert's time into account.
    pub fn saw(&mut self, time: Timestamp) {
        self.alerts += 1;
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
