//! Where the site is, and the names beside it that belong to it.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::Error;

/// How many random characters end the name of a staging folder.
const RANDOM: usize = 6;

/// Ends the name of the old site where the two folders cannot be exchanged in one step.
const OLD: &str = "-old";

/// The folder of a site, with symbolic links followed, and its surroundings.
#[derive(Debug)]
pub struct Location {
    /// The folder of the site; it may not exist yet.
    pub root: PathBuf,
    /// The folder that holds it.
    pub parent: PathBuf,
    /// What the names of our own files and folders beside it begin with.
    prefix: OsString,
}

impl Location {
    /// Finds the folder that `out` means, and makes its parents.
    pub fn resolve(out: &Path) -> Result<Self, Error> {
        match fs::symlink_metadata(out) {
            Ok(_) => Self::existing(out),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::missing(out),
            Err(error) => Err(Error::at("look at", out)(error)),
        }
    }

    /// Makes a staging folder beside the site, with the site's own permissions if it exists.
    pub fn new_staging(&self) -> Result<TempDir, Error> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(&self.prefix).rand_bytes(RANDOM);
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
        let folder = builder
            .tempdir_in(&self.parent)
            .map_err(Error::at("make a folder in", &self.parent))?;
        take_after(&self.root, folder.path());
        Ok(folder)
    }

    /// The file that is locked while a run is at work.
    pub fn lock_file(&self) -> PathBuf {
        self.beside("lock")
    }

    /// The staging folders of runs that did not end, old sites before the rest. Only while the site
    /// is locked is it certain that no other run uses them.
    pub fn leftovers(&self) -> Result<Vec<PathBuf>, Error> {
        let mut found = Vec::new();
        let entries = fs::read_dir(&self.parent).map_err(Error::at("list", &self.parent))?;
        for entry in entries {
            let entry = entry.map_err(Error::at("list", &self.parent))?;
            if self.is_leftover(&entry.file_name()) && entry.file_type().is_ok_and(|t| t.is_dir()) {
                found.push(entry.path());
            }
        }
        found.sort_by_key(|path| {
            (!path.as_os_str().as_encoded_bytes().ends_with(OLD.as_bytes()), path.clone())
        });
        Ok(found)
    }

    /// Whether a path is the site's folder, or one of the names beside it that belong to it.
    pub fn is_ours(&self, path: &Path) -> bool {
        let beside = path.parent() == Some(&self.parent)
            && path.file_name().is_some_and(|name| {
                name.as_encoded_bytes().starts_with(self.prefix.as_encoded_bytes())
            });
        path == self.root || beside
    }

    fn existing(out: &Path) -> Result<Self, Error> {
        let root = fs::canonicalize(out).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Error::Dangling { out: out.to_owned() },
            _ => Error::at("follow", out)(error),
        })?;
        if !root.is_dir() {
            return Err(Error::NotFolder { out: out.to_owned() });
        }
        let location = Self::of(root).ok_or_else(|| Error::NoName { out: out.to_owned() })?;
        if is_mount_point(&location.root) {
            return Err(Error::MountPoint { out: location.root });
        }
        Ok(location)
    }

    fn missing(out: &Path) -> Result<Self, Error> {
        let name = out.file_name().ok_or_else(|| Error::NoName { out: out.to_owned() })?;
        let parent = match out.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        fs::create_dir_all(parent).map_err(Error::at("make the folder", parent))?;
        let parent = fs::canonicalize(parent).map_err(Error::at("follow", parent))?;
        Self::of(parent.join(name)).ok_or_else(|| Error::NoName { out: out.to_owned() })
    }

    fn of(root: PathBuf) -> Option<Self> {
        let mut prefix = OsString::from(".");
        prefix.push(root.file_name()?);
        prefix.push(".alertbook-");
        let parent = root.parent()?.to_owned();
        Some(Self { root, parent, prefix })
    }

    fn beside(&self, end: &str) -> PathBuf {
        let mut name = self.prefix.clone();
        name.push(end);
        self.parent.join(name)
    }

    fn is_leftover(&self, name: &OsStr) -> bool {
        let Some(end) = name.as_encoded_bytes().strip_prefix(self.prefix.as_encoded_bytes()) else {
            return false;
        };
        let random = end.strip_suffix(OLD.as_bytes()).unwrap_or(end);
        random.len() == RANDOM && random.iter().all(u8::is_ascii_alphanumeric)
    }
}

/// The name that the old site gets for a moment where it cannot be exchanged with `staging`.
pub fn old_name(staging: &Path) -> PathBuf {
    let mut name = staging.as_os_str().to_owned();
    name.push(OLD);
    name.into()
}

/// Gives `folder` the owner and the permissions of the `site` that it will replace, so that a web
/// server can still read it. Who may not do so publishes with their own.
#[cfg(unix)]
fn take_after(site: &Path, folder: &Path) {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};

    let (Ok(old), Ok(new)) = (fs::metadata(site), fs::metadata(folder)) else { return };
    if (old.uid(), old.gid()) != (new.uid(), new.gid()) {
        let _ = chown(folder, Some(old.uid()), Some(old.gid()));
    }
    let mode = fs::Permissions::from_mode(old.mode() & 0o7777 | 0o700);
    let _ = fs::set_permissions(folder, mode);
}

#[cfg(not(unix))]
fn take_after(_site: &Path, _folder: &Path) {}

/// Whether another file system begins at `folder`.
#[cfg(target_os = "linux")]
pub fn is_mount_point(folder: &Path) -> bool {
    use rustix::fs::{AtFlags, CWD, StatxAttributes, StatxFlags, statx};

    statx(CWD, folder, AtFlags::empty(), StatxFlags::empty())
        .is_ok_and(|known| known.stx_attributes.contains(StatxAttributes::MOUNT_ROOT))
}

/// Whether another file system begins at `folder`: not known on this system.
#[cfg(not(target_os = "linux"))]
pub fn is_mount_point(_folder: &Path) -> bool {
    false
}
