//! The bursts of an incident, as its page lists them.

use std::cmp::Reverse;

use schemars::JsonSchema;
use serde::Serialize;

use crate::report::{Burst, Incident};

/// Bursts that a page lists.
const LISTED: usize = 20;

/// A burst in a list.
#[derive(Serialize, JsonSchema)]
pub struct BurstLine<'a> {
    /// The burst.
    pub burst: &'a Burst,
    /// Seconds of the buckets in which it was found.
    pub bucket_seconds: u64,
}

/// The bursts with most alerts, in order of time, and how many others there are.
pub fn bursts(incident: &Incident) -> (Vec<BurstLine<'_>>, usize) {
    let each = incident.episodes.iter().flat_map(|episode| {
        let line = |burst| BurstLine { burst, bucket_seconds: episode.bucket_seconds };
        episode.bursts.iter().map(line)
    });
    let mut bursts: Vec<_> = each.collect();
    bursts.sort_by_key(|line| Reverse(line.burst.count));
    let more = bursts.len().saturating_sub(LISTED);
    bursts.truncate(LISTED);
    bursts.sort_by_key(|line| line.burst.from);
    (bursts, more)
}
