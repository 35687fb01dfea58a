//! Pages too large to be held in memory: written as they are made.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
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
    /// [`Staging::put`], a page that the published site holds already is not part of what is new.
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
        let fingerprint = write(&file, &self.disk, make).map_err(Error::at("write", &file))?;
        let listed = self.present.as_ref().and_then(|manifest| manifest.get(path));
        let kept =
            listed == Some(&fingerprint) && holds(&self.location.root.join(path), &fingerprint);
        self.claim(path, Claim { fingerprint, kept })?;
        if kept {
            fs::remove_file(&file).map_err(Error::at("remove", &file))?;
        }
        Ok(fingerprint)
    }
}

fn write(
    file: &Path,
    disk: &Disk,
    make: &mut dyn FnMut(&mut (dyn Write + Send)) -> io::Result<()>,
) -> io::Result<Fingerprint> {
    let file = OpenOptions::new().write(true).create_new(true).open(file)?;
    let mut digested = Digested { inner: file, disk, size: 0, digest: blake3::Hasher::new() };
    {
        let mut out = BufWriter::with_capacity(BLOCK, &mut digested);
        make(&mut out)?;
        out.flush()?;
    }
    Ok(digested.fingerprint())
}

/// Whether a file has these bytes; what cannot be read has not.
pub fn holds(file: &Path, fingerprint: &Fingerprint) -> bool {
    let known = fs::symlink_metadata(file);
    known.is_ok_and(|known| known.is_file() && known.len() == fingerprint.size)
        && digest(file).is_ok_and(|digest| digest == fingerprint.blake3)
}

fn digest(file: &Path) -> io::Result<blake3::Hash> {
    Ok(blake3::Hasher::new().update_reader(File::open(file)?)?.finalize())
}

/// Takes the fingerprint of what is written.
struct Digested<'d, W> {
    inner: W,
    disk: &'d Disk,
    size: u64,
    digest: blake3::Hasher,
}

impl<W> Digested<'_, W> {
    fn fingerprint(&self) -> Fingerprint {
        Fingerprint { size: self.size, blake3: self.digest.finalize() }
    }
}

impl<W: Write> Write for Digested<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.size += written as u64;
        self.digest.update(&bytes[..written]);
        self.disk.wrote(written as u64);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
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
    fn a_page_that_breaks_off_is_no_page() {
        let folder = tempfile::tempdir().unwrap();
        let staging = Staging::begin(&folder.path().join("site")).unwrap();
        staging.stream("a.json", &mut |_| Err(io::Error::other("no more"))).unwrap_err();
        assert!(staging.commit().is_err());
    }
}
