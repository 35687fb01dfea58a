//! The names of output fields, looked up once and then known by sight.

use super::{hashes::Hashes, joint::JOINT_FIELDS};

/// Fields whose values differ in nearly every alert and say nothing together.
const UNCOUNTED: &[&str] = &[
    "evt.time",
    "evt.time.s",
    "evt.time.iso8601",
    "evt.datetime",
    "evt.rawtime",
    "evt.num",
    "jevt.time",
    "jevt.time.iso8601",
    "jevt.rawtime",
];

/// The fields that together name a workload, in the order of a place's parts.
pub const PLACE: [&str; 6] = [
    "k8s.ns.name",
    "k8s.pod.name",
    "container.name",
    "container.id",
    "container.image.repository",
    "container.image.tag",
];

/// Names that are known by sight, a power of two: so many more than there are names that two of one
/// alert hardly ever want the same place.
const KNOWN: usize = 1 << 12;

/// The longest name that is.
const LONGEST: usize = 128;

/// What is known of a field's name.
#[derive(Clone, Copy, Debug)]
pub struct Name {
    /// Its hash.
    pub hash: u64,
    /// What becomes of its values.
    pub role: Role,
    /// Its place among [`JOINT_FIELDS`].
    pub joint: Option<u8>,
}

/// What becomes of a field's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// They are counted.
    Counted,
    /// It is only counted how often there is one.
    Uncounted,
    /// They are counted, and are this part of a place.
    Place(u8),
}

/// What is known of names, each where its letters point to.
#[derive(Debug)]
pub struct Names(Vec<(Box<str>, Name)>);

impl Default for Names {
    fn default() -> Self {
        let none = Name { hash: 0, role: Role::Counted, joint: None };
        Self((0..KNOWN).map(|_| (Box::default(), none)).collect())
    }
}

impl Names {
    /// What is known of a name.
    #[inline]
    pub fn get(&mut self, text: &str, hashes: &Hashes) -> Name {
        let slot = &mut self.0[place(text.as_bytes())];
        if is_same(slot.0.as_bytes(), text.as_bytes()) && !text.is_empty() {
            return slot.1;
        }
        let name = Name::of(text, hashes);
        if text.len() <= LONGEST {
            *slot = (text.into(), name);
        }
        name
    }
}

impl Name {
    /// What is to be known of a name.
    pub fn of(text: &str, hashes: &Hashes) -> Self {
        let joint = (0..).zip(JOINT_FIELDS).find(|(_, field)| *field == text);
        Self { hash: hashes.of(text), role: role(text), joint: joint.map(|(at, _)| at) }
    }
}

fn role(name: &str) -> Role {
    if UNCOUNTED.contains(&name) {
        return Role::Uncounted;
    }
    let part = (0..).zip(PLACE).find(|(_, part)| *part == name);
    part.map_or(Role::Counted, |(at, _)| Role::Place(at))
}

/// Whether two short texts are the same: eight bytes at a time, the last eight of them once more
/// where they are not whole eights. To call what compares long texts takes longer than this.
#[inline]
fn is_same(text: &[u8], other: &[u8]) -> bool {
    if text.len() != other.len() {
        return false;
    }
    match (text.last_chunk::<8>(), other.last_chunk::<8>()) {
        (Some(last), Some(others)) => {
            let number = |eight: &[u8; 8]| u64::from_ne_bytes(*eight);
            let mut eights = text.as_chunks().0.iter().zip(other.as_chunks().0);
            number(last) == number(others) && eights.all(|(a, b)| number(a) == number(b))
        }
        _ => text.iter().eq(other),
    }
}

/// A mix of the length and the first and last eight letters, or of all where there are fewer.
#[inline]
fn place(name: &[u8]) -> usize {
    let number = |eight: &[u8; 8]| u64::from_le_bytes(*eight);
    let mixed = match (name.first_chunk(), name.last_chunk()) {
        (Some(first), Some(last)) => number(first) ^ number(last).rotate_left(29),
        _ => name.iter().fold(0, |mixed, letter| mixed << 8 | u64::from(*letter)),
    };
    let spread = (mixed ^ name.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (spread >> 32) as usize % KNOWN
}
