//! What a rule, a host or an incident did in each of the last weeks.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::report::{Week, WeekIncident, WeekRow};

/// Weeks that a page shows.
const WEEKS: usize = 13;

/// What a rule, a host or an incident did in one week.
#[derive(Clone, Serialize, JsonSchema)]
pub struct PastWeek<'a> {
    /// The week, such as `2026-W47`.
    pub label: &'a str,
    /// Its days in words.
    pub dates: &'a str,
    /// Its page.
    pub path: &'a str,
    /// The days that the data cover, where that is not the whole week.
    pub part: Option<&'a str>,
    /// Hosts of the rule or rules of the host with an alert: its incidents. For an incident, 1 or 0.
    pub incidents: u64,
    /// Episodes that began in the week.
    pub episodes: u64,
    /// Alerts.
    pub alerts: u64,
    /// How it changed since the week before, in a word; absent where nothing is compared or it was in
    /// neither.
    pub change: Option<&'a str>,
}

/// The last weeks, the newest first, with their rows by name.
pub struct Past<'a>(Vec<Rows<'a>>);

struct Rows<'a> {
    week: &'a Week,
    rules: BTreeMap<&'a str, &'a WeekRow>,
    hosts: BTreeMap<&'a str, &'a WeekRow>,
    incidents: BTreeMap<&'a str, &'a WeekIncident>,
}

impl<'a> Past<'a> {
    /// The last of a report's weeks.
    pub fn of(weeks: &'a [Week]) -> Self {
        let by_name =
            |rows: &'a [WeekRow]| rows.iter().map(|row| (row.name.as_str(), row)).collect();
        let rows = |week: &'a Week| Rows {
            week,
            rules: by_name(&week.rule_rows),
            hosts: by_name(&week.host_rows),
            incidents: week.incident_rows.iter().map(|row| (&*row.id, row)).collect(),
        };
        Self(weeks.iter().rev().take(WEEKS).map(rows).collect())
    }

    /// The weeks of a rule.
    pub fn rule(&self, name: &str) -> Vec<PastWeek<'a>> {
        self.weeks(|rows| PastWeek::of_row(rows.week, rows.rules.get(name).copied()))
    }

    /// The weeks of a host.
    pub fn host(&self, name: &str) -> Vec<PastWeek<'a>> {
        self.weeks(|rows| PastWeek::of_row(rows.week, rows.hosts.get(name).copied()))
    }

    /// The weeks of an incident, by its id.
    pub fn incident(&self, id: &str) -> Vec<PastWeek<'a>> {
        self.weeks(|rows| PastWeek::of_incident(rows.week, rows.incidents.get(id).copied()))
    }

    /// Up to the first in which it has an alert; none where that is the only one.
    fn weeks(&self, week: impl Fn(&Rows<'a>) -> PastWeek<'a>) -> Vec<PastWeek<'a>> {
        let mut weeks: Vec<_> = self.0.iter().map(week).collect();
        let seen = weeks.iter().rposition(|week| week.alerts > 0);
        weeks.truncate(seen.map_or(0, |first| first + 1));
        if weeks.len() > 1 { weeks } else { Vec::new() }
    }
}

impl<'a> PastWeek<'a> {
    fn blank(week: &'a Week) -> Self {
        Self {
            label: &week.label,
            dates: &week.dates,
            path: &week.path,
            part: week.part.as_deref(),
            incidents: 0,
            episodes: 0,
            alerts: 0,
            change: None,
        }
    }

    fn of_row(week: &'a Week, row: Option<&'a WeekRow>) -> Self {
        let blank = Self::blank(week);
        let Some(row) = row else { return blank };
        let change = row.trend.change.as_str();
        Self {
            incidents: row.others,
            // What stands in the row's own count may be of some days alone.
            episodes: row.trend.sparkline.last().copied().unwrap_or(0),
            alerts: row.alerts,
            change: (!change.is_empty()).then_some(change),
            ..blank
        }
    }

    fn of_incident(week: &'a Week, row: Option<&'a WeekIncident>) -> Self {
        let blank = Self::blank(week);
        let Some(row) = row else { return blank };
        Self {
            incidents: 1,
            episodes: row.episodes,
            alerts: row.alerts,
            change: row.change,
            ..blank
        }
    }
}
