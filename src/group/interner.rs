//! Each string once: a number stands for it wherever it is counted.

use std::sync::Arc;

use hashbrown::HashTable;

/// A string's number in one interner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub u32);

/// Strings and their numbers.
#[derive(Debug, Default)]
pub struct Interner {
    text: String,
    /// Where each string ends.
    ends: Vec<usize>,
    /// Each string's hash, which stands for it, and its number.
    table: HashTable<(u64, u32)>,
}

impl Interner {
    /// The number of a string, which becomes known. `hash` is the string's.
    pub fn intern(&mut self, text: &str, hash: u64) -> Id {
        if let Some((_, id)) = self.table.find(hash, |(theirs, _)| *theirs == hash) {
            return Id(*id);
        }
        let id = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        self.text.push_str(text);
        self.ends.push(self.text.len());
        self.table.insert_unique(hash, (hash, id), |(hash, _)| *hash);
        Id(id)
    }

    /// The string of a number.
    pub fn text(&self, id: Id) -> &str {
        let at = id.0 as usize;
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[at]]
    }
}

/// Strings of one interner as they are given away, each only once.
#[derive(Debug, Default)]
pub struct Shared(Vec<Option<Arc<str>>>);

impl Shared {
    /// The string of a number.
    pub fn text(&mut self, id: Id, strings: &Interner) -> Arc<str> {
        let at = id.0 as usize;
        if self.0.len() <= at {
            self.0.resize(strings.ends.len(), None);
        }
        Arc::clone(self.0[at].get_or_insert_with(|| strings.text(id).into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_has_one_number() {
        let mut strings = Interner::default();
        let [a, b, again] =
            [("a", 7), ("b", 8), ("a", 7)].map(|(text, hash)| strings.intern(text, hash));
        assert_eq!(a, again);
        assert_ne!(a, b);
        assert_eq!((strings.text(a), strings.text(b)), ("a", "b"));
    }
}
