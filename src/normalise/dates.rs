//! Times as documents hold them: in RFC 3339, as numbers, and in the many ways in which programs write
//! them.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDateTime};

use super::{Moment, pointer, wrapper};
use crate::{json::Value, time::Timestamp};

/// With the distance from UTC: of web servers, and of Go.
const ZONED: [&str; 2] = ["%d/%b/%Y:%H:%M:%S %z", "%Y-%m-%d %H:%M:%S%.f %z"];

/// In UTC.
const UTC: [&str; 2] = ["%Y%m%dT%H%M%SZ", "%a %b %e %H:%M:%S %Y UTC"];

/// Without a zone: of C, and of Go's log.
const ZONELESS: [&str; 2] = ["%a %b %e %H:%M:%S %Y", "%Y/%m/%d %H:%M:%S%.f"];

/// Bytes of the longest.
const LONGEST: usize = 64;

/// The instant that a value names: as text, as seconds, milliseconds, microseconds or nanoseconds
/// since 1970, told apart by their size, or as the seconds and nanoseconds of a protocol buffer.
pub fn instant(value: &Value<'_>) -> Moment {
    let shown: Cow<'_, str> = match value {
        Value::Text(text) => Cow::Borrowed(text.as_ref()),
        Value::Number(number) => Cow::Borrowed(number),
        Value::Object(parts) => return of_parts(parts).or_else(|| exported(parts)).into(),
        _ => return Moment::Unknown,
    };
    let at_once = || Timestamp::parse(shown.as_bytes()).or_else(|| since_epoch(&shown));
    if let Some(time) = at_once().or_else(|| audited(&shown)) {
        return Moment::Instant(time);
    }
    // `2026-11-18 09:00:00.000 UTC` and `… +02:00` of Splunk, the same without a zone of CloudWatch.
    let (clock, zone) = match shown.rsplit_once(' ') {
        Some((clock, zone)) if clock.len() > 10 => (clock, zone),
        _ => (shown.as_ref(), ""),
    };
    let zoned = |zone: &str| Timestamp::parse(format!("{clock}{zone}").as_bytes());
    let told = match zone {
        "UTC" | "GMT" => zoned("Z").map(Moment::Instant),
        zone if zone.starts_with(['+', '-']) => zoned(zone).map(Moment::Instant),
        _ => zoned("Z").map(Moment::Zoneless),
    };
    told.or_else(|| spoken(&shown))
        // `Nov 18 02:04:16` of syslog-ng.
        .or_else(|| wrapper::clock(&shown))
        .unwrap_or_default()
}

/// `{"$date":"2026-11-18T09:00:00Z"}` and `{"$date":{"$numberLong":"1794992400000"}}`, as `MongoDB` exports a
/// time.
pub fn exported(object: &str) -> Option<Timestamp> {
    let date = match pointer::at(object, "/$date")? {
        Value::Object(long) => pointer::at(long, "/$numberLong")?,
        date => date,
    };
    match instant(&date) {
        Moment::Instant(time) => Some(time),
        _ => None,
    }
}

/// `{"seconds":1794992400,"nanos":5}`
fn of_parts(object: &str) -> Option<Timestamp> {
    let part = |name: &str| pointer::at(object, name)?.shown().parse::<i128>().ok();
    let nanos = part("/nanos").unwrap_or(0);
    Timestamp::from_nanos(part("/seconds")?.checked_mul(1_000_000_000)?.checked_add(nanos)?)
}

/// A number without its exponent: `1.5E3` is `1500.`.
fn written_out(number: &str) -> Option<Cow<'_, str>> {
    let Some((number, exponent)) = number.split_once(['e', 'E']) else {
        return Some(number.into());
    };
    let places: usize = exponent.trim_start_matches('+').parse().ok()?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let fraction = format!("{fraction:0<places$}", places = places.min(32));
    let (digits, rest) = fraction.split_at_checked(places)?;
    Some(format!("{whole}{digits}.{rest}").into())
}

/// `audit(1794992400.123:45)`, and the same without the brackets: a time and the number of an event.
fn audited(text: &str) -> Option<Timestamp> {
    let inner = text.strip_prefix("audit(").and_then(|inner| inner.strip_suffix(')'));
    let (time, number) = inner.unwrap_or(text).split_once(':')?;
    let is_event = time.contains('.') && number.bytes().all(|byte| byte.is_ascii_digit());
    is_event.then(|| since_epoch(time)).flatten()
}

