//! Records become alerts, Falco's own messages, other text, or rejected records with a reason.
//!
//! [`line()`] takes one line (or one value that spans lines) and emits one outcome for each record
//! in it, so that everything read is accounted for.

use crate::{
    alert::Alert,
    json::{FaultKind, Reader},
};

mod carrier;
mod cef;
mod container;
mod dates;
mod envelope;
mod falco;
mod fields;
mod grafana;
mod labelled;
mod loki;
mod otlp;
mod pointer;
mod quoted;
mod reason;
mod sns;
mod sources;
mod surroundings;
mod text;
mod wrapper;

pub use crate::shape::{Form, Shape, Wrapper};
pub use envelope::Context;
use envelope::{Envelope, Moment};
pub use reason::Reason;
pub use sources::{Source, Sources};

/// What a record turned out to be.
#[derive(Debug)]
pub enum Outcome<'a> {
    /// An alert.
    Alert(Alert<'a>),
    /// Falco's own message on its health (`Falco internal: …`); an alert in form.
    Sensor(Alert<'a>),
    /// A line of Falco's metrics file: counters without a rule and a time.
    SensorMetrics,
    /// Text known to stand between alerts.
    OtherText,
    /// Text that stands between alerts and is not known.
    UnknownText,
    /// A record that should be an alert and cannot be read.
    Rejected(Reason),
}

/// Receives each record as it was read, and what it is.
pub type Emit<'e> = dyn FnMut(&str, Outcome<'_>) + 'e;

/// Reads the records of one line, its line end taken off.
pub fn line(text: &str, context: &Context<'_>, emit: &mut Emit<'_>) {
    let trimmed = trim(text);
    if trimmed.is_empty() {
        return emit(text, Outcome::OtherText);
    }
    let envelope = Envelope::bare(context);
    if trimmed.starts_with("\u{1b}[") {
        let envelope = Envelope { whole: Some(trimmed), ..envelope };
        return payload(&colourless(trimmed), envelope, emit);
    }
    records(trimmed, envelope, emit);
}

/// Reads the records of an element of a list of which the rest stands elsewhere. `frame` is what tells of
/// it: the value that it stands in up to it, and from there on, without the other elements.
pub fn element(text: &str, frame: [&str; 2], context: &Context<'_>, emit: &mut Emit<'_>) {
    let bare = Envelope::bare(context);
    let mut reader = Reader::new(text);
    match frame {
        ["", _] => line(text, context, emit),
        ["[", _] => records(trim(text), bare.within(Wrapper::Array), emit),
        [before, behind] if reader.value().is_ok() && reader.at_end() => {
            let whole = [before, text, behind].concat();
            records(&whole, Envelope { whole: Some(text), ..bare }, emit);
        }
        _ => line(text, context, emit),
    }
}

/// A line without the colours that a terminal would show it in, as `jq -C` and `grep --color` write
/// it.
fn colourless(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut plain = String::from(parts.next().unwrap_or(""));
    for part in parts {
        let number = |c: char| c.is_ascii_digit() || c == ';';
        plain += part.trim_start_matches(number).strip_prefix(['m', 'K']).unwrap_or(part);
    }
    plain
}

fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_ascii_whitespace() || c == '\u{feff}')
}

/// Reads the records of a text that is not blank.
fn records(text: &str, envelope: Envelope<'_>, emit: &mut Emit<'_>) {
    match text.as_bytes() {
        [b'{', b'"', b'l', ..] if container::is_docker(text) => {
            container::docker(text, envelope, emit);
        }
        [b'{', ..] => values(text, 0, envelope, emit),
        [b'[', ..] if is_array(text) => values(text, 0, envelope, emit),
        _ => prefixed(text, envelope, emit),
    }
}

/// Reads the records of a text that stood within another record, which is the envelope's whole: one, or
/// another from each line on that begins one. Behind an alert in text none does: its values may hold
/// lines that an attacker wrote.
fn payload(text: &str, envelope: Envelope<'_>, emit: &mut Emit<'_>) {
    let trimmed = trim(text);
    if trimmed.is_empty() || envelope.depth > envelope::DEEPEST {
        return emit(envelope.record(text), Outcome::OtherText);
    }
    let first = trimmed.lines().next().unwrap_or_default();
    let is_text = !first.starts_with(['{', '[']) && text::find(first).is_some();
    let mut rest = trimmed;
    while !is_text && let Some(next) = next_line(rest, &envelope) {
        records(trim(&rest[..next]), envelope, emit);
        rest = &rest[next..];
    }
    records(rest, envelope, emit);
}

