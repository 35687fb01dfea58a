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
    for (index, column) in COLUMNS.iter().enumerate() {
        out.push_str(if index == 0 { "" } else { "," });
        out.push_str(&field(column));
    }
    out.push_str("\r\n");
    out
}

/// The line of an incident.
pub fn line(incident: &Incident) -> String {
    let mut out = String::new();
    let seen = &incident.seen;
    let words = [&incident.id, &incident.rule, &incident.host].map(|text| field(text));
    let lists: [&[String]; 5] =
        [&incident.tags, &seen.namespaces, &seen.pods, &seen.containers, &seen.images];
    let [tags, namespaces, pods, containers, images] = lists.map(|list| field(&list.join("; ")));
    let people = people(incident).map(|text| field(&text)).join(",");
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        "{},{},{},{},{},{},{},{tags},{},{namespaces},{pods},{containers},{images},{people},{}\r\n",
        words.join(","),
        field(incident.priority.name()),
        incident.count,
        incident.episode_count,
        field(&incident.first_seen.to_string()),
        field(&incident.last_seen.to_string()),
        field(&incident.state),
        field(&incident.mitigation.title),
        field(if incident.fleet_wide.is_some() { "yes" } else { "no" }),
    );
    out
}

/// Owner, verdict and ticket, each empty where no one has said it.
fn people(incident: &Incident) -> [String; 3] {
    let verdict = incident.verdict.as_ref();
    let word = verdict.map(|verdict| {
        format!("{}{}", verdict.verdict, if verdict.expired { ", expired" } else { "" })
    });
    let ticket = verdict.and_then(|verdict| verdict.ticket.clone());
    [incident.owner.clone(), word, ticket].map(Option::unwrap_or_default)
}

/// A quoted field; a quote before it if a spreadsheet could take it for a formula.
fn field(text: &str) -> String {
    let start = text.trim_start_matches([' ', '\u{a0}', '\u{3000}']).chars().next();
    let formula = matches!(
        start,
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\0' | '＝' | '＋' | '－' | '＠')
    );
    let text = visible(text, Breaks::Mark).replace('"', "\"\"");
    format!("\"{}{text}\"", if formula { "'" } else { "" })
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
            assert_eq!(field(text), expected, "{text:?}");
        }
    }
}
