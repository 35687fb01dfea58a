//! The step in which one site takes the place of another.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::location::old_name;

/// Puts the folder `staging` where no site is yet: nothing, or an empty folder.
pub fn place(staging: &Path, root: &Path) -> io::Result<()> {
    fs::rename(staging, root)
}

/// Puts the folder `staging` in the place of the site `root`, and says where the old site is now.
/// Where the system cannot exchange two folders in one step, the site is missing for an instant; a
/// run that is killed in it is put right by the next.
pub fn exchange(staging: &Path, root: &Path) -> io::Result<PathBuf> {
    match exchange_at_once(staging, root) {
        Err(error) if is_unsupported(&error) => exchange_in_two(staging, root),
        done => done.map(|()| staging.to_owned()),
    }
}

/// Waits until the names in a folder are on the disk. Some systems cannot do this for folders; the
/// order in which they write then has to do.
pub fn sync_folder(folder: &Path) {
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn exchange_at_once(staging: &Path, root: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};

    Ok(renameat_with(CWD, staging, CWD, root, RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn exchange_at_once(_staging: &Path, _root: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

fn is_unsupported(error: &io::Error) -> bool {
    // A file system that does not know the request answers that an argument is invalid.
    matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput)
}

fn exchange_in_two(staging: &Path, root: &Path) -> io::Result<PathBuf> {
    let old = old_name(staging);
    fs::rename(root, &old)?;
    match fs::rename(staging, root) {
        Ok(()) => Ok(old),
        Err(error) => {
            fs::rename(&old, root)?;
            Err(error)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_folders() -> (tempfile::TempDir, PathBuf, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let (staging, root) = (folder.path().join("staging"), folder.path().join("site"));
        for (path, name) in [(&staging, "new"), (&root, "old")] {
            fs::create_dir(path).unwrap();
            fs::write(path.join(name), name).unwrap();
        }
        (folder, staging, root)
    }

    #[test]
    fn both_ways_of_exchange_leave_the_new_site_and_name_the_old() {
        for way in [exchange, exchange_in_two] {
            let (_folder, staging, root) = two_folders();
            let old = way(&staging, &root).unwrap();
            assert!(root.join("new").exists() && !root.join("old").exists());
            assert!(old.join("old").exists() && !old.join("new").exists());
        }
    }

    #[test]
    fn the_old_site_comes_back_when_the_new_one_cannot_take_its_place() {
        for way in [exchange, exchange_in_two] {
            let (_folder, staging, root) = two_folders();
            fs::remove_dir_all(&staging).unwrap();
            assert!(way(&staging, &root).is_err());
            assert!(root.join("old").exists());
            assert!(!old_name(&staging).exists());
        }
    }
}
