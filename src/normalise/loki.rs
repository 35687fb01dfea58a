//! Lines kept in Grafana Loki, as falcosidekick pushes them and `logcli` and Loki's API give them.

use std::borrow::Cow;

use hashbrown::HashSet;

use super::{
    Emit, Envelope, Moment, Outcome, Wrapper, carrier, dates, fields, payload, pointer,
    text::{self, Labels},
};
use crate::{
    json::{Members, Reader, Value},
    priority::Priority,
};

/// Labels of one entry that may be output fields: no alert has as many.
const LABELS: usize = 256;

/// Reads a stream of entries, or one entry of `logcli -o jsonl`; `false` if it is neither.
pub fn open(
    object: &str,
    members: &Members<'_>,
    envelope: &Envelope<'_>,
    emit: &mut Emit<'_>,
) -> bool {
    let member = |name: &str| carrier::member(members, name);
    // Grafana calls them fields where it gives lines to be downloaded.
    let downloaded = member("line").and(member("timestamp")).and(member("fields"));
    let mut places = [member("stream"), member("labels"), downloaded].into_iter().flatten();
    let labels = places.find_map(|labels| match labels {
        Value::Object(labels) => Some(Reader::new(labels).members().unwrap_or_default()),
        // As Loki before 1.0 was pushed.
        Value::Text(labels) => Some(named(self::labels(labels.strip_prefix('{')?).0)),
        _ => None,
    });
    let Some(labels) = labels else { return false };
    let around = envelope.inside(Wrapper::Loki, object);
    if let Some(Value::Text(text)) = member("line") {
        let moment = carrier::moment(members);
        entry(text, &labels, &around.told(None, moment), emit);
        return true;
    }
    let Some(Value::Array(entries)) = member("values").or_else(|| member("entries")) else {
        return false;
    };
    let mut any = false;
    let read = Reader::new(entries).array(|reader| {
        let (moment, text) = stored(&reader.value()?);
        any = true;
        match text {
            Some(text) => entry(&text, &labels, &around.told(None, moment), emit),
            None => emit(around.record(object), Outcome::UnknownText),
        }
        Ok(())
    });
    if read.is_ok() && !any {
        emit(around.record(object), Outcome::OtherText);
    }
    true
}

/// Reads an entry that stands by itself, since its stream was too long to be held; `false` if an
/// array is none.
pub fn pair(array: &str, envelope: &Envelope<'_>, emit: &mut Emit<'_>) -> bool {
    let nanos = |text: &str| text.len() >= 16 && text.bytes().all(|byte| byte.is_ascii_digit());
    let first = pointer::at(array, "/0");
    if !matches!(&first, Some(Value::Text(text)) if nanos(text)) {
        return false;
    }
    let (moment, Some(text)) = stored(&Value::Array(array)) else { return false };
    payload(&text, envelope.inside(Wrapper::Loki, array).told(None, moment), emit);
    true
}

/// Reads the whole entries of a stream that breaks off, behind its labels.
pub fn begun(text: &str, envelope: &Envelope<'_>, emit: &mut Emit<'_>) {
    let mut labels = Members::new();
    // Stops where it breaks off.
    let _ = Reader::new(text).object(|reader, name| match name.as_ref() {
        "stream" => reader.members().map(|known| labels = known),
        "values" if !labels.is_empty() => reader.array(|reader| {
            reader.peek();
            let start = reader.offset();
            let (moment, line) = stored(&reader.value()?);
            let inside = envelope.inside(Wrapper::Loki, &text[start..reader.offset()]);
            if let Some(line) = line {
                entry(&line, &labels, &inside.told(None, moment), emit);
            }
            Ok(())
        }),
        _ => reader.value().map(drop),
    });
}

/// Reads a line of `logcli` as it prints it by default, `{rule="R",priority="Notice"} line`, from
/// its labels on; `false` if it is none.
pub fn printed(text: &str, envelope: &Envelope<'_>, emit: &mut Emit<'_>) -> bool {
    let Some((labels, line)) = labelled(text) else { return false };
    entry(line.trim_ascii(), &labels, &envelope.within(Wrapper::Loki), emit);
    true
}

