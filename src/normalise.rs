//! Records become alerts, Falco's own messages, other text, or rejected records with a reason.
//!
//! [`line()`] takes one line (or one value that spans lines) and emits one outcome for each record
//! in it, so that everything read is accounted for.

use crate::{alert::Alert, json::Reader};

mod falco;
mod reason;
mod surroundings;
mod wrapper;

pub use reason::Reason;

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

/// What is known of a record from around it.
#[derive(Clone, Copy, Debug, Default)]
struct Envelope<'w> {
    /// The machine that the wrapper names.
    host: Option<&'w str>,
    /// The record as it stands in the file, where the value read is only a part of it.
    whole: Option<&'w str>,
}

impl<'w> Envelope<'w> {
    fn record<'t>(&self, value: &'t str) -> &'t str
    where
        'w: 't,
    {
        self.whole.unwrap_or(value)
    }

    /// The envelope of an array's element: it is a record of its own.
    const fn element(self) -> Self {
        Self { whole: None, ..self }
    }
}

/// Reads the records of one line, its line end taken off.
pub fn line(text: &str, emit: &mut Emit<'_>) {
    let blank = |c: char| c.is_ascii_whitespace() || c == '\u{feff}';
    let trimmed = text.trim_matches(blank);
    match trimmed.as_bytes().first() {
        None => emit(text, Outcome::OtherText),
        Some(b'{') => values(trimmed, 0, None, emit),
        Some(b'[') if is_array(trimmed) => values(trimmed, 0, None, emit),
        Some(_) => prefixed(trimmed, emit),
    }
}

/// Whether a text that begins with `[` is an array, and not `[libs]:` or `[pod/…]`.
fn is_array(text: &str) -> bool {
    let inner = text[1..].trim_ascii_start();
    inner.starts_with(|c: char| c.is_ascii_digit() || "{[]\"-".contains(c))
}

/// A line that does not begin with JSON: a wrapper's prefix before it, or no JSON at all.
fn prefixed(text: &str, emit: &mut Emit<'_>) {
    let (inner, host) = wrapper::strip(text);
    if wrapper::is_falco_text(inner) {
        return emit(text, Outcome::Rejected(Reason::TextAlert));
    }
    let json = memchr::memmem::find(text.as_bytes(), b"{\"").filter(|start| {
        let torn = text[..*start].contains("\":");
        falco::looks_like_alert(&text[*start..])
            || (!torn && Reader::at(text, *start).value().is_ok())
    });
    match json {
        Some(start) => values(text, start, host, emit),
        None if text.contains('\0') => emit(text, Outcome::Rejected(Reason::Nul)),
        None => emit(text, surroundings::classify(text)),
    }
}

/// Reads values from `start` to the end of the text. The first record's bytes include what stands
/// before it.
fn values(text: &str, start: usize, host: Option<&str>, emit: &mut Emit<'_>) {
    let (mut from, mut at) = (0, start);
    loop {
        let envelope = Envelope { host, whole: (from < at).then_some(&text[from..]) };
        let next = match falco::value(text, at, &envelope, emit) {
            Ok(end) => match after(text, end) {
                After::Nothing => return,
                After::Value(next) => next,
                After::Junk(junk) => {
                    let next = falco::next_alert(text, junk);
                    let piece = &text[junk..next.unwrap_or(text.len())];
                    emit(piece, Outcome::Rejected(Reason::TrailingData));
                    let Some(next) = next else { return };
                    next
                }
            },
            Err(fault) => {
                // A killed Falco leaves half a record, and the next begins on the same line.
                let next = falco::next_alert(text, at + 1);
                let piece = &text[from..next.unwrap_or(text.len())];
                emit(
                    piece,
                    Outcome::Rejected(why_broken(piece, fault.kind.into(), next.is_some())),
                );
                let Some(next) = next else { return };
                next
            }
        };
        (from, at) = (next, next);
    }
}

/// What follows a value on its line.
enum After {
    Nothing,
    Value(usize),
    Junk(usize),
}

fn after(text: &str, end: usize) -> After {
    let rest = text[end..].trim_ascii_start();
    let at = text.len() - rest.len();
    if rest.starts_with('{') {
        After::Value(at)
    } else if surroundings::may_trail(rest) {
        After::Nothing
    } else {
        After::Junk(at)
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
