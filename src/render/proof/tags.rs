//! A template cut into text and tags, with strings inside tags understood.

use std::ops::Range;

/// What a piece of a template is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text that is written as it stands.
    Text,
    /// `{{ … }}`
    Print,
    /// `{% … %}`
    Block,
    /// `{# … #}`
    Comment,
}

/// A piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub at: Range<usize>,
    /// Where its inside stands, without the braces and the signs that trim.
    pub inner: Range<usize>,
    /// Whether blanks before and after it are taken off.
    pub trims: (bool, bool),
}

/// Cuts a template; the inside of `raw` is text. A tag that is not closed reaches to the end.
pub fn pieces(source: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < source.len() {
        let open = source[at..]
            .match_indices('{')
            .map(|(found, _)| at + found)
            .find(|found| matches!(source.as_bytes().get(found + 1), Some(b'{' | b'%' | b'#')));
        let open = open.unwrap_or(source.len());
        if open > at {
            pieces.push(text(at..open));
        }
        if open == source.len() {
            break;
        }
        let piece = tag(source, open);
        at = piece.at.end;
        let raw = piece.kind == Kind::Block && source[piece.inner.clone()].trim() == "raw";
        pieces.push(piece);
        if raw {
            let end = end_of_raw(source, at);
            pieces.push(text(at..end));
            at = end;
        }
    }
    pieces
}

const fn text(at: Range<usize>) -> Piece {
    Piece { kind: Kind::Text, inner: at.start..at.end, at, trims: (false, false) }
}

fn tag(source: &str, open: usize) -> Piece {
    let (kind, close) = match source.as_bytes()[open + 1] {
        b'{' => (Kind::Print, "}}"),
        b'%' => (Kind::Block, "%}"),
        _ => (Kind::Comment, "#}"),
    };
    let end = match kind {
        Kind::Comment => source[open + 2..].find(close).map(|end| open + 2 + end),
        _ => close_of(source, open + 2, close),
    };
    let inner_end = end.unwrap_or(source.len());
    let inner = &source[open + 2..inner_end];
    let trims = (inner.starts_with('-'), inner.len() > 1 && inner.ends_with('-'));
    Piece {
        kind,
        at: open..end.map_or(source.len(), |end| end + close.len()),
        inner: open + 2 + usize::from(trims.0)..inner_end - usize::from(trims.1),
        trims,
    }
}

/// Where a tag closes, strings left out of account.
fn close_of(source: &str, from: usize, close: &str) -> Option<usize> {
    let mut quote = None;
    let mut escaped = false;
    for (at, character) in source[from..].char_indices() {
        match quote {
            _ if escaped => escaped = false,
            Some(_) if character == '\\' => escaped = true,
            Some(open) if open == character => quote = None,
            Some(_) => {}
            None if matches!(character, '"' | '\'' | '`') => quote = Some(character),
            None if source[from + at..].starts_with(close) => return Some(from + at),
            None => {}
        }
    }
    None
}

fn end_of_raw(source: &str, from: usize) -> usize {
    let ends = source[from..].match_indices("{%").map(|(at, _)| from + at);
    let ends = ends.into_iter().find(|at| {
        let words = source[at + 2..].trim_start_matches('-').trim_start();
        words.starts_with("endraw")
    });
    ends.unwrap_or(source.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_and_raw_are_understood() {
        let source = "a{{ x | d(v='}}') -}} b {%- raw %}{{ y }}{% endraw %}{# {{ z #}c{{ open";
        let kinds: Vec<_> = pieces(source)
            .iter()
            .map(|piece| (piece.kind, source[piece.inner.clone()].trim(), piece.trims))
            .collect();
        let none = (false, false);
        assert_eq!(
            kinds,
            [
                (Kind::Text, "a", none),
                (Kind::Print, "x | d(v='}}')", (false, true)),
                (Kind::Text, "b", none),
                (Kind::Block, "raw", (true, false)),
                (Kind::Text, "{{ y }}", none),
                (Kind::Block, "endraw", none),
                (Kind::Comment, "{{ z", none),
                (Kind::Text, "c", none),
                (Kind::Print, "open", none),
            ]
        );
    }
}
