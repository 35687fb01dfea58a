//! How a log is packed and encoded, told by its first bytes and never by its name.

use std::fmt;

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
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Self::Zstd,
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
        };
        let encoding = match self.encoding {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf16Le => "utf-16le",
            Encoding::Utf16Be => "utf-16be",
        };
        write!(out, "{packing}{encoding}")
    }
}
