//! What is known of a record from around it: its file, the wrapper it stands in.

use std::ops::Range;

use chrono::{Datelike as _, NaiveDate};

use super::{Form, Shape, Wrapper, sources::Sources};
use crate::{
    read::LogFile,
    time::{DAY, QUARTER, Timestamp},
};

/// What a file tells of its records.
#[derive(Clone, Copy, Debug)]
pub struct Context<'c> {
    /// The date in the file's path.
    pub date: Option<NaiveDate>,
    /// The year in the file's path.
    pub year: Option<i32>,
    /// When the file was last written to.
    pub modified: Option<Timestamp>,
    /// When the file was closed, where its name has the day of that: most of it is of the day before.
    pub closed: Option<Timestamp>,
    /// How other detectors' records are read.
    pub sources: &'c Sources,
}

impl<'c> Context<'c> {
    /// A context that tells nothing.
    pub const fn new(sources: &'c Sources) -> Self {
        Self { date: None, year: None, modified: None, closed: None, sources }
    }

    /// What a file's path and metadata tell.
    pub fn of(log: &LogFile, sources: &'c Sources) -> Self {
        let date = date_in(&log.place);
        let year = date.map(|date| date.year()).or_else(|| year_in(&log.place));
        let closed = closed(&log.place, log.modified);
        Self { date, year, modified: log.modified, closed, sources }
    }

    /// The instant of a day and second that stand in a log without a year. The year is that of
    /// the date in the file's path, or the last one that had the day before the file was written.
    fn complete(&self, month: u32, day: u32, second: i64) -> Option<Timestamp> {
        let instant = |year: i32| {
            let date = NaiveDate::from_ymd_opt(year, month, day)?;
            Some(Timestamp::from_secs(midnight(date) + second))
        };
        let near = |middle: i32, target: i64| {
            let years = (middle - 1..=middle + 1).filter_map(instant);
            years.min_by_key(|time| (time.secs - target).abs())
        };
        if let Some(date) = self.date {
            return near(date.year(), midnight(date));
        }
        if let Some(year) = self.year {
            return instant(year);
        }
        let modified = self.modified?;
        let year = chrono::DateTime::from_timestamp(modified.secs, 0)?.year();
        // The clock in the log may be ahead of UTC.
        let past = |time: &Timestamp| time.secs <= modified.secs + DAY;
        // The day may be a 29 February.
        (year - 7..=year + 1).rev().filter_map(instant).find(past)
    }
}

/// What a wrapper says of the time.
#[derive(Clone, Copy, Debug, Default)]
pub enum Moment {
    /// Nothing.
    #[default]
    Unknown,
    /// An instant.
    Instant(Timestamp),
    /// A clock of the machine with a date and without a zone, read as if it were UTC.
    Zoneless(Timestamp),
    /// The same of a machine whose clock is known not to be in UTC, or not known to be.
    Local(Timestamp),
    /// A clock of the machine without a year or a zone, as RFC 3164 has it.
    Yearless {
        /// From 1.
        month: u32,
        /// From 1.
        day: u32,
        /// Second of the day.
        second: i64,
    },
    /// The day alone.
    Day(NaiveDate),
}

/// What is known of a record from around it.
#[derive(Clone, Copy, Debug)]
pub struct Envelope<'w> {
    /// What its file tells.
    pub context: &'w Context<'w>,
    /// The machine that the wrapper names.
    pub host: Option<&'w str>,
    /// The record as it stands in the file, where what is read is a text taken out of it.
    pub whole: Option<&'w str>,
    /// The value read with what stands before it on its line.
    pub piece: Option<&'w str>,
    /// When the wrapper was put around it.
    pub moment: Moment,
    /// The outermost wrapper.
    pub wrapper: Wrapper,
    /// Wrappers around it.
    pub depth: u8,
    /// It is only asked whether there is something known: lists within lists would be read twice at
    /// each level otherwise.
    pub asking: bool,
    /// What is read was unpacked, and holds nothing to be unpacked again.
    pub unpacked: bool,
}

/// Wrappers within one another that are looked into.
pub const DEEPEST: u8 = 6;

impl<'w> Envelope<'w> {
    /// Around a record that stands in its file as it is.
    pub const fn bare(context: &'w Context<'w>) -> Self {
        Self {
            context,
            host: None,
            whole: None,
            piece: None,
            moment: Moment::Unknown,
            wrapper: Wrapper::None,
            depth: 0,
            asking: false,
            unpacked: false,
        }
    }

