//! A declared source as it is written in TOML, checked.
//!
//! What is wrong is found within the visitor of the value that it is wrong with, so that it is
//! said with that value's place.

use std::{collections::BTreeMap, fmt, marker::PhantomData};

use serde::{Deserialize, Deserializer, de};

use super::instant;
use crate::{json::Value, priority::Priority};

/// Where in another detector's objects an alert's parts stand.
#[derive(Clone, Debug)]
pub struct Source {
    /// The detector, by which its files are named: its name up to a comma.
    pub(super) detector: &'static str,
    /// What must hold for an object to be this detector's.
    pub(super) when: Vec<Condition>,
    /// Its objects are known and are no alerts.
    pub(super) ignore: bool,
    /// Where an alert of Falco's may stand whole, which then counts in place of the object.
    pub(super) carries: Vec<Pointer>,
    pub(super) time: Vec<Template>,
    pub(super) rule: Templates,
    pub(super) priority: Vec<Template>,
    /// What stands for each priority, in lower case.
    pub(super) priorities: BTreeMap<String, Priority>,
    pub(super) host: Templates,
    /// Where something stands if the host is not the machine's but a container's.
    pub(super) host_unless: Vec<Pointer>,
    pub(super) output: Templates,
    pub(super) source: Templates,
    pub(super) tags: Vec<Template>,
    pub(super) fields: BTreeMap<String, Templates>,
    /// Objects of which each value becomes a field, named by its path.
    pub(super) flatten: Vec<Pointer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    #[serde(default)]
    name: String,
    #[serde(default)]
    when: Vec<Condition>,
    #[serde(default)]
    ignore: bool,
    #[serde(default, deserialize_with = "some")]
    carries: Vec<Pointer>,
    #[serde(default, deserialize_with = "times")]
    time: Templates,
    #[serde(default)]
    rule: Templates,
    #[serde(default, deserialize_with = "priorities")]
    priority: Templates,
    #[serde(default)]
    priorities: BTreeMap<String, Priority>,
    #[serde(default)]
    host: Templates,
    #[serde(default, deserialize_with = "some")]
    host_unless: Vec<Pointer>,
    #[serde(default)]
    output: Templates,
    #[serde(default)]
    source: Templates,
    #[serde(default)]
    tags: Templates,
    #[serde(default)]
    fields: BTreeMap<String, Templates>,
    #[serde(default, deserialize_with = "some")]
    flatten: Vec<Pointer>,
}

/// Something that must be there, at one of some places, and perhaps be one of some values.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Where.
    #[serde(deserialize_with = "some")]
    pub pointer: Vec<Pointer>,
    /// What; anything but an empty text if there is none.
    #[serde(default, deserialize_with = "some")]
    pub equals: Vec<String>,
}

/// A JSON pointer, such as `/alert/signature`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pointer(pub String);

/// A text made of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Template {
    /// Always the same.
    Constant(String),
    /// The value at a pointer.
    Pointer(Pointer),
    /// Texts, each before the value of a pointer, and a last one.
    Pattern(Vec<(String, Pointer)>, String),
}

/// One template, or several of which the first that gives a text counts.
#[derive(Clone, Debug, Default)]
pub struct Templates(pub Vec<Template>);

impl Raw {
    fn checked(self) -> Result<Source, String> {
        let name = self.name.trim();
        if name.is_empty() {
            return Err("a source needs a name".into());
        }
        if self.when.is_empty() {
            return Err(format!("the source {name} needs a condition under when"));
        }
        if self.ignore && self.has_alerts() {
            return Err(format!("the source {name} takes no alerts, since ignore = true"));
        }
        let needed = [("time", &self.time), ("rule", &self.rule)];
        if let Some((key, _)) = needed.iter().find(|(_, part)| !self.ignore && part.0.is_empty()) {
            return Err(format!("the source {name} needs {key}, or ignore = true"));
        }
        let detector = name.split(',').next().unwrap_or(name);
        Ok(Source {
            // There are a few of them, as long as the program runs.
            detector: detector.to_owned().leak(),
            when: self.when,
            ignore: self.ignore,
            carries: self.carries,
            time: self.time.0,
            rule: self.rule,
            priority: self.priority.0,
            priorities: { self.priorities.into_iter() }
                .map(|(said, priority)| (said.to_lowercase(), priority))
                .collect(),
            host: self.host,
            host_unless: self.host_unless,
            output: self.output,
            source: self.source,
            tags: self.tags.0,
            fields: self.fields,
            flatten: self.flatten,
        })
    }

