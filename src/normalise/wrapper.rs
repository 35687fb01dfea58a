//! What stands before a record on its line: syslog headers, container log prefixes, `grep -n`.

use super::{
    Wrapper,
    envelope::{Envelope, Moment, digits},
};
use crate::time::Timestamp;

/// A line without a wrapper's prefix, and what the prefix says.
#[derive(Clone, Copy, Debug)]
struct Stripped<'a> {
    rest: &'a str,
    wrapper: Wrapper,
    host: Option<&'a str>,
    moment: Moment,
}

/// Prefixes before one another that are taken off.
const PREFIXES: usize = 4;

/// Takes the prefixes of wrappers off a line. Gives the rest, and an envelope that says what they
/// say.
pub fn strip<'a>(text: &'a str, envelope: Envelope<'a>) -> (&'a str, Envelope<'a>) {
    let (mut rest, mut around) = (text, envelope);
    for _ in 0..PREFIXES {
        let Some(found) = prefix(rest) else { break };
        around = around.within(found.wrapper).told(found.host, found.moment);
        rest = found.rest;
    }
    (rest, around)
}

fn prefix(text: &str) -> Option<Stripped<'_>> {
    let first = *text.as_bytes().first()?;
    match first {
        b'{' => None,
        b'<' | b'A'..=b'Z' => syslog(text).or_else(|| selected(text)),
        b'0'..=b'9' => counted(text)
            .or_else(|| syslog(text))
            .or_else(|| cri(text))
            .or_else(|| numbered(text))
            .or_else(|| composed(text)),
        b'[' => kubectl(text),
        _ => selected(text).or_else(|| composed(text)).or_else(|| followed(text)),
    }
}

/// `312 <13>1 …`: syslog over TCP with each message's length before it (RFC 6587).
fn counted(text: &str) -> Option<Stripped<'_>> {
    let (length, rest) = text.split_once(' ')?;
    (is_number(length) && rest.starts_with('<')).then(|| syslog(rest)).flatten()
}

/// RFC 3164 (`Nov 18 02:04:16 node-09 falco[912]: …`), RFC 5424
/// (`<12>1 2026-11-18T02:04:16Z node-09 falco 912 - - …`), rsyslog's own form, and that of Go's
/// `log/syslog` that falcosidekick writes (`<4>2026-11-18T02:04:16Z host Falco[1]: …`).
fn syslog(text: &str) -> Option<Stripped<'_>> {
    let rest = match text.strip_prefix('<') {
        Some(after) => after.split_once('>').filter(|(number, _)| is_number(number))?.1,
        None => text,
    };
    if let Some(version_one) = rest.strip_prefix("1 ") {
        return rfc5424(version_one);
    }
    let (moment, rest) = clock(rest)?;
    let (host, rest) = rest.split_once(' ')?;
    let wrapper = Wrapper::Syslog;
    // Docker's syslog driver leaves the host out: `Aug 30 15:24:42 tag[1737]: …`.
    if let Some(tag) = host.strip_suffix(':') {
        return is_tag(tag).then_some(Stripped { rest, wrapper, host: None, moment });
    }
    let (tag, rest) = rest.split_once(':')?;
    let rest = rest.strip_prefix(' ').unwrap_or(rest);
    let good = is_tag(tag) && is_host(host);
    good.then_some(Stripped { rest, wrapper, host: Some(host), moment })
}

/// The time at the front of a syslog line, and what follows it.
fn clock(text: &str) -> Option<(Moment, &str)> {
    if let Some(found) = bsd_clock(text).or_else(|| weekday_clock(text)) {
        return Some(found);
    }
    let (clock, rest) = text.split_once(' ')?;
    let time = Timestamp::parse(clock.as_bytes()).or_else(|| unix_clock(clock))?;
    Some((Moment::Instant(time), rest))
}

