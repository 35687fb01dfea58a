//! How a log is packed and encoded, told by its first bytes and never by its name.

use std::fmt;

/// UTF-8's byte order mark.
pub const MARK: &[u8] = b"\xef\xbb\xbf";

/// Compression and character encoding of a log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Format {
    /// Compression.
    pub packing: Packing,
    /// Character encoding under the compression.
    pub encoding: Encoding,
}

/// Compression of a log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Packing {
    /// None.
    #[default]
    Plain,
    /// gzip, one member or several.
    Gzip,
    /// Zstandard, one frame or several.
    Zstd,
    /// xz, one stream or several.
    Xz,
    /// bzip2, one stream or several.
    Bzip2,
    /// A tar archive.
    Tar,
    /// A zip archive.
    Zip,
    /// A format that is known and not read.
    Unreadable(&'static str),
}

/// Character encoding of a log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    #[default]
    Utf8,
    /// UTF-16, low byte first, as PowerShell writes it.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
}

impl Packing {
    /// Tells the compression by the first bytes.
    pub fn of(head: &[u8]) -> Self {
        match head {
            [0x1f, 0x8b, 8, ..] => Self::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, descriptor, ..] if descriptor & 3 != 0 => {
                Self::Unreadable("compressed with Zstandard and a dictionary")
            }
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Self::Zstd,
            // A frame to be passed over, which some compressors write before each of the others.
            [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Self::Zstd,
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Self::Xz,
            [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, ..]
            | [b'B', b'Z', b'h', b'1'..=b'9', 0x17, 0x72, 0x45, 0x38, 0x50, 0x90, ..] => {
                Self::Bzip2
            }
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Self::Zip,
            [b'7', b'z', 0xbc, 0xaf, 0x27, 0x1c, ..] => Self::Unreadable("a 7z archive"),
            [b'R', b'a', b'r', b'!', 0x1a, 7, ..] => Self::Unreadable("a RAR archive"),
            [0x1f, 0x9d, 0x89..=0x90, ..] => Self::Unreadable("compressed with compress"),
            [0x5d, 0, 0, ..] => Self::Unreadable("compressed with LZMA alone"),
            [b'L', b'Z', b'I', b'P', 1, ..] => Self::Unreadable("compressed with lzip"),
            [0xff, 6, 0, 0, b's', b'N', b'a', b'P', b'p', b'Y', ..] => {
                Self::Unreadable("compressed with Snappy")
            }
            [0x04, 0x22, 0x4d, 0x18, ..] => Self::Unreadable("compressed with LZ4"),
            [b'P', b'A', b'R', b'1', ..] => Self::Unreadable("a Parquet file"),
            [b'S', b'Q', b'L', b'i', b't', b'e', b' ', ..] => Self::Unreadable("a database"),
            _ if head.get(257..262) == Some(b"ustar") => Self::Tar,
            _ => Self::Plain,
        }
    }
}

impl Encoding {
    /// Tells the encoding by the byte order mark, or by the NULs of ASCII in UTF-16.
    pub fn of(head: &[u8]) -> Self {
        match head {
            [0xff, 0xfe, ..] => Self::Utf16Le,
            [0xfe, 0xff, ..] => Self::Utf16Be,
            [b'{' | b'[', 0, b'"' | b'{' | b'\r' | b'\n', 0, ..] => Self::Utf16Le,
            [0, b'{' | b'[', 0, b'"' | b'{' | b'\r' | b'\n', ..] => Self::Utf16Be,
            _ => Self::Utf8,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let packing = match self.packing {
            Packing::Plain => "",
            Packing::Gzip => "gzip, ",
            Packing::Zstd => "zstd, ",
            Packing::Xz => "xz, ",
            Packing::Bzip2 => "bzip2, ",
            Packing::Tar => "tar, ",
            Packing::Zip => "zip, ",
            Packing::Unreadable(what) => return out.write_str(what),
        };
        let encoding = match self.encoding {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf16Le => "utf-16le",
            Encoding::Utf16Be => "utf-16be",
        };
        write!(out, "{packing}{encoding}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_read_is_named() {
        for (head, name) in [
            (&b"\x1f\x9d\x90{"[..], "compressed with compress"),
            (b"\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\0", "compressed with LZMA alone"),
            (b"\x28\xb5\x2f\xfd\x67\x10", "compressed with Zstandard and a dictionary"),
        ] {
            assert_eq!(Packing::of(head), Packing::Unreadable(name));
        }
        assert_eq!(Packing::of(b"\x28\xb5\x2f\xfd\x64\x10"), Packing::Zstd);
        assert_eq!(Packing::of(b"]\n"), Packing::Plain);
    }
}
