//! The end of a run: the staging folder becomes the site.

use std::fs;
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::PoisonError;

use super::manifest::{self, Manifest};
use super::staging::write_new;
use super::{Error, Outcome, Staging, carry, made_from, retire, swap};

/// The manifest's name until everything that it lists is safely on the disk. A folder with a
/// manifest is a whole site; a folder without one never was a site.
const UNFINISHED: &str = ".alertbook-manifest.part";

impl Staging {
    /// Publishes the pages: afterwards the site's folder holds them, and what people put there, and
    /// nothing else. Where all pages were there already, none is touched.
    ///
    /// After an error the site is whole: the old one, or the new one if all that failed was to take
    /// the old one away, which the next run does.
    pub fn commit(mut self) -> Result<Outcome, Error> {
        if self.is_incomplete() {
            return Err(Error::Incomplete { out: mem::take(&mut self.location.root) });
        }
        let (manifest, kept) = self.contents();
        let outcome = self.outcome(&manifest, kept.len());
        if outcome.written > 0 || self.present.as_ref() != Some(&manifest) {
            self.complete(&manifest, &kept)?;
            self.publish()?;
        } else {
            self.note(&manifest);
        }
        Ok(outcome)
    }

    /// What the new site will hold, and which paths of it come from the site before.
    fn contents(&self) -> (Manifest, Vec<String>) {
        let claims = self.claims.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = claims.iter().filter(|(_, claim)| claim.kept);
        (
            claims.iter().map(|(path, claim)| (path.clone(), claim.fingerprint)).collect(),
            kept.map(|(path, _)| path.clone()).collect(),
        )
    }

    fn outcome(&self, manifest: &Manifest, kept: usize) -> Outcome {
        let before = self.present.iter().flat_map(Manifest::files);
        Outcome {
            written: manifest.files().count() - kept,
            kept,
            removed: before.filter(|(path, _)| manifest.get(path).is_none()).count(),
        }
    }

    /// Brings everything into the staging folder that is not there yet, and onto the disk.
    fn complete(&self, manifest: &Manifest, kept: &[String]) -> Result<(), Error> {
        let staging = self.folder.path();
        for path in kept {
            self.link(Path::new(path))?;
        }
        if let Some(present) = &self.present {
            carry::carry(&self.location.root, present, manifest, &self.folders)?;
        }
        if let Some(made_from) = self.made_from.get() {
            let note = staging.join(made_from::NAME);
            write_new(&note, made_from::text(made_from, manifest).as_bytes())
                .map_err(Error::at("write", &note))?;
        }
        let unfinished = staging.join(UNFINISHED);
        write_new(&unfinished, manifest.to_json().as_bytes())
            .map_err(Error::at("write", &unfinished))?;
        self.disk.wait(manifest).map_err(Error::at("write", staging))?;
        fs::rename(&unfinished, staging.join(manifest::NAME))
            .map_err(Error::at("rename", &unfinished))?;
        swap::sync_folder(staging);
        Ok(())
    }

    /// Gives the new site the bytes of the old one's file without writing them again, where the
    /// file system can.
    fn link(&self, path: &Path) -> Result<(), Error> {
        let old = self.location.root.join(path);
        let new = self.folders.place(path)?;
        fs::hard_link(&old, &new)
            .or_else(|_| fs::copy(&old, &new).map(|_| ()))
            .map_err(Error::at("write", &new))
    }

    /// Puts the staging folder where readers look, and takes the old site away.
    fn publish(&mut self) -> Result<(), Error> {
        let old = self.swap()?;
        swap::sync_folder(&self.location.parent);
        match (old, &self.present) {
            (Some(old), Some(present)) => retire::retire(&old, &self.location.root, present),
            _ => Ok(()),
        }
    }

