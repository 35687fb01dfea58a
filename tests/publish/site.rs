//! Sites to publish, and what is seen of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use alertbook::page::Page;
use alertbook::publish::{Error, Outcome, Staging};

/// Texts by path.
pub type Pages = BTreeMap<String, String>;

/// What the system knows of a file or folder.
#[derive(Debug, PartialEq, Eq)]
pub struct State {
    pub inode: u64,
    pub modified: (i64, i64),
    /// Changes also when a file is linked or renamed.
    changed: (i64, i64),
}

/// A small site whose pages say `text`.
pub fn pages(text: &str) -> Pages {
    ["index.html", "hosts/web.html", "rules/shell.html", "static/style.css"]
        .map(|path| (path.to_owned(), text.to_owned()))
        .into()
}

/// Publishes `pages` into `out`.
pub fn publish(out: &Path, pages: &Pages) -> Result<Outcome, Error> {
    let staging = Staging::begin(out)?;
    for (path, text) in pages {
        staging.put(Page { path: path.clone(), bytes: text.clone().into_bytes() })?;
    }
    staging.commit()
}

/// All files below `folder` with their texts.
pub fn tree(folder: &Path) -> Pages {
    let files = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap);
    files
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| (name(folder, entry.path()), fs::read_to_string(entry.path()).unwrap()))
        .collect()
}

/// All files and folders below `folder`, and itself under the empty name, with their states.
#[cfg(unix)]
pub fn state(folder: &Path) -> BTreeMap<String, State> {
    use std::os::unix::fs::MetadataExt;

    let entries = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap);
    let states = entries.map(|entry| {
        let known = entry.metadata().unwrap();
        let state = State {
            inode: known.ino(),
            modified: (known.mtime(), known.mtime_nsec()),
            changed: (known.ctime(), known.ctime_nsec()),
        };
        (name(folder, entry.path()), state)
    });
    states.collect()
}

/// The names in the folder that holds `path`.
pub fn beside(path: &Path) -> Vec<String> {
    let entries = fs::read_dir(path.parent().unwrap()).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn name(folder: &Path, path: &Path) -> String {
    path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned()
}
