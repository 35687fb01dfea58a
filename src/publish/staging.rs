//! A site in the making, beside the one that readers see.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use tempfile::TempDir;

use super::disk::Disk;
use super::folders::Folders;
use super::location::Location;
use super::lock::Lock;
use super::manifest::{Fingerprint, Manifest};
use super::{Error, path, recover};
use crate::page::Page;

/// A site that is being written. Dropped without [`Staging::commit`], it leaves nothing behind.
#[derive(Debug)]
pub struct Staging {
    pub(super) location: Location,
    /// What the published site holds of ours; `None` where there is no site yet.
    pub(super) present: Option<Manifest>,
    pub(super) folders: Folders,
    pub(super) claims: Mutex<BTreeMap<String, Claim>>,
    /// What pages are made from, as a digest, if that is known.
    pub(super) made_from: OnceLock<blake3::Hash>,
    pub(super) failed: AtomicBool,
    pub(super) disk: Disk,
    /// Before the lock, so that it is gone before another run may start.
    pub(super) folder: TempDir,
    _lock: Lock,
}

/// A page that the site will hold.
#[derive(Debug, Clone, Copy)]
pub struct Claim {
    pub(super) fingerprint: Fingerprint,
    /// The published site holds the same bytes under the same path, so nothing was written.
    pub(super) kept: bool,
}

impl Staging {
    /// Starts a site that is to replace the one in `out`, which may be missing, empty, or a site
    /// that an earlier run wrote, but nothing else. Clears what killed runs left behind.
    pub fn begin(out: &Path) -> Result<Self, Error> {
        let location = Location::resolve(out)?;
        let lock = Lock::take(&location)?;
        let present = recover::recover(&location)?;
        let folder = location.new_staging()?;
        let disk = Disk::under(folder.path()).map_err(Error::at("open", folder.path()))?;
        Ok(Self {
            folders: Folders::below(folder.path()),
            location,
            present,
            claims: Mutex::default(),
            made_from: OnceLock::new(),
            failed: AtomicBool::new(false),
            disk,
            folder,
            _lock: lock,
        })
    }

    /// Whether a path, without links, is the published site's or belongs to it.
    pub fn is_ours(&self, path: &Path) -> bool {
        self.location.is_ours(path)
    }

    /// Adds a page; from any thread. A page that the published site holds already, to the byte, is
    /// not written again. After an error the site can no longer be committed.
    pub fn put(&self, page: Page) -> Result<(), Error> {
        self.try_put(page).inspect_err(|_| self.failed.store(true, Ordering::Relaxed))
    }

    /// Whether a page was refused or could not be written.
    pub(super) fn is_incomplete(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }

    fn try_put(&self, Page { path, bytes }: Page) -> Result<(), Error> {
        path::check(&path)?;
        let fingerprint = Fingerprint::of(&bytes);
        let kept = self.is_published(&path, &fingerprint, &bytes);
        self.claim(&path, Claim { fingerprint, kept })?;
        if kept { Ok(()) } else { self.write(&path, &bytes) }
    }

    /// Whether the published site holds these bytes: as the manifest says, and in truth, for a
    /// person may have changed the file.
    fn is_published(&self, path: &str, fingerprint: &Fingerprint, bytes: &[u8]) -> bool {
        let listed = self.present.as_ref().and_then(|manifest| manifest.get(path));
        listed == Some(fingerprint) && holds(&self.location.root.join(path), bytes)
    }

    pub(super) fn claim(&self, path: &str, claim: Claim) -> Result<(), Error> {
        let mut claims = self.claims.lock().unwrap_or_else(PoisonError::into_inner);
        match claims.entry(path.to_owned()) {
            Entry::Occupied(_) => Err(Error::Twice { path: path.to_owned() }),
            Entry::Vacant(entry) => {
                entry.insert(claim);
                Ok(())
            }
        }
    }

    fn write(&self, path: &str, bytes: &[u8]) -> Result<(), Error> {
        let file = self.folders.place(Path::new(path))?;
        write_new(&file, bytes).map_err(|error| match error.kind() {
            // Two names that this file system takes for one, or a page where others have a folder.
            io::ErrorKind::AlreadyExists => Error::Twice { path: path.to_owned() },
            _ => Error::at("write", &file)(error),
        })?;
        self.disk.wrote(bytes.len() as u64);
        Ok(())
    }
}

/// Writes a file that must not exist.
pub fn write_new(file: &Path, bytes: &[u8]) -> io::Result<()> {
    OpenOptions::new().write(true).create_new(true).open(file)?.write_all(bytes)
}

fn holds(file: &Path, bytes: &[u8]) -> bool {
    let is_plain = |known: &fs::Metadata| known.is_file() && known.len() == bytes.len() as u64;
    fs::symlink_metadata(file).is_ok_and(|known| is_plain(&known))
        && fs::read(file).is_ok_and(|there| there == bytes)
}
