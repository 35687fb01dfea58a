//! Times of alerts.

use chrono::{DateTime, Utc};

/// An instant, in nanoseconds since the epoch.
#[derive(Clone, Copy, Debug)]
pub struct Moment(pub i64);

impl Moment {
    /// The number that Falco puts among the output fields.
    pub const fn nanos_since_epoch(self) -> i64 {
        self.0
    }

    /// As the member `time` has it.
    pub fn utc(self) -> String {
        self.date_time().format("%Y-%m-%dT%H:%M:%S%.9fZ").to_string()
    }

    /// As the output begins: without a date.
    pub fn clock(self) -> String {
        self.date_time().format("%H:%M:%S%.9f").to_string()
    }

    fn date_time(self) -> DateTime<Utc> {
        DateTime::from_timestamp_nanos(self.0)
    }
}
