//! One run at a time on one site.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::Error;
use super::location::Location;

/// Holds a site until it is dropped. The system frees it when the process dies, however it dies.
#[derive(Debug)]
pub struct Lock {
    /// Kept open: closing it frees the lock.
    _file: File,
    path: PathBuf,
}

impl Lock {
    /// Takes the site, or says that another run has it.
    pub fn take(location: &Location) -> Result<Self, Error> {
        let path = location.lock_file();
        loop {
            let file = open(&path).map_err(Error::at("lock a site in", &location.parent))?;
            match file.try_lock() {
                // The run before removed the file between our opening and locking it.
                Ok(()) if !is_at(&file, &path) => {}
                Ok(()) => return Ok(Self { _file: file, path }),
                Err(TryLockError::WouldBlock) => {
                    return Err(Error::Locked { out: location.root.clone() });
                }
                Err(TryLockError::Error(error)) => {
                    return Err(Error::at("lock", &path)(error));
                }
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed());
    }
    options.open(path)
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;

    let (Ok(held), Ok(there)) = (file.metadata(), fs::symlink_metadata(path)) else { return false };
    (held.dev(), held.ino()) == (there.dev(), there.ino())
}

#[cfg(not(unix))]
fn is_at(_file: &File, path: &Path) -> bool {
    path.exists()
}
