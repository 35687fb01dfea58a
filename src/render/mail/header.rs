//! Headers of a mail: folded to short lines, and anything but plain words encoded (RFC 2047), so
//! that no text can end a header and begin another.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::address::Mailbox;

/// Lines are kept at most this long, where words allow it.
const LINE: usize = 76;
/// Words longer than this are encoded, which can be folded anywhere.
const WORD: usize = 60;
/// Bytes in an encoded word: with its frame it fits into a line behind the name of any header here.
const ENCODED: usize = 39;

/// A header whose value is words.
pub fn unstructured(name: &str, text: &str) -> String {
    let plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
        && !text.contains("=?")
        && text.split(' ').all(|word| !word.is_empty() && word.len() <= WORD);
    let words: Vec<String> =
        if plain { text.split(' ').map(str::to_owned).collect() } else { encoded(text) };
    folded(name, &words)
}

/// A header whose value is mail addresses.
pub fn mailboxes(name: &str, list: &[Mailbox]) -> String {
    let mut words = Vec::new();
    for (at, mailbox) in list.iter().enumerate() {
        let comma = if at + 1 < list.len() { "," } else { "" };
        match &mailbox.name {
            None => words.push(format!("{}{comma}", mailbox.address)),
            Some(name) => {
                words.extend(phrase(name));
                words.push(format!("<{}>{comma}", mailbox.address));
            }
        }
    }
    folded(name, &words)
}

/// A name before an address: as it is, in quotes, or encoded.
fn phrase(name: &str) -> Vec<String> {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/^_`{|}~".contains(&byte);
    if name
        .split(' ')
        .all(|word| !word.is_empty() && word.len() <= WORD && word.bytes().all(letter))
    {
        return name.split(' ').map(str::to_owned).collect();
    }
    let quotable = name.bytes().all(|byte| matches!(byte, b' '..=b'~')) && !name.contains("=?");
    if quotable && name.len() <= WORD {
        return vec![format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))];
    }
    encoded(name)
}

/// Encoded words, none of which cuts a character.
fn encoded(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = (1..=ENCODED.min(rest.len())).rev().find(|end| rest.is_char_boundary(*end));
        let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
        words.push(format!("=?utf-8?B?{}?=", STANDARD.encode(word)));
        rest = after;
    }
    words
}

fn folded(name: &str, words: &[String]) -> String {
    let mut out = format!("{name}:");
    let mut length = out.len();
    for (at, word) in words.iter().enumerate() {
        if at > 0 && length + 1 + word.len() > LINE {
            out.push('\n');
            length = 0;
        }
        out.push(' ');
        out.push_str(word);
        length += 1 + word.len();
    }
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_words_stay_and_fold() {
        assert_eq!(
            unstructured("Subject", "Report: 3 incidents"),
            "Subject: Report: 3 incidents\n"
        );
        let long = unstructured("Subject", "word ".repeat(40).trim_end());
        assert!(long.lines().all(|line| line.len() <= LINE), "{long}");
        assert!(long.lines().skip(1).all(|line| line.starts_with(" word")), "{long}");
        assert_eq!(long.replace('\n', "").matches("word").count(), 40);
    }

    #[test]
    fn anything_else_is_encoded() {
        for text in [
            "a\r\nBcc: x@evil.example",
            "Bericht für Jörg",
            "=?utf-8?Q?x?=",
            "two  blanks",
            "",
            &"x".repeat(300),
            &"東".repeat(100),
        ] {
            let header = unstructured("Subject", text);
            let lines: Vec<_> = header.lines().collect();
            assert!(lines.iter().all(|line| line.len() <= LINE && line.is_ascii()), "{header}");
            assert!(lines[1..].iter().all(|line| line.starts_with(' ')), "{header}");
            let words = header.trim_start_matches("Subject:").split_whitespace();
            let decoded: Vec<u8> = words
                .flat_map(|word| {
                    let word =
                        word.strip_prefix("=?utf-8?B?").and_then(|word| word.strip_suffix("?="));
                    let bytes = STANDARD.decode(word.expect("an encoded word")).expect("base64");
                    std::str::from_utf8(&bytes).expect("whole characters");
                    bytes
                })
                .collect();
            assert_eq!(String::from_utf8(decoded).expect("UTF-8"), text);
        }
    }

    #[test]
    fn names_of_people_are_quoted_where_they_must() {
        let header = |text: &str| {
            mailboxes(
                "To",
                &[
                    Mailbox::parse(text).expect("an address"),
                    Mailbox::parse("b@x.example").expect("one"),
                ],
            )
        };
        assert_eq!(
            header("Security team <a@x.example>"),
            "To: Security team <a@x.example>, b@x.example\n"
        );
        assert_eq!(
            header("Doe, \"J\" <a@x.example>"),
            "To: \"Doe, \\\"J\\\"\" <a@x.example>, b@x.example\n"
        );
        assert_eq!(
            header("Jörg <a@x.example>"),
            "To: =?utf-8?B?SsO2cmc=?= <a@x.example>, b@x.example\n"
        );
        assert_eq!(header("a@x.example"), "To: a@x.example, b@x.example\n");
    }
}
