//! Which columns tables of a week have.

use schemars::JsonSchema;
use serde::Serialize;

use crate::report::Week;

/// Columns that the tables of a week have: none of which every cell would be empty.
#[derive(Clone, Copy, Serialize, JsonSchema)]
pub struct Columns {
    /// The week before and the change since: not where nothing is compared.
    pub before: bool,
    /// The median: not where fewer than two weeks before have the same days.
    pub median: bool,
    /// A small bar for each week: not where the data have but one.
    pub weeks: bool,
    /// The share of all alerts: not of fewer than 20.
    pub share: bool,
}

impl Columns {
    /// Those of a week.
    pub fn of(week: &Week) -> Self {
        let rows = || week.rule_rows.iter().chain(&week.host_rows);
        let trends = || {
            let numbers = week.numbers.iter().map(|number| &number.trend);
            numbers.chain(rows().map(|row| &row.trend))
        };
        Self {
            before: trends().any(|trend| trend.last_week.is_some()),
            median: trends().any(|trend| trend.median.is_some()),
            weeks: trends().any(|trend| trend.sparkline.len() > 1),
            share: rows().any(|row| row.share.is_some()),
        }
    }
}
