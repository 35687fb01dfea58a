//! Reads records of files a second time.

use std::io;

use super::{extent::Extent, open::shrunk, walk::LogFile};

/// Files that stay open at once.
const OPEN: usize = 32;

/// Reads records of files a second time; the last few files stay open.
#[derive(Debug, Default)]
pub struct Again<'f> {
    open: Vec<(&'f LogFile, Extent)>,
    next: usize,
}

impl<'f> Again<'f> {
    /// Reads bytes of a file, from an offset on.
    pub fn read(&mut self, log: &'f LogFile, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        let at = self.open(log)?;
        let mut bytes = vec![0; length];
        let read = self.open[at].1.fill(&mut bytes, offset)?;
        if read < length { Err(shrunk()) } else { Ok(bytes) }
    }

    fn open(&mut self, log: &'f LogFile) -> io::Result<usize> {
        if let Some(at) = self.open.iter().position(|(known, _)| std::ptr::eq(*known, log)) {
            return Ok(at);
        }
        let extent = log.extent().ok_or_else(not_a_file)??;
        if self.open.len() < OPEN {
            self.open.push((log, extent));
            return Ok(self.open.len() - 1);
        }
        self.next = (self.next + 1) % OPEN;
        self.open[self.next] = (log, extent);
        Ok(self.next)
    }
}

/// The error of a stream that is asked for what a file has.
pub fn not_a_file() -> io::Error {
    io::Error::other("not a file")
}
