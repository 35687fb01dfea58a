//! Workers that take units of work from a common list until none is left.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use super::{
    Progress,
    days::{Calendar, Days},
    files::UnitEnd,
    lossy::Lossy,
    rejected::SHOWN,
};
use crate::{
    group::Position,
    normalise::{self, Context, Outcome, Reason, Sources},
    read::{self, Block, Layout, LogFile, Part, Scratch, Unit},
};

/// One record on its way to a worker's share.
pub struct Arrival<'r> {
    /// Index of the file.
    pub file: u32,
    /// The file.
    pub log: &'r LogFile,
    /// Where it stands.
    pub at: Position,
    /// As it was read; of one that is longer than any record its beginning.
    pub record: &'r [u8],
    /// Its bytes.
    pub length: u64,
    /// What it is.
    pub outcome: Outcome<'r>,
}

/// Workers, and what they are to read.
pub struct Crew<'c> {
    /// The logs.
    pub files: &'c [LogFile],
    /// The units that they were cut into.
    pub units: &'c [Unit],
    /// Workers.
    pub jobs: usize,
    /// How other detectors' records are read.
    pub sources: &'c Sources,
    /// The days on which units begin, where alerts do not tell theirs.
    pub days: &'c Days,
    /// Which files are read.
    pub wanted: &'c (dyn Fn(u32) -> bool + Sync),
    /// Told of bytes as they are read.
    pub progress: &'c Progress<'c>,
}

