//! The form of an output: what is left when numbers, ids and paths are taken out.

/// Bytes of a message that make its shape; what follows is left out.
const LONGEST: usize = 600;

/// Words of bits for the bytes of a message, and behind them.
const WORDS: usize = LONGEST / 64 + 1;

/// A bit for each byte of a message.
type Bits = [u64; WORDS];

const EACH: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

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
    /// Whether one space stands between any two words, and nothing before and behind them.
    even: bool,
}

impl Marks {
    fn of(message: &[u8]) -> Self {
        let (mut blank, mut varying, mut space) = ([0; WORDS], [0; WORDS], [0; WORDS]);
        let (whole, rest) = message.as_chunks::<64>();
        let mut last = [b'a'; 64];
        last[..rest.len()].copy_from_slice(rest);
        for (at, bytes) in whole.iter().chain([&last]).enumerate() {
            [blank[at], varying[at], space[at]] = mark(bytes);
        }
        let ends = [message.first(), message.last()];
        let mut before = 0;
        let paired = blank.iter().any(|bits| {
            let found = bits & (bits << 1 | before) != 0;
            before = bits >> 63;
            found
        });
        let even = blank == space && !paired && !ends.contains(&Some(&b' '));
        Self { blank, varying, even }
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
        let word = &message[start..end];
        let value = memchr::memchr(b'=', word.as_bytes()).map_or(0, |at| at + 1);
        // The name may hold a digit itself, as `proc.aname[2]=` does; it does not vary.
        let behind = word[value..].bytes().rev().take_while(|byte| b"),;\"'].".contains(byte));
        let core_end = word.len() - behind.count();
        if next(&self.varying, start + value) < start + core_end {
            shape.push_str(&word[..value]);
            shape.push('…');
            shape.push_str(&word[core_end..]);
        } else {
            shape.push_str(word);
        }
    }
}

/// The blanks, what varies, and the spaces among the bytes.
#[inline]
fn mark(bytes: &[u8; 64]) -> [u64; 3] {
    let (mut blank, mut varying, mut space) = (0, 0, 0);
    for (at, eight) in bytes.as_chunks::<8>().0.iter().enumerate() {
        let eight = u64::from_le_bytes(*eight);
        let spaces = within(eight, b' ', b' ');
        // A form feed and a carriage return stand behind a vertical tab, which parts no words.
        let others = within(eight, b'\t', b'\n') | within(eight, 0x0c, b'\r');
        blank |= packed(spaces | others) << (8 * at);
        varying |= packed(within(eight, b'/', b'9')) << (8 * at);
        space |= packed(spaces) << (8 * at);
    }
    [blank, varying, space]
}

/// The high bit of each of eight bytes that lies within bounds below 128.
const fn within(eight: u64, low: u8, high: u8) -> u64 {
    let seven = eight & !HIGH;
    let from_low = seven + EACH * (0x80 - low as u64);
    let above_high = seven + EACH * (0x7f - high as u64);
    from_low & !above_high & !eight & HIGH
}

/// The high bits of eight bytes, side by side.
const fn packed(high: u64) -> u64 {
    (high >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
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
