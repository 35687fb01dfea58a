//! What a brief is made of. Names and sentences in it are cut, and as they were logged.

use schemars::JsonSchema;
use serde::Serialize;

use crate::{priority::Priority, render::context::SiteHead};

/// The report in brief. Rows are left out until it is short enough, and counted; long names and
/// sentences are cut.
#[derive(Serialize, JsonSchema)]
pub struct Brief<'a> {
    /// The site; its root is the address at which it is published, if that is known.
    pub site: SiteHead<'a>,
    /// Heading of the report.
    pub title: String,
    /// Traffic Light Protocol mark, if the user set one.
    pub tlp: Option<String>,
    /// The period, its zone, and the data's own first and last time, in words.
    pub scope: String,
    /// The report in a paragraph: one sentence each.
    pub summary: Vec<String>,
    /// Sentences beyond those.
    pub more_sentences: usize,
    /// What changed since the week before, if anything is compared.
    pub changes: Option<BriefChanges<'a>>,
    /// Why nothing is compared, where nothing is.
    pub no_changes: Option<String>,
    /// What to look at first.
    pub attention: Vec<BriefIncident>,
    /// Incidents beyond those that no verdict suppresses.
    pub more_attention: usize,
    /// Incidents that verdicts suppress.
    pub suppressed: u64,
    /// Totals: of the week where it is compared with the one before, else of the report.
    pub numbers: Vec<BriefNumber>,
    /// Totals beyond those.
    pub more_numbers: usize,
    /// What could be done once for many incidents.
    pub actions: Vec<BriefAction>,
    /// Actions beyond those.
    pub more_actions: u64,
    /// Sentences on what limits the report, the weightiest first.
    pub limits: Vec<String>,
    /// Such sentences beyond those.
    pub more_limits: usize,
    /// The first page, relative to the site's root, where there are links.
    pub index: Option<String>,
}

/// What changed since the week before.
#[derive(Serialize, JsonSchema)]
pub struct BriefChanges<'a> {
    /// The week that is compared.
    pub week: &'a str,
    /// The week before.
    pub last_week: &'a str,
    /// The days compared, where that is not the whole of both weeks.
    pub same_days: Option<&'a str>,
    /// What makes the comparison doubtful.
    pub warning: Option<String>,
    /// The five lists.
    pub lists: Vec<BriefList<'a>>,
}

/// What changed in one way.
#[derive(Serialize, JsonSchema)]
pub struct BriefList<'a> {
    /// The way: `new`, `returned`, `louder`, `quieter` or `gone quiet`.
    pub word: &'a str,
    /// How many rules, hosts, and incidents of other rules and hosts.
    pub count: usize,
    /// The first of them.
    pub rows: Vec<BriefChange>,
    /// Such rows beyond those.
    pub more: usize,
    /// Incidents of the rules and hosts of the list, which have no row of their own.
    pub within: usize,
}

/// A rule, a host or an incident that changed.
#[derive(Serialize, JsonSchema)]
pub struct BriefChange {
    /// The priority as logged.
    pub priority: Priority,
    /// Name of the rule; absent for a host.
    pub rule: Option<String>,
    /// Name of the host; absent for a rule.
    pub host: Option<String>,
    /// What was counted in this week and in the week before, where it is not none, in words.
    pub counts: String,
}

/// An incident to look at.
#[derive(Serialize, JsonSchema)]
pub struct BriefIncident {
    /// The highest priority seen.
    pub priority: Priority,
    /// Name of the rule.
    pub rule: String,
    /// Name of the host.
    pub host: String,
    /// Alerts, change, state, verdict, owner and ticket, in words.
    pub facts: String,
    /// When it was seen, in words.
    pub when: String,
    /// Its page, relative to the site's root, where there are links.
    pub page: Option<String>,
}

/// A total.
#[derive(Serialize, JsonSchema)]
pub struct BriefNumber {
    /// What is counted.
    pub name: String,
    /// The total.
    pub this_week: u64,
    /// The total of the week before; absent where nothing is compared.
    pub last_week: Option<u64>,
    /// The change in a word, where it is more than chance would make of two counts.
    pub notable: Option<String>,
}

/// An action, and what it would touch.
#[derive(Serialize, JsonSchema)]
pub struct BriefAction {
    /// What to do, in a sentence; words between back quotes are code.
    pub action: String,
    /// Incidents that it would touch.
    pub incidents: u64,
}
