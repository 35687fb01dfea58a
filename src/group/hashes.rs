//! Hashes that stand for texts while alerts are counted.

use std::hash::{BuildHasher as _, Hasher as _};

use foldhash::quality::RandomState;

/// Hashes texts to 64 bits that stand for them. The seed is drawn for each run, so that nobody
/// can write texts that collide; that any two of a million do by chance is as likely as 1 in 10⁷.
#[derive(Clone, Debug, Default)]
pub struct Hashes(RandomState);

impl Hashes {
    /// The hash of a text.
    #[inline]
    pub fn of(&self, text: &str) -> u64 {
        let mut state = self.0.build_hasher();
        state.write(text.as_bytes());
        state.finish()
    }
}

/// One hash for two, whose order matters.
#[inline]
pub const fn join(first: u64, second: u64) -> u64 {
    first.rotate_left(23) ^ second
}
