//! Archives: each member is a log of its own, named `archive.zip!member`, and none is unpacked
//! to disk.
//!
//! Members of a plain tar are stretches of its file and those of a zip are read one by one; the
//! members of a compressed tar can only be read in their order, and are one unit of work.

use std::{
    cell::Cell,
    io::{self, Read},
    path::Path,
    sync::Arc,
};

use super::{
    blocks::{Block, Done, said},
    cut::Cuts,
    format::{Format, Packing},
    limits::{Bounded, Counted, Limits},
    open::open,
    unpack::{Unpacking, decompressed, opened, unpack},
    walk::{LogFile, Source},
};
use crate::time::Timestamp;

/// Files that are shorter hold no archive with a log in it.
const SHORTEST: u64 = 64;

/// Members that are read of one archive.
const MOST: usize = 100_000;

/// The logs in a file: its members if it is an archive, itself if not.
pub fn expand(log: LogFile) -> Vec<LogFile> {
    let Source::Path(path) = &log.source else { return vec![log] };
    if log.size < SHORTEST {
        return vec![log];
    }
    let path = path.clone();
    let members = match kind(&path) {
        Ok(Some(Kind::Tar)) => plain_tar(&path, &log),
        Ok(Some(Kind::PackedTar)) => packed_tar(&path, &log),
        Ok(Some(Kind::Zip)) => zip(&path, &log),
        // Whatever is wrong is said when the file is read.
        Ok(None) | Err(_) => return vec![log],
    };
    match members {
        Ok(members) if members.is_empty() => vec![LogFile { size: 0, ..broken(log, "") }],
        Ok(members) => members,
        Err(error) => vec![broken(log, &format!("its members cannot be listed: {error}"))],
    }
}

enum Kind {
    Tar,
    PackedTar,
    Zip,
}

fn kind(path: &Path) -> io::Result<Option<Kind>> {
    let mut file = open(path)?;
    let (packing, stream) = opened(&mut file)?;
    Ok(match packing {
        Packing::Tar => Some(Kind::Tar),
        Packing::Zip => Some(Kind::Zip),
        Packing::Gzip | Packing::Zstd | Packing::Xz | Packing::Bzip2 => {
            let mut inner = decompressed(packing, stream)?;
            let (within, _) = opened(&mut inner)?;
            (within == Packing::Tar).then_some(Kind::PackedTar)
        }
        Packing::Plain | Packing::Unreadable(_) => None,
    })
}

fn broken(log: LogFile, why: &str) -> LogFile {
    let source = if why.is_empty() { Source::Empty } else { Source::Broken(why.into()) };
    LogFile { source, ..log }
}

/// A member as a log. Its place is a path, so that host patterns fit it.
fn member(archive: &LogFile, name: &str, size: u64, source: Source) -> LogFile {
    LogFile {
        name: format!("{}!{name}", archive.name),
        place: format!("{}/{name}", archive.place),
        size,
        modified: archive.modified,
        limits: archive.limits,
        source,
        identity: None,
        cuts: Cuts::default(),
    }
}

fn plain_tar(path: &Path, log: &LogFile) -> io::Result<Vec<LogFile>> {
    let mut archive = tar::Archive::new(open(path)?);
    let path: Arc<Path> = path.into();
    let mut members = Vec::new();
    for entry in archive.entries_with_seek()? {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                members.push(torn(log, &error));
                break;
            }
        };
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let (start, size) = (entry.raw_file_position(), entry.size());
        let source = Source::Stretch { path: Arc::clone(&path), start };
        members.push(tar_member(log, &entry, size, source));
        if members.len() >= MOST {
            break;
        }
    }
    Ok(members)
}

/// What stands for the members of an archive that cannot be listed to its end.
fn torn(log: &LogFile, error: &io::Error) -> LogFile {
    member(log, "…", 0, Source::Broken(format!("the archive cannot be read further: {error}")))
}

fn tar_member<R: Read>(
    log: &LogFile,
    entry: &tar::Entry<'_, R>,
    size: u64,
    source: Source,
) -> LogFile {
    let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
    let modified = entry.header().mtime().ok().and_then(|secs| i64::try_from(secs).ok());
    let modified = modified.filter(|secs| *secs > 0).map(Timestamp::from_secs);
    let found = member(log, name.trim_start_matches("./"), size, source);
    LogFile { modified: modified.or(found.modified), ..found }
}

