//! Which files there are: recursively, in the order of their names, regular files only.

use std::{
    fmt,
    fs::{self, File, FileType, Metadata},
    io::{self, Read},
    os::unix::fs::{FileTypeExt as _, MetadataExt as _},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};
use zip::read::OwnedZipFileEntry;

use super::{
    archive,
    blocks::Part,
    cut::Cuts,
    extent::Extent,
    limits::Limits,
    open::{Disk, shrunk},
};
use crate::{error::Error, time::Timestamp};

/// The logs under the inputs, and what was passed by.
#[derive(Debug, Default)]
pub struct Found {
    /// Regular files, ordered by name.
    pub files: Vec<LogFile>,
    /// What is no regular file, ordered by name.
    pub passed: Vec<Passed>,
}

/// One log.
pub struct LogFile {
    /// Path relative to the input that held it, `/` between its parts; for messages and pages.
    pub name: String,
    /// The same with the input as it was given before it; what host patterns are matched against.
    pub place: String,
    /// Bytes when it was found. What is written to it later is not read.
    pub size: u64,
    /// When it was last written to.
    pub modified: Option<Timestamp>,
    /// How far it may expand.
    pub(super) limits: Limits,
    /// Where its bytes come from.
    pub(super) source: Source,
    /// Where it is cut into units.
    pub(super) cuts: Cuts,
}

impl LogFile {
    /// The file on disk that it is, or is a part of.
    const fn disk(&self) -> Option<&Arc<Disk>> {
        match &self.source {
            Source::Path(disk)
            | Source::Stretch { disk, .. }
            | Source::Zipped { disk, .. }
            | Source::Packed { disk, .. } => Some(disk),
            Source::Empty | Source::Stream(_) | Source::Broken(_) => None,
        }
    }

    /// The open file. As long as it is held no part of the log is opened anew.
    pub(super) fn open(&self) -> Option<Arc<File>> {
        self.disk()?.open().ok()
    }

    /// Whether the open file is still as long as it was found.
    pub(super) fn still_whole(&self, file: &File) -> io::Result<()> {
        self.disk().map_or(Ok(()), |disk| disk.still_whole(file))
    }

    /// The file, where it can be read at any place.
    pub(super) fn extent(&self) -> Option<io::Result<Extent>> {
        let (disk, start) = match &self.source {
            Source::Path(disk) => (disk, 0),
            Source::Stretch { disk, start } => (disk, *start),
            _ => return None,
        };
        Some(disk.open().map(|file| Extent::new(file, start, self.size)))
    }

    /// What is said where it ends earlier than it should.
    pub(super) fn cut_short(&self) -> io::Error {
        match &self.source {
            Source::Stretch { .. } => io::Error::other("the archive ends within it"),
            _ => shrunk(),
        }
    }

    /// The unit that reads all of it.
    pub(super) const fn whole(&self) -> Part {
        match &self.source {
            Source::Packed { count: 0, .. } => Part::Member,
            Source::Packed { count, .. } => Part::Members(*count),
            _ => Part::Whole,
        }
    }
}

impl fmt::Debug for LogFile {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "LogFile({:?}, {} bytes)", self.name, self.size)
    }
}

pub(super) enum Source {
    Path(Arc<Disk>),
    /// The member of a plain tar that begins at an offset.
    Stretch {
        disk: Arc<Disk>,
        start: u64,
    },
    /// A member of a zip, as its directory tells of it.
    Zipped {
        disk: Arc<Disk>,
        entry: Box<OwnedZipFileEntry>,
    },
    /// A member of a compressed tar; the first knows how many there are.
    Packed {
        disk: Arc<Disk>,
        count: u32,
    },
    /// An archive without members.
    Empty,
    Stream(Mutex<Box<dyn Read + Send>>),
    /// It could not even be looked at.
    Broken(String),
}

/// Something that is not opened.
#[derive(Debug, PartialEq, Eq)]
pub struct Passed {
    /// Path relative to the input that held it.
    pub name: String,
    /// What it is.
    pub reason: &'static str,
}

impl Passed {
    /// Whether it is a symbolic link.
    pub fn is_link(&self) -> bool {
        self.reason == LINK
    }
}

/// What is said of a symbolic link.
const LINK: &str = "symbolic link, not followed";

/// A stream as the only log, named `standard input`.
pub fn standard_input(stream: Box<dyn Read + Send>, limits: Limits) -> Found {
    let file = LogFile {
        name: "standard input".into(),
        place: "standard input".into(),
        size: 0,
        modified: None,
        limits,
        source: Source::Stream(Mutex::new(stream)),
        cuts: Cuts::default(),
    };
    Found { files: vec![file], passed: Vec::new() }
}

