//! How far a file may expand, so that a decompression bomb costs a line in the report and no more.

use std::{
    cell::Cell,
    io::{self, Read},
};

/// How far one file may expand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes that one file may expand to.
    pub max_expand: u64,
}

/// Expanded bytes up to which no ratio is looked at.
const FREE: u64 = 1 << 20;

/// Expanded bytes for each byte of the file.
const RATIO: u64 = 200;

impl Default for Limits {
    fn default() -> Self {
        Self { max_expand: 1 << 30 }
    }
}

impl Limits {
    /// Why a file of which so much was read may not expand to so much.
    pub fn refuse(self, read: u64, expanded: u64) -> Result<(), String> {
        if expanded > self.max_expand {
            let limit = self.max_expand;
            Err(format!(
                "it expands beyond {limit} bytes; what follows was not read (see --max-expand)"
            ))
        } else if expanded > read.saturating_mul(RATIO).saturating_add(FREE) {
            Err(format!(
                "it expands to more than {RATIO} times its size, as a decompression bomb does; what \
                 follows was not read"
            ))
        } else {
            Ok(())
        }
    }
}

/// Counts the bytes that pass.
pub struct Counted<'c, R> {
    /// Where they come from.
    pub inner: R,
    /// How many there were.
    pub read: &'c Cell<u64>,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.read.set(self.read.get() + read as u64);
        Ok(read)
    }
}

/// Expanded bytes, held within the limits.
pub struct Bounded<'c, R> {
    /// Where they come from.
    pub inner: R,
    /// Bytes of the file that were read.
    pub read: &'c Cell<u64>,
    /// Bytes they have become.
    pub expanded: u64,
    /// How many they may become.
    pub limits: Limits,
}

impl<R: Read> Read for Bounded<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.limits.refuse(self.read.get(), self.expanded).map_err(io::Error::other)?;
        let read = self.inner.read(buffer)?;
        self.expanded += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bomb_is_stopped() {
        let read = Cell::new(1000);
        let limits = Limits { max_expand: 3 << 20 };
        let mut bounded = Bounded { inner: io::repeat(0), read: &read, expanded: 0, limits };
        let error = io::copy(&mut bounded, &mut io::sink()).unwrap_err();
        assert!(error.to_string().contains("200 times"), "{error}");
        assert!(bounded.expanded < 2 << 20);
        read.set(u64::MAX);
        let error = io::copy(&mut bounded, &mut io::sink()).unwrap_err();
        assert!(error.to_string().contains("beyond 3145728 bytes"), "{error}");
    }
}