    /// Whether it says how an alert is made.
    fn has_alerts(&self) -> bool {
        let parts = [
            &self.time,
            &self.rule,
            &self.priority,
            &self.host,
            &self.output,
            &self.source,
            &self.tags,
        ];
        parts.iter().any(|part| !part.0.is_empty())
            || !self.fields.is_empty()
            || !self.flatten.is_empty()
    }
}

impl TryFrom<String> for Pointer {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let whole = |step: &str| {
            let escapes = step.matches("~0").count() + step.matches("~1").count();
            !step.is_empty() && step.matches('~').count() == escapes
        };
        match text.strip_prefix('/') {
            Some(path) if path.split('/').all(whole) => Ok(Self(text)),
            Some(_) if text.contains('~') => Err(format!(
                "{text} is no JSON pointer; within a name ~ is written as ~0, and / as ~1"
            )),
            _ => Err(format!("{text} is no JSON pointer; write one such as /alert/signature")),
        }
    }
}

impl TryFrom<String> for Template {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text.starts_with('/') {
            return Pointer::try_from(text).map(Self::Pointer);
        }
        if !text.contains("{/") {
            return match unpointed(&text) {
                Some(name) => Err(format!(
                    "{text} would always be the same; write {{/{name}}} for what is at /{name}"
                )),
                None => Ok(Self::Constant(text)),
            };
        }
        let (mut parts, mut rest) = (Vec::new(), text.as_str());
        while let Some((before, after)) = rest.split_once("{/") {
            let (place, after) = after
                .split_once('}')
                .ok_or_else(|| format!("{text} has no }} behind its last {{/"))?;
            parts.push((before.to_owned(), Pointer::try_from(format!("/{place}"))?));
            rest = after;
        }
        Ok(Self::Pattern(parts, rest.to_owned()))
    }
}

/// The name in braces to which no slash makes a pointer: `{user.name}`.
fn unpointed(text: &str) -> Option<String> {
    let (name, _) = text.split_once('{')?.1.split_once('}')?;
    let is_name = |sign: char| sign.is_ascii_alphanumeric() || "_.-@/".contains(sign);
    (!name.is_empty() && name.chars().all(is_name)).then(|| name.replace('.', "/"))
}

impl<'de> Deserialize<'de> for Source {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Declared)
    }
}

struct Declared;

impl<'de> de::Visitor<'de> for Declared {
    type Value = Source;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a table")
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Source, A::Error> {
        let raw = Raw::deserialize(de::value::MapAccessDeserializer::new(map))?;
        raw.checked().map_err(de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Templates {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        texts(deserializer).map(Self)
    }
}

/// Templates of a time: those that are always the same must be one.
fn times<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Templates, D::Error> {
    constants(deserializer, |text| match instant(&Value::Text(text.into())) {
        Some(_) => Ok(()),
        None => Err(format!("{text} is no time, and no JSON pointer such as /timestamp")),
    })
}

/// Templates of a priority: those that are always the same must be one.
fn priorities<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Templates, D::Error> {
    constants(deserializer, |text| crate::config::priority(text).map(|_| ()))
}

fn constants<'de, D: Deserializer<'de>>(
    deserializer: D,
    check: impl Fn(&str) -> Result<(), String>,
) -> Result<Templates, D::Error> {
    let templates = Templates::deserialize(deserializer)?;
    for template in &templates.0 {
        if let Template::Constant(text) = template {
            check(text).map_err(de::Error::custom)?;
        }
    }
    Ok(templates)
}

/// At least one of what texts stand for.
fn some<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: TryFrom<String, Error: fmt::Display>,
{
    let list = texts(deserializer)?;
    if list.is_empty() {
        Err(de::Error::custom("an empty list; write a text or leave the key out"))
    } else {
        Ok(list)
    }
}

/// What a text, number or truth value stands for, or each of a list of them.
fn texts<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: TryFrom<String, Error: fmt::Display>,
{
    deserializer.deserialize_any(Texts(PhantomData))
}

struct Texts<T>(PhantomData<T>);

impl<'de, T: TryFrom<String, Error: fmt::Display>> de::Visitor<'de> for Texts<T> {
    type Value = Vec<T>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a text or a list of texts")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(vec![T::try_from(text.to_owned()).map_err(E::custom)?])
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Self::Value, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_bool<E: de::Error>(self, truth: bool) -> Result<Self::Value, E> {
        self.visit_str(if truth { "true" } else { "false" })
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut texts = Vec::new();
        while let Some(text) = list.next_element_seed(Texts(PhantomData))? {
            texts.extend(text);
        }
        Ok(texts)
    }
}

impl<'de, T: TryFrom<String, Error: fmt::Display>> de::DeserializeSeed<'de> for Texts<T> {
    type Value = Vec<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        texts(deserializer)
    }
}
