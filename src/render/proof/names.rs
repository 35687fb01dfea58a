//! The variables that a template names.

use std::{collections::BTreeSet, ops::Range};

use super::tags::{Kind, Piece};

/// Words of the template language.
const WORDS: [&str; 34] = [
    "true",
    "True",
    "false",
    "False",
    "none",
    "None",
    "loop",
    "self",
    "and",
    "or",
    "not",
    "is",
    "in",
    "continue",
    "break",
    "if",
    "elif",
    "else",
    "endif",
    "for",
    "endfor",
    "set",
    "set_global",
    "endset",
    "block",
    "endblock",
    "extends",
    "include",
    "filter",
    "endfilter",
    "component",
    "endcomponent",
    "raw",
    "endraw",
];

/// A word or a sign inside a tag.
#[derive(Clone, Debug)]
struct Token<'s> {
    text: &'s str,
    at: usize,
}

/// Variables that a template makes.
pub fn made_in<'s>(source: &'s str, pieces: &[Piece]) -> BTreeSet<&'s str> {
    let blocks = pieces.iter().filter(|piece| piece.kind == Kind::Block);
    blocks.flat_map(|piece| made(&tokens(source, &piece.inner))).collect()
}

/// Variables that a template uses and does not make itself, with their places.
pub fn used<'s>(source: &'s str, pieces: &[Piece]) -> Vec<(usize, &'s str)> {
    let tags: Vec<_> = pieces
        .iter()
        .filter(|piece| matches!(piece.kind, Kind::Print | Kind::Block))
        .map(|piece| tokens(source, &piece.inner))
        .collect();
    let made: BTreeSet<_> = tags.iter().flat_map(|tokens| made(tokens)).collect();
    let used = tags.iter().flat_map(|tokens| roots(tokens));
    used.filter(|(_, name)| !made.contains(name) && !WORDS.contains(name)).collect()
}

fn tokens<'s>(source: &'s str, range: &Range<usize>) -> Vec<Token<'s>> {
    let mut tokens = Vec::new();
    let mut at = range.start;
    while at < range.end {
        let rest = &source[at..range.end];
        let Some(first) = rest.chars().next() else { break };
        let length = match first {
            '"' | '\'' | '`' => string(rest, first),
            _ if is_word(first) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        if !first.is_whitespace() {
            tokens.push(Token { text: &rest[..length], at });
        }
        at += length;
    }
    tokens
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Length of the string at the start of a text.
fn string(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if character == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// Names that a tag makes: what it sets, or goes through a list with.
fn made<'s>(tokens: &[Token<'s>]) -> Vec<&'s str> {
    let mut made = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        match token.text {
            "set" | "set_global" if index == 0 => {
                made.extend(tokens.get(1).map(|name| name.text));
            }
            "component" if index == 0 => made.extend(tokens.iter().map(|name| name.text)),
            "for" => {
                let names = tokens[index + 1..].iter().take_while(|token| token.text != "in");
                made.extend(names.map(|name| name.text).filter(|name| is_name(name)));
            }
            _ => {}
        }
    }
    made
}

/// Names that stand for a variable: no field, filter, test, function or argument.
fn roots<'s>(tokens: &[Token<'s>]) -> Vec<(usize, &'s str)> {
    let text = |at: Option<usize>| at.and_then(|at| tokens.get(at)).map_or("", |token| token.text);
    let root = |(index, token): (usize, &Token<'s>)| {
        let before = text(index.checked_sub(1));
        let before_that = text(index.checked_sub(2));
        let (after, after_that) = (text(Some(index + 1)), text(Some(index + 2)));
        let is_test = before == "is" || before == "not" && before_that == "is";
        let argument = after == "=" && after_that != "=";
        let key = after == ":" && matches!(before, "{" | ",");
        // The word that a block begins with, whatever it is, is for the engine to judge.
        let other = matches!(before, "." | "|" | "<" | "/")
            || after == "("
            || index == 0 && is_word_of_block(tokens);
        (is_name(token.text) && !is_test && !argument && !key && !other)
            .then_some((token.at, token.text))
    };
    tokens.iter().enumerate().filter_map(root).collect()
}

fn is_word_of_block(tokens: &[Token<'_>]) -> bool {
    tokens.first().is_some_and(|first| WORDS.contains(&first.text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::proof::tags::pieces;

    fn names(source: &str) -> Vec<&str> {
        used(source, &pieces(source)).into_iter().map(|(_, name)| name).collect()
    }

    #[test]
    fn only_variables_are_named() {
        assert_eq!(
            names("{% if a == 'b' and c.d is not defined %}{{ e | f(g=h) }}{% endif %}"),
            ["a", "c", "e", "h"]
        );
        assert_eq!(
            names(
                "{% for p in places if p.x %}{{ p.pod }}{{ loop.index }}{% else %}{{ q }}{% endfor %}"
            ),
            ["places", "q"]
        );
        assert_eq!(
            names("{% set x = [s for s in list if s.y] %}{{ x | last }}{{ fun(a=1) }}"),
            ["list"]
        );
        assert_eq!(names("{{ [{\"k\": v}] }}{# c #}{% include \"_x.md\" %}"), ["v"]);
    }
}
