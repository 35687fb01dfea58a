//! Reads a unit of work and hands on blocks that begin and end with a record.

use std::{
    fs::File,
    io::{self, Read},
    os::unix::fs::FileExt as _,
    path::Path,
};

use memchr::{memchr, memrchr};

use super::{
    MAX_RECORD, UNIT,
    format::{Encoding, Format, Packing},
    lines::may_cut,
    open::open,
    walk::{LogFile, Source},
};

/// A piece of work: a file, or a stretch of one.
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
}

/// How reading a unit went.
#[derive(Debug, Default)]
pub struct Done {
    /// How the file is packed and encoded.
    pub format: Format,
    /// Bytes read from the file.
    pub bytes: u64,
    /// Why it could not be read, or not to its end.
    pub error: Option<String>,
}

/// Cuts files into units, in the order of the files.
pub fn units(files: &[LogFile]) -> Vec<Unit> {
    let mut units = Vec::with_capacity(files.len());
    for (file, log) in (0..).zip(files) {
        let Some(size) = divisible(log) else {
            units.push(Unit { file, part: Part::Whole });
            continue;
        };
        for start in (0..size.div_ceil(UNIT)).map(|number| number * UNIT) {
            let end = (start + UNIT).min(size);
            units.push(Unit { file, part: Part::Range(start, end) });
        }
    }
    units
}

/// The size of a plain UTF-8 file that is worth cutting up.
fn divisible(log: &LogFile) -> Option<u64> {
    let Source::Path(path) = &log.source else { return None };
    if log.size <= UNIT {
        return None;
    }
    let mut head = [0; 16];
    let read = open(path).and_then(|file| file.read_at(&mut head, 0)).ok()?;
    let head = &head[..read];
    let plain = Packing::of(head) == Packing::Plain && Encoding::of(head) == Encoding::Utf8;
    plain.then_some(log.size)
}

