//! Text as code in Markdown: in a code span, or in a `<code>` element where a span would not do.

use std::{fmt::Write as _, iter::repeat_n};

use memchr::memchr_iter;

/// Whether text holds what starts the code of a site generator.
pub fn has_braces(text: &str) -> bool {
    let text = text.as_bytes();
    memchr_iter(b'{', text).any(|at| matches!(text.get(at + 1), Some(b'{' | b'%' | b'#')))
}

/// Text as a Markdown code span.
pub fn span(text: &str) -> String {
    let fence = longest_run(text, b'`') + 1;
    let blank = |end: Option<char>| matches!(end, Some('`' | ' '));
    let padded = blank(text.chars().next()) || blank(text.chars().next_back());
    let pad = if padded && !text.trim_matches(' ').is_empty() { " " } else { "" };
    let mut out = String::with_capacity(text.len() + 2 * (fence + pad.len()));
    out.extend(repeat_n('`', fence));
    out.extend([pad, text, pad]);
    out.extend(repeat_n('`', fence));
    out
}

/// A `<code>` element in Markdown, which is read as Markdown too: what could mean anything there
/// stands as an entity. Some readers look for mail addresses after they decode entities; a code
/// span around the `@` hides it from them.
pub fn element(text: &str) -> String {
    let mut out = String::from("<code>");
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let before = text[..at].chars().next_back();
        let after = characters.peek().map(|(_, after)| *after);
        if character == '@' {
            let signs = text[at..].len() - text[at..].trim_start_matches('@').len();
            let _ = write!(out, "`{}`", &text[at..at + signs]);
            for _ in 1..signs {
                characters.next();
            }
        } else if character.is_ascii_punctuation() && !is_plain(before, character, after) {
            let _ = write!(out, "&#{};", u32::from(character));
        } else {
            out.push(character);
        }
    }
    out.push_str("</code>");
    out
}

/// Punctuation that means nothing to Markdown between these neighbours, inside a line.
fn is_plain(before: Option<char>, character: char, after: Option<char>) -> bool {
    let letter = |end: Option<char>| end.is_some_and(|end| end.is_ascii_alphanumeric());
    match character {
        // `www.` begins an address; two or more of the others could be a dash, an arrow or the mark of a file to be read in.
        '.' => before != Some('.') && after != Some('.') && !matches!(before, Some('w' | 'W')),
        '-' | '=' => before != Some(character) && after != Some(character),
        '_' => letter(before) && letter(after),
        ',' | ';' | '/' | '+' | '\'' | '(' | ')' | '%' | '?' => true,
        _ => false,
    }
}

/// Text with every ASCII punctuation character as a numeric entity.
pub fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for character in text.chars() {
        if character.is_ascii_punctuation() {
            let _ = write!(out, "&#{};", u32::from(character));
        } else {
            out.push(character);
        }
    }
    out
}

/// Length of the longest run of an ASCII character.
pub fn longest_run(text: &str, character: u8) -> usize {
    let (mut longest, mut length, mut end) = (0, 0, 0);
    for at in memchr_iter(character, text.as_bytes()) {
        length = if at == end { length + 1 } else { 1 };
        end = at + 1;
        longest = longest.max(length);
    }
    longest
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn code_holds_any_text() {
        assert_eq!(span("a"), "`a`");
        assert_eq!(span("`a"), "`` `a ``");
        assert_eq!(span(" a"), "`  a `");
        assert_eq!(span(" "), "` `");
        assert_eq!(span("a|b"), "`a|b`");
        assert_eq!(element("a|b@c"), "<code>a&#124;b`@`c</code>");
        assert_eq!(element("{{@@"), "<code>&#123;&#123;`@@`</code>");
    }

    proptest! {
        #[test]
        fn braces_and_runs_are_found(text in "[{%#`é a]{0,12}") {
            let braces = ["{{", "{%", "{#"].iter().any(|start| text.contains(start));
            prop_assert_eq!(has_braces(&text), braces);
            let runs = text.split(|other| other != '`').map(str::len);
            prop_assert_eq!(longest_run(&text, b'`'), runs.max().unwrap_or(0));
        }
    }
}
