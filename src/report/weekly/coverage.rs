//! Which hosts sent data, and in which hours: alerts that stay away may be silence.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{
    Pages,
    book::{Book, RECENT, Subject, Sums},
    compare::some,
    view::View,
};
use crate::{
    days::Days,
    history::Calendar,
    hours::Hours,
    report::{Coverage, HostCoverage},
    time::Timestamp,
    wording::{count, number},
};

/// Hours of silence that are taken as quiet: a day, or two hours where Falco's metrics come.
const SILENCE: [i64; 2] = [24, 2];

/// Hours with data, below which a host's silences say nothing.
const ENOUGH: usize = 3;

/// Hosts that a sentence names.
const NAMED: usize = 3;

/// Which hosts sent data in a week and in those before it.
pub fn coverage(view: &View<'_, '_>, pages: &Pages) -> Coverage {
    let (book, week) = (view.book, &view.this.spoke);
    let end = book.end(view.monday);
    let row = |host: u32| {
        let spoke = week.get(host).map(|(spoke, _)| spoke);
        let last_week =
            |last: &Sums<'_>| last.spoke.get(host).map_or(0, |(spoke, _)| spoke.hours.count());
        HostCoverage {
            host: book.names.hosts.name(host).to_string(),
            path: pages.path(Subject::Host(host)),
            hours_with_data: spoke.map_or(0, |spoke| spoke.hours.count()),
            hours: spoke.map(|spoke| spoke.hours.to_string()).unwrap_or_default(),
            hours_last_week: view.last.map(last_week),
            heartbeat: heartbeat(book, view.monday, host),
            silent_since: silent_since(view, host, end),
        }
    };
    let rows: Vec<HostCoverage> = hosts(book, view.monday).into_iter().map(row).collect();
    let hours = week.numbers().map(|host| covered(view, view.monday, host).len() as u64).sum();
    let reporting = week.len() as u64;
    let beats = reporting > 0 && week.values().all(|(spoke, _)| spoke.heartbeat);
    Coverage {
        hosts_reporting: reporting,
        hours_covered: hours,
        heartbeat: beats,
        note: note(&rows, reporting, beats),
        hours: within(view),
        hosts: rows,
    }
}

/// The hours of a week that lie between the first and the last of all data.
fn within(view: &View<'_, '_>) -> String {
    let calendar = Calendar::of(view.monday, view.book.zone);
    let spoken = || view.this.week.hosts.values().flat_map(|spoke| spoke.hours.iter());
    let beside = |monday: NaiveDate| {
        let sums = view.book.weeks.get(&monday).filter(|_| monday != view.monday);
        sums.is_some_and(|sums| !sums.week.hosts.is_empty())
    };
    let end = u16::try_from(calendar.hours()).unwrap_or(0).saturating_sub(1);
    let first = if beside(Calendar::back(view.monday, 1)) { Some(0) } else { spoken().min() };
    let last = if beside(calendar.day(7)) { Some(end) } else { spoken().max() };
    match (first, last) {
        (Some(first), Some(last)) => (first..=last).collect::<Hours>().to_string(),
        _ => String::new(),
    }
}

/// Hosts that sent anything in a week or the four before it.
fn hosts(book: &Book<'_>, monday: NaiveDate) -> BTreeSet<u32> {
    let weeks = (0..=RECENT).filter_map(|back| book.weeks.get(&Calendar::back(monday, back)));
    weeks.flat_map(|sums| sums.spoke.numbers()).collect()
}

/// Whether Falco's metrics came from a host in a week or the four before it.
pub fn heartbeat(book: &Book<'_>, monday: NaiveDate, host: u32) -> bool {
    (0..=RECENT)
        .filter_map(|back| book.weeks.get(&Calendar::back(monday, back))?.spoke.get(host))
        .any(|(spoke, _)| spoke.heartbeat)
}

/// The hours with data of a host in some weeks, counted from 1970-01-01.
fn spoken(book: &Book<'_>, mondays: impl Iterator<Item = NaiveDate>, host: u32) -> Vec<i64> {
    let mut hours: Vec<i64> = Vec::new();
    for monday in mondays {
        let Some((spoke, _)) = book.weeks.get(&monday).and_then(|sums| sums.spoke.get(host)) else {
            continue;
        };
        let calendar = Calendar::of(monday, book.zone);
        let all = spoke.hours.iter();
        hours.extend(all.map(|hour| calendar.instant(hour).secs.div_euclid(3600)));
    }
    hours.sort_unstable();
    hours.dedup();
    hours
}

/// The hours of a week that a host covers, in order and counted from 1970-01-01: those with data, and
/// those of silences that are usual for it.
pub fn covered(view: &View<'_, '_>, monday: NaiveDate, host: u32) -> Vec<i64> {
    let calendar = Calendar::of(monday, view.book.zone);
    let weeks = (0..=RECENT).rev().map(|back| Calendar::back(monday, back));
    let mut hours = spoken(view.book, weeks.chain([calendar.day(7)]), host);
    let (from, to) = (calendar.from.secs.div_euclid(3600), calendar.to.secs.div_euclid(3600));
    let (Some(first), Some(last)) = (hours.first().copied(), hours.last().copied()) else {
        return hours;
    };
    // Where the host was not heard of before or after the week, the week's edge ends a silence.
    if first >= from {
        hours.insert(0, from - 1);
    }
    if last < to {
        hours.push(to);
    }
    let most = usual_silence(&hours).max(least_silence(view, host));
    let mut all = Vec::new();
    for pair in hours.windows(2) {
        let (hour, next) = (pair[0], pair[1]);
        let end = if next - hour <= most { next } else { hour + 1 };
        all.extend(hour.max(from)..end.min(to));
    }
    all
}