/// `Wed 2026-11-18 02:04:16 UTC ` as `journalctl -o short-full` writes it.
fn weekday_clock(text: &str) -> Option<(Moment, &str)> {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let (_, rest) = text.split_once(' ').filter(|(day, _)| DAYS.contains(day))?;
    let (clock, rest) = rest.split_at_checked(19)?;
    let (zone, rest) = rest.strip_prefix(' ')?.split_once(' ')?;
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
    let (day, rest) = rest.strip_prefix(' ')?.trim_start_matches(' ').split_once(' ')?;
    let day = digits(day.as_bytes()).filter(|day| (1..=31).contains(day))?;
    let year = rest.split_once(' ').filter(|(year, _)| year.len() == 4 && is_number(year));
    let (clock, rest) = match year {
        Some((_, rest)) => rest.split_once(' ')?,
        None => rest.split_once(' ')?,
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

/// `2026-11-18T02:04:16Z node-09 falco 912 ID47 [a b="c"] …`
fn rfc5424(text: &str) -> Option<Stripped<'_>> {
    let mut parts = text.splitn(6, ' ');
    let (clock, host) = (parts.next()?, parts.next()?);
    let moment = match clock {
        "-" => Moment::Unknown,
        clock => Moment::Instant(Timestamp::parse(clock.as_bytes())?),
    };
    let rest = parts.nth(3)?;
    let rest = match rest.strip_prefix('-') {
        Some(rest) => rest,
        None => after_structured_data(rest)?,
    };
    let rest = rest.trim_start_matches([' ', '\u{feff}']);
    let host = (host != "-").then_some(host);
    Some(Stripped { rest, wrapper: Wrapper::Syslog, host, moment })
}

/// What follows `[id a="b" c="\]"][id2]`.
fn after_structured_data(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let (mut at, mut quoted) = (0, false);
    if bytes.first() != Some(&b'[') {
        return None;
    }
    loop {
        match bytes.get(at)? {
            b'\\' => at += 1,
            b'"' => quoted = !quoted,
            b']' if !quoted && bytes.get(at + 1) != Some(&b'[') => return text.get(at + 1..),
            _ => {}
        }
        at += 1;
    }
}

fn is_tag(tag: &str) -> bool {
    // `[libs]:` is Falco's own.
    tag.starts_with(|first: char| first.is_ascii_alphanumeric() || "_/(".contains(first))
        && tag.len() <= 128
        && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"[]._/-()@".contains(&byte))
}

fn is_host(host: &str) -> bool {
    !host.is_empty() && !host.contains(['{', '"', '='])
}

/// `[pod/falco-vf8rj/falco] …`, and the same without brackets' end as `stern` has it.
fn kubectl(text: &str) -> Option<Stripped<'_>> {
    let (_, rest) = text.strip_prefix("[pod/")?.split_once("] ")?;
    Some(Stripped { rest, wrapper: Wrapper::Kubectl, host: None, moment: Moment::Unknown })
}

/// `2026-02-24T05:30:12.345Z stdout F …`, and `docker logs --timestamps` without the stream.
fn cri(text: &str) -> Option<Stripped<'_>> {
    let (clock, rest) = text.split_once(' ')?;
    let moment = Moment::Instant(Timestamp::parse(clock.as_bytes())?);
    let (wrapper, rest) = match piece(rest) {
        Some(piece) => (Wrapper::Cri, piece.rest),
        None => (Wrapper::Timestamps, rest),
    };
    Some(Stripped { rest, wrapper, host: None, moment })
}

/// What a line of a CRI log holds behind its time.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'a> {
    /// `stdout` or `stderr`.
    pub stream: &'a str,
    /// The line goes on in the stream's next line.
    pub partial: bool,
    /// The text.
    pub rest: &'a str,
}

/// Reads `stdout F …`.
pub fn piece(text: &str) -> Option<Piece<'_>> {
    let (stream, rest) =
        text.split_once(' ').filter(|(word, _)| matches!(*word, "stdout" | "stderr"))?;
    let (tags, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    match tags.split(':').next() {
        Some("P") => Some(Piece { stream, partial: true, rest }),
        Some("F") => Some(Piece { stream, partial: false, rest }),
        _ => None,
    }
}

/// `127:…` as `grep -n` writes it.
fn numbered(text: &str) -> Option<Stripped<'_>> {
    let (number, rest) = text.split_once(':')?;
    // `10:34:50.5…` is a clock, not a line number.
    let clock = rest.as_bytes().get(2) == Some(&b':') && second_of_day_begins(text.as_bytes());
    let wrapper = Wrapper::Numbered;
    let good = is_number(number) && !clock;
    good.then_some(Stripped { rest, wrapper, host: None, moment: Moment::Unknown })
}

fn second_of_day_begins(text: &[u8]) -> bool {
    text.get(..8).is_some_and(|clock| second_of_day(clock).is_some())
}

/// `C:\logs\falco.log:35:…` and `logs/falco.log:35:…` as Select-String and `grep -Hn` write it.
fn selected(text: &str) -> Option<Stripped<'_>> {
    const LONGEST: usize = 300;
    let head = text.as_bytes().get(..text.len().min(LONGEST))?;
    let mut colons = memchr::memchr_iter(b':', head);
    let (_, rest) = colons.find_map(|colon| {
        let (number, rest) = text.get(colon + 1..)?.split_once(':')?;
        let path = &text[..colon];
        let is_path = path.contains(['.', '/', '\\']) && !path.contains(['{', '"', '=', '|']);
        (is_number(number)
            && is_path
            && !second_of_day_begins(&text.as_bytes()[colon - 2.min(colon)..]))
        .then_some((path, rest))
    })?;
    Some(Stripped { rest, wrapper: Wrapper::Numbered, host: None, moment: Moment::Unknown })
}

