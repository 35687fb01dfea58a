//! Filters and functions of the templates, beside those that Tera brings.

#![expect(clippy::needless_pass_by_value, reason = "Tera hands arguments over by value")]

mod blocks;
mod links;
mod words;

use chrono::format::{Item, StrftimeItems};
use tera::{Kwargs, State, Tera, TeraResult, Value};

pub use self::{blocks::register as register_blocks, words::are_words};
use crate::{
    priority::Priority,
    time::{Timestamp, Zone},
    wording,
};

/// Names of the filters, for messages about a name that is none.
pub const FILTERS: [&str; 18] = [
    "number",
    "plural",
    "time",
    "moment",
    "day",
    "clock",
    "span",
    "bytes",
    "mark",
    "class",
    "cut",
    "link",
    "file_link",
    "attack_link",
    "lines",
    "falco",
    "coded",
    "percent",
];
/// Names of the functions.
pub const FUNCTIONS: [&str; 5] =
    ["span_between", "block_bar", "block_sparkline", "block_hours", "block_marks"];

/// Registers what both engines have; links to pages end with `extension`.
pub fn register(engine: &mut Tera, extension: &'static str) {
    engine.register_filter("number", number);
    engine.register_filter("plural", plural);
    engine.register_filter("span", |secs: f64, _: Kwargs, _: &State| span(secs));
    engine.register_filter("bytes", |bytes: u64, _: Kwargs, _: &State| size(bytes));
    engine.register_filter("mark", |name: &str, _: Kwargs, _: &State| mark(name));
    engine.register_filter("class", |name: &str, _: Kwargs, _: &State| class(name));
    engine.register_filter("cut", words::cut);
    engine.register_filter("length", words::length);
    engine.register_filter("lines", words::lines);
    engine.register_filter("percent", words::percent);
    engine.register_filter("attack_link", links::attack_link);
    engine.register_filter("falco", |text: &str, _: Kwargs, _: &State| words::falco(text));
    engine.register_filter("link", move |path: &str, _: Kwargs, state: &State| {
        links::link(path, extension, state)
    });
    engine.register_filter("file_link", |path: &str, _: Kwargs, state: &State| {
        links::link(path, "", state)
    });
    let code = if extension == ".html" { ["<code>", "</code>"] } else { ["`", "`"] };
    let coded = words::Coded::new(code);
    engine.register_filter("coded", move |text: &str, _: Kwargs, state: &State| {
        coded.filled(text, state)
    });
    engine.register_filter("safe", refuse_safe);
    engine.register_function("span_between", span_between);
    register_zone(engine, Zone::UTC);
}

/// Registers what shows times, which depends on the report's zone.
pub fn register_zone(engine: &mut Tera, zone: Zone) {
    engine.register_filter("time", move |time: &str, _: Kwargs, _: &State| -> TeraResult<String> {
        Ok(zone.shown(timestamp(time)?))
    });
    for (name, format) in
        [("moment", "%a %-d %b, %H:%M"), ("day", "%Y-%m-%d"), ("clock", "%H:%M:%S")]
    {
        let format: Vec<Item<'_>> = StrftimeItems::new(format).collect();
        engine.register_filter(
            name,
            move |time: &str, _: Kwargs, _: &State| -> TeraResult<String> {
                Ok(zone.local(timestamp(time)?).format_with_items(format.iter()).to_string())
            },
        );
    }
}

fn refuse_safe(_: &Value, _: Kwargs, _: &State) -> TeraResult<String> {
    Err(tera::Error::message(super::engine::NO_SAFE))
}

fn timestamp(text: &str) -> TeraResult<Timestamp> {
    text.parse::<Timestamp>().map_err(|_| {
        tera::Error::message(format!("`{text}` is no time; times look like 2026-11-18T02:04:16Z"))
    })
}

fn number(value: &Value, _: Kwargs, _: &State) -> TeraResult<String> {
    if let Some(whole) = value.as_i128() {
        return Ok(grouped(whole));
    }
    let text = value.as_f64().map(|real| real.to_string());
    text.ok_or_else(|| tera::Error::message(format!("`{value}` is no number")))
}

/// A whole number with a comma between each three digits.
fn grouped(number: i128) -> String {
    let digits = wording::number(number.unsigned_abs());
    if number < 0 { format!("-{digits}") } else { digits }
}

fn plural(count: i128, kwargs: Kwargs, _: &State) -> TeraResult<String> {
    let word: &str = kwargs.must_get(if count == 1 { "one" } else { "many" })?;
    Ok(format!("{} {word}", grouped(count)))
}

/// A stretch of seconds in its two largest units; a negative one is none.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a stretch of time fits, and is shown whole"
)]
fn span(secs: f64) -> String {
    wording::span(secs.max(0.0).round() as u64)
}