fn since_epoch(text: &str) -> Option<Timestamp> {
    let text = written_out(text)?;
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let number: i128 = whole.parse().ok().filter(|number| *number >= 0)?;
    let unit: i128 = match whole.len() {
        1..=11 => 1_000_000_000,
        12..=14 => 1_000_000,
        15..=17 => 1000,
        _ => 1,
    };
    // What is no digit may be a letter that the ninth byte cuts.
    let digits = fraction.get(..fraction.len().min(9))?;
    let part: i128 = format!("{digits:0<9}").parse().ok()?;
    Timestamp::from_nanos(number * unit + part * unit / 1_000_000_000)
}

/// The instant that a text names in one of these ways.
fn spoken(text: &str) -> Option<Moment> {
    if text.len() > LONGEST {
        return None;
    }
    // Go adds the zone's name behind its distance.
    let has_distance = |front: &str| front.ends_with(|sign: char| sign.is_ascii_digit());
    let nameless = text.rsplit_once(' ').filter(|(front, _)| has_distance(front));
    let zoned = [Some(text), nameless.map(|(front, _)| front)].into_iter().flatten();
    let distant = { zoned }.find_map(|text| {
        ZONED.iter().find_map(|format| DateTime::parse_from_str(text, format).ok())
    });
    if let Some(time) = distant.or_else(|| DateTime::parse_from_rfc2822(text).ok()) {
        return stamp(time.to_utc()).map(Moment::Instant);
    }
    let naive = |formats: &[&str]| {
        let parsed = |format: &&str| NaiveDateTime::parse_from_str(text, format).ok();
        stamp(formats.iter().find_map(parsed)?.and_utc())
    };
    naive(&UTC).map(Moment::Instant).or_else(|| naive(&ZONELESS).map(Moment::Zoneless))
}

fn stamp(time: DateTime<chrono::Utc>) -> Option<Timestamp> {
    Timestamp { secs: time.timestamp(), nanos: time.timestamp_subsec_nanos() }.logged()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_programs_write_them() {
        for (text, expected) in [
            ("2026-11-18 09:00:00.5 UTC", Some("2026-11-18T09:00:00.500000000Z")),
            ("2026-11-18 09:00:00.5 +02:00", Some("2026-11-18T07:00:00.500000000Z")),
            ("2026-11-18 09:00:00.5", Some("2026-11-18T09:00:00.500000000Z")),
            ("2026 Nov 18 09:00:00", Some("2026-11-18T09:00:00.000000000Z")),
            ("18/Nov/2026:09:00:00 +0100", Some("2026-11-18T08:00:00.000000000Z")),
            ("2026-11-18 09:00:00.25 +0100 CET", Some("2026-11-18T08:00:00.250000000Z")),
            ("Wed, 18 Nov 2026 09:00:00 GMT", Some("2026-11-18T09:00:00.000000000Z")),
            ("20261118T090000Z", Some("2026-11-18T09:00:00.000000000Z")),
            ("Wed Nov 18 09:00:00 2026 UTC", Some("2026-11-18T09:00:00.000000000Z")),
            ("Wed Nov  4 09:00:00 2026", Some("2026-11-04T09:00:00.000000000Z")),
            ("2026/11/18 09:00:00.5", Some("2026-11-18T09:00:00.500000000Z")),
            ("audit(1794992400.5:45)", Some("2026-11-18T09:00:00.500000000Z")),
            ("1794992400.5:45", Some("2026-11-18T09:00:00.500000000Z")),
            ("11/18/2026 09:00:00", None),
            ("soon", None),
            ("", None),
        ] {
            let found = match instant(&Value::Text(text.into())) {
                Moment::Instant(time) | Moment::Zoneless(time) | Moment::Local(time) => {
                    Some(time.to_string())
                }
                _ => None,
            };
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn times_are_told_apart_by_their_size() {
        for (number, expected) in [
            ("1794992400", "2026-11-18T09:00:00.000000000Z"),
            ("1794992400.5", "2026-11-18T09:00:00.500000000Z"),
            ("1794992400123", "2026-11-18T09:00:00.123000000Z"),
            ("1794992400123456", "2026-11-18T09:00:00.123456000Z"),
            ("1794992400123456789", "2026-11-18T09:00:00.123456789Z"),
        ] {
            let Moment::Instant(time) = instant(&Value::Number(number)) else { panic!("{number}") };
            assert_eq!(time.to_string(), expected);
        }
    }
}