/// Runs through a compressed tar, with each member's number and how far the file was read.
fn run(
    path: &Path,
    limits: Limits,
    each: &mut dyn FnMut(u32, &mut tar::Entry<'_, &mut dyn Read>, &Cell<u64>) -> bool,
) -> io::Result<()> {
    let read = Cell::new(0);
    let mut counted = Counted { inner: open(path)?, read: &read };
    let (packing, stream) = opened(&mut counted)?;
    let inner = decompressed(packing, stream)?;
    let mut bounded = Bounded { inner, read: &read, expanded: 0, limits };
    let mut archive = tar::Archive::new(&mut bounded as &mut dyn Read);
    let mut number = 0;
    for entry in archive.entries()? {
        let mut entry = entry?;
        if entry.header().entry_type().is_file() {
            if !each(number, &mut entry, &read) {
                break;
            }
            number += 1;
        }
    }
    Ok(())
}

fn packed_tar(path: &Path, log: &LogFile) -> io::Result<Vec<LogFile>> {
    let shared: Arc<Path> = path.into();
    let mut members = Vec::new();
    let result = run(path, log.limits, &mut |_, entry, _| {
        let source = Source::Packed { path: Arc::clone(&shared), count: 0 };
        members.push(tar_member(log, entry, entry.size(), source));
        members.len() < MOST
    });
    if members.is_empty() {
        result?;
    }
    // The first reads for all.
    let found = u32::try_from(members.len()).unwrap_or(u32::MAX);
    if let Some(Source::Packed { count, .. }) = members.first_mut().map(|first| &mut first.source) {
        *count = found;
    }
    Ok(members)
}

/// Reads the members of a compressed tar, of which `log` is the first.
pub fn members(
    log: &LogFile,
    count: u32,
    buffer: &mut Vec<u8>,
    each: &mut dyn FnMut(u32, Block<'_>),
) -> Vec<Done> {
    let mut done: Vec<Done> = (0..count).map(|_| Done::default()).collect();
    let Source::Packed { path, .. } = &log.source else { return done };
    let (mut before, mut reached) = (0, 0);
    let result = run(path, log.limits, &mut |number, entry, read| {
        let Some(done) = done.get_mut(number as usize) else { return false };
        reached = number as usize;
        let unpacking = Unpacking::new(read, log.limits, false);
        let each = &mut |block: Block<'_>| each(number, block);
        let result = unpack(entry, unpacking, buffer, each, &mut done.format);
        done.bytes = read.get() - before;
        before = read.get();
        done.error = result.err().map(|error| said(&error, done));
        done.error.is_none()
    });
    if let (Err(error), Some(done)) = (result, done.get_mut(reached))
        && done.error.is_none()
    {
        done.error = Some(error.to_string());
    }
    let unread = done.iter().position(|done| done.error.is_some()).map_or(done.len(), |at| at + 1);
    for done in &mut done[unread..] {
        done.error = Some("the archive could not be read so far".into());
    }
    done
}

fn zip(path: &Path, log: &LogFile) -> io::Result<Vec<LogFile>> {
    let mut archive = zip::ZipArchive::new(open(path)?)?;
    let path: Arc<Path> = path.into();
    let (mut members, mut expanded) = (Vec::new(), 0_u64);
    for index in 0..archive.len().min(MOST) {
        let entry = archive.by_index_raw(index)?;
        if !entry.is_file() {
            continue;
        }
        expanded = expanded.saturating_add(entry.size());
        let source = if entry.encrypted() {
            Source::Broken("it is encrypted".into())
        } else if let Err(why) = log.limits.refuse(u64::MAX, expanded) {
            Source::Broken(why)
        } else {
            Source::Zipped { path: Arc::clone(&path), index }
        };
        let name = entry.name().map_or_else(|_| format!("{index}"), std::borrow::Cow::into_owned);
        members.push(member(log, &name, entry.compressed_size(), source));
    }
    Ok(members)
}

/// Reads one member of a zip.
pub fn zipped(
    path: &Path,
    index: usize,
    log: &LogFile,
    buffer: &mut Vec<u8>,
    each: &mut dyn FnMut(Block<'_>),
    done: &mut Done,
) -> io::Result<()> {
    let mut archive = zip::ZipArchive::new(open(path)?)?;
    let entry = archive.by_index(index)?;
    // The directory's word for the size is not taken.
    let read = Cell::new(entry.compressed_size());
    done.bytes = read.get();
    let mut bounded = Bounded { inner: entry, read: &read, expanded: 0, limits: log.limits };
    let unpacking = Unpacking::new(&read, log.limits, false);
    done.format = Format { packing: Packing::Plain, ..Format::default() };
    unpack(&mut bounded, unpacking, buffer, each, &mut done.format)
}
