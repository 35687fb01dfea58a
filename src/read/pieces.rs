//! Lines that container runtimes have written in pieces, one a line.

use memchr::{memchr, memchr2_iter};

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
    goes_on: GoesOn,
}

/// Whether a line goes on in the next of its stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum GoesOn {
    No,
    Yes,
    /// It is a piece, or whole and a shipper took its end off: what follows tells.
    Perhaps,
}

/// The stream in whose next line a line may go on: a CRI line marked `P`, or a line of Docker's
/// `json-file` whose text has no end.
pub fn goes_on(line: &[u8]) -> Option<Stream> {
    piece(line).filter(|piece| piece.goes_on != GoesOn::No).map(|piece| piece.stream)
}

/// Whether a line and what follows it may be pieces of one.
pub fn holds(line: &[u8], rest: &[u8]) -> bool {
    if let Some((stream, _)) = of_job(line) {
        return rest.len() < JOB || of_job(rest) == Some((stream, true));
    }
    match piece(line).map(|piece| piece.goes_on) {
        None | Some(GoesOn::No) => false,
        Some(GoesOn::Yes) => true,
        Some(GoesOn::Perhaps) => {
            let next = memchr(b'\n', rest).map(|end| &rest[..end]);
            next.is_none_or(|next| piece(next).is_some() && !anew(line, next))
        }
    }
}

/// Bytes that GitLab's runner puts before each line of a job's log.
pub const JOB: usize = "2026-02-24T05:30:12.345678Z 01O ".len();

/// `2026-02-24T05:30:12.345678Z 01O …`: the stream of a line of a job's log, and whether the line goes on
/// with what stands before it in the stream, as the runner says with a `+` behind it.
pub fn of_job(line: &[u8]) -> Option<(&[u8], bool)> {
    let front = line.get(..JOB)?;
    let goes_on = match front[JOB - 1] {
        b' ' => false,
        b'+' => true,
        _ => return None,
    };
    let [b' ', a, b, b'O' | b'E'] = front[JOB - 5..JOB - 1] else { return None };
    let good = front[10] == b'T'
        && front[JOB - 6] == b'Z'
        && a.is_ascii_hexdigit()
        && b.is_ascii_hexdigit();
    good.then_some((&front[JOB - 4..JOB - 1], goes_on))
}

/// The end of the last line that goes on with the one that begins at `at` in a job's log.
pub fn job_end(block: &[u8], at: usize, line_end: usize) -> usize {
    let Some((stream, _)) = of_job(&block[at..line_end]) else { return line_end };
    let mut end = line_end;
    while end < block.len()
        && end - at < MAX_RECORD
        && of_job(&block[end + 1..]) == Some((stream, true))
    {
        let next = end + 1;
        end = memchr(b'\n', &block[next..]).map_or(block.len(), |length| next + length);
    }
    end
}

fn piece(line: &[u8]) -> Option<Piece> {
    bare(line).or_else(|| match numbering(line) {
        0 => None,
        front => bare(&line[front..]),
    })
}

fn bare(line: &[u8]) -> Option<Piece> {
    match line {
        [b'{', b'"', b'l', b'o', b'g', b'"', b':', ..] => docker(line),
        [b'0'..=b'9', ..] => cri(line),
        _ => None,
    }
}

/// Bytes of what `grep -n` puts before a line: `127:`, or with the file's name `falco.log:127:`.
pub fn numbering(line: &[u8]) -> usize {
    const LONGEST: usize = 300;
    if line.first() == Some(&b'{') {
        return 0;
    }
    let front = &line[..line.len().min(LONGEST)];
    let mut from = 0;
    for at in memchr2_iter(b':', b' ', front) {
        let word = &front[from..at];
        match front[at] {
            b' ' => break,
            _ if !word.is_empty() && word.iter().all(u8::is_ascii_digit) => return at + 1,
            _ => from = at + 1,
        }
    }
    0
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
        [b'P', b' ' | b':', ..] => GoesOn::Yes,
        [b'F', ..] => GoesOn::No,
        _ => return None,
    };
    Some(Piece { stream, goes_on })
}

/// `{"log":"…\\n","stream":"stdout","time":"…"}`, with `"attrs":{…}` before the time at most: what
/// a shipper puts behind a line was put behind a whole one. One that has read it may write it anew
/// with blanks.
fn docker(line: &[u8]) -> Option<Piece> {
    let [stream, time, attrs]: [&[u8]; 3] = match line.get(7) {
        Some(b' ') => [b"\", \"stream\": \"std", b"\", \"time\": \"", b"\", \"attrs\": {"],
        _ => [b"\",\"stream\":\"std", b"\",\"time\":\"", b"\",\"attrs\":{"],
    };
    // The stream stands near the end, behind a text that an attacker may have chosen.
    let at = memchr::memmem::rfind(line, stream)?;
    let (stream, rest) = line[at + stream.len()..].split_at_checked(3)?;
    let stream = match stream {
        b"out" => Stream::Out,
        b"err" => Stream::Err,
        _ => return None,
    };
    if !rest.starts_with(time) && !rest.starts_with(attrs) {
        return None;
    }
    if rest.ends_with(b"}}") || memchr::memmem::find(rest, b"\"kubernetes\":").is_some() {
        return None;
    }
    let text = &line[..at];
    let slashes = text
        .strip_suffix(b"n")
        .map_or(0, |text| text.iter().rev().take_while(|byte| **byte == b'\\').count());
    let ended = !slashes.is_multiple_of(2);
    Some(Piece { stream, goes_on: if ended { GoesOn::No } else { without_end(line) } })
}

