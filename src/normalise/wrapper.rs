//! What stands before a record on its line: syslog headers, container log prefixes, `grep -n`.

use super::{
    Sources, Wrapper,
    envelope::{Envelope, Moment, date_in},
    falco, text as plain,
};
use crate::{priority::Priority, time::Timestamp};

mod clock;

pub use clock::{aside, second_of_day};

/// A line without a wrapper's prefix, and what the prefix says.
#[derive(Clone, Copy, Debug)]
struct Stripped<'a> {
    rest: &'a str,
    wrapper: Wrapper,
    host: Option<&'a str>,
    moment: Moment,
}

/// Prefixes before one another that are taken off.
const PREFIXES: usize = 6;

/// Bytes of the prefixes of one record, and of a path, at most.
const LONGEST: usize = 300;

/// Bytes of the structured data of a line of syslog at most.
const LONGEST_DATA: usize = 8 << 10;

/// What stands before a mark and behind it, where it is near: a line may be long, and its records
/// many.
fn split<'t>(text: &'t str, mark: &str) -> Option<(&'t str, &'t str)> {
    let front = &text.as_bytes()[..text.len().min(LONGEST)];
    let at = memchr::memmem::find(front, mark.as_bytes())?;
    Some((&text[..at], &text[at + mark.len()..]))
}

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

/// Where the prefixes begin that end at `at`, looked for from `from` on; `at` where none do.
pub fn before(text: &str, from: usize, at: usize) -> usize {
    let ends = |start: &usize| {
        let Some(mut rest) = text.get(*start..at) else { return false };
        for _ in 0..PREFIXES {
            let Some(found) = header(rest) else { return false };
            rest = found.rest;
            if rest.is_empty() {
                return true;
            }
        }
        false
    };
    (from.max(at.saturating_sub(LONGEST))..at).find(ends).unwrap_or(at)
}

fn prefix(text: &str) -> Option<Stripped<'_>> {
    match *text.as_bytes().first()? {
        b'{' => None,
        b'[' => header(text),
        b'0'..=b'9' => header(text)
            .or_else(|| counted(text))
            .or_else(|| grepped(text))
            .or_else(|| numbered(text))
            .or_else(|| composed(text))
            .or_else(|| viewed(text)),
        _ => header(text)
            .or_else(|| grepped(text))
            .or_else(|| selected(text))
            .or_else(|| composed(text))
            .or_else(|| followed(text))
            .or_else(|| viewed(text)),
    }
}

/// The time that a text is, as syslog's headers write it.
pub fn clock(text: &str) -> Option<Moment> {
    let blank = format!("{} ", text.get(..text.len().min(LONGEST))?);
    clock::clock(&blank).filter(|(_, rest)| rest.is_empty()).map(|(moment, _)| moment)
}

/// What a daemon or a runtime puts before each line.
fn header(text: &str) -> Option<Stripped<'_>> {
    match *text.as_bytes().first()? {
        b'<' | b'A'..=b'Z' | b'0'..=b'9' => syslog(text).or_else(|| stamped(text)),
        b'[' => kubectl(text).or_else(|| bracketed(text)),
        _ => None,
    }
}

/// `312 <13>1 …`: syslog over TCP with each message's length before it (RFC 6587).
fn counted(text: &str) -> Option<Stripped<'_>> {
    let (length, rest) = split(text, " ")?;
    (is_number(length) && rest.starts_with('<')).then(|| syslog(rest)).flatten()
}

/// A header of syslog, or what a relay put before one.
fn syslog(text: &str) -> Option<Stripped<'_>> {
    sent(text).or_else(|| relayed(text))
}

/// RFC 3164 (`Nov 18 02:04:16 node-09 falco[912]: …`), RFC 5424
/// (`<12>1 2026-11-18T02:04:16Z node-09 falco 912 - - …`), rsyslog's own form, and that of Go's
/// `log/syslog` that falcosidekick writes (`<4>2026-11-18T02:04:16Z host Falco[1]: …`).
fn sent(text: &str) -> Option<Stripped<'_>> {
    let rest = after_number(text)?;
    if let Some(version_one) = rest.strip_prefix("1 ") {
        return rfc5424(version_one);
    }
    match clock::clock(rest) {
        Some((moment, rest)) => tagged(rest, moment),
        None => numbered_process(rest),
    }
}

/// `2026-11-18 02:04:16 node-09 falco[912]: …`: programs that log for themselves begin so too, with a
/// level in the place of the machine or without a number.
fn numbered_process(text: &str) -> Option<Stripped<'_>> {
    let (time, rest) = clock::zoneless_clock(text)?;
    let found = tagged(rest, Moment::Local(time))?;
    let tag = rest[..rest.len() - found.rest.len()].trim_end().strip_suffix("]:")?;
    let is_level = found.host.and_then(Priority::parse).is_some();
    (is_number(&tag[tag.rfind('[')? + 1..]) && !is_level).then_some(found)
}

