//! Values printed by a Markdown template are sealed: no Markdown parser sees their characters.
//!
//! Each byte of a value becomes one character of a private-use range, between two marks. Markdown
//! parsers take these characters for letters. The bytes are the value's own, so that whoever opens
//! the seal can quote the original; and a private-use character inside a value is bytes like any
//! other, so that no value can forge a mark.

use std::{
    io::{self, Write},
    ops::Range,
};

/// Opens a seal.
pub const OPEN: char = '\u{E100}';
/// Closes a seal.
pub const CLOSE: char = '\u{E101}';
/// The character that stands for the byte zero.
const FIRST: u32 = 0xE000;
/// Bytes that each of these characters takes in UTF-8.
const WIDTH: usize = 3;

/// Writes a value sealed; the escape function of the Markdown engine.
pub fn seal_to(value: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut sealed = Vec::with_capacity((value.len() + 2) * WIDTH);
    sealed.extend_from_slice(OPEN.encode_utf8(&mut [0; 4]).as_bytes());
    for byte in value.bytes() {
        // U+E000 to U+E0FF in UTF-8.
        sealed.extend_from_slice(&[0xEE, 0x80 | (byte >> 6), 0x80 | (byte & 0x3F)]);
    }
    sealed.extend_from_slice(CLOSE.encode_utf8(&mut [0; 4]).as_bytes());
    out.write_all(&sealed)
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
    text.contains([OPEN, CLOSE])
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
pub fn pieces(text: &str) -> Vec<(Range<usize>, Piece<'_>)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let (length, piece) = match rest.find(OPEN) {
            Some(0) => opened(rest),
            next => {
                let length = next.unwrap_or(rest.len());
                (length, Piece::Prose(&rest[..length]))
            }
        };
        found.push((at..at + length, piece));
        at += length;
    }
    found
}

/// Opens the seal at the start of a text: its length in the text, and the value.
fn opened(text: &str) -> (usize, Piece<'_>) {
    let mut bytes = Vec::new();
    let mut length = OPEN.len_utf8();
    for character in text[length..].chars() {
        let offset = u32::from(character).wrapping_sub(FIRST);
        match u8::try_from(offset) {
            Ok(byte) => bytes.push(byte),
            Err(_) if character == CLOSE => {
                length += CLOSE.len_utf8();
                break;
            }
            Err(_) => break,
        }
        length += character.len_utf8();
    }
    (length, Piece::Value(String::from_utf8_lossy(&bytes).into_owned()))
}

/// The text with every seal opened by a function.
pub fn open_with(text: &str, mut show: impl FnMut(&str) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    for (_, piece) in pieces(text) {
        match piece {
            Piece::Prose(prose) => out.push_str(prose),
            Piece::Value(value) => out.push_str(&show(&value)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn open(text: &str) -> String {
        open_with(text, str::to_owned)
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
        assert_eq!(pieces(&sealed), [(0..sealed.len(), Piece::Value(forged))]);
    }

    proptest! {
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
