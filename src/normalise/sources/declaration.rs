//! A declared source as it is written in TOML, checked.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Deserializer, de};

use crate::priority::Priority;

/// Where in another detector's objects an alert's parts stand.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Raw")]
pub struct Source {
    /// What must hold for an object to be this detector's.
    pub(super) when: Vec<Condition>,
    /// Its objects are known and are no alerts.
    pub(super) ignore: bool,
    pub(super) time: Vec<Template>,
    pub(super) rule: Templates,
    pub(super) priority: Vec<Template>,
    /// What stands for each priority.
    pub(super) priorities: BTreeMap<String, Priority>,
    pub(super) host: Templates,
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
    /// For whoever reads the file.
    name: String,
    when: Vec<Condition>,
    #[serde(default)]
    ignore: bool,
    #[serde(default)]
    time: Templates,
    #[serde(default)]
    rule: Templates,
    #[serde(default)]
    priority: Templates,
    #[serde(default)]
    priorities: BTreeMap<String, Priority>,
    #[serde(default)]
    host: Templates,
    #[serde(default)]
    output: Templates,
    #[serde(default)]
    source: Templates,
    #[serde(default)]
    tags: Templates,
    #[serde(default)]
    fields: BTreeMap<String, Templates>,
    #[serde(default)]
    flatten: Vec<Pointer>,
}

/// Something that must be there, and perhaps be one of some values.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Where.
    pub pointer: Pointer,
    /// What; anything if there is none.
    #[serde(default, deserialize_with = "texts")]
    pub equals: Vec<String>,
}

/// A JSON pointer, such as `/alert/signature`.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct Pointer(pub String);

/// A text made of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Template {
    /// Always the same.
    Constant(String),
    /// The value at a pointer.
    Pointer(String),
    /// Text before a value, and the value's pointer; the last pointer may be empty.
    Pattern(Vec<(String, String)>),
}

/// One template, or several of which the first that gives a text counts.
#[derive(Clone, Debug, Default)]
pub struct Templates(pub Vec<Template>);

impl TryFrom<Raw> for Source {
    type Error = String;

    fn try_from(raw: Raw) -> Result<Self, String> {
        let name = &raw.name;
        if raw.when.is_empty() {
            return Err(format!("the source {name} needs a condition under when"));
        }
        if !raw.ignore && (raw.time.0.is_empty() || raw.rule.0.is_empty()) {
            return Err(format!("the source {name} needs time and rule, or ignore = true"));
        }
        let constants = raw.priority.0.iter().filter_map(|place| match place {
            Template::Constant(word) => Some(word),
            _ => None,
        });
        for word in constants {
            crate::config::priority(word)?;
        }
        Ok(Self {
            when: raw.when,
            ignore: raw.ignore,
            time: raw.time.0,
            rule: raw.rule,
            priority: raw.priority.0,
            priorities: raw.priorities,
            host: raw.host,
            output: raw.output,
            source: raw.source,
            tags: raw.tags.0,
            fields: raw.fields,
            flatten: raw.flatten,
        })
    }
}

impl TryFrom<String> for Pointer {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text.starts_with('/') {
            Ok(Self(text))
        } else {
            Err(format!("{text} is no JSON pointer; write one such as /alert/signature"))
        }
    }
}

impl Template {
    fn parse(text: &str) -> Self {
        if text.starts_with('/') {
            return Self::Pointer(text.into());
        }
        if !text.contains("{/") {
            return Self::Constant(text.into());
        }
        let (mut parts, mut rest) = (Vec::new(), text);
        while let Some((before, after)) = rest.split_once("{/")
            && let Some((place, after)) = after.split_once('}')
        {
            parts.push((before.to_owned(), format!("/{place}")));
            rest = after;
        }
        // An empty pointer would be the object itself.
        parts.push((rest.to_owned(), "/".into()));
        Self::Pattern(parts)
    }
}

impl<'de> Deserialize<'de> for Templates {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let texts = texts(deserializer)?;
        Ok(Self(texts.iter().map(|text| Template::parse(text)).collect()))
    }
}

/// A text, number or truth value, or a list of them.
fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    deserializer.deserialize_any(Texts)
}

struct Texts;

impl<'de> de::Visitor<'de> for Texts {
    type Value = Vec<String>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a text or a list of texts")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(vec![text.to_owned()])
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(vec![number.to_string()])
    }

    fn visit_bool<E: de::Error>(self, truth: bool) -> Result<Self::Value, E> {
        Ok(vec![truth.to_string()])
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut texts = Vec::new();
        while let Some(text) = list.next_element_seed(OneText)? {
            texts.extend(text);
        }
        Ok(texts)
    }
}

/// An element of a list of texts.
struct OneText;

impl<'de> de::DeserializeSeed<'de> for OneText {
    type Value = Vec<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        texts(deserializer)
    }
}