/// Finds the logs under files and folders. Symbolic links, FIFOs, sockets and devices within a
/// folder are passed by: a link's target is read where it stands, if it stands in the folder.
/// What `ours` knows by its path without links is not seen at all: the site may stand among the
/// logs, and is none of them.
pub fn find(
    inputs: &[PathBuf],
    limits: Limits,
    ours: &dyn Fn(&Path) -> bool,
) -> Result<Found, Error> {
    let mut found = Found::default();
    for input in inputs {
        let metadata =
            fs::metadata(input).map_err(|source| Error::Input { path: input.clone(), source })?;
        // Two inputs may hold files of the same name.
        let several = inputs.len() > 1 && metadata.is_dir();
        let prefix = if several { last_component(input) + "/" } else { String::new() };
        if metadata.is_dir() {
            walk(input, &prefix, limits, ours, &mut found)?;
        } else if metadata.is_file() {
            let name = format!("{prefix}{}", last_component(input));
            // A link that the user names is followed; later none is.
            let path = input.canonicalize().unwrap_or_else(|_| input.clone());
            found.files.push(log_file(name, shown(input), Some(&metadata), limits, path));
        } else {
            return Err(Error::NotAFile { path: input.clone() });
        }
    }
    found.files.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.place.cmp(&b.place)));
    let expanded: Vec<_> = found.files.into_par_iter().map(archive::expand).collect();
    found.files = expanded.into_iter().flatten().collect();
    found.passed.sort_by(|a, b| a.name.cmp(&b.name));
    if found.files.is_empty() && found.passed.is_empty() {
        let inputs: Vec<_> = inputs.iter().map(|input| shown(input)).collect();
        return Err(Error::NoLogs { inputs: inputs.join(", ") });
    }
    Ok(found)
}

fn log_file(
    name: String,
    place: String,
    metadata: Option<&Metadata>,
    limits: Limits,
    path: PathBuf,
) -> LogFile {
    LogFile {
        name,
        place,
        size: metadata.map_or(0, Metadata::len),
        modified: metadata.map(|metadata| Timestamp::from_secs(metadata.mtime())),
        limits,
        source: Source::Path(Disk::new(path, metadata)),
        cuts: Cuts::default(),
    }
}

fn walk(
    input: &Path,
    prefix: &str,
    limits: Limits,
    ours: &dyn Fn(&Path) -> bool,
    found: &mut Found,
) -> Result<(), Error> {
    let root = input.canonicalize().unwrap_or_else(|_| input.to_owned());
    let theirs = |entry: &DirEntry| {
        let within = entry.path().strip_prefix(input).unwrap_or_else(|_| entry.path());
        entry.depth() == 0 || !ours(&root.join(within))
    };
    let entries = WalkDir::new(input).follow_links(false).follow_root_links(true);
    for entry in entries.into_iter().filter_entry(theirs) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) if error.depth() == 0 => {
                return Err(Error::Input { path: input.into(), source: error.into() });
            }
            Err(error) => {
                found.files.push(broken(input, prefix, limits, &error));
                continue;
            }
        };
        let kind = entry.file_type();
        if kind.is_dir() || entry.depth() == 0 {
            continue;
        }
        let name = format!("{prefix}{}", relative(input, entry.path()));
        if kind.is_file() {
            let metadata = entry.metadata().ok();
            let place = shown(entry.path());
            found.files.push(log_file(name, place, metadata.as_ref(), limits, entry.into_path()));
        } else {
            found.passed.push(Passed { name, reason: what_it_is(kind) });
        }
    }
    Ok(())
}

/// A folder that cannot be listed, or an entry that vanished: it counts as a file unread.
fn broken(input: &Path, prefix: &str, limits: Limits, error: &walkdir::Error) -> LogFile {
    let path = error.path().unwrap_or(input);
    let why = error.io_error().map_or_else(|| "cannot be read".into(), ToString::to_string);
    LogFile {
        name: format!("{prefix}{}", relative(input, path)),
        place: shown(path),
        size: 0,
        modified: None,
        limits,
        source: Source::Broken(why),
        cuts: Cuts::default(),
    }
}

fn what_it_is(kind: FileType) -> &'static str {
    if kind.is_symlink() {
        LINK
    } else if kind.is_fifo() {
        "FIFO"
    } else if kind.is_socket() {
        "socket"
    } else {
        "device"
    }
}

fn relative(input: &Path, path: &Path) -> String {
    shown(path.strip_prefix(input).unwrap_or(path))
}

fn last_component(path: &Path) -> String {
    path.file_name().map_or_else(|| shown(path), |name| shown(Path::new(name)))
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