/// Where the next line begins that is a record of its own: an alert's, in text or whole in JSON. Any
/// other goes on with what stands before it, as a command in an alert may do.
fn next_line(text: &str, envelope: &Envelope<'_>) -> Option<usize> {
    let begins = |line: &str| {
        let is_alert = || falco::itself(line, envelope, &mut |_, _| {});
        text::head(line).is_some() || falco::looks_like_alert(line) && is_alert()
    };
    let behind = |at: usize| {
        let ends = memchr::memchr_iter(b'\n', &text.as_bytes()[at..]);
        ends.map(|end| at + end + 1).find(|line| begins(&text[*line..]))
    };
    let first = behind(0)?;
    let mut reader = Reader::new(text);
    // Within a value over several lines it is none.
    let value = text.starts_with(['{', '[']) && reader.value().is_ok() && reader.offset() > first;
    if value { behind(reader.offset()) } else { Some(first) }
}

/// Whether a text that begins with `[` is an array, and not `[libs]:` or `[pod/…]`.
fn is_array(text: &str) -> bool {
    let inner = text[1..].trim_ascii_start();
    let of_number = |c: char| c.is_ascii_digit() || "+-.eE".contains(c);
    let rest = inner.trim_start_matches(of_number);
    if rest.len() == inner.len() {
        return inner.starts_with(['{', '[', ']', '"']);
    }
    // Fluent Bit numbers what it prints, `[0] tag: […]`, and others put a time in brackets.
    let number = inner[..inner.len() - rest.len()].parse::<f64>().is_ok();
    let rest = rest.trim_ascii_start();
    number && (rest.is_empty() || rest.starts_with([',', ']']) && !rest.starts_with("] "))
}

/// A line that does not begin with JSON: a wrapper's prefix before it, or no JSON at all.
fn prefixed(text: &str, envelope: Envelope<'_>, emit: &mut Emit<'_>) {
    if container::is_partial(text) {
        return container::cri(text, envelope, emit);
    }
    if container::is_job(text) {
        return container::job(text, &envelope, emit);
    }
    // `grep -n` numbers each piece of a line.
    let numbered = container::numbered(text);
    if container::is_partial(numbered) {
        return container::cri(text, envelope.within(Wrapper::Numbered), emit);
    }
    if container::is_docker(numbered) {
        return container::docker(text, envelope.within(Wrapper::Numbered), emit);
    }
    // Grafana's header of a download.
    if text.starts_with("Common labels: {") {
        return emit(envelope.record(text), Outcome::OtherText);
    }
    if grafana::line(text, &envelope, emit) {
        return;
    }
    // A log that was cut off while it was written begins with a hole.
    let (inner, around) = wrapper::strip(text.trim_start_matches('\0'), envelope);
    if surroundings::is_copy(inner) {
        return emit(around.record(text), Outcome::OtherText);
    }
    let whole = Envelope { whole: Some(around.record(text)), ..around };
    if inner.starts_with('{') && loki::printed(inner, &whole, emit) {
        return;
    }
    if inner.starts_with('{') || (inner.starts_with('[') && is_array(inner)) {
        return values(text, text.len() - inner.len(), around, emit);
    }
    if text::head(inner).is_some() {
        return texts(text, text.len() - inner.len(), around, emit);
    }
    if let Some(outcome) = cef::alert(inner, &around) {
        return emit(around.record(text), outcome);
    }
    let row = text::row(inner);
    if let Some(outcome) = row.and_then(|row| text::columns(row, &around)) {
        return emit(around.record(text), outcome);
    }
    if let Some((message, moment)) = wrapper::event(inner) {
        let around = whole.within(Wrapper::CloudWatch).told(None, moment).deeper();
        return payload(message, around, emit);
    }
    if quoted::records(inner, &whole, emit) {
        return;
    }
    let around = around.within(Wrapper::Text);
    let behind = text.len() - inner.len();
    // What stands behind a name and its colon is a part of a record without its beginning.
    let torn = |at: usize| text[..at].contains("\":");
    // So is what has the names behind it.
    let fields = ["output_fields\":", "output_fields\\\":"];
    let beheaded =
        |at: usize| text.ends_with('}') && fields.iter().any(|name| text[at..].contains(name));
    let json = memchr::memmem::find(text.as_bytes(), b"{\"").filter(|at| {
        falco::looks_like_alert(&text[*at..])
            || (!torn(*at) && is_record(text, *at, row.is_some(), &around))
    });
    let alert = text::find(inner).map(|at| behind + at);
    let alert = alert.filter(|at| !torn(*at) && !beheaded(*at));
    let cef = cef::find(inner).map(|at| behind + at);
    let first = [json, alert, cef].into_iter().flatten().min();
    let moment = first.and_then(|at| text.get(behind..at)).map(wrapper::aside);
    let around = around.told(None, moment.unwrap_or_default());
    let outcome = match first {
        Some(at) if json == Some(at) => return values(text, at, around, emit),
        Some(at) if alert == Some(at) => return texts(text, at, around, emit),
        Some(at) => cef::alert(&text[at..], &around).unwrap_or(Outcome::UnknownText),
        None if text.contains('\0') => Outcome::Rejected(Reason::Nul),
        None if row.is_some() => Outcome::UnknownText,
        None => surroundings::classify(inner),
    };
    emit(around.record(text), outcome);
}

