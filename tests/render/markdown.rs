//! Reads Markdown back.

use std::collections::BTreeMap;

use alertbook::render::{
    markdown::{gfm, html},
    seal::seal,
    text::{Breaks, visible},
};
use proptest::prelude::*;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// Places in a template where a value may stand, and whether its text can be read back there.
const PLACES: [(&str, &str, bool); 26] = [
    ("", "", true),
    ("a ", " b", true),
    ("a (", ") b", true),
    ("# ", "\n\nb", true),
    ("a **", "** b", true),
    ("*", "* b", true),
    ("~~", "~~", true),
    ("- ", "\n- b", true),
    ("1. ", "\n2. b", true),
    ("- [ ] ", "\n", true),
    ("> ", "\n> b", true),
    ("`", "`", true),
    ("a `b ", " c`", true),
    ("| a | b |\n|---|---|\n| ", " | c |\n", true),
    ("| a | b |\n|---|---|\n| `", "` | c |\n", true),
    ("| ", " | b |\n|---|---|\n| a | c |\n", true),
    ("[", "](a.md)", true),
    ("[a **", "** b](a.md)", true),
    ("![", "](a.md)", true),
    ("[a](", ")", false),
    ("[a](b \"", "\")", false),
    ("<", ">", false),
    ("a <b>", "</b> c", false),
    ("<p title=\"", "\">a</p>\n", false),
    ("<details><summary>", "</summary>\n\na\n\n</details>\n", false),
    ("a\n\n    b ", "\n", false),
];

fn events(text: &str) -> Vec<Event<'_>> {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
    Parser::new_ext(text, options).collect()
}

/// How often each tag opens. Code is no structure: it is how values are shown.
pub fn tags(text: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for event in events(text) {
        let name = match event {
            Event::Start(Tag::Link { dest_url, .. }) => format!("link to {dest_url}"),
            Event::Start(Tag::Image { dest_url, .. }) => format!("image {dest_url}"),
            Event::Start(tag) => format!("{tag:?}"),
            Event::Html(html) | Event::InlineHtml(html) => {
                for (tag, count) in crate::html::tags(&html) {
                    if tag != "code" && tag != "/code" {
                        *counts.entry(format!("raw {tag}")).or_default() += count;
                    }
                }
                continue;
            }
            Event::TaskListMarker(_) | Event::Rule | Event::HardBreak => format!("{event:?}"),
            _ => continue,
        };
        *counts.entry(name).or_default() += 1;
    }
    counts
}

/// The insides of all fences of a language.
pub fn fences(markdown: &str, language: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut inside = false;
    for event in events(markdown) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                inside = &*info == language;
                found.extend(inside.then(String::new));
            }
            Event::End(TagEnd::CodeBlock) => inside = false,
            Event::Text(text) if inside => {
                if let Some(fence) = found.last_mut() {
                    fence.push_str(&text);
                }
            }
            _ => {}
        }
    }
    found
}

fn text(markdown: &str) -> String {
    let mut out = String::new();
    for event in events(markdown) {
        match event {
            Event::Text(text) | Event::Code(text) => out.push_str(&text),
            Event::SoftBreak | Event::HardBreak => out.push('\n'),
            _ => {}
        }
    }
    out
}

