//! The incidents, rules and hosts of a week.

use std::{cmp::Reverse, collections::BTreeSet};

use super::{
    Pages, Settings,
    book::{Book, Subject, Sums},
    trend::trend,
    view::{self, Change, View},
};
use crate::{
    days::Days,
    history::{Calendar, Pair},
    report::{
        WeekIncident, WeekRow, edges,
        names::{Called, Numbers},
        order,
    },
    time::Timestamp,
    wording,
};

/// Every incident of a week, ordered like those of the report.
pub fn incidents(
    view: &View<'_, '_>,
    called: &Called<'_>,
    settings: &Settings<'_>,
) -> Vec<WeekIncident> {
    let end = view.book.end(view.monday);
    let pairs = view.this.pairs.iter();
    let mut rows: Vec<WeekIncident> =
        pairs.map(|pair| row(view, called, pair, (settings, end))).collect();
    // Stable, and they stand in the order of rule and host.
    rows.sort_by_key(order);
    rows
}

fn order(row: &WeekIncident) -> impl Ord + use<> {
    (
        row.priority,
        row.change != Some(Change::New.word()),
        row.state == order::CLOSED,
        row.host_weight,
        Reverse(row.episodes),
        Reverse(row.alerts),
        row.first_seen,
    )
}

fn row(
    view: &View<'_, '_>,
    called: &Called<'_>,
    (number, pair): (u32, &&Pair),
    (settings, end): (&Settings<'_>, Timestamp),
) -> WeekIncident {
    let names = view.book.names;
    let (rule, host) = names.of_pair(number);
    let (rule, host) = (names.rules.name(rule), names.hosts.name(host));
    let before_end = (end.secs - pair.last_seen.secs).max(0).unsigned_abs();
    let active = pair.goes_on || before_end <= settings.gap;
    let continued = pair.continued.then(|| "continued from last week".to_owned());
    let going_on = if pair.goes_on {
        Some("goes on in the week after".to_owned())
    } else {
        active.then(|| edges::still_active(pair.last_seen, end))
    };
    let edge: Vec<String> = continued.into_iter().chain(going_on).collect();
    let machine = called.machine(number);
    WeekIncident {
        id: called.pages.ids[number as usize].clone(),
        rule: rule.clone(),
        host: host.clone(),
        path: called.pages.path(Subject::Pair(number)),
        priority: pair.priority,
        alerts: Days::WEEK.sum(&pair.alerts),
        episodes: Days::WEEK.sum(&pair.episodes),
        first_seen: pair.first_seen,
        last_seen: pair.last_seen,
        state: order::state(active, pair.continuous),
        continued: pair.continued,
        edge: (!edge.is_empty()).then(|| edge.join("; ")),
        change: view.change(Subject::Pair(number)).map(Change::word),
        owner: machine.and_then(|machine| machine.owner.clone()),
        host_weight: machine.map(|machine| machine.weight).unwrap_or_default(),
        fleet_wide: false,
        verdict: None,
    }
}

/// The rules and the hosts of a week and of the one before, most episodes first.
pub fn sums(view: &View<'_, '_>, pages: &Pages) -> [Vec<WeekRow>; 2] {
    let whole = Whole {
        alerts: Days::WEEK.sum(&view.this.alerts),
        now: Incidents::of(view.book, view.this, view.days()),
        last: view.last.map(|last| Incidents::of(view.book, last, view.days())),
    };
    let weeks = || std::iter::once(view.this).chain(view.last);
    let rules = weeks().flat_map(|sums| sums.rules.numbers());
    let hosts = weeks().flat_map(|sums| sums.hosts.numbers());
    let rows = |subjects: BTreeSet<Subject>| {
        let mut rows: Vec<WeekRow> =
            subjects.into_iter().map(|subject| summed(view, pages, subject, &whole)).collect();
        // Stable, and they stand in the order of their names.
        rows.sort_by_key(|row| (Reverse((row.trend.this_week, row.alerts)), row.priority));
        rows
    };
    [rows(rules.map(Subject::Rule).collect()), rows(hosts.map(Subject::Host).collect())]
}

/// What is counted once for all rows of a week.
struct Whole {
    alerts: u64,
    now: Incidents,
    last: Option<Incidents>,
}

/// Incidents of each rule and host, by number, with an alert on some days.
struct Incidents {
    rules: Vec<u64>,
    hosts: Vec<u64>,
}

impl Incidents {
    fn of(book: &Book<'_>, sums: &Sums<'_>, days: Days) -> Self {
        let nothing = |names: &Numbers<'_>| vec![0; names.list().len()];
        let mut counts =
            Self { rules: nothing(&book.names.rules), hosts: nothing(&book.names.hosts) };
        for (number, _) in sums.pairs.iter().filter(|(_, pair)| days.sum(&pair.alerts) > 0) {
            let (rule, host) = book.names.of_pair(number);
            counts.rules[rule as usize] += 1;
            counts.hosts[host as usize] += 1;
        }
        counts
    }

    fn get(&self, subject: Subject) -> u64 {
        match subject {
            Subject::Rule(rule) => self.rules[rule as usize],
            Subject::Host(host) => self.hosts[host as usize],
            Subject::Pair(_) => 1,
        }
    }
}

fn summed(view: &View<'_, '_>, pages: &Pages, subject: Subject, whole: &Whole) -> WeekRow {
    let names = view.book.names;
    let (name, now) = match subject {
        Subject::Rule(rule) => (names.rules.name(rule), view.this.rules.get(rule)),
        Subject::Host(host) => (names.hosts.name(host), view.this.hosts.get(host)),
        Subject::Pair(pair) => (names.rules.name(names.of_pair(pair).0), None),
    };
    let alerts = now.map_or(0, |sum| Days::WEEK.sum(&sum.alerts));
    let mut trend =
        trend(view, |sums, days| sums.get(subject).map_or(0, |seen| days.sum(seen.episodes)));
    trend.change = view.change(subject).map_or("", Change::word).into();
    WeekRow {
        name: name.to_string(),
        path: pages.path(subject),
        priority: view::priority(&view.both(subject)),
        others: now.map_or(0, |sum| sum.others.len() as u64),
        incidents: whole.now.get(subject),
        incidents_last_week: whole.last.as_ref().map(|last| last.get(subject)),
        techniques: match subject {
            Subject::Rule(_) => view.book.techniques.get(&**name).cloned(),
            _ => None,
        },
        alerts,
        continued: now.map_or(0, |sum| sum.continued),
        share: wording::share(alerts, whole.alerts),
        fleet_wide: false,
        trend,
    }
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