/// `falco-1  | …` as `docker compose logs` writes it.
fn composed(text: &str) -> Option<Stripped<'_>> {
    let (name, rest) = text.split_once(" | ")?;
    let name = name.trim_end();
    let is_name = !name.is_empty()
        && name.len() <= 64
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    let wrapper = Wrapper::Docker;
    is_name.then_some(Stripped { rest, wrapper, host: None, moment: Moment::Unknown })
}

/// `falco-vf8rj falco …` as `stern` writes it, and k9s: the pod, the container, and the line.
fn followed(text: &str) -> Option<Stripped<'_>> {
    let mut words = text.splitn(3, ' ');
    let (pod, container, rest) = (words.next()?, words.next()?, words.next()?);
    let is_name = |word: &str| {
        !word.is_empty()
            && word.bytes().all(|byte| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte)
            })
    };
    let is_line = rest.starts_with("{\"") || rest.starts_with(|first: char| first.is_ascii_digit());
    let good = pod.contains('-') && is_name(pod) && is_name(container) && is_line;
    let wrapper = Wrapper::Kubectl;
    good.then_some(Stripped { rest, wrapper, host: None, moment: Moment::Unknown })
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalise::{Context, Sources};

    #[test]
    fn prefixes_come_off() {
        let sources = Sources::default();
        let context = Context::new(&sources);
        for (line, rest, host, wrapper) in [
            (
                "Nov 18 02:04:16 node-09 falco[912]: {\"a\":1}",
                "{\"a\":1}",
                Some("node-09"),
                "syslog",
            ),
            ("Nov  8 02:04:16 node-09 falco: x", "x", Some("node-09"), "syslog"),
            ("Nov  8 02:04:16.123456 node-09 falco: x", "x", Some("node-09"), "syslog"),
            ("Aug 30 15:24:42 tag[1737]: msg", "msg", None, "syslog"),
            ("<4>2024-08-07T13:49:51Z a72f Falco[1]: {}", "{}", Some("a72f"), "syslog"),
            ("<14>Nov 18 02:04:16 h falco: y", "y", Some("h"), "syslog"),
            ("2026-11-18T02:04:16.5+01:00 h falco[9]: y", "y", Some("h"), "syslog"),
            ("<12>1 2026-11-18T02:04:16Z n1 falco 912 - - y", "y", Some("n1"), "syslog"),
            (
                "<12>1 2026-11-18T02:04:16Z - falco - - [a b=\"]\\\"\"][c] \u{feff}y",
                "y",
                None,
                "syslog",
            ),
            (
                "[pod/falco-x/falco] 2026-07-29T13:55:07.4Z 13:55:07.4: Notice A",
                "13:55:07.4: Notice A",
                None,
                "kubectl",
            ),
            ("[pod/falco-x/falco] {}", "{}", None, "kubectl"),
            ("2026-02-24T05:30:12.345Z stdout F {}", "{}", None, "cri"),
            ("2026-02-24T05:30:12.345Z {}", "{}", None, "timestamps"),
            ("2026-02-24T05:30:12.345Z [libs]: x", "[libs]: x", None, "timestamps"),
            ("127:{}", "{}", None, "numbered lines"),
            ("C:\\logs\\falco.log:35:{}", "{}", None, "numbered lines"),
            (
                "logs/falco.log:35:10:34:50.5: Notice x",
                "10:34:50.5: Notice x",
                None,
                "numbered lines",
            ),
            ("127:Nov 18 02:04:16 h falco: y", "y", Some("h"), "numbered lines"),
            ("falco-1  | {}", "{}", None, "docker"),
            ("57 <13>1 2026-11-18T02:04:16Z n1 falco 9 - - y", "y", Some("n1"), "syslog"),
            ("Wed 2026-11-18 02:04:16 CET n1 falco[9]: y", "y", Some("n1"), "syslog"),
            ("1794992656.123456 n1 falco[9]: y", "y", Some("n1"), "syslog"),
            (
                "falco-vf8rj falco 2026-11-18T02:04:16Z 02:04:16.5: Notice x",
                "02:04:16.5: Notice x",
                None,
                "kubectl",
            ),
            ("falco-vf8rj falco is here", "falco-vf8rj falco is here", None, ""),
            ("plain text", "plain text", None, ""),
            ("10:34:50.5: Notice x", "10:34:50.5: Notice x", None, ""),
        ] {
            let (stripped, envelope) = strip(line, Envelope::bare(&context));
            assert_eq!(
                (stripped, envelope.host, envelope.wrapper.name()),
                (rest, host, wrapper),
                "{line}"
            );
        }
    }

    #[test]
    fn a_cri_line_is_a_piece_or_whole() {
        let read = |text| piece(text).map(|piece| (piece.stream, piece.partial, piece.rest));
        assert_eq!(read("stdout P abc"), Some(("stdout", true, "abc")));
        assert_eq!(read("stderr F "), Some(("stderr", false, "")));
        assert_eq!(read("stdout F"), Some(("stdout", false, "")));
        assert_eq!(read("stdout x"), None);
    }
}
