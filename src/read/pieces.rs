//! Lines that container runtimes have written in pieces, one a line.

use memchr::memchr;

use super::MAX_RECORD;

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

/// `{"log":"…\\n","stream":"stdout",…}`
fn docker(line: &[u8]) -> Option<Piece> {
    // The stream stands near the end, behind a text that an attacker may have chosen.
    let at = memchr::memmem::rfind(line, b"\",\"stream\":\"std")?;
    let stream = match line.get(at + 15..at + 18)? {
        b"out" => Stream::Out,
        b"err" => Stream::Err,
        _ => return None,
    };
    let text = &line[..at];
    let slashes = text
        .strip_suffix(b"n")
        .map_or(0, |text| text.iter().rev().take_while(|byte| **byte == b'\\').count());
    Some(Piece { stream, goes_on: slashes.is_multiple_of(2) })
}

/// The end of the line with which the record that begins at `at` ends, its first line ending at
/// `line_end`: that of the last piece. Lines of the other stream may stand between.
pub fn end(block: &[u8], at: usize, line_end: usize) -> usize {
    let mut open = [false; 2];
    let (mut line, mut end) = (at..line_end, line_end);
    while let Some(piece) = piece(&block[line.clone()]) {
        open[piece.stream as usize] = piece.goes_on;
        end = line.end;
        if open == [false; 2] || end >= block.len() || end - at > MAX_RECORD {
            break;
        }
        let next = end + 1;
        line = next..memchr(b'\n', &block[next..]).map_or(block.len(), |length| next + length);
    }
    end
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
            (r#"{"log":"abc"#, None),
            (r#"{"hostname":"a"}"#, None),
        ] {
            assert_eq!(goes_on(line.as_bytes()), expected, "{line}");
        }
    }
}
