//! `brief.txt`: plain text for a chat, a mail or a terminal.
//!
//! Whoever is on a host chooses what stands in its alerts, and chats and mail programs make links and
//! mentions of text. A word that could be either stands between back quotes, which chats take for
//! code, and the sign that would make it one stands in brackets.

use std::fmt::Write as _;

use super::{Brief, BriefAction, BriefList};
use crate::{
    render::{
        filters,
        markdown::{code, prose},
        text::{Breaks, visible},
    },
    wording::{count, number},
};

/// Signs that make a link or a mention, and how they are written.
const DEFUSED: [(&str, &str); 5] =
    [("://", "[:]//"), ("www.", "www[.]"), ("@", "[@]"), ("<!", "<[!]"), ("<#", "<[#]")];

/// The brief as plain text.
pub fn text(brief: &Brief<'_>) -> String {
    let mut out = String::new();
    head(&mut out, brief);
    since(&mut out, brief);
    attention(&mut out, brief);
    numbers(&mut out, brief);
    actions(&mut out, brief);
    limits(&mut out, brief);
    if let Some(index) = &brief.index {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "\nThe report: {}{index}", brief.site.root);
    }
    out
}

fn head(out: &mut String, brief: &Brief<'_>) {
    // The title and the mark are the user's own words.
    let _ = writeln!(out, "{}", visible(&brief.title, Breaks::Mark));
    let tlp = brief.tlp.as_ref().map(|tlp| format!("{} - ", visible(tlp, Breaks::Mark)));
    let tlp = tlp.unwrap_or_default();
    let _ = writeln!(out, "{tlp}{}\n", value(&brief.scope));
    let summary: Vec<_> = brief.summary.iter().map(|sentence| value(sentence)).collect();
    let more = more(brief.more_sentences as u64, "more sentence", "more sentences");
    let _ = writeln!(
        out,
        "{}{}",
        summary.join(" "),
        more.map_or_else(String::new, |more| format!(" ({more})"))
    );
}

fn since(out: &mut String, brief: &Brief<'_>) {
    let Some(changes) = &brief.changes else {
        if let Some(why) = &brief.no_changes {
            let _ = writeln!(out, "\n{}", value(why));
        }
        return;
    };
    let days = changes.same_days.map_or_else(String::new, |days| format!(", {days} of both"));
    let _ = writeln!(out, "\n{} SINCE {}{days}", changes.week, changes.last_week);
    if let Some(warning) = &changes.warning {
        let _ = writeln!(out, "With care: {}", value(warning));
    }
    for list in &changes.lists {
        let _ = writeln!(out, "{}", changed(list));
    }
}

fn changed(list: &BriefList<'_>) -> String {
    let mut rows: Vec<_> = list
        .rows
        .iter()
        .map(|row| {
            let what = match (&row.rule, &row.host) {
                (Some(rule), Some(host)) => format!("{} on {}", value(rule), value(host)),
                (Some(rule), None) => format!("rule {}", value(rule)),
                (None, host) => format!("host {}", value(host.as_deref().unwrap_or_default())),
            };
            format!("{what}, {}", row.counts)
        })
        .collect();
    if !rows.is_empty() && list.more > 0 {
        rows.push(format!("and {} more", number(list.more as u64)));
    }
    let colon = if rows.is_empty() { "" } else { ": " };
    format!("{} ({}){colon}{}", capital(list.word), number(list.count as u64), rows.join("; "))
}

fn attention(out: &mut String, brief: &Brief<'_>) {
    out.push_str("\nNEEDS ATTENTION\n");
    for (at, line) in brief.attention.iter().enumerate() {
        let (rule, host) = (value(&line.rule), value(&line.host));
        let _ = writeln!(
            out,
            "{}. {}: {rule} on {host}, {}",
            at + 1,
            line.priority,
            value(&line.facts)
        );
        if let Some(page) = &line.page {
            let _ = writeln!(out, "   {}{page}", brief.site.root);
        }
    }
    match more(brief.more_attention as u64, "more incident", "more incidents") {
        Some(more) => out.push_str(&(more + ".\n")),
        None if brief.attention.is_empty() => out.push_str("No incident is open.\n"),
        None => {}
    }
    if brief.suppressed > 0 {
        let left_out = count(brief.suppressed, "incident", "incidents");
        let _ = writeln!(out, "Left out: {left_out}, suppressed by verdicts.");
    }
}

