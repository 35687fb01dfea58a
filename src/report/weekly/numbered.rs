//! What is known of things by their number.

/// Values by number, in order.
#[derive(Clone, Debug)]
pub struct Numbered<T> {
    numbers: Vec<u32>,
    values: Vec<T>,
}

impl<T> Numbered<T> {
    /// The value of a number.
    pub fn get(&self, number: u32) -> Option<&T> {
        self.numbers.binary_search(&number).ok().map(|at| &self.values[at])
    }

    /// The numbers, in order.
    pub fn numbers(&self) -> impl Iterator<Item = u32> {
        self.numbers.iter().copied()
    }

    /// The values, in the order of their numbers.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.values.iter()
    }

    /// Both.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        self.numbers().zip(&self.values)
    }

    /// How many they are.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }
}

impl<T> FromIterator<(u32, T)> for Numbered<T> {
    /// From values in any order, each number once.
    fn from_iter<I: IntoIterator<Item = (u32, T)>>(all: I) -> Self {
        let mut all: Vec<(u32, T)> = all.into_iter().collect();
        all.sort_unstable_by_key(|(number, _)| *number);
        let (numbers, values) = all.into_iter().unzip();
        Self { numbers, values }
    }
}
