//! Which values stood together in one alert: what an exception for a rule has to be tried on.

use std::hash::BuildHasher as _;

use hashbrown::HashTable;

use super::interner::rank;
use crate::alert::{Alert, is_absent};

/// Fields by which alerts are told apart in an exception.
pub const JOINT_FIELDS: [&str; 7] = [
    "container.image.repository",
    "proc.pname",
    "proc.name",
    "proc.cmdline",
    "ka.user.name",
    "ka.target.namespace",
    "ka.target.resource",
];

/// Different combinations that are counted exactly for an incident.
const BOUND: usize = 1024;

/// Bytes of a value that are kept; Falco compares with a quarter of it at most.
const LONGEST: usize = 1024;

/// Values of [`JOINT_FIELDS`] and a shape that stood together, and how often.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Combination {
    /// The values in the order of [`JOINT_FIELDS`].
    pub values: [Option<Box<str>>; JOINT_FIELDS.len()],
    /// Shape of the output.
    pub shape: Box<str>,
    /// Alerts.
    pub count: u64,
}

impl Combination {
    /// Whether only the beginning of a value was kept.
    pub fn is_cut(value: &str) -> bool {
        value.len() > LONGEST - 4
    }
}

/// The combinations of an incident.
#[derive(Clone, Debug, Default)]
pub struct Combinations {
    /// Those that were counted, most frequent first.
    pub list: Vec<Combination>,
    /// Whether all were counted. If not, the list is an even choice among them.
    pub exact: bool,
}

/// Combinations while alerts come in. Beyond the bound those with the lowest ranks stay, each
/// with its exact count, as in a tally.
#[derive(Debug, Default)]
pub(super) struct Joint {
    table: HashTable<Entry>,
    hasher: foldhash::fast::FixedState,
    /// The highest rank that stays, once combinations have been let go.
    ceiling: Option<u64>,
}

#[derive(Debug)]
struct Entry {
    hash: u64,
    rank: u64,
    combination: Combination,
}

/// Values of an alert in the order of [`JOINT_FIELDS`].
type Parts<'a> = [Option<&'a str>; JOINT_FIELDS.len()];

impl Joint {
    /// Counts an alert whose output has a shape.
    pub fn add(&mut self, alert: &Alert<'_>, shape: &str) {
        self.count(&parts(alert), shape, 1);
    }

    /// Adds another's combinations.
    pub fn absorb(&mut self, other: Self) {
        self.ceiling = self.ceiling.into_iter().chain(other.ceiling).min();
        if let Some(ceiling) = self.ceiling {
            self.table.retain(|entry| entry.rank <= ceiling);
        }
        for Entry { combination, .. } in other.table {
            let parts = combination.values.each_ref().map(|value| value.as_deref());
            self.count(&parts, &combination.shape, combination.count);
        }
    }

    /// All of them, most frequent first.
    pub fn finish(self) -> Combinations {
        let mut list: Vec<_> = self.table.into_iter().map(|entry| entry.combination).collect();
        list.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.cmp(b)));
        Combinations { list, exact: self.ceiling.is_none() }
    }

    fn count(&mut self, parts: &Parts<'_>, shape: &str, count: u64) {
        let hash = self.hasher.hash_one((parts, shape));
        let same = |entry: &Entry| {
            entry.hash == hash
                && *entry.combination.shape == *shape
                && entry.combination.values.iter().zip(parts).all(|(a, b)| a.as_deref() == *b)
        };
        if let Some(entry) = self.table.find_mut(hash, same) {
            entry.combination.count += count;
            return;
        }
        let rank = rank_of(parts, shape);
        if self.ceiling.is_some_and(|ceiling| rank > ceiling) {
            return;
        }
        let values = parts.map(|part| part.map(Into::into));
        let combination = Combination { values, shape: shape.into(), count };
        self.table.insert_unique(hash, Entry { hash, rank, combination }, |entry| entry.hash);
        self.shrink();
    }

    /// Lets the combination with the highest rank go where there is one too many.
    fn shrink(&mut self) {
        if self.table.len() <= BOUND {
            return;
        }
        let mut ranks: Vec<_> = self.table.iter().map(|entry| entry.rank).collect();
        let (_, ceiling, _) = ranks.select_nth_unstable(BOUND - 1);
        let ceiling = *ceiling;
        self.table.retain(|entry| entry.rank <= ceiling);
        self.ceiling = Some(ceiling);
    }
}

fn parts<'a>(alert: &'a Alert<'_>) -> Parts<'a> {
    let mut parts = Parts::default();
    for (name, value) in &alert.fields {
        let Some(at) = JOINT_FIELDS.iter().position(|field| field == name) else { continue };
        let shown = value.shown();
        if !is_absent(shown) {
            parts[at] = Some(&shown[..shown.floor_char_boundary(LONGEST)]);
        }
    }
    parts
}

/// The place of a combination in an order that tells nothing of it.
fn rank_of(parts: &Parts<'_>, shape: &str) -> u64 {
    let mut key = String::new();
    for part in parts {
        let part = part.unwrap_or("");
        key.push_str(&format!("{}:{part}", part.len()));
    }
    rank(&(key + shape))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn add(joint: &mut Joint, number: u32) {
        let text = number.to_string();
        let mut parts = Parts::default();
        parts[number as usize % 7] = Some(&text);
        joint.count(&parts, "shape", 1);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn any_order_and_any_split_give_the_same(
            many in 10_u32..2000, cut in 0_usize..2000, turn in 0_usize..2000,
        ) {
            let numbers: Vec<u32> = (0..many).chain(0..many / 3).collect();
            let mut whole = Joint::default();
            for number in &numbers {
                add(&mut whole, *number);
            }
            let mut turned = numbers.clone();
            turned.rotate_left(turn % numbers.len());
            let (a, b) = turned.split_at(cut.min(numbers.len()));
            let (mut left, mut right) = (Joint::default(), Joint::default());
            for number in a {
                add(&mut left, *number);
            }
            for number in b {
                add(&mut right, *number);
            }
            left.absorb(right);
            let (left, whole) = (left.finish(), whole.finish());
            prop_assert_eq!(&left.list, &whole.list);
            prop_assert_eq!(left.exact, whole.exact);
            prop_assert_eq!(whole.exact, many as usize <= BOUND);
            prop_assert!(whole.list.len() <= BOUND);
        }
    }

    #[test]
    fn parts_do_not_run_into_one_another() {
        let mut joint = Joint::default();
        let mut count = |a, b| {
            let mut parts = Parts::default();
            (parts[0], parts[1]) = (a, b);
            joint.count(&parts, "s", 1);
        };
        count(Some("ab"), Some("c"));
        count(Some("a"), Some("bc"));
        count(Some("abc"), None);
        assert_eq!(joint.finish().list.len(), 3);
    }
}
