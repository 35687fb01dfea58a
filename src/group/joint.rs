//! Which values stood together in one alert: what an exception for a rule has to be tried on.

use std::sync::Arc;

use hashbrown::HashMap;

use super::strings::{Id, Texts};

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
pub(super) const BOUND: usize = 1024;

/// Bytes of a value that are kept; Falco compares with a quarter of it at most.
const LONGEST: usize = 1024;

/// Values of [`JOINT_FIELDS`] and a shape that stood together, and how often.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Combination<'t> {
    /// The values in the order of [`JOINT_FIELDS`].
    pub values: [Option<&'t str>; JOINT_FIELDS.len()],
    /// Shape of the output.
    pub shape: Arc<str>,
    /// Alerts.
    pub count: u64,
}

impl Combination<'_> {
    /// Whether only the beginning of a value was kept.
    pub fn is_cut(value: &str) -> bool {
        value.len() > LONGEST - 4
    }
}

/// The combinations of an incident.
#[derive(Clone, Debug, Default)]
pub struct Combinations<'t> {
    /// Those that were counted, most frequent first.
    pub list: Vec<Combination<'t>>,
    /// Whether all were counted. If not, the list is an even choice among them.
    pub exact: bool,
}

impl<'t> Combinations<'t> {
    /// From what was counted.
    pub(super) fn of(
        counted: impl Iterator<Item = ([Id; JOINT_FIELDS.len() + 1], u64)>,
        exact: bool,
        texts: &'t Texts,
    ) -> Self {
        let mut shapes: HashMap<Id, Arc<str>> = HashMap::new();
        let mut list: Vec<_> = counted
            .map(|(ids, count)| {
                let values =
                    std::array::from_fn(|at| ids[at].is_text().then(|| texts.text(ids[at])));
                let [.., shape] = ids;
                let shape = shapes.entry(shape).or_insert_with(|| texts.shape(shape).into());
                Combination { values, shape: Arc::clone(shape), count }
            })
            .collect();
        list.sort_unstable_by(|a, b| b.count.cmp(&a.count).then_with(|| a.cmp(b)));
        Self { list, exact }
    }
}

/// The part of a value that is compared.
pub(super) fn cut(value: &str) -> &str {
    &value[..value.floor_char_boundary(LONGEST)]
}
