//! A stretch of a file, read at any place.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    os::unix::fs::FileExt as _,
    sync::Arc,
};

/// Bytes of a file from an offset on.
#[derive(Debug)]
pub struct Extent {
    file: Arc<File>,
    base: u64,
    size: u64,
    at: u64,
}

impl Extent {
    /// `size` bytes from `base` on; what is written behind them is not read.
    pub const fn new(file: Arc<File>, base: u64, size: u64) -> Self {
        Self { file, base, size, at: 0 }
    }

    /// The stretch between two offsets of this one.
    pub fn between(self, start: u64, end: u64) -> Self {
        Self { base: self.base + start, size: end - start, at: 0, ..self }
    }

    /// Bytes there should be.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Fills the buffer from an offset on, less only at the end.
    pub fn fill(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let room = usize::try_from(self.size.saturating_sub(offset)).unwrap_or(usize::MAX);
        let length = buffer.len().min(room);
        let mut read = 0;
        while read < length {
            let from = self.base + offset + read as u64;
            match self.file.read_at(&mut buffer[read..length], from) {
                Ok(0) => break,
                Ok(more) => read += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(read)
    }
}

impl Read for Extent {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill(buffer, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Extent {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| io::Error::other("it has no such place"))?;
        Ok(self.at)
    }
}
