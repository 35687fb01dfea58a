//! The form of an output: what is left when numbers, ids and paths are taken out.

/// Bytes of a message that make its shape; what follows is left out.
const LONGEST: usize = 600;

/// Words of bits for the bytes of a message.
const WORDS: usize = LONGEST.div_ceil(64);

/// A bit for each byte of a message.
type Bits = [u64; WORDS];

/// Class of a byte: between words.
const BLANK: u8 = 1;

/// Class of a byte: what holds it varies.
const VARIES: u8 = 2;

const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        if byte.is_ascii_whitespace() {
            classes[byte as usize] = BLANK;
        } else if varies(byte) {
            classes[byte as usize] = VARIES;
        }
        byte += 1;
    }
    classes
};

/// Writes the shape of a message into `shape`: each word (or value behind a `=`) that holds a
/// digit or a slash becomes `…`.
pub fn write(message: &str, shape: &mut String) {
    shape.clear();
    let message = &message[..message.floor_char_boundary(LONGEST)];
    let length = message.len();
    let (blank, varying) = bits(message.as_bytes());
    let in_word = blank.map(|bits| !bits);
    let mut start = next(&in_word, 0);
    while start < length {
        let end = next(&blank, start).min(length);
        if !shape.is_empty() {
            shape.push(' ');
        }
        let word = &message[start..end];
        if next(&varying, start) < end {
            varying_word(word, shape);
        } else {
            shape.push_str(word);
        }
        start = next(&in_word, end);
    }
}

/// Which bytes stand between words, and which vary: one pass without a branch.
fn bits(message: &[u8]) -> (Bits, Bits) {
    let (mut blank, mut varying) = ([0; WORDS], [0; WORDS]);
    let words = blank.iter_mut().zip(&mut varying).zip(message.chunks(64));
    for ((blank, varying), bytes) in words {
        for (at, byte) in bytes.iter().enumerate() {
            let class = CLASSES[usize::from(*byte)];
            *blank |= u64::from(class & BLANK) << at;
            *varying |= u64::from(class >> 1) << at;
        }
    }
    (blank, varying)
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

fn varying_word(word: &str, shape: &mut String) {
    let value = word.bytes().position(|byte| byte == b'=').map_or(0, |at| at + 1);
    let (name, rest) = word.split_at(value);
    // The name may hold a digit itself, as `proc.aname[2]=` does; it does not vary.
    shape.push_str(name);
    let behind = rest.bytes().rev().take_while(|byte| b"),;\"'].".contains(byte)).count();
    let (core, behind) = rest.split_at(rest.len() - behind);
    shape.push_str(if core.bytes().any(varies) { "…" } else { core });
    shape.push_str(behind);
}

const fn varies(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == b'/'
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
        fn agrees_with_its_definition(message in "[a-b1/=ß \t\n\u{b},.)\\]]{0,700}") {
            let mut shape = String::new();
            write(&message, &mut shape);
            prop_assert_eq!(shape, plainly(&message));
        }
    }
}
