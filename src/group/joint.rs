//! Which values stood together in one alert: what an exception for a rule has to be tried on.

use std::sync::Arc;

use super::{
    interner::{Id, Interner, Shared},
    pairs::Pairs,
    rank::rank,
    row::Row,
};
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
    pub values: [Option<Arc<str>>; JOINT_FIELDS.len()],
    /// Shape of the output.
    pub shape: Arc<str>,
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
/// with its exact count, as in a column.
#[derive(Debug, Default)]
pub(super) struct Joint {
    /// Counts, by a hash of the values and the shape.
    pairs: Pairs,
    list: Vec<Joined>,
    /// The highest rank that stays, once combinations have been let go.
    ceiling: Option<u64>,
}

/// The values and the shape of a combination.
#[derive(Clone, Copy, Debug)]
struct Joined {
    values: [Option<Id>; JOINT_FIELDS.len()],
    shape: Id,
}

/// Values of an alert in the order of [`JOINT_FIELDS`].
type Parts<'a> = [Option<&'a str>; JOINT_FIELDS.len()];

impl Joint {
    /// Counts an alert.
    pub fn add(&mut self, alert: &Alert<'_>, row: &Row<'_>, strings: &mut Interner) {
        if self.pairs.bump(row.joint).is_none() {
            self.let_in(&parts(alert), row, strings);
        }
    }

    fn let_in(&mut self, parts: &Parts<'_>, row: &Row<'_>, strings: &mut Interner) {
        if self.ceiling.is_some_and(|ceiling| rank_of(parts, row.shape_text) > ceiling) {
            return;
        }
        let values = parts.map(|part| {
            let text = row.text(part?);
            Some(strings.intern(text.text, text.hash))
        });
        let shape = strings.intern(row.shape_text, row.shape);
        self.pairs.insert(row.joint, 1, u32::try_from(self.list.len()).unwrap_or(u32::MAX));
        self.list.push(Joined { values, shape });
        if self.list.len() > BOUND + BOUND / 2 {
            self.shrink(strings);
        }
    }

    /// Lets the combinations with the highest ranks go until the bound holds.
    fn shrink(&mut self, strings: &Interner) {
        let ranks: Vec<u64> = self.list.iter().map(|joined| joined.rank(strings)).collect();
        let mut order = ranks.clone();
        let (_, ceiling, _) = order.select_nth_unstable(BOUND - 1);
        let ceiling = *ceiling;
        let list = std::mem::take(&mut self.list);
        let kept = &mut self.list;
        self.pairs.retain(|_, _, at| {
            let stays = ranks[*at as usize] <= ceiling;
            if stays {
                kept.push(list[*at as usize]);
                *at = u32::try_from(kept.len() - 1).unwrap_or(u32::MAX);
            }
            stays
        });
        self.ceiling = Some(ceiling);
    }

    /// All of them, most frequent first.
    pub fn finish(mut self, strings: &Interner, shared: &mut Shared) -> Combinations {
        if self.list.len() > BOUND {
            self.shrink(strings);
        }
        let mut list: Vec<_> = self
            .pairs
            .iter()
            .map(|(_, count, at)| {
                let joined = self.list[at as usize];
                let values = joined.values.map(|value| Some(shared.text(value?, strings)));
                Combination { values, shape: shared.text(joined.shape, strings), count }
            })
            .collect();
        list.sort_unstable_by(|a, b| b.count.cmp(&a.count).then_with(|| a.cmp(b)));
        Combinations { list, exact: self.ceiling.is_none() }
    }
}

impl Joined {
    fn rank(&self, strings: &Interner) -> u64 {
        rank_of(&self.values.map(|value| Some(strings.text(value?))), strings.text(self.shape))
    }
}

fn parts<'a>(alert: &'a Alert<'_>) -> Parts<'a> {
    let mut parts = Parts::default();
    for (name, value) in &alert.fields {
        let Some(at) = JOINT_FIELDS.iter().position(|field| field == name) else { continue };
        let shown = value.shown();
        if !is_absent(shown) {
            parts[at] = Some(cut(shown));
        }
    }
    parts
}

/// The part of a value that is compared.
pub(super) fn cut(value: &str) -> &str {
    &value[..value.floor_char_boundary(LONGEST)]
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
