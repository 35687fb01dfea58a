//! The order of incidents: a list of keys that a reader can check, and no score.

use std::cmp::Reverse;

use crate::{group::Grouped, inventory::Weight};

/// The keys, in words.
pub const KEYS: [&str; 9] = [
    "priority, highest first",
    "new before known",
    "still active at the end before closed",
    "weight of the host, heaviest first",
    "episodes, most first",
    "alerts, most first",
    "first seen, earliest first",
    "rule, by name",
    "host, by name",
];

/// The values of [`KEYS`], least first; equal for no two incidents.
pub fn key<'g>(
    grouped: &'g Grouped,
    is_new: bool,
    state: &str,
    weight: Weight,
) -> impl Ord + use<'g> {
    (
        grouped.priority(),
        !is_new,
        state == CLOSED,
        weight,
        Reverse(grouped.episode_count),
        Reverse(grouped.count),
        grouped.first.time,
        (&grouped.rule, &grouped.host),
    )
}

/// The state of an incident that is over.
pub const CLOSED: &str = "closed";

/// The state, at the end of the period, of an incident whose last episode may touch it.
pub const fn state(touches_end: bool, continuous: bool) -> &'static str {
    match (touches_end, continuous) {
        (true, true) => "continuous",
        (true, false) => "still active",
        (false, _) => CLOSED,
    }
}
