//! UTF-16 as a stream of UTF-8.

use std::io::{self, Read};

/// Turns UTF-16 into UTF-8. Half a surrogate pair becomes a byte that UTF-8 does not have, so
/// that its record is rejected as what it is.
pub struct Utf16<R> {
    inner: io::BufReader<R>,
    unit: fn([u8; 2]) -> u16,
    high: Option<u16>,
    ready: Vec<u8>,
    given: usize,
}

impl<R: Read> Utf16<R> {
    /// `unit` makes a code unit of two bytes.
    pub fn new(inner: R, unit: fn([u8; 2]) -> u16) -> Self {
        let inner = io::BufReader::with_capacity(64 << 10, inner);
        Self { inner, unit, high: None, ready: Vec::new(), given: 0 }
    }

    fn refill(&mut self) -> io::Result<()> {
        self.ready.clear();
        self.given = 0;
        let mut raw = Vec::with_capacity(16 << 10);
        (&mut self.inner).take(16 << 10).read_to_end(&mut raw)?;
        let pairs = raw.chunks_exact(2);
        let odd = !pairs.remainder().is_empty();
        for pair in pairs {
            self.push((self.unit)([pair[0], pair[1]]));
        }
        let ended = raw.len() < 16 << 10;
        if odd || (ended && self.high.take().is_some()) {
            self.ready.push(0xff);
        }
        Ok(())
    }

    fn push(&mut self, unit: u16) {
        let units: &[u16] = match self.high.take() {
            Some(high) => &[high, unit],
            None if (0xd800..0xdc00).contains(&unit) => {
                self.high = Some(unit);
                return;
            }
            None => &[unit],
        };
        for decoded in char::decode_utf16(units.iter().copied()) {
            match decoded {
                Ok(character) => {
                    self.ready.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                }
                Err(_) => self.ready.push(0xff),
            }
        }
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.ready.len() {
            self.refill()?;
        }
        let rest = &self.ready[self.given..];
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        self.given += length;
        Ok(length)
    }
}
