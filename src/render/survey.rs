//! What pages need of the whole report: where an incident stands, what each says of it in a line, and
//! alerts by day.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{Days, NaiveDate};
use rayon::prelude::*;

use super::{
    context::{HostWeek, Past},
    full::{Fill, full},
};
use crate::{
    report::{Incident, Report},
    time::Zone,
};

/// Days of a sparkline.
const DAYS: u64 = 31;

/// Weeks of a host that its page shows.
const WEEKS: usize = 8;

/// A report with what its pages look up often, computed once.
pub struct Survey<'a> {
    /// The report.
    pub report: &'a Report,
    places: BTreeMap<&'a str, usize>,
    incidents: Vec<Outline>,
    rules: Vec<Vec<u64>>,
    hosts: Vec<Vec<u64>>,
    host_weeks: BTreeMap<&'a str, Vec<HostWeek<'a>>>,
    /// What rules, hosts and incidents did in the last weeks.
    pub(super) past: Past<'a>,
}

/// What pages say of an incident that is not told in full.
pub struct Outline {
    /// Its headline.
    pub headline: String,
    /// What its first and its last episode say of the edges of the period.
    pub edge: Option<String>,
    /// What kind of workload most of its alerts are about.
    pub workload: String,
    /// Alerts by day.
    pub days: Vec<u64>,
}

impl<'a> Survey<'a> {
    /// Surveys a report. Where `fill` is given, its incidents are not complete: it completes each for as
    /// long as it is looked at.
    pub fn new(report: &'a Report, fill: Option<&Fill<'_>>) -> Self {
        let zone = Zone::named(&report.period.timezone).unwrap_or(Zone::UTC);
        let days = days(report);
        let places: BTreeMap<_, _> =
            report.incidents.iter().enumerate().map(|(at, incident)| (&*incident.id, at)).collect();
        let outline = |(at, incident)| Outline::of(&full(at, incident, fill), &days, zone);
        let incidents: Vec<_> = report.incidents.par_iter().enumerate().map(outline).collect();
        let sum = |ids: &[Arc<str>]| {
            let mut total = vec![0; days.len()];
            for at in ids.iter().filter_map(|id| places.get(&**id)) {
                for (sum, count) in total.iter_mut().zip(&incidents[*at].days) {
                    *sum += count;
                }
            }
            total
        };
        let rules = report.rules.iter().map(|rule| sum(&rule.incidents)).collect();
        let hosts = report.hosts.iter().map(|host| sum(&host.incidents)).collect();
        Self {
            report,
            places,
            incidents,
            rules,
            hosts,
            host_weeks: host_weeks(report),
            past: Past::of(&report.weeks),
        }
    }

    /// The place of an incident in the report.
    pub(super) fn incident(&self, id: &str) -> Option<usize> {
        self.places.get(id).copied()
    }

    /// What is said of the incident at a place in the report.
    pub(super) fn outline(&self, at: usize) -> &Outline {
        &self.incidents[at]
    }

    /// Alerts by day of the rule at a place in the report.
    pub(super) fn rule_days(&self, at: usize) -> &[u64] {
        &self.rules[at]
    }

    /// When a host sent data in its last weeks, the newest first.
    pub(super) fn host_weeks(&self, host: &str) -> Vec<HostWeek<'a>> {
        self.host_weeks.get(host).cloned().unwrap_or_default()
    }

    /// Alerts by day of the host at a place in the report.
    pub(super) fn host_days(&self, at: usize) -> &[u64] {
        &self.hosts[at]
    }
}

impl Outline {
    fn of(incident: &Incident, days: &[NaiveDate], zone: Zone) -> Self {
        Self {
            headline: incident.headline.clone(),
            edge: edge(incident),
            workload: incident.seen.workload.clone(),
            days: by_day(incident, days, zone),
        }
    }
}

/// What the first and the last episode of an incident say at the edges of the period.
fn edge(incident: &Incident) -> Option<String> {
    let (first, last) = match incident.episodes.as_slice() {
        [] => (None, None),
        [only] => (only.edge.as_deref(), None),
        [first, .., last] => (first.edge.as_deref(), last.edge.as_deref()),
    };
    let edges: Vec<&str> = first.into_iter().chain(last).collect();
    (!edges.is_empty()).then(|| edges.join("; "))
}

fn host_weeks(report: &Report) -> BTreeMap<&str, Vec<HostWeek<'_>>> {
    let mut hosts: BTreeMap<&str, Vec<HostWeek<'_>>> = BTreeMap::new();
    for week in report.weeks.iter().rev() {
        for host in &week.coverage.hosts {
            let weeks = hosts.entry(&host.host).or_default();
            if weeks.len() < WEEKS {
                weeks.push(HostWeek::of(week, host));
            }
        }
    }
    hosts
}

/// The last days from the first to the last that has an alert, at most 31.
fn days(report: &Report) -> Vec<NaiveDate> {
    let day = |day: Option<&crate::report::DayTotal>| day.and_then(|day| day.day.parse().ok());
    let (Some(first), Some(last)) = (day(report.days.first()), day(report.days.last())) else {
        return Vec::new();
    };
    let first: NaiveDate = first;
    let first = last
        .checked_sub_days(Days::new(DAYS - 1))
        .map_or(first, |start: NaiveDate| start.max(first));
    first.iter_days().take_while(|day| *day <= last).collect()
}

fn by_day(incident: &Incident, days: &[NaiveDate], zone: Zone) -> Vec<u64> {
    let mut counts = vec![0; days.len()];
    let Some(first) = days.first() else { return counts };
    for hour in &incident.hours {
        let offset = (zone.local(hour.hour).date() - *first).num_days();
        if let Some(count) = usize::try_from(offset).ok().and_then(|at| counts.get_mut(at)) {
            *count += hour.count;
        }
    }
    counts
}