/// `Nov 18 02:04:17 relay Nov 18 02:04:16 node-09 falco[912]: …`
fn relayed(text: &str) -> Option<Stripped<'_>> {
    let (moment, rest) = clock::clock(after_number(text)?)?;
    let (_, rest) = split(rest, " ").filter(|(relay, _)| is_host(relay))?;
    sent(rest).map(|_| Stripped { rest, wrapper: Wrapper::Syslog, host: None, moment })
}

/// What follows `<13>`, where it is there.
fn after_number(text: &str) -> Option<&str> {
    match text.strip_prefix('<') {
        Some(after) => Some(split(after, ">").filter(|(number, _)| is_number(number))?.1),
        None => Some(text),
    }
}

/// `node-09 falco[912]: …`
fn tagged(text: &str, moment: Moment) -> Option<Stripped<'_>> {
    let wrapper = Wrapper::Syslog;
    let (host, rest) = split(text, " ")?;
    // Docker's syslog driver leaves the host out: `Aug 30 15:24:42 tag[1737]: …`.
    if let Some(tag) = host.strip_suffix(':') {
        return is_tag(tag).then_some(Stripped { rest, wrapper, host: None, moment });
    }
    let rest = after_facility(rest);
    let (tag, message) = split(rest, ":")?;
    let good = is_tag(tag) && is_host(host) && !clock::within(rest, tag.len());
    let rest = message.strip_prefix(' ').unwrap_or(message);
    good.then_some(Stripped { rest, wrapper, host: Some(host), moment })
}

/// What follows `user.notice `, which `BusyBox` puts before the tag.
fn after_facility(text: &str) -> &str {
    const LEVELS: [&str; 10] =
        ["emerg", "alert", "crit", "err", "error", "warn", "warning", "notice", "info", "debug"];
    let facility = split(text, " ")
        .filter(|(word, _)| word.split_once('.').is_some_and(|(_, level)| LEVELS.contains(&level)));
    facility.map_or(text, |(_, rest)| rest)
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
    let bytes = &text.as_bytes()[..text.len().min(LONGEST_DATA)];
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

/// Whether a word may name a machine: `node-09`, `10.0.0.7`, `fe80::1`, `node-09/relay`; and is no
/// time.
fn is_host(host: &str) -> bool {
    !host.is_empty()
        && host.chars().all(|sign| sign.is_alphanumeric() || "._:-/@".contains(sign))
        && Timestamp::parse(host.as_bytes()).is_none()
}

/// `[pod/falco-vf8rj/falco] …`, and the same without brackets' end as `stern` has it.
fn kubectl(text: &str) -> Option<Stripped<'_>> {
    let (_, rest) = split(text.strip_prefix("[pod/")?, "] ")?;
    Some(Stripped { rest, wrapper: Wrapper::Kubectl, host: None, moment: Moment::Unknown })
}

/// `[2026-07-29T13:55:08.123Z] …` as Jenkins writes it, and
/// `[123456.123456] node-09 falco[912]: …` as `journalctl -o short-monotonic` does.
fn bracketed(text: &str) -> Option<Stripped<'_>> {
    let (clock, rest) = split(text.strip_prefix('[')?, "]")?;
    // Elasticsearch puts more of them before a line: `[2026-11-18T02:04:16,123][INFO ][o.e.x] …`.
    let rest = rest.strip_prefix(' ').or_else(|| rest.starts_with('[').then_some(rest))?;
    let since_boot = |(seconds, micros): (&str, &str)| {
        is_number(seconds.trim_start()) && is_number(micros) && micros.len() == 6
    };
    if clock.split_once('.').is_some_and(since_boot) {
        return tagged(rest, Moment::Unknown);
    }
    let moment = match Timestamp::parse(clock.as_bytes()).or_else(|| clock::spaced(clock)) {
        Some(time) => Moment::Instant(time),
        None => Moment::Zoneless(clock::zoneless(clock)?),
    };
    Some(Stripped { rest, wrapper: Wrapper::Timestamps, host: None, moment })
}

/// `2026-02-24T05:30:12.345Z stdout F …`, and `docker logs --timestamps` without the stream, as
/// others that put nothing but a time before each line.
fn stamped(text: &str) -> Option<Stripped<'_>> {
    let zoneless =
        || clock::zoneless_clock(text).map(|(time, rest)| (Moment::Zoneless(time), rest));
    let (moment, rest) = clock::clock(text).or_else(zoneless)?;
    let (wrapper, rest) = match piece(rest) {
        Some(piece) => (Wrapper::Cri, piece.rest),
        None => (Wrapper::Timestamps, rest),
    };
    Some(Stripped { rest, wrapper, host: None, moment })
}

