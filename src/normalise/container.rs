//! Logs of container runtimes, which write a long line in pieces: CRI marks a piece that goes on
//! with `P`, Docker's `json-file` by a text without a line end, GitLab's runner the next with `+`.
//!
//! What comes here is all the lines of a record's pieces; lines of the other stream may stand
//! between them.

use super::{Emit, Envelope, Moment, Outcome, Wrapper, payload, values, wrapper, wrapper::Piece};
use crate::{
    json::{Members, Reader, Value},
    read::{JOB, begins_anew, numbering, of_job},
    time::Timestamp,
};

/// The pieces of a stream's line that are not complete.
struct Open<'t> {
    stream: &'t str,
    text: String,
    /// Offset of the first piece.
    from: usize,
}

/// Whether a text begins as a line of Docker's `json-file` does.
pub fn is_docker(text: &str) -> bool {
    text.strip_prefix("{\"log\":").is_some_and(|log| log.trim_start().starts_with('"'))
}

/// Whether all members are Docker's: a shipper's document may begin as its line does.
fn is_own(members: &Members<'_>) -> bool {
    members.iter().all(|(name, _)| matches!(name.as_ref(), "log" | "stream" | "time" | "attrs"))
}

/// Whether a text begins with a piece of a CRI log that goes on.
pub fn is_partial(text: &str) -> bool {
    text.as_bytes().first().is_some_and(u8::is_ascii_digit)
        && cri_piece(text).is_some_and(|(_, piece)| piece.partial)
}

/// What follows the number that `grep -n` has put before a line.
pub fn numbered(line: &str) -> &str {
    &line[numbering(line.as_bytes())..]
}

fn cri_piece(line: &str) -> Option<(Timestamp, Piece<'_>)> {
    let (clock, rest) = line.split_once(' ')?;
    let piece = wrapper::piece(rest)?;
    Some((Timestamp::parse(clock.as_bytes())?, piece))
}

/// Whether a text is several lines of a job's log at GitLab, of which each goes on with the one before.
pub fn is_job(text: &str) -> bool {
    let behind = || text.find('\n').and_then(|end| of_job(&text.as_bytes()[end + 1..]));
    of_job(text.as_bytes()).is_some() && matches!(behind(), Some((_, true)))
}

/// Joins the lines of a job's log.
pub fn job(text: &str, envelope: &Envelope<'_>, emit: &mut Emit<'_>) {
    let pieces =
        text.split('\n').map(|line| line.get(JOB..).unwrap_or(line).trim_end_matches('\r'));
    let joined: String = pieces.collect();
    let time = text.split(' ').next().and_then(|time| Timestamp::parse(time.as_bytes()));
    payload(&joined, envelope.inside(Wrapper::Timestamps, text).told(None, time.into()), emit);
}

/// Joins the pieces of CRI lines.
pub fn cri(text: &str, envelope: Envelope<'_>, emit: &mut Emit<'_>) {
    let mut joined = Joined::new(text, envelope.within(Wrapper::Cri));
    let mut from = 0;
    for line in text.split('\n') {
        let end = from + line.len();
        let bare = line.trim_end_matches('\r');
        match cri_piece(bare).or_else(|| cri_piece(numbered(bare))) {
            Some((time, piece)) => {
                joined.add(piece.stream, piece.rest, !piece.partial, time.into(), from..end, emit);
            }
            None => payload(line, Envelope { whole: Some(line), ..joined.envelope }, emit),
        }
        from = end + 1;
    }
    joined.finish(emit);
}

/// Joins the pieces of Docker's lines.
pub fn docker(text: &str, envelope: Envelope<'_>, emit: &mut Emit<'_>) {
    let mut joined = Joined::new(text, envelope.within(Wrapper::Docker));
    let mut reader = Reader::new(text);
    while !reader.at_end() {
        let from = reader.offset();
        let at = text.len() - numbered(&text[from..]).len();
        reader = Reader::at(text, at);
        let line = match reader.peek() {
            Some(b'{') => reader.members().ok().filter(is_own),
            _ => None,
        };
        let member = |name: &str| {
            let members = line.as_ref()?.iter();
            members.clone().find(|(known, _)| known == name).map(|(_, value)| value)
        };
        let Some(Value::Text(log)) = member("log") else {
            joined.finish(emit);
            return values(text, at, envelope, emit);
        };
        let stream = match member("stream") {
            Some(Value::Text(stream)) if stream == "stderr" => "stderr",
            _ => "stdout",
        };
        let time = member("time").and_then(|time| Timestamp::parse(time.shown().as_bytes()));
        let whole = log.ends_with('\n');
        joined.end_torn(stream, log, from, emit);
        joined.add(stream, log, whole, time.into(), from..reader.offset(), emit);
    }
    joined.finish(emit);
}

impl From<Timestamp> for Moment {
    fn from(time: Timestamp) -> Self {
        Self::Instant(time)
    }
}

impl From<Option<Timestamp>> for Moment {
    fn from(time: Option<Timestamp>) -> Self {
        time.map_or(Self::Unknown, Self::Instant)
    }
}

struct Joined<'t> {
    text: &'t str,
    envelope: Envelope<'t>,
    open: Vec<Open<'t>>,
    moment: Moment,
}

impl<'t> Joined<'t> {
    const fn new(text: &'t str, envelope: Envelope<'t>) -> Self {
        Self { text, envelope, open: Vec::new(), moment: Moment::Unknown }
    }

    /// Emits what was never ended, since a piece begins something new. CRI says of each piece
    /// whether it goes on.
    fn end_torn(&mut self, stream: &str, piece: &str, at: usize, emit: &mut Emit<'_>) {
        let torn = |open: &Open<'_>| open.stream == stream && begins_anew(&open.text, piece);
        if let Some(torn) = self.open.iter().position(torn) {
            let torn = self.open.remove(torn);
            self.emit(&torn.text, torn.from..at, emit);
        }
    }

    fn add(
        &mut self,
        stream: &'t str,
        piece: &str,
        complete: bool,
        moment: Moment,
        at: std::ops::Range<usize>,
        emit: &mut Emit<'_>,
    ) {
        let open = self.open.iter().position(|open| open.stream == stream);
        self.moment = moment;
        match (open, complete) {
            (None, true) => self.emit(piece, at, emit),
            (None, false) => self.open.push(Open { stream, text: piece.into(), from: at.start }),
            (Some(open), false) => self.open[open].text.push_str(piece),
            (Some(open), true) => {
                let mut open = self.open.remove(open);
                open.text.push_str(piece);
                self.emit(&open.text, open.from..at.end, emit);
            }
        }
    }

    fn emit(&self, line: &str, at: std::ops::Range<usize>, emit: &mut Emit<'_>) {
        let around = self.envelope.inside(self.envelope.wrapper, &self.text[at]);
        let around = around.told(None, self.moment);
        if line.trim_ascii().is_empty() {
            return emit(around.record(line), Outcome::OtherText);
        }
        payload(line, around, emit);
    }

    /// What is left goes on in a file that is not here, or was never ended.
    fn finish(&mut self, emit: &mut Emit<'_>) {
        for open in std::mem::take(&mut self.open) {
            self.emit(&open.text, open.from..self.text.len(), emit);
        }
    }
}
