//! What every page has at its head, and incidents, rules and hosts as they stand in lists.

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    inventory::Weight,
    priority::Priority,
    report::{Generator, Period, Verdict},
    time::Timestamp,
};

/// What stands at the head and foot of every page.
#[derive(Serialize, JsonSchema)]
pub struct SiteHead<'a> {
    /// Heading of the report.
    pub title: &'a str,
    /// Traffic Light Protocol mark, such as `TLP:AMBER`, if the user set one.
    pub tlp: Option<&'a str>,
    /// The stretch of time covered.
    pub period: &'a Period,
    /// When the report was made, if `SOURCE_DATE_EPOCH` said so.
    pub generated: Option<Timestamp>,
    /// The program that made the report.
    pub generator: &'a Generator,
    /// Version of the report's model.
    pub schema_version: u32,
    /// Whether the files for machines are made: `report.json`, `incidents.csv`, layers of ATT&CK.
    pub exports: bool,
    /// Totals of the report.
    pub totals: Totals,
    /// From this page to the site's root: empty, `../` or `../../`; in a brief and a mail the address of
    /// the site, if it is known.
    pub root: &'a str,
    /// This page, relative to the site's root and without an extension.
    pub path: &'a str,
}

/// Totals of a report.
#[derive(Clone, Copy, Serialize, JsonSchema)]
pub struct Totals {
    /// Alerts reported.
    pub alerts: u64,
    /// Incidents.
    pub incidents: usize,
    /// Hosts with an alert.
    pub hosts: usize,
    /// Rules with an alert.
    pub rules: usize,
    /// Records that could not be read.
    pub rejected: u64,
    /// Files found.
    pub files: u64,
    /// Records read.
    pub records: u64,
    /// Weeks with a page.
    pub weeks: usize,
}

/// An incident in a list.
#[derive(Serialize, JsonSchema)]
pub struct IncidentLine<'a> {
    /// Readable slug and a digest of rule and host; never changes.
    pub id: &'a str,
    /// Its page.
    pub path: &'a str,
    /// Name of the rule.
    pub rule: &'a str,
    /// The rule's page.
    pub rule_path: &'a str,
    /// Name of the host.
    pub host: &'a str,
    /// The host's page.
    pub host_path: &'a str,
    /// The highest priority seen.
    pub priority: Priority,
    /// Alerts.
    pub count: u64,
    /// Episodes.
    pub episodes: usize,
    /// Time of the first alert.
    pub first_seen: Timestamp,
    /// Time of the last alert.
    pub last_seen: Timestamp,
    /// The incident in one sentence.
    pub headline: &'a str,
    /// `closed`, `still active` or `continuous`.
    pub state: &'a str,
    /// Whether the rule fired on many hosts at once, this one among them.
    pub fleet_wide: bool,
    /// What it says at the edges of the period, such as `continued from last week`.
    pub edge: Option<&'a str>,
    /// `new`, `returned`, `louder`, `quieter` or `about the same`, in the week that the report is about.
    pub change: Option<&'a str>,
    /// Title of the advice that fits.
    pub mitigation_title: &'a str,
    /// Alerts of each of the last days of the data, at most 31.
    pub sparkline: &'a [u64],
    /// Who answers for the host, if the user said so.
    pub owner: Option<&'a str>,
    /// How much the host weighs: `critical`, `high`, `normal` or `low`.
    pub host_weight: Weight,
    /// What a person decided about it.
    pub verdict: Option<&'a Verdict>,
}

/// A rule in a list.
#[derive(Serialize, JsonSchema)]
pub struct RuleLine<'a> {
    /// Name of the rule.
    pub rule: &'a str,
    /// Its page.
    pub path: &'a str,
    /// The highest priority seen.
    pub priority: Priority,
    /// Alerts.
    pub count: u64,
    /// Episodes.
    pub episodes: u64,
    /// Hosts with an alert of the rule.
    pub hosts: usize,
    /// Incidents of the rule.
    pub incidents: usize,
    /// Time of its first alert.
    pub first_seen: Timestamp,
    /// Time of its last alert.
    pub last_seen: Timestamp,
    /// Tags seen with the rule.
    pub tags: &'a [String],
    /// Whether not all records name the rule.
    pub unnamed: bool,
    /// Title of the advice that fits.
    pub mitigation_title: &'a str,
    /// Whether it fired on many hosts at once.
    pub fleet_wide: bool,
    /// Its alerts in percent of all, to a tenth; absent below 20 alerts in all.
    pub share: Option<f64>,
    /// Alerts of each of the last days of the data, at most 31.
    pub sparkline: &'a [u64],
}

/// A host in a list.
#[derive(Serialize, JsonSchema)]
pub struct HostLine<'a> {
    /// Name of the host.
    pub host: &'a str,
    /// Its page.
    pub path: &'a str,
    /// The highest priority seen.
    pub priority: Priority,
    /// Alerts.
    pub count: u64,
    /// Episodes.
    pub episodes: u64,
    /// Rules with an alert on the host.
    pub rules: usize,
    /// Incidents on the host.
    pub incidents: usize,
    /// Time of its first alert.
    pub first_seen: Timestamp,
    /// Time of its last alert.
    pub last_seen: Timestamp,
    /// What the name looks like, where that makes the grouping doubtful.
    pub suspect: Option<&'a str>,
    /// Alerts of each of the last days of the data, at most 31.
    pub sparkline: &'a [u64],
    /// Who answers for it, if the user said so.
    pub owner: Option<&'a str>,
    /// How much it weighs: `critical`, `high`, `normal` or `low`.
    pub weight: Weight,
}
