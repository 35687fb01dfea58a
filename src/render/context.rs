//! What each template gets: a struct for each page, filled from the report.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::{
    attack::WeekAttack,
    weeks::{WeekLine, WeekView},
};
use crate::report::{
    Accounting, AttackTotals, DayTotal, Host, Incident, Method, Noise, PriorityTotal, Quality,
    Rule, Verdicts,
};

mod actions;
mod brief;
mod bursts;
mod coverage;
mod fill;
mod lines;
mod noise;
mod past;
mod sheet;

pub use self::{
    actions::ActionList,
    bursts::{BurstLine, bursts},
    coverage::{HostWeek, WeekCoverage, coverage},
    fill::Contexts,
    lines::{HostLine, IncidentLine, RuleLine, SiteHead, Totals},
    noise::NoisePage,
    past::{Past, PastWeek},
    sheet::{Sheet, sheets},
};

/// Incidents shown on the page of a rule or host, and lines of a page of a list.
pub const LINES: usize = 500;

/// The first page.
#[derive(Serialize, JsonSchema)]
pub struct IndexPage<'a> {
    /// The site.
    pub site: SiteHead<'a>,
    /// The report in a paragraph: one sentence each.
    pub summary: &'a [String],
    /// The week that the report is about, beside the one before it.
    pub week: Option<WeekView<'a>>,
    /// All weeks, the newest first.
    pub weeks: Vec<WeekLine<'a>>,
    /// Weeks that are older than those.
    pub earlier_weeks: u64,
    /// What to look at first, at most ten.
    pub attention: Vec<IncidentLine<'a>>,
    /// What could be done once for many incidents.
    pub actions: ActionList<'a>,
    /// Totals of each priority that occurs, highest first.
    pub priorities: &'a [PriorityTotal],
    /// Totals of each day that has an alert.
    pub days: &'a [DayTotal],
    /// The first 50 incidents.
    pub incidents: Vec<IncidentLine<'a>>,
    /// Incidents beyond those.
    pub more_incidents: usize,
    /// The first 20 rules.
    pub rules: Vec<RuleLine<'a>>,
    /// Rules beyond those.
    pub more_rules: usize,
    /// The first 20 hosts.
    pub hosts: Vec<HostLine<'a>>,
    /// Hosts beyond those.
    pub more_hosts: usize,
    /// Tactics, techniques and compliance rules, from the tags of rules.
    pub attack: &'a AttackTotals,
    /// Techniques of the week that the report is about, and its layers.
    pub week_attack: Option<WeekAttack<'a>>,
    /// The first five rules that may be worth tuning.
    pub noise: &'a [Noise],
    /// Such rules beyond those.
    pub more_noise: usize,
    /// What people decided about incidents.
    pub verdicts: &'a Verdicts,
    /// What became of every record.
    pub accounting: &'a Accounting,
    /// Sentences on what limits the report, the weightiest first.
    pub warnings: &'a [String],
    /// The rules behind the numbers.
    pub method: &'a Method,
}

/// The page of an incident.
#[derive(Serialize, JsonSchema)]
pub struct IncidentPage<'a> {
    /// The site.
    pub site: SiteHead<'a>,
    /// The incident.
    pub incident: &'a Incident,
    /// The incident as it stands in a list.
    pub line: IncidentLine<'a>,
    /// Incidents of the same rule on other hosts, at most twelve.
    pub elsewhere: Vec<IncidentLine<'a>>,
    /// Such incidents beyond those.
    pub elsewhere_more: u64,
    /// Incidents on the same host at about the same time, at most twelve.
    pub nearby: Vec<IncidentLine<'a>>,
    /// Such incidents beyond those.
    pub nearby_more: u64,
    /// What it did in each of the last 13 weeks, the newest first, back to the first in which it had an
    /// alert; empty where that is the only one.
    pub past: Vec<PastWeek<'a>>,
    /// The largest bursts, at most twenty, in order of time.
    pub bursts: Vec<BurstLine<'a>>,
    /// Bursts beyond those.
    pub more_bursts: usize,
    /// What each of the incident's fields means; null for a field that is not known.
    pub glossary: BTreeMap<&'a str, Option<&'a str>>,
    /// What the top-level keys of an alert mean, by name.
    pub keys: &'a BTreeMap<String, String>,
    /// What makes the rule a candidate for tuning, if it is one.
    pub noise: Option<&'a Noise>,
    /// The advice, filled in; printed as it is, and so put in when the page is made. Its headings begin at the third level.
    pub advice: &'static str,
}