/// Reads a unit into `buffer` and hands its blocks to `each` in order.
pub fn read(
    log: &LogFile,
    part: Part,
    buffer: &mut Vec<u8>,
    each: &mut dyn FnMut(Block<'_>),
) -> Done {
    let mut done = Done::default();
    let result = match (&log.source, part) {
        (Source::Path(path), Part::Range(start, end)) => {
            range(path, log.size, start..end, buffer, each, &mut done)
        }
        (Source::Path(path), Part::Whole) => whole(path, log.size, buffer, each, &mut done),
        (Source::Stream(stream), _) => {
            let mut stream = stream.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let mut counted = Counted { inner: &mut **stream, read: 0 };
            let result = unpack(&mut counted, None, buffer, each, &mut done.format);
            done.bytes = counted.read;
            result
        }
        (Source::Broken(why), _) => Err(io::Error::other(why.clone())),
    };
    done.error = result.err().map(|error| error.to_string());
    done
}

fn range(
    path: &Path,
    size: u64,
    nominal: std::ops::Range<u64>,
    buffer: &mut Vec<u8>,
    each: &mut dyn FnMut(Block<'_>),
    done: &mut Done,
) -> io::Result<()> {
    let file = open(path)?;
    let start = cut_at_or_after(&file, nominal.start, size)?;
    let end = cut_at_or_after(&file, nominal.end, size)?;
    if start >= end {
        return Ok(());
    }
    let length = usize::try_from(end - start).map_err(io::Error::other)?;
    buffer.resize(length, 0);
    let read = read_up_to(&file, buffer, start)?;
    done.bytes = read as u64;
    let last = end == size;
    each(Block { bytes: &buffer[..read], offset: Some(start), last });
    if read < length { Err(shrunk()) } else { Ok(()) }
}

/// Reads bytes of a file again, from an offset on.
pub fn again(log: &LogFile, offset: u64, length: usize) -> io::Result<Vec<u8>> {
    let Source::Path(path) = &log.source else { return Err(io::Error::other("not a file")) };
    let mut bytes = vec![0; length];
    let read = read_up_to(&open(path)?, &mut bytes, offset)?;
    if read < length { Err(shrunk()) } else { Ok(bytes) }
}

fn shrunk() -> io::Error {
    io::Error::other("it became shorter while it was read")
}

fn read_up_to(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut read = 0;
    while read < buffer.len() {
        match file.read_at(&mut buffer[read..], offset + read as u64) {
            Ok(0) => break,
            Ok(more) => read += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(read)
}

/// The first offset from `nominal` on at which a block may begin: a function of the file alone,
/// so that both neighbours find the same.
fn cut_at_or_after(file: &File, nominal: u64, size: u64) -> io::Result<u64> {
    if nominal == 0 || nominal >= size {
        return Ok(nominal.min(size));
    }
    let mut window = Vec::new();
    let base = nominal - 1;
    let (mut searched, mut line) = (0, None);
    for length in [8 << 10, 256 << 10, 4 << 20, MAX_RECORD] {
        window.resize(length, 0);
        let read = read_up_to(file, &mut window, base)?;
        let seen = &window[..read.min(usize::try_from(size - base).unwrap_or(usize::MAX))];
        while let Some(found) = seen.get(searched..).and_then(|rest| memchr(b'\n', rest)) {
            let newline = searched + found;
            if newline + 1 == seen.len() && base + (seen.len() as u64) < size {
                break;
            }
            // A line that is not seen from its beginning may be a piece of a longer one.
            if let Some(begin) = line
                && may_cut(&seen[begin..newline], seen.get(newline + 1))
            {
                return Ok(base + newline as u64 + 1);
            }
            searched = newline + 1;
            line = Some(searched);
        }
        if base + (seen.len() as u64) >= size {
            return Ok(size);
        }
    }
    Ok((base + MAX_RECORD as u64).min(size))
}

fn whole(
    path: &Path,
    size: u64,
    buffer: &mut Vec<u8>,
    each: &mut dyn FnMut(Block<'_>),
    done: &mut Done,
) -> io::Result<()> {
    let file = open(path)?;
    let mut counted = Counted { inner: (&file).take(size), read: 0 };
    let result = unpack(&mut counted, Some(()), buffer, each, &mut done.format);
    done.bytes = counted.read;
    result?;
    if done.bytes < size && done.format.packing == Packing::Plain { Err(shrunk()) } else { Ok(()) }
}

/// Counts the bytes that pass.
struct Counted<R> {
    inner: R,
    read: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.read += read as u64;
        Ok(read)
    }
}

/// Takes compression and encoding off a stream. `seekable` says that offsets in a plain stream
/// are offsets in the file.
fn unpack(
    stream: &mut dyn Read,
    seekable: Option<()>,
    buffer: &mut Vec<u8>,
    each: &mut dyn FnMut(Block<'_>),
    format: &mut Format,
) -> io::Result<()> {
    let head = peek(stream)?;
    format.packing = Packing::of(&head);
    let joined = io::Cursor::new(head).chain(stream);
    match format.packing {
        Packing::Plain => decode(&mut { joined }, seekable, buffer, each, format),
        Packing::Gzip => {
            let mut inner = flate2::read::MultiGzDecoder::new(joined);
            decode(&mut inner, None, buffer, each, format)
        }
        Packing::Zstd => {
            let mut inner = zstd::stream::read::Decoder::new(joined)?;
            decode(&mut inner, None, buffer, each, format)
        }
    }
}

fn decode(
    stream: &mut dyn Read,
    seekable: Option<()>,
    buffer: &mut Vec<u8>,
    each: &mut dyn FnMut(Block<'_>),
    format: &mut Format,
) -> io::Result<()> {
    let head = peek(stream)?;
    format.encoding = Encoding::of(&head);
    let mut joined = io::Cursor::new(head).chain(stream);
    match format.encoding {
        Encoding::Utf8 => blocks(&mut joined, seekable, buffer, each),
        Encoding::Utf16Le => {
            blocks(&mut Utf16::new(joined, u16::from_le_bytes), None, buffer, each)
        }
        Encoding::Utf16Be => {
            blocks(&mut Utf16::new(joined, u16::from_be_bytes), None, buffer, each)
        }
    }
}

/// The first bytes of a stream, at most sixteen.
fn peek(stream: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(16);
    stream.take(16).read_to_end(&mut head)?;
    Ok(head)
}

/// Cuts a stream into blocks. What was read before an error is handed on before the error is.
fn blocks(
    stream: &mut dyn Read,
    seekable: Option<()>,
    buffer: &mut Vec<u8>,
    each: &mut dyn FnMut(Block<'_>),
) -> io::Result<()> {
    buffer.clear();
    let mut offset = 0;
    loop {
        let target = (buffer.len() + 1).next_multiple_of(usize::try_from(UNIT).unwrap_or(1 << 21));
        let result = fill(stream, buffer, target);
        let ended = !matches!(result, Ok(true));
        let end = if ended { buffer.len() } else { cut_before_end(buffer) };
        if end > 0 {
            let bytes = &buffer[..end];
            each(Block { bytes, offset: seekable.map(|()| offset), last: ended });
            offset += end as u64;
            buffer.drain(..end);
        }
        if ended {
            return result.map(|_| ());
        }
    }
}

/// Reads until the buffer holds `target` bytes; `false` at the stream's end.
fn fill(stream: &mut dyn Read, buffer: &mut Vec<u8>, target: usize) -> io::Result<bool> {
    let mut length = buffer.len();
    buffer.resize(target, 0);
    let result = loop {
        if length == target {
            break Ok(true);
        }
        match stream.read(&mut buffer[length..]) {
            Ok(0) => break Ok(false),
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => break Err(error),
        }
    };
    buffer.truncate(length);
    result
}

/// The last offset at which the buffer may be cut; all of it where a record is too long, nothing
/// where more must be read first.
fn cut_before_end(buffer: &[u8]) -> usize {
    let mut end = buffer.len();
    while let Some(newline) = memrchr(b'\n', &buffer[..end]) {
        let line = memrchr(b'\n', &buffer[..newline]).map_or(0, |before| before + 1);
        let next = buffer.get(newline + 1);
        if next.is_some() && may_cut(&buffer[line..newline], next) {
            return newline + 1;
        }
        end = newline;
    }
    if buffer.len() >= MAX_RECORD { buffer.len() } else { 0 }
}

/// Turns UTF-16 into UTF-8. Half a surrogate pair becomes a byte that UTF-8 does not have, so
/// that its record is rejected as what it is.
struct Utf16<R> {
    inner: io::BufReader<R>,
    unit: fn([u8; 2]) -> u16,
    high: Option<u16>,
    ready: Vec<u8>,
    given: usize,
}

impl<R: Read> Utf16<R> {
    fn new(inner: R, unit: fn([u8; 2]) -> u16) -> Self {
        let inner = io::BufReader::with_capacity(64 << 10, inner);
        Self { inner, unit, high: None, ready: Vec::new(), given: 0 }
    }

    fn refill(&mut self) -> io::Result<()> {
        self.ready.clear();
        self.given = 0;
        let mut raw = Vec::with_capacity(16 << 10);
        (&mut self.inner).take(16 << 10).read_to_end(&mut raw)?;
        let pairs = raw.chunks_exact(2);
        let odd = !pairs.remainder().is_empty();
        for pair in pairs {
            self.push((self.unit)([pair[0], pair[1]]));
        }
        let ended = raw.len() < 16 << 10;
        if odd || (ended && self.high.take().is_some()) {
            self.ready.push(0xff);
        }
        Ok(())
    }

    fn push(&mut self, unit: u16) {
        let units: &[u16] = match self.high.take() {
            Some(high) => &[high, unit],
            None if (0xd800..0xdc00).contains(&unit) => {
                self.high = Some(unit);
                return;
            }
            None => &[unit],
        };
        for decoded in char::decode_utf16(units.iter().copied()) {
            match decoded {
                Ok(character) => {
                    self.ready.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                }
                Err(_) => self.ready.push(0xff),
            }
        }
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.ready.len() {
            self.refill()?;
        }
        let rest = &self.ready[self.given..];
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        self.given += length;
        Ok(length)
    }
}
