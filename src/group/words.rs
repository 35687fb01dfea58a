//! Shapes in little room. They are long and made of the same words over and over, so each word that is
//! met again gets a number, and a shape is written as the numbers of its words.
//!
//! A number is written as a character, the lowest in one byte. A word without a number stands between
//! spaces, but for the one behind the last.

use std::sync::{PoisonError, RwLock};

use hashbrown::HashMap;

use super::{hashes::Hashes, strings::Text};

/// Words that get a number. With more of them the numbers would be as long as words are.
const MOST: usize = 1 << 15;

/// Words that a worker knows by sight, a power of two.
const KNOWN: usize = 1 << 12;

/// The words with numbers, shared by all workers.
#[derive(Debug, Default)]
pub struct Dictionary(RwLock<Listed>);

#[derive(Debug, Default)]
struct Listed {
    words: Vec<Box<str>>,
    /// Their numbers by their hashes.
    numbers: HashMap<u64, u32>,
}

/// What a worker writes shapes with.
#[derive(Debug)]
pub struct Writer {
    hashes: Hashes,
    /// Hashes of words met lately, each where it points to, and what is written for the word.
    known: Vec<(u64, Option<char>)>,
    written: String,
}

impl Writer {
    /// A writer whose hashes agree with those of others with the same `hashes`.
    pub fn new(hashes: Hashes) -> Self {
        Self { hashes, known: vec![(0, None); KNOWN], written: String::new() }
    }

    /// A shape, written. A word gets its number when it is met for the second time, so that words that
    /// never come again take none.
    pub fn write(&mut self, shape: &str, dictionary: &Dictionary) -> &str {
        let Self { hashes, known, written } = self;
        written.clear();
        for word in shape.split(' ') {
            let hash = hashes.of(word);
            let (theirs, number) = &mut known[(hash >> 20) as usize % KNOWN];
            if *theirs != hash {
                (*theirs, *number) = (hash, None);
            } else if number.is_none() {
                *number = dictionary.number(Text { text: word, hash });
            }
            match *number {
                Some(number) => written.push(number),
                None => written.extend([" ", word, " "]),
            }
        }
        written.strip_suffix(' ').unwrap_or(written)
    }
}

impl Dictionary {
    /// What is written for a word, which gets a number if there is room.
    fn number(&self, word: Text<'_>) -> Option<char> {
        let mut listed = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let Listed { words, numbers } = &mut *listed;
        if let Some(number) = numbers.get(&word.hash) {
            return letter(*number);
        }
        if words.len() == MOST {
            return None;
        }
        let number = u32::try_from(words.len()).ok()?;
        numbers.insert(word.hash, number);
        words.push(word.text.into());
        letter(number)
    }

    /// The shape that was written so.
    pub fn read(&self, written: &str) -> String {
        read(&self.0.read().unwrap_or_else(PoisonError::into_inner).words, written)
    }

    /// The words by number, now that all are in.
    pub fn finish(self) -> Vec<Box<str>> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner).words
    }
}

/// The shape that was written with these words.
pub fn read(words: &[Box<str>], written: &str) -> String {
    let mut shape = String::with_capacity(8 * written.len());
    let mut rest = written;
    let mut between = "";
    while let Some(first) = rest.chars().next() {
        shape.push_str(between);
        between = " ";
        rest = &rest[first.len_utf8()..];
        if first == ' ' {
            let (word, behind) = rest.split_once(' ').unwrap_or((rest, ""));
            shape.push_str(word);
            rest = behind;
        } else {
            shape.push_str(words.get(number(first)).map_or("", |word| word));
        }
    }
    shape
}

/// The character that stands for a number: none is a space, and none half of a pair.
fn letter(number: u32) -> Option<char> {
    char::from_u32(number + u32::from(number >= u32::from(b' ')))
}

/// The number that a character stands for.
const fn number(letter: char) -> usize {
    let code = letter as usize;
    if code > b' ' as usize { code - 1 } else { code }
}

/// All numbers lie below the halves of pairs.
const _: () = assert!(MOST < 0xd800 - 1);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shape() -> impl Strategy<Value = String> {
        prop_oneof![
            prop::collection::vec("[a-d]{0,2}|…|é=\u{0}", 0..9).prop_map(|words| words.join(" ")),
            any::<String>(),
        ]
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(shapes in prop::collection::vec((shape(), 0_usize..2), 0..40)) {
            let (hashes, dictionary) = (Hashes::default(), Dictionary::default());
            let mut writers = [Writer::new(hashes.clone()), Writer::new(hashes)];
            let written: Vec<String> = shapes
                .iter()
                .map(|(shape, writer)| writers[*writer].write(shape, &dictionary).to_owned())
                .collect();
            for ((shape, _), written) in shapes.iter().zip(&written) {
                prop_assert_eq!(&dictionary.read(written), shape);
            }
        }

        #[test]
        fn a_number_is_read_from_its_letter(at in 0..u32::try_from(MOST).expect("few")) {
            prop_assert_eq!(letter(at).map(number), Some(at as usize));
        }
    }

    #[test]
    fn words_that_come_once_get_no_number() {
        let (hashes, dictionary) = (Hashes::default(), Dictionary::default());
        let mut writer = Writer::new(hashes);
        for at in 0..100 {
            writer.write(&format!("shell word{at} x"), &dictionary);
        }
        assert_eq!(writer.write("shell x", &dictionary), "\u{0}\u{1}");
        assert_eq!(dictionary.finish().len(), 2);
    }
}
