//! Values in fenced code, written for the language that the fence names.

use super::{
    code,
    data::{Notation, Source},
    shell::Script,
};
use crate::render::{
    seal::{self, Piece},
    text::{Breaks, visible},
};

/// How values are written in a language.
pub enum Writer {
    /// A shell.
    Shell(Box<Script>),
    /// YAML, JSON or SQL.
    Data(Source),
    /// Any other.
    Text,
}

/// The language that an info string names.
pub fn language(info: &str) -> String {
    let word = info.split([' ', '\t', ',', '{']).next().unwrap_or_default();
    word.chars()
        .filter(|character| character.is_ascii_alphanumeric() || *character == '-')
        .collect()
}

/// Opens the seals in the inside of a fence. Comments that a shell's values call for are added as
/// lines of their own, each after `prefix`.
pub fn opened(language: &str, body: &str, prefix: &str) -> String {
    let mut writer = Writer::of(language);
    let mut out = String::with_capacity(body.len());
    for (_, piece) in seal::pieces(body) {
        match piece {
            Piece::Prose(text) => {
                writer.read(text);
                out.push_str(text);
            }
            Piece::Value(value) => out.push_str(&writer.value(&value)),
        }
    }
    for note in writer.notes() {
        out.push_str(prefix);
        out.push_str(note);
        out.push('\n');
    }
    out
}

impl Writer {
    /// The writer for a language.
    pub fn of(language: &str) -> Self {
        match language {
            "sh" | "bash" | "shell" | "console" | "zsh" | "shell-session" => {
                Self::Shell(Box::default())
            }
            "json" | "jsonc" | "json5" => Self::Data(Source::new(Notation::Json)),
            "yaml" | "yml" => Self::Data(Source::new(Notation::Yaml)),
            "sql" => Self::Data(Source::new(Notation::Sql)),
            _ => Self::Text,
        }
    }

    /// Reads a piece of the template's own text.
    pub fn read(&mut self, text: &str) {
        match self {
            Self::Shell(script) => script.read(text),
            Self::Data(source) => source.read(text),
            Self::Text => {}
        }
    }

    /// Writes a value at the place reached.
    pub fn value(&mut self, value: &str) -> String {
        match self {
            Self::Shell(script) => script.value(value),
            Self::Data(source) => source.value(value),
            Self::Text => plain(value),
        }
    }

    fn notes(&self) -> &[String] {
        match self {
            Self::Shell(script) => script.notes(),
            Self::Data(_) | Self::Text => &[],
        }
    }
}

/// Plain text in a fence. Site generators look into fences: a blank parts the braces of Liquid,
/// Hugo and Jinja, and the scissors by which a file would be read in.
pub fn plain(value: &str) -> String {
    let text = visible(value, Breaks::Mark);
    if !code::has_braces(&text) && !text.contains("-8<") {
        return text.into_owned();
    }
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        let after_brace = matches!(character, '{' | '%' | '#') && out.ends_with('{');
        if after_brace || (character == '<' && out.ends_with("-8")) {
            out.push(' ');
        }
        out.push(character);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::seal::seal;

    #[test]
    fn values_are_written_for_their_language() {
        let body = format!("x {}\n", seal("it's {{7}}"));
        for (language, expected) in [
            ("sh", "x $'it\\'s \\x7b\\x7b7}}'\n"),
            ("yaml", "x \"it's {\\u007b7}}\"\n"),
            ("sql", "x 'it''s {{7}}'\n"),
            ("text", "x it's { {7}}\n"),
            ("", "x it's { {7}}\n"),
        ] {
            assert_eq!(opened(language, &body, ""), expected, "{language}");
        }
    }

    #[test]
    fn notes_stand_below_the_commands() {
        let body = format!("rm {}\n", seal("-r"));
        assert_eq!(
            opened("sh", &body, "> "),
            "rm UNSAFE_VALUE\n> # UNSAFE_VALUE: check this value before you use it: '-r'\n"
        );
    }

    #[test]
    fn braces_and_scissors_are_parted() {
        assert_eq!(plain("{{{%}} ;--8<-- x"), "{ { { %}} ;--8 <-- x");
    }

    #[test]
    fn the_language_is_the_first_word() {
        assert_eq!(language("sh title=\"x\""), "sh");
        assert_eq!(language("\u{e100}\u{e041}\u{e101}"), "");
    }
}
