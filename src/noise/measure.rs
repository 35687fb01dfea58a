//! What is counted of each rule.

use std::collections::BTreeMap;

use super::{Options, timer::Beat};
use crate::{
    group::{Before, Grouped},
    report::{Incident, Loudness, Rule},
    time::{DAY, QUARTER, Timestamp, Zone},
};

/// Alerts of a week from which on a rule is loud in it: 50 a day.
pub const LOUD_WEEK: u64 = 350;

/// Verdicts that say that an incident was nothing to act on.
const BENIGN: [&str; 4] = ["false-positive", "benign", "test", "accepted"];

/// The measures that all rules share.
pub struct Whole<'a> {
    options: Options,
    alerts: u64,
    incidents: u64,
    days: f64,
    past: &'a [Before],
    verdicts: BTreeMap<&'a str, Vec<&'a str>>,
}

impl<'a> Whole<'a> {
    /// Measures all alerts together.
    pub fn new(
        grouped: &[Grouped],
        past: &'a [Before],
        incidents: &'a [Incident],
        options: Options,
    ) -> Self {
        let first = grouped.iter().map(|group| group.first.time.secs).min().unwrap_or(0);
        let last = grouped.iter().map(|group| group.last.time.secs).max().unwrap_or(0);
        let mut verdicts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for incident in incidents {
            if let Some(verdict) = incident.verdict.as_ref().filter(|verdict| !verdict.expired) {
                verdicts.entry(&incident.rule).or_default().push(&verdict.verdict);
            }
        }
        Self {
            options,
            alerts: grouped.iter().map(|group| group.count).sum(),
            incidents: grouped.len() as u64,
            days: ratio((last - first).max(DAY).unsigned_abs(), DAY.unsigned_abs()),
            past,
            verdicts,
        }
    }

    /// Measures a rule, whose alerts are in `groups`.
    pub fn rule(&self, rule: &Rule, groups: &[&Grouped]) -> Loudness {
        // Of an incident with more shapes than are kept, those kept.
        // Alerts without an output have no shape.
        let (shapes, top) = Grouped::shapes_of_all(groups);
        let top_count = top.as_ref().map_or(0, |(_, count)| *count);
        let beat =
            groups.iter().max_by_key(|group| group.count).and_then(|g| Beat::of(&g.moments()));
        let verdicts = self.verdicts.get(rule.rule.as_str()).map_or(&[][..], Vec::as_slice);
        let benign = verdicts.iter().filter(|verdict| BENIGN.contains(verdict));
        let number = groups.len() as u64;
        Loudness {
            rule: rule.rule.clone(),
            path: rule.path.clone(),
            priority: rule.priority,
            alerts: rule.count,
            share_of_alerts: ratio(rule.count, self.alerts),
            incidents: number,
            share_of_incidents: ratio(number, self.incidents),
            alerts_per_incident: ratio(rule.count, number),
            alerts_per_day: ratio(rule.count, 1) / self.days,
            shapes: shapes as u64,
            top_shape: top.map(|(shape, _)| shape),
            top_shape_share: ratio(top_count, rule.count),
            gap_variation: beat.map(|beat| beat.variation),
            timer_seconds: timer(groups, rule.count),
            fleet_wide: !rule.fleet_wide.is_empty(),
            loud_weeks: self.loud_weeks(&rule.rule, groups),
            judged: verdicts.len() as u64,
            judged_benign: benign.count() as u64,
        }
    }

    /// The longest run of straight weeks in each of which the rule was loud.
    fn loud_weeks(&self, rule: &str, groups: &[&Grouped]) -> u64 {
        let past = self.past.iter().filter(|before| before.rule == rule);
        let quarters = groups.iter().flat_map(|group| group.pulse().quarters());
        let quarters = quarters.chain(past.flat_map(|before| before.quarters.iter().copied()));
        let mut weeks: BTreeMap<i64, u64> = BTreeMap::new();
        for (quarter, count) in quarters {
            *weeks.entry(week(quarter * QUARTER, self.options.zone)).or_default() += count;
        }
        let (mut run, mut longest, mut before) = (0, 0, i64::MIN);
        for (week, _) in weeks.into_iter().filter(|(_, count)| *count > LOUD_WEEK) {
            run = if week == before.wrapping_add(1) { run + 1 } else { 1 };
            (longest, before) = (longest.max(run), week);
        }
        longest
    }
}

/// Number of an ISO week; it begins on a Monday, and the epoch was a Thursday.
fn week(secs: i64, zone: Zone) -> i64 {
    let local = Timestamp::from_secs(secs + zone.offset(secs));
    (local.secs.div_euclid(DAY) + 3).div_euclid(7)
}

/// The usual gap, where incidents with more than half of the rule's alerts come like a timer's.
fn timer(groups: &[&Grouped], alerts: u64) -> Option<u64> {
    let beats = groups.iter().filter_map(|group| Some((group.count, Beat::of(&group.moments())?)));
    let timers: Vec<_> = beats.filter(|(_, beat)| beat.is_timer()).collect();
    let regular: u64 = timers.iter().map(|(count, _)| count).sum();
    let loudest = timers.iter().max_by_key(|(count, _)| *count)?;
    (regular * 2 > alerts).then_some(loudest.1.seconds)
}

#[expect(clippy::cast_precision_loss, reason = "a share")]
fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
