//! Pages on their way to the disk: begun while others are made, waited for once.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use super::manifest::Manifest;

/// Bytes of pages that are much to send to a disk at once.
const MUCH: u64 = 128 << 20;

/// The disk under a folder. It is open from before the first page is written: the system tells of what
/// could not be written since then.
#[derive(Debug)]
pub struct Disk {
    folder: PathBuf,
    #[cfg(target_os = "linux")]
    opened: File,
    /// Bytes of pages that were written.
    written: AtomicU64,
    /// Whether some of them are being sent to the disk.
    busy: Arc<AtomicBool>,
}

impl Disk {
    /// The disk under a folder in which nothing was written yet.
    pub fn under(folder: &Path) -> io::Result<Self> {
        Ok(Self {
            folder: folder.to_owned(),
            #[cfg(target_os = "linux")]
            opened: File::open(folder)?,
            written: AtomicU64::new(0),
            busy: Arc::default(),
        })
    }

    /// Says that so many bytes more were written. Each time that they have become much, they are sent
    /// to the disk beside the making of more: else all would be waited for in the end.
    pub fn wrote(&self, more: u64) {
        let before = self.written.fetch_add(more, Ordering::Relaxed);
        let is_much = before / MUCH != (before + more) / MUCH;
        if is_much && cfg!(target_os = "linux") && !self.busy.swap(true, Ordering::Relaxed) {
            let (folder, busy) = (self.folder.clone(), Arc::clone(&self.busy));
            thread::spawn(move || {
                // What could not be written is told when all is waited for.
                let _ = File::open(folder).and_then(|folder| sync(&folder));
                busy.store(false, Ordering::Relaxed);
            });
        }
    }

    /// Waits until the files of `manifest` are on the disk, and says if one could not be written there.
    #[cfg(target_os = "linux")]
    pub fn wait(&self, _manifest: &Manifest) -> io::Result<()> {
        sync(&self.opened)
    }

    /// Waits until the files of `manifest` are on the disk, and says if one could not be written there.
    #[cfg(not(target_os = "linux"))]
    pub fn wait(&self, manifest: &Manifest) -> io::Result<()> {
        manifest.files().try_for_each(|(path, _)| File::open(self.folder.join(path))?.sync_all())
    }
}

/// Writes all of a file system that is not on the disk: a call for each of ten thousand pages would
/// take minutes.
#[cfg(target_os = "linux")]
fn sync(folder: &File) -> io::Result<()> {
    Ok(rustix::fs::syncfs(folder)?)
}

/// Never called where a whole file system cannot be written at once.
#[cfg(not(target_os = "linux"))]
fn sync(folder: &File) -> io::Result<()> {
    folder.sync_all()
}
