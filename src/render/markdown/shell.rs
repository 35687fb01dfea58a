//! Values in shell commands that a reader will paste.
//!
//! - A value of letters, digits and `_./:@%+=,-` stands bare, unless it begins with `-`.
//! - Any other value is one quoted word: in single quotes, or as bash's `$'…'` where it holds
//!   what cannot be seen.
//! - Where a quoted word would not do, `UNSAFE_VALUE` stands for the value, which a comment below
//!   the commands gives: a value that could be taken for an option; and one inside the template's
//!   own quotes, a here-document, a back-quoted command, or a line with `ssh`, `eval`, `su`, `watch`
//!   or `parallel`, where a shell reads it a second time.

use std::fmt::Write as _;

use crate::render::text::{Breaks, visible};

/// Stands for a value that cannot be pasted safely.
const UNSAFE: &str = "UNSAFE_VALUE";

/// Commands that hand their words to a shell.
const READS_AGAIN: [&str; 5] = ["ssh", "eval", "su", "watch", "parallel"];

/// What encloses a place in a script.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Single,
    Double,
    Command,
}

/// Reads a script up to each of its values, to know how they are to be written.
#[derive(Default)]
pub struct Script {
    inside: Vec<Inside>,
    comment: bool,
    /// A here-document or a back-quoted command was met: what follows is not understood.
    lost: bool,
    /// The command so far, to find words that hand it to another shell.
    command: String,
    before: Option<char>,
    escaped: bool,
    notes: Vec<String>,
}

impl Script {
    /// Reads a piece of the template's own text.
    pub fn read(&mut self, text: &str) {
        for character in text.chars() {
            self.step(character);
        }
    }

    fn step(&mut self, character: char) {
        let before = self.before.replace(character);
        if std::mem::take(&mut self.escaped) {
            self.command.push(' ');
            return;
        }
        match (self.inside.last(), character) {
            (_, '\n') if self.comment => self.end_command(),
            _ if self.comment => {}
            (Some(Inside::Single), '\'')
            | (Some(Inside::Double), '"')
            | (Some(Inside::Command), ')') => {
                self.inside.pop();
            }
            (Some(Inside::Single), _) => {}
            (_, '\\') => self.escaped = true,
            (_, '`') => self.lost = true,
            (_, '(') if before == Some('$') => self.inside.push(Inside::Command),
            (_, '"') => self.inside.push(Inside::Double),
            (Some(Inside::Double), _) => {}
            (_, '\'') if before == Some('$') => self.lost = true,
            (_, '\'') => self.inside.push(Inside::Single),
            (_, '<') if before == Some('<') => self.lost = true,
            (_, '#') if starts_word(before) => self.comment = true,
            (_, '\n' | ';' | '|' | '&') => self.end_command(),
            _ => self.command.push(character),
        }
    }

    fn end_command(&mut self) {
        self.comment = false;
        self.command.clear();
    }

    /// Writes a value at the place reached.
    pub fn value(&mut self, value: &str) -> String {
        let first = starts_word(self.before);
        self.before = Some('x');
        if value.is_empty() {
            return if self.inside.is_empty() { "''".to_owned() } else { String::new() };
        }
        let option = value.starts_with('-') && (first || self.is_quoted());
        if value.chars().all(is_harmless) && !option {
            return value.to_owned();
        }
        if self.comment {
            return visible(value, Breaks::Mark).into_owned();
        }
        if option || value.contains('\0') || self.is_quoted() || self.is_read_twice() {
            self.note(value);
            return UNSAFE.to_owned();
        }
        quoted(value)
    }

    fn is_quoted(&self) -> bool {
        let quotes = |inside: &Inside| matches!(inside, Inside::Single | Inside::Double);
        self.lost || self.escaped || self.inside.last().is_some_and(quotes)
    }

    fn is_read_twice(&self) -> bool {
        let nested = self.inside.contains(&Inside::Double);
        nested || self.command.split_whitespace().any(|word| READS_AGAIN.contains(&word))
    }

    fn note(&mut self, value: &str) {
        let note = format!("# {UNSAFE}: check this value before you use it: {}", quoted(value));
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// Comments to be written below the commands.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }
}

fn starts_word(before: Option<char>) -> bool {
    before.is_none_or(|before| before.is_whitespace() || ";|&(".contains(before))
}

fn is_harmless(character: char) -> bool {
    character.is_ascii_alphanumeric() || "_./:@%+=,-".contains(character)
}

/// A value as one word of a shell.
fn quoted(value: &str) -> String {
    let plain = visible(value, Breaks::Mark) == value;
    if plain && !value.contains("{{") && !value.contains("{%") {
        return format!("'{}'", value.replace('\'', r"'\''"));
    }
    let mut out = String::from("$'");
    for byte in value.bytes() {
        match byte {
            b'\'' | b'\\' => {
                out.push('\\');
                out.push(char::from(byte));
            }
            b' '..=b'~' if byte != b'{' => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "\\x{byte:02x}");
            }
        }
    }
    out.push('\'');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(script: &str, value: &str) -> String {
        let mut read = Script::default();
        read.read(script);
        read.value(value)
    }

    #[test]
    fn harmless_values_stand_bare_wherever_they_are() {
        for script in ["kubectl get pod ", "grep \"", "grep '", "ssh node cat ", "# "] {
            assert_eq!(after(script, "payments/api-7d9f:1.2"), "payments/api-7d9f:1.2", "{script}");
        }
    }

    #[test]
    fn other_values_are_one_word() {
        assert_eq!(after("cat ", "a b;rm"), "'a b;rm'");
        assert_eq!(after("cat ", "it's"), r"'it'\''s'");
        assert_eq!(after("cat ", "a\n\u{1b}'\\"), r"$'a\x0a\x1b\'\\'");
        assert_eq!(after("cat ", "\u{202e}"), r"$'\xe2\x80\xae'");
        assert_eq!(after("cat ", ""), "''");
        assert_eq!(after("echo 'x' \"y\" ", "a b"), "'a b'");
        assert_eq!(after("x=$(cat ", "a b"), "'a b'");
    }

    #[test]
    fn what_cannot_be_quoted_is_not_written() {
        for (script, value) in [
            ("rm ", "-rf"),
            ("rm \"", "-rf"),
            ("cat \"", "$(id)"),
            ("cat '", "';id;'"),
            ("ssh node cat ", "a b"),
            ("sudo ssh -t node 'cat ", "a b"),
            ("eval ", "a b"),
            ("x=\"$(cat ", "a b"),
            ("cat <<EOF\n", "$(id)"),
            ("x=`cat ", "a b"),
            ("cat \\", "$(id)"),
            ("cat ", "a\0b"),
        ] {
            assert_eq!(after(script, value), UNSAFE, "{script}{value}");
        }
        assert_eq!(after("rm a", "-b"), "-b");
    }

    #[test]
    fn a_comment_gives_the_value() {
        let mut script = Script::default();
        script.read("rm ");
        script.value("-r\nf");
        script.value("-r\nf");
        assert_eq!(
            script.notes(),
            [r"# UNSAFE_VALUE: check this value before you use it: $'-r\x0af'"]
        );
    }

    #[test]
    fn comments_end_with_their_line() {
        assert_eq!(after("# it's\ncat ", "a b"), "'a b'");
        assert_eq!(after("# see ", "a\nb"), "a ⏎ b");
    }
}
