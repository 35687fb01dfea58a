//! The drafts of exceptions on the pages are the draft of the report, to the byte that matters.

use alertbook::{noise::yaml, report::Exception};

use super::{hostile, site};
use crate::support::{Words, report};

/// The lists of a YAML fence or file, read as JSON after the far planes' form is turned into it.
fn lists(text: &str) -> Vec<Vec<String>> {
    let starts = ["fields: [", "comps: [", "- ["];
    let lines = text.lines().filter_map(|line| {
        let inside = starts.iter().find_map(|start| line.trim_start().strip_prefix(start))?;
        inside.strip_suffix(']')
    });
    lines
        .map(|inside| {
            let json = far_planes(&format!("[{inside}]"));
            serde_json::from_str(&json).unwrap_or_else(|error| panic!("{error}: {json}"))
        })
        .collect()
}

/// `\U0001f600` as JSON writes it.
fn far_planes(text: &str) -> String {
    let mut parts = text.split("\\U");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let code = u32::from_str_radix(&part[..8], 16).expect("eight digits");
        let character = char::from_u32(code).expect("a character");
        out.push(character);
        out.push_str(&part[8..]);
    }
    out
}

/// Text of a page of HTML.
fn plain(html: &str) -> String {
    html.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

#[test]
fn a_draft_is_the_same_in_every_format() {
    for text in hostile::WORDS.iter().chain(&hostile::LONG) {
        let mut report = report(&Words::all(text));
        let condition = alertbook::falco::string(text).unwrap_or_else(|| "\"x\"".to_owned());
        let exception = Exception {
            name: "tune_01234567".to_owned(),
            fields: vec!["proc.pname".to_owned(), "proc.cmdline".to_owned()],
            comps: vec!["=".to_owned(), "startswith".to_owned()],
            values: vec![vec![condition.clone(), condition]],
        };
        report.noise.truncate(1);
        let draft = yaml(text, &exception);
        report.noise[0].draft = Some(draft.clone());
        report.noise[0].exception = Some(exception);
        let site = site(&report);
        let expected = lists(&draft);
        assert_eq!(expected.len(), 3);
        for path in ["noise.md", "rules/the-rule-01234567.md"] {
            let page = &site[path];
            // On the page of a rule the advice has a fence of its own before it.
            let fence = page.rsplit("```yaml\n- rule: ").next().expect("a draft");
            let body = fence.split("\n```").next().expect("an end");
            assert_eq!(lists(body), expected, "{path} {text:?}");
        }
        for path in ["noise.html", "rules/the-rule-01234567.html"] {
            assert!(plain(&site[path]).contains(&draft), "{path} {text:?}");
        }
    }
}
