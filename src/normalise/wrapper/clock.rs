//! Times at the front of lines, in the ways that wrappers write them.

use super::{is_number, split};
use crate::{
    normalise::envelope::{Moment, digits},
    time::Timestamp,
};

/// Bytes of a date and a clock to the second.
const SECONDS: usize = 19;

/// The time at the front of a syslog line, and what follows it.
pub fn clock(text: &str) -> Option<(Moment, &str)> {
    if let Some(found) = bsd_clock(text).or_else(|| weekday_clock(text)) {
        return Some(found);
    }
    let (clock, rest) = split(text, " ")?;
    if let Some(time) = Timestamp::parse(clock.as_bytes()).or_else(|| unix_clock(clock)) {
        return Some((Moment::Instant(time), rest));
    }
    // A blank may stand between the date and the clock.
    let (end, rest) = split(text.get(SECONDS..)?, " ")?;
    let time = Timestamp::parse(&text.as_bytes()[..SECONDS + end.len()])?;
    Some((Moment::Instant(time), rest))
}

/// `2026-07-29 13:55:08 ` as many programs write it, also with a fraction, read as if it were in UTC,
/// and what follows it.
pub fn zoneless_clock(text: &str) -> Option<(Timestamp, &str)> {
    let (fraction, rest) = split(text.get(SECONDS..)?, " ")?;
    Some((zoneless(&text[..SECONDS + fraction.len()])?, rest))
}

/// The time in a text that is a date and a clock without a zone, read as if it were in UTC.
pub fn zoneless(text: &str) -> Option<Timestamp> {
    let plausible = (SECONDS..=SECONDS + 10).contains(&text.len()) && text.as_bytes()[4] == b'-';
    plausible.then(|| Timestamp::parse(format!("{text}Z").as_bytes())).flatten()
}

/// The time in a text such as `2026-07-29 13:55:08 +0000`.
pub fn spaced(text: &str) -> Option<Timestamp> {
    let (clock, zone) = text.rsplit_once(' ').filter(|(clock, _)| clock.len() >= SECONDS)?;
    Timestamp::parse(format!("{clock}{zone}").as_bytes())
}

/// The time that stands before a record and is no prefix: `time<TAB>tag<TAB>` as fluentd, promtail and
/// Go's zap begin a line, `tag: [1794992656.123, ` and `[0] tag: [[1794992656.123, {}], ` of Fluent
/// Bit's.
pub fn aside(front: &str) -> Moment {
    const LONGEST: usize = 40;
    let first = split(front, "\t").and_then(|(clock, _)| Timestamp::parse(clock.as_bytes()));
    let epoch = || {
        let array = front.strip_suffix(", ")?;
        let array = array.strip_suffix(", {}]").unwrap_or(array);
        let from = memchr::memrchr(b'[', array.as_bytes())?;
        let (secs, fraction) = array[from + 1..].split_once('.')?;
        let good = secs.len() == 10 && array.len() - from <= LONGEST;
        let nanos = format!("{fraction:0<9}");
        let (secs, nanos) = (secs.parse().ok().filter(|_| good)?, digits(nanos.as_bytes())?);
        Timestamp { secs, nanos }.logged()
    };
    first.or_else(epoch).into()
}

/// Whether a colon is the first one of a clock such as `10:34:50`.
pub fn within(text: &str, colon: usize) -> bool {
    let clock = colon.checked_sub(2).and_then(|at| text.as_bytes().get(at..at + 8));
    clock.is_some_and(|clock| second_of_day(clock).is_some())
}

/// Names of zones that mean one thing wherever they are written, and hours east of UTC. `CST`, `IST`,
/// `BST`, `CDT` and `PST` do not.
pub const ZONES: [(&str, i64); 21] = [
    ("AEDT", 11),
    ("AEST", 10),
    ("AKDT", -8),
    ("AKST", -9),
    ("CEST", 2),
    ("CET", 1),
    ("EDT", -4),
    ("EEST", 3),
    ("EET", 2),
    ("EST", -5),
    ("GMT", 0),
    ("HST", -10),
    ("JST", 9),
    ("MDT", -6),
    ("MSK", 3),
    ("NZDT", 13),
    ("NZST", 12),
    ("PDT", -7),
    ("UTC", 0),
    ("WEST", 1),
    ("WET", 0),
];

