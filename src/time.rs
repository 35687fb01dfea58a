//! Instants as alerts carry them, and the zone in which a report shows them.

use std::{borrow::Cow, fmt, str::FromStr};

use chrono::{DateTime, Datelike as _, NaiveDate, Offset as _, TimeZone as _, Timelike as _};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// Seconds in a day.
pub const DAY: i64 = 86_400;

/// Seconds in a quarter of an hour: what alerts are counted by, fine enough for every zone.
pub const QUARTER: i64 = 900;

/// Seconds of the first and the last instant that RFC 3339 can write, of the years 0 and 9999.
const WRITTEN: std::ops::RangeInclusive<i64> = -62_167_219_200..=253_402_300_799;

/// Seconds of the first instant that a log may name, of the year 1: the week that it lies in then
/// begins at an instant that can be written, and has a year that is not negative.
const FIRST_LOGGED: i64 = -62_135_596_800;

/// An instant in UTC, to the nanosecond; written as RFC 3339 with nine digits, as Falco does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub secs: i64,
    /// Nanoseconds within the second, below 1,000,000,000.
    pub nanos: u32,
}

impl Timestamp {
    /// The first instant of a second.
    pub const fn from_secs(secs: i64) -> Self {
        Self { secs, nanos: 0 }
    }

    /// Reads the RFC 3339 forms met in alerts: `T`, `t` or a blank between date and time,
    /// `Z`, `z`, `+02:00`, `+0200` or `+02` as the zone, any number of fraction digits (what is finer
    /// than a nanosecond is cut). `None` where the text is no instant: no zone, 24:00, a leap
    /// second, a day that does not exist, the year 0, a year that the zone moves beyond four digits.
    pub fn parse(text: &[u8]) -> Option<Self> {
        Self::read(text)?.logged()
    }

    fn read(text: &[u8]) -> Option<Self> {
        let (date, rest) = text.split_at_checked(10)?;
        let (separator, rest) = rest.split_first()?;
        if date[4] != b'-' || date[7] != b'-' || !matches!(separator, b'T' | b't' | b' ') {
            return None;
        }
        let (clock, rest) = rest.split_at_checked(8)?;
        if clock[2] != b':' || clock[5] != b':' {
            return None;
        }
        let days = days_from_civil(digits(&date[..4])?, digits(&date[5..7])?, digits(&date[8..])?)?;
        let (hour, minute, second) =
            (digits(&clock[..2])?, digits(&clock[3..5])?, digits(&clock[6..])?);
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let (nanos, rest) = fraction(rest)?;
        let secs = days * DAY + i64::from(hour * 3600 + minute * 60 + second) - offset(rest)?;
        let time = Self { secs, nanos };
        WRITTEN.contains(&time.secs).then_some(time)
    }

    /// The same instant, if a log may name it. Logs name others too, which no page could show.
    pub fn logged(self) -> Option<Self> {
        (FIRST_LOGGED..=*WRITTEN.end()).contains(&self.secs).then_some(self)
    }

    /// The instant so many seconds after the epoch, or the nearest to it that RFC 3339 can write.
    pub fn nearest(secs: i64) -> Self {
        Self::from_secs(secs.clamp(*WRITTEN.start(), *WRITTEN.end()))
    }

    /// Nanoseconds since the epoch; wide enough for every year that can be written.
    pub fn nanos_since_epoch(self) -> i128 {
        i128::from(self.secs) * 1_000_000_000 + i128::from(self.nanos)
    }

    /// The instant so many nanoseconds after the epoch, if a log may name it.
    pub fn from_nanos(nanos: i128) -> Option<Self> {
        let secs = i64::try_from(nanos.div_euclid(1_000_000_000)).ok()?;
        let nanos = u32::try_from(nanos.rem_euclid(1_000_000_000)).ok()?;
        Self { secs, nanos }.logged()
    }
}

fn digits(text: &[u8]) -> Option<u32> {
    text.iter().try_fold(0_u32, |number, byte| {
        byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0'))
    })
}