    /// The bytes of the record of which `value` was read.
    pub fn record<'t>(&self, value: &'t str) -> &'t str
    where
        'w: 't,
    {
        self.whole.or(self.piece).unwrap_or(value)
    }

    /// The envelope of a text taken out of a record, `value`.
    pub fn inside(self, wrapper: Wrapper, value: &'w str) -> Self {
        Self { whole: Some(self.record(value)), ..self.within(wrapper).deeper() }
    }

    /// The envelope of something that stands in a wrapper on its line: an element of a list, or
    /// what follows a prefix.
    pub fn within(self, wrapper: Wrapper) -> Self {
        let wrapper = if self.wrapper == Wrapper::None { wrapper } else { self.wrapper };
        Self { piece: None, wrapper, ..self }
    }

    /// The same, one wrapper further in.
    pub const fn deeper(self) -> Self {
        Self { depth: self.depth.saturating_add(1), ..self }
    }

    /// The same with the machine and the time that the wrapper names, where it does.
    pub fn told(self, host: Option<&'w str>, moment: Moment) -> Self {
        let moment = if matches!(moment, Moment::Unknown) { self.moment } else { moment };
        Self { host: host.or(self.host), moment, ..self }
    }

    /// The shape of a record in this envelope.
    pub const fn shape(&self, form: Form) -> Shape {
        Shape { wrapper: self.wrapper, form, detector: "" }
    }

    /// The instant that the wrapper names.
    pub fn instant(&self) -> Option<Timestamp> {
        match self.moment {
            Moment::Instant(time) | Moment::Zoneless(time) | Moment::Local(time) => Some(time),
            Moment::Yearless { month, day, second } => self.context.complete(month, day, second),
            Moment::Day(_) | Moment::Unknown => None,
        }
    }

    /// When the wrapper was put around the record, where it names an instant without doubt.
    pub const fn received(&self) -> Option<Timestamp> {
        match self.moment {
            Moment::Instant(time) => Some(time),
            _ => None,
        }
    }

    /// The instant of a clock without a date: on the day that brings it nearest to the wrapper's
    /// time, else on the day of the file's name.
    pub fn dated(&self, second: i64, nanos: u32) -> Option<Timestamp> {
        let time = match (self.moment, self.instant()) {
            (Moment::Instant(_) | Moment::Zoneless(_), Some(around)) => {
                in_utc(around, second, nanos)
            }
            (_, Some(around)) => nearest(around, second, nanos),
            (_, None) => {
                let time = Timestamp { secs: midnight(self.day()?) + second, nanos };
                let closed = self.context.closed.filter(|_| !matches!(self.moment, Moment::Day(_)));
                let late = closed.is_some_and(|closed| time > closed);
                Timestamp { secs: time.secs - if late { DAY } else { 0 }, nanos }
            }
        };
        time.logged()
    }

    /// The day of a file's name, where nothing nearer tells one.
    pub fn day(&self) -> Option<NaiveDate> {
        match self.moment {
            Moment::Day(date) => Some(date),
            _ if self.instant().is_none() => self.context.date,
            _ => None,
        }
    }
}

/// The instant nearest to another at which a clock in UTC shows a second of the day.
fn nearest(around: Timestamp, second: i64, nanos: u32) -> Timestamp {
    let today = around.secs.div_euclid(DAY);
    let times = (today - 1..=today + 1).map(|day| day * DAY + second);
    let secs = times.min_by_key(|secs| (secs - around.secs).abs()).unwrap_or(around.secs);
    Timestamp { secs, nanos }
}

/// The same where the clock may be that of another zone: a wrapper puts its time on a line within
/// a moment, so a difference of whole quarters of an hour is the zone's.
fn in_utc(around: Timestamp, second: i64, nanos: u32) -> Timestamp {
    let near = nearest(around, second, nanos);
    let ahead = near.secs - around.secs;
    let zone = (ahead + QUARTER / 2).div_euclid(QUARTER) * QUARTER;
    // No zone is nearer to UTC than an hour.
    if zone.abs() >= 3600 && (ahead - zone).abs() <= 60 {
        return Timestamp { secs: near.secs - zone, nanos };
    }
    near
}

