//! An incident with all its alerts in.

use super::{
    Kept, Span,
    columns::{Counted, ShapeSeen},
    interner::Interner,
    joint::Combinations,
    row::PART,
};
use crate::{host::NamedBy, time::Timestamp};

/// Values of a field that are carried into the report.
const LISTED: usize = 10;

/// Values with their counts, most frequent first, and what is not among them.
#[derive(Clone, Debug)]
pub struct Values<T> {
    /// At most ten.
    pub list: Vec<T>,
    /// Different ones, or an estimate.
    pub distinct: u64,
    /// Whether all different ones were counted.
    pub exact: bool,
    /// Counted and not in the list.
    pub more: u64,
    /// Alerts that have none of the list.
    pub more_alerts: u64,
}

/// A field over all alerts of an incident.
#[derive(Clone, Debug)]
pub struct FieldValues {
    /// Name of the field.
    pub name: String,
    /// Alerts in which it has a value.
    pub present: u64,
    /// Alerts in which it is there without a value.
    pub absent: u64,
    /// The values and their alerts.
    pub values: Values<(String, u64)>,
}

/// Namespace, pod, container, container id, image repository and tag, and the alerts.
pub type PlaceValues = Values<(String, u64)>;

/// A form of the output.
#[derive(Clone, Debug)]
pub struct ShapeValues {
    /// The form.
    pub text: String,
    /// Alerts.
    pub count: u64,
    /// The first of them.
    pub first: Option<Kept>,
    /// Time of the last.
    pub last: Option<Timestamp>,
}

/// An incident with all its alerts in.
#[derive(Clone, Debug)]
pub struct Grouped {
    /// Name of the rule.
    pub rule: String,
    /// Name of the host.
    pub host: String,
    /// Alerts.
    pub count: u64,
    /// Where the host's name was taken from.
    pub named_by: Vec<NamedBy>,
    /// Alerts by priority, in the order of `Priority::ALL`.
    pub priorities: [u64; 8],
    /// Sources and their alerts.
    pub sources: Values<(String, u64)>,
    /// Tags, sorted.
    pub tags: Vec<String>,
    /// Alerts by quarter of an hour since the epoch, in order.
    pub quarters: Vec<(i64, u64)>,
    /// Runs of alerts, in order.
    pub episodes: Vec<Span>,
    /// Every output field met, by name.
    pub fields: Vec<FieldValues>,
    /// Workloads; see [`Grouped::place_parts`].
    pub places: PlaceValues,
    /// Forms of the output.
    pub shapes: Values<ShapeValues>,
    /// Which values stood together.
    pub joint: Combinations,
    /// Seconds of the earliest alerts, at most [`MOMENTS`](super::MOMENTS), in order.
    pub moments: Vec<i64>,
    /// The first alert.
    pub first: Kept,
    /// The last alert.
    pub last: Kept,
}

impl Grouped {
    /// Namespace, pod, container, container id, image repository and tag of a place.
    pub fn place_parts(place: &str) -> [Option<&str>; 6] {
        let mut parts = place.split(PART);
        std::array::from_fn(|_| parts.next().filter(|part| !part.is_empty()))
    }
}

impl FieldValues {
    /// From what was counted.
    pub(super) fn of(name: String, counted: &Counted, strings: &Interner) -> Self {
        let present = counted.other + counted.list.iter().map(|(_, count)| count).sum::<u64>();
        let values = Values::of(counted, present, strings);
        Self { name, present, absent: counted.absent, values }
    }
}

impl Values<(String, u64)> {
    /// The most frequent values of those counted, of so many alerts.
    pub(super) fn of(counted: &Counted, total: u64, strings: &Interner) -> Self {
        let mut list: Vec<_> =
            counted.list.iter().map(|(id, count)| (strings.text(*id), *count)).collect();
        let order = |a: &(&str, u64), b: &(&str, u64)| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0));
        let kept = list.len();
        if kept > LISTED {
            list.select_nth_unstable_by(LISTED - 1, order);
            list.truncate(LISTED);
        }
        list.sort_unstable_by(order);
        let listed: u64 = list.iter().map(|(_, count)| count).sum();
        Self {
            more: (kept - list.len()) as u64,
            list: list.into_iter().map(|(text, count)| (text.to_owned(), count)).collect(),
            distinct: counted.distinct(),
            exact: counted.ceiling.is_none(),
            more_alerts: total.saturating_sub(listed),
        }
    }
}

impl Values<ShapeValues> {
    pub(super) fn of_shapes(
        counted: &Counted,
        shapes: Vec<(ShapeSeen, u64)>,
        total: u64,
        strings: &Interner,
    ) -> Self {
        let Values { list, distinct, exact, more, more_alerts } =
            Values::of(counted, total, strings);
        let mut listed = Vec::with_capacity(list.len());
        for (text, count) in list {
            let seen = shapes.iter().find(|(seen, _)| strings.text(seen.text) == text);
            listed.extend(seen.map(|(seen, _)| ShapeValues {
                text,
                count,
                first: Some(seen.first.clone()),
                last: Some(seen.last),
            }));
        }
        Self { list: listed, distinct, exact, more, more_alerts }
    }
}

impl Counted {
    /// How many different values there were; an estimate where not all were counted.
    fn distinct(&self) -> u64 {
        let kept = self.list.len() as u64;
        match self.ceiling {
            // The kept ones fill the share of all ranks below the ceiling.
            Some(ceiling) if ceiling > 0 => {
                let all = (u128::from(kept.saturating_sub(1)) << 64) / u128::from(ceiling);
                u64::try_from(all).unwrap_or(u64::MAX).max(kept + 1)
            }
            _ => kept,
        }
    }
}
