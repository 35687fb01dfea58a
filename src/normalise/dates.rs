//! Times as programs write them that do not write them as RFC 3339 has it.

use chrono::{DateTime, NaiveDateTime};

use super::Moment;
use crate::time::Timestamp;

/// With the distance from UTC: of web servers, and of Go.
const ZONED: [&str; 2] = ["%d/%b/%Y:%H:%M:%S %z", "%Y-%m-%d %H:%M:%S%.f %z"];

/// In UTC.
const UTC: [&str; 2] = ["%Y%m%dT%H%M%SZ", "%a %b %e %H:%M:%S %Y UTC"];

/// Without a zone: of C, and of Go's log.
const ZONELESS: [&str; 2] = ["%a %b %e %H:%M:%S %Y", "%Y/%m/%d %H:%M:%S%.f"];

/// Bytes of the longest.
const LONGEST: usize = 64;

/// The instant that a text names in one of these ways.
pub fn moment(text: &str) -> Moment {
    if text.len() > LONGEST {
        return Moment::Unknown;
    }
    // Go adds the zone's name behind its distance.
    let nameless = text.rsplit_once(' ').filter(|(front, _)| front.ends_with(is_digit));
    let zoned = [Some(text), nameless.map(|(front, _)| front)].into_iter().flatten();
    let distant = { zoned }.find_map(|text| {
        ZONED.iter().find_map(|format| DateTime::parse_from_str(text, format).ok())
    });
    if let Some(time) = distant.or_else(|| DateTime::parse_from_rfc2822(text).ok()) {
        return stamp(time.to_utc()).into();
    }
    let naive = |formats: &[&str]| {
        let parsed = |format: &&str| NaiveDateTime::parse_from_str(text, format).ok();
        stamp(formats.iter().find_map(parsed)?.and_utc())
    };
    match naive(&UTC) {
        Some(time) => Moment::Instant(time),
        None => naive(&ZONELESS).map_or(Moment::Unknown, Moment::Zoneless),
    }
}

fn stamp(time: DateTime<chrono::Utc>) -> Option<Timestamp> {
    Timestamp { secs: time.timestamp(), nanos: time.timestamp_subsec_nanos() }.logged()
}

const fn is_digit(sign: char) -> bool {
    sign.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_programs_write_them() {
        for (text, expected) in [
            ("18/Nov/2026:09:00:00 +0100", Some("2026-11-18T08:00:00.000000000Z")),
            ("2026-11-18 09:00:00.25 +0100 CET", Some("2026-11-18T08:00:00.250000000Z")),
            ("Wed, 18 Nov 2026 09:00:00 GMT", Some("2026-11-18T09:00:00.000000000Z")),
            ("20261118T090000Z", Some("2026-11-18T09:00:00.000000000Z")),
            ("Wed Nov 18 09:00:00 2026 UTC", Some("2026-11-18T09:00:00.000000000Z")),
            ("Wed Nov  4 09:00:00 2026", Some("2026-11-04T09:00:00.000000000Z")),
            ("2026/11/18 09:00:00.5", Some("2026-11-18T09:00:00.500000000Z")),
            ("11/18/2026 09:00:00", None),
            ("", None),
        ] {
            let found = match moment(text) {
                Moment::Instant(time) | Moment::Zoneless(time) => Some(time.to_string()),
                _ => None,
            };
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }
}
