//! What people put into a site, on its way into the next one.

use std::fs;
use std::io;
use std::path::Path;

use super::Error;
use super::folders::Folders;
use super::location::is_mount_point;
use super::made_from;
use super::manifest::{self, Manifest};

/// Links the files of the site `old` that are not ours into the new one, so that they are never
/// missing, and makes sure that what cannot be linked can be moved when the sites have been
/// exchanged: whole folders, and files that the system does not let us link.
pub fn carry(
    old: &Path,
    present: &Manifest,
    next: &Manifest,
    folders: &Folders,
) -> Result<(), Error> {
    Carry { old, present, next, folders }.walk(Path::new(""))
}

/// The path of a file in a site as a manifest writes it; `None` if a page cannot have it.
pub fn listed_name(path: &Path) -> Option<String> {
    let components: Option<Vec<&str>> = path.iter().map(|component| component.to_str()).collect();
    Some(components?.join("/"))
}

struct Carry<'a> {
    old: &'a Path,
    present: &'a Manifest,
    next: &'a Manifest,
    folders: &'a Folders,
}

impl Carry<'_> {
    fn walk(&self, folder: &Path) -> Result<(), Error> {
        let full = self.old.join(folder);
        for entry in fs::read_dir(&full).map_err(Error::at("list", &full))? {
            let entry = entry.map_err(Error::at("list", &full))?;
            let path = folder.join(entry.file_name());
            if entry.file_type().map_err(Error::at("look at", &entry.path()))?.is_dir() {
                self.carry_folder(&path)?;
            } else if path != Path::new(manifest::NAME) {
                self.carry_file(&path)?;
            }
        }
        Ok(())
    }

    fn carry_folder(&self, path: &Path) -> Result<(), Error> {
        let name = listed_name(path).unwrap_or_default();
        if self.present.has_below(&name) {
            return self.walk(path);
        }
        self.check_free(path)?;
        if self.next.has_below(&name) {
            return self.walk(path);
        }
        let full = self.old.join(path);
        check_movable(&full).map_err(Error::at("carry over", &full))
    }

    fn carry_file(&self, path: &Path) -> Result<(), Error> {
        let name = listed_name(path).unwrap_or_default();
        let old = self.old.join(path);
        if self.present.get(&name).is_some() || path == Path::new(made_from::NAME) {
            return Ok(());
        }
        self.check_free(path)?;
        if self.next.has_below(&name) {
            return Err(Error::InTheWay { path: old });
        }
        let new = self.folders.place(path)?;
        // What cannot be linked is moved later.
        let _ = fs::hard_link(old, new);
        Ok(())
    }

    /// Checks that no page takes the place of `path`, or of a folder that it is in.
    fn check_free(&self, path: &Path) -> Result<(), Error> {
        let is_page = |path| listed_name(path).is_some_and(|name| self.next.get(&name).is_some());
        if path.ancestors().any(is_page) {
            return Err(Error::InTheWay { path: self.old.join(path) });
        }
        Ok(())
    }
}

/// A folder can be moved to another one only by who may write to it, for it knows its parent.
fn check_movable(folder: &Path) -> io::Result<()> {
    if is_mount_point(folder) {
        return Err(io::Error::other("a file system is mounted there; unmount it for the run"));
    }
    #[cfg(unix)]
    rustix::fs::access(folder, rustix::fs::Access::WRITE_OK)?;
    Ok(())
}