/// Days from 1970-01-01 to a day of the proleptic Gregorian calendar.
fn days_from_civil(year: u32, month: u32, day: u32) -> Option<i64> {
    const DAYS_BEFORE: [u32; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let in_month = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if day == 0 || day > in_month {
        return None;
    }
    let before = DAYS_BEFORE[month as usize - 1] + u32::from(leap && month > 2);
    let past = i64::from(year) - 1;
    let leaps = past.div_euclid(4) - past.div_euclid(100) + past.div_euclid(400);
    Some(past * 365 + leaps + i64::from(before + day - 1) - 719_162)
}

/// The fraction of a second in nanoseconds, and what follows it.
fn fraction(text: &[u8]) -> Option<(u32, &[u8])> {
    let Some((b'.' | b',', rest)) = text.split_first() else { return Some((0, text)) };
    let length = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if length == 0 {
        return None;
    }
    let kept = length.min(9);
    let scale = 10_u32.pow(9 - u32::try_from(kept).ok()?);
    Some((digits(&rest[..kept])? * scale, &rest[length..]))
}

/// Seconds east of UTC.
fn offset(text: &[u8]) -> Option<i64> {
    let (sign, rest) = match text.split_first()? {
        (b'Z' | b'z', []) => return Some(0),
        (b'+', rest) => (1, rest),
        (b'-', rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = match rest {
        [_, _, b':', _, _] => (&rest[..2], &rest[3..]),
        [_, _, _, _] => rest.split_at(2),
        // As psql writes it.
        [_, _] => (rest, &b"00"[..]),
        _ => return None,
    };
    let (hours, minutes) = (digits(hours)?, digits(minutes)?);
    (hours <= 23 && minutes <= 59).then(|| sign * i64::from(hours * 3600 + minutes * 60))
}

impl Timestamp {
    /// The text for a year of four digits; a report holds a million times.
    fn text(self) -> Option<[u8; 30]> {
        let time = DateTime::from_timestamp(self.secs, 0)?.naive_utc();
        let year = u32::try_from(time.year()).ok().filter(|year| *year <= 9999)?;
        let mut text = *b"0000-00-00T00:00:00.000000000Z";
        put(&mut text[..4], year);
        put(&mut text[5..7], time.month());
        put(&mut text[8..10], time.day());
        put(&mut text[11..13], time.hour());
        put(&mut text[14..16], time.minute());
        put(&mut text[17..19], time.second());
        put(&mut text[20..29], self.nanos);
        Some(text)
    }
}

/// Writes a number's last digits.
fn put(into: &mut [u8], mut number: u32) {
    for digit in into.iter_mut().rev() {
        *digit = b'0' + u8::try_from(number % 10).unwrap_or(0);
        number /= 10;
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(text) = self.text() {
            return out.write_str(str::from_utf8(&text).map_err(|_| fmt::Error)?);
        }
        let time = DateTime::from_timestamp(self.secs, self.nanos).ok_or(fmt::Error)?;
        write!(out, "{}", time.format("%Y-%m-%dT%H:%M:%S%.9fZ"))
    }
}

impl FromStr for Timestamp {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::read(text.as_bytes()).ok_or("not a time in RFC 3339")
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.text().as_ref().map(|text| str::from_utf8(text)) {
            Some(Ok(text)) => serializer.serialize_str(text),
            _ => serializer.collect_str(self),
        }
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<'_, str>::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

impl JsonSchema for Timestamp {
    fn schema_name() -> Cow<'static, str> {
        "Timestamp".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "format": "date-time",
            "description": "An instant in UTC, RFC 3339 with nine fraction digits."
        })
    }
}

/// The zone in which hours and days are counted and times are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone(chrono_tz::Tz);

impl Zone {
    /// Coordinated Universal Time.
    pub const UTC: Self = Self(chrono_tz::Tz::UTC);

    /// Finds a zone by its IANA name.
    pub fn named(name: &str) -> Option<Self> {
        name.parse().ok().map(Self)
    }

    /// Its IANA name.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// Seconds east of UTC at an instant.
    pub fn offset(self, secs: i64) -> i64 {
        if self == Self::UTC {
            return 0;
        }
        let Some(time) = DateTime::from_timestamp(secs, 0) else { return 0 };
        self.0.offset_from_utc_datetime(&time.naive_utc()).fix().local_minus_utc().into()
    }

    /// The wall clock of the zone at an instant.
    pub fn local(self, time: Timestamp) -> chrono::NaiveDateTime {
        let utc = DateTime::from_timestamp(time.secs, time.nanos).unwrap_or_default();
        utc.naive_utc() + chrono::TimeDelta::seconds(self.offset(time.secs))
    }

    /// The wall clock of the zone at an instant, as `2026-11-18 02:04:16`.
    pub fn shown(self, time: Timestamp) -> String {
        let wall = Timestamp { secs: time.secs + self.offset(time.secs), ..time };
        let Some(mut text) = wall.text() else {
            return self.local(time).format("%Y-%m-%d %H:%M:%S").to_string();
        };
        text[10] = b' ';
        String::from_utf8_lossy(&text[..19]).into_owned()
    }

    /// The instant at which a day begins in the zone (the first that exists, where summer time
    /// skips midnight).
    pub fn start_of_day(self, day: NaiveDate) -> Timestamp {
        let midnight = day.and_time(chrono::NaiveTime::MIN);
        let found = (0..=12).find_map(|quarter| {
            let wall = midnight + chrono::TimeDelta::minutes(15 * quarter);
            self.0.from_local_datetime(&wall).earliest()
        });
        Timestamp::from_secs(found.map_or(midnight.and_utc().timestamp(), |time| time.timestamp()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Option<String> {
        Timestamp::parse(text.as_bytes()).map(|time| time.to_string())
    }

    #[test]
    fn the_wall_clock_is_shown_as_chrono_writes_it() {
        let ends = [*WRITTEN.start(), FIRST_LOGGED, -1, 0, 1_793_000_000, *WRITTEN.end()];
        for zone in ["UTC", "Asia/Kathmandu", "America/St_Johns"].map(Zone::named) {
            let zone = zone.expect("a zone");
            for time in ends.map(|secs| Timestamp { secs, nanos: 999_999_999 }) {
                let plainly = zone.local(time).format("%Y-%m-%d %H:%M:%S").to_string();
                assert_eq!(zone.shown(time), plainly);
            }
        }
    }

    #[test]
    fn reads_every_form_met_in_alerts() {
        for (text, expected) in [
            ("2026-11-16T10:00:00.123456789Z", "2026-11-16T10:00:00.123456789Z"),
            ("2026-11-16T10:00:00Z", "2026-11-16T10:00:00.000000000Z"),
            ("2026-11-16T10:00:00.52Z", "2026-11-16T10:00:00.520000000Z"),
            ("2026-11-16T10:00:00.123456789012Z", "2026-11-16T10:00:00.123456789Z"),
            ("2026-11-16 10:00:00z", "2026-11-16T10:00:00.000000000Z"),
            ("2026-11-16T00:30:00+14:00", "2026-11-15T10:30:00.000000000Z"),
            ("2026-11-16T10:00:00.5+0000", "2026-11-16T10:00:00.500000000Z"),
            ("2026-11-16T10:00:00-0130", "2026-11-16T11:30:00.000000000Z"),
            ("2026-11-16 10:00:00.5+02", "2026-11-16T08:00:00.500000000Z"),
            ("9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999999Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000000Z"),
            ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000000000Z"),
        ] {
            assert_eq!(parse(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_instant() {
        for text in [
            "",
            "yesterday",
            "2026-11-16T10:00:00",
            "2026-11-16T24:00:00Z",
            "2026-11-16T10:00:60Z",
            "2025-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-11-00T00:00:00Z",
            "2026-11-16T10:00:00.Z",
            "2026-11-16T10:00:00Zjunk",
            "2026-11-16T10:00:00+2",
            "9999-12-31T23:59:59-00:01",
            "0000-01-01T00:00:00Z",
            "0001-01-01T00:00:00+00:01",
            "<b>2026-11-16</b>",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_written_is_read_back_though_no_log_may_name_it() {
        for text in ["0000-01-01T00:00:00.000000000Z", "0000-12-25T11:00:00.000000000Z"] {
            assert_eq!(text.parse::<Timestamp>().map(|time| time.to_string()), Ok(text.to_owned()));
        }
        assert!("0000-01-01T00:00:00+00:01".parse::<Timestamp>().is_err());
    }

    #[test]
    fn an_instant_that_cannot_be_written_is_none() {
        for nanos in
            [i128::MIN, -62_135_596_800_000_000_001, 253_402_300_800_000_000_000, i128::MAX]
        {
            assert_eq!(Timestamp::from_nanos(nanos), None, "{nanos}");
        }
        let first = Timestamp::from_nanos(-62_135_596_800_000_000_000).unwrap();
        assert_eq!(first.to_string(), "0001-01-01T00:00:00.000000000Z");
    }

    #[test]
    fn days_agree_with_chrono() {
        for year in [0, 1, 1899, 1900, 1969, 1970, 1999, 2000, 2024, 2100, 9999] {
            for (month, day) in [(1, 1), (2, 28), (3, 1), (12, 31)] {
                let expected = NaiveDate::from_ymd_opt(year, month, day).unwrap();
                let epoch = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap();
                let days = days_from_civil(u32::try_from(year).unwrap(), month, day);
                assert_eq!(days, Some((expected - epoch).num_days()), "{expected}");
            }
        }
    }

    #[test]
    fn a_zone_knows_summer_time() {
        let berlin = Zone::named("Europe/Berlin").unwrap();
        let winter = Timestamp::parse(b"2026-01-01T00:00:00Z").unwrap();
        let summer = Timestamp::parse(b"2026-07-01T00:00:00Z").unwrap();
        assert_eq!(berlin.offset(winter.secs), 3600);
        assert_eq!(berlin.offset(summer.secs), 7200);
        let day = NaiveDate::from_ymd_opt(2026, 3, 29).unwrap();
        assert_eq!(berlin.start_of_day(day).to_string(), "2026-03-28T23:00:00.000000000Z");
        assert_eq!(Zone::named("Mars/Olympus"), None);
    }
}