/// The page of a rule.
#[derive(Serialize, JsonSchema)]
pub struct RulePage<'a> {
    /// The site.
    pub site: SiteHead<'a>,
    /// The rule.
    pub rule: &'a Rule,
    /// The rule as it stands in a list.
    pub line: RuleLine<'a>,
    /// The first 500 incidents of the rule.
    pub incidents: Vec<IncidentLine<'a>>,
    /// Incidents beyond those.
    pub more_incidents: usize,
    /// What makes the rule a candidate for tuning, if it is one.
    pub noise: Option<&'a Noise>,
    /// What it did in each of the last 13 weeks, the newest first, back to the first in which it had an
    /// alert; empty where that is the only one.
    pub past: Vec<PastWeek<'a>>,
    /// The advice, with names in capitals for what to fill in; printed as it is.
    pub advice: &'static str,
}

/// The page of a host.
#[derive(Serialize, JsonSchema)]
pub struct HostPage<'a> {
    /// The site.
    pub site: SiteHead<'a>,
    /// The host.
    pub host: &'a Host,
    /// The host as it stands in a list.
    pub line: HostLine<'a>,
    /// The first 500 incidents on the host.
    pub incidents: Vec<IncidentLine<'a>>,
    /// Incidents beyond those.
    pub more_incidents: usize,
    /// What it did in each of the last 13 weeks, the newest first, back to the first in which it had an
    /// alert; empty where that is the only one.
    pub past: Vec<PastWeek<'a>>,
    /// When it sent data, in each of the last eight weeks in which it is known, the newest first.
    pub weeks: Vec<HostWeek<'a>>,
}

/// The page on data quality.
#[derive(Serialize, JsonSchema)]
pub struct QualityPage<'a> {
    /// The site.
    pub site: SiteHead<'a>,
    /// What was read, what was not, and what is not known.
    pub quality: &'a Quality,
    /// Hosts whose names look like a container's or a pod's, at most 500.
    pub suspects: Vec<HostLine<'a>>,
    /// When each host sent data in the week that the report is about.
    pub coverage: Option<WeekCoverage<'a>>,
    /// What became of every record.
    pub accounting: &'a Accounting,
    /// The rules behind the numbers.
    pub method: &'a Method,
}

/// A page of the list of incidents.
#[derive(Serialize, JsonSchema)]
pub struct IncidentsPage<'a> {
    /// The site.
    pub site: SiteHead<'a>,
    /// At most 500 incidents.
    pub incidents: Vec<IncidentLine<'a>>,
    /// Number of this page of the list, from 1.
    pub number: usize,
    /// Pages of the list.
    pub numbers: usize,
}

/// A page of the list of rules.
#[derive(Serialize, JsonSchema)]
pub struct RulesPage<'a> {
    /// The site.
    pub site: SiteHead<'a>,
    /// At most 500 rules.
    pub rules: Vec<RuleLine<'a>>,
    /// Number of this page of the list, from 1.
    pub number: usize,
    /// Pages of the list.
    pub numbers: usize,
}

/// A page of the list of hosts.
#[derive(Serialize, JsonSchema)]
pub struct HostsPage<'a> {
    /// The site.
    pub site: SiteHead<'a>,
    /// At most 500 hosts.
    pub hosts: Vec<HostLine<'a>>,
    /// Number of this page of the list, from 1.
    pub number: usize,
    /// Pages of the list.
    pub numbers: usize,
}
