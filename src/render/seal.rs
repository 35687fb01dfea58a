//! Values printed by a Markdown template are sealed: no Markdown parser sees their characters.
//!
//! Each byte of a value becomes one character of a private-use range, between two marks. Markdown
//! parsers take these characters for letters. The bytes are the value's own, so that whoever opens
//! the seal can quote the original; and a private-use character inside a value is bytes like any
//! other, so that no value can forge a mark.

use std::{
    borrow::Cow,
    io::{self, Write},
    ops::Range,
};

use memchr::memchr_iter;

/// Opens a seal.
pub const OPEN: char = '\u{E100}';
/// Closes a seal.
pub const CLOSE: char = '\u{E101}';
/// Bytes that each of these characters takes in UTF-8, and the first of them.
const WIDTH: usize = 3;
const LEAD: u8 = 0xEE;
/// The marks in UTF-8.
const OPENS: [u8; WIDTH] = [LEAD, 0x84, 0x80];
const CLOSES: [u8; WIDTH] = [LEAD, 0x84, 0x81];
/// Bytes of a value that are sealed at a time.
const BLOCK: usize = 64;

/// Writes a value sealed; the escape function of the Markdown engine.
pub fn seal_to(value: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut sealed = [OPENS; BLOCK + 2];
    let mut end = 1;
    for bytes in value.as_bytes().chunks(BLOCK) {
        if end >= BLOCK {
            out.write_all(sealed[..end].as_flattened())?;
            end = 0;
        }
        for (code, byte) in sealed[end..].iter_mut().zip(bytes) {
            // U+E000 to U+E0FF in UTF-8.
            *code = [LEAD, 0x80 | (byte >> 6), 0x80 | (byte & 0x3F)];
        }
        end += bytes.len();
    }
    sealed[end] = CLOSES;
    out.write_all(sealed[..=end].as_flattened())
}

/// A sealed copy of a value.
pub fn seal(value: &str) -> String {
    let mut out = Vec::new();
    // Writing to a Vec cannot fail, and what is written is UTF-8.
    let _ = seal_to(value, &mut out);
    String::from_utf8(out).unwrap_or_default()
}

/// Whether a text holds any part of a seal.
pub fn holds_seal(text: &str) -> bool {
    find(text, |rest| rest.starts_with([OPEN, CLOSE])).is_some()
}

/// Where in a text the first seal opens.
fn find_open(text: &str) -> Option<usize> {
    find(text, |rest| rest.starts_with(OPEN))
}

/// The first character that could be of a seal, and at which the rest of the text is as wanted.
fn find(text: &str, wanted: impl Fn(&str) -> bool) -> Option<usize> {
    memchr_iter(LEAD, text.as_bytes()).find(|at| wanted(&text[*at..]))
}

/// A piece of sealed text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text of the template's author.
    Prose(&'a str),
    /// A value, opened.
    Value(String),
}

/// The pieces of a sealed text, with the range that each takes in it. A seal that was cut is
/// opened as far as it goes.
pub fn pieces(text: &str) -> impl Iterator<Item = (Range<usize>, Piece<'_>)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let (length, piece) = match find_open(rest) {
            Some(0) => opened(rest),
            next => {
                let length = next.unwrap_or(rest.len());
                (length, Piece::Prose(&rest[..length]))
            }
        };
        let from = at;
        at += length;
        Some((from..at, piece))
    })
}

/// Opens the seal at the start of a text: its length in the text, and the value.
fn opened(text: &str) -> (usize, Piece<'_>) {
    let (codes, _) = text.as_bytes()[WIDTH..].as_chunks();
    let length = codes.iter().position(|code| !is_byte(*code)).unwrap_or(codes.len());
    let bytes: Vec<u8> =
        codes[..length].iter().map(|[_, high, low]| (high << 6) | (low & 0x3F)).collect();
    let end = (1 + bytes.len()) * WIDTH;
    let closed = text[end..].starts_with(CLOSE);
    let value = String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    (end + if closed { WIDTH } else { 0 }, Piece::Value(value))
}

