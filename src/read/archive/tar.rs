//! Tars. Tars that were joined are read as one; of a sparse member what it holds is read, and not
//! its holes.

use std::{
    io::{self, Read, Seek as _},
    sync::Arc,
};

use ::tar::{Archive, Entries, Entry};

use super::Members;
use crate::{
    read::{
        blocks::{Block, Done, said},
        format::Format,
        limits::{Counted, Limits, Meter},
        open::{Disk, open},
        unpack::{Unpacking, decompressed, opened, unpack},
        walk::{LogFile, Source},
    },
    time::Timestamp,
};

/// What a tar is made of.
const BLOCK: usize = 512;

/// A member that may be a log, up to where its bytes begin.
struct Member<'a, R: Read> {
    name: String,
    modified: Option<Timestamp>,
    /// Bytes that stand in the archive, without the holes of a sparse file.
    size: u64,
    entry: Entry<'a, R>,
    limits: Limits,
    /// Bytes of holes.
    passed: u64,
}

/// The next member that may be a log.
fn next<'a, R: Read>(
    entries: &mut Entries<'a, R>,
    limits: Limits,
) -> Option<io::Result<Member<'a, R>>> {
    let is_log = |entry: &Entry<'a, R>| {
        let kind = entry.header().entry_type();
        kind.is_file() || kind.is_contiguous() || kind.is_gnu_sparse()
    };
    let entry = entries.find(|entry| entry.as_ref().map_or(true, is_log))?;
    Some(entry.and_then(|mut entry| {
        let size = begin(&mut entry)?;
        let name = pax(&mut entry, "GNU.sparse.name")
            .unwrap_or_else(|| String::from_utf8_lossy(&entry.path_bytes()).into_owned());
        let modified = entry.header().mtime().ok().and_then(|secs| i64::try_from(secs).ok());
        let modified = modified.filter(|secs| *secs > 0).map(Timestamp::from_secs);
        let name = name.trim_start_matches("./").to_owned();
        Ok(Member { name, modified, size, entry, limits, passed: 0 })
    }))
}

/// Passes the map of holes that stands before a member's bytes, and gives how many these are.
fn begin<R: Read>(entry: &mut Entry<'_, R>) -> io::Result<u64> {
    if entry.header().entry_type().is_gnu_sparse() {
        return entry.header().entry_size();
    }
    let size = entry.size();
    let mapped = pax(entry, "GNU.sparse.major").is_some_and(|version| version == "1");
    Ok(if mapped { size.saturating_sub(pass_map(entry)?) } else { size })
}

/// Passes a map: how many stretches there are, then where each begins and how long it is, one
/// number a line, filled up to whole blocks. Gives its length.
fn pass_map(stream: &mut dyn Read) -> io::Result<u64> {
    let (mut length, mut stretches, mut left) = (0, 0_u64, None::<u64>);
    let mut block = [0; BLOCK];
    while left != Some(0) {
        stream.read_exact(&mut block)?;
        length += block.len() as u64;
        for byte in block {
            match (byte, left) {
                (b'0'..=b'9', None) => {
                    stretches = stretches.saturating_mul(10).saturating_add(u64::from(byte - b'0'));
                }
                (b'\n', None) => left = Some(stretches.saturating_mul(2)),
                (b'\n', Some(lines)) => left = Some(lines.saturating_sub(1)),
                _ => {}
            }
        }
    }
    Ok(length)
}

/// What the extended header says.
fn pax<R: Read>(entry: &mut Entry<'_, R>, key: &str) -> Option<String> {
    let mut said = entry.pax_extensions().ok()??.filter_map(Result::ok);
    let found = said.find(|said| said.key_bytes() == key.as_bytes())?;
    Some(String::from_utf8_lossy(found.value_bytes()).into_owned())
}

impl<R: Read> Read for Member<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let sparse = self.entry.header().entry_type().is_gnu_sparse();
        loop {
            let read = self.entry.read(buffer)?;
            if !sparse || read == 0 || buffer[..read].iter().any(|byte| *byte != 0) {
                return Ok(read);
            }
            self.passed += read as u64;
            self.limits.size(self.passed).map_err(io::Error::other)?;
        }
    }
}

fn archive<R: Read>(stream: R) -> Archive<R> {
    let mut archive = Archive::new(stream);
    archive.set_ignore_zeros(true);
    archive
}

