//! Log text cannot break out of a page, a path, a cell or a terminal.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use pulldown_cmark::{Event, Options, Parser, Tag as Mark};

use crate::{
    markup::{Tag, tags, text},
    support::{corpus, files},
};

/// Values as someone on a host might choose them, a few of each kind.
const VALUES: &[&str] = &[
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</code></pre></td></table><h1>x</h1>",
    "\" onmouseover=\"alert(1)\" x=\"",
    "' onfocus='alert(1)",
    "x onmouseover=alert(1)",
    "javascript:alert(1)",
    "<svg/onload=alert(1)>",
    "</title></textarea><script>",
    "<base href=//evil.example><meta http-equiv=refresh content=0>",
    "&lt;script&gt; &amp;amp; &#60;b&#62;",
    "<!-- ",
    "--> <b>",
    "<![CDATA[ ]]>",
    "a | b | c",
    "\\| \\\\| |",
    "`code` ``two`` ```three",
    "~~~\n# heading\n```",
    "line\n\n# heading\n- item\n> quote\n---",
    "[link](javascript:alert(1))",
    "![beacon](http://evil.example/x.png)",
    "[ref]: http://evil.example",
    "http://evil.example/ www.evil.example a@evil.example",
    "@all #1 !2 GH-1 closes #3 deadbeefdeadbeef",
    "/close\n/assign @me",
    "**bold** __bold__ ~~gone~~ *i* _i_",
    "- [x] done",
    "[^1]: note",
    "$x^2$ $$y$$",
    "{{ 7*7 }} {% include 'x' %} {# c #}",
    "{{< x >}} {{{ y }}} <%= z %> ${w}",
    ":tada: :+1:",
    "---\ntitle: x\n---",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1",
    "\u{1b}[31mred\u{1b}[0m",
    "\u{1b}]8;;http://evil.example\u{7}x\u{1b}]8;;\u{7}",
    "\u{9b}2J",
    "a\rb",
    "\u{202e}txt.exe",
    "zero\u{200b}width\u{feff}",
    "tag\u{e0041}\u{e0042}",
    "nul\u{0}byte",
    "\u{f0000}\u{e000}\u{fdd0}",
    "a\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}b",
    "../../etc/passwd",
    "..",
    "/absolute",
    "C:\\con",
    "con",
    "nul.txt",
    "'; rm -rf /; '",
    "$(touch x) `touch x` & | ; > <",
    "--help",
    "-rf",
    "\" or 1=1",
    "key: [value, {a: b}] # c",
    "Subject: x\r\nBcc: y",
    "<details><summary>",
    "]]> {code} {noformat} '''x''' [[Category:x]] <nowiki>",
    "日本語 ünï ñ",
];

/// An alert with the value wherever a value can stand.
fn alert(number: usize, value: &str) -> String {
    let json = |text: &str| serde_json::to_string(text).expect("a string");
    let second = number % 60;
    let minute = number / 60;
    format!(
        r#"{{"hostname":{host},"output":{output},"priority":"Warning","rule":{rule},"source":{value},"tags":[{value},"shell"],"time":"2026-11-16T10:{minute:02}:{second:02}Z","output_fields":{{"proc.cmdline":{value},"proc.name":{value},"user.name":{value},"container.id":{value},"container.name":{value},"container.image.repository":{value},"k8s.ns.name":{value},"k8s.pod.name":{value},"fd.name":{value},{value}:{value}}}}}"#,
        host = json(&format!("host {number} {value}")),
        rule = json(&format!("rule {number} {value}")),
        output = json(&format!("10:{minute:02}:{second:02}.0: Warning {value}")),
        value = json(value),
    )
}

fn build(logs: &Path, out: &Path) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_alertbook"))
        .arg("build")
        .arg(logs)
        .arg("-o")
        .arg(out)
        .output()
        .expect("it runs");
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8(said).expect("text");
    assert!(output.status.success(), "{said}");
    said
}

/// The pages of a site with an extension, by path.
fn pages(site: &Path, extension: &str) -> BTreeMap<String, String> {
    files(site)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|known| known == extension))
        .map(|path| {
            let name = path.strip_prefix(site).expect("below").display().to_string();
            (name, fs::read_to_string(path).expect("text"))
        })
        .collect()
}

fn site_of(values: &[&str]) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let logs = folder.path().join("logs");
    fs::create_dir(&logs).expect("a folder");
    let lines: String =
        values.iter().enumerate().map(|(number, value)| alert(number, value) + "\n").collect();
    fs::write(logs.join("<img src=x>.log"), lines).expect("written");
    let said = build(&logs, &folder.path().join("site"));
    (folder, said)
}

/// What must hold of every site, whatever it was made of.
fn check_site(site: &Path) {
    for path in files(site) {
        let name = path.strip_prefix(site).expect("below").display().to_string();
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-./".contains(c);
        // The name of a week, and it alone, has a capital in it: weeks/2026-W47/…
        let name = match name.strip_prefix("weeks/") {
            Some(week) => {
                let (year, rest) = week.split_once("-W").expect("a year and a week");
                assert!(year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()), "{name}");
                rest
            }
            None => &name,
        };
        assert!(name.chars().all(plain), "{name}");
    }
    for (name, page) in pages(site, "html") {
        check_html(&name, &page);
    }
    for (name, page) in pages(site, "md") {
        check_markdown(&name, &page);
    }
    let csv = fs::read_to_string(site.join("incidents.csv")).expect("a table");
    let mut table = csv::ReaderBuilder::new().flexible(false).from_reader(csv.as_bytes());
    for row in table.records() {
        for cell in &row.expect("a row") {
            let first = cell.trim_start().chars().next();
            let number = cell.parse::<f64>().is_ok();
            assert!(number || !matches!(first, Some('=' | '+' | '-' | '@')), "{cell:?}");
        }
    }
    for file in ["report.json", "report.schema.json", "attack-layer.json"] {
        let text = fs::read_to_string(site.join(file)).expect("a file");
        serde_json::from_str::<serde_json::Value>(&text).expect("JSON");
    }
}

