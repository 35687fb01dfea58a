//! The weeks of a report, each held against the one before it.

mod book;
mod compare;
mod coverage;
mod days;
mod grid;
mod numbered;
mod paragraph;
mod rows;
mod trend;
mod view;
mod when;

#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use hashbrown::HashMap;
use rayon::prelude::*;

use super::{
    Number, Week,
    names::{Called, Pages},
};
use crate::{
    days::Days,
    history::{Calendar, History},
    period::Period,
    priority::Priority,
    time::{Timestamp, Zone},
    wording::count,
    working_hours::WorkingHours,
};
pub use book::Subject;
use book::{Book, Sum};
use numbered::Numbered;
pub use paragraph::{direction, limits, novelty, silence};
use view::View;
use when::Starts;

/// The name of the number of incidents, by which the direction of a week is told.
const INCIDENTS: &str = "Incidents";

/// Weeks that a report tells of, one of them the newest.
const MOST: usize = 53;

/// What weeks are told by.
pub struct Settings<'s> {
    /// The zone in which days are counted.
    pub zone: Zone,
    /// The silence, in seconds, that ends an episode.
    pub gap: u64,
    /// When people are at work.
    pub working_hours: &'s WorkingHours,
}

/// The weeks of a report.
pub struct Weeks {
    /// In order of time, at most 53.
    pub list: Vec<Week>,
    /// Weeks before those.
    pub earlier: u64,
    /// The place in the list of the week that the report is about: the newest one that lies in the
    /// period.
    pub present: Option<usize>,
}

impl Weeks {
    /// The week that the report is about.
    pub fn present(&self) -> Option<&Week> {
        self.list.get(self.present?)
    }

    /// How each incident of that week changed, by its id.
    pub fn words(&self) -> HashMap<&str, &'static str> {
        let rows = self.present().into_iter().flat_map(|week| &week.incident_rows);
        rows.filter_map(|row| Some((&*row.id, row.change?))).collect()
    }
}

/// Makes the weeks up to the end of the period.
pub fn build(
    history: &History<'_>,
    called: &Called<'_>,
    period: &Period,
    settings: &Settings<'_>,
) -> Weeks {
    let zone = settings.zone;
    let names = called.names;
    let (book, starts) = rayon::join(
        || Book::new(&history.ledger, names, zone),
        || Starts::of(&history.joined, names, zone),
    );
    let Some(present) = present(&book, history, period) else {
        return Weeks { list: Vec::new(), earlier: 0, present: None };
    };
    let mut mondays: Vec<NaiveDate> =
        book.weeks.keys().copied().filter(|monday| in_reach(*monday, present, period)).collect();
    let earlier = mondays.len().saturating_sub(MOST);
    mondays.drain(..earlier);
    let source = Source { history, book: &book, starts: &starts, called, settings };
    let list: Vec<Week> = mondays.par_iter().filter_map(|monday| source.week(*monday)).collect();
    let at = mondays.iter().position(|monday| *monday == present);
    Weeks { list, earlier: earlier as u64, present: at }
}

/// The week that a report is about: of a period in days the last one that lies in it as a whole, or
/// else the last that lies in it in part; of all the newest.
fn present(book: &Book<'_>, history: &History<'_>, period: &Period) -> Option<NaiveDate> {
    let Period::Days { from, to, .. } = period else { return history.ledger.newest() };
    let last_day = to.pred_opt().unwrap_or(*to);
    let last = Calendar::monday(last_day);
    let whole = Calendar::monday(*to);
    let whole = Calendar::back(whole, 1);
    let wanted = if whole >= *from && whole < *to { whole } else { last };
    let held = |monday: NaiveDate| book.weeks.contains_key(&monday);
    if held(wanted) {
        return Some(wanted);
    }
    book.weeks.range(Calendar::monday(*from)..*to).next_back().map(|(monday, _)| *monday)
}

fn in_reach(monday: NaiveDate, present: NaiveDate, period: &Period) -> bool {
    match period {
        // Weeks of a wrong clock's future have alerts too, and every alert of `all` is in a week.
        Period::All => true,
        Period::Days { .. } => monday <= present,
    }
}

struct Source<'s> {
    history: &'s History<'s>,
    book: &'s Book<'s>,
    starts: &'s Starts,
    called: &'s Called<'s>,
    settings: &'s Settings<'s>,
}

