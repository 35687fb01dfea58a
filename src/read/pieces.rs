//! Lines that container runtimes have written in pieces, one a line.

use memchr::memchr;

use super::MAX_RECORD;
use crate::json::{Reader, Value};

/// Bytes of a line at which Docker cuts it.
const DOCKER_CUT: usize = 16 << 10;

/// A stream of a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Its output.
    Out,
    /// Its errors.
    Err,
}

/// A line of a container's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece {
    stream: Stream,
    goes_on: bool,
}

/// The stream in whose next line a line goes on, if it does: a CRI line marked `P`, or a line of
/// Docker's `json-file` whose text has no end.
pub fn goes_on(line: &[u8]) -> Option<Stream> {
    piece(line).filter(|piece| piece.goes_on).map(|piece| piece.stream)
}

fn piece(line: &[u8]) -> Option<Piece> {
    match line {
        [b'{', b'"', b'l', b'o', b'g', b'"', b':', ..] => docker(line),
        [b'0'..=b'9', ..] => cri(line),
        _ => None,
    }
}

/// `2026-02-24T05:30:12.345Z stdout P …`
fn cri(line: &[u8]) -> Option<Piece> {
    const LONGEST_CLOCK: usize = 40;
    let blank = memchr(b' ', &line[..line.len().min(LONGEST_CLOCK)])?;
    let (stream, rest) = match line[blank + 1..].split_at_checked(7)? {
        (b"stdout ", rest) => (Stream::Out, rest),
        (b"stderr ", rest) => (Stream::Err, rest),
        _ => return None,
    };
    let goes_on = match rest {
        [b'P', b' ' | b':', ..] => true,
        [b'F', ..] => false,
        _ => return None,
    };
    Some(Piece { stream, goes_on })
}

/// `{"log":"…\\n","stream":"stdout","time":"…"}`, with `"attrs":{…}` before the time at most: what
/// a shipper puts behind a line was put behind a whole one.
fn docker(line: &[u8]) -> Option<Piece> {
    // The stream stands near the end, behind a text that an attacker may have chosen.
    let at = memchr::memmem::rfind(line, b"\",\"stream\":\"std")?;
    let stream = match line.get(at + 15..at + 18)? {
        b"out" => Stream::Out,
        b"err" => Stream::Err,
        _ => return None,
    };
    let rest = line.get(at + 18..)?.strip_prefix(b"\"")?;
    if !rest.starts_with(b",\"time\":\"") && !rest.starts_with(b",\"attrs\":{") {
        return None;
    }
    if rest.ends_with(b"}}") || memchr::memmem::find(rest, b"\"kubernetes\":").is_some() {
        return None;
    }
    let text = &line[..at];
    let slashes = text
        .strip_suffix(b"n")
        .map_or(0, |text| text.iter().rev().take_while(|byte| **byte == b'\\').count());
    let goes_on = slashes.is_multiple_of(2) && !without_end(line);
    Some(Piece { stream, goes_on })
}

/// Whether a line of Docker's form is whole although its text has no end, since a shipper took it
/// off: what is no JSON and shorter than what Docker cuts at, or a JSON value to its last byte.
fn without_end(line: &[u8]) -> bool {
    log(line).is_some_and(|log| {
        let is_json = log.trim_start().starts_with('{');
        (is_json || log.len() < DOCKER_CUT) && stands_alone(&log)
    })
}

fn log(line: &[u8]) -> Option<String> {
    let mut reader = Reader::new(str::from_utf8(line).ok()?);
    let (_, value) = reader.members().ok()?.into_iter().next()?;
    match value {
        Value::Text(log) => Some(log.into_owned()),
        _ => None,
    }
}

/// Whether a text is no piece of a longer one: a JSON object from its first byte to its last, or
/// one that begins with a clock, as an alert in text does.
fn stands_alone(text: &str) -> bool {
    let text = text.trim_ascii();
    if text.starts_with('{') {
        let mut reader = Reader::new(text);
        return reader.value().is_ok() && reader.at_end();
    }
    let clock = match text.as_bytes() {
        [_, _, _, _, b'-', _, _, b'-', _, _, b'T', clock @ ..] => clock,
        clock => clock,
    };
    let [h, i, b':', m, n, b':', s, t, b'.', ..] = clock else { return false };
    [h, i, m, n, s, t].iter().all(|digit| digit.is_ascii_digit())
}

