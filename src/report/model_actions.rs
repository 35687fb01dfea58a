//! The part of the model that tells what could be done once for many incidents.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

/// An action that advice asks for, and what it would touch. Incidents that a verdict decides do not
/// count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Action {
    /// What to do, in a sentence; words between back quotes are code, and no value has a back quote.
    pub action: String,
    /// The part of the advice that asks for it, such as `Prevent`.
    pub part: String,
    /// Rules whose advice asks for it, by name.
    pub rules: Vec<Arc<str>>,
    /// Who answers for the hosts of these incidents, as far as the user said so.
    pub owners: Vec<String>,
    /// Hosts of these incidents.
    pub hosts: u64,
    /// Those of them that have no known owner.
    pub hosts_without_owner: u64,
    /// Incidents that it would touch.
    pub incidents: u64,
    /// Their episodes.
    pub episodes: u64,
    /// Ids of these incidents, in the report's order.
    pub list: Vec<Arc<str>>,
}

/// A box to tick in an advice.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step {
    /// The part of the advice that it stands in.
    pub part: String,
    /// Its first words: what stands in bold at its beginning, or its first sentence. Words between
    /// back quotes are code.
    pub lead: String,
    /// All of its first paragraph.
    pub text: String,
}
