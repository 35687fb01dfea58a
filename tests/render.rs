//! Pages as a whole: what they hold, and that no text of a log changes their structure.

mod support;

use std::{collections::BTreeMap, sync::Mutex};

use alertbook::{
    render::{Engine, Formats, Page, Sources, pages},
    report::Report,
};
use support::{Words, report};

fn engine() -> Engine {
    let partials = [("_evidence.md".to_owned(), "- [ ] Keep `{{ pod }}`.\n".to_owned())].into();
    Engine::new(&Sources { partials, ..Sources::default() }).expect("the built-in templates parse")
}

fn site(report: &Report) -> BTreeMap<String, String> {
    let made = Mutex::new(BTreeMap::new());
    let emit = |page: Page| {
        let text = String::from_utf8(page.bytes).expect("pages are UTF-8");
        let before = made.lock().expect("no panic").insert(page.path.clone(), text);
        assert!(before.is_none(), "{} was made twice", page.path);
        Ok(())
    };
    pages(report, &engine(), Formats::ALL, &emit).expect("every page can be made");
    made.into_inner().expect("no panic")
}

#[test]
fn every_page_of_the_site_is_made() {
    let site = site(&report(&Words::plain()));
    let mut expected = vec![
        "report.json",
        "report.schema.json",
        "incidents.csv",
        "attack-layer.json",
        "feed.xml",
        "static/style.css",
        "static/site.js",
    ]
    .into_iter()
    .map(str::to_owned)
    .collect::<Vec<_>>();
    for page in [
        "index",
        "data-quality",
        "incidents/index",
        "rules/index",
        "hosts/index",
        "incidents/the-rule-01234567/the-host-01234567",
        "incidents/the-rule-01234567/db-2-01234567",
        "rules/the-rule-01234567",
        "hosts/the-host-01234567",
    ] {
        expected.extend([format!("{page}.html"), format!("{page}.md")]);
    }
    for page in &expected {
        assert!(site.contains_key(page), "{page} is missing");
    }
    assert_eq!(site.len(), expected.len() + 2, "{:?}", site.keys());
}

#[test]
fn no_text_of_a_log_changes_the_structure_of_a_page() {
    let plain = site(&report(&Words::plain()));
    for text in hostile::WORDS.iter().copied().chain(hostile::LONG) {
        let hostile = site(&report(&Words::all(text)));
        assert_eq!(plain.len(), hostile.len(), "{text:?}");
        for (path, page) in &hostile {
            if path.ends_with(".html") || path.ends_with(".xml") {
                assert_eq!(html::tags(page), html::tags(&plain[path]), "{path} with {text:?}");
            } else if path.ends_with(".md") {
                assert_eq!(
                    markdown::tags(page),
                    markdown::tags(&plain[path]),
                    "{path} with {text:?}"
                );
            }
        }
    }
}

/// Text that whoever is on a host may choose.
mod hostile {
    use proptest::prelude::*;

    /// Each is of use somewhere.
    pub const WORDS: [&str; 36] = [
        "<script>",
        "</code>",
        "<!--",
        "-->",
        "]]>",
        "](javascript:x)",
        "[a](b)",
        "[a]: b",
        "![x](y)",
        "@user",
        "a@b.example",
        "#1",
        "GH-1",
        ":smile:",
        "www.evil.example",
        "https://evil.example/",
        "{{ 7*7 }}",
        "{% x %}",
        "{{< x >}}",
        "`",
        "```",
        "~~~",
        "|",
        "\\|",
        "\\",
        "- a",
        "1. a",
        "> a",
        "# a",
        "---",
        "===",
        "    a",
        "$(touch pwned)",
        "\u{202e}",
        "\u{e100}\u{e041}\u{e101}",
        "*a*",
    ];

    /// Together they are worse.
    pub const LONG: [&str; 3] = [
        "a\n\n```\n</details></td></table>\n\n# x\n| a | b |\n",
        "'; touch pwned; '\"; touch pwned; \"`touch pwned`$(touch pwned)",
        "a | b `c` | @d \\| ``e`` {{f}} <g>",
    ];

    const ALPHABET: &str = "<>&\"'`|\\[](){}#*_~@!/=+-%$:;.,\n\r\t 0aé\u{200b}\u{2066}";

    pub fn text() -> impl Strategy<Value = String> {
        let letters: Vec<_> = ALPHABET.chars().map(String::from).collect();
        let words: Vec<_> = WORDS.iter().map(|word| (*word).to_owned()).collect();
        let piece =
            prop_oneof![3 => prop::sample::select(letters), 1 => prop::sample::select(words)];
        prop::collection::vec(piece, 1..10).prop_map(|pieces| pieces.concat())
    }
}

/// Reads Markdown back.
mod markdown {
    use std::collections::BTreeMap;

    use alertbook::render::{
        markdown::{gfm, html},
        seal::seal,
        text::{Breaks, visible},
    };
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag};

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
                    for (tag, count) in super::html::tags(&html) {
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
        let fill =
            |before: &str, value: &str, after: &str| format!("{before}{}{after}", seal(value));
        for (before, after, readable) in PLACES {
            let sealed = fill(before, value, after);
            let plain = fill(before, "aaaa", after);
            let (written, expected) = (gfm::write(&sealed), gfm::write(&plain));
            assert_eq!(
                tags(&written),
                tags(&expected),
                "{value:?} in {before}…{after} is {written}"
            );
            if readable {
                let shown = text(&expected).replace("aaaa", &visible(value, Breaks::Mark));
                assert_eq!(text(&written), shown, "{value:?} in {before}…{after} is {written}");
            }
            let (page, expected) = (html::write(&sealed), html::write(&plain));
            assert_eq!(
                super::html::tags(&page),
                super::html::tags(&expected),
                "{value:?} in {before}…{after} is {page}"
            );
            if readable {
                let shown =
                    super::html::text(&expected).replace("aaaa", &visible(value, Breaks::Mark));
                assert_eq!(
                    super::html::text(&page),
                    shown,
                    "{value:?} in {before}…{after} is {page}"
                );
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

    #[test]
    fn known_traps_hold_nothing() {
        for value in super::hostile::WORDS.iter().chain(&super::hostile::LONG) {
            check(value);
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
                Event::End(pulldown_cmark::TagEnd::CodeBlock) => depth -= 1,
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
        fn no_value_changes_structure_or_is_changed(value in super::hostile::text()) {
            check(&value);
        }
    }
}

/// Reads HTML back, as far as our own needs it.
mod html {
    use std::collections::BTreeMap;

    /// How often each tag occurs, with the names of its attributes.
    pub fn tags(html: &str) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for tag in html.split('<').skip(1) {
            let tag = tag.split('>').next().unwrap_or(tag);
            let mut name = String::new();
            for (index, part) in tag.split('"').enumerate() {
                name.push_str(if index % 2 == 0 { part } else { "…" });
            }
            *counts.entry(name).or_default() += 1;
        }
        counts
    }

    pub fn text(html: &str) -> String {
        let mut out = String::new();
        for (index, part) in html.split('<').enumerate() {
            out.push_str(if index == 0 {
                part
            } else {
                part.split_once('>').map_or("", |(_, text)| text)
            });
        }
        out.replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&amp;", "&")
    }
}
