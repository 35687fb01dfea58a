//! Every sum is made in more than one way; two that differ stop the run.

use super::Report;
use crate::error::Error;

/// Checks the identities of product and report.
pub fn sums(report: &Report) -> Result<(), Error> {
    let all = &report.accounting;
    let kinds = all.alerts
        + all.duplicates
        + all.outside_period
        + all.below_priority
        + all.sensor
        + all.other_text
        + all.rejected;
    equal(("records", all.records), ("the sum of their kinds", kinds))?;
    let alerts = ("alerts", all.alerts);
    let sum = |counts: &mut dyn Iterator<Item = u64>| counts.sum::<u64>();
    let incidents = sum(&mut report.incidents.iter().map(|incident| incident.count));
    equal(alerts, ("alerts in incidents", incidents))?;
    let rules = sum(&mut report.rules.iter().map(|rule| rule.count));
    equal(alerts, ("alerts by rule", rules))?;
    let hosts = sum(&mut report.hosts.iter().map(|host| host.count));
    equal(alerts, ("alerts by host", hosts))?;
    let priorities = sum(&mut report.priorities.iter().map(|total| total.alerts));
    equal(alerts, ("alerts by priority", priorities))?;
    let days = sum(&mut report.days.iter().map(|day| day.alerts));
    equal(alerts, ("alerts by day", days))?;
    let in_files = sum(&mut report.quality.files.iter().map(|file| file.records));
    equal(("records", all.records), ("records in files", in_files))?;
    let reasons = sum(&mut report.quality.rejected.iter().map(|reason| reason.count));
    equal(("rejected records", all.rejected), ("rejected by reason", reasons))?;
    for incident in &report.incidents {
        let episodes = incident.episodes.iter().map(|episode| episode.count).sum();
        equal(("alerts of an incident", incident.count), ("alerts in its episodes", episodes))?;
        let hours = incident.hours.iter().map(|hour| hour.count).sum();
        equal(("alerts of an incident", incident.count), ("alerts in its hours", hours))?;
    }
    Ok(())
}

fn equal(left: (&'static str, u64), right: (&'static str, u64)) -> Result<(), Error> {
    if left.1 == right.1 {
        return Ok(());
    }
    let ((left_name, left), (right_name, right)) = (left, right);
    Err(Error::Accounts { left_name, left, right_name, right })
}
