//! Every option in a command is one that the tool has.
//!
//! `options.txt` lists, a line for each command and subcommand, the options that the tool's own
//! help names.

use std::collections::{BTreeMap, BTreeSet};

use alertbook::bundled::MITIGATIONS;

const OPTIONS: &str = include_str!("options.txt");

/// Tools of which an option is looked up with the subcommand before it.
const WITH_SUBCOMMANDS: &[&str] = &["kubectl", "docker", "aws", "gcloud", "gh"];

fn known() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let lines = OPTIONS.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines
        .map(|line| {
            let (command, options) = line.split_once(':').expect("a command and its options");
            (command, options.split_whitespace().collect())
        })
        .collect()
}

/// The commands of a template's shell fences, a word list each; what is quoted or filled in is
/// one word.
fn commands(text: &str) -> Vec<Vec<String>> {
    let mut commands = Vec::new();
    for fence in text.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next()) {
        let fence = plain(&fence.replace("\\\n", " "));
        for line in fence.lines().filter(|line| !line.trim_start().starts_with('#')) {
            let parts = line.split(['|', ';', '&', '(', ')']);
            let words =
                parts.map(|part| part.split_whitespace().map(Into::into).collect::<Vec<_>>());
            commands.extend(words.filter(|words| !words.is_empty()));
        }
    }
    commands
}

/// Text in which quoted text, values and tags of the template are one plain word each.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['\'', '"', '{', '$']) {
        out.push_str(&rest[..at]);
        let tail = &rest[at..];
        let (word, length) = if tail.starts_with("{%") {
            ("\n", tail.find("%}").map_or(tail.len(), |end| end + 2))
        } else if tail.starts_with("{{") {
            ("VALUE", tail.find("}}").map_or(tail.len(), |end| end + 2))
        } else if tail.starts_with(['\'', '"']) {
            let quote = &tail[..1];
            ("QUOTED", tail[1..].find(quote).map_or(tail.len(), |end| end + 2))
        } else {
            (&tail[..1], 1)
        };
        out.push_str(word);
        rest = &tail[length..];
    }
    out + rest
}

#[test]
fn every_option_exists() {
    let known = known();
    let (mut wrong, mut checked) = (Vec::new(), 0);
    for (file, text) in MITIGATIONS {
        for words in commands(text) {
            let tool = words[0].trim_start_matches('$');
            // The rest of a command after what another one filled in.
            if tool.starts_with('-') {
                continue;
            }
            let options = words[1..].iter().filter(|word| word.len() > 1 && word.starts_with('-'));
            let options: Vec<_> = options.filter(|word| *word != "--").collect();
            let command = if WITH_SUBCOMMANDS.contains(&tool) {
                longest(&known, &words)
            } else {
                known.get_key_value(tool)
            };
            let Some((command, options_known)) = command else {
                if !options.is_empty() {
                    wrong.push(format!("{file}: nothing is known of {}", words.join(" ")));
                }
                continue;
            };
            for option in options {
                checked += 1;
                let name = option.split('=').next().unwrap_or(option);
                if !options_known.contains(name) {
                    wrong.push(format!("{file}: {command} has no {name}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(checked > 500, "only {checked} options were looked at");
}

/// The longest run of subcommands that is known, options between them left out.
fn longest<'k>(
    known: &'k BTreeMap<&'static str, BTreeSet<&'static str>>,
    words: &[String],
) -> Option<(&'k &'static str, &'k BTreeSet<&'static str>)> {
    let mut plain = Vec::new();
    let mut skip = false;
    for word in words {
        if skip {
            skip = false;
        } else if matches!(word.as_str(), "-n" | "--namespace") {
            skip = true;
        } else if !word.starts_with('-') {
            plain.push(word.as_str());
        }
    }
    (2..=plain.len().min(6)).rev().find_map(|length| {
        let command = plain[..length].join(" ");
        known.get_key_value(command.as_str())
    })
}