/// Whether a piece begins something new although what came before it was not ended. A clock may
/// stand within JSON too, and a piece may begin with it.
pub fn begins_anew(before: &str, piece: &str) -> bool {
    let json = |text: &str| text.trim_start().starts_with('{');
    stands_alone(piece) && (json(piece) || !json(before))
}

/// The end of the line with which the record that begins at `at` ends, its first line ending at
/// `line_end`: that of the last piece. Lines of the other stream may stand between.
pub fn end(block: &[u8], at: usize, line_end: usize) -> usize {
    let mut open: [Option<&[u8]>; 2] = [None; 2];
    let (mut line, mut end) = (at..line_end, line_end);
    while let Some(piece) = piece(&block[line.clone()]) {
        let begun = &mut open[piece.stream as usize];
        if begun.is_some_and(|begun| anew(begun, &block[line.clone()])) {
            break;
        }
        *begun = piece.goes_on.then_some(begun.unwrap_or(&block[line.clone()]));
        end = line.end;
        if open == [None; 2] || end >= block.len() || end - at > MAX_RECORD {
            break;
        }
        let next = end + 1;
        line = next..memchr(b'\n', &block[next..]).map_or(block.len(), |length| next + length);
    }
    end
}

/// The same of lines of Docker's form; CRI says whether a line goes on.
fn anew(begun: &[u8], line: &[u8]) -> bool {
    line.starts_with(b"{")
        && begins_anew(&log(begun).unwrap_or_default(), &log(line).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_go_on_are_known() {
        for (line, expected) in [
            ("2026-11-18T10:00:00.1Z stdout P abc", Some(Stream::Out)),
            ("2026-11-18T10:00:00.1Z stderr P abc", Some(Stream::Err)),
            ("2026-11-18T10:00:00.1Z stdout F abc", None),
            ("2026-11-18T10:00:00.1Z stdout Print", None),
            ("10:00:00.1: Notice x", None),
            (r#"{"log":"abc","stream":"stdout","time":"t"}"#, Some(Stream::Out)),
            (r#"{"log":"abc\n","stream":"stdout","time":"t"}"#, None),
            (r#"{"log":"abc\\n","stream":"stderr","time":"t"}"#, Some(Stream::Err)),
            (
                r#"{"log":"abc","stream":"stdout","attrs":{"tag":"a"},"time":"t"}"#,
                Some(Stream::Out),
            ),
            (r#"{"log":"abc","stream":"stdout","time":"t","kubernetes":{"host":"n"}}"#, None),
            (r#"{"log":"{\"a\":1}","stream":"stdout","time":"t"}"#, None),
            (r#"{"log":"{\"a\":1","stream":"stdout","time":"t"}"#, Some(Stream::Out)),
            (r#"{"log":"10:34:50.5: Notice x","stream":"stdout","time":"t"}"#, None),
            (r#"{"log":"abc"#, None),
            (r#"{"hostname":"a"}"#, None),
        ] {
            assert_eq!(goes_on(line.as_bytes()), expected, "{line}");
        }
    }

    #[test]
    fn a_piece_may_begin_as_an_alert_in_text_does() {
        let line =
            |log: &str| format!("{{\"log\":{log:?},\"stream\":\"stdout\",\"time\":\"t\"}}\n");
        for (logs, first) in [
            (["{\"output\":\"", "10:34:50.5: Notice x\"}\n", "x\n"], 2),
            (["10:34:50.5: Notice x", "10:34:51.5: Notice y", "z\n"], 1),
            (["{\"output\":\"torn", "{\"output\":\"y\"}", "z\n"], 1),
            (["Falco", " version\n", "z\n"], 2),
        ] {
            let lines = logs.map(line);
            let block = lines.concat();
            let found = end(block.as_bytes(), 0, lines[0].len() - 1);
            let expected: usize = lines[..first].iter().map(String::len).sum();
            assert_eq!(found, expected - 1, "{block}");
        }
    }
}
