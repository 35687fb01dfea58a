//! A stretch of a file, read at any place.

use std::{
    fs::File,
    io::{self, Read},
    os::unix::fs::FileExt as _,
};

/// Bytes of a file from an offset on.
#[derive(Debug)]
pub struct Extent {
    file: File,
    base: u64,
    size: u64,
    at: u64,
}

impl Extent {
    /// `size` bytes from `base` on; what is written behind them is not read.
    pub const fn new(file: File, base: u64, size: u64) -> Self {
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

/// What became of a file that ends earlier than it did when it was found.
pub fn shrunk() -> io::Error {
    io::Error::other("it became shorter while it was read")
}
