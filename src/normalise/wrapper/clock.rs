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
    let time = Timestamp::parse(clock.as_bytes()).or_else(|| unix_clock(clock))?;
    Some((Moment::Instant(time), rest))
}

/// `2026-07-29 13:55:08 ` as many programs write it, also with a fraction, and what follows it.
pub fn zoneless_clock(text: &str) -> Option<(Moment, &str)> {
    let (fraction, rest) = split(text.get(SECONDS..)?, " ")?;
    Some((zoneless(&text[..SECONDS + fraction.len()])?, rest))
}

/// The time in a text that is a date and a clock without a zone.
pub fn zoneless(text: &str) -> Option<Moment> {
    let plausible = (SECONDS..=SECONDS + 10).contains(&text.len()) && text.as_bytes()[4] == b'-';
    let time = plausible.then(|| Timestamp::parse(format!("{text}Z").as_bytes())).flatten()?;
    Some(Moment::Zoneless(time))
}

/// Whether a colon is the first one of a clock such as `10:34:50`.
pub fn within(text: &str, colon: usize) -> bool {
    let clock = colon.checked_sub(2).and_then(|at| text.as_bytes().get(at..at + 8));
    clock.is_some_and(|clock| second_of_day(clock).is_some())
}

/// `Wed 2026-11-18 02:04:16 UTC ` as `journalctl -o short-full` writes it.
fn weekday_clock(text: &str) -> Option<(Moment, &str)> {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let (_, rest) = split(text, " ").filter(|(day, _)| DAYS.contains(day))?;
    let (clock, rest) = rest.split_at_checked(19)?;
    let (zone, rest) = split(rest.strip_prefix(' ')?, " ")?;
    let time = Timestamp::parse(format!("{clock}Z").as_bytes())?;
    let moment = match zone {
        "UTC" | "GMT" => Moment::Instant(time),
        _ if zone.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-".contains(&byte)) => {
            Moment::Zoneless(time)
        }
        _ => return None,
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

/// `Nov 18 02:04:16 `, `Nov  8 02:04:16.123456 ` or `Nov 18 2026 02:04:16 `
fn bsd_clock(text: &str) -> Option<(Moment, &str)> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (name, rest) = text.split_at_checked(3)?;
    let month = MONTHS.iter().position(|month| *month == name)?;
    let month = u32::try_from(month + 1).ok()?;
    let (day, rest) = split(rest.strip_prefix(' ')?.trim_start_matches(' '), " ")?;
    let day = digits(day.as_bytes()).filter(|day| (1..=31).contains(day))?;
    let year = split(rest, " ").filter(|(year, _)| year.len() == 4 && is_number(year));
    let (clock, rest) = match year {
        Some((_, rest)) => split(rest, " ")?,
        None => split(rest, " ")?,
    };
    let second = second_of_day(clock.as_bytes())?;
    let moment = match year {
        Some((year, _)) => {
            let text = format!("{year}-{month:02}-{day:02}T00:00:00Z");
            let midnight = Timestamp::parse(text.as_bytes())?;
            Moment::Zoneless(Timestamp::from_secs(midnight.secs + second))
        }
        None => Moment::Yearless { month, day, second },
    };
    Some((moment, rest))
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
