//! Pages too large to be held in memory: written as they are made.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read, Seek, Write};
use std::path::Path;
use std::sync::atomic::Ordering;

use super::disk::Disk;
use super::manifest::Fingerprint;
use super::staging::Claim;
use super::{Error, Staging, path};

/// Bytes that are written at once; what comes in larger pieces is written as it comes.
const BLOCK: usize = 1 << 16;

impl Staging {
    /// Adds the page that `make` writes, and gives its fingerprint; from any thread. As with
    /// [`Staging::put`], a page that the published site holds already is not written again.
    pub fn stream(
        &self,
        path: &str,
        make: &mut dyn FnMut(&mut (dyn Write + Send)) -> io::Result<()>,
    ) -> Result<Fingerprint, Error> {
        self.try_stream(path, make).inspect_err(|_| self.failed.store(true, Ordering::Relaxed))
    }

    fn try_stream(
        &self,
        path: &str,
        make: &mut dyn FnMut(&mut (dyn Write + Send)) -> io::Result<()>,
    ) -> Result<Fingerprint, Error> {
        path::check(path)?;
        let file = self.folders.place(Path::new(path))?;
        let listed = self.present.as_ref().and_then(|manifest| manifest.get(path));
        let published = listed.and_then(|_| open_plain(&self.location.root.join(path)));
        let mut page = Beside::new(&file, &self.disk, published);
        let (fingerprint, kept) = page.fill(make, listed).map_err(Error::at("write", &file))?;
        self.claim(path, Claim { fingerprint, kept })?;
        Ok(fingerprint)
    }
}

/// A file that can be read, if it is one and no link.
fn open_plain(file: &Path) -> Option<File> {
    let is_file = fs::symlink_metadata(file).is_ok_and(|known| known.is_file());
    File::open(file).ok().filter(|_| is_file)
}

/// A page that is written beside the published one, from where it is another on: as long as both are
/// the same, nothing goes to the disk.
struct Beside<'p> {
    file: &'p Path,
    disk: &'p Disk,
    /// The published page, as long as this is the same.
    published: Option<File>,
    /// What was read of it.
    block: Vec<u8>,
    written: Option<File>,
    size: u64,
    digest: blake3::Hasher,
}

impl<'p> Beside<'p> {
    fn new(file: &'p Path, disk: &'p Disk, published: Option<File>) -> Self {
        let (block, digest) = (Vec::new(), blake3::Hasher::new());
        Self { file, disk, published, block, written: None, size: 0, digest }
    }

    /// Takes the bytes that `make` writes. Gives their fingerprint, and whether the published page has
    /// them, and no more, and is `listed` with them.
    fn fill(
        &mut self,
        make: &mut dyn FnMut(&mut (dyn Write + Send)) -> io::Result<()>,
        listed: Option<&Fingerprint>,
    ) -> io::Result<(Fingerprint, bool)> {
        let mut out = BufWriter::with_capacity(BLOCK, &mut *self);
        make(&mut out)?;
        out.flush()?;
        drop(out);
        let fingerprint = Fingerprint { size: self.size, blake3: self.digest.finalize() };
        let ends = |published: &File| published.metadata().is_ok_and(|is| is.len() == self.size);
        let kept = listed == Some(&fingerprint) && self.published.as_ref().is_some_and(ends);
        if !kept {
            self.part()?;
        }
        Ok((fingerprint, kept))
    }

    /// Whether the published page goes on with these bytes.
    fn goes_on(&mut self, bytes: &[u8]) -> bool {
        let Some(published) = &mut self.published else { return false };
        self.block.resize(bytes.len(), 0);
        published.read_exact(&mut self.block).is_ok() && self.block == bytes
    }