/// The members of a tar that is not compressed.
pub fn plain(disk: &Arc<Disk>, log: &LogFile) -> io::Result<Vec<LogFile>> {
    let file = open(disk.path())?;
    // Both have one place in the file: where a member's bytes begin when it has been found.
    let mut place = file.try_clone()?;
    let mut archive = archive(file);
    let mut entries = archive.entries_with_seek()?;
    let mut members = Members::of(log);
    while let Some(member) = next(&mut entries, log.limits) {
        let Member { name, modified, size, .. } = match member {
            Ok(member) => member,
            Err(error) => {
                members.unread(format!("the archive cannot be read further: {error}"));
                break;
            }
        };
        let source = Source::Stretch { disk: Arc::clone(disk), start: place.stream_position()? };
        if !members.add(&name, size, modified, source) {
            break;
        }
    }
    Ok(members.list)
}

/// The members of a compressed tar.
pub fn packed(disk: &Arc<Disk>, log: &LogFile) -> io::Result<Vec<LogFile>> {
    let (mut members, mut found) = (Members::of(log), 0);
    let result = run(disk, log.limits, &mut |member, _| {
        let source = Source::Packed { disk: Arc::clone(disk), count: 0 };
        let added = members.add(&member.name, member.size, member.modified, source);
        found += u32::from(added);
        added
    });
    if members.list.is_empty() {
        result?;
    }
    // The first reads for all.
    if let Some(LogFile { source: Source::Packed { count, .. }, .. }) = members.list.first_mut() {
        *count = found;
    }
    Ok(members.list)
}

/// Reads the members of a compressed tar, of which `log` is the first.
pub fn read(
    log: &LogFile,
    count: u32,
    buffer: &mut Vec<u8>,
    each: &mut dyn FnMut(u32, Block<'_>),
) -> Vec<Done> {
    let mut done: Vec<Done> = (0..count).map(|_| Done::default()).collect();
    let Source::Packed { disk, .. } = &log.source else { return done };
    let (mut before, mut reached) = (0, 0);
    let result = run(disk, log.limits, &mut |member, meter| {
        let Some(done) = done.get_mut(reached as usize) else { return false };
        let unpacking = Unpacking::new(meter, log.limits, false);
        let each = &mut |block: Block<'_>| each(reached, block);
        let result = unpack(member, unpacking, buffer, each, &mut done.format);
        done.bytes = meter.read.get() - before;
        before = meter.read.get();
        done.error = result.err().map(|error| said(&error, done));
        reached += 1;
        true
    });
    let (read, unread) = done.split_at_mut(reached as usize);
    // Where the archive breaks off, so did the member, and has said so.
    if let (Err(error), [.., Done { error: last @ None, .. }]) = (result, read) {
        *last = Some(error.to_string());
    }
    for done in unread {
        done.error = Some("the archive could not be read so far".into());
    }
    done
}

/// Runs through a compressed tar until `each` gives `false`.
fn run(
    disk: &Disk,
    limits: Limits,
    each: &mut dyn FnMut(&mut Member<'_, &mut dyn Read>, &Meter) -> bool,
) -> io::Result<()> {
    let meter = Meter::default();
    let mut counted = Counted { inner: disk.whole()?, read: &meter.read };
    let (packing, stream) = opened(&mut counted);
    let unpacking = Unpacking::new(&meter, limits, false);
    let mut bounded = unpacking.bounded(decompressed(packing, stream)?);
    stream_members(&mut bounded, limits, &mut |member| each(member, &meter))
}

/// Reads all members of a tar within a file. One that is damaged does not keep the next from being
/// read.
pub fn within(
    stream: &mut dyn Read,
    unpacking: Unpacking<'_>,
    buffer: &mut Vec<u8>,
    each: &mut dyn FnMut(Block<'_>),
    format: &mut Format,
) -> io::Result<()> {
    let mut damage = None;
    let result = stream_members(stream, unpacking.limits(), &mut |member| {
        let result = unpack(member, unpacking.deeper(), buffer, each, format);
        damage = damage.take().or(result.err());
        true
    });
    damage.map_or(result, Err)
}

fn stream_members(
    stream: &mut dyn Read,
    limits: Limits,
    each: &mut dyn FnMut(&mut Member<'_, &mut dyn Read>) -> bool,
) -> io::Result<()> {
    let mut archive = archive(stream);
    let mut entries = archive.entries()?;
    while let Some(member) = next(&mut entries, limits) {
        if !each(&mut member?) {
            break;
        }
    }
    Ok(())
}
