//! The part of the model that is about weeks: what each held, and what changed from one to the
//! next.

use std::{borrow::Cow, sync::Arc};

use schemars::JsonSchema;
use serde::Serialize;

use super::{Action, FleetWide, Verdict, WeekVerdict};
use crate::{inventory::Weight, priority::Priority, time::Timestamp};

/// One ISO week of the report's zone.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Week {
    /// The week, such as `2026-W47`.
    pub label: String,
    /// Its first instant.
    pub from: Timestamp,
    /// The first instant after it.
    pub to: Timestamp,
    /// Its days in words, such as `16–22 Nov 2026`.
    pub dates: String,
    /// Hours in it: 168, or 167 or 169 where summer time begins or ends.
    pub hours: u64,
    /// For a week that the data cover only in part: the days that they cover, such as `Mon–Wed`.
    pub part: Option<String>,
    /// Where its numbers come from: `logs`, `history`, or `logs and history`.
    pub source: String,
    /// One sentence where the history has more of the week than the logs now hold.
    pub kept: Option<String>,
    /// Alerts.
    pub alerts: u64,
    /// Incidents with an alert in the week.
    pub incidents: u64,
    /// Episodes that began in the week.
    pub episodes: u64,
    /// Rules with an alert.
    pub rules: u64,
    /// Hosts with an alert.
    pub hosts: u64,
    /// Its page, relative to the site's root and without an extension; never changes.
    pub path: String,
    /// The week in a paragraph: one sentence each.
    pub summary: Vec<String>,
    /// What changed since the week before.
    pub changes: Option<Changes>,
    /// Why nothing is compared, where nothing is: one sentence.
    pub no_changes: Option<String>,
    /// The week's totals beside those of the weeks before.
    pub numbers: Vec<Number>,
    /// All incidents with an alert in the week, ordered like the report's.
    pub incident_rows: Vec<WeekIncident>,
    /// Verdicts on its incidents: expired ones first, then those that suppress, then the others.
    pub verdicts: Vec<WeekVerdict>,
    /// What could be done once for many of its incidents, at most ten, like those of the report.
    pub actions: Vec<Action>,
    /// Actions beyond those.
    pub more_actions: u64,
    /// Rules with an alert in the week or the one before, most episodes first.
    pub rule_rows: Vec<WeekRow>,
    /// Hosts with an alert in the week or the one before, most episodes first.
    pub host_rows: Vec<WeekRow>,
    /// Episodes by rule and host.
    pub grid: Grid,
    /// Its seven days, by priority.
    pub days: Vec<WeekDay>,
    /// When its episodes began; absent where the history alone knows of some of them.
    pub when: Option<When>,
    /// Rules that fired on many hosts at once, in order of time.
    pub fleet_wide: Vec<WeekFleet>,
    /// One sentence where that is not known, or not of all of the week.
    pub fleet_wide_unknown: Option<String>,
    /// Which hosts sent data, and when.
    pub coverage: Coverage,
}

/// A rule that fired on many hosts at once in a week.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct WeekFleet {
    /// Name of the rule.
    pub rule: String,
    /// Its page.
    pub path: String,
    /// When, and on how many hosts.
    #[serde(flatten)]
    pub fleet_wide: FleetWide,
}

/// An incident as far as one week goes.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct WeekIncident {
    /// Id of the incident.
    pub id: Arc<str>,
    /// Name of the rule.
    pub rule: Arc<str>,
    /// Name of the host.
    pub host: Arc<str>,
    /// Its page, where this report has one: the logs may no longer hold the incident.
    pub path: Option<Arc<str>>,
    /// The highest priority seen.
    pub priority: Priority,
    /// Alerts in the week.
    pub alerts: u64,
    /// Episodes that began in the week.
    pub episodes: u64,
    /// Time of its first alert of the week; to a quarter of an hour where it is continued.
    pub first_seen: Timestamp,
    /// Time of its last alert of the week; to a quarter of an hour where it goes on.
    pub last_seen: Timestamp,
    /// Its state at the end of the week: `closed`, `still active` or `continuous`.
    pub state: &'static str,
    /// Whether an episode came over from the week before.
    pub continued: bool,
    /// What its episodes say at the edges of the week, such as `continued from last week`.
    pub edge: Option<String>,
    /// `new`, `returned`, `louder`, `quieter` or `about the same`; absent where nothing is compared.
    pub change: Option<&'static str>,
    /// Who answers for the host, if the user said so.
    pub owner: Option<String>,
    /// How much the host weighs in the order.
    pub host_weight: Weight,
    /// Whether the rule fired on many hosts at once in the week, this one among them.
    pub fleet_wide: bool,
    /// What a person decided about it.
    pub verdict: Option<Arc<Verdict>>,
}

