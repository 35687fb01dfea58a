//! Reads a unit of work and hands on blocks that begin and end with a record.

use std::{fs::File, io, sync::Arc};

use super::{
    UNIT,
    again::not_a_file,
    archive,
    format::{Encoding, Format, MARK, Packing},
    limits::{Counted, Meter},
    stream,
    unpack::{Unpacking, unpack},
    walk::{LogFile, Source},
};

/// A piece of work: a file, a stretch of one, or the members of an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Index of the file.
    pub file: u32,
    /// Which part of it.
    pub part: Part,
}

/// Which part of a file a unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// All of it, read as a stream.
    Whole,
    /// The records that begin within these offsets of a plain file.
    Range(u64, u64),
    /// All of this file and of so many that follow: members of an archive that is one stream.
    Members(u32),
    /// A member that is read with the first of its archive.
    Member,
}

/// How records stand in a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// One a line.
    #[default]
    Lines,
    /// As elements of a list.
    Elements,
    /// Not at all: this is what stands around a list.
    Frame,
    /// As a piece of a line that is longer than any record.
    Piece,
    /// As a piece of one that is nested deeper than any, too.
    Deep,
}

/// Bytes that begin and end with a record.
#[derive(Clone, Copy, Debug)]
pub struct Block<'b> {
    /// The bytes, as UTF-8 unless the file is broken.
    pub bytes: &'b [u8],
    /// Where they stand in the file; `None` for a stream that cannot be read again at an offset.
    pub offset: Option<u64>,
    /// Nothing follows: a last line without an end may be one that is still being written.
    pub last: bool,
    /// How records stand in it.
    pub layout: Layout,
    /// What must be known of the value that its elements stand in: its text before them, and behind.
    pub frame: [&'b str; 2],
}

/// How reading a file, or a stretch of it, went.
#[derive(Debug, Default)]
pub struct Done {
    /// How the file is packed and encoded.
    pub format: Format,
    /// Bytes read from the file.
    pub bytes: u64,
    /// Why it could not be read, or not to its end.
    pub error: Option<String>,
}

/// What is kept from one unit to the next.
#[derive(Debug, Default)]
pub struct Scratch {
    buffer: Vec<u8>,
    /// The file that was read last. It may be renamed or removed before its next part has its turn.
    open: Option<Arc<File>>,
}

/// Cuts files into units, in the order of the files.
pub fn units(files: &[LogFile]) -> Vec<Unit> {
    let mut units = Vec::with_capacity(files.len());
    for (file, log) in (0..).zip(files) {
        let Some(size) = divisible(log) else {
            units.push(Unit { file, part: log.whole() });
            continue;
        };
        for start in (0..size.div_ceil(UNIT)).map(|number| number * UNIT) {
            let end = (start + UNIT).min(size);
            units.push(Unit { file, part: Part::Range(start, end) });
        }
    }
    units
}

/// The size of a plain UTF-8 file that is worth cutting up, and in which lines end.
fn divisible(log: &LogFile) -> Option<u64> {
    const LOOKED_AT: usize = 256 << 10;
    if log.size <= UNIT {
        return None;
    }
    let file = log.extent()?.ok()?;
    let mut head = vec![0; LOOKED_AT];
    let read = file.fill(&mut head, 0).ok()?;
    let head = &head[..read];
    let plain = Packing::of(head) == Packing::Plain && Encoding::of(head) == Encoding::Utf8;
    let text = head.strip_prefix(MARK).unwrap_or(head).trim_ascii_start();
    // A list may be one value, and one line, from its beginning to its end.
    let list = text.starts_with(b"[") && matches!(text[1..].trim_ascii_start(), [b'{' | b'[', ..]);
    let pretty = text.starts_with(b"{\n") || text.starts_with(b"{\r\n");
    (plain && !list && !pretty && memchr::memchr(b'\n', head).is_some()).then_some(log.size)
}

