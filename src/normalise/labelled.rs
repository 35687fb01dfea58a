//! What falcosidekick sends to where messages of all kinds are kept: the output as text, and the rest of
//! the alert as labels, attributes, tags or properties of the other's own.

use std::borrow::Cow;

use super::{Emit, Envelope, Wrapper, carrier, fields, loki, otlp, sns, text};
use crate::{
    json::{Members, Reader, Value},
    priority::Priority,
};

/// An output, and what stands beside it.
pub type Told<'m> = (Cow<'m, str>, Members<'m>);

/// Reads one alert; `false` if it is none of these.
pub fn open(
    object: &str,
    members: &Members<'_>,
    envelope: &Envelope<'_>,
    emit: &mut Emit<'_>,
) -> bool {
    let readers = [sns::told, alertmanager, opsgenie, annotation, event, result];
    let others = || readers.into_iter().find_map(|reader| Some((reader(members)?, Wrapper::Json)));
    let told = otlp::told(members).map(|told| (told, Wrapper::Otlp)).or_else(others);
    let Some(((output, labels), wrapper)) = told else { return false };
    let around = envelope.inside(wrapper, object).told(None, carrier::moment(members));
    loki::entry(&output, &labels, &around, emit);
    true
}

/// Alertmanager: `{"labels":{"rule":"R",…},"annotations":{"info":"…"}}`
fn alertmanager<'m>(members: &'m Members<'_>) -> Option<Told<'m>> {
    let mut labels = within(members, "labels")?;
    let annotations = within(members, "annotations")?;
    // Another label says which of Falco's sources it was.
    labels.retain(|(name, _)| name != "source");
    if let Some((name, _)) = labels.iter_mut().find(|(name, _)| name == "eventsource") {
        *name = "source".into();
    }
    let outputs = annotations.into_iter().filter_map(|(name, value)| match value {
        Value::Text(output) if matches!(name.as_ref(), "info" | "description") => Some(output),
        _ => None,
    });
    let output = { outputs }.next()?;
    told(output, labels)
}

/// Opsgenie: `{"message":"…","details":{"rule":"R",…}}`
fn opsgenie<'m>(members: &'m Members<'_>) -> Option<Told<'m>> {
    told(said(members, "message")?, within(members, "details")?)
}

/// Grafana: `{"text":"…","tags":["falco","Notice","R","syscall","host",…]}`
fn annotation<'m>(members: &'m Members<'_>) -> Option<Told<'m>> {
    let tags = tags(members)?;
    let [falco, priority, rest @ ..] = tags.as_slice() else { return None };
    if falco != "falco" || Priority::parse(priority).is_none() {
        return None;
    }
    let names = ["rule", "source", "hostname"];
    let mut labels: Members<'_> = names.into_iter().zip(rest).map(label).collect();
    labels.push(label(("priority", priority)));
    told(said(members, "text")?, labels)
}

/// Datadog's events: `{"title":"R","text":"…","tags":["source:falco","hostname:host","proc.name:sh"]}`
fn event<'m>(members: &'m Members<'_>) -> Option<Told<'m>> {
    let tags = tags(members)?;
    if !tags.iter().any(|tag| tag == "source:falco") {
        return None;
    }
    let pairs = tags.iter().filter_map(|tag| tag.split_once(':'));
    let is_label =
        |pair: &(&str, &str)| !matches!(pair, ("source", "falco") | ("rule" | "priority", _));
    let mut labels: Members<'_> = pairs
        .filter(is_label)
        .map(|(name, value)| (name.to_owned().into(), Value::Text(value.to_owned().into())))
        .collect();
    labels.push(("rule".into(), Value::Text(said(members, "title")?)));
    told(said(members, "text")?, labels)
}

/// The result of a policy report: `{"source":"Falco","rule":"R","message":"…","properties":{…}}`. It once
/// had the rule for its policy, and the output for its description.
fn result<'m>(members: &'m Members<'_>) -> Option<Told<'m>> {
    if said(members, "source")? != "Falco" {
        return None;
    }
    let mut labels = within(members, "properties").unwrap_or_default();
    labels.retain(|(name, _)| name.contains('.'));
    let rule = said(members, "rule").or_else(|| said(members, "policy"))?;
    labels.push(("rule".into(), Value::Text(rule)));
    let mut outputs = ["message", "description"].into_iter().filter_map(|name| said(members, name));
    told(outputs.find(|output| text::head(output).is_some())?, labels)
}

/// An output with its labels, if it is one and they name a rule: so much else has messages and labels.
fn told<'m>(output: Cow<'m, str>, labels: Members<'m>) -> Option<Told<'m>> {
    text::head(&output)?;
    carrier::member(&labels, "rule")?;
    Some((output, labels))
}

fn said<'m>(members: &'m Members<'_>, name: &str) -> Option<Cow<'m, str>> {
    match carrier::member(members, name)? {
        Value::Text(text) => Some(Cow::Borrowed(text)),
        _ => None,
    }
}

/// The members of an object within the object.
fn within<'m>(members: &'m Members<'_>, name: &str) -> Option<Members<'m>> {
    match carrier::member(members, name)? {
        Value::Object(inner) => Reader::new(inner).members().ok(),
        _ => None,
    }
}

fn tags<'m>(members: &'m Members<'_>) -> Option<Vec<Cow<'m, str>>> {
    match carrier::member(members, "tags")? {
        Value::Array(list) => Some(fields::texts(list)),
        _ => None,
    }
}

fn label<'l>((name, value): (&'l str, &Cow<'l, str>)) -> (Cow<'l, str>, Value<'l>) {
    (name.into(), Value::Text(value.clone()))
}