/// Twice the second-longest silence: hosts of which little is heard have several long ones, and one
/// that falls silent has one.
fn usual_silence(hours: &[i64]) -> i64 {
    let (mut longest, mut second) = (0, 0);
    for pair in hours.windows(2) {
        let silence = pair[1] - pair[0];
        (longest, second) = (longest.max(silence), second.max(silence.min(longest)));
    }
    2 * second
}

/// A silence that is no matter for any host.
fn least_silence(view: &View<'_, '_>, host: u32) -> i64 {
    SILENCE[usize::from(heartbeat(view.book, view.monday, host))]
}

/// When a host fell silent: at the end of the data it has sent nothing for longer than a silence
/// that is taken as quiet, and for more than twice its longest silence before.
fn silent_since(view: &View<'_, '_>, host: u32, end: Timestamp) -> Option<Timestamp> {
    let mondays = (0..=RECENT).rev().map(|back| Calendar::back(view.monday, back));
    let hours = spoken(view.book, mondays, host);
    let last = *hours.last()?;
    let silence = end.secs.div_euclid(3600) - last - 1;
    let longest = hours.windows(2).map(|pair| pair[1] - pair[0] - 1).max().unwrap_or(0);
    let most = least_silence(view, host);
    let silent = hours.len() >= ENOUGH && silence > most && silence > 2 * longest;
    silent.then(|| Timestamp::from_secs((last + 1) * 3600))
}

fn note(hosts: &[HostCoverage], reporting: u64, heartbeat: bool) -> String {
    let known = hosts.len() as u64;
    let sent = if known == reporting {
        format!("{} sent data", count(reporting, "host", "hosts"))
    } else {
        let known = count(known, "host", "hosts");
        format!("{} of {known} of the last five weeks sent data", number(reporting))
    };
    if heartbeat {
        format!(
            "{sent}; Falco's metrics come from each of them at fixed times: where they stay away, the host is \
             silent, not quiet."
        )
    } else {
        format!(
            "{sent}. Falco's metrics do not come from {}: where a host sends nothing, it cannot be told whether \
             it was quiet or silent.",
            if hosts.iter().any(|host| host.heartbeat) { "all of them" } else { "them" },
        )
    }
}

/// What makes a comparison doubtful: hosts or hours covered that differ by more than a tenth.
pub fn warning(view: &View<'_, '_>) -> Option<String> {
    let last = view.last?;
    let days = view.days();
    let on = |sums: &Sums<'_>| -> BTreeSet<u32> {
        let there = sums.spoke.iter().filter(|(_, (_, on))| !on.both(days).is_empty());
        there.map(|(host, _)| host).collect()
    };
    let (now, before) = (on(view.this), on(last));
    if differ(now.len() as u64, before.len() as u64) {
        let names = |hosts: &BTreeSet<u32>, others: &BTreeSet<u32>| -> Vec<String> {
            let name = |host: &u32| view.book.names.hosts.name(*host).to_string();
            hosts.difference(others).map(name).collect()
        };
        let (missing, added) = (names(&before, &now), names(&now, &before));
        let mut who = Vec::new();
        if !missing.is_empty() {
            who.push(format!("{} sent nothing this time", some(&missing, NAMED)));
        }
        if !added.is_empty() {
            who.push(format!("{} sent nothing last time", some(&added, NAMED)));
        }
        return Some(format!(
            "{} sent data, {} in the week before ({}): part of what changed may come from that.",
            count(now.len() as u64, "host", "hosts"),
            number(before.len() as u64),
            who.join("; "),
        ));
    }
    let hours = |hosts: &BTreeSet<u32>, monday| -> u64 {
        hosts.iter().map(|host| on_days(view, monday, *host, days)).sum()
    };
    let a = hours(&now, view.monday);
    let b = hours(&before, Calendar::back(view.monday, 1));
    differ(a, b).then(|| {
        format!(
            "The hosts are covered for {} in all, for {} in the week before: part of what changed may come from that.",
            count(a, "hour", "hours"),
            number(b),
        )
    })
}

/// Whether a count differs from an earlier one by more than a tenth of it.
fn differ(now: u64, before: u64) -> bool {
    now.abs_diff(before) * 10 > before
}

fn on_days(view: &View<'_, '_>, monday: NaiveDate, host: u32, days: Days) -> u64 {
    let hours = covered(view, monday, host);
    if days == Days::WEEK {
        return hours.len() as u64;
    }
    let calendar = Calendar::of(monday, view.book.zone);
    let on = hours
        .iter()
        .filter(|hour| days.contains(calendar.weekday(Timestamp::from_secs(**hour * 3600))));
    on.count() as u64
}
