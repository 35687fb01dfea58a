//! The weeks that a report can tell of: counted from its logs, joined with what was recorded.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{Joined, Kept, Ledger, joined};
use crate::{group::Grouped, intake::Taken, time::Zone};

/// All that is known of weeks.
#[derive(Debug)]
pub struct History<'g> {
    /// The pairs of rule and host in all of the logs.
    pub joined: Vec<Joined<'g>>,
    /// The weeks.
    pub ledger: Ledger,
    /// Those that the logs now hold, if only in part.
    pub counted: BTreeSet<NaiveDate>,
    /// What each recorded week has that the logs no longer hold.
    pub kept: BTreeMap<NaiveDate, Kept>,
}

impl<'g> History<'g> {
    /// Counts the weeks of the logs and joins those that were recorded. `gap` is the silence, in
    /// seconds, that ends an episode.
    pub fn of(
        taken: &'g Taken,
        incidents: &'g [Grouped],
        zone: Zone,
        gap: u64,
        recorded: &Ledger,
    ) -> Self {
        let joined = joined(taken, incidents, gap);
        let mut ledger = Ledger::of(&joined, taken, zone);
        let counted = ledger.weeks.keys().copied().collect();
        let kept = ledger.keep(recorded);
        Self { joined, ledger, counted, kept }
    }
}
