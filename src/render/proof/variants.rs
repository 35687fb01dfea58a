//! What a template can come to: its text without tags, once for each way through its conditions.
//! Loops run once. Every branch is in one of the variants.

use std::ops::Range;

use super::{
    tags::{Kind, Piece},
    traced::{Traced, VALUE},
};

/// Variants that are looked at.
const MOST: usize = 64;

/// A part of a template.
enum Node {
    Text(Range<usize>),
    Value(usize),
    TrimBefore,
    TrimAfter,
    /// One of these is taken.
    Choice(Vec<Vec<Node>>),
}

/// A block that is open.
struct Open {
    word: &'static str,
    branches: Vec<Vec<Node>>,
    has_else: bool,
}

/// All variants of a template.
pub fn variants(source: &str, pieces: &[Piece]) -> Vec<Traced> {
    let nodes = tree(source, pieces);
    (0..needed(&nodes).clamp(1, MOST))
        .map(|number| {
            let mut out = Flow { source, out: Traced::default(), trim: false };
            out.nodes(&nodes, number);
            out.out
        })
        .collect()
}

fn tree(source: &str, pieces: &[Piece]) -> Vec<Node> {
    let mut lists: Vec<Vec<Node>> = vec![Vec::new()];
    let mut open: Vec<Open> = Vec::new();
    for piece in pieces {
        if piece.trims.0 {
            push(&mut lists, Node::TrimBefore);
        }
        match piece.kind {
            Kind::Text => push(&mut lists, Node::Text(piece.at.clone())),
            Kind::Print => push(&mut lists, Node::Value(piece.at.start)),
            Kind::Comment => {}
            Kind::Block => {
                let inner = &source[piece.inner.clone()];
                if inner.trim_start().starts_with("include") {
                    // Whatever it brings, blanks around it are not all there is.
                    push(&mut lists, Node::Value(piece.at.start));
                }
                block(inner, &mut lists, &mut open);
            }
        }
        if piece.trims.1 {
            push(&mut lists, Node::TrimAfter);
        }
    }
    while let Some(last) = open.pop() {
        close(last, &mut lists);
    }
    lists.pop().unwrap_or_default()
}

fn push(lists: &mut [Vec<Node>], node: Node) {
    if let Some(list) = lists.last_mut() {
        list.push(node);
    }
}

fn block(inner: &str, lists: &mut Vec<Vec<Node>>, open: &mut Vec<Open>) {
    let word = inner.split_whitespace().next().unwrap_or_default();
    let begun = match word {
        "if" => Some("if"),
        "for" => Some("for"),
        "set" | "set_global" if !inner.contains('=') => Some("set"),
        "component" => Some("component"),
        _ => None,
    };
    if let Some(word) = begun {
        open.push(Open { word, branches: Vec::new(), has_else: false });
        lists.push(Vec::new());
        return;
    }
    if matches!(word, "elif" | "else")
        && let Some(last) = open.last_mut()
    {
        last.has_else |= word == "else";
        last.branches.push(lists.pop().unwrap_or_default());
        lists.push(Vec::new());
        return;
    }
    let ends = |last: &Open| {
        word.strip_prefix("end")
            .is_some_and(|begun| begun.starts_with(last.word) || last.word == begun)
    };
    if open.last().is_some_and(ends)
        && let Some(last) = open.pop()
    {
        close(last, lists);
    }
}

fn close(mut last: Open, lists: &mut Vec<Vec<Node>>) {
    last.branches.push(lists.pop().unwrap_or_default());
    match last.word {
        // What these hold is written elsewhere, or never.
        "set" | "component" => {}
        "for" if last.branches.len() == 1 => {
            if let Some(list) = lists.last_mut() {
                list.extend(last.branches.remove(0));
            }
        }
        _ => {
            if last.word == "if" && !last.has_else {
                last.branches.push(Vec::new());
            }
            push(lists, Node::Choice(last.branches));
        }
    }
}

/// Variants in which every branch of a list occurs.
fn needed(nodes: &[Node]) -> usize {
    let each = nodes.iter().map(|node| match node {
        Node::Choice(branches) => branches.iter().map(|branch| needed(branch)).sum(),
        _ => 1,
    });
    each.max().unwrap_or(1).max(1)
}

struct Flow<'s> {
    source: &'s str,
    out: Traced,
    /// Blanks at the beginning of the next text are left out.
    trim: bool,
}

impl Flow<'_> {
    fn nodes(&mut self, nodes: &[Node], number: usize) {
        for node in nodes {
            match node {
                Node::Text(range) => self.text(range),
                Node::Value(at) => {
                    self.trim = false;
                    self.out.push(VALUE.encode_utf8(&mut [0; 4]), *at);
                }
                Node::TrimBefore => self.out.trim_end(),
                Node::TrimAfter => self.trim = true,
                Node::Choice(branches) => {
                    let all: usize = branches.iter().map(|branch| needed(branch)).sum();
                    let mut number = number % all.max(1);
                    for branch in branches {
                        let own = needed(branch);
                        if number < own {
                            self.nodes(branch, number);
                            break;
                        }
                        number -= own;
                    }
                }
            }
        }
    }

    fn text(&mut self, range: &Range<usize>) {
        let text = &self.source[range.clone()];
        let cut = if self.trim { text.len() - text.trim_start().len() } else { 0 };
        self.trim &= cut == text.len();
        self.out.push(&text[cut..], range.start + cut);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::proof::tags::pieces;

    fn texts(source: &str) -> Vec<String> {
        let variants = variants(source, &pieces(source));
        variants.iter().map(|variant| variant.text().replace(VALUE, "V")).collect()
    }

    #[test]
    fn every_branch_is_in_a_variant() {
        assert_eq!(texts("a{{ x }}b"), ["aVb"]);
        assert_eq!(
            texts("{% if a %}1{% elif b %}2{% endif %}-{% if c %}3{% else %}4{% endif %}"),
            ["1-3", "2-4", "-3"]
        );
        assert_eq!(
            texts("{% if a %}{% if b %}1{% else %}2{% endif %}{% else %}3{% endif %}"),
            ["1", "2", "3"]
        );
        assert_eq!(texts("{% for x in y %}{{ x }};{% endfor %}{% set z = 1 %}."), ["V;."]);
        assert_eq!(texts("{% set z %}hidden{% endset %}seen"), ["seen"]);
    }

    #[test]
    fn blanks_are_trimmed_where_tags_ask_for_it() {
        assert_eq!(texts("a \n{%- if x -%}\n b{% endif %}"), ["ab", "a"]);
    }

    #[test]
    fn what_is_not_closed_is_no_end_of_the_world() {
        assert_eq!(texts("{% endif %}a{% if x %}b"), ["ab", "a"]);
    }
}