fn numbers(out: &mut String, brief: &Brief<'_>) {
    if brief.numbers.is_empty() {
        return;
    }
    let compared = brief.changes.is_some();
    out.push_str(if compared { "\nNUMBERS (before)\n" } else { "\nINCIDENTS BY PRIORITY\n" });
    let mut all: Vec<_> = brief
        .numbers
        .iter()
        .map(|total| {
            let before =
                total.last_week.map_or_else(String::new, |before| format!(" ({})", number(before)));
            format!("{} {}{before}", total.name, number(total.this_week))
        })
        .collect();
    if brief.more_numbers > 0 {
        all.push(format!("and {} more", brief.more_numbers));
    }
    let _ = writeln!(out, "{}", all.join("; "));
}

fn actions(out: &mut String, brief: &Brief<'_>) {
    let more = more(brief.more_actions, "more action", "more actions");
    if brief.actions.is_empty() && more.is_none() {
        return;
    }
    out.push_str("\nOPEN ACTIONS\n");
    for line in &brief.actions {
        let _ =
            writeln!(out, "- {}: {}", coded(line), count(line.incidents, "incident", "incidents"));
    }
    out.extend(more.map(|more| more + ".\n"));
}

fn limits(out: &mut String, brief: &Brief<'_>) {
    let more = more(brief.more_limits as u64, "more limit", "more limits");
    if brief.limits.is_empty() && more.is_none() {
        return;
    }
    out.push_str("\nLIMITS OF THE DATA\n");
    for limit in &brief.limits {
        let _ = writeln!(out, "- {}", value(limit));
    }
    out.extend(more.map(|more| more + ".\n"));
}

/// `And 3 more incidents`
fn more(left: u64, one: &str, many: &str) -> Option<String> {
    (left > 0).then(|| format!("And {}", count(left, one, many)))
}

/// An action, in which words between back quotes are code.
fn coded(line: &BriefAction) -> String {
    let parts = line.action.split('`').enumerate().map(|(at, part)| {
        if at % 2 == 1 {
            return code::span(&defused(part));
        }
        if filters::are_words(part, at == 0) {
            return part.to_owned();
        }
        let words = part.trim_matches(' ');
        let before = &part[..part.len() - part.trim_start_matches(' ').len()];
        let after = if words.is_empty() { "" } else { &part[part.trim_end_matches(' ').len()..] };
        format!("{before}{}{after}", value(words))
    });
    parts.collect()
}

/// Text that may hold anything, on one line.
fn value(text: &str) -> String {
    let text = visible(text, Breaks::Mark);
    prose::joined(&prose::runs(&text), |inert| code::span(&defused(inert)))
}

fn defused(text: &str) -> String {
    let text = visible(text, Breaks::Mark).into_owned();
    DEFUSED.iter().fold(text, |text, (sign, written)| text.replace(sign, written))
}

fn capital(word: &str) -> String {
    let (first, rest) = word.split_at(1.min(word.len()));
    first.to_uppercase() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_is_a_link_or_a_mention() {
        for (text, expected) in [
            ("Terminal shell in container", "Terminal shell in container"),
            ("node-07", "node-07"),
            ("@here", "`[@]here`"),
            ("<!channel>", "`<[!]channel>`"),
            ("see https://evil.example/x now", "see `https[:]//evil.example/x` now"),
            ("www.evil.example", "`www[.]evil.example`"),
            ("a\u{202e}b\u{1b}[31m", "`a⟦U+202E⟧b⟦U+001B⟧[31m`"),
            ("a\nb", "a ⏎ b"),
            ("*b* `c`", "`` *b* `c` ``"),
        ] {
            assert_eq!(value(text), expected, "{text:?}");
        }
    }

    #[test]
    fn code_in_an_action_stays_code() {
        let line = |action: &str| BriefAction { action: action.to_owned(), incidents: 1 };
        assert_eq!(
            coded(&line("Take `x@y` out of `z`, then look")),
            "Take `x[@]y` out of `z`, then look"
        );
        assert_eq!(coded(&line("Look at @all")), "Look at `[@]all`");
        // One that was cut in its code.
        assert_eq!(coded(&line("Take `x…")), "Take `x…`");
    }
}
