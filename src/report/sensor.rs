//! What Falco says of its own health.

use std::collections::BTreeMap;

use super::{HostLoss, SensorTotal, ValueCount};
use crate::{
    intake::{Loss, Taken},
    wording::{count, list, number},
};

/// Hosts that are named.
const NAMED: usize = 3;

/// Falco's messages on its own health, and what each kind says.
const MEANINGS: [(&str, &str); 5] = [
    (
        "syscall event drop",
        "System calls came faster than Falco could look at them, and some went unseen.",
    ),
    ("metrics snapshot", "Falco's figures of itself, at fixed times: a sign that it was there."),
    (
        "timeouts notification",
        "No system call came for a while, which a busy machine does not do: Falco may not have been listening.",
    ),
    (
        "hot restart failure",
        "Falco could not load its rules or settings anew, and stopped or went on with the old.",
    ),
    (
        "capture size limit reached",
        "A recording that a rule asked for was ended at its largest size.",
    ),
];

/// The messages by kind, most frequent first.
pub fn totals(taken: &Taken) -> Vec<SensorTotal> {
    let mut totals: Vec<_> = taken
        .sensor
        .iter()
        .map(|(rule, tally)| SensorTotal {
            rule: rule.clone(),
            count: tally.count,
            meaning: meaning(rule),
            hosts: tally.hosts.len() as u64,
            most: most(&tally.hosts),
            first_seen: tally.first,
            last_seen: tally.last,
        })
        .collect();
    totals.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.rule.cmp(&b.rule)));
    totals
}

fn meaning(rule: &str) -> Option<String> {
    let known = MEANINGS.iter().find(|(end, _)| rule.ends_with(end));
    known.map(|(_, meaning)| (*meaning).into())
}

fn most(hosts: &BTreeMap<String, u64>) -> Vec<ValueCount> {
    let mut hosts: Vec<_> = hosts.iter().collect();
    hosts.sort_by(|a, b| b.1.cmp(a.1).then_with(|| a.0.cmp(b.0)));
    let first = hosts.into_iter().take(NAMED);
    first.map(|(host, count)| ValueCount { value: host.clone(), count: *count }).collect()
}

/// What was lost on each host, most first.
pub fn lost(taken: &Taken) -> Vec<HostLoss> {
    let mut hosts: BTreeMap<&str, Loss> = BTreeMap::new();
    for (host, loss) in taken.sensor.iter().flat_map(|(_, tally)| &tally.lost.0) {
        let known = hosts.entry(host).or_default();
        known.in_messages = known.in_messages.saturating_add(loss.in_messages);
        known.system_calls = known.system_calls.max(loss.system_calls);
        known.alerts = known.alerts.max(loss.alerts);
    }
    let mut lost: Vec<HostLoss> = hosts
        .into_iter()
        .map(|(host, loss)| HostLoss {
            host: host.into(),
            system_calls: loss.in_messages.max(loss.system_calls),
            alerts: loss.alerts,
        })
        .collect();
    let key = |loss: &HostLoss| std::cmp::Reverse((loss.alerts, loss.system_calls));
    lost.sort_by(|a, b| key(a).cmp(&key(b)).then_with(|| a.host.cmp(&b.host)));
    lost
}

/// What of it limits the report.
pub fn warnings(taken: &Taken) -> Vec<String> {
    let lost = lost(taken);
    let mut warnings = Vec::new();
    let told = taken.sensor.iter().find(|(rule, _)| rule.ends_with("syscall event drop"));
    let on = |wanted: fn(&HostLoss) -> u64| {
        let hosts: Vec<_> = lost.iter().filter(|loss| wanted(loss) > 0).collect();
        let sum = hosts.iter().map(|loss| wanted(loss)).fold(0, u64::saturating_add);
        let mut names: Vec<String> =
            hosts.iter().take(NAMED).map(|loss| loss.host.clone()).collect();
        if hosts.len() > NAMED {
            names.push(format!("{} more", number((hosts.len() - NAMED) as u64)));
        }
        (sum, list(&names))
    };
    let (calls, hosts) = on(|loss| loss.system_calls);
    let unknown = "what happened in them is not known";
    if calls > 0 {
        let calls = count(calls, "system call", "system calls");
        warnings.push(format!("Falco says that it dropped {calls} on {hosts}: {unknown}."));
    } else if let Some((_, tally)) = told {
        let times = times(tally.count);
        warnings.push(format!("Falco said {times} that it had dropped system calls: {unknown}."));
    }
    let (alerts, hosts) = on(|loss| loss.alerts);
    if alerts > 0 {
        let alerts = count(alerts, "alert", "alerts");
        warnings.push(format!(
            "Falco's metrics say that it could not hand out {alerts} on {hosts}: they are in no log."
        ));
    }
    warnings
}

fn times(count: u64) -> String {
    match count {
        1 => "once".into(),
        2 => "twice".into(),
        _ => format!("{} times", number(count)),
    }
}
