//! Zips, read by the directory at their end, or where that is missing by what stands before each
//! member.

use std::{
    collections::HashSet,
    io::{self, Cursor, Read},
    sync::Arc,
};

use ::zip::{
    ZipReadOptions,
    read::{Config, OwnedZipFileEntry, ZipFileEntry, read_zipfile_from_stream},
    result::ZipError,
    unstable::read::ZipIterable,
};

use super::Members;
use crate::read::{
    blocks::{Block, Done},
    format::Format,
    limits::Meter,
    open::{Disk, open},
    unpack::{Unpacking, unpack},
    walk::{LogFile, Source},
};

/// A zip within another file cannot be read by its directory, unless it is held; up to this size.
const HELD: u64 = 64 << 20;

/// The members of a zip. Several may have the same name.
pub fn members(disk: &Arc<Disk>, log: &LogFile) -> io::Result<Vec<LogFile>> {
    let mut archive = ZipIterable::try_new(open(disk.path())?, Config::default())?;
    let (mut members, mut expanded) = (Members::of(log), 0_u64);
    let mut named = HashSet::new();
    for (index, entry) in archive.files()?.enumerate() {
        let entry = entry?;
        if !entry.is_file() {
            continue;
        }
        let name = entry.name().map_or_else(|_| index.to_string(), std::borrow::Cow::into_owned);
        // A directory may name the same bytes many times over.
        if !named.insert((entry.header_start(), name.clone())) {
            continue;
        }
        expanded = expanded.saturating_add(entry.size());
        let size = entry.compressed_size();
        let source = if entry.encrypted() {
            Source::Broken("it is encrypted".into())
        } else if let Err(why) = log.limits.size(expanded) {
            Source::Broken(why)
        } else {
            Source::Zipped { disk: Arc::clone(disk), entry: Box::new(entry.into()) }
        };
        if !members.add(&name, size, None, source) {
            break;
        }
    }
    Ok(members.list)
}

/// Reads one member of a zip.
pub fn read(
    disk: &Disk,
    entry: &OwnedZipFileEntry,
    log: &LogFile,
    buffer: &mut Vec<u8>,
    each: &mut dyn FnMut(Block<'_>),
    done: &mut Done,
) -> io::Result<()> {
    let mut archive = disk.whole()?;
    let entry = entry.as_ref().with_reader(&mut archive, ZipReadOptions::default())?;
    // The directory's word for the size is not taken.
    let meter = Meter::default();
    meter.read.set(entry.compressed_size());
    done.bytes = meter.read.get();
    let unpacking = Unpacking::new(&meter, log.limits, false);
    unpack(&mut unpacking.bounded(entry), unpacking, buffer, each, &mut done.format)
}

/// Reads all members of a zip within a file, or of one that has no directory. One that is damaged
/// does not keep the next from being read.
pub fn within(
    stream: &mut dyn Read,
    unpacking: Unpacking<'_>,
    buffer: &mut Vec<u8>,
    each: &mut dyn FnMut(Block<'_>),
    format: &mut Format,
) -> io::Result<()> {
    let mut each = |entry: &mut dyn Read| {
        let mut entry = unpacking.bounded(entry);
        unpack(&mut entry, unpacking.deeper(), buffer, each, format)
    };
    let mut held = Vec::new();
    let broken = stream.take(HELD).read_to_end(&mut held).err();
    if (held.len() as u64) < HELD {
        match by_directory(&held, &mut each) {
            Ok(damage) => return damage.or(broken).map_or(Ok(()), Err),
            Err(error) => {
                let read = by_member(&mut Cursor::new(&held), &mut each);
                return Err(broken.or(read.err()).unwrap_or_else(|| error.into()));
            }
        }
    }
    by_member(&mut Cursor::new(&held).chain(stream), &mut each)
}

/// Reads the members that the directory names, and gives what was wrong with one of them. Where
/// the directory cannot be read no member is.
fn by_directory(
    held: &[u8],
    each: &mut dyn FnMut(&mut dyn Read) -> io::Result<()>,
) -> Result<Option<io::Error>, ZipError> {
    let mut archive = ZipIterable::try_new(Cursor::new(held), Config::default())?;
    let entries = archive.files()?.collect::<Result<Vec<_>, _>>()?;
    let mut damage = None;
    for entry in entries.into_iter().filter(ZipFileEntry::is_file) {
        let mut bytes = Cursor::new(held);
        let result = entry.with_reader(&mut bytes, ZipReadOptions::default());
        let result = result.map_err(Into::into).and_then(|mut entry| each(&mut entry));
        damage = damage.or(result.err());
    }
    Ok(damage)
}

/// Reads members in their order, each by what stands before it.
fn by_member(
    mut stream: &mut dyn Read,
    each: &mut dyn FnMut(&mut dyn Read) -> io::Result<()>,
) -> io::Result<()> {
    let mut damage = None;
    loop {
        match read_zipfile_from_stream(&mut stream) {
            Ok(Some(mut entry)) if entry.is_file() => {
                damage = damage.or(each(&mut entry).err());
            }
            Ok(Some(_)) => {}
            Ok(None) => return damage.map_or(Ok(()), Err),
            Err(error) => return Err(damage.unwrap_or_else(|| error.into())),
        }
    }
}
