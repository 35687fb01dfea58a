//! Falco's alerts in text: `10:34:50.502309868: Notice A shell was spawned …`, or the same with a
//! date before it.
//!
//! Such an alert carries neither its rule nor its fields: the rule is found by the constant start
//! of its message, the fields in the `key=value` pairs that rules write into it.

use std::borrow::Cow;

use super::{Envelope, Form, Outcome, Reason, wrapper::second_of_day};
use crate::{
    alert::{Alert, RuleFrom},
    json::{Reader, Value},
    priority::Priority,
    time::Timestamp,
};

mod fields;
mod rule;

/// How the names of Falco's own messages begin.
pub const SENSOR: &str = "Falco internal: ";

/// The front of an alert in text.
#[derive(Clone, Copy, Debug)]
pub struct Head<'t> {
    clock: Clock,
    priority: Priority,
    message: &'t str,
}

#[derive(Clone, Copy, Debug)]
enum Clock {
    Instant(Timestamp),
    /// Second of a day that is not named, in a zone that is not named.
    OfDay(i64, u32),
}

/// What a wrapper says of an alert whose text it holds.
#[derive(Clone, Debug, Default)]
pub struct Labels<'l> {
    /// The rule.
    pub rule: Option<Cow<'l, str>>,
    /// The priority.
    pub priority: Option<Priority>,
    /// See [`Alert::source`].
    pub source: Option<Cow<'l, str>>,
    /// See [`Alert::hostname`].
    pub hostname: Option<Cow<'l, str>>,
    /// See [`Alert::tags`].
    pub tags: Vec<Cow<'l, str>>,
}

impl<'t> Head<'t> {
    /// What stands where the message breaks off, if it does so before its first value. A value may
    /// hold whatever an attacker wrote, and nothing tells it from a record that follows: only what
    /// cuts the constant start of one of Falco's own messages short does.
    pub fn broken_off(&self) -> Option<&'t str> {
        self.message.get(rule::begun(self.message)?..)
    }
}

/// Reads the front of an alert in text.
pub fn head(text: &str) -> Option<Head<'_>> {
    const LONGEST_CLOCK: usize = 40;
    let front = &text.as_bytes()[..text.len().min(LONGEST_CLOCK)];
    let end = memchr::memmem::find(front, b": ")?;
    let (clock, rest) = (&text[..end], &text[end + 2..]);
    let (word, message) = rest.split_once(' ').unwrap_or((rest, ""));
    let priority = Priority::ALL.into_iter().find(|priority| priority.name() == word)?;
    let clock = match clock.as_bytes().get(10) {
        Some(b'T') => Clock::Instant(Timestamp::parse(clock.as_bytes())?),
        _ => Clock::OfDay(second_of_day(clock.as_bytes())?, fraction(&clock[8..])?),
    };
    Some(Head { clock, priority, message })
}

/// The instant of an alert of which only the output tells a time, or what is around it.
pub fn time(output: &str, envelope: &Envelope<'_>) -> Option<Timestamp> {
    instant(head(output), envelope)
}

fn instant(head: Option<Head<'_>>, envelope: &Envelope<'_>) -> Option<Timestamp> {
    match head.map(|head| head.clock) {
        Some(Clock::Instant(time)) => Some(time),
        Some(Clock::OfDay(second, nanos)) => envelope.dated(second, nanos),
        None => envelope.instant(),
    }
}

/// `.502309868` in nanoseconds.
fn fraction(text: &str) -> Option<u32> {
    let digits = text.strip_prefix('.').filter(|digits| digits.len() <= 9)?;
    let number = super::envelope::digits(digits.as_bytes())?;
    Some(number * 10_u32.pow(9 - u32::try_from(digits.len()).ok()?))
}

/// Where an alert in text begins in a line that begins with something else.
pub fn find(text: &str) -> Option<usize> {
    /// Of a clock, from its point on.
    const LONGEST: usize = 16;
    memchr::memmem::find_iter(text.as_bytes(), b": ").find_map(|colon| {
        let from = colon.saturating_sub(LONGEST);
        let point = from + memchr::memrchr(b'.', &text.as_bytes()[from..colon])?;
        let dated = point.checked_sub(19).filter(|at| text.as_bytes()[at + 10] == b'T');
        let starts = [dated, point.checked_sub(8)];
        starts.into_iter().flatten().find(|at| text.get(*at..).and_then(head).is_some())
    })
}

/// The alert of which `text` is all, from its time on.
pub fn alert<'t>(text: &'t str, head: Head<'t>, envelope: &Envelope<'t>) -> Outcome<'t> {
    labelled(text, Some(head), Labels::default(), envelope)
}

