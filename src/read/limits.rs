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

/// Expanded bytes up to which no ratio is looked at: what is read is passed on and not kept, and a
/// small file of much the same, or with a hole in it, is no bomb.
const FREE: u64 = 64 << 20;

/// Expanded bytes for each byte of the file.
const RATIO: u64 = 200;

impl Default for Limits {
    fn default() -> Self {
        Self { max_expand: 1 << 30 }
    }
}

impl Limits {
    /// Why nothing may expand to so much.
    pub fn size(self, expanded: u64) -> Result<(), String> {
        let limit = self.max_expand;
        if expanded <= limit {
            return Ok(());
        }
        Err(format!(
            "it expands beyond {limit} bytes; what follows was not read (see --max-expand)"
        ))
    }
}

/// What passes of one file: bytes that are read, and bytes that they become in all layers.
#[derive(Debug, Default)]
pub struct Meter {
    /// Bytes of the file that were read.
    pub read: Cell<u64>,
    /// Bytes they have become.
    expanded: Cell<u64>,
}

impl Meter {
    /// Why a file of which so much was read may not become so much.
    fn ratio(&self) -> Result<(), String> {
        if self.expanded.get() <= self.read.get().saturating_mul(RATIO).saturating_add(FREE) {
            return Ok(());
        }
        Err(format!(
            "it expands to more than {RATIO} times its size, as a decompression bomb does; what \
             follows was not read"
        ))
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

/// The expanded bytes of one layer, held within the limits.
pub struct Bounded<'c, R> {
    /// Where they come from.
    pub inner: R,
    /// What passes of the file.
    pub meter: &'c Meter,
    /// Bytes of this layer.
    pub expanded: u64,
    /// How many they may become.
    pub limits: Limits,
}

impl<R: Read> Read for Bounded<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.limits.size(self.expanded).map_err(io::Error::other)?;
        self.meter.ratio().map_err(io::Error::other)?;
        // One byte beyond the limit tells that there is more.
        let room = self.limits.max_expand.saturating_sub(self.expanded).saturating_add(1);
        let length = usize::try_from(room).unwrap_or(usize::MAX).min(buffer.len());
        let read = self.inner.read(&mut buffer[..length])?;
        self.expanded += read as u64;
        self.meter.expanded.set(self.meter.expanded.get() + read as u64);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bomb_is_stopped() {
        let meter = Meter::default();
        meter.read.set(1000);
        let limits = Limits { max_expand: 80 << 20 };
        let bomb = || Bounded { inner: io::repeat(0), meter: &meter, expanded: 0, limits };
        let error = io::copy(&mut bomb(), &mut io::sink()).unwrap_err();
        assert!(error.to_string().contains("200 times"), "{error}");
        assert!(meter.expanded.get() < 66 << 20);
        let error = io::copy(&mut bomb(), &mut io::sink()).unwrap_err();
        assert!(error.to_string().contains("200 times"), "another in the same file: {error}");
        assert!(meter.expanded.get() < 66 << 20);
        meter.read.set(u64::MAX);
        let error = io::copy(&mut bomb(), &mut io::sink()).unwrap_err();
        assert!(error.to_string().contains("beyond 83886080 bytes"), "{error}");
    }

    #[test]
    fn no_more_than_the_limit_is_read() {
        let (meter, limits) = (Meter::default(), Limits { max_expand: 1000 });
        let mut read = Vec::new();
        let mut bounded = Bounded { inner: io::repeat(1), meter: &meter, expanded: 0, limits };
        assert!(bounded.read_to_end(&mut read).is_err());
        assert_eq!(read.len(), 1001);
        let inner = [1; 1000].as_slice();
        let mut bounded = Bounded { inner, meter: &meter, expanded: 0, limits };
        assert_eq!(bounded.read_to_end(&mut Vec::new()).unwrap(), 1000);
    }
}