/// Whether a line of Docker's form whose text has no end goes on. A shipper may have taken the end
/// off: surely of a JSON value to its last byte, perhaps of what begins as an alert in text does and
/// is shorter than what Docker cuts at.
fn without_end(line: &[u8]) -> GoesOn {
    match log(line) {
        Some(log) if !stands_alone(&log) => GoesOn::Yes,
        Some(log) if log.trim_start().starts_with('{') => GoesOn::No,
        Some(log) if log.len() < DOCKER_CUT => GoesOn::Perhaps,
        _ => GoesOn::Yes,
    }
}

fn log(line: &[u8]) -> Option<String> {
    let mut reader = Reader::new(str::from_utf8(&line[numbering(line)..]).ok()?);
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
/// `line_end`: that of the last piece. Lines of the other stream may stand between. A line that perhaps
/// goes on does so if a line end comes before anything new begins.
pub fn end(block: &[u8], at: usize, line_end: usize) -> usize {
    let mut open: [Option<&[u8]>; 2] = [None; 2];
    let (mut line, mut end, mut sure) = (at..line_end, line_end, true);
    while let Some(piece) = piece(&block[line.clone()]) {
        let begun = &mut open[piece.stream as usize];
        if begun.is_some_and(|begun| anew(begun, &block[line.clone()])) {
            break;
        }
        sure &= line.start > at || piece.goes_on == GoesOn::Yes;
        let goes_on = match piece.goes_on {
            GoesOn::Perhaps => begun.is_some() || line.start == at,
            goes_on => goes_on == GoesOn::Yes,
        };
        *begun = goes_on.then_some(begun.unwrap_or(&block[line.clone()]));
        end = line.end;
        if open == [None; 2] {
            return end;
        }
        if end >= block.len() || end - at > MAX_RECORD {
            break;
        }
        let next = end + 1;
        line = next..memchr(b'\n', &block[next..]).map_or(block.len(), |length| next + length);
    }
    if sure { end } else { line_end }
}

/// The same of lines of Docker's form; CRI says whether a line goes on.
fn anew(begun: &[u8], line: &[u8]) -> bool {
    line[numbering(line)..].starts_with(b"{")
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
            (r#"{"log": "{\"a\":1", "stream": "stderr", "time": "t"}"#, Some(Stream::Err)),
            (r#"{"log": "abc\n", "stream": "stderr", "time": "t"}"#, None),
            (r#"{"log": "abc", "stream": "stdout", "time": "t", "kubernetes": {"a": 1}}"#, None),
            (r#"{"log":"10:34:50.5: Notice x","stream":"stdout","time":"t"}"#, Some(Stream::Out)),
            ("127:2026-11-18T10:00:00.1Z stdout P abc", Some(Stream::Out)),
            ("C:\\0.log:127:2026-11-18T10:00:00.1Z stdout P abc", Some(Stream::Out)),
            ("falco 0.log:127:2026-11-18T10:00:00.1Z stdout P abc", None),
            (r#"0.log:127:{"log":"abc","stream":"stdout","time":"t"}"#, Some(Stream::Out)),
            (r#"{"log":"abc"#, None),
            (r#"{"hostname":"a"}"#, None),
        ] {
            assert_eq!(goes_on(line.as_bytes()), expected, "{line}");
        }
    }

    #[test]
    fn a_line_of_a_job_says_that_it_goes_on_with_another() {
        let line = |front: &str| format!("2026-11-18T10:00:00.123456Z {front}abc\n");
        for (first, second, joined) in [
            ("01O ", "01O+", true),
            ("00E ", "00E+", true),
            ("01O ", "01O ", false),
            ("01O ", "01E+", false),
            ("stdout F ", "01O+", false),
        ] {
            let (first, second) = (line(first), line(second));
            let (block, whole) = (format!("{first}{second}"), first.len() + second.len() - 1);
            let end = first.len() - 1;
            let expected = if joined { whole } else { end };
            assert_eq!(job_end(block.as_bytes(), 0, end), expected, "{block}");
            assert_eq!(holds(first.trim_end().as_bytes(), second.as_bytes()), joined, "{block}");
        }
        assert!(holds(line("01O ").trim_end().as_bytes(), b"2026-"), "the next is not seen");
    }

    #[test]
    fn no_cut_is_made_between_pieces() {
        let line =
            |log: &str| format!("{{\"log\":{log:?},\"stream\":\"stdout\",\"time\":\"t\"}}\n");
        let held = |log: &str, rest: &str| holds(line(log).trim_end().as_bytes(), rest.as_bytes());
        let (piece, next) = (line(" (user=root)\n"), line("10:34:51.5: Notice y"));
        assert!(held("10:34:50.5: Notice x", &piece));
        assert!(held("10:34:50.5: Notice x", piece.trim_end()), "its end is not seen");
        assert!(!held("10:34:50.5: Notice x", &next));
        assert!(!held("10:34:50.5: Notice x", "10:34:51.5: Notice y\n"));
        assert!(!held("10:34:50.5: Notice x\n", &piece));
        assert!(held("Falco", &next));
    }

    #[test]
    fn a_piece_may_begin_as_an_alert_in_text_does() {
        let line =
            |log: &str| format!("{{\"log\":{log:?},\"stream\":\"stdout\",\"time\":\"t\"}}\n");
        for (logs, first) in [
            (["{\"output\":\"", "10:34:50.5: Notice x\"}\n", "x\n"], 2),
            (["10:34:50.5: Notice x", "10:34:51.5: Notice y", "z\n"], 1),
            (["10:34:50.5: Notice x", " (user", "=root)\n"], 3),
            (["10:34:50.5: Notice x", "Falco", "10:34:51.5: Notice y\n"], 1),
            (["10:34:50.5: Notice x", "Falco", "version"], 1),
            (["{\"output\":\"", "10:34:50.5: Notice x", "\"}\n"], 3),
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
