//! What verdicts decide in a week.

use schemars::JsonSchema;
use serde::Serialize;

use crate::report::{Verdict, Week, WeekIncident, WeekVerdict};

/// Incidents of a week to look at first.
const ATTENTION: usize = 10;
/// Verdicts that a page of a week can hold.
const VERDICTS: usize = 500;

/// Verdicts on the incidents of a week.
#[derive(Serialize, JsonSchema)]
pub struct WeekVerdicts<'a> {
    /// The first 500: expired ones, then those that suppress, then the others.
    pub entries: &'a [WeekVerdict],
    /// Entries beyond those.
    pub more: usize,
    /// Incidents that are suppressed.
    pub suppressed_incidents: u64,
    /// Their alerts in the week.
    pub suppressed_alerts: u64,
    /// Their episodes that began in the week.
    pub suppressed_episodes: u64,
    /// Incidents whose verdict has expired.
    pub expired_incidents: u64,
}

impl<'a> WeekVerdicts<'a> {
    /// Those of a week.
    pub fn of(week: &'a Week) -> Self {
        let shown = week.verdicts.len().min(VERDICTS);
        let suppressed = || week.verdicts.iter().filter(|one| one.entry.verdict.suppressed);
        let expired = week.verdicts.iter().filter(|one| one.entry.verdict.expired);
        Self {
            entries: &week.verdicts[..shown],
            more: week.verdicts.len() - shown,
            suppressed_incidents: suppressed().map(|one| one.entry.incidents).sum(),
            suppressed_alerts: suppressed().map(|one| one.entry.alerts).sum(),
            suppressed_episodes: suppressed().map(|one| one.episodes).sum(),
            expired_incidents: expired.map(|one| one.entry.incidents).sum(),
        }
    }
}

/// What to look at first in a week: incidents whose verdict has expired, then those that no verdict
/// suppresses.
pub fn attention(week: &Week) -> Vec<&WeekIncident> {
    let of = |wanted: fn(Option<&Verdict>) -> bool| {
        week.incident_rows.iter().filter(move |row| wanted(row.verdict.as_deref()))
    };
    let expired = of(|verdict| verdict.is_some_and(|verdict| verdict.expired));
    let open = of(|verdict| verdict.is_none_or(|verdict| !verdict.expired && !verdict.suppressed));
    expired.chain(open).take(ATTENTION).collect()
}
