//! Text that knows where each of its characters came from.

use std::ops::Range;

/// Stands for a value in text of which the tags were taken out. Markdown takes it for a letter.
pub const VALUE: char = '\u{E1FF}';

/// A text, and the places in another that its pieces came from.
#[derive(Clone, Debug, Default)]
pub struct Traced {
    text: String,
    /// Where a piece begins here, and where it began there; in order.
    pieces: Vec<(usize, usize)>,
}

impl Traced {
    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Adds a text that began at a place elsewhere.
    pub fn push(&mut self, text: &str, origin: usize) {
        if !text.is_empty() {
            self.pieces.push((self.text.len(), origin));
            self.text.push_str(text);
        }
    }

    /// Takes off blanks at the end.
    pub fn trim_end(&mut self) {
        self.text.truncate(self.text.trim_end().len());
        let length = self.text.len();
        self.pieces.retain(|(start, _)| *start < length);
    }

    /// Where a character came from.
    pub fn origin(&self, at: usize) -> usize {
        let after = self.pieces.partition_point(|(start, _)| *start <= at);
        let piece = after.checked_sub(1).and_then(|piece| self.pieces.get(piece));
        piece.map_or(0, |(start, origin)| origin + (at - start))
    }

    /// A part of the text.
    pub fn part(&self, range: Range<usize>) -> Self {
        let mut part = Self::default();
        let mut at = range.start;
        let inside = self.pieces.iter().map(|(start, _)| *start);
        for end in inside.filter(|start| range.contains(start)).chain([range.end]) {
            part.push(&self.text[at..end], self.origin(at));
            at = end;
        }
        part
    }

    /// The text with a word in the place of each value; the word is chosen by the text before it and
    /// by where the value came from.
    pub fn with_values(&self, mut word: impl FnMut(&str, usize) -> String) -> Self {
        let mut out = Self::default();
        let mut at = 0;
        for (found, mark) in self.text.match_indices(VALUE) {
            out.append(&self.part(at..found));
            let origin = self.origin(found);
            let written = word(&out.text, origin);
            out.push(&written, origin);
            at = found + mark.len();
        }
        out.append(&self.part(at..self.text.len()));
        out
    }

    /// Adds another such text.
    pub fn append(&mut self, other: &Self) {
        let length = self.text.len();
        self.pieces.extend(other.pieces.iter().map(|(start, origin)| (start + length, *origin)));
        self.text.push_str(&other.text);
    }

    /// Where a line and a column of the text came from, both from 0, the column in characters.
    pub fn origin_of(&self, line: usize, column: usize) -> usize {
        let start: usize = self.text.split_inclusive('\n').take(line).map(str::len).sum();
        let rest = &self.text[start.min(self.text.len())..];
        let line_length = rest.find('\n').unwrap_or(rest.len());
        let within =
            rest[..line_length].char_indices().nth(column).map_or(line_length, |(at, _)| at);
        self.origin(start + within)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_kept_through_changes() {
        let mut traced = Traced::default();
        traced.push("ab\n", 10);
        traced.push(&VALUE.to_string(), 20);
        traced.push("cd  ", 30);
        traced.trim_end();
        assert_eq!(traced.origin(1), 11);
        let written = traced.with_values(|before, _| format!("<{}>", before.len()));
        assert_eq!(written.text(), "ab\n<3>cd");
        assert_eq!((written.origin(3), written.origin(7)), (20, 31));
        assert_eq!(written.origin_of(1, 4), 31);
        assert_eq!(written.part(1..4).text(), "b\n<");
        assert_eq!(written.part(6..8).origin(1), 31);
    }
}
