//! The form of an output: what is left when numbers, ids and paths are taken out.

use wide::u8x16;

/// Bytes of a message that make its shape; what follows is left out.
const LONGEST: usize = 600;

/// Words of bits for the bytes of a message, and behind them.
const WORDS: usize = LONGEST / 64 + 1;

/// A bit for each byte of a message.
type Bits = [u64; WORDS];

/// Writes the shape of a message into `shape`: each word (or value behind a `=`) that holds a
/// digit or a slash becomes `…`.
pub fn write(message: &str, shape: &mut String) {
    shape.clear();
    let message = &message[..message.floor_char_boundary(LONGEST)];
    let marks = Marks::of(message.as_bytes());
    if marks.even {
        marks.stretches(message, shape);
    } else {
        marks.words(message, shape);
    }
}

/// Where a message has words, and what varies in it.
struct Marks {
    /// Between words.
    blank: Bits,
    /// Digits and slashes.
    varying: Bits,
    /// Equals signs.
    equals: Bits,
    /// Whether one space stands between any two words, and nothing before and behind them.
    even: bool,
}

impl Marks {
    fn of(message: &[u8]) -> Self {
        let [mut blank, mut varying, mut space, mut equals] = [[0; WORDS]; 4];
        let (whole, rest) = message.as_chunks::<64>();
        let mut last = [b'a'; 64];
        last[..rest.len()].copy_from_slice(rest);
        for (at, bytes) in whole.iter().chain([&last]).enumerate() {
            [blank[at], varying[at], space[at], equals[at]] = mark(bytes);
        }
        let ends = [message.first(), message.last()];
        let mut before = 0;
        let paired = blank.iter().any(|bits| {
            let found = bits & (bits << 1 | before) != 0;
            before = bits >> 63;
            found
        });
        let even = blank == space && !paired && !ends.contains(&Some(&b' '));
        Self { blank, varying, equals, even }
    }

    /// The shape of an even message: what lies between words that vary is taken as it is.
    fn stretches(&self, message: &str, shape: &mut String) {
        let length = message.len();
        let mut from = 0;
        let mut at = next(&self.varying, 0);
        while at < length {
            let start = behind_last(&self.blank, at);
            let end = next(&self.blank, at).min(length);
            shape.push_str(&message[from..start]);
            self.varying_word(message, start, end, shape);
            from = end;
            at = next(&self.varying, end);
        }
        shape.push_str(&message[from..]);
    }

    /// The shape of any message, word by word.
    fn words(&self, message: &str, shape: &mut String) {
        let length = message.len();
        let in_word = self.blank.map(|bits| !bits);
        let mut start = next(&in_word, 0);
        while start < length {
            let end = next(&self.blank, start).min(length);
            if !shape.is_empty() {
                shape.push(' ');
            }
            self.varying_word(message, start, end, shape);
            start = next(&in_word, end);
        }
    }

    fn varying_word(&self, message: &str, start: usize, end: usize, shape: &mut String) {
        let equals = next(&self.equals, start);
        let value = if equals < end { equals + 1 } else { start };
        // The name may hold a digit itself, as `proc.aname[2]=` does; it does not vary.
        let is_behind =
            |byte: &&u8| matches!(byte, b')' | b',' | b';' | b'"' | b'\'' | b']' | b'.');
        let behind = message.as_bytes()[value..end].iter().rev().take_while(is_behind);
        let core_end = end - behind.count();
        if next(&self.varying, value) < core_end {
            shape.push_str(&message[start..value]);
            shape.push('…');
            shape.push_str(&message[core_end..end]);
        } else {
            shape.push_str(&message[start..end]);
        }
    }
}

/// The blanks, what varies, the spaces and the equals signs among the bytes.
#[inline]
fn mark(bytes: &[u8; 64]) -> [u64; 4] {
    let mut marks = [0; 4];
    for (at, bytes) in bytes.as_chunks::<16>().0.iter().enumerate() {
        let bytes = u8x16::new(*bytes);
        let spaces = bytes.simd_eq(u8x16::splat(b' '));
        // A vertical tab stands among the others and parts no words.
        let others = within(bytes, b'\t', b'\r') & !bytes.simd_eq(u8x16::splat(0x0b));
        let varying = within(bytes, b'/', b'9');
        let equals = bytes.simd_eq(u8x16::splat(b'='));
        for (marks, found) in marks.iter_mut().zip([spaces | others, varying, spaces, equals]) {
            *marks |= u64::from(found.to_bitmask()) << (16 * at);
        }
    }
    marks
}

/// Which bytes lie within bounds.
#[inline]
fn within(bytes: u8x16, low: u8, high: u8) -> u8x16 {
    let from_low = bytes - u8x16::splat(low);
    from_low.min(u8x16::splat(high - low)).simd_eq(from_low)
}

/// The first set bit from a place on; the number of bits if there is none.
fn next(bits: &Bits, from: usize) -> usize {
    let mut word = from / 64;
    let mut rest = bits.get(word).map_or(0, |bits| bits & (u64::MAX << (from % 64)));
    while rest == 0 {
        word += 1;
        match bits.get(word) {
            Some(bits) => rest = *bits,
            None => return WORDS * 64,
        }
    }
    word * 64 + rest.trailing_zeros() as usize
}

/// The place behind the last set bit before a place; 0 if there is none.
fn behind_last(bits: &Bits, before: usize) -> usize {
    let mut word = before / 64;
    let mut rest = bits[word] & !(u64::MAX << (before % 64));
    while rest == 0 {
        let Some(earlier) = word.checked_sub(1) else { return 0 };
        word = earlier;
        rest = bits[word];
    }
    word * 64 + 64 - rest.leading_zeros() as usize
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_varies_becomes_one_mark() {
        let mut shape = String::new();
        for (message, expected) in [
            (
                "A shell (user=root pid=412 command=sh -c /tmp/x7 container_id=a0338b5d7d4f)",
                "A shell (user=root pid=… command=sh -c … container_id=…)",
            ),
            ("File below /etc opened", "File below … opened"),
            ("", ""),
            ("plain  words\there", "plain words here"),
            (" proc.aname[2]=7, (x=a/b). größe=ß1", "proc.aname[2]=…, (x=…). größe=…"),
        ] {
            write(message, &mut shape);
            assert_eq!(shape, expected);
        }
    }

    fn varies(byte: u8) -> bool {
        byte.is_ascii_digit() || byte == b'/'
    }

    /// The definition, written plainly.
    fn plainly(message: &str) -> String {
        let mut end = message.len().min(LONGEST);
        while !message.is_char_boundary(end) {
            end -= 1;
        }
        let words = message[..end].split_ascii_whitespace().map(|word| {
            let value = word.find('=').map_or(0, |at| at + 1);
            let rest = &word[value..];
            let core = rest.trim_end_matches([')', ',', ';', '"', '\'', ']', '.']);
            let shown = if core.bytes().any(varies) { "…" } else { core };
            format!("{}{shown}{}", &word[..value], &rest[core.len()..])
        });
        words.collect::<Vec<_>>().join(" ")
    }

    proptest! {
        #[test]
        fn agrees_with_its_definition(message in "[a-b1/=ß \t\n\u{b}\u{c},.)\\]]{0,700}|[a-b01/9:.=ß ]{0,700}|([a-b1/=,)]{1,9} ){0,99}x") {
            let mut shape = String::new();
            write(&message, &mut shape);
            prop_assert_eq!(shape, plainly(&message));
        }
    }
}
