//! The order of incidents: a list of keys that a reader can check, and no score.

use std::cmp::Reverse;

use super::Incident;

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

/// The values of [`KEYS`].
pub fn key(incident: &Incident) -> impl Ord + '_ {
    (
        incident.priority,
        incident.change.as_deref() != Some("new"),
        incident.state == CLOSED,
        incident.host_weight,
        Reverse(incident.episode_count),
        Reverse(incident.count),
        incident.first_seen,
        incident.rule.as_str(),
        incident.host.as_str(),
    )
}

/// The state of an incident that is over.
const CLOSED: &str = "closed";

/// The state, at the end of the period, of an incident whose last episode may touch it.
pub const fn state(touches_end: bool, continuous: bool) -> &'static str {
    match (touches_end, continuous) {
        (true, true) => "continuous",
        (true, false) => "still active",
        (false, _) => CLOSED,
    }
}
