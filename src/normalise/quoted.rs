//! Records that stand in quotes on a line of text: as strings of JSON, as cells of a table in CSV, as
//! redis-cli and Python print bytes.

use hashbrown::HashSet;

use super::{Emit, Envelope, Wrapper, falco, payload, text as plain};
use crate::json::Reader;

/// Ways of quoting, each with what a quoted object begins with.
const WAYS: [(&str, Way); 3] =
    [("\"{\\\"", Way::Escaped), ("\"{\"\"", Way::Doubled), ("b'{\"", Way::Bytes)];

#[derive(Clone, Copy, Debug)]
enum Way {
    /// `"{\"rule\":…}"`
    Escaped,
    /// `"{""rule"":…}"`
    Doubled,
    /// `b'{"rule":…}'`
    Bytes,
}

/// Emits the records that stand in quotes in a text; `false` if none do. Where two of them are the same,
/// a table shows one in two of its columns.
pub fn records(text: &str, envelope: &Envelope<'_>, emit: &mut Emit<'_>) -> bool {
    let inside = envelope.within(Wrapper::Text).deeper();
    // A value of an alert may be the text of another.
    let mut said = plain::find(text);
    let mut seen = HashSet::new();
    let mut marks = WAYS.map(|_| Mark::Unknown);
    let mut bare = Mark::Unknown;
    let mut at = 0;
    loop {
        let first = [said.take(), bare.from(text, "{\"", at)].into_iter().flatten().min();
        let first = first.unwrap_or(text.len());
        let found = WAYS.iter().zip(&mut marks).filter_map(|((beginning, way), mark)| {
            Some((mark.from(text, beginning, at).filter(|mark| *mark < first)?, *way))
        });
        let Some((start, way)) = found.min_by_key(|(start, _)| *start) else { break };
        at = start + 1;
        // A quote within a string that is not to be read as one.
        if text[..start].ends_with('\\') {
            continue;
        }
        let Some((record, end)) = way.read(&text[start..]) else { continue };
        if falco::begins_record(&record, envelope.context.sources) {
            at = start + end;
            if !seen.contains(&record) {
                payload(&record, inside, emit);
                seen.insert(record);
            }
        }
    }
    !seen.is_empty()
}

/// Where something stands next, so that a line is looked through for it once.
#[derive(Clone, Copy, Debug)]
enum Mark {
    Unknown,
    At(usize),
    Nowhere,
}

impl Mark {
    /// The first place of a mark that is not before `from`.
    fn from(&mut self, text: &str, mark: &str, from: usize) -> Option<usize> {
        if matches!(self, Self::Unknown) || matches!(self, Self::At(at) if *at < from) {
            let found = memchr::memmem::find(&text.as_bytes()[from..], mark.as_bytes());
            *self = found.map_or(Self::Nowhere, |at| Self::At(from + at));
        }
        match self {
            Self::At(at) => Some(*at),
            _ => None,
        }
    }
}

impl Way {
    /// What stands in the quotes that a text begins with, and where they end.
    fn read(self, text: &str) -> Option<(String, usize)> {
        match self {
            Self::Escaped => {
                let mut reader = Reader::new(text);
                match reader.string() {
                    Ok(string) => Some((string.into_owned(), reader.offset())),
                    Err(_) => literal(text, 1, b'"'),
                }
            }
            Self::Doubled => doubled(text),
            Self::Bytes => literal(text, 2, b'\''),
        }
    }
}

/// A cell of a table in CSV.
fn doubled(text: &str) -> Option<(String, usize)> {
    let rest = &text[1..];
    let mut quotes = memchr::memchr_iter(b'"', rest.as_bytes());
    while let Some(quote) = quotes.next() {
        if rest.as_bytes().get(quote + 1) != Some(&b'"') {
            return Some((rest[..quote].replace("\"\"", "\""), quote + 2));
        }
        quotes.next();
    }
    None
}

/// Bytes as C writes them, from `start` up to a quote: what is no ASCII stands as `\xc3\xb6`.
fn literal(text: &str, start: usize, quote: u8) -> Option<(String, usize)> {
    let (bytes, mut at) = (text.as_bytes(), start);
    let mut written = Vec::new();
    loop {
        let length = memchr::memchr2(b'\\', quote, &bytes[at..])?;
        written.extend_from_slice(&bytes[at..at + length]);
        at += length;
        if bytes[at] == quote {
            break;
        }
        let escaped = *bytes.get(at + 1)?;
        at += 2;
        written.push(match escaped {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'a' => 0x07,
            b'b' => 0x08,
            b'x' => {
                at += 2;
                u8::from_str_radix(text.get(at - 2..at)?, 16).ok()?
            }
            other => other,
        });
    }
    Some((String::from_utf8_lossy(&written).into_owned(), at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read_as_they_are_printed() {
        for (text, start, quote, expected) in [
            (r#""{\"a\":\"w\xc3\xb6r\\n\"}" x"#, 1, b'"', r#"{"a":"wör\n"}"#),
            (r#"b'{"a":"it\'s \\"b\\""}'"#, 2, b'\'', r#"{"a":"it's \"b\""}"#),
        ] {
            let (read, end) = literal(text, start, quote).expect("it has an end");
            assert_eq!(read, expected);
            assert_eq!(text.as_bytes()[end - 1], quote);
        }
        assert!(literal(r#""{\"a\":1"#, 1, b'"').is_none());
        assert!(literal(r#""{\xc"#, 1, b'"').is_none());
    }
}
