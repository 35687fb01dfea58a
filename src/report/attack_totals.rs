//! Incidents, hosts and rules by ATT&CK and by compliance tag.

use std::collections::{BTreeMap, BTreeSet};

use super::{AttackTag, AttackTotal, AttackTotals, ComplianceTotal, Incident, Rule};
use crate::attack;

/// What was seen under one name.
#[derive(Default)]
struct Sum<'r> {
    incidents: u64,
    hosts: BTreeSet<&'r str>,
    rules: u64,
    alerts: u64,
}

impl<'r> Sum<'r> {
    fn add(&mut self, rule: &Rule, hosts: &[&'r str]) {
        self.incidents += rule.incidents.len() as u64;
        self.hosts.extend(hosts);
        self.rules += 1;
        self.alerts += rule.count;
    }
}

/// Sums by tactic, technique and compliance tag.
pub fn build(rules: &[Rule], incidents: &[Incident]) -> AttackTotals {
    let mut hosts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for incident in incidents {
        hosts.entry(&incident.rule).or_default().push(&incident.host);
    }
    let (mut attack, mut compliance) = (BTreeMap::new(), BTreeMap::new());
    let mut untagged = Sum::default();
    for rule in rules {
        let hosts = hosts.get(rule.rule.as_str()).map_or(&[][..], Vec::as_slice);
        for tag in &rule.attack {
            sum(&mut attack, (attack::order(&tag.id), tag)).add(rule, hosts);
        }
        for tag in rule.tags.iter().filter(|tag| is_compliance(tag)) {
            sum(&mut compliance, tag.as_str()).add(rule, hosts);
        }
        if rule.attack.is_empty() {
            untagged.add(rule, hosts);
        }
    }
    let totals = attack.into_iter().map(|((_, tag), sum)| total(tag, &sum));
    let (tactics, techniques) = totals.partition(|total| total.tag.kind == "tactic");
    AttackTotals {
        tactics,
        techniques,
        untagged_rules: untagged.rules,
        untagged_incidents: untagged.incidents,
        untagged_alerts: untagged.alerts,
        compliance: compliance.into_iter().map(|(tag, sum)| compliance_total(tag, &sum)).collect(),
    }
}

fn sum<'s, 'r, K: Ord>(sums: &'s mut BTreeMap<K, Sum<'r>>, key: K) -> &'s mut Sum<'r> {
    sums.entry(key).or_default()
}

fn total(tag: &AttackTag, sum: &Sum<'_>) -> AttackTotal {
    AttackTotal {
        tag: tag.clone(),
        incidents: sum.incidents,
        hosts: sum.hosts.len() as u64,
        rules: sum.rules,
        alerts: sum.alerts,
    }
}

fn compliance_total(tag: &str, sum: &Sum<'_>) -> ComplianceTotal {
    ComplianceTotal {
        tag: tag.to_owned(),
        incidents: sum.incidents,
        hosts: sum.hosts.len() as u64,
        rules: sum.rules,
    }
}

/// Whether a tag names a rule of a standard.
fn is_compliance(tag: &str) -> bool {
    let tag = tag.to_ascii_uppercase();
    ["PCI_DSS_", "NIST_800-53_"]
        .iter()
        .any(|start| tag.len() > start.len() && tag.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standards_are_known_by_their_beginning() {
        assert!(is_compliance("PCI_DSS_10.2.5") && is_compliance("nist_800-53_AC-6(9)"));
        assert!(!is_compliance("PCI_DSS_") && !is_compliance("container"));
    }
}
