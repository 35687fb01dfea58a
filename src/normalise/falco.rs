//! Falco's JSON alerts, of every version and key order.

use std::borrow::Cow;

use super::{
    Emit, Envelope, Form, Moment, Outcome, Reason, Sources, Wrapper, carrier, dates, fields,
    pointer,
    text::{self as plain, SENSOR},
};
use crate::{
    alert::{Alert, RuleFrom},
    json::{Fault, Members, Reader, Value},
    priority::Priority,
    time::Timestamp,
};

/// What an alert's object can begin with, as it was written.
const BEGINNINGS: [&str; 9] = [
    "{\"hostname\":",
    "{\"output\":",
    "{\"uuid\":",
    "{\"message\":",
    "{\"output_fields\":",
    "{\"priority\":",
    "{\"rule\":",
    "{\"time\":",
    "{\"source\":",
];

/// What a document around an alert can begin with, as runtimes, shippers and stores write it.
const DOCUMENTS: [&str; 7] = [
    "{\"log\":\"",
    "{\"_index\":",
    "{\"@timestamp\":",
    "{\"date\":",
    "{\"event\":{",
    "{\"stream\":",
    "{\"__CURSOR\":",
];

/// What lines of Falco Talon's log say of an alert.
pub const TALONS: [&str; 6] = ["event", "match", "action", "output", "notification", "context"];

/// The members of an object that may be an alert, as they were read.
#[derive(Default)]
struct Raw<'a> {
    time: Option<Value<'a>>,
    rule: Option<Value<'a>>,
    priority: Option<Value<'a>>,
    output: Option<Value<'a>>,
    message: Option<Value<'a>>,
    source: Option<Value<'a>>,
    hostname: Option<Value<'a>>,
    uuid: Option<Value<'a>>,
    tags: Option<Vec<Cow<'a, str>>>,
    fields: Option<Members<'a>>,
    sample: bool,
    /// There is a trace or an actionner, as in Falco Talon's own log.
    traced: bool,
    /// All of the object, where there are members beside an alert's.
    beside: Option<&'a str>,
}

/// Reads the value at `at`, which begins with `{` or `[`, and emits its records. Gives the
/// offset behind it.
pub fn value(
    text: &str,
    at: usize,
    envelope: &Envelope<'_>,
    emit: &mut Emit<'_>,
) -> Result<usize, Fault> {
    let mut reader = Reader::at(text, at);
    if reader.peek() == Some(b'[') {
        // Emits only once the whole array is known to be good.
        reader.value()?;
        array(&text[at..reader.offset()], envelope, emit);
        return Ok(reader.offset());
    }
    let raw = Raw::read(&mut reader, text, at)?;
    let end = reader.offset();
    let object = &text[at..end];
    if raw.is_plain() {
        emit(envelope.record(object), raw.outcome(envelope));
    } else if let Err(reason) = unusual(object, raw, envelope, emit) {
        emit(envelope.record(object), Outcome::Rejected(reason));
    }
    Ok(end)
}

/// Emits the records of an array. Arrays within one another, which are no rows, are not read anew at
/// each depth.
fn array(array: &str, envelope: &Envelope<'_>, emit: &mut Emit<'_>) {
    let row = matches!(array[1..].trim_ascii_start().as_bytes(), [b'{' | b'"', ..]);
    if !row || !carrier::row(array, envelope, emit) {
        elements(array, envelope, emit);
    }
}

/// Emits what an object is that is not an alert as Falco writes it: it may be another detector's,
/// hold an alert, or be one in another way of writing. Where it is nothing of these, says why.
fn unusual<'t>(
    object: &'t str,
    raw: Raw<'t>,
    envelope: &Envelope<'t>,
    emit: &mut Emit<'_>,
) -> Result<(), Reason> {
    let members = Reader::new(object).members().map_err(|fault| Reason::from(fault.kind))?;
    // Before what may be carried: an attacker chooses words within another detector's record.
    if !members.is_empty()
        && (envelope.context.sources.open(object, &members, envelope, emit)
            || carrier::open(object, &members, envelope, emit))
    {
        return Ok(());
    }
    let outcome = match raw.outcome(envelope) {
        Outcome::Rejected(reason) => any_case(object, envelope).ok_or(reason)?,
        outcome => outcome,
    };
    emit(envelope.record(object), outcome);
    Ok(())
}

