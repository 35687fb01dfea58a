//! The end of an old site: what we wrote is deleted, what people put there is moved on.

use std::fs;
use std::path::Path;

use super::Error;
use super::carry::listed_name;
use super::made_from;
use super::manifest::{self, Manifest};

/// Takes the old site in the folder `old` away. Its files that `listed` names are deleted; anything
/// else goes to the same path of the site `root`, unless it is there already. Can be
/// repeated when it was cut short: the manifest goes last.
pub fn retire(old: &Path, root: &Path, listed: &Manifest) -> Result<(), Error> {
    Retire { old, root, listed }.walk(Path::new(""))?;
    let manifest = old.join(manifest::NAME);
    fs::remove_file(&manifest).map_err(Error::at("remove", &manifest))?;
    fs::remove_dir(old).map_err(Error::at("remove", old))
}

struct Retire<'a> {
    old: &'a Path,
    root: &'a Path,
    listed: &'a Manifest,
}

impl Retire<'_> {
    /// Goes on after an error, so that as much as can be is put in its place, and returns the first.
    fn walk(&self, folder: &Path) -> Result<(), Error> {
        let full = self.old.join(folder);
        let mut result = Ok(());
        for entry in fs::read_dir(&full).map_err(Error::at("list", &full))? {
            let entry = entry.map_err(Error::at("list", &full))?;
            let path = folder.join(entry.file_name());
            if entry.file_type().map_err(Error::at("look at", &entry.path()))?.is_dir() {
                result = result.and(self.retire_folder(&path));
            } else if path != Path::new(manifest::NAME) {
                result = result.and(self.retire_file(&path));
            }
        }
        result
    }

    fn retire_folder(&self, path: &Path) -> Result<(), Error> {
        let (old, new) = (self.old.join(path), self.root.join(path));
        if listed_name(path).is_some_and(|name| self.listed.has_below(&name)) {
            return self.empty(path, &old);
        }
        match fs::symlink_metadata(&new) {
            Ok(there) if there.is_dir() => self.empty(path, &old),
            Ok(_) => Err(Error::Leftover { path: old, target: new }),
            Err(_) => move_to(&old, &new),
        }
    }

    fn empty(&self, path: &Path, old: &Path) -> Result<(), Error> {
        self.walk(path)?;
        fs::remove_dir(old).map_err(Error::at("remove", old))
    }

    fn retire_file(&self, path: &Path) -> Result<(), Error> {
        let (old, new) = (self.old.join(path), self.root.join(path));
        let is_listed = || listed_name(path).is_some_and(|name| self.listed.get(&name).is_some());
        if path == Path::new(made_from::NAME) || is_listed() {
            return remove(&old);
        }
        match fs::symlink_metadata(&new) {
            Ok(there) if is_same(&there, &old) => remove(&old),
            Ok(_) => Err(Error::Leftover { path: old, target: new }),
            Err(_) => move_to(&old, &new),
        }
    }
}

fn remove(file: &Path) -> Result<(), Error> {
    fs::remove_file(file).map_err(Error::at("remove", file))
}

fn move_to(old: &Path, new: &Path) -> Result<(), Error> {
    let make_parent = || new.parent().map_or(Ok(()), fs::create_dir_all);
    make_parent()
        .and_then(|()| fs::rename(old, new))
        .map_err(|source| Error::at("carry over", old)(source))
}

/// Whether the file that is `there` is the `old` one under a second name.
#[cfg(unix)]
fn is_same(there: &fs::Metadata, old: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;

    fs::symlink_metadata(old).is_ok_and(|old| (old.dev(), old.ino()) == (there.dev(), there.ino()))
}

#[cfg(not(unix))]
fn is_same(there: &fs::Metadata, old: &Path) -> bool {
    fs::symlink_metadata(old)
        .is_ok_and(|old| (old.len(), old.modified().ok()) == (there.len(), there.modified().ok()))
}
