//! Numbers in as few bytes as they need: seven bits a byte, the lowest first.

/// Writes a number.
#[expect(clippy::cast_possible_truncation, reason = "seven bits at a time")]
pub fn put(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Writes a number that may be below zero: the sign becomes the lowest bit.
pub fn put_signed(out: &mut Vec<u8>, number: i64) {
    put(out, (number << 1 ^ number >> 63).cast_unsigned());
}

/// Numbers, one after another as they were written.
#[derive(Clone, Debug)]
pub struct Numbers<'b>(pub &'b [u8]);

impl Numbers<'_> {
    /// The next number; 0 behind the last.
    pub fn take(&mut self) -> u64 {
        let (mut number, mut shift) = (0, 0);
        while let [byte, rest @ ..] = self.0 {
            self.0 = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if *byte < 0x80 {
                break;
            }
            shift += 7;
        }
        number
    }

    /// The next number, one that may be below zero.
    pub fn take_signed(&mut self) -> i64 {
        let number = self.take();
        (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
    }

    /// Whether there is another.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(numbers: Vec<(u64, i64)>, places in prop::collection::vec(0_u32..64, 8)) {
            let near = places.iter().flat_map(|at| [(1_u64 << at, -1_i64 << at), ((1 << at) - 1, 1 << at)]);
            let numbers: Vec<(u64, i64)> = numbers.into_iter().chain(near).collect();
            let mut bytes = Vec::new();
            for (number, signed) in &numbers {
                put(&mut bytes, *number);
                put_signed(&mut bytes, *signed);
            }
            let mut read = Numbers(&bytes);
            for (number, signed) in &numbers {
                prop_assert_eq!((read.take(), read.take_signed()), (*number, *signed));
            }
            prop_assert!(read.is_empty());
        }
    }
}
