//! The heads of files: their keys, and what they name.

use std::{collections::BTreeMap, ops::Range};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{File, NO_HEAD, Names, near};
use crate::{
    attack, keys,
    mitigation::{self, Catalogue, Extends, FrontMatter, Known},
};

/// Keys that a head can have, and whether they hold a list.
const KEYS: [(&str, bool); 10] = [
    ("title", false),
    ("rules", true),
    ("former_names", true),
    ("techniques", true),
    ("tags", true),
    ("namespaces", true),
    ("hosts", true),
    ("groups", true),
    ("extends", false),
    ("source", true),
];

/// A head, as far as it can be read.
pub struct Head {
    /// What it says.
    pub front: FrontMatter,
    /// Where each rule is named.
    rules: Vec<(String, usize)>,
}

/// A text in the head, and the byte where it stands in the file.
struct Word {
    text: String,
    at: usize,
}

/// Checks the head of a file. `None` where there is none.
pub fn check(file: &mut File<'_>, names: &Names) -> Option<Head> {
    let Some(cut) = mitigation::cut(file.text) else {
        file.remark(0, NO_HEAD);
        return None;
    };
    let toml = &file.text[cut.head.clone()];
    let (table, errors) = DeTable::parse_recoverable(toml);
    let place = |span: Range<usize>| cut.head.start + span.start;
    for error in errors {
        file.remark(place(error.span().unwrap_or_default()), error.message().trim());
    }
    let mut words: BTreeMap<&'static str, Vec<Word>> = BTreeMap::new();
    for (key, value) in table.get_ref() {
        let at = place(key.span());
        let Some((name, list)) = KEYS.into_iter().find(|(name, _)| *name == key.get_ref()) else {
            let known: Vec<_> = KEYS.iter().map(|(name, _)| *name).collect();
            let hint = keys::suggestion(key.get_ref(), &known);
            file.remark(at, format!("there is no key {}; {hint}", key.get_ref()));
            continue;
        };
        let found = words.entry(name).or_default();
        match (value.get_ref(), list) {
            (DeValue::String(text), false) => {
                found.push(Word { text: text.to_string(), at: place(value.span()) });
            }
            (DeValue::Array(items), true) => {
                found.extend(items.iter().filter_map(|item| word(item, cut.head.start)));
                let others = items.iter().filter(|item| word(item, 0).is_none());
                let others: Vec<_> = others.map(|item| place(item.span())).collect();
                for at in others {
                    file.remark(at, format!("{name} is a list of texts"));
                }
            }
            (_, true) => file.remark(place(value.span()), format!("{name} is a list of texts")),
            (_, false) => file.remark(place(value.span()), format!("{name} is a text")),
        }
    }
    check_words(file, &words, names);
    Some(Head { front: front(&words), rules: rules(&words) })
}

fn word(item: &Spanned<DeValue<'_>>, start: usize) -> Option<Word> {
    match item.get_ref() {
        DeValue::String(text) => {
            Some(Word { text: text.to_string(), at: start + item.span().start })
        }
        _ => None,
    }
}

fn front(words: &BTreeMap<&'static str, Vec<Word>>) -> FrontMatter {
    let list = |key: &str| -> Vec<String> {
        words.get(key).into_iter().flatten().map(|word| word.text.clone()).collect()
    };
    FrontMatter {
        title: list("title").pop().unwrap_or_default(),
        rules: list("rules"),
        former_names: list("former_names"),
        techniques: list("techniques"),
        tags: list("tags"),
        namespaces: list("namespaces"),
        hosts: list("hosts"),
        groups: list("groups"),
        // A word that is none still says that it extends.
        extends: words
            .contains_key("extends")
            .then(|| list("extends").pop().and_then(|word| Extends::parse(&word)))
            .map(|how| how.unwrap_or(Extends::Append)),
        source: list("source"),
    }
}

fn rules(words: &BTreeMap<&'static str, Vec<Word>>) -> Vec<(String, usize)> {
    let rules = words.get("rules").into_iter().flatten();
    rules.map(|word| (word.text.clone(), word.at)).collect()
}

