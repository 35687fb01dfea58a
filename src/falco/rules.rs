//! A file of rules as Falco's loader takes it: what would keep Falco from starting, or from doing what
//! the file says. Falco stops altogether at the first override that it does not take.

mod exceptions;

use saphyr::{LoadableYamlNode as _, MarkedYaml, Scalar, YamlData};

use crate::keys::suggestion;

/// What Falco would not take, and where: line and column from 0, the column in characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

/// A name in a file, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The line, from 0.
    pub line: usize,
    /// The column, from 0.
    pub column: usize,
    /// The name.
    pub name: String,
}

type Node<'y> = MarkedYaml<'y>;

/// What an item of a file can be, by its first key, and the keys that it can have.
const KINDS: [(&str, &[&str]); 5] = [
    (
        "rule",
        &[
            "rule",
            "condition",
            "output",
            "desc",
            "priority",
            "source",
            "enabled",
            "tags",
            "warn_evttypes",
            "skip-if-unknown-filter",
            "exceptions",
            "capture",
            "capture_duration",
            "append",
            "override",
        ],
    ),
    ("macro", &["macro", "condition", "append", "override"]),
    ("list", &["list", "items", "append", "override"]),
    ("required_engine_version", &["required_engine_version"]),
    ("required_plugin_versions", &["required_plugin_versions"]),
];

/// Keys to which an override can append.
const APPENDED: [&str; 6] = ["condition", "output", "desc", "tags", "exceptions", "items"];
/// Keys that an override can only replace.
const REPLACED: [&str; 6] = [
    "priority",
    "enabled",
    "warn_evttypes",
    "skip-if-unknown-filter",
    "capture",
    "capture_duration",
];

/// Keys that a rule must have where it overrides nothing.
const NEEDED: [&str; 4] = ["condition", "desc", "output", "priority"];

const PRIORITIES: [&str; 9] = [
    "EMERGENCY",
    "ALERT",
    "CRITICAL",
    "ERROR",
    "WARNING",
    "NOTICE",
    "INFO",
    "INFORMATIONAL",
    "DEBUG",
];

/// YAML that was read.
pub struct RulesFile<'y> {
    documents: Vec<Node<'y>>,
}

impl<'y> RulesFile<'y> {
    /// Reads YAML.
    ///
    /// # Errors
    /// It is none.
    pub fn read(text: &'y str) -> Result<Self, Fault> {
        let documents = MarkedYaml::load_from_str(text).map_err(|error| Fault {
            line: error.marker().line().saturating_sub(1),
            column: error.marker().col(),
            message: format!("this is no YAML: {}", error.info()),
        })?;
        Ok(Self { documents })
    }

    /// Whether it holds rules, macros or lists, and not some other YAML.
    pub fn is_one(&self) -> bool {
        self.items().any(|item| kind(item).is_some())
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }

    fn items(&self) -> impl Iterator<Item = &Node<'y>> {
        self.documents.iter().flat_map(|document| match &document.data {
            YamlData::Sequence(items) => items.as_slice(),
            _ => &[],
        })
    }

    /// What Falco would not take.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for item in self.items() {
            match kind(item) {
                Some((kind, keys)) => check_item(item, kind, keys, &mut faults),
                None => faults.push(fault(item, "an item is a rule, a macro or a list".into())),
            }
        }
        faults
    }

    /// Names of the rules in it; where `overrides`, of those that it changes.
    pub fn rules(&self, overrides: bool) -> Vec<Named> {
        let wanted = self.items().filter(|item| !overrides || get(item, "override").is_some());
        let names = wanted.filter_map(|item| get(item, "rule"));
        names.filter_map(named).collect()
    }

    /// Names of the rules to whose exceptions it adds rows without naming fields.
    pub fn without_fields(&self) -> Vec<Named> {
        let bare = |item: &&Node<'y>| {
            let exceptions = get(item, "exceptions").into_iter().flat_map(sequence);
            let mut exceptions = exceptions.filter(|exception| get(exception, "fields").is_none());
            exceptions.next().is_some()
        };
        self.items().filter(bare).filter_map(|item| get(item, "rule")).filter_map(named).collect()
    }

    /// Names of the fields of its exceptions.
    pub fn fields(&self) -> Vec<Named> {
        let lists = self.items().filter_map(|item| get(item, "exceptions"));
        let fields = lists.flat_map(sequence).filter_map(|exception| get(exception, "fields"));
        let each = fields.flat_map(|fields| match &fields.data {
            YamlData::Sequence(list) => list.as_slice(),
            _ => std::slice::from_ref(fields),
        });
        each.filter_map(named).collect()
    }
}

fn named(node: &Node<'_>) -> Option<Named> {
    let name = text(node)?.to_owned();
    let start = node.span.start;
    Some(Named { line: start.line().saturating_sub(1), column: start.col(), name })
}

fn fault(node: &Node<'_>, message: String) -> Fault {
    let start = node.span.start;
    Fault { line: start.line().saturating_sub(1), column: start.col(), message }
}

/// The text of a scalar that is text.
fn text<'n>(node: &'n Node<'_>) -> Option<&'n str> {
    match &node.data {
        YamlData::Value(Scalar::String(text)) => Some(text),
        _ => None,
    }
}

fn sequence<'n, 'y>(node: &'n Node<'y>) -> &'n [Node<'y>] {
    match &node.data {
        YamlData::Sequence(items) => items,
        _ => &[],
    }
}

/// The keys and values of a map.
fn entries<'n, 'y>(node: &'n Node<'y>) -> impl Iterator<Item = (&'n Node<'y>, &'n Node<'y>)> {
    let map = match &node.data {
        YamlData::Mapping(map) => Some(map),
        _ => None,
    };
    map.into_iter().flat_map(|map| map.iter())
}

