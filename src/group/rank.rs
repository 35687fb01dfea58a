//! Which values stay where there are too many.

/// A value's place in an order that is the same everywhere and tells nothing of the value.
pub fn rank(text: &str) -> u64 {
    first(blake3::hash(text.as_bytes()))
}

/// The highest rank among the lowest, so many of them: there must be as many.
pub fn ceiling(ranks: impl Iterator<Item = u64>, lowest: usize) -> u64 {
    let mut ranks: Vec<u64> = ranks.collect();
    *ranks.select_nth_unstable(lowest - 1).1
}

/// The rank of several values together.
#[derive(Default)]
pub struct Parts(blake3::Hasher);

impl Parts {
    /// Takes up the next value, or that there is none.
    pub fn add(&mut self, part: Option<&str>) {
        let length = part.map_or(u64::MAX, |part| part.len() as u64);
        self.0.update(&length.to_be_bytes());
        self.0.update(part.unwrap_or("").as_bytes());
    }

    /// The rank.
    pub fn finish(&self) -> u64 {
        first(self.0.finalize())
    }
}

fn first(digest: blake3::Hash) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = *digest.as_bytes();
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}