/// A rule or a host as far as one week goes.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct WeekRow {
    /// Name of the rule or host.
    pub name: String,
    /// Its page, where this report has one.
    pub path: Option<Arc<str>>,
    /// The highest priority seen in this week and the one before.
    pub priority: Priority,
    /// Hosts of the rule, or rules of the host, in the week.
    pub others: u64,
    /// Incidents with an alert on the days that are compared; of the whole week where nothing is.
    pub incidents: u64,
    /// The same of the week before; absent where nothing is compared.
    pub incidents_last_week: Option<u64>,
    /// Ids of the techniques of ATT&CK that the rule's tags name; absent for a host, and where its tags
    /// are not known: the history has them of weeks that were once in the period.
    pub techniques: Option<Vec<String>>,
    /// Alerts in the week.
    pub alerts: u64,
    /// Its incidents with an episode that came over from the week before, and is not counted as begun.
    pub continued: u64,
    /// Its share of the week's alerts in percent, to a tenth; absent below 20 alerts in all.
    pub share: Option<f64>,
    /// Whether the rule fired on many hosts at once in the week.
    pub fleet_wide: bool,
    /// Episodes that began in the week, beside those of the weeks before.
    #[serde(flatten)]
    pub trend: Trend,
}

/// One total of a week beside those of the weeks before.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Number {
    /// What is counted.
    pub name: String,
    /// The total.
    #[serde(flatten)]
    pub trend: Trend,
}

/// A count of a week beside those of the weeks before. Where one of two weeks is covered in part,
/// the same days of both are compared.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Trend {
    /// The count of the week.
    pub this_week: u64,
    /// The count of the week before; absent where the data do not cover it.
    pub last_week: Option<u64>,
    /// The first less the second.
    pub difference: Option<i64>,
    /// The difference in percent of the second, rounded; only where the second is at least 20.
    pub percent: Option<i64>,
    /// The change in a word: `more`, `fewer`, `about the same`, `the same`; for rules and hosts also
    /// `new`, `returned`, `louder`, `quieter`, `gone quiet`. Empty for what is shown and not judged.
    pub change: String,
    /// Whether the change is more than chance would make of two counts: |a−b| > 3·√(a+b), and the
    /// larger is at least 10.
    pub notable: bool,
    /// The median of the same days of up to four weeks before; absent where there are fewer than two.
    pub median: Option<f64>,
    /// The count of each of up to thirteen weeks, this one last; weeks that the data do not cover are
    /// zero.
    pub sparkline: Vec<u64>,
}

/// What changed from one week to the next.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Changes {
    /// The week, such as `2026-W47`.
    pub week: String,
    /// The week before it.
    pub last_week: String,
    /// The days compared, such as `Mon–Wed`, where that is not the whole of both weeks.
    pub same_days: Option<String>,
    /// One sentence on what was compared.
    pub compared: String,
    /// Weeks of data before this one, at most eight are looked at for what is usual.
    pub weeks_before: u64,
    /// `new`, or `first in this data (since 2 Nov 2026)` where there are fewer than four weeks before.
    pub new_means: String,
    /// What makes the comparison doubtful: more or fewer hosts or hours covered than in the week
    /// before.
    pub coverage_warning: Option<String>,
    /// Never seen before.
    pub new: ChangeLists,
    /// Seen before, and not in the last four weeks; only with more than four weeks before.
    pub returned: ChangeLists,
    /// Notably more episodes; of a continuous incident, alerts.
    pub louder: ChangeLists,
    /// Notably fewer episodes; of a continuous incident, alerts.
    pub quieter: ChangeLists,
    /// Seen in each of the last four weeks (or of all there are), and not in this.
    pub gone_quiet: ChangeLists,
}

/// Rules, hosts and incidents that changed in one way.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct ChangeLists {
    /// Rules.
    pub rules: Vec<Changed>,
    /// Hosts.
    pub hosts: Vec<Changed>,
    /// Pairs of a rule and a host: incidents.
    pub pairs: Vec<Changed>,
}

/// A rule, a host or an incident that changed.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Changed {
    /// The rule; absent for a host.
    pub rule: Option<Arc<str>>,
    /// The host; absent for a rule.
    pub host: Option<Arc<str>>,
    /// Its page, where this report has one.
    pub path: Option<Arc<str>>,
    /// The highest priority seen.
    pub priority: Priority,
    /// What the two counts are of: `episodes`, or `alerts` for a continuous incident.
    pub counted: &'static str,
    /// The count of this week.
    pub this_week: u64,
    /// The count of the week before.
    pub last_week: u64,
    /// The difference in percent, where the earlier count is at least 20.
    pub percent: Option<i64>,
    /// Alerts of this week.
    pub alerts: u64,
    /// Alerts of the week before.
    pub alerts_last_week: u64,
    /// For a rule its hosts, for a host its rules, at most three.
    pub on: Vec<String>,
    /// Such names beyond those.
    pub on_more: u64,
    /// For an incident whose rule or host stands in the same list: `rule` or `host`.
    pub within: Option<&'static str>,
    /// What else is known, such as whether the host still sends.
    pub note: Option<Cow<'static, str>>,
}

