//! Each string once: a number stands for it wherever it is counted. Shapes are strings, too, that are
//! written in little room.

use std::sync::{Mutex, MutexGuard, PoisonError};

use hashbrown::HashTable;

use super::words::{self, Dictionary, Writer};

/// A string's number, or what stands where there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub u32);

impl Id {
    /// There is no value.
    pub const ABSENT: Self = Self(u32::MAX);
    /// There is a value that is not told apart from others.
    pub const OTHER: Self = Self(u32::MAX - 1);
    /// The name of the column of sources.
    pub const SOURCES: Self = Self(u32::MAX - 2);
    /// The name of the column of tags.
    pub const TAGS: Self = Self(u32::MAX - 3);

    /// Whether it is a string's.
    pub const fn is_text(self) -> bool {
        self.0 < Self::TAGS.0
    }
}

/// Numbers at the upper end that stand for no text. They are the most frequent, and so are written as
/// the lowest.
const SPECIAL: u32 = 0_u32.wrapping_sub(Id::TAGS.0);

/// The number as it is written.
pub const fn pack(id: Id) -> u64 {
    id.0.wrapping_add(SPECIAL) as u64
}

/// The number that was written so.
#[expect(clippy::cast_possible_truncation, reason = "written from 32 bits")]
pub const fn unpack(packed: u64) -> Id {
    Id((packed as u32).wrapping_sub(SPECIAL))
}

/// A text and its hash.
#[derive(Clone, Copy, Debug)]
pub struct Text<'t> {
    /// The text.
    pub text: &'t str,
    /// Its hash.
    pub hash: u64,
}

/// Parts of the strings, a power of two: one half for shapes, the other for all else. Workers wait for
/// each other only where two of them want the same part in the same fraction of a microsecond.
const PARTS: usize = 128;

/// The first part for shapes.
const SHAPES: usize = PARTS / 2;

/// Strings and their numbers, shared by all workers. A hash stands for its string.
#[derive(Debug)]
pub struct Strings {
    parts: Vec<Mutex<Part>>,
    words: Dictionary,
}

#[derive(Debug, Default)]
struct Part {
    shelf: Shelf,
    table: HashTable<Entry>,
}

/// A string's hash, in two halves so that no room is lost beside them, and its place on the shelf.
#[derive(Debug)]
struct Entry {
    high: u32,
    low: u32,
    at: u32,
}

impl Entry {
    #[expect(clippy::cast_possible_truncation, reason = "in two halves")]
    const fn new(hash: u64, at: u32) -> Self {
        Self { high: (hash >> 32) as u32, low: hash as u32, at }
    }

    const fn hash(&self) -> u64 {
        (self.high as u64) << 32 | self.low as u64
    }
}

/// Bytes of a box.
const BOX: usize = 1 << 16;

/// Strings one after another, in boxes that never move: what grows by doubling leaves as much
/// memory behind as it takes.
#[derive(Debug, Default)]
struct Shelf {
    boxes: Vec<String>,
    /// The box in which each string lies, and where in it it begins, in one number: there is room for
    /// 4 GiB of strings.
    starts: Vec<u32>,
}

impl Shelf {
    fn push(&mut self, text: &str) -> u32 {
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let is_full =
            |last: &String| last.len() >= BOX || last.capacity() - last.len() < text.len();
        if self.boxes.last().is_none_or(is_full) {
            // A string that is longer than a box has one of its own.
            self.boxes.push(String::with_capacity(text.len().max(BOX)));
        }
        let at = self.starts.len();
        let number_of_box = self.boxes.len() - 1;
        let last = &mut self.boxes[number_of_box];
        self.starts.push(number(number_of_box * BOX + last.len()));
        last.push_str(text);
        number(at)
    }

    fn get(&self, at: usize) -> &str {
        let place = |at: usize| self.starts.get(at).map(|start| *start as usize);
        let (number, start) = place(at).map_or((0, 0), |start| (start / BOX, start % BOX));
        let end = place(at + 1).filter(|next| next / BOX == number).map(|next| next % BOX);
        let text = &self.boxes[number];
        &text[start..end.unwrap_or(text.len())]
    }
}

impl Default for Strings {
    fn default() -> Self {
        let parts = (0..PARTS).map(|_| Mutex::default()).collect();
        Self { parts, words: Dictionary::default() }
    }
}

impl Strings {
    /// The number of a string, which becomes known.
    pub fn intern(&self, Text { text, hash }: Text<'_>) -> Id {
        self.put(part_of(hash), hash, || text)
    }

    /// The number of a shape, which becomes known.
    pub fn intern_shape(&self, Text { text, hash }: Text<'_>, writer: &mut Writer) -> Id {
        self.put(SHAPES + part_of(hash), hash, || writer.write(text, &self.words))
    }

