//! Opens a log without ever waiting on it or following a link.

use std::{
    fs::{File, Metadata, OpenOptions},
    io,
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, Weak},
};

use rustix::fs::OFlags;

use super::extent::Extent;

/// A file on disk, and all that is read in it, part by part. It stays open as long as one of its parts
/// is held: it may be renamed or removed meanwhile.
#[derive(Debug)]
pub struct Disk {
    path: PathBuf,
    found: Option<Identity>,
    open: Mutex<Weak<File>>,
}

/// Which file was found, and how it was.
#[derive(Clone, Copy, Debug)]
struct Identity {
    /// Its device, and its number there.
    file: (u64, u64),
    /// Seconds and nanoseconds.
    written: (i64, i64),
    /// Its length.
    size: u64,
}

impl Identity {
    fn of(metadata: &Metadata) -> Self {
        Self {
            file: (metadata.dev(), metadata.ino()),
            written: (metadata.mtime(), metadata.mtime_nsec()),
            size: metadata.len(),
        }
    }
}

impl Disk {
    /// The file at a path, as it was found.
    pub fn new(path: PathBuf, found: Option<&Metadata>) -> Arc<Self> {
        Arc::new(Self { path, found: found.map(Identity::of), open: Mutex::default() })
    }

    /// Where it was found.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The open file.
    pub fn open(&self) -> io::Result<Arc<File>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = open.upgrade() {
            return Ok(file);
        }
        let file = self::open(&self.path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => io::Error::other(
                "it was there when the run began, and then was moved or removed, as where logs are \
                 rotated; run again to read it where it is now",
            ),
            _ => error,
        })?;
        self.same(&file)?;
        let file = Arc::new(file);
        *open = Arc::downgrade(&file);
        Ok(file)
    }

    /// All of the file, as long as it was found.
    pub fn whole(&self) -> io::Result<Extent> {
        let file = self.open()?;
        let size = match self.found {
            Some(found) => found.size,
            None => file.metadata()?.len(),
        };
        Ok(Extent::new(file, 0, size))
    }

    /// Refuses another file that has taken the place of the one that was found, as where a log is
    /// rotated: parts of two files are no log.
    fn same(&self, file: &File) -> io::Result<()> {
        let Some(found) = self.found else { return Ok(()) };
        let now = Identity::of(&file.metadata()?);
        // A network file system may give a file that stays as it is another number each time.
        let changed = now.written != found.written || now.size < found.size;
        if changed && now.file != found.file {
            return Err(io::Error::other(
                "another file took its place while it was read, as where logs are rotated; what had \
                 not been read is missing",
            ));
        }
        Ok(())
    }

    /// Whether the file, after a part of it was read, is still as long as it was found: what was cut off
    /// may have been read before, or not.
    pub fn still_whole(&self, file: &File) -> io::Result<()> {
        match self.found {
            Some(found) if file.metadata()?.len() < found.size => Err(shrunk()),
            _ => Ok(()),
        }
    }
}

/// What became of a file that ends earlier than it did when it was found.
pub fn shrunk() -> io::Error {
    io::Error::other(
        "it became shorter while it was read, as where a log is emptied or written anew in its place; \
         records of it may be missing, or counted twice",
    )
}

/// Opens a regular file. Between the walk and now it may have become something else: a link is
/// refused, and a FIFO or device neither blocks nor is read.
pub fn open(path: &Path) -> io::Result<File> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let flags = i32::try_from(flags.bits()).map_err(io::Error::other)?;
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("it is no regular file any more"));
    }
    Ok(file)
}
