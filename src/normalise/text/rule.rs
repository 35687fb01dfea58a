//! Which rule an alert in text comes from, found by how its message begins.

use std::{borrow::Cow, sync::LazyLock};

use serde::Deserialize;

use super::SENSOR;
use crate::{alert::RuleFrom, bundled, priority::Priority};

/// Characters of a message's start that name a group.
const LONGEST: usize = 80;

/// The name of the group of messages without a constant start.
const NAMELESS: &str = "(text alert without a rule)";

#[derive(Deserialize)]
struct Catalogue {
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
struct Rule {
    name: String,
    source: String,
    priority: String,
    message_prefixes: Vec<String>,
}

/// Bytes that the beginning of a message has at least.
const SHORTEST: usize = 8;

/// A beginning of messages and the rules that have it.
struct Prefix {
    text: String,
    rules: Vec<usize>,
    /// The longest other beginning that this one begins with.
    within: Option<usize>,
}

struct Index {
    rules: Vec<Rule>,
    /// Ordered by text.
    prefixes: Vec<Prefix>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let catalogue: Catalogue =
        serde_json::from_str(bundled::FALCO_RULES).expect("a test reads the catalogue");
    Index::new(catalogue.rules)
});

/// The rule of a message, how it was found, and the rule's source where it is one of Falco's.
pub fn of<'m>(
    message: &str,
    priority: Option<Priority>,
) -> (Cow<'m, str>, RuleFrom, Option<&'static str>) {
    if let Some(rest) = message.strip_prefix(SENSOR) {
        let name = rest.split(['.', '(', ':']).next().unwrap_or("").trim();
        return (format!("{SENSOR}{name}").into(), RuleFrom::Record, None);
    }
    match INDEX.find(message, priority) {
        Some(rule) => (rule.name.as_str().into(), RuleFrom::MessagePrefix, Some(&rule.source)),
        None => (constant_start(message).into(), RuleFrom::MessageStart, None),
    }
}

/// Whether one of Falco's rules has this name.
pub fn is_falcos(name: &str) -> bool {
    INDEX.rules.iter().any(|rule| rule.name == name)
}

/// Where a message that begins as one of Falco's does turns into something else.
pub fn begun(message: &str) -> Option<usize> {
    Some(INDEX.common(message)).filter(|length| *length >= SHORTEST)
}

impl Index {
    fn new(rules: Vec<Rule>) -> Self {
        let mut all: Vec<(&str, usize)> = (0..)
            .zip(&rules)
            .flat_map(|(at, rule)| rule.message_prefixes.iter().map(move |text| (text.trim(), at)))
            .filter(|(text, _)| text.len() >= SHORTEST && !text.ends_with('='))
            .collect();
        all.sort_unstable();
        let mut prefixes: Vec<Prefix> = Vec::new();
        for (text, rule) in all {
            if let Some(last) = prefixes.last_mut().filter(|last| last.text == text) {
                last.rules.push(rule);
            } else {
                let within = prefixes.iter().rposition(|before| text.starts_with(&before.text));
                prefixes.push(Prefix { text: text.into(), rules: vec![rule], within });
            }
        }
        Self { rules, prefixes }
    }

    /// The rule with the longest beginning that fits; none where several rules share it.
    fn find(&self, message: &str, priority: Option<Priority>) -> Option<&Rule> {
        // What fits comes before the message in order, the longest last but for what only looks
        // alike; and whatever else fits is a beginning of that.
        let before = self.prefixes.partition_point(|prefix| prefix.text.as_str() <= message);
        let mut at = before.checked_sub(1);
        while let Some(prefix) = at.map(|at| &self.prefixes[at]) {
            if fits(message, &prefix.text) {
                return self.only(&prefix.rules, priority);
            }
            at = prefix.within;
        }
        None
    }

    /// Bytes that a message has in common with the beginning that is most like it.
    fn common(&self, message: &str) -> usize {
        let at = self.prefixes.partition_point(|prefix| prefix.text.as_str() <= message);
        let near = &self.prefixes[at.saturating_sub(1)..self.prefixes.len().min(at + 1)];
        let common = |prefix: &Prefix| {
            let pairs = prefix.text.bytes().zip(message.bytes());
            pairs.take_while(|(theirs, ours)| theirs == ours).count()
        };
        near.iter().map(common).max().unwrap_or(0)
    }

    fn only(&self, rules: &[usize], priority: Option<Priority>) -> Option<&Rule> {
        if let [only] = rules {
            return Some(&self.rules[*only]);
        }
        let named = |rule: &&Rule| priority.is_some_and(|known| known.name() == rule.priority);
        let mut same = rules.iter().map(|rule| &self.rules[*rule]).filter(named);
        same.next().filter(|_| same.next().is_none())
    }
}

