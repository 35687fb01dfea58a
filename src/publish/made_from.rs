//! What the pages of a site were made from, kept in it as a digest: pages that would be made from the
//! same again are known without being made.
//!
//! The digest names the program that made them, to the byte, since another build of it may make other
//! pages. So it stands in a file of its own: in the manifest it would make sites differ that two
//! machines made alike. And the file stands in the site, not beside it or among a user's caches, so
//! that the two are exchanged in one step, moved and deleted together.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::sync::PoisonError;

use rayon::prelude::*;

use super::Error;
use super::manifest::{Fingerprint, Manifest};
use super::staging::{Claim, Staging, write_new};

/// The file's name in the site's folder.
pub const NAME: &str = ".alertbook-made-from";

/// What the file holds. It is about one manifest: whatever lists other pages, such as a program that
/// carried the file over without knowing it, makes it worthless.
pub fn text(made_from: &blake3::Hash, manifest: &Manifest) -> String {
    let bound = blake3::keyed_hash(made_from.as_bytes(), manifest.to_json().as_bytes());
    format!("{bound}\n")
}

impl Staging {
    /// Takes over all pages of the published site that were not put until now, if they were made from
    /// what `made_from` is the digest of and nobody changed one since, and says whether. If not, they
    /// are to be put, and the new site remembers what they were made from.
    pub fn keep(&self, made_from: blake3::Hash) -> Result<bool, Error> {
        self.made_from.get_or_init(|| made_from);
        let Some(present) = self.present.as_ref().filter(|present| self.is_noted(present)) else {
            return Ok(false);
        };
        let pages = self.not_put(present);
        let root = &self.location.root;
        if !pages.par_iter().all(|(path, known)| holds(&root.join(path), known)) {
            return Ok(false);
        }
        for (path, fingerprint) in pages {
            self.claim(path, Claim { fingerprint, kept: true })?;
        }
        Ok(true)
    }

    /// Notes in the published site, which stays as it is, what its pages would be made from again.
    pub(super) fn note(&self, manifest: &Manifest) {
        let Some(made_from) = self.made_from.get().filter(|_| !self.is_noted(manifest)) else {
            return;
        };
        let file = self.folder.path().join(NAME);
        // A site that cannot be written to is as good as before; its pages are made once more.
        let _ = write_new(&file, text(made_from, manifest).as_bytes())
            .and_then(|()| fs::rename(&file, self.location.root.join(NAME)));
    }

    /// Whether the published site says that the pages of this manifest were made from the same.
    fn is_noted(&self, manifest: &Manifest) -> bool {
        let there = fs::read(self.location.root.join(NAME)).ok();
        let text = self.made_from.get().map(|made_from| text(made_from, manifest).into_bytes());
        text.is_some() && there == text
    }

    fn not_put<'m>(&self, present: &'m Manifest) -> Vec<(&'m str, Fingerprint)> {
        let claims = self.claims.lock().unwrap_or_else(PoisonError::into_inner);
        let files = present.files().filter(|(path, _)| !claims.contains_key(*path));
        files.map(|(path, known)| (path, *known)).collect()
    }
}

/// Whether a file has these bytes; what cannot be read has not.
fn holds(file: &Path, fingerprint: &Fingerprint) -> bool {
    let known = fs::symlink_metadata(file);
    known.is_ok_and(|known| known.is_file() && known.len() == fingerprint.size)
        && digest(file).is_ok_and(|digest| digest == fingerprint.blake3)
}

fn digest(file: &Path) -> io::Result<blake3::Hash> {
    Ok(blake3::Hasher::new().update_reader(File::open(file)?)?.finalize())
}
