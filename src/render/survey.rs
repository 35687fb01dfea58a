//! What pages need of the whole report: where an incident stands, and alerts by day.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{Days, NaiveDate};

use super::context::{HostWeek, Past};
use crate::{
    report::{Incident, Report},
    time::Zone,
};

/// Days of a sparkline.
const DAYS: u64 = 31;

/// Weeks of a host that its page shows.
const WEEKS: usize = 8;

/// Looked up often, computed once.
pub struct Survey<'a> {
    places: BTreeMap<&'a str, usize>,
    incidents: Vec<Vec<u64>>,
    rules: Vec<Vec<u64>>,
    hosts: Vec<Vec<u64>>,
    host_weeks: BTreeMap<&'a str, Vec<HostWeek<'a>>>,
    /// What rules, hosts and incidents did in the last weeks.
    pub past: Past<'a>,
}

impl<'a> Survey<'a> {
    /// Surveys a report.
    pub fn new(report: &'a Report, zone: Zone) -> Self {
        let days = days(report);
        let places: BTreeMap<_, _> =
            report.incidents.iter().enumerate().map(|(at, incident)| (&*incident.id, at)).collect();
        let incidents: Vec<_> =
            report.incidents.iter().map(|incident| by_day(incident, &days, zone)).collect();
        let sum = |ids: &[Arc<str>]| {
            let mut total = vec![0; days.len()];
            for at in ids.iter().filter_map(|id| places.get(&**id)) {
                for (sum, count) in total.iter_mut().zip(&incidents[*at]) {
                    *sum += count;
                }
            }
            total
        };
        let rules = report.rules.iter().map(|rule| sum(&rule.incidents)).collect();
        let hosts = report.hosts.iter().map(|host| sum(&host.incidents)).collect();
        Self {
            places,
            incidents,
            rules,
            hosts,
            host_weeks: host_weeks(report),
            past: Past::of(&report.weeks),
        }
    }

    /// The place of an incident in the report.
    pub fn incident(&self, id: &str) -> Option<usize> {
        self.places.get(id).copied()
    }

    /// Alerts by day of the incident at a place in the report.
    pub fn incident_days(&self, at: usize) -> &[u64] {
        &self.incidents[at]
    }

    /// Alerts by day of the rule at a place in the report.
    pub fn rule_days(&self, at: usize) -> &[u64] {
        &self.rules[at]
    }

    /// When a host sent data in its last weeks, the newest first.
    pub fn host_weeks(&self, host: &str) -> Vec<HostWeek<'a>> {
        self.host_weeks.get(host).cloned().unwrap_or_default()
    }

    /// Alerts by day of the host at a place in the report.
    pub fn host_days(&self, at: usize) -> &[u64] {
        &self.hosts[at]
    }
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