/// Whether a message begins with a text, and not with a longer word.
fn fits(message: &str, start: &str) -> bool {
    message
        .strip_prefix(start)
        .is_some_and(|rest| !rest.starts_with(|next: char| next.is_alphanumeric()))
}

/// The words of a message before the first value.
fn constant_start(message: &str) -> String {
    let end = message.find(['(', '|', '=', '{', '[', '"', '\'', '<']).unwrap_or(message.len());
    let (mut start, rest) = message.split_at(end);
    if rest.starts_with('=') {
        // The word before it is the value's name.
        start = start.rfind(' ').map_or("", |blank| &start[..blank]);
    }
    // `K8s` and `S3` are words, an address or an id is not.
    let constant = |word: &&str| {
        let digit = word.bytes().any(|byte| byte.is_ascii_digit());
        !word.starts_with(['/', '%', '-'])
            && !(digit && (word.len() > 4 || word.starts_with(|c: char| c.is_ascii_digit())))
    };
    let words: Vec<&str> = start.split_whitespace().take_while(constant).collect();
    let text = words.join(" ");
    let short: String = text.chars().take(LONGEST).collect();
    let short = short.trim_end_matches([' ', ':', ',', '.', '-']);
    match short {
        "" => first_keys(message),
        short => short.into(),
    }
}

/// `evt=… user=… ip=…`: what a message that begins with a value is told by.
fn first_keys(message: &str) -> String {
    const KEYS: usize = 3;
    let words = message.split([' ', '(', ',']);
    let keys = words.filter_map(|word| word.split_once('=')).map(|(key, _)| key);
    let is_key = |key: &&str| {
        let letters = |c: char| c.is_ascii_alphanumeric() || "_.".contains(c);
        (1..=24).contains(&key.len()) && key.chars().all(letters)
    };
    let keys: Vec<String> = keys.filter(is_key).take(KEYS).map(|key| format!("{key}=…")).collect();
    if keys.is_empty() { NAMELESS.into() } else { keys.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn falcos_rules_are_found_by_the_start_of_their_messages() {
        let source = ["syscall", "k8s_audit"].map(Some);
        for (message, rule, from) in [
            (
                "A shell was spawned in a container with an attached terminal | evt_type=execve",
                "Terminal shell in container",
                source[0],
            ),
            ("K8s Deployment Created (user=a", "K8s Deployment Created", source[1]),
            ("K8s Role Created (user=a", "K8s Role Created", source[1]),
        ] {
            let expected = (Cow::Borrowed(rule), RuleFrom::MessagePrefix, from);
            assert_eq!(of(message, None), expected, "{message}");
        }
    }

    #[test]
    fn every_beginning_that_one_rule_has_finds_it() {
        for rule in &INDEX.rules {
            for prefix in &rule.message_prefixes {
                if let Some(found) = INDEX.find(prefix, Priority::parse(&rule.priority)) {
                    let has = |text: &String| prefix.starts_with(text.trim());
                    assert!(found.message_prefixes.iter().any(has), "{prefix}");
                }
            }
        }
    }

    #[test]
    fn a_beginning_that_several_rules_share_finds_none() {
        let message = "One or more secrets were pushed into a private repository (repo=a)";
        assert_eq!(INDEX.find(message, Some(Priority::Critical)).map(|rule| &rule.name), None);
    }

    #[test]
    fn other_rules_are_named_by_their_messages_start() {
        for (message, start) in [
            (
                "Falco Custom: File write in /usr/local/bin (container=x)",
                "Falco Custom: File write in",
            ),
            ("exec evt_type=execve user=root", "exec"),
            ("evt=user.authentication.sso user=a", "evt=… user=…"),
            ("The wallet bc1qfp sent 9.1 BTC", "The wallet"),
            ("Shell in pod: user=a", "Shell in pod"),
            ("K8s Role CreatedTwice", "K8s Role CreatedTwice"),
            ("", NAMELESS),
        ] {
            let (name, from, _) = of(message, None);
            assert_eq!((name.as_ref(), from), (start, RuleFrom::MessageStart), "{message}");
        }
        let long = "word ".repeat(40);
        assert_eq!(of(&long, None).0.len(), 79);
    }

    #[test]
    fn falcos_own_messages_name_themselves() {
        let message = "Falco internal: syscall event drop. 1 system calls dropped.(n_drops=1)";
        assert_eq!(of(message, None).0, "Falco internal: syscall event drop");
    }
}