fn midnight(date: NaiveDate) -> i64 {
    date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp()
}

/// The last date in a path: `2026-11-18`, `20261118`, `2026/11/18` and the like.
pub fn date_in(path: &str) -> Option<NaiveDate> {
    last_date(path).map(|(date, _)| date)
}

/// The last date in a path, and where it stands.
fn last_date(path: &str) -> Option<(NaiveDate, Range<usize>)> {
    let bytes = path.as_bytes();
    (0..bytes.len()).rev().find_map(|at| {
        let free = at == 0 || !bytes[at - 1].is_ascii_digit();
        let (date, length) = date_at(&bytes[at..]).filter(|_| free)?;
        Some((date, at..at + length))
    })
}

/// When a file was closed to whose whole name a rotator has added the day, `falco.log-20261118` or
/// `0.log.20261118-031000.gz`: at the time behind the day, or when it was last written to, if that is
/// near, or in the night, when rotators run.
fn closed(path: &str, modified: Option<Timestamp>) -> Option<Timestamp> {
    const PACKED: [&str; 4] = [".gz", ".zst", ".xz", ".bz2"];
    const MORNING: i64 = 7 * 3600;
    let name = path.rsplit('/').next()?;
    let name = PACKED.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    let (date, place) = last_date(name).filter(|(_, place)| name[..place.start].contains('.'))?;
    let midnight = midnight(date);
    let stamp = name[place.end..].trim_start_matches(['-', '_', 'T']);
    let part = |at: usize| stamp.get(at..at + 2).map_or(Some(59), |part| digits(part.as_bytes()));
    let secs = match stamp.len() {
        // Loggers that begin a file each day name it so for what it holds: `falco.log.2026-11-18`.
        0 if !name[..place.start].ends_with('-') => return None,
        0 => {
            // The clock in the log may be ahead of UTC, or behind it.
            let near = midnight - DAY / 2..midnight + DAY + DAY / 2;
            let written = modified.map(|time| time.secs).filter(|secs| near.contains(secs));
            written.unwrap_or(midnight + MORNING)
        }
        2 | 4 | 6 => midnight + i64::from(part(0)? * 3600 + part(2)? * 60 + part(4)?),
        10 => stamp.parse().ok()?,
        _ => return None,
    };
    Some(Timestamp { secs, nanos: 999_999_999 })
}

/// The date that a text begins with, and its length.
fn date_at(text: &[u8]) -> Option<(NaiveDate, usize)> {
    let separator = text.get(4)?;
    let (month, day, end) = if separator.is_ascii_digit() {
        (4, 6, 8)
    } else if b"-_./".contains(separator) && text.get(7)? == separator {
        (5, 8, 10)
    } else {
        return None;
    };
    if text.get(end).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let number = |at: usize, length: usize| digits(text.get(at..at + length)?);
    let year = i32::try_from(number(0, 4)?).ok().filter(|year| (1990..2100).contains(year))?;
    let date = NaiveDate::from_ymd_opt(year, number(month, 2)?, number(day, 2)?)?;
    Some((date, end))
}

fn year_in(path: &str) -> Option<i32> {
    let mut parts = path.rsplit(|character: char| !character.is_ascii_digit());
    parts.find_map(|part| {
        part.parse().ok().filter(|year| part.len() == 4 && (1990..2100).contains(year))
    })
}

