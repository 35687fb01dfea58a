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

/// Where an alert in CEF begins.
pub fn find(text: &str) -> Option<usize> {
    memchr::memmem::find(text.as_bytes(), HEAD.as_bytes())
}

/// The alert of a text in CEF; `None` if it is none of falcosidekick's.
pub fn alert<'t>(text: &'t str, envelope: &Envelope<'t>) -> Option<Outcome<'t>> {
    let (rule, extension) = split(text.strip_prefix(HEAD)?.splitn(3, '|').nth(2)?)?;
    let pairs = pairs(extension);
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

/// The rule and the pairs of `RULE|SEVERITY|uuid=…`. A rule's name may hold `|`.
fn split(text: &str) -> Option<(&str, &str)> {
    memchr::memchr_iter(b'|', text.as_bytes()).find_map(|mark| {
        let (severity, pairs) = text[mark + 1..].split_once('|')?;
        let is_number = matches!(severity.as_bytes(), [b'0'..=b'9'] | [b'1', b'0']);
        (is_number && (pairs.starts_with("uuid=") || pairs.starts_with("start=")))
            .then_some((&text[..mark], pairs))
    })
}

/// `uuid=… start=… msg=… source=… hostname=… outputfields=… tags=…`, in this order. The message and
/// the output fields may hold all of this anew, as an attacker wrote it.
fn pairs(text: &str) -> Vec<(&'static str, &str)> {
    let (front, message) = text.split_once("msg=").unwrap_or((text, ""));
    let uuid = front.strip_prefix("uuid=").and_then(|rest| rest.split(' ').next());
    let start = front.split_once("start=").and_then(|(_, rest)| rest.split(' ').next());
    let middles: Vec<Middle<'_>> =
        message.match_indices(" source=").filter_map(|(at, _)| Middle::at(message, at)).collect();
    let mut pairs = vec![("uuid", uuid.unwrap_or("")), ("start", start.unwrap_or(""))];
    let Some(last) = middles.last() else {
        pairs.push(("msg", message));
        return pairs;
    };
    let (fields, tags) = last.rest.rsplit_once(" tags=").unwrap_or((last.rest, ""));
    pairs.extend([("msg", last.message), ("source", last.source)]);
    pairs.extend([("outputfields", fields.trim_end()), ("tags", tags)]);
    // Where there are several, nothing tells which is falcosidekick's.
    if middles.iter().all(|middle| middle.hostname == last.hostname) {
        pairs.push(("hostname", last.hostname));
    }
    pairs
}

/// ` source=syscall hostname=node-1 outputfields=`: what stands between the message and the fields.
struct Middle<'t> {
    message: &'t str,
    source: &'t str,
    hostname: &'t str,
    rest: &'t str,
}

impl<'t> Middle<'t> {
    fn at(text: &'t str, at: usize) -> Option<Self> {
        let word = |text: &'t str| text.split_once(' ').unwrap_or((text, ""));
        let (source, rest) = word(text[at..].strip_prefix(" source=")?);
        let (hostname, rest) = rest.strip_prefix("hostname=").map_or(("", rest), word);
        let rest = match rest.strip_prefix("outputfields=") {
            Some(fields) => fields,
            // Without output fields and tags it ends here.
            None if rest.is_empty() => "",
            None => return None,
        };
        Some(Self { message: &text[..at], source, hostname, rest })
    }
}

/// `proc.name:sh user.uid:0 k8s.ns.name:<nil>`
fn output_fields(text: &str) -> Members<'_> {
    let mut starts: Vec<(usize, usize)> = Vec::new();
    let mut from = 0;
    for mark in memchr::memchr2_iter(b' ', b':', text.as_bytes()) {
        if text.as_bytes()[mark] == b' ' {
            from = mark + 1;
            continue;
        }
        let after = starts.last().is_none_or(|(_, value)| from >= *value);
        if after && (starts.is_empty() || is_field(&text[from..mark])) {
            starts.push((from, mark + 1));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalise::{Context, Sources};

    /// Rule, host and message of an alert with these fields.
    fn read(rule: &str, message: &str, fields: &str) -> (String, Option<String>, String) {
        let text = format!(
            "{HEAD}1.0|Falco Event|{rule}|4|uuid=u-1 start=2026-11-18T10:53:13Z \
             msg=10:53:13.5: Error {message} source=syscall hostname=n1 outputfields={fields} tags=a"
        );
        let sources = Sources::default();
        let context = Context::new(&sources);
        match alert(&text, &Envelope::bare(&context)) {
            Some(Outcome::Alert(alert)) => (
                alert.rule.to_string(),
                alert.hostname.as_deref().map(Into::into),
                alert.message().to_owned(),
            ),
            outcome => panic!("{text}: {outcome:?}"),
        }
    }

    #[test]
    fn a_rule_may_hold_what_stands_behind_it() {
        for rule in ["Shell | pipe", "a|3|b", "start=1", "msg=x"] {
            let expected = (rule.to_owned(), Some("n1".to_owned()), "Odd".to_owned());
            assert_eq!(read(rule, "Odd", "proc.name:sh"), expected);
        }
    }

    #[test]
    fn a_host_is_not_taken_from_a_command() {
        let host = |message: &str, fields: &str| read("R", message, fields).1;
        let forged = "echo source=a hostname=evil outputfields=x tags=y";
        assert_eq!(
            host("Odd", "proc.cmdline:echo hostname=evil outputfields=x").as_deref(),
            Some("n1")
        );
        assert_eq!(host("Odd hostname=evil source=a", "proc.name:sh").as_deref(), Some("n1"));
        // Both look alike, and nothing tells which is true.
        assert_eq!(host("Odd", &format!("proc.cmdline:{forged}")), None);
        assert_eq!(host(forged, &format!("proc.cmdline:{forged}")), None);
    }
}
