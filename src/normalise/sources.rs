//! Other detectors' records, read by declaration: which objects are a detector's, and where in
//! them an alert's parts stand.
//!
//! Declarations come from `[[sources]]` in `alertbook.toml` and, after those, from the bundled
//! `data/sources.toml`, which has the same form.

use std::{borrow::Cow, sync::LazyLock};

use super::{Envelope, Moment, Outcome, Reason, carrier, fields, pointer};
use crate::{
    alert::{Alert, RuleFrom},
    bundled,
    json::{Members, Reader, Value},
    priority::Priority,
    shape::Form,
    time::Timestamp,
};

mod declaration;

pub use declaration::Source;
use declaration::{Condition, Template};

/// How other detectors' records are read: the user's declarations, before the bundled ones.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    own: Vec<Source>,
}

/// The form of a file of declarations.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    sources: Vec<Source>,
}

static BUNDLED: LazyLock<Vec<Source>> = LazyLock::new(|| {
    let file: File = toml::from_str(bundled::SOURCES).expect("a test reads the declarations");
    file.sources
});

impl Sources {
    /// With declarations of the user's.
    pub const fn new(own: Vec<Source>) -> Self {
        Self { own }
    }

    /// What a JSON object is that is no alert of Falco's; `None` if no source claims it.
    pub fn outcome<'t>(&self, object: &'t str, envelope: &Envelope<'t>) -> Option<Outcome<'t>> {
        let members = Reader::new(object).members().ok()?;
        let source = self.own.iter().chain(&*BUNDLED).find(|source| source.claims(&members))?;
        Some(source.outcome(object, &members, envelope))
    }
}

impl Source {
    fn claims(&self, members: &Members<'_>) -> bool {
        self.when.iter().all(|condition| condition.holds(members))
    }

    fn outcome<'t>(
        &self,
        object: &'t str,
        members: &Members<'t>,
        envelope: &Envelope<'t>,
    ) -> Outcome<'t> {
        if self.ignore {
            return Outcome::OtherText;
        }
        match self.alert(object, members, envelope) {
            Ok(alert) => Outcome::Alert(alert),
            Err(reason) => Outcome::Rejected(reason),
        }
    }

    fn alert<'t>(
        &self,
        object: &'t str,
        members: &Members<'t>,
        envelope: &Envelope<'t>,
    ) -> Result<Alert<'t>, Reason> {
        let rule = first(&self.rule, members).ok_or(Reason::MissingRule)?;
        let priority = self.priority(members);
        Ok(Alert {
            time: self.time(members, envelope)?,
            received: envelope.received(),
            rule,
            rule_from: RuleFrom::Record,
            priority: priority.unwrap_or(Priority::Warning),
            priority_known: priority.is_some(),
            output: first(&self.output, members),
            source: first(&self.source, members),
            tags: self.tags.iter().flat_map(|tag| all(tag, members)).collect(),
            hostname: first(&self.host, members),
            uuid: None,
            fields: self.fields(object, members),
            wrapper_host: envelope.host.map(Cow::Borrowed),
            shape: envelope.shape(Form::Declared),
        })
    }

    fn time(&self, members: &Members<'_>, envelope: &Envelope<'_>) -> Result<Timestamp, Reason> {
        let mut present = self.time.iter().filter_map(|place| value(place, members)).peekable();
        if present.peek().is_none() {
            return envelope.instant().ok_or(Reason::MissingTime);
        }
        let mut times = present.map(|value| match carrier::instant(&value) {
            Moment::Instant(time) => Some(time),
            // Without a zone it is taken for UTC.
            _ => Timestamp::parse(format!("{}Z", value.shown()).as_bytes()),
        });
        times.find_map(|time| time).ok_or(Reason::BadTime)
    }

    /// The first place that holds a known priority, or a value of the table.
    fn priority(&self, members: &Members<'_>) -> Option<Priority> {
        self.priority.iter().find_map(|place| {
            let said = text(place, members)?;
            self.priorities.get(said.as_ref()).copied().or_else(|| Priority::parse(&said))
        })
    }

    fn fields<'t>(&self, object: &'t str, members: &Members<'t>) -> Members<'t> {
        let mut found: Members<'t> = Vec::with_capacity(self.fields.len());
        for (name, places) in &self.fields {
            let mut values = places.0.iter().filter_map(|place| value(place, members));
            if let Some(value) = values.find(|value| *value != Value::Null) {
                found.push((name.clone().into(), value));
            }
        }
        for place in &self.flatten {
            if let Some(Value::Object(inner)) = pointer::at(object, &place.0) {
                let path = place.0.trim_start_matches('/').replace('/', ".");
                fields::flatten(&path, inner, 1, &mut found);
            }
        }
        found
    }
}

impl Condition {
    fn holds(&self, members: &Members<'_>) -> bool {
        match pointer::of(members, &self.pointer.0) {
            None | Some(Value::Null) => false,
            Some(found) => {
                self.equals.is_empty() || self.equals.iter().any(|text| text == found.shown())
            }
        }
    }
}

/// The first of several places at which there is a text.
fn first<'t>(places: &declaration::Templates, members: &Members<'t>) -> Option<Cow<'t, str>> {
    places.0.iter().find_map(|place| text(place, members))
}

/// The text that a template makes of an object; `None` if it is empty.
fn text<'t>(template: &Template, members: &Members<'t>) -> Option<Cow<'t, str>> {
    let text = match template {
        Template::Constant(text) => Cow::Owned(text.clone()),
        Template::Pointer(place) => shown(pointer::of(members, place)?)?,
        Template::Pattern(parts) => {
            let mut text = String::new();
            for (before, place) in parts {
                text.push_str(before);
                if let Some(value) = pointer::of(members, place).and_then(shown) {
                    text.push_str(&value);
                }
            }
            Cow::Owned(text.trim().to_owned())
        }
    };
    (!text.trim().is_empty()).then_some(text)
}

fn value<'t>(template: &Template, members: &Members<'t>) -> Option<Value<'t>> {
    match template {
        Template::Pointer(place) => pointer::of(members, place),
        template => text(template, members).map(Value::Text),
    }
}

/// All texts of a template: those of an array if it leads to one.
fn all<'t>(template: &Template, members: &Members<'t>) -> Vec<Cow<'t, str>> {
    let Some(Value::Array(array)) = value(template, members) else {
        return text(template, members).into_iter().collect();
    };
    let mut texts = Vec::new();
    let _ = Reader::new(array).array(|reader| {
        texts.extend(shown(reader.value()?));
        Ok(())
    });
    texts
}

fn shown(value: Value<'_>) -> Option<Cow<'_, str>> {
    match value {
        Value::Null => None,
        Value::Text(text) => Some(text),
        Value::Bool(true) => Some("true".into()),
        Value::Bool(false) => Some("false".into()),
        Value::Number(text) | Value::Array(text) | Value::Object(text) => Some(text.into()),
    }
}

#[cfg(test)]
mod tests;