    fn put<'t>(&self, number: usize, hash: u64, text: impl FnOnce() -> &'t str) -> Id {
        let mut part = self.part(number);
        let Part { shelf, table } = &mut *part;
        if let Some(entry) = table.find(hash, |entry| entry.hash() == hash) {
            return id(entry.at, number);
        }
        let at = shelf.push(text());
        table.insert_unique(hash, Entry::new(hash, at), Entry::hash);
        id(at, number)
    }

    /// The number of a string that is known.
    pub fn find(&self, hash: u64) -> Option<Id> {
        self.look_up(part_of(hash), hash)
    }

    /// The number of a shape that is known.
    pub fn find_shape(&self, hash: u64) -> Option<Id> {
        self.look_up(SHAPES + part_of(hash), hash)
    }

    fn look_up(&self, number: usize, hash: u64) -> Option<Id> {
        let part = self.part(number);
        let found = part.table.find(hash, |entry| entry.hash() == hash);
        found.map(|entry| id(entry.at, number))
    }

    /// The strings, now that all are in.
    pub fn finish(self) -> Texts {
        let part = |part: Mutex<Part>| part.into_inner().unwrap_or_else(PoisonError::into_inner);
        let shelves = self.parts.into_iter().map(|each| part(each).shelf).collect();
        Texts { shelves, words: self.words.finish() }
    }

    /// How many strings there are.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        (0..PARTS).map(|number| self.part(number).shelf.starts.len()).sum()
    }

    fn part(&self, number: usize) -> MutexGuard<'_, Part> {
        self.parts[number].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The strings of all numbers.
#[derive(Debug)]
pub struct Texts {
    shelves: Vec<Shelf>,
    words: Vec<Box<str>>,
}

impl Texts {
    /// The string of a number, unless it is none or empty.
    pub fn told(&self, id: Id) -> Option<&str> {
        Some(self.text(id)).filter(|text| !text.is_empty())
    }

    /// The string of a number that is no shape's; empty for what is none.
    pub fn text(&self, id: Id) -> &str {
        let (number, at) = place_of(id);
        if id.is_text() { self.shelves[number].get(at) } else { "" }
    }

    /// The shape of a number; empty for what is none.
    pub fn shape(&self, id: Id) -> String {
        words::read(&self.words, self.text(id))
    }
}

/// Gives the string of a number, while strings still come in or afterwards.
pub trait Look {
    /// Calls `with` with the string of a number.
    fn look<T>(&self, id: Id, with: impl FnOnce(&str) -> T) -> T;
}

impl Look for Strings {
    fn look<T>(&self, id: Id, with: impl FnOnce(&str) -> T) -> T {
        let (number, at) = place_of(id);
        let part = self.part(number);
        let text = part.shelf.get(at);
        if number < SHAPES { with(text) } else { with(&self.words.read(text)) }
    }
}

impl Look for Texts {
    fn look<T>(&self, id: Id, with: impl FnOnce(&str) -> T) -> T {
        if place_of(id).0 < SHAPES { with(self.text(id)) } else { with(&self.shape(id)) }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "there are few parts")]
const fn id(at: u32, part: usize) -> Id {
    Id(at.wrapping_mul(PARTS as u32).wrapping_add(part as u32))
}

/// The part of a number, and which one it is there.
const fn place_of(id: Id) -> (usize, usize) {
    (id.0 as usize % PARTS, id.0 as usize / PARTS)
}

/// Where in its half a string belongs. The table of a part looks at the highest and the lowest bits of a
/// hash: these are others.
const fn part_of(hash: u64) -> usize {
    (hash >> 40) as usize % SHAPES
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_string_has_one_number() {
        let strings = Strings::default();
        let [a, b, again] = [("a", 7), ("b", 8 << 40), ("a", 7)]
            .map(|(text, hash)| strings.intern(Text { text, hash }));
        assert_eq!(a, again);
        assert_ne!(a, b);
        assert_eq!((strings.find(7), strings.find(9)), (Some(a), None));
        assert_eq!(strings.look(b, str::to_owned), "b");
        let texts = strings.finish();
        assert_eq!((texts.text(a), texts.text(b), texts.text(Id::OTHER)), ("a", "b", ""));
    }

    proptest! {
        #[test]
        fn what_is_put_on_a_shelf_is_found_there(
            lengths in prop::collection::vec(prop_oneof![0..40_usize, 30_000..70_000_usize], 1..60),
        ) {
            let mut shelf = Shelf::default();
            let text = |at: usize, length: usize| ["a", "b", "c"][at % 3].repeat(length);
            for (at, length) in lengths.iter().enumerate() {
                prop_assert_eq!(shelf.push(&text(at, *length)) as usize, at);
            }
            for (at, length) in lengths.iter().enumerate() {
                prop_assert_eq!(shelf.get(at), text(at, *length));
            }
        }
    }
}