/// Episodes by rule and host: the twelve of each with most, and all others together.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Grid {
    /// Hosts, one for each column.
    pub hosts: Vec<String>,
    /// Hosts in the last column, `other`; 0 where there is none.
    pub other_hosts: u64,
    /// Rules in the last row, `other`; 0 where there is none.
    pub other_rules: u64,
    /// A row for each rule, then one for the others if there are any.
    pub rows: Vec<GridRow>,
}

/// A row of the grid.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct GridRow {
    /// The rule; absent for the others.
    pub rule: Option<String>,
    /// A cell for each host, then one for the others if there are any.
    pub cells: Vec<GridCell>,
}

/// A cell of the grid.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct GridCell {
    /// Incidents in it.
    pub incidents: u64,
    /// Incidents in it that are new.
    pub new: u64,
    /// Episodes that began.
    pub episodes: u64,
    /// Alerts.
    pub alerts: u64,
    /// How dark the cell is: 0 for none, then 1 to 5 by its share of the largest count of episodes.
    pub shade: u8,
}

/// One day of a week. An episode counts on the day on which it began, under the highest priority of its
/// incident.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct WeekDay {
    /// The day, `YYYY-MM-DD`.
    pub day: String,
    /// Whether it lies between the first and the last of the data.
    pub covered: bool,
    /// Alerts of the day.
    pub alerts: u64,
    /// Episodes that began on the day.
    pub episodes: u64,
    /// Those of incidents of priority Critical, Alert and Emergency.
    pub critical: u64,
    /// Those of incidents of priority Error.
    pub error: u64,
    /// Those of incidents of priority Warning.
    pub warning: u64,
    /// Those of incidents of priority Notice, Informational and Debug.
    pub notice: u64,
}

/// When the episodes of a week began.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct When {
    /// Its seven days.
    pub days: Vec<DayStarts>,
    /// Hours in which far more began than in others, most first, at most three.
    pub peaks: Vec<Peak>,
    /// Working hours as they were set, such as `Mon–Fri 08:00–18:00`.
    pub working_hours: String,
    /// Episodes that began outside them.
    pub off_hours: u64,
    /// Their share of all in percent, rounded; only where there are at least 20.
    pub off_hours_percent: Option<u64>,
}

/// One day of a week.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DayStarts {
    /// The day, `YYYY-MM-DD`.
    pub day: String,
    /// Alerts of the day.
    pub alerts: u64,
    /// Episodes that began on the day.
    pub episodes: u64,
    /// Episodes that began in each hour of the clock, 24 numbers; where summer time ends, one of them
    /// stands for two hours.
    pub starts: Vec<u64>,
    /// Whether there are data of each of those hours; not of one that summer time skips.
    pub data: Vec<bool>,
}

/// An hour in which many episodes began.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Peak {
    /// The hour in words, such as `Tue 02:00–03:00`.
    pub hour: String,
    /// Episodes that began in it.
    pub episodes: u64,
    /// Hosts on which they did.
    pub hosts: u64,
}

/// Which hosts sent data in a week.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Coverage {
    /// Hosts that sent an alert or a message on Falco's own health.
    pub hosts_reporting: u64,
    /// Hours covered, over all hosts: hours with data, and silences that are usual for the host: at most
    /// a day (with Falco's metrics, two hours), or twice its second-longest silence in five weeks.
    pub hours_covered: u64,
    /// Whether every host that reported sends Falco's metrics, so that silence can be told from quiet.
    pub heartbeat: bool,
    /// What can be said of silence, in one sentence.
    pub note: String,
    /// The hours of the week between the first and the last of all data, counted from its first instant:
    /// `0-23,30`.
    pub hours: String,
    /// The hosts of this week and the four before it, by name.
    pub hosts: Vec<HostCoverage>,
}

/// When one host sent data.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct HostCoverage {
    /// Name of the host.
    pub host: String,
    /// Its page, where this report has one.
    pub path: Option<Arc<str>>,
    /// Hours of the week in which it sent anything.
    pub hours_with_data: u64,
    /// Which they are, counted from the week's first instant: `0-23,30`.
    pub hours: String,
    /// The same of the week before; absent where the data do not cover it.
    pub hours_last_week: Option<u64>,
    /// Whether it sends Falco's metrics.
    pub heartbeat: bool,
    /// End of the last hour with data, where the silence that follows it is longer than a day (with
    /// Falco's metrics, than two hours) and than twice any silence of the host before.
    pub silent_since: Option<Timestamp>,
}
