//! Takes compression, archives and encoding off a stream.

use std::io::{self, Read};

use liblzma::stream::{CONCATENATED, Stream};

use super::{
    archive,
    blocks::Block,
    format::{Encoding, Format, Packing},
    gzip::Gzip,
    limits::{Bounded, Limits, Meter},
    stream::blocks,
    utf16::Utf16,
};

/// Bytes at a stream's beginning that tell what it is.
const HEAD: usize = 512;

/// Compressions and archives within one another that are opened.
const DEEPEST: u8 = 4;

/// Memory that an xz stream may ask for; what `xz -9` makes asks for a quarter.
const XZ_MEMORY: u64 = 256 << 20;

/// Bytes that are asked of a decompressor at once where one that meets damage keeps what it has made
/// of the bytes before.
const SIP: usize = 1 << 10;

/// What is known while layers come off.
#[derive(Clone, Copy, Debug)]
pub struct Unpacking<'c> {
    meter: &'c Meter,
    limits: Limits,
    /// Offsets in what is read are offsets in the file.
    seekable: bool,
    depth: u8,
}

impl<'c> Unpacking<'c> {
    /// Before the first layer.
    pub const fn new(meter: &'c Meter, limits: Limits, seekable: bool) -> Self {
        Self { meter, limits, seekable, depth: 0 }
    }

    /// Under one layer more.
    pub const fn deeper(self) -> Self {
        Self { seekable: false, depth: self.depth + 1, ..self }
    }

    /// How far the file may expand.
    pub const fn limits(&self) -> Limits {
        self.limits
    }

    /// A layer that is held within the limits.
    pub const fn bounded<R>(&self, inner: R) -> Bounded<'c, R> {
        Bounded { inner, meter: self.meter, expanded: 0, limits: self.limits }
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
    let (packing, mut stream) = opened(stream);
    if format.packing == Packing::Plain {
        format.packing = packing;
    }
    match packing {
        Packing::Plain => decode(&mut stream, unpacking, buffer, each, format),
        Packing::Unreadable(what) => {
            Err(io::Error::other(format!("it is {what}, which is not read")))
        }
        _ if unpacking.depth >= DEEPEST => Err(io::Error::other("it is packed in too many layers")),
        Packing::Tar => archive::tar::within(&mut stream, unpacking, buffer, each, format),
        Packing::Zip => archive::zip::within(&mut stream, unpacking, buffer, each, format),
        _ => {
            let mut inner = unpacking.bounded(decompressed(packing, stream)?);
            unpack(&mut inner, unpacking.deeper(), buffer, each, format)
        }
    }
}

/// A stream with what its beginning tells.
pub fn opened<'s>(stream: &'s mut dyn Read) -> (Packing, Box<dyn Read + 's>) {
    let (head, stream) = peek(stream, HEAD);
    (Packing::of(&head), Box::new(io::Cursor::new(head).chain(stream)))
}

/// A stream without its compression.
pub fn decompressed<'s>(
    packing: Packing,
    stream: Box<dyn Read + 's>,
) -> io::Result<Box<dyn Read + 's>> {
    Ok(match packing {
        Packing::Gzip => Box::new(Gzip::new(stream)),
        Packing::Zstd => Box::new(Sips(zstd::stream::read::Decoder::new(stream)?)),
        Packing::Xz => {
            let decoder = Stream::new_stream_decoder(XZ_MEMORY, CONCATENATED)?;
            Box::new(Sips(liblzma::read::XzDecoder::new_stream(stream, decoder)))
        }
        Packing::Bzip2 => Box::new(Sips(bzip2::read::MultiBzDecoder::new(stream))),
        Packing::Plain | Packing::Tar | Packing::Zip | Packing::Unreadable(_) => stream,
    })
}

/// A stream of which little is asked at once.
struct Sips<R>(R);

impl<R: Read> Read for Sips<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = buffer.len().min(SIP);
        self.0.read(&mut buffer[..length])
    }
}

fn decode(
    stream: &mut dyn Read,
    unpacking: Unpacking<'_>,
    buffer: &mut Vec<u8>,
    each: &mut dyn FnMut(Block<'_>),
    format: &mut Format,
) -> io::Result<()> {
    let (head, stream) = peek(stream, 16);
    format.encoding = Encoding::of(&head);
    let mut joined = io::Cursor::new(head).chain(stream);
    let unit = match format.encoding {
        Encoding::Utf8 => return blocks(&mut joined, unpacking.seekable, buffer, each),
        Encoding::Utf16Le => u16::from_le_bytes,
        Encoding::Utf16Be => u16::from_be_bytes,
    };
    blocks(&mut Utf16::new(joined, unit), false, buffer, each)
}

/// The first bytes of a stream, and what follows them.
fn peek(stream: &mut dyn Read, length: usize) -> (Vec<u8>, Rest<'_>) {
    let mut head = Vec::with_capacity(length);
    let error = stream.take(length as u64).read_to_end(&mut head).err();
    (head, Rest { error, stream })
}

/// What follows in a stream: first the error that ended its beginning.
struct Rest<'s> {
    error: Option<io::Error>,
    stream: &'s mut dyn Read,
}

impl Read for Rest<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.error.take().map_or_else(|| self.stream.read(buffer), Err)
    }
}
