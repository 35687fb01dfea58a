//! Which hosts sent data, and in which hours: alerts that stay away may be silence.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{
    book::{Book, RECENT, Subject},
    compare::some,
    pages::Pages,
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
    let hosts = hosts(view.book, view.monday);
    let week = &view.this.week.hosts;
    let last = view.last.map(|last| &last.week.hosts);
    let rows: Vec<HostCoverage> = hosts
        .iter()
        .map(|host| {
            let spoke = week.get(*host);
            let hours = |spoke: Option<&crate::history::Spoke>| {
                spoke.map_or(0, |spoke| spoke.hours.count())
            };
            HostCoverage {
                host: (*host).into(),
                path: pages.path(&Subject::Host(host)),
                hours_with_data: hours(spoke),
                hours: spoke.map(|spoke| spoke.hours.to_string()).unwrap_or_default(),
                hours_last_week: last.map(|last| hours(last.get(*host))),
                heartbeat: heartbeat(view.book, view.monday, host),
                silent_since: silent_since(view, host),
            }
        })
        .collect();
    let hours = week.keys().map(|host| covered(view, view.monday, host).len() as u64).sum();
    let beats = !week.is_empty() && week.values().all(|spoke| spoke.heartbeat);
    Coverage {
        hosts_reporting: week.len() as u64,
        hours_covered: hours,
        heartbeat: beats,
        note: note(&rows, week.len() as u64, beats),
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
fn hosts<'b>(book: &'b Book<'_>, monday: NaiveDate) -> BTreeSet<&'b str> {
    let weeks = (0..=RECENT).filter_map(|back| book.weeks.get(&Calendar::back(monday, back)));
    weeks.flat_map(|sums| sums.week.hosts.keys().map(String::as_str)).collect()
}

/// Whether Falco's metrics came from a host in a week or the four before it.
pub fn heartbeat(book: &Book<'_>, monday: NaiveDate, host: &str) -> bool {
    (0..=RECENT)
        .filter_map(|back| book.weeks.get(&Calendar::back(monday, back))?.week.hosts.get(host))
        .any(|spoke| spoke.heartbeat)
}

/// The hours with data of a host in a week and around it, counted from 1970-01-01.
fn spoken(book: &Book<'_>, mondays: impl Iterator<Item = NaiveDate>, host: &str) -> Vec<i64> {
    let mut hours: Vec<i64> = Vec::new();
    for monday in mondays {
        let calendar = Calendar::of(monday, book.zone);
        let spoke = book.weeks.get(&monday).and_then(|sums| sums.week.hosts.get(host));
        let all = spoke.into_iter().flat_map(|spoke| spoke.hours.iter());
        hours.extend(all.map(|hour| calendar.instant(hour).secs.div_euclid(3600)));
    }
    hours.sort_unstable();
    hours.dedup();
    hours
}

/// The hours of a week that a host covers, counted from 1970-01-01: those with data, and those of
/// silences that are usual for it.
pub fn covered(view: &View<'_, '_>, monday: NaiveDate, host: &str) -> BTreeSet<i64> {
    let calendar = Calendar::of(monday, view.book.zone);
    let weeks = (0..=RECENT).map(|back| Calendar::back(monday, back));
    let mut hours = spoken(view.book, weeks.chain([calendar.day(7)]), host);
    let (from, to) = (calendar.from.secs.div_euclid(3600), calendar.to.secs.div_euclid(3600));
    let mut all: BTreeSet<i64> = hours.iter().copied().collect();
    // Where the host was not heard of before or after the week, the week's edge ends a silence.
    match (hours.first().copied(), hours.last().copied()) {
        (Some(first), Some(last)) => {
            hours.extend((first >= from).then_some(from - 1));
            hours.extend((last < to).then_some(to));
            hours.sort_unstable();
        }
        _ => return all,
    }
    let most = usual_silence(&hours).max(least_silence(view, host));
    for pair in hours.windows(2) {
        if pair[1] - pair[0] <= most {
            all.extend(pair[0]..pair[1]);
        }
    }
    all.range(from..to).copied().collect()
}

/// Twice the second-longest silence: hosts of which little is heard have several long ones, and one
/// that falls silent has one.
fn usual_silence(hours: &[i64]) -> i64 {
    let mut silences: Vec<i64> = hours.windows(2).map(|pair| pair[1] - pair[0]).collect();
    silences.sort_unstable();
    silences.iter().rev().nth(1).map_or(0, |second| 2 * second)
}

/// A silence that is no matter for any host.
fn least_silence(view: &View<'_, '_>, host: &str) -> i64 {
    SILENCE[usize::from(heartbeat(view.book, view.monday, host))]
}

/// When a host fell silent: at the end of the data it has sent nothing for longer than a silence
/// that is taken as quiet, and for more than twice its longest silence before.
fn silent_since(view: &View<'_, '_>, host: &str) -> Option<Timestamp> {
    let mondays = (0..=RECENT).map(|back| Calendar::back(view.monday, back));
    let hours = spoken(view.book, mondays, host);
    let end = view.book.end(view.monday).secs.div_euclid(3600);
    let last = *hours.last()?;
    let silence = end - last - 1;
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
    let on = |reported: &BTreeMap<&str, Days>| -> BTreeSet<String> {
        let there = reported.iter().filter(|(_, on)| !on.both(days).is_empty());
        there.map(|(host, _)| (*host).to_owned()).collect()
    };
    let (now, before) = (on(&view.this.reported), on(&last.reported));
    if differ(now.len() as u64, before.len() as u64) {
        let missing: Vec<String> = before.difference(&now).cloned().collect();
        let added: Vec<String> = now.difference(&before).cloned().collect();
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
    let hours = |hosts: &BTreeSet<String>, monday| -> u64 {
        hosts.iter().map(|host| on_days(view, monday, host, days)).sum()
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

fn on_days(view: &View<'_, '_>, monday: NaiveDate, host: &str, days: Days) -> u64 {
    let calendar = Calendar::of(monday, view.book.zone);
    let hours = covered(view, monday, host);
    let on = hours
        .iter()
        .filter(|hour| days.contains(calendar.weekday(Timestamp::from_secs(**hour * 3600))));
    on.count() as u64
}
