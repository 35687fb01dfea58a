//! The incidents, rules and hosts of a week.

use std::{cmp::Reverse, collections::BTreeMap};

use super::{
    Settings,
    book::{Subject, Sum, Sums},
    pages::Pages,
    trend::trend,
    view::{Change, View},
};
use crate::{
    days::Days,
    history::{Calendar, Key, Pair},
    report::{WeekIncident, WeekRow, edges, incident, order},
    time::Timestamp,
    wording,
};

/// Every incident of a week, ordered like those of the report.
pub fn incidents(view: &View<'_, '_>, pages: &Pages, settings: &Settings<'_>) -> Vec<WeekIncident> {
    let end = view.book.end(view.monday);
    let pairs = view.this.week.pairs.iter();
    let mut rows: Vec<WeekIncident> =
        pairs.map(|(key, pair)| row(view, pages, (key, pair), (settings, end))).collect();
    rows.sort_by(|a, b| order(a).cmp(&order(b)));
    rows
}

fn order(row: &WeekIncident) -> impl Ord + '_ {
    (
        row.priority,
        row.change.as_deref() != Some(Change::New.word()),
        row.state == order::CLOSED,
        row.host_weight,
        Reverse(row.episodes),
        Reverse(row.alerts),
        row.first_seen,
        row.rule.as_str(),
        row.host.as_str(),
    )
}

fn row(
    view: &View<'_, '_>,
    pages: &Pages,
    (key, pair): (&Key, &Pair),
    (settings, end): (&Settings<'_>, Timestamp),
) -> WeekIncident {
    let subject = Subject::Pair(key);
    let before_end = (end.secs - pair.last_seen.secs).max(0).unsigned_abs();
    let active = pair.goes_on || before_end <= settings.gap;
    let state = order::state(active, pair.continuous);
    let continued = pair.continued.then(|| "continued from last week".to_owned());
    let going_on = if pair.goes_on {
        Some("goes on in the week after".to_owned())
    } else {
        active.then(|| edges::still_active(pair.last_seen, end))
    };
    let edge: Vec<String> = continued.into_iter().chain(going_on).collect();
    let machine = settings.inventory.find(&key.host);
    WeekIncident {
        id: incident::id(&key.rule, &key.host),
        rule: key.rule.clone(),
        host: key.host.clone(),
        path: pages.path(&subject),
        priority: pair.priority,
        alerts: Days::WEEK.sum(&pair.alerts),
        episodes: Days::WEEK.sum(&pair.episodes),
        first_seen: pair.first_seen,
        last_seen: pair.last_seen,
        state: state.into(),
        continued: pair.continued,
        edge: (!edge.is_empty()).then(|| edge.join("; ")),
        change: view.change(&subject).map(|change| change.word().into()),
        owner: machine.and_then(|machine| machine.owner.clone()),
        host_weight: machine.map(|machine| machine.weight).unwrap_or_default(),
        fleet_wide: false,
        verdict: None,
    }
}

/// The rules of a week and of the one before, most episodes first.
pub fn rules(view: &View<'_, '_>, pages: &Pages) -> Vec<WeekRow> {
    rows(view, pages, |subject| matches!(subject, Subject::Rule(_)))
}

/// The hosts of a week and of the one before, most episodes first.
pub fn hosts(view: &View<'_, '_>, pages: &Pages) -> Vec<WeekRow> {
    rows(view, pages, |subject| matches!(subject, Subject::Host(_)))
}

fn rows<'l>(
    view: &View<'_, 'l>,
    pages: &Pages,
    wanted: impl Fn(&Subject<'l>) -> bool,
) -> Vec<WeekRow> {
    let of_last = view.last.into_iter().flat_map(|last| last.by.keys());
    let subjects: std::collections::BTreeSet<&Subject<'l>> =
        view.this.by.keys().chain(of_last).filter(|subject| wanted(subject)).collect();
    let whole = Whole {
        alerts: Days::WEEK.sum(&total(view)),
        now: incidents_of(view.this, view.days()),
        last: view.last.map(|last| incidents_of(last, view.days())),
    };
    let mut rows: Vec<WeekRow> =
        subjects.into_iter().map(|subject| summed(view, pages, subject, &whole)).collect();
    rows.sort_by(|a, b| {
        let key = |row: &WeekRow| (Reverse((row.trend.this_week, row.alerts)), row.priority);
        key(a).cmp(&key(b)).then_with(|| a.name.cmp(&b.name))
    });
    rows
}

/// What is counted once for all rows of a week.
struct Whole<'l> {
    alerts: u64,
    now: BTreeMap<Subject<'l>, u64>,
    last: Option<BTreeMap<Subject<'l>, u64>>,
}