impl Source<'_> {
    fn week(&self, monday: NaiveDate) -> Option<Week> {
        let view = View::new(self.book, monday)?;
        let zone = self.book.zone;
        let calendar = Calendar::of(monday, zone);
        let (changes, no_changes) = match compare::changes(&view, &self.called.pages) {
            Ok(changes) => (Some(changes), None),
            Err(sentence) => (None, Some(sentence)),
        };
        let covered = view.this.week.covered;
        let [rule_rows, host_rows] = rows::sums(&view, &self.called.pages);
        let kept = self.history.kept.get(&monday).copied().unwrap_or_default();
        let counted = self.history.counted.contains(&monday);
        let mut week = Week {
            label: view.label(),
            from: calendar.from,
            to: calendar.to,
            dates: rows::dates(&calendar),
            hours: calendar.hours(),
            part: (covered != Days::WEEK && !covered.is_empty()).then(|| covered.words()),
            source: match (counted, kept.alerts > 0) {
                (true, false) => "logs",
                (true, true) => "logs and history",
                _ => "history",
            }
            .into(),
            kept: (counted && kept.alerts > 0).then(|| {
                format!(
                    "The logs now hold less of {} than the history recorded: {} of {} come from the history alone.",
                    view.label(),
                    count(kept.alerts, "alert", "alerts"),
                    count(kept.incidents, "incident", "incidents"),
                )
            }),
            alerts: Days::WEEK.sum(&view.this.alerts),
            incidents: view.this.pairs.len() as u64,
            episodes: Days::WEEK.sum(&view.this.episodes),
            rules: seen(&view.this.rules, Days::WEEK),
            hosts: seen(&view.this.hosts, Days::WEEK),
            path: format!("weeks/{}/index", view.label()),
            summary: Vec::new(),
            changes,
            no_changes,
            numbers: numbers(&view),
            incident_rows: rows::incidents(&view, self.called, self.settings),
            verdicts: Vec::new(),
            actions: Vec::new(),
            more_actions: 0,
            rule_rows,
            host_rows,
            grid: grid::grid(&view),
            days: days::days(&view),
            when: (counted && kept.alerts == 0)
                .then(|| when::when(&view, self.starts, self.settings.working_hours)),
            fleet_wide: Vec::new(),
            fleet_wide_unknown: None,
            coverage: coverage::coverage(&view, &self.called.pages),
        };
        week.summary = paragraph::week(&week, self.last_alert(monday), zone);
        Some(week)
    }

    /// The last alert of the weeks before one.
    fn last_alert(&self, monday: NaiveDate) -> Option<Timestamp> {
        let before = self.book.weeks.range(..monday);
        before.filter_map(|(_, sums)| sums.last_seen).max()
    }
}

/// How many rules or hosts have an alert on some days.
fn seen(sums: &Numbered<Sum>, days: Days) -> u64 {
    sums.values().filter(|sum| days.sum(&sum.alerts) > 0).count() as u64
}

/// The totals of a week.
fn numbers(view: &View<'_, '_>) -> Vec<Number> {
    let mut alerts = trend::number(view, "Alerts", |sums, days| days.sum(&sums.alerts));
    // One loop makes thousands of alerts: they are shown, and never judged.
    (alerts.trend.change, alerts.trend.notable) = (String::new(), false);
    let mut all = vec![
        alerts,
        trend::number(view, INCIDENTS, |sums, days| sums.incidents(days, None)),
        trend::number(view, "Episodes", |sums, days| days.sum(&sums.episodes)),
        trend::number(view, "Rules fired", |sums, days| seen(&sums.rules, days)),
        trend::number(view, "Hosts with alerts", |sums, days| seen(&sums.hosts, days)),
        trend::number(view, "Hosts that sent data", |sums, days| {
            sums.spoke.values().filter(|(_, on)| !on.both(days).is_empty()).count() as u64
        }),
    ];
    for priority in Priority::ALL {
        let name = format!("{} {}", INCIDENTS, priority_words(priority));
        let number = trend::number(view, &name, |sums, days| sums.incidents(days, Some(priority)));
        let trend = &number.trend;
        if trend.this_week > 0 || trend.last_week.unwrap_or(0) > 0 {
            all.push(number);
        }
    }
    all
}

fn priority_words(priority: Priority) -> String {
    format!("of priority {}", priority.name())
}