fn check_html(name: &str, page: &str) {
    const ADDRESSES: &[&str] = &["https://"];
    assert!(page.contains("Content-Security-Policy"), "{name}");
    for tag in tags(page) {
        for (attribute, value) in &tag.attributes {
            assert!(!attribute.starts_with("on"), "{name}: {tag:?}");
            assert_ne!(attribute, "style", "{name}: {tag:?}");
            if matches!(attribute.as_str(), "href" | "src") {
                let remote = value.contains(':') || value.starts_with("//");
                let allowed = ADDRESSES.iter().any(|address| value.starts_with(address));
                assert!(!remote || allowed && tag.name == "a", "{name}: {tag:?}");
            }
        }
        let foreign = ["iframe", "object", "embed", "form", "base", "img", "style", "math"];
        assert!(!foreign.contains(&tag.name.as_str()), "{name}: {tag:?}");
        if tag.name == "script" {
            assert_eq!(
                tag.attributes.iter().filter(|(name, _)| name == "src").count(),
                1,
                "{name}"
            );
        }
    }
    let hidden = |c: char| {
        (c.is_control() && !matches!(c, '\n' | '\t'))
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            || ('\u{e000}'..='\u{f8ff}').contains(&c)
    };
    assert!(!page.contains(hidden), "{name}: {:?}", page.chars().find(|c| hidden(*c)));
}

fn check_markdown(name: &str, page: &str) {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
    for event in Parser::new_ext(page, options) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => {
                for Tag { name: element, attributes } in tags(&html) {
                    let ours = ["details", "summary", "code", "br", "sub"];
                    assert!(ours.contains(&element.trim_start_matches('/')), "{name}: {html}");
                    assert!(attributes.is_empty(), "{name}: {html}");
                }
            }
            Event::Start(Mark::Image { .. }) => panic!("{name}: an image"),
            Event::Start(Mark::Link { dest_url, .. }) => {
                let remote = dest_url.contains(':') || dest_url.starts_with("//");
                assert!(!remote || dest_url.starts_with("https://"), "{name}: {dest_url}");
                assert!(!dest_url.contains("evil.example"), "{name}: {dest_url}");
            }
            Event::Start(Mark::Strikethrough) => panic!("{name}: struck text"),
            _ => {}
        }
    }
}

#[test]
fn hostile_values_stay_text_everywhere() {
    let (folder, said) = site_of(VALUES);
    check_site(&folder.path().join("site"));
    assert!(!said.contains(|c: char| c.is_control() && c != '\n'), "{said:?}");
    // Each value is shown on the page of its incident.
    let shown: Vec<String> =
        pages(&folder.path().join("site"), "html").values().map(|page| text(page)).collect();
    for value in ["<script>alert(1)</script>", "{{ 7*7 }} {% include 'x' %} {# c #}", "a | b | c"] {
        assert!(shown.iter().any(|page| page.contains(value)), "{value}");
    }
    assert!(shown.iter().any(|page| page.contains("⟦U+202E⟧txt.exe")));
}

#[test]
fn a_page_has_the_same_tags_whatever_its_values_are() {
    // Values that say what kind of thing they are change the advice: they are left out here.
    let values: Vec<_> = VALUES.iter().copied().filter(|value| !value.contains("->")).collect();
    let harmless: Vec<_> = (0..values.len()).map(|number| format!("value{number}")).collect();
    let harmless: Vec<_> = harmless.iter().map(String::as_str).collect();
    let (hostile, _) = site_of(&values);
    let (plain, _) = site_of(&harmless);
    let shape = |folder: &Path| -> BTreeMap<u64, Vec<String>> {
        let report = fs::read_to_string(folder.join("site/report.json")).expect("a report");
        let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
        let incidents = report["incidents"].as_array().expect("a list").iter();
        incidents
            .map(|incident| {
                let path = format!("site/{}.html", incident["path"].as_str().expect("a path"));
                let page = fs::read_to_string(folder.join(path)).expect("a page");
                let rule = incident["rule"].as_str().expect("a rule");
                let number = rule.split(' ').nth(1).expect("a number").parse().expect("a number");
                (number, tags(&page).into_iter().map(|tag| tag.name).collect())
            })
            .collect()
    };
    let (hostile, plain) = (shape(hostile.path()), shape(plain.path()));
    assert_eq!(hostile.len(), values.len());
    for (number, tags) in &hostile {
        let value = values[usize::try_from(*number).expect("a small number")];
        assert!(*tags == plain[number], "{value:?} changes the tags of its page");
    }
}

#[test]
fn the_hostile_corpus_stays_text() {
    let Some(logs) = corpus("hostile") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let site = folder.path().join("site");
    let said = build(&logs, &site);
    assert!(!said.contains(|c: char| c.is_control() && c != '\n'), "{said:?}");
    check_site(&site);
}
