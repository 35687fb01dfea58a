//! What runs that were killed left beside the site.
//!
//! A staging folder without a manifest was never a site: all in it is ours. One with a manifest is
//! a whole site, which was about to be published or has just been replaced, and may hold things
//! that people put there.

use std::fs;
use std::io;
use std::path::Path;

use super::location::Location;
use super::manifest::Manifest;
use super::{Error, retire};

/// Puts the site and its surroundings in order, and reads the manifest of the site; `None` if there
/// is none yet. The site must be locked.
pub fn recover(location: &Location) -> Result<Option<Manifest>, Error> {
    let root = &location.root;
    if is_empty(root)? {
        restore(location)?;
    }
    let present = Manifest::read(root)?;
    if present.is_none() && !is_empty(root)? {
        return Err(Error::NotOurs { out: root.clone() });
    }
    for leftover in location.leftovers()? {
        clear(&leftover, root)?;
    }
    Ok(present)
}

/// A run may have been killed between the two renames that stand for an exchange.
fn restore(location: &Location) -> Result<(), Error> {
    for leftover in location.leftovers()? {
        if Manifest::read(&leftover)?.is_some() {
            return fs::rename(&leftover, &location.root)
                .map_err(Error::at("restore the site from", &leftover));
        }
    }
    Ok(())
}

fn clear(leftover: &Path, root: &Path) -> Result<(), Error> {
    match Manifest::read(leftover)? {
        Some(manifest) => retire::retire(leftover, root, &manifest),
        None => fs::remove_dir_all(leftover).map_err(Error::at("remove", leftover)),
    }
}

/// Whether the folder has nothing in it, or does not exist.
fn is_empty(folder: &Path) -> Result<bool, Error> {
    match fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(Error::at("list", folder)(error)),
    }
}
