//! Values as Falco's condition language and YAML take them: the one place where what a log says
//! becomes part of a rule.
//!
//! Falco pastes the values of an exception into a condition and escapes nothing: a value written
//! in any other way than here can switch a rule off, and whoever is on a host chooses the values.

pub mod rules;

use std::fmt;

/// The longest value that Falco compares with, in bytes.
const LONGEST: usize = 255;

/// Characters other than blanks that a beginning or a pattern must have to say anything.
const TELLING: usize = 4;

/// What Falco shows in place of a control character or of a byte that is not UTF-8. It compares
/// with the byte itself: a value that holds the mark never matches.
const LOST: char = '\u{fffd}';

/// How a field is compared with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `startswith`
    StartsWith,
    /// `glob`, of the whole value.
    Glob,
}

impl Comparison {
    /// Falco's word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::StartsWith => "startswith",
            Self::Glob => "glob",
        }
    }
}

/// A value that Falco can be given, and what it then hides.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Written {
    /// The comparison it is for.
    pub comparison: Comparison,
    /// What is compared with: a value, a beginning, or a pattern.
    pub operand: String,
}

/// Why no comparison that is narrow enough can be written for a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing but blanks: it would hide everything, or nothing.
    Empty,
    /// A NUL, at which Falco cuts a value.
    Nul,
    /// What can be written of it would hide nearly everything.
    TooWide,
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Empty => "the value is empty, and a comparison with it would hide too much or nothing",
            Self::Nul => "the value holds a NUL, at which Falco cuts it",
            Self::TooWide => {
                "what Falco can be told of the value (it shows some of its bytes as replaced) is so \
                 little that it would hide much else"
            }
        })
    }
}

/// The narrowest comparison that matches a value and that Falco takes.
pub fn written(value: &str) -> Result<Written, Refusal> {
    check(value)?;
    if value.contains(LOST) || !list_names(value).is_empty() {
        let operand = pattern(value);
        return match operand.len() <= LONGEST {
            true if telling(value) => Ok(Written { comparison: Comparison::Glob, operand }),
            true => Err(Refusal::TooWide),
            false => beginning(value),
        };
    }
    if value.len() > LONGEST || value.ends_with('\\') {
        return beginning(value);
    }
    Ok(Written { comparison: Comparison::Equal, operand: value.to_owned() })
}

/// A comparison with the beginning of a value, as far as it can be told to Falco.
pub fn beginning(value: &str) -> Result<Written, Refusal> {
    check(value)?;
    let lost = value.find(LOST).unwrap_or(value.len());
    let named = list_names(value).first().map_or(value.len(), |name| name.start);
    let end = value.floor_char_boundary(LONGEST.min(lost).min(named));
    // A string of Falco's cannot end in a backslash.
    let operand = value[..end].trim_end_matches('\\');
    if !telling(operand) {
        return Err(Refusal::TooWide);
    }
    Ok(Written { comparison: Comparison::StartsWith, operand: operand.to_owned() })
}

fn check(value: &str) -> Result<(), Refusal> {
    if value.trim().is_empty() {
        return Err(Refusal::Empty);
    }
    if value.contains('\0') { Err(Refusal::Nul) } else { Ok(()) }
}

fn telling(text: &str) -> bool {
    text.chars().filter(|c| !c.is_whitespace() && *c != LOST).count() >= TELLING
}

impl Written {
    /// The operand as a string of the condition language.
    pub fn string(&self) -> String {
        string(&self.operand).unwrap_or_default()
    }

    /// Whether a value is hidden by the comparison. `None`: it was cut, and what is left does not
    /// tell.
    pub fn hides(&self, value: &str, cut: bool) -> Option<bool> {
        let told = match self.comparison {
            Comparison::Equal => value == self.operand && !cut,
            Comparison::StartsWith => value.starts_with(&self.operand),
            Comparison::Glob if cut => return None,
            Comparison::Glob => glob(&self.operand, value),
        };
        Some(told)
    }
}

/// A value as a string of Falco's condition language; `None` where it cannot be one: a NUL, a
/// backslash at the end.
pub fn string(value: &str) -> Option<String> {
    if value.contains('\0') || value.ends_with('\\') {
        return None;
    }
    let mut out = String::with_capacity(value.len() + 2);
    out.push('"');
    for character in value.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            _ => out.push(character),
        }
    }
    out.push('"');
    Some(out)
}

/// A text as a YAML scalar in double quotes, in visible ASCII alone.
pub fn yaml(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        let code = u32::from(character);
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            ' '..='~' => out.push(character),
            _ if code > 0xffff => out.push_str(&format!("\\U{code:08x}")),
            _ => out.push_str(&format!("\\u{code:04x}")),
        }
    }
    out.push('"');
    out
}

/// Where words stand in a value that may be names of lists. Falco puts a list's items in their
/// place, even inside quotes, unless the name fills them. Every list of Falco's own has an
/// underscore in its name.
fn list_names(value: &str) -> Vec<std::ops::Range<usize>> {
    let ends = |c: char| c.is_whitespace() || "(),=".contains(c);
    let mut names = Vec::new();
    let mut start = 0;
    for (end, character) in value.char_indices().chain([(value.len(), ' ')]) {
        if !ends(character) {
            continue;
        }
        let word = &value[start..end];
        let like = word.contains('_')
            && word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && word.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
        if like && word.len() < value.len() {
            names.push(start..end);
        }
        start = end + character.len_utf8();
    }
    names
}

/// A pattern of the whole value: `*` for what was lost, names of lists broken up.
fn pattern(value: &str) -> String {
    let names = list_names(value);
    let mut out = String::with_capacity(value.len() + 8);
    for (at, character) in value.char_indices() {
        match character {
            LOST if out.ends_with('*') && value[..at].ends_with(LOST) => {}
            LOST => out.push('*'),
            // Inside brackets nothing of a pattern has a meaning of its own.
            '[' | '*' | '?' | '(' | ')' => out.extend(['[', character, ']']),
            '\\' => out.push('?'),
            _ if names.iter().any(|name| name.start == at) => out.extend(['[', character, ']']),
            _ => out.push(character),
        }
    }
    out
}

/// Whether a text fits a pattern of [`pattern`]'s kind.
fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (parts(pattern), text.chars().collect::<Vec<_>>());
    let (mut p, mut t, mut back) = (0, 0, None);
    while t < text.len() {
        match pattern.get(p) {
            Some(Part::Any) => {
                back = Some((p, t));
                p += 1;
            }
            Some(part) if part.takes(text[t]) => (p, t) = (p + 1, t + 1),
            _ => match back {
                Some((star, from)) => {
                    back = Some((star, from + 1));
                    (p, t) = (star + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|part| matches!(part, Part::Any))
}

enum Part {
    Any,
    One,
    Char(char),
}

impl Part {
    fn takes(&self, character: char) -> bool {
        match self {
            Self::Any => false,
            Self::One => true,
            Self::Char(own) => *own == character,
        }
    }
}

fn parts(pattern: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        parts.push(match character {
            '*' => Part::Any,
            '?' => Part::One,
            '[' => {
                let own = characters.next().unwrap_or('[');
                characters.next();
                Part::Char(own)
            }
            _ => Part::Char(character),
        });
    }
    parts
}

#[cfg(test)]
mod tests;