/// Reads a unit and hands its blocks to `each` in order, with the number of the
/// file that each is of, counted from the unit's. Gives how it went for each of its files.
pub fn read(
    log: &LogFile,
    part: Part,
    Scratch { buffer, open }: &mut Scratch,
    each: &mut dyn FnMut(u32, Block<'_>),
) -> Vec<Done> {
    *open = log.open();
    let mut done = match part {
        Part::Members(count) => archive::tar::read(log, count, buffer, each),
        _ => vec![one(log, part, buffer, &mut |block| each(0, block))],
    };
    if let Some(Err(error)) = open.as_ref().map(|file| log.still_whole(file)) {
        for done in &mut done {
            done.error = Some(error.to_string());
        }
    }
    done
}

/// Reads what is of one file.
fn one(log: &LogFile, part: Part, buffer: &mut Vec<u8>, each: &mut dyn FnMut(Block<'_>)) -> Done {
    let mut done = Done::default();
    let result = match (&log.source, part) {
        (Source::Broken(why), _) => Err(io::Error::other(why.clone())),
        (Source::Empty, _) => Ok(()),
        (Source::Stream(stream), _) => {
            let mut stream = stream.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let meter = Meter::default();
            let mut counted = Counted { inner: &mut **stream, read: &meter.read };
            let unpacking = Unpacking::new(&meter, log.limits, false);
            let result = unpack(&mut counted, unpacking, buffer, each, &mut done.format);
            done.bytes = meter.read.get();
            result
        }
        (Source::Zipped { disk, entry }, _) => {
            archive::zip::read(disk, entry, log, buffer, each, &mut done)
        }
        (_, Part::Range(start, end)) => range(log, start..end, buffer, each, &mut done),
        _ => whole(log, buffer, each, &mut done),
    };
    done.error = result.err().map(|error| said(&error, &done));
    done
}

/// What is said of an error; a decompressor's own words tell little.
pub fn said(error: &io::Error, done: &Done) -> String {
    let error = error.to_string();
    let packed = done.format.packing != Packing::Plain && done.bytes > 0;
    if packed && !error.starts_with("it ") {
        format!("it could be read only in part: {error}")
    } else {
        error
    }
}

fn range(
    log: &LogFile,
    nominal: std::ops::Range<u64>,
    buffer: &mut Vec<u8>,
    each: &mut dyn FnMut(Block<'_>),
    done: &mut Done,
) -> io::Result<()> {
    let file = log.extent().ok_or_else(not_a_file)??;
    let start = log.cuts.at(&file, nominal.start)?;
    let end = log.cuts.at(&file, nominal.end)?;
    if start >= end {
        return Ok(());
    }
    let last = end == file.size();
    if end - start > 4 * UNIT {
        // A long line: read as a stream, it is cut between the elements of its list.
        let mut stretch = file.between(start, end);
        return stream::blocks(&mut stretch, true, buffer, &mut |block| {
            done.bytes += block.bytes.len() as u64;
            let offset = block.offset.map(|offset| offset + start);
            each(Block { offset, last: block.last && last, ..block });
        });
    }
    let length = usize::try_from(end - start).map_err(io::Error::other)?;
    buffer.resize(length, 0);
    let read = file.fill(buffer, start)?;
    done.bytes = read as u64;
    let bytes = &buffer[..read];
    let (offset, layout) = (Some(start), Layout::Lines);
    each(Block { bytes, offset, last, layout, frame: ["", ""] });
    if read < length { Err(log.cut_short()) } else { Ok(()) }
}

fn whole(
    log: &LogFile,
    buffer: &mut Vec<u8>,
    each: &mut dyn FnMut(Block<'_>),
    done: &mut Done,
) -> io::Result<()> {
    let file = log.extent().ok_or_else(not_a_file)??;
    let size = file.size();
    let meter = Meter::default();
    let mut counted = Counted { inner: file, read: &meter.read };
    let unpacking = Unpacking::new(&meter, log.limits, true);
    let result = unpack(&mut counted, unpacking, buffer, each, &mut done.format);
    done.bytes = meter.read.get();
    result?;
    let whole = done.bytes >= size || done.format.packing != Packing::Plain;
    if whole { Ok(()) } else { Err(log.cut_short()) }
}
