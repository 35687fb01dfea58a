//! A block becomes records: lines, and JSON values that span lines.

use std::{borrow::Cow, cell::OnceCell};

use memchr::memchr;

use super::{
    blocks::{Block, Layout},
    elements,
    format::MARK,
    pieces,
};
use crate::json::Reader;

/// Hands every record of a block to `each`, its line end taken off, with its line counted from 0.
/// Gives the number of lines.
pub fn records<'b>(block: &Block<'b>, each: &mut dyn FnMut(u32, &'b [u8])) -> u32 {
    match block.layout {
        Layout::Lines => lines(block.bytes, each),
        Layout::Elements => list(block.bytes, each),
        Layout::Frame => newlines(block.bytes),
        Layout::Piece | Layout::Deep => {
            each(0, block.bytes.strip_suffix(b"\n").unwrap_or(block.bytes));
            newlines(block.bytes)
        }
    }
}

/// The elements of a list.
fn list<'b>(block: &'b [u8], each: &mut dyn FnMut(u32, &'b [u8])) -> u32 {
    let (mut counted, mut line) = (0, 0);
    elements::each(block, &mut |element| {
        let at = element.as_ptr().addr() - block.as_ptr().addr();
        line += newlines(&block[counted..at]);
        counted = at;
        each(line, element);
    });
    newlines(block)
}

fn lines<'b>(block: &'b [u8], each: &mut dyn FnMut(u32, &'b [u8])) -> u32 {
    // Asked for only where a value may span lines.
    let text = OnceCell::new();
    let (mut at, mut line) = (0, 0);
    while at < block.len() {
        // Files that were put together may each have begun with one.
        at += if block[at..].starts_with(MARK) { MARK.len() } else { 0 };
        let mut end = memchr(b'\n', &block[at..]).map_or(block.len(), |length| at + length);
        if may_go_on(&block[at..end]) {
            end = value_end(text.get_or_init(|| as_text(block)), at, end);
        }
        if pieces::goes_on(&block[at..end]).is_some() {
            end = pieces::end(block, at, end);
        } else {
            end = pieces::job_end(block, at, end);
        }
        let record = &block[at..end];
        each(line, record);
        line += 1 + newlines(record);
        at = end + 1;
    }
    // A line without an end goes on in the next block, or is the last.
    line - u32::from(block.last().is_some_and(|last| *last != b'\n'))
}

/// A block as text of the same length: a byte that is none, anywhere in it, must not keep values from
/// being found.
fn as_text(block: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = simdutf8::basic::from_utf8(block) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(block.len());
    for chunk in block.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '?'));
    }
    Cow::Owned(text)
}

/// Whether a line ends as only the inner lines of a value written over several lines do.
fn may_go_on(line: &[u8]) -> bool {
    let last = line.trim_ascii_end().last();
    matches!(last, Some(b'{' | b'[' | b',' | b':'))
        && matches!(line.trim_ascii_start().first(), Some(b'{' | b'['))
}

/// End of the line on which the value that begins at `at` ends; `line_end` if it is no whole
/// value.
fn value_end(text: &str, at: usize, line_end: usize) -> usize {
    let mut reader = Reader::at(text, at);
    if reader.value().is_err() {
        return line_end;
    }
    let end = reader.offset();
    memchr(b'\n', &text.as_bytes()[end..]).map_or(text.len(), |length| end + length)
}

fn newlines(record: &[u8]) -> u32 {
    u32::try_from(memchr::memchr_iter(b'\n', record).count()).unwrap_or(u32::MAX)
}

/// Whether a block may end behind a line: not within a value that spans lines, and not before
/// another piece of the line. `rest` is what follows, as far as it is seen.
pub fn may_cut(line: &[u8], rest: &[u8]) -> bool {
    let open = matches!(line.trim_ascii_end().last(), Some(b'{' | b'[' | b',' | b':'));
    let inner = matches!(rest.first(), Some(b' ' | b'\t' | b'}' | b']' | b'"'));
    !open && !inner && !pieces::holds(line.strip_prefix(MARK).unwrap_or(line), rest)
}

#[cfg(test)]
mod tests {

    fn split(text: &str) -> Vec<(u32, String)> {
        let mut seen = Vec::new();
        super::lines(text.as_bytes(), &mut |line, record| {
            seen.push((line, String::from_utf8_lossy(record).into_owned()));
        });
        seen
    }

    fn lines(expected: &[(u32, &str)]) -> Vec<(u32, String)> {
        expected.iter().map(|(line, text)| (*line, (*text).to_owned())).collect()
    }

    #[test]
    fn lines_are_records() {
        assert_eq!(split("a\nb\r\n\nc"), lines(&[(0, "a"), (1, "b\r"), (2, ""), (3, "c")]));
        assert_eq!(split("a\n"), lines(&[(0, "a")]));
        assert_eq!(split(""), lines(&[]));
    }

    #[test]
    fn a_value_over_several_lines_is_one_record() {
        let text = "{\n  \"a\": 1,\n  \"b\": [2]\n}\n{\"c\":1}\n";
        assert_eq!(split(text), lines(&[(0, "{\n  \"a\": 1,\n  \"b\": [2]\n}"), (4, "{\"c\":1}")]));
    }

    #[test]
    fn a_byte_that_is_no_text_keeps_no_value_from_being_found() {
        let pretty = b"{\n  \"a\": \"\xe9\"\n}";
        let block = [&pretty[..], b"\n# \xe9\n", pretty, b"\n"].concat();
        let mut seen = Vec::new();
        super::lines(&block, &mut |line, record| seen.push((line, record)));
        assert_eq!(seen, [(0, &pretty[..]), (3, b"# \xe9"), (4, pretty)]);
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_a_value() {
        let (pretty, cri) = (
            "{\n  \"a\": 1\n}",
            "2026-11-18T10:00:00Z stdout P {\n2026-11-18T10:00:00Z stdout F }",
        );
        let text = format!("\u{feff}{pretty}\n\u{feff}{cri}\n");
        assert_eq!(split(&text), lines(&[(0, pretty), (3, cri)]));
        assert_eq!(split("\u{feff}"), lines(&[(0, "")]));
    }

    #[test]
    fn a_torn_line_does_not_swallow_the_next() {
        let text = "{\"a\": 1,\n{\"c\":1}\n";
        assert_eq!(split(text), lines(&[(0, "{\"a\": 1,"), (1, "{\"c\":1}")]));
    }

    #[test]
    fn pieces_of_a_line_are_one_record() {
        let cri = "2026-11-18T10:00:00Z stdout P {\"a\":\n2026-11-18T10:00:00Z stderr F x\n\
                   2026-11-18T10:00:00Z stdout F 1}\n2026-11-18T10:00:01Z stdout F y\n";
        let (first, second) = cri.split_at(cri.find("2026-11-18T10:00:01Z").unwrap());
        let second = second.trim_end();
        assert_eq!(split(cri), lines(&[(0, first.trim_end()), (3, second)]));
        let docker = "{\"log\":\"{\\\"a\\\"\",\"stream\":\"stdout\",\"time\":\"t\"}\n\
                      {\"log\":\":1}\\n\",\"stream\":\"stdout\",\"time\":\"t\"}\n";
        assert_eq!(split(docker), lines(&[(0, docker.trim_end())]));
        // What never goes on is a record of its own.
        assert_eq!(split("2026-11-18T10:00:00Z stdout P x\n{}\n").len(), 2);
    }
}