fn get<'n, 'y>(node: &'n Node<'y>, key: &str) -> Option<&'n Node<'y>> {
    entries(node).find(|(name, _)| text(name) == Some(key)).map(|(_, value)| value)
}

fn kind(item: &Node<'_>) -> Option<(&'static str, &'static [&'static str])> {
    KINDS.into_iter().find(|(kind, _)| get(item, kind).is_some())
}

fn check_item(item: &Node<'_>, kind: &str, keys: &[&str], faults: &mut Vec<Fault>) {
    for (key, _) in entries(item) {
        let name = text(key).unwrap_or("");
        if !keys.contains(&name) {
            let hint = suggestion(name, keys);
            let message =
                format!("Falco knows no key {name} of a {kind}; {hint} A reason is a # comment");
            faults.push(fault(key, message));
        }
    }
    if get(item, "append").is_some() {
        let message =
            "append is deprecated: say which key under override, such as `condition: append`";
        faults.push(fault(item, message.into()));
    }
    match get(item, "override") {
        Some(change) => check_override(item, kind, change, faults),
        None => check_whole(item, kind, faults),
    }
    check_values(item, faults);
    if let Some(exceptions) = get(item, "exceptions") {
        let replaced = operation(item, "exceptions") == Some("replace");
        exceptions::check(exceptions, replaced, faults);
    }
}

fn operation<'n>(item: &'n Node<'_>, key: &str) -> Option<&'n str> {
    get(item, "override").and_then(|change| get(change, key)).and_then(text)
}

fn check_override(item: &Node<'_>, kind: &str, change: &Node<'_>, faults: &mut Vec<Fault>) {
    if entries(change).next().is_none() {
        faults.push(fault(change, "override names the keys that are changed".into()));
    }
    let known: Vec<_> = APPENDED.into_iter().chain(REPLACED).collect();
    for (key, value) in entries(change) {
        let name = text(key).unwrap_or("");
        let said = text(value).unwrap_or("");
        let message = if !known.contains(&name) {
            format!("there is no key {name} to override; {}", suggestion(name, &known))
        } else if !matches!(said, "append" | "replace") {
            format!("{name} can be overridden by append or by replace, not by {said:?}")
        } else if said == "append" && REPLACED.contains(&name) {
            format!("{name} cannot be appended to; write replace")
        } else if get(item, name).is_none() {
            format!("override names {name}, and the item has none")
        } else {
            continue;
        };
        faults.push(fault(key, message));
    }
    for (key, _) in entries(item) {
        let name = text(key).unwrap_or("");
        let other = name == kind || matches!(name, "override" | "append" | "source");
        if !other && known.contains(&name) && get(change, name).is_none() {
            faults.push(fault(
                key,
                format!("{name} is not named under override: Falco takes it for a mistake"),
            ));
        }
    }
    let appended = operation(item, "condition") == Some("append");
    if let Some(condition) = get(item, "condition").filter(|_| appended) {
        let first = text(condition).and_then(|text| text.split_whitespace().next()).unwrap_or("");
        if !["and", "or"].iter().any(|word| first.eq_ignore_ascii_case(word)) {
            faults.push(fault(
                condition,
                "a condition that is appended begins with and, or with or".into(),
            ));
        }
    }
}

fn check_whole(item: &Node<'_>, kind: &str, faults: &mut Vec<Fault>) {
    let needed: &[&str] = match kind {
        "rule" => &NEEDED,
        "macro" => &["condition"],
        "list" => &["items"],
        _ => &[],
    };
    if get(item, "append").is_some() {
        return;
    }
    let missing: Vec<_> = needed.iter().copied().filter(|key| get(item, key).is_none()).collect();
    if !missing.is_empty() {
        let message = format!(
            "a {kind} that overrides nothing needs {}; to change one, say so under override",
            missing.join(", ")
        );
        faults.push(fault(item, message));
    }
}

/// The kinds of values.
fn check_values(item: &Node<'_>, faults: &mut Vec<Fault>) {
    for (key, value) in entries(item) {
        let name = text(key).unwrap_or("");
        let boolean = matches!(&value.data, YamlData::Value(Scalar::Boolean(_)))
            || text(value).is_some_and(|text| ["yes", "no", "true", "false"].contains(&text));
        let wrong = match name {
            "rule" | "macro" | "list" | "condition" | "output" | "desc" | "source" => text(value)
                .is_none_or(|text| text.trim().is_empty())
                .then(|| format!("{name} is a text")),
            "priority" => {
                let word = text(value).unwrap_or("").to_ascii_uppercase();
                let known = PRIORITIES.contains(&word.as_str());
                (!known).then(|| {
                    format!("there is no priority {word}; {}", suggestion(&word, &PRIORITIES))
                })
            }
            "enabled" | "warn_evttypes" | "skip-if-unknown-filter" | "capture" => {
                (!boolean).then(|| format!("{name} is true or false"))
            }
            "tags" => {
                let texts = matches!(value.data, YamlData::Sequence(_))
                    && sequence(value).iter().all(|tag| text(tag).is_some());
                (!texts).then(|| "tags are a list of texts".to_owned())
            }
            "items" | "exceptions" | "required_plugin_versions" => {
                let list = matches!(value.data, YamlData::Sequence(_));
                (!list).then(|| format!("{name} is a list"))
            }
            _ => None,
        };
        faults.extend(wrong.map(|message| fault(value, message)));
    }
}

#[cfg(test)]
mod tests;
