//! The author's text around a value decides how the value can be written.

use std::ops::Range;

use super::{
    code::{self, has_braces},
    prose::{self, Run},
};
use crate::render::{
    seal::{CLOSE, OPEN},
    text::{Breaks, visible},
};

/// Words from which on a value is taken for a sentence, of which only some words need be code.
const SENTENCE: usize = 4;

/// A place in a page where a value stands.
pub struct Around<'a> {
    /// The page, sealed.
    pub source: &'a str,
    /// Where the value stands in it.
    pub at: Range<usize>,
    /// Whether that is in a cell of a table.
    pub in_cell: bool,
    /// Whether that is in the text of a link.
    pub in_link: bool,
}

impl Around<'_> {
    /// A value in running text.
    pub fn inline(&self, value: &str) -> String {
        let shown = visible(value, Breaks::Mark);
        if shown.is_empty() {
            return if self.stands_apart() { String::new() } else { self.code(" ") };
        }
        let runs = prose::runs(&shown);
        if is_sentence(&shown, &runs) && shown == value && self.may_be_bare() {
            return prose::joined(&runs, |text| self.code(text));
        }
        prose::joined(&[Run::Inert(&shown)], |text| self.code(text))
    }

    /// Text as a code span, or as a `<code>` element where a span would not do: in a table with
    /// a pipe in it, beside another backtick, with the braces of a site generator, or with a
    /// bracket after another that could make both a link's definition.
    pub fn code(&self, text: &str) -> String {
        let touches = |end: Option<char>| matches!(end, Some('`' | '\\' | OPEN | CLOSE));
        let bracket = text.contains(']') && (self.in_link || self.line_before().contains('['));
        let pipe = self.in_cell && text.contains('|');
        if touches(self.before(1)) || touches(self.after(1)) || bracket || pipe || has_braces(text)
        {
            return code::element(text);
        }
        code::span(text)
    }

    /// What stands before the value on its line.
    fn line_before(&self) -> &str {
        let before = &self.source[..self.at.start];
        &before[before.rfind('\n').map_or(0, |end| end + 1)..]
    }

    /// The character so many places before the value.
    fn before(&self, places: usize) -> Option<char> {
        self.source[..self.at.start].chars().nth_back(places - 1)
    }

    /// The character so many places after the value.
    fn after(&self, places: usize) -> Option<char> {
        self.source[self.at.end..].chars().nth(places - 1)
    }

    /// Nothing around the value would change its meaning if the value were not there.
    fn stands_apart(&self) -> bool {
        let apart = |end: Option<char>| end.is_none_or(|end| end.is_whitespace() || end == '|');
        apart(self.before(1)) && apart(self.after(1))
    }

    /// Whether the author's text around a value leaves its words without a meaning.
    fn may_be_bare(&self) -> bool {
        let before = self.before(1).is_none_or(|before| match before {
            '[' => self.in_link,
            '/' => self.before(2).is_some_and(|end| end.is_alphanumeric() || end == CLOSE),
            _ => before.is_whitespace() || is_inert(before) || "(*_~|>\",".contains(before),
        });
        let after = self.after(1).is_none_or(|after| match after {
            '.' | ':' => self.after(2).is_none_or(|end| !end.is_ascii_graphic()),
            '/' => self.after(2).is_some_and(|end| end.is_alphanumeric() || end == OPEN),
            _ => after.is_whitespace() || is_inert(after) || ")*_~|]<,;!?\"'—".contains(after),
        });
        before && after
    }
}

/// A sentence may hold some code; a value with little else is code as a whole.
fn is_sentence(value: &str, runs: &[Run<'_>]) -> bool {
    let inert = runs.iter().filter(|run| matches!(run, Run::Inert(_))).count();
    let words = || value.split(' ').count();
    inert == 0 || (words() >= SENTENCE && inert <= (words() / 5).max(3))
}

/// A character that means nothing to any reader, and is no mark of a seal.
fn is_inert(character: char) -> bool {
    character.is_ascii_alphanumeric()
        || (!character.is_ascii() && !matches!(character, OPEN | CLOSE))
}
