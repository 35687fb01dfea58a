//! The values of an incident as they are told: the most frequent, and how much there is beside them.

use super::{
    Kept,
    columns::Counted,
    names::PLACE,
    strings::{Id, Texts},
};
use crate::time::Timestamp;

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
pub struct FieldValues<'g> {
    /// Name of the field.
    pub name: &'g str,
    /// Alerts in which it has a value.
    pub present: u64,
    /// Alerts in which it is there without a value.
    pub absent: u64,
    /// The values and their alerts.
    pub values: Values<(&'g str, u64)>,
}

/// Namespace, pod, container, container id, image repository and tag, and the alerts.
pub type PlaceValues<'g> = Values<([Option<&'g str>; PLACE.len()], u64)>;

/// A form of the output.
#[derive(Clone, Debug)]
pub struct ShapeValues<'g> {
    /// The form.
    pub text: String,
    /// Alerts.
    pub count: u64,
    /// The first of them.
    pub first: &'g Kept,
    /// Time of the last.
    pub last: Timestamp,
}

impl<'g> FieldValues<'g> {
    /// From what was counted.
    pub(super) fn of(name: &'g str, counted: Counted, texts: &'g Texts) -> Self {
        let present = counted.other + counted.list.iter().map(|(_, count)| count).sum::<u64>();
        let absent = counted.absent;
        Self { name, present, absent, values: Values::of(counted, present, texts) }
    }
}

impl<T> Values<T> {
    /// The same of other values.
    pub fn map<U>(self, tell: impl FnMut(T) -> U) -> Values<U> {
        let Self { list, distinct, exact, more, more_alerts } = self;
        Values { list: list.into_iter().map(tell).collect(), distinct, exact, more, more_alerts }
    }
}

impl<C> Values<(C, u64)> {
    /// The most frequent of those counted, of so many alerts; equals in an order of their own.
    pub(super) fn most(
        mut list: Vec<(C, u64)>,
        ceiling: Option<u64>,
        total: u64,
        order: impl Fn(&C, &C) -> std::cmp::Ordering,
    ) -> Self {
        let order = |a: &(C, u64), b: &(C, u64)| b.1.cmp(&a.1).then_with(|| order(&a.0, &b.0));
        let kept = list.len();
        if kept > LISTED {
            list.select_nth_unstable_by(LISTED - 1, order);
            list.truncate(LISTED);
        }
        list.sort_unstable_by(order);
        let listed: u64 = list.iter().map(|(_, count)| count).sum();
        Self {
            more: (kept - list.len()) as u64,
            list,
            distinct: distinct(kept as u64, ceiling),
            exact: ceiling.is_none(),
            more_alerts: total.saturating_sub(listed),
        }
    }
}

impl<'g> Values<(&'g str, u64)> {
    pub(super) fn of(counted: Counted, total: u64, texts: &'g Texts) -> Self {
        let list = counted.list.into_iter().map(|(id, count)| (texts.text(id), count));
        Self::most(list.collect(), counted.ceiling, total, Ord::cmp)
    }
}

impl<'g> PlaceValues<'g> {
    pub(super) fn of_places(
        counted: impl Iterator<Item = ([Id; PLACE.len()], u64)>,
        ceiling: Option<u64>,
        total: u64,
        texts: &'g Texts,
    ) -> Self {
        let parts = counted.map(|(place, count)| (place.map(|id| texts.told(id)), count));
        Self::most(parts.collect(), ceiling, total, Ord::cmp)
    }
}

/// How many different values there were, of which so many were kept; an estimate where not all were
/// counted.
fn distinct(kept: u64, ceiling: Option<u64>) -> u64 {
    match ceiling {
        // The kept ones fill the share of all ranks below the ceiling.
        Some(ceiling) if ceiling > 0 => {
            let all = (u128::from(kept.saturating_sub(1)) << 64) / u128::from(ceiling);
            u64::try_from(all).unwrap_or(u64::MAX).max(kept + 1)
        }
        _ => kept,
    }
}
