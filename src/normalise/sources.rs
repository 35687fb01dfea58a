//! Other detectors' records, read by declaration: which objects are a detector's, and where in
//! them an alert's parts stand.
//!
//! Declarations come from `[[sources]]` in `alertbook.toml` and, after those, from the bundled
//! `data/sources.toml`, which has the same form.

use std::{borrow::Cow, sync::LazyLock};

use super::{Emit, Envelope, Moment, Outcome, Reason, carrier, dates, fields, pointer};
use crate::{
    alert::{Alert, RuleFrom},
    bundled,
    json::{Members, Reader, Value},
    priority::Priority,
    shape::{Form, Shape},
    time::Timestamp,
};

mod declaration;

use declaration::{Condition, Template, Templates};
pub use declaration::{Pointer, Source};

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

    /// Emits what an object is that a source claims; `false` if none does.
    pub fn open<'t>(
        &self,
        object: &'t str,
        members: &Members<'t>,
        envelope: &Envelope<'t>,
        emit: &mut Emit<'_>,
    ) -> bool {
        let Some(source) = self.of(members) else { return false };
        let carries = &source.carries;
        if carries.is_empty() || !carrier::sent(object, members, carries, envelope, emit) {
            emit(envelope.record(object), source.outcome(object, members, envelope));
        }
        true
    }

    /// Whether a text begins with an object that a source claims.
    pub fn begins(&self, text: &str) -> bool {
        Reader::new(text).members().is_ok_and(|members| self.of(&members).is_some())
    }

    fn of(&self, members: &Members<'_>) -> Option<&Source> {
        self.own.iter().chain(&*BUNDLED).find(|source| source.claims(members))
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
        let rule = name(&self.rule, members).ok_or(Reason::NothingDeclared)?;
        let priority = self.priority(members);
        let contained = self.host_unless.iter().any(|place| said(place, members));
        let host = name(&self.host, members).filter(|_| !contained);
        let beside = if host.is_none() { carrier::host(object, members) } else { None };
        Ok(Alert {
            time: self.time(members, envelope)?,
            received: envelope.received(),
            rule,
            rule_from: RuleFrom::Record,
            priority: priority.unwrap_or(Priority::Warning),
            priority_known: priority.is_some(),
            output: first(&self.output, members),
            source: name(&self.source, members),
            tags: tags(&self.tags, members),
            hostname: host,
            uuid: None,
            fields: self.fields(object, members),
            wrapper_host: beside.map(Cow::Owned).or(envelope.host.map(Cow::Borrowed)),
            shape: Shape { detector: self.detector, ..envelope.shape(Form::Declared) },
        })
    }

    fn time(&self, members: &Members<'_>, envelope: &Envelope<'_>) -> Result<Timestamp, Reason> {
        let values = self.time.iter().filter_map(|place| value(place, members));
        let mut present = values.filter(is_said).peekable();
        if present.peek().is_none() {
            return envelope.instant().ok_or(Reason::MissingTime);
        }
        present.find_map(|value| instant(&value)).ok_or(Reason::BadTime)
    }

    /// The first place that holds a known priority, or a value of the table.
    fn priority(&self, members: &Members<'_>) -> Option<Priority> {
        self.priority.iter().find_map(|place| {
            let said = text(place, members)?;
            let listed = self.priorities.get(&said.to_lowercase()).copied();
            listed.or_else(|| Priority::parse(&said))
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
        self.pointer.iter().any(|place| match pointer::of(members, &place.0) {
            None | Some(Value::Null) => false,
            Some(found) if self.equals.is_empty() => is_said(&found),
            Some(found) => self.equals.iter().any(|text| text == found.shown()),
        })
    }
}

/// Whether something is said at a place: more than nothing and an empty text.
fn said(place: &Pointer, members: &Members<'_>) -> bool {
    pointer::of(members, &place.0).as_ref().is_some_and(is_said)
}

fn is_said(value: &Value<'_>) -> bool {
    match value {
        Value::Null => false,
        Value::Text(text) => !text.trim().is_empty(),
        _ => true,
    }
}

/// The instant that a value names; without a zone it is taken for UTC.
fn instant(value: &Value<'_>) -> Option<Timestamp> {
    match dates::instant(value) {
        Moment::Instant(time) | Moment::Zoneless(time) | Moment::Local(time) => Some(time),
        _ => None,
    }
}

/// The first of several places at which there is a text.
fn first<'t>(places: &Templates, members: &Members<'t>) -> Option<Cow<'t, str>> {
    places.0.iter().find_map(|place| text(place, members))
}

/// The first of several places at which there is something that can be a name.
fn name<'t>(places: &Templates, members: &Members<'t>) -> Option<Cow<'t, str>> {
    let one = |place: &&Template| {
        !matches!(value(place, members), Some(Value::Array(_) | Value::Object(_)))
    };
    places.0.iter().filter(one).find_map(|place| text(place, members))
}

/// The text that a template makes of an object; `None` if it is empty, or if there is nothing to
/// fill it with.
fn text<'t>(template: &Template, members: &Members<'t>) -> Option<Cow<'t, str>> {
    let text = match template {
        Template::Constant(text) => Cow::Owned(text.clone()),
        Template::Pointer(place) => shown(pointer::of(members, &place.0)?)?,
        Template::Pattern(parts, end) => {
            let (mut text, mut filled) = (String::new(), false);
            for (before, place) in parts {
                text.push_str(before);
                if let Some(value) = pointer::of(members, &place.0).and_then(shown) {
                    filled |= !value.trim().is_empty();
                    text.push_str(&value);
                }
            }
            text.push_str(end);
            filled.then(|| Cow::Owned(text.trim().to_owned()))?
        }
    };
    (!text.trim().is_empty()).then_some(text)
}

fn value<'t>(template: &Template, members: &Members<'t>) -> Option<Value<'t>> {
    match template {
        Template::Pointer(place) => pointer::of(members, &place.0),
        template => text(template, members).map(Value::Text),
    }
}

/// The tags that templates lead to, each once.
fn tags<'t>(templates: &[Template], members: &Members<'t>) -> Vec<Cow<'t, str>> {
    let mut tags = Vec::new();
    for tag in templates.iter().flat_map(|template| all(template, members)) {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags
}

/// All texts of a template: those of an array if it leads to one, else those between commas.
fn all<'t>(template: &Template, members: &Members<'t>) -> Vec<Cow<'t, str>> {
    let Some(Value::Array(array)) = value(template, members) else {
        let list = text(template, members).unwrap_or_default();
        let parts = list.split(',').map(str::trim).filter(|part| !part.is_empty());
        return parts.map(|part| Cow::Owned(part.to_owned())).collect();
    };
    let mut texts = Vec::new();
    let _ = Reader::new(array).array(|reader| {
        texts.extend(shown(reader.value()?).filter(|text| !text.trim().is_empty()));
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