/// `Wed 2026-11-18 02:04:16 UTC ` as `journalctl -o short-full` writes it.
fn weekday_clock(text: &str) -> Option<(Moment, &str)> {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let (_, rest) = split(text, " ").filter(|(day, _)| DAYS.contains(day))?;
    let (clock, rest) = rest.split_at_checked(19)?;
    let (zone, rest) = split(rest.strip_prefix(' ')?, " ")?;
    let zoned = |zone: &str| Timestamp::parse(format!("{clock}{zone}").as_bytes());
    let wall = zoned("Z")?;
    let moment = match ZONES.iter().find(|(name, _)| *name == zone) {
        Some((_, hours)) => Moment::Instant(Timestamp { secs: wall.secs - hours * 3600, ..wall }),
        // A zone that has no name is called by its distance.
        None if zone.starts_with(['+', '-']) => Moment::Instant(zoned(zone)?),
        None if zone.bytes().all(|byte| byte.is_ascii_alphanumeric()) => Moment::Local(wall),
        None => return None,
    };
    Some((moment, rest))
}

/// `1794992656.123456` as `journalctl -o short-unix` writes it.
fn unix_clock(text: &str) -> Option<Timestamp> {
    let (secs, micros) = text.split_once('.')?;
    if secs.len() != 10 || micros.len() != 6 {
        return None;
    }
    let (secs, micros) = (secs.parse().ok()?, digits(micros.as_bytes())?);
    Timestamp { secs, nanos: micros * 1000 }.logged()
}

/// `Nov 18 02:04:16 `, `Nov  8 02:04:16.123456 `, `Nov 18 2026 02:04:16 ` or `2026 Nov 18 02:04:16 `
fn bsd_clock(text: &str) -> Option<(Moment, &str)> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (before, rest) = year(text);
    let (name, rest) = rest.split_at_checked(3)?;
    let month = MONTHS.iter().position(|month| *month == name)?;
    let month = u32::try_from(month + 1).ok()?;
    let (day, rest) = split(rest.strip_prefix(' ')?.trim_start_matches(' '), " ")?;
    let day = digits(day.as_bytes()).filter(|day| (1..=31).contains(day))?;
    let (behind, rest) = year(rest);
    let (clock, rest) = split(rest, " ")?;
    let second = second_of_day(clock.as_bytes())?;
    let moment = match before.or(behind) {
        Some(year) => {
            let text = format!("{year}-{month:02}-{day:02}T00:00:00Z");
            let midnight = Timestamp::parse(text.as_bytes())?;
            Moment::Local(Timestamp::from_secs(midnight.secs + second))
        }
        None => Moment::Yearless { month, day, second },
    };
    Some((moment, rest))
}

/// The year at the front of a text, and what follows it.
fn year(text: &str) -> (Option<&str>, &str) {
    match text.split_at_checked(5) {
        Some((year, rest)) if year.ends_with(' ') && is_number(&year[..4]) => {
            (Some(&year[..4]), rest)
        }
        _ => (None, text),
    }
}

/// The second of the day that `02:04:16`, with or without a fraction, stands for.
pub fn second_of_day(clock: &[u8]) -> Option<i64> {
    let (whole, fraction) = clock.split_at_checked(8)?;
    if whole[2] != b':' || whole[5] != b':' || !(fraction.is_empty() || fraction[0] == b'.') {
        return None;
    }
    let (hour, minute, second) =
        (digits(&whole[..2])?, digits(&whole[3..5])?, digits(&whole[6..])?);
    let valid = hour < 24 && minute < 60 && second < 60;
    valid.then(|| i64::from(hour * 3600 + minute * 60 + second))
}