/// Emits the record that an object within another is or holds; `false` if there is none.
pub fn within(object: &str, envelope: &Envelope<'_>, emit: &mut Emit<'_>) -> bool {
    let Ok(raw) = Raw::read(&mut Reader::new(object), object, 0) else { return false };
    if raw.is_plain() {
        emit(envelope.record(object), raw.outcome(envelope));
        return true;
    }
    unusual(object, raw, envelope, emit).is_ok()
}

/// Emits the alert that an object is, not one that it holds; `false` if it is none, or has too
/// little of one.
pub fn itself(object: &str, envelope: &Envelope<'_>, emit: &mut Emit<'_>) -> bool {
    let Ok(raw) = Raw::read(&mut Reader::new(object), object, 0) else { return false };
    if !raw.is_plain() && raw.priority.is_none() {
        return false;
    }
    let outcome = raw.outcome(envelope);
    let found = matches!(outcome, Outcome::Alert(_) | Outcome::Sensor(_));
    if found {
        emit(envelope.record(object), outcome);
    }
    found
}

/// An alert whose names are written in another case, as Go's decoder lets pass.
fn any_case<'t>(object: &'t str, envelope: &Envelope<'t>) -> Option<Outcome<'t>> {
    let mut raw = Raw::default();
    let mut reader = Reader::new(object);
    let read = reader.object(|reader, name| raw.take(&name.to_ascii_lowercase(), reader));
    match read.ok().map(|()| raw.outcome(envelope)) {
        None | Some(Outcome::Rejected(_)) => None,
        found => found,
    }
}

/// Each element of an array is a record.
pub fn elements(array: &str, envelope: &Envelope<'_>, emit: &mut Emit<'_>) {
    let inner = envelope.within(Wrapper::Array);
    let mut reader = Reader::new(array);
    let mut any = false;
    // The array has been read once, so this cannot fail.
    let _ = reader.array(|reader| {
        any = true;
        let nested = matches!(reader.peek(), Some(b'{' | b'['));
        let start = reader.offset();
        let element = reader.value()?;
        let end = reader.offset();
        if matches!(element, Value::Array(_)) {
            self::array(&array[start..end], &inner, emit);
        } else if nested {
            value(array, start, &inner, emit)?;
        } else if !line(&element, &inner.inside(Wrapper::Array, &array[start..end]), emit) {
            emit(inner.record(&array[start..end]), Outcome::Rejected(Reason::NotObject));
        }
        Ok(())
    });
    if !any {
        emit(envelope.record(array), Outcome::Rejected(Reason::NotObject));
    }
}

/// Emits the alert in an element that is the text of one; `false` if it is none.
fn line(element: &Value<'_>, envelope: &Envelope<'_>, emit: &mut Emit<'_>) -> bool {
    matches!(element, Value::Text(text) if carrier::text_within(text, false, envelope, emit))
}

/// Whether a text begins as an alert's object does.
pub fn looks_like_alert(text: &str) -> bool {
    BEGINNINGS.iter().any(|beginning| text.starts_with(beginning))
}

/// Where the next alert's object begins after a record that broke off.
pub fn next_alert(text: &str, from: usize) -> Option<usize> {
    next(text, from, looks_like_alert)
}

/// The same, or where a document around the next alert begins, or another detector's record.
pub fn next_record(text: &str, from: usize, sources: &Sources) -> Option<usize> {
    next(text, from, |text| begins_record(text, sources))
}

/// Whether a text begins as any of these does.
pub fn begins_record(text: &str, sources: &Sources) -> bool {
    let is_document = || DOCUMENTS.iter().any(|beginning| text.starts_with(beginning));
    text.starts_with("{\"") && (looks_like_alert(text) || is_document() || sources.begins(text))
}

fn next(text: &str, from: usize, begins: impl Fn(&str) -> bool) -> Option<usize> {
    memchr::memmem::find_iter(text.as_bytes().get(from..)?, b"{\"")
        .map(|at| from + at)
        .filter(|at| begins(&text[*at..]))
        // What stands behind a colon is a part of the record that broke off, unless it is whole.
        .find(|at| !text[..*at].ends_with(':') || Reader::at(text, *at).value().is_ok())
}

impl<'a> Raw<'a> {
    /// Reads the object that stands at an offset of a text.
    fn read(reader: &mut Reader<'a>, text: &'a str, at: usize) -> Result<Self, Fault> {
        let mut raw = Self::default();
        reader.object(|reader, name| raw.take(name.as_ref(), reader))?;
        raw.beside = raw.beside.and_then(|_| text.get(at..reader.offset()));
        Ok(raw)
    }

