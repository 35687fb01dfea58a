//! The byte loops under the JSON reader.

use wide::u8x16;

const EACH: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Bytes that are looked at together.
const BLOCK: usize = 64;

/// The bytes of a text that no string of JSON holds as they are: quotes, backslashes and control
/// characters. A text is looked at block by block as it is read: its strings are short, and to
/// search each of them anew would cost more than all of them have bytes.
#[derive(Clone, Debug)]
pub struct Specials {
    /// The block that was looked at, if any.
    block: usize,
    /// A bit for each of its bytes.
    bits: u64,
}

impl Specials {
    /// Nothing was looked at.
    pub const NONE: Self = Self { block: usize::MAX, bits: 0 };

    /// Offset of the first such byte at or after `at`; the length of the text if there is none.
    #[inline]
    pub fn next(&mut self, bytes: &[u8], at: usize) -> usize {
        if at / BLOCK != self.block {
            self.look(bytes, at / BLOCK);
        }
        let bits = self.bits >> (at % BLOCK);
        if bits != 0 {
            return at + bits.trailing_zeros() as usize;
        }
        loop {
            let start = (self.block + 1) * BLOCK;
            if start >= bytes.len() {
                return bytes.len();
            }
            self.look(bytes, self.block + 1);
            if self.bits != 0 {
                return start + self.bits.trailing_zeros() as usize;
            }
        }
    }

    #[inline]
    fn look(&mut self, bytes: &[u8], block: usize) {
        let rest = &bytes[block * BLOCK..];
        self.block = block;
        self.bits = rest.first_chunk().map_or_else(|| last_of_block(rest), of_block);
    }
}

/// The special bytes of a text's last block, which is not full.
#[inline(never)]
fn last_of_block(rest: &[u8]) -> u64 {
    let mut block = [b' '; BLOCK];
    block[..rest.len()].copy_from_slice(rest);
    of_block(&block)
}

#[inline]
fn of_block(block: &[u8; BLOCK]) -> u64 {
    let chunks = (0..).zip(block.as_chunks().0);
    chunks.fold(0, |bits, (at, chunk)| bits | u64::from(specials(chunk)) << (16 * at))
}

/// A bit for each of sixteen bytes that no string of JSON holds as it is.
#[inline]
pub fn specials(bytes: &[u8; 16]) -> u32 {
    let bytes = u8x16::new(*bytes);
    let controls = bytes.min(u8x16::splat(0x1f)).simd_eq(bytes);
    let found = controls | bytes.simd_eq(u8x16::splat(b'"')) | bytes.simd_eq(u8x16::splat(b'\\'));
    found.to_bitmask()
}

/// The high bit of each of eight bytes that no string of JSON holds as it is: a quote, a backslash
/// or what is below 0x20. A byte above the first found may be marked wrongly (borrows run upwards),
/// so only the lowest mark counts.
pub const fn special(word: u64) -> u64 {
    let quote = word ^ (EACH * 0x22);
    let backslash = word ^ (EACH * 0x5c);
    let is_quote = quote.wrapping_sub(EACH) & !quote;
    let is_backslash = backslash.wrapping_sub(EACH) & !backslash;
    let is_control = word.wrapping_sub(EACH * 0x20) & !word;
    (is_quote | is_backslash | is_control) & HIGH
}

/// Whether a name stands before another in the order of their bytes: most names are short, and
/// differ in their first eight bytes or in the next.
#[inline]
pub fn precedes(name: &str, other: &str) -> bool {
    let (mut name, mut other) = (name.as_bytes(), other.as_bytes());
    while let (Some((first, rest)), Some((second, behind))) =
        (name.split_first_chunk::<8>(), other.split_first_chunk::<8>())
    {
        if first != second {
            return u64::from_be_bytes(*first) < u64::from_be_bytes(*second);
        }
        (name, other) = (rest, behind);
    }
    name < other
}

/// End of the number that starts at `at`, or the offset at which it stops being one.
pub fn number(bytes: &[u8], at: usize) -> Result<usize, usize> {
    let mut end = at + usize::from(bytes.get(at) == Some(&b'-'));
    end = match bytes.get(end) {
        Some(b'0') => end + 1,
        _ => digits(bytes, end)?,
    };
    if bytes.get(end) == Some(&b'.') {
        end = digits(bytes, end + 1)?;
    }
    if let Some(b'e' | b'E') = bytes.get(end) {
        let signed = matches!(bytes.get(end + 1), Some(b'+' | b'-'));
        end = digits(bytes, end + 1 + usize::from(signed))?;
    }
    Ok(end)
}

fn digits(bytes: &[u8], at: usize) -> Result<usize, usize> {
    let length =
        bytes[at.min(bytes.len())..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    if length == 0 { Err(at) } else { Ok(at + length) }
}