/// Whether an object within a text is a record: it ends the text, as what a program says may do, but
/// not the columns of one, or is known by what it holds.
fn is_record(text: &str, at: usize, in_row: bool, envelope: &Envelope<'_>) -> bool {
    let mut reader = Reader::at(text, at);
    if reader.value().is_err() {
        return false;
    }
    let object = &text[at..reader.offset()];
    let ends = matches!(after(text, reader.offset()), After::Nothing);
    ends && !in_row || falco::within(object, envelope, &mut |_, _| {})
}

/// Reads alerts in text from `at` to the end: one, and those before it that broke off.
fn texts<'t>(text: &'t str, mut at: usize, mut around: Envelope<'t>, emit: &mut Emit<'_>) {
    let mut from = 0;
    while let Some(head) = text::head(&text[at..]) {
        let Some(next) = interrupting(text, &head, around) else {
            let alert = text::alert(&text[at..], head, &around);
            return emit(around.record(&text[from..]), alert);
        };
        let torn = &text[from..next.from];
        emit(around.record(torn), Outcome::Rejected(Reason::Truncated));
        (from, at, around) = (next.from, next.at, next.envelope);
    }
    values(&text[from..], at - from, around, emit);
}

/// A record that follows another on its line.
struct Next<'t> {
    /// Where it begins, with what a wrapper put before it.
    from: usize,
    /// Where its value or its text begins.
    at: usize,
    envelope: Envelope<'t>,
}

/// The record that interrupts an alert in text.
fn interrupting<'t>(text: &str, head: &text::Head<'t>, envelope: Envelope<'t>) -> Option<Next<'t>> {
    let rest = head.broken_off()?;
    let (inner, envelope) = wrapper::strip(rest, envelope);
    let begins =
        text::head(inner).is_some() || falco::begins_record(inner, envelope.context.sources);
    let (from, at) = (text.len() - rest.len(), text.len() - inner.len());
    begins.then_some(Next { from, at, envelope })
}

impl<'t> Next<'t> {
    /// The record in JSON that begins at an offset, behind one that broke off.
    fn at(text: &'t str, behind: usize, at: usize, envelope: Envelope<'t>) -> Self {
        let from = wrapper::before(text, behind, at);
        let (_, envelope) = wrapper::strip(&text[from..at], envelope);
        Self { from, at, envelope }
    }
}

