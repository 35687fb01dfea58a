//! The part of the model that is about noise: how loud each rule is, and what tuning would cost.

use schemars::JsonSchema;
use serde::Serialize;

use crate::priority::Priority;

/// How loud a rule is.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Loudness {
    /// Name of the rule.
    pub rule: String,
    /// The rule's page, relative to the site's root and without an extension.
    pub path: String,
    /// The highest priority seen.
    pub priority: Priority,
    /// Alerts of the rule.
    pub alerts: u64,
    /// Its share of all alerts, from 0 to 1.
    pub share_of_alerts: f64,
    /// Incidents of the rule.
    pub incidents: u64,
    /// Its share of all incidents, from 0 to 1.
    pub share_of_incidents: f64,
    /// Alerts for each incident, on average.
    pub alerts_per_incident: f64,
    /// Alerts a day, on average over the time from the first alert of all to the last, which is
    /// taken as a day at least.
    pub alerts_per_day: f64,
    /// Different shapes of its output that were counted.
    pub shapes: u64,
    /// The shape with the most alerts.
    pub top_shape: Option<String>,
    /// That shape's share of the rule's alerts, from 0 to 1.
    pub top_shape_share: f64,
    /// Coefficient of variation of the gaps between runs of alerts, in the incident with the most
    /// alerts: the closer to 0, the more regular. See [`Noise::candidate_because`].
    pub gap_variation: Option<f64>,
    /// Where the alerts come like those of a timer: the usual gap between two runs, in
    /// seconds, to the minute from 90 seconds on.
    pub timer_seconds: Option<u64>,
    /// Whether it came on many hosts at about the same time with the same forms: on at least 5
    /// and a quarter of all, within one gap, with at most two shapes.
    pub fleet_wide: bool,
    /// Straight ISO weeks, at most, in each of which it had over 350 alerts.
    pub loud_weeks: u64,
    /// Its incidents that a person judged.
    pub judged: u64,
    /// Those of them judged false-positive, benign, test or accepted.
    pub judged_benign: u64,
}

/// A rule that may be worth tuning.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Noise {
    /// Name of the rule.
    pub rule: String,
    /// The rule's page, relative to the site's root and without an extension.
    pub path: String,
    /// The highest priority seen.
    pub priority: Priority,
    /// Alerts of the rule.
    pub alerts: u64,
    /// Its share of all alerts, from 0 to 1.
    pub share_of_alerts: f64,
    /// What makes it a candidate: two reasons at least, of over 50 alerts a day, over half of all
    /// alerts, one shape over 80% of its alerts, timer-like, two straight weeks with over 350
    /// alerts each, over 80% of its verdicts benign.
    pub candidate_because: Vec<String>,
    /// What is likely to make the noise, in words.
    pub cause: String,
    /// A file with an exception for Falco, as it can be loaded; never applied.
    pub draft: Option<String>,
    /// The parts of that exception.
    pub exception: Option<Exception>,
    /// Why there is no draft: one sentence.
    pub no_draft: Option<String>,
    /// The command that checks the draft.
    pub check: Option<String>,
    /// What the draft would have hidden.
    pub price: Option<Price>,
}

/// An exception for a rule: an alert is hidden whose fields all compare with a row of values.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Exception {
    /// Its name, which is made from all that it holds.
    pub name: String,
    /// Fields of Falco.
    pub fields: Vec<String>,
    /// How each field is compared: `=`, `startswith` or `glob`.
    pub comps: Vec<String>,
    /// Rows of values, each a string in Falco's condition language with its quotes.
    pub values: Vec<Vec<String>>,
}

/// What an exception would have hidden, found by applying it to the alerts reported.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Price {
    /// Alerts that it would have removed.
    pub alerts_removed: u64,
    /// Alerts of the rule.
    pub alerts: u64,
    /// Incidents that it would have removed: all of their alerts.
    pub incidents_removed: u64,
    /// Incidents of which it would have removed some alerts and left others.
    pub incidents_thinned: u64,
    /// Incidents of the rule.
    pub incidents: u64,
    /// What else it would have hidden beside what it was made for, most alerts first, at most 20.
    pub also_hidden: Vec<Hidden>,
    /// Different ones beyond those.
    pub also_hidden_more: u64,
    /// Whether it was tried on every alert. If not, the alerts in `untried` have more different
    /// values than are kept, and the numbers are the least that it would have hidden.
    pub exact: bool,
    /// Alerts that it could not be tried on.
    pub untried: u64,
}

/// Something that an exception would have hidden beside what it was made for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Hidden {
    /// What it is: `shape` (another form of the output) or the name of a field of which it is
    /// another value.
    pub what: String,
    /// The shape, or the value as logged; a value longer than 1,024 bytes is cut.
    pub text: String,
    /// Alerts.
    pub alerts: u64,
    /// Hosts.
    pub hosts: u64,
}