/// Whether a character of three bytes stands for a byte: those from U+E000 to U+E0FF do.
fn is_byte(code: [u8; WIDTH]) -> bool {
    matches!(code, [LEAD, 0x80..=0x83, _])
}

/// The text with every seal opened by a function.
pub fn open_with(text: &str, mut show: impl FnMut(String) -> String) -> Cow<'_, str> {
    if find_open(text).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for (_, piece) in pieces(text) {
        match piece {
            Piece::Prose(prose) => out.push_str(prose),
            Piece::Value(value) => out.push_str(&show(value)),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn open(text: &str) -> String {
        open_with(text, |value| value).into_owned()
    }

    #[test]
    fn a_seal_that_was_cut_opens_as_far_as_it_goes() {
        let sealed = seal("abcdef");
        assert_eq!(open(&sealed[..4 * WIDTH]), "abc");
        assert_eq!(open(&format!("{}x", &sealed[..4 * WIDTH])), "abcx");
    }

    #[test]
    fn values_cannot_forge_a_mark() {
        let forged = format!("a{CLOSE}<b>{OPEN}");
        let sealed = seal(&forged);
        let pieces: Vec<_> = pieces(&sealed).collect();
        assert_eq!(pieces, [(0..sealed.len(), Piece::Value(forged))]);
    }

    /// A seal as its description says, character by character.
    fn plainly_sealed(value: &str) -> String {
        let code = |byte| char::from_u32(0xE000 + u32::from(byte));
        [OPEN].into_iter().chain(value.bytes().filter_map(code)).chain([CLOSE]).collect()
    }

    /// The first seal of a text as its description says, and its length.
    fn plainly_opened(text: &str) -> (usize, String) {
        let codes = text.chars().skip(1);
        let byte = |code: char| u8::try_from(u32::from(code).checked_sub(0xE000)?).ok();
        let bytes: Vec<u8> = codes.clone().map_while(byte).collect();
        let closed = codes.clone().nth(bytes.len()) == Some(CLOSE);
        let length = (1 + bytes.len() + usize::from(closed)) * WIDTH;
        (length, String::from_utf8_lossy(&bytes).into_owned())
    }

    #[test]
    fn a_value_of_any_length_is_sealed() {
        for length in 0..=3 * BLOCK {
            let value = "ab".repeat(BLOCK * 3).split_off(BLOCK * 6 - length);
            assert_eq!(seal(&value), plainly_sealed(&value), "{length}");
        }
    }

    proptest! {
        #[test]
        fn a_value_is_sealed_byte_by_byte(value in any::<String>()) {
            prop_assert_eq!(seal(&value), plainly_sealed(&value));
        }

        #[test]
        fn whatever_follows_a_mark_is_opened_as_far_as_it_is_a_seal(
            rest in "[\u{D7FE}-\u{D7FF}\u{E000}-\u{E105}a\u{EFFF}]{0,12}",
        ) {
            let text = format!("{OPEN}{rest}");
            let (length, value) = plainly_opened(&text);
            prop_assert_eq!(pieces(&text).next(), Some((0..length, Piece::Value(value))));
            let mut end = 0;
            for (range, _) in pieces(&text) {
                prop_assert_eq!(range.start, end);
                end = range.end;
            }
            prop_assert_eq!(end, text.len());
        }

        #[test]
        fn opening_gives_the_value_back(before in "[a-z*_`|]{0,5}", value in any::<String>(), after in "[a-z*_`|]{0,5}") {
            let text = format!("{before}{}{after}", seal(&value));
            prop_assert_eq!(open(&text), format!("{before}{value}{after}"));
        }

        #[test]
        fn sealed_text_is_letters_to_markdown(value in ".{0,40}") {
            let text = format!("*{}* b", seal(&value));
            let events: Vec<_> = pulldown_cmark::Parser::new(&text).collect();
            prop_assert_eq!(events.len(), 6, "{:?}", events);
        }
    }
}