/// A number of digits alone.
pub fn digits(text: &[u8]) -> Option<u32> {
    let good = (1..=9).contains(&text.len()) && text.iter().all(u8::is_ascii_digit);
    good.then(|| text.iter().fold(0, |number, byte| number * 10 + u32::from(byte - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Timestamp {
        Timestamp::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn dates_are_found_in_paths() {
        for (path, expected) in [
            ("logs/falco-2026-11-18.log", Some("2026-11-18")),
            ("logs/falco.log.20261118-103045.gz", Some("2026-11-18")),
            ("2026/11/18/falco.log", Some("2026-11-18")),
            ("2026-11-01/falco_2026_11_18.txt", Some("2026-11-18")),
            ("2026-11-18/falco.log.1", Some("2026-11-18")),
            ("falco-2026-13-18.log", None),
            ("falco-1763287200.log", None),
            ("falco.log", None),
        ] {
            let found = date_in(path).map(|date| date.to_string());
            assert_eq!(found.as_deref(), expected, "{path}");
        }
        assert_eq!(year_in("logs/2026/falco.log"), Some(2026));
        assert_eq!(year_in("logs/20261/falco.log"), None);
    }

    #[test]
    fn a_rotated_file_holds_the_day_before_too() {
        let sources = Sources::default();
        for (path, modified, clock, expected) in [
            ("logs/falco.log-20261118", None, 23, "2026-11-17"),
            ("logs/falco.log-20261118.gz", None, 9, "2026-11-17"),
            ("logs/falco.log-20261118", None, 3, "2026-11-18"),
            ("falco.log-20261118", Some("2026-11-18T00:00:05Z"), 3, "2026-11-17"),
            ("falco.log-20261118", Some("2026-11-17T22:00:05Z"), 3, "2026-11-17"),
            ("falco.log-20261118", Some("2026-11-18T15:00:00Z"), 14, "2026-11-18"),
            ("falco.log-20261118", Some("2027-01-01T00:00:00Z"), 14, "2026-11-17"),
            ("falco.log-20261118-0310", Some("2026-11-18T00:00:05Z"), 3, "2026-11-18"),
            ("0.log.20261118-031000.gz", None, 4, "2026-11-17"),
            ("falco.log-20261118-1794970800", None, 4, "2026-11-17"),
            // A day that stands elsewhere in a name is that of what the file holds.
            ("falco-2026-11-18.log", Some("2026-11-18T00:00:05Z"), 23, "2026-11-18"),
            ("falco.20261118.log", None, 23, "2026-11-18"),
            ("falco.log.2026-11-18", None, 23, "2026-11-18"),
            ("2026-11-18/falco.log", None, 23, "2026-11-18"),
        ] {
            let modified = modified.map(time);
            let (date, closed) = (date_in(path), closed(path, modified));
            let context = Context { date, modified, closed, ..Context::new(&sources) };
            let found = Envelope::bare(&context).dated(clock * 3600, 0).expect(path);
            assert_eq!(found.to_string()[..10], *expected, "{path} {modified:?} {clock}");
        }
    }

    #[test]
    fn a_clock_gets_the_day_and_the_zone_of_its_wrapper() {
        for (around, clock, expected) in [
            ("2026-11-18T10:00:01Z", 36_000, "2026-11-18T10:00:00.000000005Z"),
            ("2026-11-18T00:00:01Z", 86_399, "2026-11-17T23:59:59.000000005Z"),
            ("2026-11-18T23:59:59Z", 3, "2026-11-19T00:00:03.000000005Z"),
            // A clock two hours ahead of UTC, and one five hours behind it.
            ("2026-11-18T12:50:35Z", 53_434, "2026-11-18T12:50:34.000000005Z"),
            ("2026-11-18T02:00:00Z", 75_599, "2026-11-18T01:59:59.000000005Z"),
            // Far away for no zone's sake.
            ("2026-11-18T10:20:00Z", 36_000, "2026-11-18T10:00:00.000000005Z"),
        ] {
            assert_eq!(in_utc(time(around), clock, 5).to_string(), expected, "{around}");
        }
    }

    #[test]
    fn a_year_is_found_for_a_clock_without_one() {
        let sources = Sources::default();
        let bare = Context::new(&sources);
        let dated = |date: &str| Context { date: date.parse().ok(), ..bare };
        let modified = |at: &str| Context { modified: Some(time(at)), ..bare };
        let year = |context: Context<'_>, month, day| {
            context.complete(month, day, 0).map(|time| time.to_string()[..10].to_owned())
        };
        assert_eq!(year(dated("2027-01-01"), 12, 31).as_deref(), Some("2026-12-31"));
        assert_eq!(year(modified("2027-01-02T00:00:00Z"), 12, 31).as_deref(), Some("2026-12-31"));
        assert_eq!(year(modified("2027-01-02T00:00:00Z"), 1, 1).as_deref(), Some("2027-01-01"));
        assert_eq!(year(modified("2027-01-02T00:00:00Z"), 2, 29).as_deref(), Some("2024-02-29"));
        assert_eq!(year(Context { year: Some(2025), ..bare }, 3, 1).as_deref(), Some("2025-03-01"));
        assert_eq!(year(bare, 3, 1), None);
    }
}