impl Crew<'_> {
    /// Reads the units. Each worker has a share from `new`, to which `each` adds a record and
    /// `end` the end of a unit.
    pub fn run<S: Send>(
        &self,
        new: impl Fn() -> S + Sync,
        each: impl Fn(&mut S, &Arrival<'_>) + Sync,
        end: impl Fn(&mut S, UnitEnd) + Sync,
    ) -> Vec<S> {
        let order = self.schedule();
        let next = AtomicUsize::new(0);
        let work = || {
            let (mut share, mut scratch) = (new(), Scratch::default());
            while let Some(index) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
                let unit = self.units[*index];
                let number = u32::try_from(*index).unwrap_or(u32::MAX);
                let ended = self.read_unit(unit, number, &mut scratch, &mut |arrival| {
                    each(&mut share, arrival);
                });
                for ended in ended {
                    (self.progress)(ended.bytes);
                    end(&mut share, ended);
                }
            }
            share
        };
        thread::scope(|scope| {
            let others = 1..self.jobs.min(order.len());
            let others: Vec<_> = others.map(|_| scope.spawn(work)).collect();
            let mut shares = vec![work()];
            for other in others {
                // A worker that panicked takes the whole run down with its own message.
                shares.push(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            }
            shares
        })
    }

    /// Streams first, the longest first: each is one unit, and must not come last.
    fn schedule(&self) -> Vec<usize> {
        let wanted = |index: &usize| {
            let Unit { file, part } = self.units[*index];
            match part {
                Part::Member => false,
                Part::Members(count) => (file..file + count).any(self.wanted),
                Part::Whole | Part::Range(..) => (self.wanted)(file),
            }
        };
        let mut order: Vec<_> = (0..self.units.len()).filter(wanted).collect();
        order.sort_by_key(|index| match self.units[*index].part {
            Part::Range(..) => u64::MAX,
            _ => u64::MAX - self.files[self.units[*index].file as usize].size,
        });
        order
    }

    /// Reads a unit, and gives the end of each of its files.
    fn read_unit(
        &self,
        unit: Unit,
        number: u32,
        scratch: &mut Scratch,
        each: &mut dyn FnMut(&Arrival<'_>),
    ) -> Vec<UnitEnd> {
        let log = &self.files[unit.file as usize];
        let reading_of = |unit| Reading { calendar: self.days.of(unit), ..Reading::default() };
        let mut reading = reading_of(number);
        let (mut current, mut lines) = (0, Vec::new());
        let mut context = Context::of(log, self.sources);
        let done = read::read(log, unit.part, scratch, &mut |member, block| {
            let file = unit.file + member;
            let log = &self.files[file as usize];
            if member != current {
                let last = unit.file + current;
                reading.end_long(last, &self.files[last as usize], each);
                lines.resize(current as usize + 1, 0);
                lines[current as usize] = reading.lines;
                (current, reading) = (member, reading_of(number + member));
                context = Context::of(log, self.sources);
            }
            if (self.wanted)(file) {
                reading.block(&block, file, number + member, log, &context, each);
            }
        });
        let last = unit.file + current;
        reading.end_long(last, &self.files[last as usize], each);
        lines.resize(done.len().max(current as usize + 1), 0);
        lines[current as usize] = reading.lines;
        let ends = (0..).zip(done).zip(lines);
        ends.map(|((member, done), lines)| UnitEnd {
            unit: number + member,
            file: unit.file + member,
            lines,
            bytes: done.bytes,
            format: done.format,
            error: done.error,
        })
        .collect()
    }
}

/// How far a unit has been read.
#[derive(Default)]
struct Reading {
    lines: u32,
    ordinal: u32,
    calendar: Calendar,
    /// The line longer than any record of which pieces have come.
    long: Option<Long>,
}

/// A line longer than any record.
struct Long {
    at: Position,
    reason: Reason,
    beginning: Vec<u8>,
    length: u64,
}

impl Reading {
    fn block(
        &mut self,
        block: &Block<'_>,
        file: u32,
        unit: u32,
        log: &LogFile,
        context: &Context<'_>,
        each: &mut dyn FnMut(&Arrival<'_>),
    ) {
        let reason = match block.layout {
            Layout::Piece => Some(Reason::TooLong),
            Layout::Deep => Some(Reason::TooDeep),
            Layout::Lines | Layout::Elements | Layout::Frame => None,
        };
        if let Some(reason) = reason {
            self.piece(block, unit, reason);
            if block.bytes.ends_with(b"\n") {
                self.end_long(file, log, each);
            }
            return;
        }
        self.end_long(file, log, each);
        let unended = block.last && block.bytes.last() != Some(&b'\n');
        let base = block.bytes.as_ptr().addr();
        let (before, ordinal) = (self.lines, &mut self.ordinal);
        let calendar = &mut self.calendar;
        self.lines += read::records(block, &mut |line, bytes| {
            let ends_block = bytes.as_ptr().addr() + bytes.len() == base + block.bytes.len();
            let unfinished = unended && ends_block;
            let mut arrive = |record: &[u8], outcome: Outcome<'_>| {
                let within = record.as_ptr().addr() - base;
                let offset = block.offset.map(|offset| offset + within as u64);
                let at = Position { unit, ordinal: *ordinal, line: before + line, offset };
                *ordinal += 1;
                let mut outcome = finished(outcome, unfinished);
                if let Outcome::Alert(alert) | Outcome::Sensor(alert) = &mut outcome {
                    calendar.place(alert);
                }
                each(&Arrival { file, log, at, record, length: record.len() as u64, outcome });
            };
            match simdutf8::basic::from_utf8(bytes) {
                Ok(text) => {
                    normalise::element(text, block.frame, context, &mut |record, outcome| {
                        arrive(record.as_bytes(), outcome);
                    });
                }
                Err(_) => damaged(bytes, block.frame, context, &mut arrive),
            }
        });
    }

    /// Adds a piece of a line longer than any record, which is one record all the same.
    fn piece(&mut self, block: &Block<'_>, unit: u32, reason: Reason) {
        let (line, ordinal) = (self.lines, &mut self.ordinal);
        let long = &mut self.long;
        self.lines += read::records(block, &mut |_, bytes| {
            let long = long.get_or_insert_with(|| {
                let at = Position { unit, ordinal: *ordinal, line, offset: block.offset };
                *ordinal += 1;
                Long { at, reason, beginning: bytes[..bytes.len().min(SHOWN)].into(), length: 0 }
            });
            long.length += bytes.len() as u64;
        });
    }

    fn end_long(&mut self, file: u32, log: &LogFile, each: &mut dyn FnMut(&Arrival<'_>)) {
        if let Some(Long { at, reason, beginning, length }) = self.long.take() {
            let (record, outcome) = (&beginning, Outcome::Rejected(reason));
            each(&Arrival { file, log, at, record, length, outcome });
        }
    }
}

/// A last line that breaks off may be one that is still being written.
fn finished(outcome: Outcome<'_>, unfinished: bool) -> Outcome<'_> {
    match outcome {
        Outcome::Rejected(Reason::Truncated) if unfinished => Outcome::Rejected(Reason::Unfinished),
        outcome => outcome,
    }
}

/// Reads a line that is not UTF-8 as if it were: an alert may quote bytes that are no text, as it did
/// before Falco 0.44. What else has such bytes is rejected for them.
fn damaged(
    bytes: &[u8],
    frame: [&str; 2],
    context: &Context<'_>,
    arrive: &mut dyn FnMut(&[u8], Outcome<'_>),
) {
    let lossy = Lossy::new(bytes);
    normalise::element(lossy.text(), frame, context, &mut |record, outcome| {
        let record = lossy.original(record);
        let good = match (&outcome, str::from_utf8(record)) {
            (Outcome::Alert(_) | Outcome::Sensor(_) | Outcome::SensorMetrics, _) | (_, Ok(_)) => {
                true
            }
            // It breaks off within a character.
            (Outcome::Rejected(Reason::Truncated), Err(error)) => error.error_len().is_none(),
            _ => false,
        };
        arrive(record, if good { outcome } else { broken_text(record) });
    });
}

fn broken_text(bytes: &[u8]) -> Outcome<'static> {
    let nul = memchr::memchr(0, bytes).is_some();
    Outcome::Rejected(if nul { Reason::Nul } else { Reason::InvalidUtf8 })
}
