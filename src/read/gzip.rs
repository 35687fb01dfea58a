//! gzip, one member after another.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::GzDecoder;

/// Bytes that are read of a file at once.
const READ: usize = 32 << 10;

/// The members of a gzip stream. NULs behind the last fill up what it was written to, and are no
/// part of it.
pub struct Gzip<R>(Option<GzDecoder<BufReader<R>>>);

impl<R: Read> Gzip<R> {
    /// Of a stream that begins with a member.
    pub fn new(stream: R) -> Self {
        Self(Some(GzDecoder::new(BufReader::with_capacity(READ, stream))))
    }
}

impl<R: Read> Read for Gzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.0 {
            let read = member.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            let stream = self.0.take().map(GzDecoder::into_inner);
            self.0 = stream.map(next).transpose()?.flatten().map(GzDecoder::new);
        }
        Ok(0)
    }
}

/// The stream where another member begins, if one does.
fn next<R: BufRead>(mut stream: R) -> io::Result<Option<R>> {
    loop {
        let seen = stream.fill_buf()?;
        match seen.iter().position(|byte| *byte != 0) {
            Some(at) if seen[at] == 0x1f => {
                stream.consume(at);
                return Ok(Some(stream));
            }
            Some(_) => return Err(io::Error::other("it is followed by what is not compressed")),
            None if seen.is_empty() => return Ok(None),
            None => {
                let length = seen.len();
                stream.consume(length);
            }
        }
    }
}