    /// Gives the page a file of its own, if it has none.
    fn part(&mut self) -> io::Result<&mut File> {
        let mut file = match self.written.take() {
            Some(file) => file,
            None => OpenOptions::new().write(true).create_new(true).open(self.file)?,
        };
        if let Some(mut published) = self.published.take() {
            published.rewind()?;
            if io::copy(&mut published.take(self.size), &mut file)? != self.size {
                return Err(io::Error::other("the published one changed while it was read"));
            }
            self.disk.wrote(self.size);
        }
        Ok(self.written.insert(file))
    }
}

impl Write for Beside<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut taken = bytes.len();
        if !self.goes_on(bytes) {
            taken = self.part()?.write(bytes)?;
            self.disk.wrote(taken as u64);
        }
        self.size += taken as u64;
        self.digest.update(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.written.as_mut().map_or(Ok(()), File::flush)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_streamed_page_is_kept_where_it_is_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("site");
        let run = |text: &str| {
            let staging = Staging::begin(&out).unwrap();
            staging.stream("a/b.json", &mut |out| out.write_all(text.as_bytes())).unwrap();
            let outcome = staging.commit().unwrap();
            (outcome.written, outcome.kept, fs::read_to_string(out.join("a/b.json")).unwrap())
        };
        assert_eq!(run("one"), (1, 0, "one".to_owned()));
        assert_eq!(run("one"), (0, 1, "one".to_owned()));
        assert_eq!(run("two"), (1, 0, "two".to_owned()));
        fs::write(out.join("a/b.json"), "six").unwrap();
        assert_eq!(run("two"), (1, 0, "two".to_owned()));
    }

    #[test]
    fn a_streamed_page_is_whole_wherever_it_becomes_another() {
        let before = "x".repeat(3 * BLOCK);
        let at = |place: usize| format!("{}y{}", &before[..place], &before[place + 1..]);
        let others = [
            at(0),
            at(BLOCK),
            at(3 * BLOCK - 1),
            before[1..].to_owned(),
            format!("{before}x"),
            String::new(),
        ];
        for next in others {
            let folder = tempfile::tempdir().unwrap();
            let out = folder.path().join("site");
            for text in [&before, &next] {
                let staging = Staging::begin(&out).unwrap();
                // In two pieces, of which the first may be the same.
                let (one, two) = text.split_at(text.len() / 2);
                let mut make = |out: &mut (dyn Write + Send)| {
                    out.write_all(one.as_bytes()).and_then(|()| out.write_all(two.as_bytes()))
                };
                let known = staging.stream("a.json", &mut make).unwrap();
                assert_eq!(known, Fingerprint::of(text.as_bytes()));
                assert_eq!(staging.commit().unwrap().written, 1);
                assert!(fs::read_to_string(out.join("a.json")).unwrap() == **text);
            }
        }
    }

    #[test]
    fn nothing_of_a_page_that_is_the_same_goes_to_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("site");
        for written in [true, false] {
            let staging = Staging::begin(&out).unwrap();
            staging.stream("a.json", &mut |out| out.write_all(b"same")).unwrap();
            assert_eq!(staging.folder.path().join("a.json").exists(), written);
            staging.commit().unwrap();
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_the_same_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let (out, target) = (folder.path().join("site"), folder.path().join("target"));
        fs::write(&target, "same").unwrap();
        for _ in 0..2 {
            let staging = Staging::begin(&out).unwrap();
            staging.stream("a.json", &mut |out| out.write_all(b"same")).unwrap();
            assert_eq!(staging.commit().unwrap().written, 1);
            assert!(fs::symlink_metadata(out.join("a.json")).unwrap().is_file());
            fs::remove_file(out.join("a.json")).unwrap();
            std::os::unix::fs::symlink(&target, out.join("a.json")).unwrap();
        }
    }

    #[test]
    fn a_page_that_breaks_off_is_no_page() {
        let folder = tempfile::tempdir().unwrap();
        let staging = Staging::begin(&folder.path().join("site")).unwrap();
        staging.stream("a.json", &mut |_| Err(io::Error::other("no more"))).unwrap_err();
        assert!(staging.commit().is_err());
    }
}