    fn take(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<(), Fault> {
        match name {
            "output_fields" => self.fields = read_fields(reader)?,
            "tags" => self.tags = read_tags(reader)?,
            name => {
                let value = reader.value()?;
                self.set(name, value);
            }
        }
        Ok(())
    }

    /// Whether this is an alert as Falco writes it, or known not to be one by itself, whatever stands
    /// within it.
    fn is_plain(&self) -> bool {
        self.is_talons()
            || matches!(self.rule, Some(Value::Text(_))) && (self.tells_what() || self.is_bare())
    }

    /// Whether there is what Falco says of an event.
    const fn tells_what(&self) -> bool {
        self.output.is_some() || self.fields.is_some()
    }

    /// Whether this is an alert of which Falco leaves out output and fields, as it can be told to: it has
    /// a message then, or nothing but an alert's own members. What a document has beside those may hold
    /// the alert itself.
    fn is_bare(&self) -> bool {
        self.time.is_some()
            && (self.message.is_some() || self.beside.is_none())
            && self.word().and_then(Priority::parse).is_some()
    }

    /// Whether this is a line of Falco Talon's own log, which tells of an alert that Falco has told of
    /// already, or of what was done about it.
    fn is_talons(&self) -> bool {
        self.traced
            && match (&self.message, &self.rule) {
                // It has the rule under another name.
                (Some(Value::Text(said)), None) => said == "event" && self.output.is_some(),
                (Some(Value::Text(said)), Some(Value::Text(_))) => TALONS.contains(&said.as_ref()),
                _ => false,
            }
    }

    /// The priority's word.
    fn word(&self) -> Option<&str> {
        match &self.priority {
            Some(Value::Text(word)) => Some(word),
            _ => None,
        }
    }

    fn set(&mut self, name: &str, value: Value<'a>) {
        let slot = match name {
            "time" => &mut self.time,
            "rule" => &mut self.rule,
            "priority" => &mut self.priority,
            "output" => &mut self.output,
            "message" => &mut self.message,
            "source" => &mut self.source,
            "hostname" => &mut self.hostname,
            "uuid" => &mut self.uuid,
            "sample" => {
                self.sample = true;
                return;
            }
            "trace_id" | "actionner" => {
                (self.traced, self.beside) = (true, Some(""));
                return;
            }
            _ => {
                self.beside = Some("");
                return;
            }
        };
        *slot = Some(value);
    }

    fn outcome(self, envelope: &Envelope<'a>) -> Outcome<'a> {
        if self.is_talons() {
            return Outcome::OtherText;
        }
        // Falco's metrics file: counters, no rule and no time.
        if self.rule.is_none() && self.sample && self.fields.is_some() {
            return Outcome::SensorMetrics;
        }
        match self.alert(envelope) {
            Ok(alert) if alert.rule.starts_with(SENSOR) => Outcome::Sensor(alert),
            Ok(alert) => Outcome::Alert(alert),
            Err(reason) => Outcome::Rejected(reason),
        }
    }

    fn alert(self, envelope: &Envelope<'a>) -> Result<Alert<'a>, Reason> {
        let tells_what = self.tells_what();
        let rule = match self.rule {
            Some(Value::Text(rule)) if !rule.trim().is_empty() => rule,
            Some(Value::Text(_) | Value::Null) | None => return Err(Reason::MissingRule),
            Some(_) => return Err(Reason::BadType),
        };
        let priority = match (&self.priority, &self.time) {
            (Some(Value::Text(word)), _) => Priority::parse(word),
            (Some(Value::Null) | None, _) => None,
            // Clients of Falco's gRPC interface may write what they were sent as it is.
            (Some(Value::Number(number)), Some(Value::Object(_))) => {
                number.parse().ok().and_then(|at: usize| Priority::ALL.get(at).copied())
            }
            (Some(_), _) => return Err(Reason::BadType),
        };
        let mut fields = match (self.fields, self.beside) {
            (Some(fields), _) => fields,
            (None, Some(object)) => fields::spread(object),
            (None, None) => Members::new(),
        };
        if fields.first().is_some_and(|(name, _)| !name.contains('.')) {
            fields = fields::canonical(fields);
        }
        let hostname = self.hostname.and_then(text);
        let output = self.output.and_then(output).or_else(|| self.message.and_then(text));
        let time = read_time(self.time, &fields);
        let lacking = time.is_err() || hostname.as_deref().is_none_or(str::is_empty);
        let (host, moment) = match self.beside {
            Some(object) if lacking => carrier::beside(object),
            _ => (None, Moment::Unknown),
        };
        let time = match (time, output.as_deref()) {
            // A shipper that takes a record's time from it may also take it out.
            (Err(Reason::MissingTime), Some(output)) if priority.is_some() => {
                plain::time(output, &envelope.told(None, moment)).ok_or(Reason::MissingTime)?
            }
            (time, _) => time?,
        };
        // Much else has a rule and a time.
        if !tells_what && priority.is_none() {
            return Err(Reason::MissingPriority);
        }
        Ok(Alert {
            time,
            received: envelope.received(),
            rule,
            rule_from: RuleFrom::Record,
            priority: priority.unwrap_or(Priority::Warning),
            priority_known: priority.is_some(),
            output,
            source: self.source.and_then(text),
            tags: self.tags.unwrap_or_default(),
            hostname,
            uuid: self.uuid.and_then(text),
            fields,
            wrapper_host: host.map(Cow::Owned).or(envelope.host.map(Cow::Borrowed)),
            shape: envelope.shape(Form::Json),
        })
    }
}

/// A value that should be text; anything but null is kept as it was written.
fn text(value: Value<'_>) -> Option<Cow<'_, str>> {
    match value {
        Value::Text(text) => Some(text),
        Value::Null => None,
        Value::Bool(true) => Some("true".into()),
        Value::Bool(false) => Some("false".into()),
        Value::Number(written) | Value::Array(written) | Value::Object(written) => {
            Some(written.into())
        }
    }
}

/// An output. falcosidekick-ui cuts the time and priority off with a pattern that takes only the
/// first four letters of Informational.
fn output(value: Value<'_>) -> Option<Cow<'_, str>> {
    let output = text(value)?;
    match (output.strip_prefix("rmational "), &output) {
        (None, _) => Some(output),
        (Some(_), Cow::Borrowed(whole)) => Some(Cow::Borrowed(&whole["rmational ".len()..])),
        (Some(rest), Cow::Owned(_)) => Some(Cow::Owned(rest.to_owned())),
    }
}

fn read_fields<'a>(reader: &mut Reader<'a>) -> Result<Option<Members<'a>>, Fault> {
    if reader.peek() == Some(b'{') {
        return reader.members().map(Some);
    }
    reader.value().map(|_| None)
}

fn read_tags<'a>(reader: &mut Reader<'a>) -> Result<Option<Vec<Cow<'a, str>>>, Fault> {
    if reader.peek() != Some(b'[') {
        return reader.value().map(|_| None);
    }
    let mut tags = Vec::with_capacity(6);
    reader.array(|reader| {
        let tag = reader.value()?;
        tags.extend(text(tag).filter(|tag| !tag.is_empty()));
        Ok(())
    })?;
    Ok(Some(tags))
}

/// The alert's time; where the record has none, the time of the event in nanoseconds that Falco
/// puts among the output fields.
fn read_time(time: Option<Value<'_>>, fields: &Members<'_>) -> Result<Timestamp, Reason> {
    match time {
        Some(Value::Text(time)) => Timestamp::parse(time.as_bytes()).ok_or(Reason::BadTime),
        Some(Value::Null) | None => event_time(fields).ok_or(Reason::MissingTime),
        Some(Value::Object(time)) => {
            since_epoch(time).or_else(|| dates::exported(time)).ok_or(Reason::BadType)
        }
        Some(_) => Err(Reason::BadType),
    }
}

/// `{"seconds":1794992400,"nanos":5}`, as a client of Falco's gRPC interface was sent it.
fn since_epoch(time: &str) -> Option<Timestamp> {
    let whole = |value: Value<'_>| match value {
        Value::Number(number) => number.parse().ok(),
        _ => None,
    };
    let secs = whole(pointer::at(time, "/seconds")?)?;
    let nanos: i64 = pointer::at(time, "/nanos").map_or(Some(0), whole)?;
    let nanos = u32::try_from(nanos).ok().filter(|nanos| *nanos < 1_000_000_000)?;
    Timestamp { secs, nanos }.logged()
}

fn event_time(fields: &Members<'_>) -> Option<Timestamp> {
    fields.iter().find_map(|(name, value)| match (name.as_ref(), value) {
        ("evt.time" | "evt.time.iso8601", Value::Number(nanos)) => {
            Timestamp::from_nanos(nanos.parse().ok()?)
        }
        _ => None,
    })
}
