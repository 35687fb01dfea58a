//! The incidents as CSV (RFC 4180): for spreadsheets, which run what looks like a formula.

use std::fmt::Write as _;

use super::text::{Breaks, visible};
use crate::report::Incident;

const COLUMNS: [&str; 19] = [
    "id",
    "rule",
    "host",
    "priority",
    "alerts",
    "episodes",
    "first_seen",
    "last_seen",
    "state",
    "tags",
    "mitigation",
    "namespaces",
    "pods",
    "containers",
    "images",
    "owner",
    "verdict",
    "ticket",
    "fleet_wide",
];

/// The first line of `incidents.csv`. Every field is quoted, but numbers that we computed.
pub fn head() -> String {
    let mut out = String::new();
    for column in COLUMNS {
        field(&mut out, column);
    }
    end(&mut out);
    out
}

/// Adds the line of an incident.
pub fn line(out: &mut String, incident: &Incident) {
    let seen = &incident.seen;
    for text in [&incident.id, &incident.rule, &incident.host] {
        field(out, text);
    }
    field(out, incident.priority.name());
    // Writing to a String cannot fail.
    let _ = write!(out, "{},{},", incident.count, incident.episode_count);
    field(out, &incident.first_seen.to_string());
    field(out, &incident.last_seen.to_string());
    field(out, incident.state);
    field(out, &incident.tags.join("; "));
    field(out, &incident.mitigation.title);
    for list in [&seen.namespaces, &seen.pods, &seen.containers, &seen.images] {
        field(out, &list.join("; "));
    }
    // Empty where no one has said it.
    let verdict = incident.verdict.as_ref();
    let expired = verdict.is_some_and(|verdict| verdict.expired);
    let word = verdict.map_or("", |verdict| &verdict.verdict);
    field(out, incident.owner.as_deref().unwrap_or_default());
    field(out, &[word, if expired { ", expired" } else { "" }].concat());
    field(out, verdict.and_then(|verdict| verdict.ticket.as_deref()).unwrap_or_default());
    field(out, if incident.fleet_wide.is_some() { "yes" } else { "no" });
    end(out);
}

/// Adds a quoted field; a quote before it if a spreadsheet could take it for a formula.
fn field(out: &mut String, text: &str) {
    let start = text.trim_start_matches([' ', '\u{a0}', '\u{3000}']).chars().next();
    let formula = matches!(
        start,
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\0' | '＝' | '＋' | '－' | '＠')
    );
    out.push_str(if formula { "\"'" } else { "\"" });
    for (index, part) in visible(text, Breaks::Mark).split('"').enumerate() {
        out.push_str(if index == 0 { "" } else { "\"\"" });
        out.push_str(part);
    }
    out.push_str("\",");
}

/// Ends a line: there is no field behind the last comma.
fn end(out: &mut String) {
    out.pop();
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_text() {
        for (text, expected) in [
            ("web-01", "\"web-01\""),
            ("=1+1", "\"'=1+1\""),
            ("  @x", "\"'  @x\""),
            ("＝x", "\"'＝x\""),
            ("a\"b\nc", "\"a\"\"b ⏎ c\""),
            ("\t=x", "\"' =x\""),
            ("", "\"\""),
        ] {
            let mut out = String::new();
            field(&mut out, text);
            assert_eq!(out, format!("{expected},"), "{text:?}");
        }
    }
}