/// Incidents of each rule and host with an alert on some days.
fn incidents_of<'l>(sums: &Sums<'l>, days: Days) -> BTreeMap<Subject<'l>, u64> {
    let mut counts = BTreeMap::new();
    for (key, _) in sums.week.pairs.iter().filter(|(_, pair)| days.sum(&pair.alerts) > 0) {
        for subject in [Subject::Rule(&key.rule), Subject::Host(&key.host)] {
            *counts.entry(subject).or_default() += 1;
        }
    }
    counts
}

fn summed<'l>(
    view: &View<'_, 'l>,
    pages: &Pages,
    subject: &Subject<'l>,
    whole: &Whole<'l>,
) -> WeekRow {
    let count = |counts: &BTreeMap<Subject<'l>, u64>| counts.get(subject).copied().unwrap_or(0);
    let now = view.this.by.get(subject);
    let either = || now.into_iter().chain(view.last.and_then(|last| last.by.get(subject)));
    let alerts = now.map_or(0, |sum| Days::WEEK.sum(&sum.alerts));
    let mut trend =
        trend(view, |sums, days| sums.by.get(subject).map_or(0, |sum| days.sum(&sum.episodes)));
    trend.change = view.change(subject).map_or("", Change::word).into();
    WeekRow {
        name: match subject {
            Subject::Rule(name) | Subject::Host(name) => (*name).into(),
            Subject::Pair(key) => key.rule.clone(),
        },
        path: pages.path(subject),
        priority: either()
            .map(|sum| sum.priority)
            .min()
            .unwrap_or(crate::priority::Priority::Debug),
        others: now.map_or(0, |sum: &Sum<'_>| sum.others.len() as u64),
        incidents: count(&whole.now),
        incidents_last_week: whole.last.as_ref().map(count),
        techniques: match subject {
            Subject::Rule(rule) => view.book.techniques.get(rule).cloned(),
            _ => None,
        },
        alerts,
        continued: now.map_or(0, |sum| sum.continued),
        share: wording::share(alerts, whole.alerts),
        fleet_wide: false,
        trend,
    }
}

/// Alerts of the week by day.
pub fn total(view: &View<'_, '_>) -> [u64; 7] {
    let mut days = [0; 7];
    for pair in view.this.week.pairs.values() {
        for (sum, alerts) in days.iter_mut().zip(pair.alerts) {
            *sum += alerts;
        }
    }
    days
}

/// `16–22 Nov 2026`, `30 Nov – 6 Dec 2026`
pub fn dates(calendar: &Calendar) -> String {
    let (first, last) = (calendar.day(0), calendar.day(6));
    let same_month = first.format("%b %Y").to_string() == last.format("%b %Y").to_string();
    let same_year = first.format("%Y").to_string() == last.format("%Y").to_string();
    let start = match (same_month, same_year) {
        (true, _) => first.format("%-d").to_string(),
        (_, true) => first.format("%-d %b").to_string(),
        _ => first.format("%-d %b %Y").to_string(),
    };
    let dash = if same_month { "–" } else { " – " };
    format!("{start}{dash}{}", last.format("%-d %b %Y"))
}
