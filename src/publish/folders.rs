//! The folders of a site, each made once.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::Error;

/// Makes folders below a root and remembers which are there: asking the system for every page
/// would cost as much as writing it.
#[derive(Debug)]
pub struct Folders {
    root: PathBuf,
    made: Mutex<BTreeSet<PathBuf>>,
}

impl Folders {
    /// Folders below `root`, which exists.
    pub fn below(root: &Path) -> Self {
        Self { root: root.to_owned(), made: Mutex::default() }
    }

    /// The place of the file `path`, in a folder that is there now.
    pub fn place(&self, path: &Path) -> Result<PathBuf, Error> {
        if let Some(folder) = path.parent() {
            self.make(folder)?;
        }
        Ok(self.root.join(path))
    }

    fn make(&self, folder: &Path) -> Result<(), Error> {
        let made = || self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if made().contains(folder) {
            return Ok(());
        }
        let full = self.root.join(folder);
        fs::create_dir_all(&full).map_err(Error::at("make the folder", &full))?;
        made().insert(folder.to_owned());
        Ok(())
    }
}