/// Reads values from `start` to the end of the text. The first record's bytes include what stands
/// before it.
fn values<'t>(text: &'t str, start: usize, mut envelope: Envelope<'t>, emit: &mut Emit<'_>) {
    let (mut from, mut at) = (0, start);
    loop {
        let around = Envelope { piece: (from < at).then_some(&text[from..]), ..envelope };
        let next = match falco::value(text, at, &around, emit) {
            Ok(end) => match after(text, end) {
                After::Nothing => return,
                After::Value(next) => Some(Next { from: next, at: next, envelope }),
                After::Junk(junk) => {
                    // What a wrapper put before the next record, where no line ends between.
                    let (inner, around) = wrapper::strip(&text[junk..], envelope);
                    let inner_at = text.len() - inner.len();
                    if text::head(inner).is_some() {
                        return texts(&text[junk..], inner_at - junk, around, emit);
                    }
                    if inner.starts_with("{\"") {
                        Some(Next { from: junk, at: inner_at, envelope: around })
                    } else {
                        let next = falco::next_record(text, junk, envelope.context.sources);
                        let next = next.map(|next| Next::at(text, junk, next, envelope));
                        let piece = &text[junk..next.as_ref().map_or(text.len(), |next| next.from)];
                        if next.is_none() && start > 0 && surroundings::may_end(piece) {
                            return;
                        }
                        emit(envelope.record(piece), Outcome::Rejected(Reason::TrailingData));
                        next
                    }
                }
            },
            Err(fault) if is_coloured(&text[at..], fault.kind) && envelope.whole.is_none() => {
                let rest = &text[from..];
                return payload(
                    &colourless(rest),
                    Envelope { whole: Some(rest), ..envelope },
                    emit,
                );
            }
            Err(fault) => {
                // A killed Falco leaves half a record, and the next begins on the same line.
                let next = next_record(text, at, fault.at, &envelope);
                let next = next.map(|next| Next::at(text, at + 1, next, envelope));
                // A list that breaks off leaves its elements, and a bracket that is no record.
                let bracket =
                    |next: &Next<'_>| text[at..next.from].trim_matches(['[', ' ']).is_empty();
                if !next.as_ref().is_some_and(bracket) {
                    let piece = &text[from..next.as_ref().map_or(text.len(), |next| next.from)];
                    let reason = why_broken(piece, fault.kind.into(), next.is_some());
                    loki::begun(&piece[at.max(from) - from..], &envelope, emit);
                    emit(envelope.record(piece), Outcome::Rejected(reason));
                }
                next
            }
        };
        let Some(next) = next else { return };
        (from, at, envelope) = (next.from, next.at, next.envelope);
    }
}

/// Where the next record begins on the line of one that stops being JSON at `fault`: there, if another
/// that holds an alert has interrupted it, or where one begins in a known way.
fn next_record(text: &str, at: usize, fault: usize, envelope: &Envelope<'_>) -> Option<usize> {
    let sources = envelope.context.sources;
    // The quote of its first name ends a string that broke off, and spoils a word or an escape.
    let near = fault.saturating_sub(2).max(at + 1)..text.len().min(fault + 6);
    let bytes = text.as_bytes().get(near.clone()).unwrap_or_default();
    let fused = memchr::memmem::find(bytes, b"{\"").map(|found| near.start + found);
    let fused = fused.filter(|fused| {
        let mut found = false;
        let read = falco::value(text, *fused, envelope, &mut |_, outcome| {
            found |= matches!(outcome, Outcome::Alert(_) | Outcome::Sensor(_));
        });
        found && read.is_ok()
    });
    match fused {
        Some(fused) => falco::next_record(&text[..fused], at + 1, sources).or(Some(fused)),
        None => falco::next_record(text, at + 1, sources),
    }
}

/// Whether a value is broken by the colours of a word that `grep` found in it.
fn is_coloured(text: &str, fault: FaultKind) -> bool {
    fault == FaultKind::ControlCharacter && text.contains("\u{1b}[")
}

/// What follows a value on its line.
enum After {
    Nothing,
    Value(usize),
    Junk(usize),
}

fn after(text: &str, end: usize) -> After {
    let rest = text[end..].trim_ascii_start();
    let value = rest.trim_start_matches(surroundings::may_separate);
    if value.starts_with('{') || (value.starts_with('[') && is_array(value)) {
        After::Value(text.len() - value.len())
    } else if surroundings::may_trail(rest) {
        After::Nothing
    } else {
        After::Junk(text.len() - rest.len())
    }
}

/// A record with a hole in it is a hole first; one that another record interrupts was torn.
fn why_broken(piece: &str, reason: Reason, interrupted: bool) -> Reason {
    if piece.contains('\0') {
        Reason::Nul
    } else if interrupted {
        Reason::Truncated
    } else {
        reason
    }
}

#[cfg(test)]
mod tests;