fn check(value: &str) {
    let fill = |before: &str, value: &str, after: &str| format!("{before}{}{after}", seal(value));
    for (before, after, readable) in PLACES {
        let sealed = fill(before, value, after);
        let plain = fill(before, "aaaa", after);
        let (written, expected) = (gfm::write(&sealed), gfm::write(&plain));
        assert_eq!(tags(&written), tags(&expected), "{value:?} in {before}…{after} is {written}");
        if readable {
            let shown = text(&expected).replace("aaaa", &visible(value, Breaks::Mark));
            assert_eq!(text(&written), shown, "{value:?} in {before}…{after} is {written}");
        }
        let (page, expected) = (html::write(&sealed), html::write(&plain));
        assert_eq!(
            crate::html::tags(&page),
            crate::html::tags(&expected),
            "{value:?} in {before}…{after} is {page}"
        );
        if readable {
            let shown = crate::html::text(&expected).replace("aaaa", &visible(value, Breaks::Mark));
            assert_eq!(crate::html::text(&page), shown, "{value:?} in {before}…{after} is {page}");
        }
    }
    for language in ["", "text", "sh", "yaml", "json", "sql"] {
        for (before, after) in [
            ("```", "```"),
            ("a\n\n~~~~", "~~~~\n\nb"),
            ("- a\n\n  ```", "  ```\n- b"),
            ("> ```", "> ```\n> b"),
        ] {
            let indent = if before.starts_with('-') {
                "  "
            } else if before.starts_with('>') {
                "> "
            } else {
                ""
            };
            let place = |value: &str| {
                gfm::write(&format!("{before}{language}\n{indent}x {}\n{after}\n", seal(value)))
            };
            let (written, expected) = (place(value), place("aaaa"));
            assert_eq!(tags(&written), tags(&expected), "{value:?} is {written}");
        }
    }
}

/// Templates in which two values could act together.
const PAIRS: [[&str; 3]; 15] = [
    ["[a]", " ", ""],
    ["[a](b", " ", ")"],
    ["it`s [a] ", " *", "` c"],
    ["", "", ""],
    ["", " ", ""],
    ["a ", ": ", " b"],
    ["a ", "@", " b"],
    ["[", "](", ")"],
    ["[", "]: ", "\n\n[a]"],
    ["[", "](x.md) [", "](y.md)"],
    ["<", " ", ">"],
    ["<b>", "</b> **", "**"],
    ["`", "` `", "`"],
    ["| a | b |\n|---|---|\n| ", " | `", "` |\n"],
    ["# ", "\n\n", "\n===\n"],
];

fn check_pair(first: &str, second: &str) {
    for [before, between, after] in PAIRS {
        let fill = |first: &str, second: &str| {
            format!("{before}{}{between}{}{after}", seal(first), seal(second))
        };
        let (written, expected) =
            (gfm::write(&fill(first, second)), gfm::write(&fill("aaaa", "aaaa")));
        assert_eq!(
            tags(&written),
            tags(&expected),
            "{first:?}, {second:?} in {before}…{between}…{after} is {written}"
        );
    }
}

#[test]
fn known_traps_hold_nothing() {
    for value in crate::hostile::WORDS.iter().chain(&crate::hostile::LONG) {
        check(value);
        for other in crate::hostile::WORDS {
            check_pair(value, other);
        }
    }
}

#[test]
fn no_value_is_a_reference_or_a_link() {
    for value in [
        "@user",
        "a@b.example",
        "#1",
        "GH-1",
        ":smile:",
        "www.evil.example",
        "https://evil.example/",
        "{{ 7*7 }}",
    ] {
        for (before, after, _) in PLACES {
            let written = gfm::write(&format!("{before}{}{after}", seal(value)));
            let outside: String = outside_code(&written);
            assert!(!outside.contains(value), "{value} in {before}…{after} is {written}");
        }
    }
}

/// The text that stands neither in a code span nor in raw HTML.
fn outside_code(markdown: &str) -> String {
    let (mut out, mut depth) = (String::new(), 0_usize);
    for event in events(markdown) {
        match event {
            Event::InlineHtml(tag) if tag.starts_with("</code") => depth -= 1,
            Event::InlineHtml(tag) if tag.starts_with("<code") => depth += 1,
            Event::Start(Tag::CodeBlock(_)) => depth += 1,
            Event::End(TagEnd::CodeBlock) => depth -= 1,
            Event::Text(text) if depth == 0 => out.push_str(&text),
            Event::Code(_) => out.push('\0'),
            _ => {}
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_value_changes_structure_or_is_changed(value in crate::hostile::text()) {
        check(&value);
    }

    #[test]
    fn no_two_values_act_together(first in crate::hostile::text(), second in crate::hostile::text()) {
        check_pair(&first, &second);
    }
}
