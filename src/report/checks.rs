//! Every sum is made in more than one way; two that differ stop the run.

use rayon::prelude::*;

use super::Report;
use crate::{error::Error, group::Grouped, history::History, intake::Taken};

/// Checks the identities of product and report.
pub fn sums(report: &Report, grouped: &[Grouped]) -> Result<(), Error> {
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
    grouped.par_iter().try_for_each(|group| {
        let pulse = group.pulse();
        let episodes = sum(&mut pulse.episodes().iter().map(|episode| episode.count));
        equal(("alerts of an incident", group.count), ("alerts in its episodes", episodes))?;
        let hours = sum(&mut pulse.quarters().iter().map(|(_, count)| *count));
        equal(("alerts of an incident", group.count), ("alerts in its hours", hours))
    })
}

/// Checks that no week has lost or made an alert.
pub fn weeks(
    report: &Report,
    grouped: &[Grouped],
    taken: &Taken,
    history: &History<'_>,
) -> Result<(), Error> {
    let inside = grouped.iter().map(|incident| incident.count).sum::<u64>();
    let outside = taken.past.iter().flat_map(|past| &past.quarters).map(|(_, count)| count);
    let pairs = history.ledger.weeks.values().flat_map(|week| week.pairs.values());
    let weeks = pairs.flat_map(|pair| pair.alerts).sum::<u64>();
    let kept = history.kept.values().map(|kept| kept.alerts).sum::<u64>();
    equal(
        ("alerts of all logs and of the history", inside + outside.sum::<u64>() + kept),
        ("alerts by week", weeks),
    )?;
    for week in &report.weeks {
        let alerts = ("alerts of a week", week.alerts);
        let sum = |counts: &mut dyn Iterator<Item = u64>| counts.sum::<u64>();
        let incidents = sum(&mut week.incident_rows.iter().map(|row| row.alerts));
        equal(alerts, ("alerts of its incidents", incidents))?;
        equal(
            alerts,
            ("alerts of its rules", sum(&mut week.rule_rows.iter().map(|row| row.alerts))),
        )?;
        equal(
            alerts,
            ("alerts of its hosts", sum(&mut week.host_rows.iter().map(|row| row.alerts))),
        )?;
        let cells = || week.grid.rows.iter().flat_map(|row| &row.cells);
        equal(alerts, ("alerts in its grid", sum(&mut cells().map(|cell| cell.alerts))))?;
        let episodes = ("episodes of a week", week.episodes);
        let incidents = sum(&mut week.incident_rows.iter().map(|row| row.episodes));
        equal(episodes, ("episodes of its incidents", incidents))?;
        equal(episodes, ("episodes in its grid", sum(&mut cells().map(|cell| cell.episodes))))?;
        let of_days = sum(&mut week.days.iter().map(|day| day.alerts));
        equal(alerts, ("alerts of its days", of_days))?;
        let of_days = sum(&mut week.days.iter().map(|day| day.episodes));
        equal(episodes, ("episodes of its days", of_days))?;
        let priorities =
            week.days.iter().flat_map(|day| [day.critical, day.error, day.warning, day.notice]);
        equal(episodes, ("episodes by day and priority", priorities.sum()))?;
        if let Some(when) = &week.when {
            let days = sum(&mut when.days.iter().map(|day| day.alerts));
            equal(alerts, ("alerts by day and hour", days))?;
            let hours = sum(&mut when.days.iter().flat_map(|day| day.starts.iter().copied()));
            equal(episodes, ("episodes by the hour of their beginning", hours))?;
        }
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