/// `build<TAB>Run tests<TAB>2026-07-29T13:55:08.1234567Z …` as `gh run view --log` writes it.
fn viewed(text: &str) -> Option<Stripped<'_>> {
    let (_, columns) = split(text, "\t")?;
    let (_, line) = split(columns, "\t")?;
    stamped(line.trim_start_matches('\u{feff}'))
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
    let (number, rest) = split(text, ":")?;
    // `10:34:50.5…` is a clock, not a line number.
    let good = is_number(number) && !clock::within(text, number.len());
    good.then(|| found_in("", rest))
}

/// `falco.log:…` as `grep -H` writes it, and the same with `-` as it does before a line that
/// stands near one that it found; also with the line's number. Without one nothing tells where the
/// name of the file ends but that a record begins there.
fn grepped(text: &str) -> Option<Stripped<'_>> {
    let head = &text.as_bytes()[..text.len().min(LONGEST)];
    let name = head.iter().take_while(|byte| !b" \t{\"=|".contains(byte)).count();
    let mut marks = memchr::memchr2_iter(b':', b'-', &head[..name]).filter(|mark| *mark > 0);
    let mark = marks.find(|mark| begins(&text[mark + 1..]))?;
    Some(found_in(&text[..mark], &text[mark + 1..]))
}

/// Whether a record begins here, bare or behind a header.
fn begins(text: &str) -> bool {
    falco::begins_record(text, &Sources::default())
        || plain::head(text).is_some()
        || header(text).is_some()
}

/// `C:\logs\falco.log:35:…` and `logs/falco.log:35:…` as Select-String and `grep -Hn` write it.
fn selected(text: &str) -> Option<Stripped<'_>> {
    let head = text.as_bytes().get(..text.len().min(LONGEST))?;
    let mut colons = memchr::memchr_iter(b':', head);
    colons.find_map(|colon| {
        let (number, rest) = split(text.get(colon + 1..)?, ":")?;
        let path = &text[..colon];
        let is_path = path.contains(['.', '/', '\\']) && !path.contains(['{', '"', '=', '|']);
        (is_number(number) && is_path && !clock::within(text, colon)).then(|| found_in(path, rest))
    })
}

/// A line that was found in a file, whose name may tell the day.
fn found_in<'t>(path: &str, rest: &'t str) -> Stripped<'t> {
    let moment = date_in(path).map_or(Moment::Unknown, Moment::Day);
    Stripped { rest, wrapper: Wrapper::Numbered, host: None, moment }
}

/// `falco-1  | …` as `docker compose logs` writes it.
fn composed(text: &str) -> Option<Stripped<'_>> {
    let (name, rest) = split(text, " | ")?;
    let name = name.trim_end();
    let is_name = !name.is_empty()
        && name.len() <= 64
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    let wrapper = Wrapper::Docker;
    is_name.then_some(Stripped { rest, wrapper, host: None, moment: Moment::Unknown })
}

/// `falco-vf8rj falco …` as `stern` writes it, and k9s: the pod, the container, and the line; before
/// them the namespace, where `stern` was asked for all.
fn followed(text: &str) -> Option<Stripped<'_>> {
    let is_name = |word: &str| {
        !word.is_empty()
            && word.bytes().all(|byte| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte)
            })
    };
    let line = |text| {
        let (pod, line) = split(text, " ")?;
        let (container, rest) = split(line, " ")?;
        let is_line =
            rest.starts_with("{\"") || rest.starts_with(|first: char| first.is_ascii_digit());
        let good = pod.contains('-') && is_name(pod) && is_name(container) && is_line;
        good.then_some(rest)
    };
    let (namespace, behind) = split(text, " ")?;
    let rest = line(text).or_else(|| is_name(namespace).then(|| line(behind)).flatten())?;
    let wrapper = Wrapper::Kubectl;
    Some(Stripped { rest, wrapper, host: None, moment: Moment::Unknown })
}

/// The message and the time of `EVENTS<TAB>1794992656123<TAB>…<TAB>1794992656000`, as
/// `aws logs --output text` prints an event: with an id before the time at which it was taken up and the
/// name of its stream behind that, where several streams were searched.
pub fn event(text: &str) -> Option<(&str, Moment)> {
    let millis = |text: &str| {
        let good = text.len() == 13 && text.bytes().all(|byte| byte.is_ascii_digit());
        good.then(|| Timestamp::from_nanos(text.parse::<i128>().ok()? * 1_000_000)).flatten()
    };
    let (columns, time) = text.strip_prefix("EVENTS\t")?.rsplit_once('\t')?;
    let time = millis(time)?;
    let (first, message) = columns.split_once('\t')?;
    let message = match millis(first) {
        Some(_) => message,
        None => message.splitn(3, '\t').nth(2)?,
    };
    Some((message, time.into()))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests;