/// The alert of a text of which a wrapper tells more. Where the text has no time at its front the
/// wrapper's counts.
pub fn labelled<'t>(
    text: &'t str,
    head: Option<Head<'t>>,
    labels: Labels<'t>,
    envelope: &Envelope<'t>,
) -> Outcome<'t> {
    let Some(time) = instant(head, envelope) else { return Outcome::Rejected(Reason::TextAlert) };
    let message = head.map_or(text, |head| head.message);
    let plain = unescaped(message);
    let said = head.map(|head| head.priority).or(labels.priority);
    let (rule, rule_from, source) = match labels.rule {
        Some(rule) => (rule, RuleFrom::Record, None),
        None => rule::of(&plain, said),
    };
    let audited = labels.source.as_deref().or(source) == Some("k8s_audit");
    let (output, fields) = match plain {
        Cow::Borrowed(message) => (Cow::Borrowed(text), fields::of(message, audited)),
        Cow::Owned(message) => {
            let front = &text[..text.len() - head.map_or(text.len(), |head| head.message.len())];
            let owned = fields::of(&message, audited).into_iter();
            let fields = owned.map(|(name, value)| {
                let name = Cow::Owned(name.into_owned());
                (name, Value::Text(Cow::Owned(value.shown().to_owned())))
            });
            (Cow::Owned(format!("{front}{message}")), fields.collect())
        }
    };
    let sensor = rule.starts_with(SENSOR);
    // A clock without a date has its day from the wrapper, and says nothing against it.
    let dated = head.is_some_and(|head| matches!(head.clock, Clock::Instant(_)));
    let by_file = !dated && head.is_some() && envelope.day().is_some();
    let alert = Alert {
        time,
        received: envelope.received().filter(|_| dated),
        rule,
        rule_from,
        priority: said.unwrap_or(Priority::Warning),
        priority_known: said.is_some(),
        output: Some(output),
        source: labels.source,
        tags: labels.tags,
        hostname: labels.hostname,
        uuid: None,
        fields,
        wrapper_host: envelope.host.map(Cow::Borrowed),
        shape: envelope.shape(if by_file { Form::DatedByFile } else { Form::Text }),
    };
    if sensor { Outcome::Sensor(alert) } else { Outcome::Alert(alert) }
}

/// The priority that Falco gives its own messages, which stand in some stores without it.
pub fn own_priority(rule: &str) -> Option<Priority> {
    let name = rule.strip_prefix(SENSOR)?;
    Some(match name {
        "metrics snapshot" | "capture size limit reached" => Priority::Informational,
        "hot restart failure" => Priority::Critical,
        _ => Priority::Debug,
    })
}

/// A time, a priority as it is written and what it is, and the columns behind them.
pub type Row<'t> = (Timestamp, &'t str, Priority, &'t str);

/// The columns of `2026-11-18T02:04:16Z<TAB>Warning<TAB>…`: an alert's, or what a program logs of itself
/// with a level.
pub fn row(text: &str) -> Option<Row<'_>> {
    let mut columns = text.splitn(3, '\t');
    let time = Timestamp::parse(columns.next()?.as_bytes())?;
    let word = columns.next()?;
    Some((time, word, Priority::parse(word)?, columns.next()?))
}

/// `2026-11-18T02:04:16Z<TAB>Warning<TAB>rule<TAB>output`, as a query for these four prints it. A program
/// has a logger there and what it says: the output has to begin as an alert of that priority does,
/// or the rule to be one of Falco's.
pub fn columns<'t>(
    (time, word, priority, columns): Row<'t>,
    envelope: &Envelope<'t>,
) -> Option<Outcome<'t>> {
    let (rule, output) = columns.split_once('\t')?;
    let head = head(output);
    let is_alert = match head {
        Some(head) => head.priority == priority,
        None => word == priority.name() && rule::is_falcos(rule),
    };
    if !is_alert {
        return None;
    }
    let labels = Labels { rule: Some(rule.into()), priority: Some(priority), ..Labels::default() };
    let around = envelope.told(None, time.into());
    let outcome = labelled(output, head, labels, &around);
    Some(match outcome {
        Outcome::Alert(alert) => {
            Outcome::Alert(Alert { time, shape: envelope.shape(Form::Table), ..alert })
        }
        outcome => outcome,
    })
}

/// A message as Falco had it. Falco after 0.44.1 escapes text as in a JSON string, Falco before
/// does not: a message is taken for escaped only if it is a JSON string's inside to the last byte.
fn unescaped(message: &str) -> Cow<'_, str> {
    if !message.contains('\\') {
        return Cow::Borrowed(message);
    }
    let quoted = format!("\"{message}\"");
    let mut reader = Reader::new(&quoted);
    match reader.string() {
        Ok(plain) if reader.offset() == quoted.len() => Cow::Owned(plain.into_owned()),
        _ => Cow::Borrowed(message),
    }
}

#[cfg(test)]
mod tests;
