//! Values in YAML, JSON and SQL that a reader will paste.

use std::fmt::Write as _;

use crate::render::text::{Breaks, is_hidden, visible};

/// A notation in which a value is a quoted string.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    /// Double quotes, `\u` escapes with surrogates.
    Json,
    /// Double quotes, `\u` and `\U` escapes.
    Yaml,
    /// Single quotes, doubled inside.
    Sql,
}

/// Reads a text up to each of its values, to know whether it stands in the template's quotes.
pub struct Source {
    notation: Notation,
    quote: Option<char>,
    comment: bool,
    escaped: bool,
    before: Option<char>,
}

impl Source {
    /// Starts at the beginning of a text.
    pub fn new(notation: Notation) -> Self {
        Self { notation, quote: None, comment: false, escaped: false, before: None }
    }

    /// Reads a piece of the template's own text.
    pub fn read(&mut self, text: &str) {
        for character in text.chars() {
            self.step(character);
        }
    }

    fn step(&mut self, character: char) {
        let before = self.before.replace(character);
        if character == '\n' {
            (self.quote, self.comment, self.escaped) = (None, false, false);
        } else if std::mem::take(&mut self.escaped) || self.comment {
        } else if self.quote == Some(character) {
            self.quote = None;
        } else if character == '\\' && self.quote == Some('"') {
            self.escaped = true;
        } else if self.quote.is_none() {
            let blank = before.is_none_or(char::is_whitespace);
            match (self.notation, character) {
                (Notation::Yaml, '#') if blank => self.comment = true,
                (Notation::Sql, '-') if before == Some('-') => self.comment = true,
                (_, '"') | (Notation::Yaml | Notation::Sql, '\'') => self.quote = Some(character),
                _ => {}
            }
        }
    }

    /// Writes a value at the place reached.
    pub fn value(&mut self, value: &str) -> String {
        let glued = self.before.is_some_and(|before| !before.is_whitespace() && before != '[');
        self.before = Some('x');
        if self.comment {
            return visible(value, Breaks::Mark).into_owned();
        }
        match (self.notation, self.quote) {
            (Notation::Json | Notation::Yaml, Some('"')) => self.escaped_text(value),
            (_, Some(quote)) => doubled(value, quote),
            (Notation::Sql, None) => format!("'{}'", doubled(value, '\'')),
            (Notation::Yaml, None) if glued && value.chars().all(is_plain) => value.to_owned(),
            (_, None) => format!("\"{}\"", self.escaped_text(value)),
        }
    }

    /// The inside of a string in double quotes.
    fn escaped_text(&self, value: &str) -> String {
        let mut out = String::with_capacity(value.len());
        for character in value.chars() {
            let code = u32::from(character);
            match character {
                '"' | '\\' => {
                    out.push('\\');
                    out.push(character);
                }
                '\n' => out.push_str("\\n"),
                '\t' => out.push_str("\\t"),
                // Two in a row are the start of a site generator's code.
                '{' if out.ends_with('{') => out.push_str("\\u007b"),
                '%' | '#' if out.ends_with('{') => {
                    let _ = write!(out, "\\u{code:04x}");
                }
                _ if is_hidden(character) && code > 0xFFFF && self.notation == Notation::Yaml => {
                    let _ = write!(out, "\\U{code:08x}");
                }
                _ if is_hidden(character) => {
                    for unit in character.encode_utf16(&mut [0; 2]) {
                        let _ = write!(out, "\\u{unit:04x}");
                    }
                }
                _ => out.push(character),
            }
        }
        out
    }
}

fn doubled(value: &str, quote: char) -> String {
    let quotes = [quote, quote].iter().collect::<String>();
    visible(value, Breaks::Mark).replace(quote, &quotes)
}

fn is_plain(character: char) -> bool {
    character.is_ascii_alphanumeric() || "_./-".contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(notation: Notation, text: &str, value: &str) -> String {
        let mut source = Source::new(notation);
        source.read(text);
        source.value(value)
    }

    #[test]
    fn values_are_strings_of_the_notation() {
        assert_eq!(after(Notation::Yaml, "image: ", "a: \"b\"\n"), r#""a: \"b\"\n""#);
        assert_eq!(after(Notation::Yaml, "image: repo/", "nginx"), "nginx");
        assert_eq!(after(Notation::Yaml, "- \"x ", "a\"b"), "a\\\"b");
        assert_eq!(after(Notation::Yaml, "- 'x ", "it's"), "it''s");
        assert_eq!(after(Notation::Yaml, "x: 1 # ", "a\nb"), "a ⏎ b");
        assert_eq!(after(Notation::Sql, "SELECT ", "it's"), "'it''s'");
        assert_eq!(after(Notation::Sql, "SELECT '%", "it's"), "it''s");
    }

    #[test]
    fn json_reads_back_as_the_value() {
        for value in ["\u{202e}\u{f0000}\"\\\n\u{0}{{x}}{%", "a", "", "\u{e000}"] {
            let written = after(Notation::Json, "{\"a\": ", value);
            assert_eq!(serde_json::from_str::<String>(&written).ok().as_deref(), Some(value));
            assert!(!written.contains("{{"), "{written}");
        }
    }
}
