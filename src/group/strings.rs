//! Each string once: a number stands for it wherever it is counted.

use std::sync::{Mutex, MutexGuard, PoisonError};

use hashbrown::HashTable;

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

/// A text and its hash.
#[derive(Clone, Copy, Debug)]
pub struct Text<'t> {
    /// The text.
    pub text: &'t str,
    /// Its hash.
    pub hash: u64,
}

/// Parts of the strings, a power of two. Workers wait for each other only where two of them want
/// the same part in the same fraction of a microsecond.
const PARTS: usize = 64;

/// Strings and their numbers, shared by all workers. A hash stands for its string.
#[derive(Debug)]
pub struct Strings(Vec<Mutex<Part>>);

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
        Self((0..PARTS).map(|_| Mutex::default()).collect())
    }
}

impl Strings {
    /// The number of a string, which becomes known.
    pub fn intern(&self, Text { text, hash }: Text<'_>) -> Id {
        let number = part_of(hash);
        let mut part = self.part(number);
        let Part { shelf, table } = &mut *part;
        if let Some(entry) = table.find(hash, |entry| entry.hash() == hash) {
            return id(entry.at, number);
        }
        let at = shelf.push(text);
        table.insert_unique(hash, Entry::new(hash, at), Entry::hash);
        id(at, number)
    }

    /// The number of a string that is known.
    pub fn find(&self, hash: u64) -> Option<Id> {
        let number = part_of(hash);
        let part = self.part(number);
        let found = part.table.find(hash, |entry| entry.hash() == hash);
        found.map(|entry| id(entry.at, number))
    }

    /// The strings, now that all are in.
    pub fn finish(self) -> Texts {
        let part = |part: Mutex<Part>| part.into_inner().unwrap_or_else(PoisonError::into_inner);
        Texts(self.0.into_iter().map(|each| part(each).shelf).collect())
    }

    /// How many strings there are.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        (0..PARTS).map(|number| self.part(number).shelf.starts.len()).sum()
    }

    fn part(&self, number: usize) -> MutexGuard<'_, Part> {
        self.0[number].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The strings of all numbers.
#[derive(Debug)]
pub struct Texts(Vec<Shelf>);

impl Texts {
    /// The string of a number, unless it is none or empty.
    pub fn told(&self, id: Id) -> Option<&str> {
        Some(self.text(id)).filter(|text| !text.is_empty())
    }

    /// The string of a number; empty for what is none.
    pub fn text(&self, id: Id) -> &str {
        let (number, at) = (id.0 as usize % PARTS, id.0 as usize / PARTS);
        if id.is_text() { self.0[number].get(at) } else { "" }
    }
}

/// Gives the string of a number, while strings still come in or afterwards.
pub trait Look {
    /// Calls `with` with the string of a number.
    fn look<T>(&self, id: Id, with: impl FnOnce(&str) -> T) -> T;
}

impl Look for Strings {
    fn look<T>(&self, id: Id, with: impl FnOnce(&str) -> T) -> T {
        let part = self.part(id.0 as usize % PARTS);
        with(part.shelf.get(id.0 as usize / PARTS))
    }
}

impl Look for Texts {
    fn look<T>(&self, id: Id, with: impl FnOnce(&str) -> T) -> T {
        with(self.text(id))
    }
}

#[expect(clippy::cast_possible_truncation, reason = "there are few parts")]
const fn id(at: u32, part: usize) -> Id {
    Id(at.wrapping_mul(PARTS as u32).wrapping_add(part as u32))
}

/// The table of a part looks at the highest and the lowest bits of a hash: these are others.
const fn part_of(hash: u64) -> usize {
    (hash >> 40) as usize % PARTS
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