fn check_words(file: &mut File<'_>, words: &BTreeMap<&'static str, Vec<Word>>, names: &Names) {
    let title = words.get("title").and_then(|words| words.first());
    if title.is_none_or(|title| title.text.trim().is_empty()) {
        file.remark(title.map_or(0, |title| title.at), "there is no title");
    }
    for (key, words) in words {
        for word in words {
            if let Some(message) = wrong(key, &word.text, names) {
                file.remark(word.at, message);
            }
        }
    }
    let front = front(words);
    let whole = !words.contains_key("extends");
    let general = file.name == mitigation::GENERAL;
    if whole && !general && !front.names_a_rule() && !front.names_a_place() {
        let message =
            "it is for no rule, technique, tag, namespace, host or group, and never applies";
        file.remark(0, message);
    }
}

/// What is wrong with a word of a key.
fn wrong(key: &str, word: &str, names: &Names) -> Option<String> {
    match key {
        "rules" => names.rule(word),
        "former_names" => former_name(word),
        "techniques" => technique(word),
        "tags" => tag(word),
        "namespaces" => {
            let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-*".contains(c);
            (word.is_empty() || !word.chars().all(fits))
                .then(|| format!("{word:?} can be no namespace: lower-case letters, digits and - alone"))
        }
        "hosts" => word.is_empty().then(|| "an empty name fits no host".to_owned()),
        "groups" => (!names.groups.contains(word)).then(|| {
            let known: Vec<_> = names.groups.iter().map(String::as_str).collect();
            match near(word, &known) {
                Some(near) => format!("no host is in a group {word}; did you mean {near}?"),
                None => format!("no host is in a group {word}: write groups = [\"{word}\"] under [[host]] in alertbook.toml"),
            }
        }),
        "extends" => Extends::parse(word).is_none().then(|| {
            format!("there is no {word}; {}", keys::suggestion(word, &["append", "replace"]))
        }),
        _ => None,
    }
}

fn former_name(word: &str) -> Option<String> {
    let catalogue = Catalogue::bundled();
    match catalogue.know(word) {
        Known::Present => Some(format!("{word} is a rule's present name: write it under rules")),
        Known::Former(_) | Known::Retired => None,
        // Rules of the user's own had other names too.
        Known::Unknown => {
            let names: Vec<_> = catalogue.former_names().chain(catalogue.names()).collect();
            let near = near(word, &names).filter(|near| strsim::levenshtein(near, word) <= 3)?;
            Some(format!("no rule was called {word}; did you mean {near}?"))
        }
    }
}

fn technique(word: &str) -> Option<String> {
    match attack::tag(word) {
        Some(tag) if tag.kind == "technique" => None,
        Some(_) => Some(format!("{word} is a tactic: write it under tags")),
        None => Some(format!("there is no technique {word}; write one such as T1059 or T1059.004")),
    }
}

fn tag(word: &str) -> Option<String> {
    // Tags are free, but for those of ATT&CK.
    let tactic = word.strip_prefix("mitre_")?;
    if attack::tag(word).is_some() || Catalogue::bundled().has_tag(word) {
        return None;
    }
    let tactics: Vec<_> = attack::tactic_tags().collect();
    let hint =
        near(word, &tactics).map_or_else(String::new, |near| format!("; did you mean {near}?"));
    Some(format!("there is no tactic {tactic}{hint}"))
}

/// Rules that several files are for as a whole, wherever they fire: the first alone applies.
pub fn check_claims(files: &mut [File<'_>], heads: &[Option<Head>]) {
    let mut claimed: BTreeMap<&str, &str> = BTreeMap::new();
    for (file, head) in files.iter_mut().zip(heads) {
        let Some(head) = head else { continue };
        if head.front.extends.is_some() || head.front.names_a_place() {
            continue;
        }
        for (rule, at) in &head.rules {
            match claimed.get(rule.as_str()) {
                Some(first) if *first != file.name => {
                    file.remark(
                        *at,
                        format!("{first} is for the rule {rule} too, and comes first"),
                    );
                }
                Some(_) => file.remark(*at, format!("the rule {rule} stands here twice")),
                None => {
                    claimed.insert(rule, file.name);
                }
            }
        }
    }
}
