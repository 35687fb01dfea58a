//! Characters that a reader cannot see, or that change what is seen, are made visible.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Marks on one base character that are shown; more are counted instead.
const MARKS_SHOWN: usize = 4;

/// What becomes of newlines and tabs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breaks {
    /// They stay, as in a block that keeps white space.
    Keep,
    /// A newline is shown as ` ⏎ `, a tab is a blank: the text stays on its line.
    Mark,
}

/// The text as it may be displayed: control, bidirectional, invisible, private-use and
/// non-characters stand as `⟦U+202E⟧`, and floods of combining marks are cut and counted.
pub fn visible(text: &str, breaks: Breaks) -> Cow<'_, str> {
    let shown = |byte: u8| matches!(byte, b' '..=b'~') | keeps(byte, breaks);
    // Blocks without a way out in their midst are looked at many bytes at once.
    let block = |bytes: &[u8]| bytes.iter().fold(true, |all, byte| all & shown(*byte));
    if text.as_bytes().chunks(32).all(block) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut marks = 0;
    let mut before = '\0';
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if is_mark(character) {
            marks += 1;
            if marks <= MARKS_SHOWN {
                out.push(character);
            }
            continue;
        }
        push_cut(&mut out, marks);
        marks = 0;
        match character {
            ' '..='~' => out.push(character),
            '\n' if breaks == Breaks::Mark => out.push_str(" ⏎ "),
            '\t' if breaks == Breaks::Mark => out.push(' '),
            '\n' | '\t' => out.push(character),
            _ if joins_emoji(before, character, characters.peek().copied()) => out.push(character),
            _ if is_hidden(character) => push_code(&mut out, character),
            _ => out.push(character),
        }
        before = character;
    }
    push_cut(&mut out, marks);
    Cow::Owned(out)
}

fn keeps(byte: u8, breaks: Breaks) -> bool {
    (breaks == Breaks::Keep) & matches!(byte, b'\n' | b'\t')
}

fn push_code(out: &mut String, character: char) {
    // Writing to a String cannot fail.
    let _ = write!(out, "⟦U+{:04X}⟧", u32::from(character));
}

fn push_cut(out: &mut String, marks: usize) {
    if let Some(more) = marks.checked_sub(MARKS_SHOWN).filter(|more| *more > 0) {
        let _ = write!(out, "⟦+{more} marks⟧");
    }
}

/// Whether a character is shown by its code rather than as itself.
pub fn is_hidden(character: char) -> bool {
    let code = u32::from(character);
    let hidden = matches!(
        code,
        0x00..=0x1F
            | 0x7F..=0x9F
            | 0xAD
            | 0x34F
            | 0x61C
            | 0x115F..=0x1160
            | 0x17B4..=0x17B5
            | 0x180B..=0x180F
            | 0x200B..=0x200F
            | 0x2028..=0x202E
            | 0x2060..=0x206F
            | 0x3164
            | 0xE000..=0xF8FF
            | 0xFDD0..=0xFDEF
            | 0xFE00..=0xFE0F
            | 0xFEFF
            | 0xFFA0
            | 0xFFF0..=0xFFFB
            | 0x1BCA0..=0x1BCA3
            | 0x1D173..=0x1D17A
            | 0xE0000..=0xE0FFF
            | 0xF0000..
    );
    hidden || code & 0xFFFE == 0xFFFE
}

/// A joiner or variation selector inside an emoji, which would fall apart without it.
fn joins_emoji(before: char, character: char, after: Option<char>) -> bool {
    match character {
        '\u{200D}' => (is_emoji(before) || before == '\u{FE0F}') && after.is_some_and(is_emoji),
        '\u{FE0F}' => is_emoji(before),
        _ => false,
    }
}

fn is_emoji(character: char) -> bool {
    matches!(u32::from(character), 0x2190..=0x21FF | 0x2300..=0x23FF | 0x25A0..=0x27BF
        | 0x2900..=0x297F | 0x2B00..=0x2BFF | 0x1F000..=0x1FAFF)
}

/// Marks that stack on the character before them, in the blocks used for such floods.
fn is_mark(character: char) -> bool {
    if character < '\u{300}' || character == '\u{34F}' {
        return false;
    }
    matches!(
        u32::from(character),
        0x300..=0x36F
            | 0x483..=0x489
            | 0x591..=0x5BD
            | 0x610..=0x61A
            | 0x64B..=0x65F
            | 0x6D6..=0x6DC
            | 0x730..=0x74A
            | 0xE31
            | 0xE34..=0xE3A
            | 0xE47..=0xE4E
            | 0x1AB0..=0x1AFF
            | 0x1DC0..=0x1DFF
            | 0x20D0..=0x20FF
            | 0xFE20..=0xFE2F
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_borrowed() {
        assert!(matches!(visible("nginx -g 'x'", Breaks::Mark), Cow::Borrowed(_)));
        assert!(matches!(visible("a\n\tb", Breaks::Keep), Cow::Borrowed(_)));
        assert_eq!(visible("café → 東京", Breaks::Mark), "café → 東京");
    }

    #[test]
    fn hidden_characters_are_shown_by_their_code() {
        for (text, expected) in [
            ("a\u{1b}[31m", "a⟦U+001B⟧[31m"),
            ("a\u{202e}b", "a⟦U+202E⟧b"),
            ("a\u{200b}b", "a⟦U+200B⟧b"),
            ("\u{85}\u{2028}", "⟦U+0085⟧⟦U+2028⟧"),
            ("\u{e041}\u{f0000}\u{10ffff}", "⟦U+E041⟧⟦U+F0000⟧⟦U+10FFFF⟧"),
            ("\u{fffe}\u{1fffe}\u{fdd0}", "⟦U+FFFE⟧⟦U+1FFFE⟧⟦U+FDD0⟧"),
            ("\u{e0041}", "⟦U+E0041⟧"),
            ("a\r\n\tb", "a⟦U+000D⟧ ⏎  b"),
        ] {
            assert_eq!(visible(text, Breaks::Mark), expected, "{text:?}");
        }
        assert_eq!(visible("ä\r\n\tb", Breaks::Keep), "ä⟦U+000D⟧\n\tb");
    }

    #[test]
    fn emoji_stay_whole_but_joiners_elsewhere_do_not() {
        let family = "\u{1f468}\u{200d}\u{1f469}";
        assert_eq!(visible(family, Breaks::Mark), family);
        let heart = "\u{2764}\u{fe0f}\u{200d}\u{1f525}";
        assert_eq!(visible(heart, Breaks::Mark), heart);
        assert_eq!(visible("a\u{200d}b", Breaks::Mark), "a⟦U+200D⟧b");
    }

    #[test]
    fn floods_of_marks_are_cut_and_counted() {
        let flood = format!("a{}b", "\u{301}".repeat(60));
        assert_eq!(visible(&flood, Breaks::Mark), format!("a{}⟦+56 marks⟧b", "\u{301}".repeat(4)));
        assert_eq!(visible("e\u{301}x", Breaks::Mark), "e\u{301}x");
    }
}