fn size(bytes: u64) -> String {
    let units = ["KiB", "MiB", "GiB", "TiB"];
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    let power = (bytes.ilog2() / 10).min(4);
    let tenths = u128::from(bytes) * 10 / (1_u128 << (10 * power));
    format!("{}.{} {}", tenths / 10, tenths % 10, units[power as usize - 1])
}

fn mark(name: &str) -> &'static str {
    match class(name) {
        "critical" => "◆",
        "error" => "▲",
        "warning" => "●",
        "notice" => "○",
        _ => "·",
    }
}

fn class(name: &str) -> &'static str {
    match Priority::parse(name) {
        Some(Priority::Emergency | Priority::Alert | Priority::Critical) => "critical",
        Some(Priority::Error) => "error",
        Some(Priority::Warning) => "warning",
        Some(Priority::Notice) => "notice",
        Some(Priority::Informational | Priority::Debug) | None => "info",
    }
}

fn span_between(kwargs: Kwargs, _: &State) -> TeraResult<i64> {
    let from = timestamp(kwargs.must_get("from")?)?;
    let to = timestamp(kwargs.must_get("to")?)?;
    Ok(to.secs - from.secs)
}

#[cfg(test)]
mod tests {
    use tera::Context;

    use super::*;

    fn shown(template: &str) -> String {
        let mut engine = Tera::default();
        register(&mut engine, ".html");
        register_blocks(&mut engine);
        engine.add_raw_template("x", template).expect("the template parses");
        engine.render("x", &Context::new()).expect("the template renders")
    }

    #[test]
    fn every_filter_reads_as_promised() {
        for (template, expected) in [
            (
                "{{ 1234567 | number }} {{ -1234 | number }} {{ 12.5 | number }} {{ 999 | number }}",
                "1,234,567 -1,234 12.5 999",
            ),
            ("{{ 1 | plural(one='alert', many='alerts') }}", "1 alert"),
            ("{{ 2310 | plural(one='alert', many='alerts') }}", "2,310 alerts"),
            ("{{ '2026-11-18T02:04:16.5Z' | time }}", "2026-11-18 02:04:16"),
            ("{{ '2026-11-18T02:04:16Z' | moment }}", "Wed 18 Nov, 02:04"),
            (
                "{{ '2026-11-18T02:04:16Z' | day }} {{ '2026-11-18T02:04:16Z' | clock }}",
                "2026-11-18 02:04:16",
            ),
            (
                "{{ 43 | span }}, {{ 725 | span }}, {{ 11040 | span }}, {{ 273600 | span }}",
                "43 s, 12 min, 3 h 4 min, 3 d 4 h",
            ),
            (
                "{{ 12 | bytes }}, {{ 1258291 | bytes }}, {{ 1048575 | bytes }}",
                "12 B, 1.1 MiB, 1023.9 KiB",
            ),
            (
                "{{ 'Alert' | mark }}{{ 'Error' | mark }}{{ 'Debug' | mark }} {{ 'x' | class }}",
                "◆▲· info",
            ),
            ("{{ 'äbcd' | cut(length=2) }} {{ 'ab' | cut(length=2) }}", "äb… ab"),
            (
                "{{ 'rules/a-1' | link }} {{ 'javascript:x' | link }} {{ '../x' | link }}",
                "rules/a-1.html # #",
            ),
            (
                "{{ 'https://attack.mitre.org/techniques/T1059/004' | attack_link }} {{ 'https://x' | attack_link }}",
                "https://attack.mitre.org/techniques/T1059/004 #",
            ),
            ("{{ span_between(from='2026-11-18T02:04:16Z', to='2026-11-18T03:04:17Z') }}", "3601"),
            (
                "{{ block_bar(value=5, max=10) }} {{ block_bar(value=0, max=0) }} {{ block_bar(value=1, max=1000) }}",
                "██████ · ▏",
            ),
            ("{{ block_sparkline(values=[0, 1, 4, 8]) }}", "·▁▄█"),
            ("{{ block_marks(places=[1, 3], of=9) }}|", " ^ ^|"),
            ("{{ block_hours(hours='0-2,3,27-28', within='0-29', total=36) }}", "█▃······ ·▆░░"),
            ("{% for line in 'a\nb' | lines %}[{{ line }}]{% endfor %}", "[a][b]"),
        ] {
            assert_eq!(shown(template), expected, "{template}");
        }
    }

    #[test]
    fn words_between_back_quotes_are_code_and_escaped() {
        assert_eq!(
            shown("{{ '`<NA>` or <b>; `x' | coded }}"),
            "<code>&lt;NA&gt;</code> or &lt;b&gt;; <code>x</code>"
        );
    }

    #[test]
    fn the_document_tells_of_every_filter_and_function() {
        let document = include_str!("../../templates/README.md");
        for name in FILTERS.iter().chain(&FUNCTIONS) {
            let told = [format!("`{name}`"), format!("`{name}(")]
                .iter()
                .any(|told| document.contains(told));
            assert!(told, "{name}");
        }
    }
}
