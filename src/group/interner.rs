//! Each string once: a number stands for it wherever it is counted.

use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher as _;

/// A string's number in one interner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub u32);

/// Strings and their numbers.
#[derive(Debug, Default)]
pub struct Interner {
    text: String,
    entries: Vec<Entry>,
    table: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    start: usize,
    length: u32,
    rank: u64,
}

impl Interner {
    /// The number of a string that is known.
    pub fn find(&self, text: &str) -> Option<Id> {
        let hash = self.hasher.hash_one(text);
        self.table.find(hash, |id| self.text(Id(*id)) == text).map(|id| Id(*id))
    }

    /// The number of a string, which becomes known.
    pub fn intern(&mut self, text: &str) -> Id {
        let hash = self.hasher.hash_one(text);
        let known = self.table.find(hash, |id| of(&self.text, &self.entries, *id) == text);
        if let Some(id) = known {
            return Id(*id);
        }
        let id = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
        self.entries.push(Entry { start: self.text.len(), length, rank: rank(text) });
        self.text.push_str(text);
        let Self { text, entries, hasher, .. } = self;
        self.table.insert_unique(hash, id, |id| hasher.hash_one(of(text, entries, *id)));
        Id(id)
    }

    /// The string of a number.
    pub fn text(&self, id: Id) -> &str {
        of(&self.text, &self.entries, id.0)
    }

    /// The string's place in an order that is the same everywhere and tells nothing of the
    /// string: which values stay where there are too many.
    pub fn rank(&self, id: Id) -> u64 {
        self.entries[id.0 as usize].rank
    }

    /// Takes up another's strings: the new number of each of its old ones.
    pub fn absorb(&mut self, other: &Self) -> Vec<Id> {
        let ids = 0..u32::try_from(other.entries.len()).unwrap_or(u32::MAX);
        ids.map(|id| self.intern(other.text(Id(id)))).collect()
    }
}

fn of<'t>(text: &'t str, entries: &[Entry], id: u32) -> &'t str {
    let entry = entries[id as usize];
    &text[entry.start..entry.start + entry.length as usize]
}

/// The place of a string in the order of [`Interner::rank`].
pub fn rank(text: &str) -> u64 {
    let digest = blake3::hash(text.as_bytes());
    let [a, b, c, d, e, f, g, h, ..] = *digest.as_bytes();
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}
