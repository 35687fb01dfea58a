//! Numbers that look drawn by lot and are the same for the same seed, on every machine.

/// A `SplitMix64` generator.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// A stream of its own for a part of the work.
    pub const fn part(seed: u64, part: u64) -> Self {
        Self(mix(seed ^ mix(part.wrapping_add(0x9e37_79b9_7f4a_7c15))))
    }

    /// The next number.
    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// A number below a bound.
    pub fn below(&mut self, bound: usize) -> usize {
        let wide = u128::from(self.next()) * bound as u128;
        usize::try_from(wide >> 64).unwrap_or(0)
    }

    /// Whether something holds that holds in so many of a hundred cases.
    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of several.
    pub fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    /// So many lower-case hexadecimal digits, at most 16.
    pub fn hex(&mut self, digits: usize) -> String {
        format!("{:016x}", self.next())[..digits].to_owned()
    }
}

const fn mix(mut word: u64) -> u64 {
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

/// Choice by Zipf's law: the n-th of a list is drawn in proportion to 1 / n^s.
#[derive(Clone, Debug)]
pub struct Zipf(Vec<f64>);

impl Zipf {
    /// Over so many, with the exponent `s`.
    pub fn new(count: u32, s: f64) -> Self {
        let mut sum = 0.0;
        let sums = (0..count).map(|n| {
            sum += (f64::from(n) + 1.0).powf(-s);
            sum
        });
        Self(sums.collect())
    }

    /// Draws one.
    pub fn draw(&self, random: &mut Random) -> usize {
        let Some(sum) = self.0.last() else { return 0 };
        let upper = u32::try_from(random.next() >> 32).unwrap_or(0);
        let at = f64::from(upper) / f64::from(u32::MAX) * sum;
        self.0.partition_point(|bound| *bound < at).min(self.0.len() - 1)
    }
}
