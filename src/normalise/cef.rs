//! Alerts as falcosidekick writes them for `ArcSight` (`format: cef`).
//!
//! It escapes nothing, so a value ends where the next of its own keys begins.

use std::borrow::Cow;

use super::{
    Envelope, Form, Moment, Outcome, fields,
    text::{self, Labels},
};
use crate::{
    alert::Alert,
    json::{Members, Value},
    time::Timestamp,
};

const HEAD: &str = "CEF:0|Falcosecurity|Falco|";

/// falcosidekick's keys in its order.
const KEYS: [&str; 7] = ["uuid", "start", "msg", "source", "hostname", "outputfields", "tags"];

/// The alert of a text in CEF; `None` if it is none of falcosidekick's.
pub fn alert<'t>(text: &'t str, envelope: &Envelope<'t>) -> Option<Outcome<'t>> {
    let mut parts = text.strip_prefix(HEAD)?.splitn(5, '|');
    let (rule, _) = (parts.nth(2)?, parts.next()?);
    let pairs = pairs(parts.next()?);
    let value = |key: &str| {
        let found = pairs.iter().find(|(known, _)| *known == key);
        found.map(|(_, value)| *value).filter(|value| !value.is_empty())
    };
    let start = value("start").and_then(|start| Timestamp::parse(start.as_bytes()));
    let around = envelope.told(None, start.map_or(Moment::Unknown, Moment::Instant));
    let message = value("msg").unwrap_or("");
    let tags = value("tags").unwrap_or("").split(',').filter(|tag| !tag.is_empty());
    let labels = Labels {
        rule: Some(rule.into()),
        source: value("source").map(Cow::Borrowed),
        hostname: value("hostname").map(Cow::Borrowed),
        tags: tags.map(Cow::Borrowed).collect(),
        priority: text::own_priority(rule),
    };
    let outcome = text::labelled(message, text::head(message), labels, &around);
    let complete = |alert: Alert<'t>| Alert {
        uuid: value("uuid").map(Cow::Borrowed),
        fields: value("outputfields").map_or(alert.fields, output_fields),
        shape: envelope.shape(Form::Cef),
        ..alert
    };
    Some(match outcome {
        Outcome::Alert(alert) => Outcome::Alert(complete(alert)),
        Outcome::Sensor(alert) => Outcome::Sensor(complete(alert)),
        outcome => outcome,
    })
}

/// `uuid=… start=… msg=…`: the keys in falcosidekick's order, each after the one before. The
/// message is the longest, since it may hold ` source=` of its own.
fn pairs(text: &str) -> Vec<(&'static str, &str)> {
    let mut pairs = Vec::with_capacity(KEYS.len());
    let mut end = text.len();
    for key in KEYS.into_iter().rev() {
        let before = &text[..end];
        let found = if key == "uuid" || key == "start" {
            before.find(&format!("{key}="))
        } else {
            before.rfind(&format!(" {key}=")).map(|at| at + 1)
        };
        let Some(at) = found else { continue };
        pairs.push((key, before[at + key.len() + 1..].trim_end()));
        end = at;
    }
    pairs
}

/// `proc.name:sh user.uid:0 k8s.ns.name:<nil>`
fn output_fields(text: &str) -> Members<'_> {
    let mut starts: Vec<(usize, usize)> = Vec::new();
    for colon in memchr::memchr_iter(b':', text.as_bytes()) {
        let from = text[..colon].rfind(' ').map_or(0, |blank| blank + 1);
        let name = &text[from..colon];
        let after = starts.last().is_none_or(|(_, value)| from >= *value);
        if after && (starts.is_empty() || is_field(name)) {
            starts.push((from, colon + 1));
        }
    }
    let mut found = Members::with_capacity(starts.len());
    for (at, (from, value)) in starts.iter().enumerate() {
        let end = starts.get(at + 1).map_or(text.len(), |(next, _)| *next);
        let shown = text[*value..end].trim_end();
        let shown = if shown == "<nil>" { Value::Null } else { Value::Text(shown.into()) };
        found.push((text[*from..value - 1].into(), shown));
    }
    fields::canonical(found)
}

/// Whether a word may be a field's name and not part of a value, such as `http:` in an address.
fn is_field(name: &str) -> bool {
    const CLASSES: [&str; 14] = [
        "evt.",
        "proc.",
        "user.",
        "group.",
        "container.",
        "k8s.",
        "fd.",
        "fs.",
        "thread.",
        "ka.",
        "jevt.",
        "ct.",
        "gcp.",
        "okta.",
    ];
    CLASSES.iter().any(|class| name.starts_with(class))
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._[]-/".contains(&byte))
}
