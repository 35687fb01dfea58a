//! The part of the model that people supply: verdicts on incidents, and what is known of hosts.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

/// What a person decided about an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Verdict {
    /// `true-positive`, `false-positive`, `benign`, `test`, `duplicate` or `accepted`.
    pub verdict: String,
    /// Why.
    pub note: Option<String>,
    /// Who decided.
    pub who: Option<String>,
    /// Where it is followed up.
    pub ticket: Option<String>,
    /// The last day on which it holds, `YYYY-MM-DD`.
    pub until: Option<String>,
    /// Whether that day lies before the report's: before the day on which it was made, if that is
    /// known, else before that of its last alert.
    pub expired: bool,
    /// Whether the incident is taken out of what needs attention; never where it has expired.
    pub suppressed: bool,
}

/// All verdicts, and what they come to.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Verdicts {
    /// The entries of the user's file, in its order.
    pub entries: Vec<VerdictEntry>,
    /// Incidents with a verdict that has not expired.
    pub judged: u64,
    /// Those of them that were judged false-positive.
    pub false_positives: u64,
    /// Their share, from 0 to 1; absent where no incident was judged.
    pub false_positive_share: Option<f64>,
    /// Incidents taken out of what needs attention.
    pub suppressed_incidents: u64,
    /// Their alerts.
    pub suppressed_alerts: u64,
    /// Incidents whose verdict has expired; they are the first of those that need attention.
    pub expired_incidents: u64,
}

/// A verdict on incidents of one week. What it decides is counted in that week alone.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct WeekVerdict {
    /// The entry; its incidents and alerts are those of the week.
    #[serde(flatten)]
    pub entry: VerdictEntry,
    /// Episodes of these incidents that began in the week.
    pub episodes: u64,
}

/// An entry of the user's file, with the incidents that it decides.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct VerdictEntry {
    /// Id of the incident that it is about.
    pub incident: Option<String>,
    /// Rules that it is about; a `*` stands for any text.
    pub rule: Option<String>,
    /// Hosts that it is about; a `*` stands for any text.
    pub host: Option<String>,
    /// What was decided.
    pub verdict: Arc<Verdict>,
    /// Incidents of this report that it decides.
    pub incidents: u64,
    /// Their alerts.
    pub alerts: u64,
}
