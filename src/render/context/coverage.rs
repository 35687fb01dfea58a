//! When hosts sent data, as pages show it.

use schemars::JsonSchema;
use serde::Serialize;

use super::LINES;
use crate::{
    report::{HostCoverage, Week},
    time::Timestamp,
};

/// When each host sent data in one week.
#[derive(Serialize, JsonSchema)]
pub struct WeekCoverage<'a> {
    /// The week, such as `2026-W47`.
    pub label: &'a str,
    /// Its days in words.
    pub dates: &'a str,
    /// Its page.
    pub path: &'a str,
    /// Hours in it.
    pub total: u64,
    /// The hours between the first and the last of all data: `0-23,30`.
    pub within: &'a str,
    /// What can be said of silence, in one sentence.
    pub note: &'a str,
    /// Whether every host that sent data sends Falco's metrics.
    pub heartbeat: bool,
    /// The first 500 hosts of the week and the four before it, by name.
    pub hosts: &'a [HostCoverage],
    /// Hosts beyond those.
    pub more_hosts: usize,
    /// Those of them that are silent at the end.
    pub silent: Vec<&'a HostCoverage>,
}

/// When one host sent data in one week.
#[derive(Clone, Serialize, JsonSchema)]
pub struct HostWeek<'a> {
    /// The week, such as `2026-W47`.
    pub label: &'a str,
    /// Its days in words.
    pub dates: &'a str,
    /// Its page.
    pub path: &'a str,
    /// Hours in it.
    pub total: u64,
    /// The hours between the first and the last of all data: `0-23,30`.
    pub within: &'a str,
    /// The hours in which it sent anything, written likewise.
    pub hours: &'a str,
    /// How many they are.
    pub hours_with_data: u64,
    /// Whether it sends Falco's metrics.
    pub heartbeat: bool,
    /// End of the last hour with data, where it fell silent.
    pub silent_since: Option<Timestamp>,
}

/// The coverage of a week.
pub fn coverage(week: &Week) -> WeekCoverage<'_> {
    let coverage = &week.coverage;
    let shown = coverage.hosts.len().min(LINES);
    WeekCoverage {
        label: &week.label,
        dates: &week.dates,
        path: &week.path,
        total: week.hours,
        within: &coverage.hours,
        note: &coverage.note,
        heartbeat: coverage.heartbeat,
        hosts: &coverage.hosts[..shown],
        more_hosts: coverage.hosts.len() - shown,
        silent: coverage.hosts.iter().filter(|host| host.silent_since.is_some()).collect(),
    }
}

impl<'a> HostWeek<'a> {
    /// A host in a week.
    pub fn of(week: &'a Week, host: &'a HostCoverage) -> Self {
        Self {
            label: &week.label,
            dates: &week.dates,
            path: &week.path,
            total: week.hours,
            within: &week.coverage.hours,
            hours: &host.hours,
            hours_with_data: host.hours_with_data,
            heartbeat: host.heartbeat,
            silent_since: host.silent_since,
        }
    }
}
