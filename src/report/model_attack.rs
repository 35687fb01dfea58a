//! The part of the model that is about ATT&CK and compliance, as the authors of rules tagged them.

use schemars::JsonSchema;
use serde::Serialize;

use super::AttackTag;

/// Tactics, techniques and compliance rules among the tags of rules.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AttackTotals {
    /// Tactics, in the order of the kill chain.
    pub tactics: Vec<AttackTotal>,
    /// Techniques and sub-techniques, by id.
    pub techniques: Vec<AttackTotal>,
    /// Rules that carry neither a tactic nor a technique.
    pub untagged_rules: u64,
    /// Their incidents.
    pub untagged_incidents: u64,
    /// Their alerts.
    pub untagged_alerts: u64,
    /// Tags that name a rule of PCI DSS or a control of NIST SP 800-53, by tag.
    pub compliance: Vec<ComplianceTotal>,
}

/// What was seen of one tactic or technique. An incident counts under each that its rule carries.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AttackTotal {
    /// The tactic or technique.
    pub tag: AttackTag,
    /// Incidents.
    pub incidents: u64,
    /// Hosts.
    pub hosts: u64,
    /// Rules that carry it.
    pub rules: u64,
    /// Alerts.
    pub alerts: u64,
}

/// What was seen under one tag of a compliance standard.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ComplianceTotal {
    /// The tag as the rule carries it, such as `PCI_DSS_10.2.5`.
    pub tag: String,
    /// Incidents.
    pub incidents: u64,
    /// Hosts.
    pub hosts: u64,
    /// Rules that carry it.
    pub rules: u64,
}