/// The labels that a text begins with, and the line behind them.
fn labelled(text: &str) -> Option<(Members<'_>, &str)> {
    let (labels, rest) = labels(text.strip_prefix('{')?);
    let line = rest.strip_prefix('}').filter(|line| line.starts_with(' '))?;
    let good = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(good);
    labels.iter().all(|(name, _)| is_name(name)).then(|| (named(labels), line))
}

/// `["1763310630531192429","line"]`, or the `{"ts":…,"line":…}` of old.
fn stored<'a>(value: &Value<'a>) -> (Moment, Option<Cow<'a, str>>) {
    match value {
        Value::Array(pair) => {
            let mut values = Vec::with_capacity(2);
            let _ = Reader::new(pair).array(|reader| {
                values.push(reader.value()?);
                Ok(())
            });
            let moment = values.first().map_or(Moment::Unknown, dates::instant);
            match values.into_iter().nth(1) {
                Some(Value::Text(text)) => (moment, Some(text)),
                _ => (moment, None),
            }
        }
        Value::Object(entry) => {
            let members = Reader::new(entry).members().unwrap_or_default();
            let moment = carrier::moment(&members);
            let line = members.into_iter().find(|(name, _)| name == "line");
            match line {
                Some((_, Value::Text(text))) => (moment, Some(text)),
                _ => (moment, None),
            }
        }
        _ => (Moment::Unknown, None),
    }
}

/// A line of which labels tell the rest.
pub fn entry(text: &str, labels: &Members<'_>, around: &Envelope<'_>, emit: &mut Emit<'_>) {
    let label = |name: &str| match carrier::member(labels, name) {
        Some(Value::Text(text)) if !text.is_empty() => Some(text.as_ref()),
        _ => None,
    };
    let hosts = ["hostname", "node_name", "node", "nodename", "host", "instance"];
    let host = hosts.into_iter().find_map(label);
    let head = text::head(text);
    let priority = label("priority").and_then(Priority::parse);
    // Rules that others write have no priority, nor do their lines begin as an alert does.
    let is_alert = priority.is_some() || head.is_some();
    let is_text = !text.trim_start().starts_with('{');
    let Some(rule) = label("rule").filter(|_| is_text && is_alert) else {
        return payload(text, around.told(host, Moment::Unknown), emit);
    };
    let tags = label("tags").unwrap_or("").split(',').filter(|tag| !tag.is_empty());
    let said = Labels {
        rule: Some(rule.into()),
        priority,
        source: label("source").map(Cow::Borrowed),
        hostname: label("hostname").map(Cow::Borrowed),
        tags: tags.map(Cow::Borrowed).collect(),
    };
    let mut outcome = text::labelled(text, head, said, around);
    if let Outcome::Alert(alert) = &mut outcome {
        let mut known: HashSet<_> = alert.fields.iter().map(|(name, _)| name.clone()).collect();
        for (name, value) in labels.iter().take(LABELS) {
            if let Some(field) = fields::labelled(name).filter(|field| known.insert(field.clone()))
            {
                alert.fields.push((field, value.clone()));
            }
        }
    }
    emit(around.record(text), outcome);
}

/// Reads `rule="R",priority="Notice"` up to what is no label, and gives what is left.
fn labels(text: &str) -> (Vec<(&str, Cow<'_, str>)>, &str) {
    let (mut labels, mut rest) = (Vec::new(), text);
    while !rest.starts_with('}')
        && let Some((name, value)) = rest.split_once('=')
    {
        let mut reader = Reader::new(value);
        let Ok(label) = reader.string() else { break };
        labels.push((name, label));
        rest = value[reader.offset()..].trim_start_matches([',', ' ']);
    }
    (labels, rest)
}

fn named<'a>(labels: Vec<(&'a str, Cow<'a, str>)>) -> Members<'a> {
    labels.into_iter().map(|(name, label)| (name.trim().into(), Value::Text(label))).collect()
}
