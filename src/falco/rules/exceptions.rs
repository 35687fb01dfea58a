//! The exceptions of a rule.

use saphyr::{Scalar, YamlData};

use super::{super::LONGEST, Fault, Node, entries, fault, get, sequence, text};
use crate::keys::suggestion;

/// The keys of an exception.
const KEYS: [&str; 4] = ["name", "fields", "comps", "values"];

/// Comparisons of one field with one value.
const COMPARISONS: [&str; 20] = [
    "=",
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "contains",
    "icontains",
    "bcontains",
    "startswith",
    "bstartswith",
    "endswith",
    "glob",
    "iglob",
    "regex",
    "in",
    "intersects",
    "pmatch",
    "exists",
];

/// Comparisons that take a list, and so do for an exception with a single field.
const OF_LISTS: [&str; 3] = ["in", "pmatch", "intersects"];

/// What all of a value fits with these, where it is empty.
const WIDE: [&str; 5] = ["startswith", "endswith", "contains", "icontains", "bstartswith"];

pub fn check(exceptions: &Node<'_>, replaced: bool, faults: &mut Vec<Fault>) {
    let mut names = Vec::new();
    for exception in sequence(exceptions) {
        for (key, _) in entries(exception) {
            let name = text(key).unwrap_or("");
            if !KEYS.contains(&name) {
                let hint = suggestion(name, &KEYS);
                faults.push(fault(key, format!("an exception has no key {name}; {hint}")));
            }
        }
        let Some(name) = get(exception, "name").and_then(text) else {
            faults.push(fault(exception, "an exception has a name".into()));
            continue;
        };
        if names.contains(&name) && get(exception, "fields").is_some() {
            let message =
                format!("there is an exception {name} already: only rows can be added to it");
            faults.push(fault(exception, message));
        }
        names.push(name);
        check_one(exception, replaced, faults);
    }
}

fn check_one(exception: &Node<'_>, replaced: bool, faults: &mut Vec<Fault>) {
    let rows = get(exception, "values");
    if rows.is_none_or(|rows| sequence(rows).is_empty()) {
        faults.push(fault(exception, "an exception needs values: a list of rows".into()));
    }
    let comps = get(exception, "comps");
    match get(exception, "fields") {
        None if replaced => {
            faults.push(fault(exception, "an exception that replaces needs its fields".into()));
        }
        None => {}
        Some(fields) => match &fields.data {
            YamlData::Sequence(list) => check_list(list, comps, rows, faults),
            _ => check_single(fields, comps, faults),
        },
    }
    for row in rows.into_iter().flat_map(sequence) {
        let cells = match &row.data {
            YamlData::Sequence(cells) => cells.as_slice(),
            _ => std::slice::from_ref(row),
        };
        for (index, cell) in cells.iter().enumerate() {
            let word = comps.and_then(|comps| match &comps.data {
                YamlData::Sequence(list) => list.get(index).and_then(text),
                _ => text(comps),
            });
            check_value(cell, word.unwrap_or("="), faults);
        }
    }
}

fn check_list(
    fields: &[Node<'_>],
    comps: Option<&Node<'_>>,
    rows: Option<&Node<'_>>,
    faults: &mut Vec<Fault>,
) {
    if let Some(comps) = comps {
        let words = sequence(comps);
        if words.len() != fields.len() {
            faults.push(fault(
                comps,
                format!("{} fields and {} comps: Falco wants as many", fields.len(), words.len()),
            ));
        }
        for word in words {
            check_comparison(word, faults);
        }
    }
    for row in rows.into_iter().flat_map(sequence) {
        let YamlData::Sequence(cells) = &row.data else {
            faults.push(fault(row, "a row is a list, with a value for each field".into()));
            continue;
        };
        let cells = cells.len();
        if cells != fields.len() {
            faults.push(fault(
                row,
                format!("{} fields and {cells} values: Falco wants as many", fields.len()),
            ));
        }
    }
}

fn check_single(fields: &Node<'_>, comps: Option<&Node<'_>>, faults: &mut Vec<Fault>) {
    if text(fields).is_none() {
        faults.push(fault(fields, "fields is the name of a field, or a list of names".into()));
    }
    let Some(comps) = comps else { return };
    let word = text(comps).unwrap_or("");
    if !OF_LISTS.contains(&word) && !is_compound(word) {
        let message = format!(
            "with a single field the comparison is one of {}, not {word:?}; or write lists",
            OF_LISTS.join(", ")
        );
        faults.push(fault(comps, message));
    }
}

fn is_compound(word: &str) -> bool {
    word.split_once(' ').is_some_and(|(first, second)| {
        COMPARISONS.contains(&first) && matches!(second, "oneof" | "anyof" | "allof")
    })
}

fn check_comparison(node: &Node<'_>, faults: &mut Vec<Fault>) {
    let word = text(node).unwrap_or("");
    if word == "exists" {
        faults.push(fault(node, "exists takes no value, and an exception needs one".into()));
    } else if !COMPARISONS.contains(&word) && !is_compound(word) {
        let hint = suggestion(word, &COMPARISONS);
        faults.push(fault(node, format!("there is no comparison {word:?}; {hint}")));
    }
}

/// Falco pastes a value into the condition and escapes nothing.
fn check_value(node: &Node<'_>, comparison: &str, faults: &mut Vec<Fault>) {
    if let YamlData::Sequence(values) = &node.data {
        for value in values {
            check_value(value, "=", faults);
        }
        return;
    }
    let Some(value) = text(node) else {
        if matches!(&node.data, YamlData::Value(Scalar::Null)) {
            faults.push(fault(node, "a value that is null never matches".into()));
        }
        return;
    };
    let inner = quoted(value);
    let message = match inner {
        Err(why) => why.to_owned(),
        Ok(inner) if inner.trim().is_empty() || inner.chars().all(|c| c == '*') => {
            if inner.is_empty() && comparison == "=" {
                return;
            }
            if WIDE.contains(&comparison) || comparison.contains("glob") {
                format!("{comparison} with {inner:?} matches everything")
            } else {
                return;
            }
        }
        Ok(inner) if inner.len() > LONGEST => {
            format!("a value has at most {LONGEST} bytes; this one has {}", inner.len())
        }
        Ok(_) => return,
    };
    faults.push(fault(node, message));
}

/// The inside of a string of the condition language, or of a word that needs no quotes there.
fn quoted(value: &str) -> Result<&str, &'static str> {
    let quote = value.chars().next().filter(|first| matches!(first, '"' | '\''));
    let Some(quote) = quote else {
        let bare =
            !value.is_empty() && !value.contains(|c: char| "'\"(),=".contains(c) || c.is_control());
        return if bare { Ok(value) } else { Err(NEEDS_QUOTES) };
    };
    let inner =
        value[1..].strip_suffix(quote).filter(|inner| !inner.is_empty() || value.len() == 2);
    let inner = inner.ok_or("the quotes of the condition language are not closed")?;
    let mut escaped = false;
    for character in inner.chars() {
        match character {
            _ if escaped && !"\\bfnrt".contains(character) && character != quote => {
                return Err(
                    "Falco knows \\\\, \\b, \\f, \\n, \\r, \\t and the quote after a backslash",
                );
            }
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if character == quote => return Err(NEEDS_QUOTES),
            _ => {}
        }
    }
    if escaped || inner.ends_with("\\\\") {
        return Err("a string of the condition language cannot end in a backslash");
    }
    Ok(inner)
}

const NEEDS_QUOTES: &str = "Falco pastes a value into its condition: write it as a string of the condition language, \
                            as the filter falco does";