    /// The step in which the new site appears. Returns where the old one is now.
    fn swap(&mut self) -> Result<Option<PathBuf>, Error> {
        // From here on the staging folder's name may be that of the old site.
        self.folder.disable_cleanup(true);
        let (staging, root) = (self.folder.path(), &self.location.root);
        let swapped = match self.present {
            Some(_) => swap::exchange(staging, root).map(Some),
            None => swap::place(staging, root).map(|()| None),
        };
        swapped.map_err(|error| {
            let error = Error::at("publish into", root)(error);
            self.folder.disable_cleanup(false);
            error
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::location::old_name;
    use super::*;
    use crate::page::Page;

    const FOREIGN: [&str; 4] = ["CNAME", ".git/HEAD", "hosts/notes.txt", "gone/notes/mine.txt"];

    fn begin(out: &Path, generation: &str) -> Staging {
        let staging = Staging::begin(out).unwrap();
        let only_here = format!("gone/{generation}.html");
        for path in ["index.html", "hosts/web.html", "same.css", &only_here] {
            let text = if path == "same.css" { "same" } else { generation };
            staging.put(Page { path: path.to_owned(), bytes: text.into() }).unwrap();
        }
        assert!(!staging.keep(blake3::hash(generation.as_bytes())).unwrap());
        staging
    }

    /// Leaves everything as a process does that is killed: only the lock is freed.
    fn kill(mut staging: Staging) {
        staging.folder.disable_cleanup(true);
    }

    fn complete(staging: &mut Staging) {
        let (manifest, kept) = staging.contents();
        staging.complete(&manifest, &kept).unwrap();
    }

    fn swap(staging: &mut Staging) {
        complete(staging);
        staging.swap().unwrap();
    }

    fn retire_in_part(staging: &mut Staging) {
        swap(staging);
        let old = staging.folder.path();
        fs::remove_file(old.join("index.html")).unwrap();
        fs::rename(old.join(".git"), staging.location.root.join(".git")).unwrap();
    }

    /// The first of the two renames that stand for an exchange.
    fn move_old_away(staging: &mut Staging) {
        complete(staging);
        fs::rename(&staging.location.root, old_name(staging.folder.path())).unwrap();
    }

    fn move_new_in(staging: &mut Staging) {
        move_old_away(staging);
        fs::rename(staging.folder.path(), &staging.location.root).unwrap();
    }

    fn names_in(folder: &Path) -> BTreeSet<String> {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
        entries.map(|name| name.into_string().unwrap()).collect()
    }

    fn put_foreign(out: &Path) {
        for path in FOREIGN {
            fs::create_dir_all(out.join(path).parent().unwrap()).unwrap();
            fs::write(out.join(path), path).unwrap();
        }
    }

    #[test]
    fn after_a_run_was_killed_anywhere_the_next_one_finds_all_and_leaves_nothing_else() {
        let points: [fn(&mut Staging); 6] =
            [|_| (), complete, swap, retire_in_part, move_old_away, move_new_in];
        for (number, point) in points.iter().enumerate() {
            let parent = tempfile::tempdir().unwrap();
            let out = parent.path().join("site");
            begin(&out, "one").commit().unwrap();
            put_foreign(&out);
            let mut staging = begin(&out, "two");
            point(&mut staging);
            kill(staging);
            assert!(names_in(parent.path()).len() > 1, "point {number} leaves nothing to clear");

            begin(&out, "three").commit().unwrap();
            assert_eq!(names_in(parent.path()), BTreeSet::from(["site".to_owned()]));
            assert_eq!(
                names_in(&out.join("gone")),
                ["notes", "three.html"].map(str::to_owned).into()
            );
            assert_eq!(fs::read_to_string(out.join("hosts/web.html")).unwrap(), "three");
            assert_eq!(Staging::begin(&out).unwrap().keep(blake3::hash(b"three")).ok(), Some(true));
            for path in FOREIGN {
                let text = fs::read_to_string(out.join(path)).unwrap_or_default();
                assert_eq!(text, path, "after a kill at point {number}");
            }
        }
    }

    #[test]
    fn a_first_run_that_was_killed_is_cleared() {
        for point in [|_: &mut Staging| (), complete] {
            let parent = tempfile::tempdir().unwrap();
            let out = parent.path().join("site");
            let mut staging = begin(&out, "one");
            point(&mut staging);
            kill(staging);
            assert!(!out.exists());
            begin(&out, "two").commit().unwrap();
            assert_eq!(names_in(parent.path()), BTreeSet::from(["site".to_owned()]));
            assert_eq!(names_in(&out.join("gone")), BTreeSet::from(["two.html".to_owned()]));
        }
    }

    #[test]
    fn what_a_person_made_twice_is_never_deleted() {
        let parent = tempfile::tempdir().unwrap();
        let out = parent.path().join("site");
        begin(&out, "one").commit().unwrap();
        put_foreign(&out);
        let mut staging = begin(&out, "two");
        swap(&mut staging);
        let old = staging.folder.path().to_owned();
        drop(staging);
        fs::create_dir(out.join(".git")).unwrap();
        fs::write(out.join(".git/HEAD"), "another").unwrap();

        let error = Staging::begin(&out).unwrap_err();
        assert!(matches!(&error, Error::Leftover { path, .. } if *path == old.join(".git/HEAD")));
        assert_eq!(fs::read_to_string(old.join(".git/HEAD")).unwrap(), ".git/HEAD");
        assert_eq!(fs::read_to_string(out.join(".git/HEAD")).unwrap(), "another");
        assert_eq!(fs::read_to_string(out.join("index.html")).unwrap(), "two");

        fs::remove_dir_all(out.join(".git")).unwrap();
        drop(Staging::begin(&out).unwrap());
        assert_eq!(fs::read_to_string(out.join(".git/HEAD")).unwrap(), ".git/HEAD");
        assert!(!old.exists());
    }
}
