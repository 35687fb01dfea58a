//! Open actions as pages show them.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Contexts, noise::first};
use crate::report::Action;

/// Incidents that a page links to from one action.
const LINKS: usize = 6;
/// Owners that are named for one action.
const OWNERS: usize = 3;

/// What could be done once for many incidents.
#[derive(Serialize, JsonSchema)]
pub struct ActionList<'a> {
    /// At most ten actions, that first which would touch most incidents.
    pub list: Vec<ActionLine<'a>>,
    /// Actions beyond those.
    pub more: u64,
    /// Which steps are gathered, and in which order they stand, in words.
    pub rule: &'a str,
}

/// An action, and what it would touch.
#[derive(Serialize, JsonSchema)]
pub struct ActionLine<'a> {
    /// What to do, in a sentence; words between back quotes are code.
    pub action: &'a str,
    /// The part of the advice that asks for it.
    pub part: &'a str,
    /// Incidents that it would touch.
    pub incidents: u64,
    /// Their episodes.
    pub episodes: u64,
    /// Who answers for the hosts of these incidents, at most three.
    pub owners: &'a [String],
    /// Owners beyond those.
    pub more_owners: usize,
    /// Hosts of these incidents that have no known owner.
    pub hosts_without_owner: u64,
    /// The rules of these incidents, with their incidents.
    pub rules: Vec<ActionRule<'a>>,
    /// Incidents beyond those that are linked to.
    pub more_incidents: usize,
}

/// A rule whose advice asks for an action.
#[derive(Serialize, JsonSchema)]
pub struct ActionRule<'a> {
    /// Name of the rule.
    pub rule: &'a str,
    /// Its page.
    pub path: &'a str,
    /// Its incidents; of all rules together at most six.
    pub incidents: Vec<ActionIncident<'a>>,
}

/// An incident that an action would touch.
#[derive(Serialize, JsonSchema)]
pub struct ActionIncident<'a> {
    /// Name of the host.
    pub host: &'a str,
    /// The incident's page.
    pub path: &'a str,
}

impl<'a> Contexts<'a> {
    /// A list of actions.
    pub(super) fn actions(&self, actions: &'a [Action], more: u64) -> ActionList<'a> {
        let list = actions.iter().map(|action| self.action(action)).collect();
        ActionList { list, more, rule: &self.report.method.actions }
    }

    fn action(&self, action: &'a Action) -> ActionLine<'a> {
        let mut rules: Vec<ActionRule<'a>> = Vec::new();
        for at in first(&action.list, LINKS).iter().filter_map(|id| self.survey.incident(id)) {
            let incident = &self.report.incidents[at];
            let link = ActionIncident { host: &incident.host, path: &incident.path };
            match rules.iter_mut().find(|rule| *rule.rule == *incident.rule) {
                Some(rule) => rule.incidents.push(link),
                None => rules.push(ActionRule {
                    rule: &incident.rule,
                    path: &incident.rule_path,
                    incidents: vec![link],
                }),
            }
        }
        ActionLine {
            action: &action.action,
            part: &action.part,
            incidents: action.incidents,
            episodes: action.episodes,
            owners: first(&action.owners, OWNERS),
            more_owners: action.owners.len().saturating_sub(OWNERS),
            hosts_without_owner: action.hosts_without_owner,
            rules,
            more_incidents: action.list.len().saturating_sub(LINKS),
        }
    }
}
