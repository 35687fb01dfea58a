//! Takes compression, archives and encoding off a stream.

use std::{
    cell::Cell,
    io::{self, Read},
};

use liblzma::stream::{CONCATENATED, Stream};

use super::{
    blocks::Block,
    format::{Encoding, Format, Packing},
    limits::{Bounded, Limits},
    stream::blocks,
    utf16::Utf16,
};

/// Bytes at a stream's beginning that tell what it is.
const HEAD: usize = 512;

/// Compressions and archives within one another that are opened.
const DEEPEST: u8 = 4;

/// Memory that an xz stream may ask for; what `xz -9` makes asks for a quarter.
const XZ_MEMORY: u64 = 256 << 20;

/// A zip within an archive cannot be read as a stream, and is held up to this size.
const HELD_ZIP: u64 = 64 << 20;

/// What is known while layers come off.
#[derive(Clone, Copy, Debug)]
pub struct Unpacking<'c> {
    /// Bytes of the file that were read.
    read: &'c Cell<u64>,
    limits: Limits,
    /// Offsets in what is read are offsets in the file.
    seekable: bool,
    depth: u8,
}

impl<'c> Unpacking<'c> {
    /// Before the first layer.
    pub const fn new(read: &'c Cell<u64>, limits: Limits, seekable: bool) -> Self {
        Self { read, limits, seekable, depth: 0 }
    }

    const fn deeper(self) -> Self {
        Self { seekable: false, depth: self.depth + 1, ..self }
    }

    fn bounded<R>(&self, inner: R) -> Bounded<'c, R> {
        Bounded { inner, read: self.read, expanded: 0, limits: self.limits }
    }
}

/// Hands on the blocks of a stream under whatever is around them. `format` tells the outermost
/// compression and the innermost encoding.
pub fn unpack(
    stream: &mut dyn Read,
    unpacking: Unpacking<'_>,
    buffer: &mut Vec<u8>,
    each: &mut dyn FnMut(Block<'_>),
    format: &mut Format,
) -> io::Result<()> {
    let (packing, mut stream) = opened(stream)?;
    if format.packing == Packing::Plain {
        format.packing = packing;
    }
    match packing {
        Packing::Plain => return decode(&mut stream, unpacking, buffer, each, format),
        Packing::Unreadable(what) => {
            return Err(io::Error::other(format!("it is {what}, which is not read")));
        }
        _ if unpacking.depth >= DEEPEST => {
            return Err(io::Error::other("it is packed in too many layers"));
        }
        Packing::Tar => {
            let mut archive = tar::Archive::new(&mut stream as &mut dyn Read);
            for entry in archive.entries()? {
                let mut entry = entry?;
                if entry.header().entry_type().is_file() {
                    unpack(&mut entry, unpacking.deeper(), buffer, each, format)?;
                }
            }
            return Ok(());
        }
        Packing::Zip => {
            let mut held = Vec::new();
            if (&mut stream).take(HELD_ZIP + 1).read_to_end(&mut held)? as u64 > HELD_ZIP {
                return Err(io::Error::other("it is a zip too large to be read as a stream"));
            }
            let mut archive = zip::ZipArchive::new(io::Cursor::new(held))?;
            for index in 0..archive.len() {
                let mut entry = unpacking.bounded(archive.by_index(index)?);
                if entry.inner.is_file() {
                    unpack(&mut entry, unpacking.deeper(), buffer, each, format)?;
                }
            }
            return Ok(());
        }
        _ => {}
    }
    let mut inner = unpacking.bounded(decompressed(packing, stream)?);
    unpack(&mut inner, unpacking.deeper(), buffer, each, format)
}

/// A stream with what its beginning tells.
pub fn opened<'s>(stream: &'s mut dyn Read) -> io::Result<(Packing, Box<dyn Read + 's>)> {
    let head = peek(stream, HEAD)?;
    let packing = Packing::of(&head);
    Ok((packing, Box::new(io::Cursor::new(head).chain(stream))))
}

/// A stream without its compression.
pub fn decompressed<'s>(
    packing: Packing,
    stream: Box<dyn Read + 's>,
) -> io::Result<Box<dyn Read + 's>> {
    Ok(match packing {
        Packing::Gzip => Box::new(flate2::read::MultiGzDecoder::new(stream)),
        Packing::Zstd => Box::new(zstd::stream::read::Decoder::new(stream)?),
        Packing::Xz => {
            let decoder = Stream::new_stream_decoder(XZ_MEMORY, CONCATENATED)?;
            Box::new(liblzma::read::XzDecoder::new_stream(stream, decoder))
        }
        Packing::Bzip2 => Box::new(bzip2::read::MultiBzDecoder::new(stream)),
        Packing::Plain | Packing::Tar | Packing::Zip | Packing::Unreadable(_) => stream,
    })
}

fn decode(
    stream: &mut dyn Read,
    unpacking: Unpacking<'_>,
    buffer: &mut Vec<u8>,
    each: &mut dyn FnMut(Block<'_>),
    format: &mut Format,
) -> io::Result<()> {
    let head = peek(stream, 16)?;
    format.encoding = Encoding::of(&head);
    let mut joined = io::Cursor::new(head).chain(stream);
    let unit = match format.encoding {
        Encoding::Utf8 => return blocks(&mut joined, unpacking.seekable, buffer, each),
        Encoding::Utf16Le => u16::from_le_bytes,
        Encoding::Utf16Be => u16::from_be_bytes,
    };
    blocks(&mut Utf16::new(joined, unit), false, buffer, each)
}

/// The first bytes of a stream.
fn peek(stream: &mut dyn Read, length: usize) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(length);
    stream.take(length as u64).read_to_end(&mut head)?;
    Ok(head)
}
