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

/// Sorts incidents by [`KEYS`].
pub fn sort(incidents: &mut [Incident]) {
    incidents.sort_by(|a, b| key(a).cmp(&key(b)));
}

fn key(incident: &Incident) -> impl Ord + '_ {
    (
        incident.priority,
        incident.change.as_deref() != Some("new"),
        !still_active(incident),
        incident.host_weight,
        Reverse(incident.episodes.len()),
        Reverse(incident.count),
        incident.first_seen,
        incident.rule.as_str(),
        incident.host.as_str(),
    )
}

fn still_active(incident: &Incident) -> bool {
    incident.episodes.last().is_some_and(|episode| episode.touches_end)
}

/// The state of an incident at the end of the period: `continuous`, `still active` or `closed`.
pub fn state(incident: &Incident) -> &'static str {
    match incident.episodes.last() {
        Some(episode) if episode.touches_end && episode.continuous => "continuous",
        Some(episode) if episode.touches_end => "still active",
        _ => "closed",
    }
}
