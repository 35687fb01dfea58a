//! What is new, returned, louder, quieter or gone quiet.

use std::{borrow::Cow, cmp::Reverse};

use hashbrown::HashSet;

use super::{
    Pages,
    book::{HISTORY, RECENT, Seen, Subject, Sums},
    coverage,
    trend::percent,
    view::{self, Change, Counts, View},
};
use crate::{
    days::Days,
    history::Calendar,
    period::Period,
    priority::Priority,
    report::{ChangeLists, Changed, Changes},
    wording::{self, count},
};

/// Names of hosts or rules that stand beside a rule or a host.
const NAMED: usize = 3;

/// What changed since the week before, or one sentence on why that cannot be said.
pub fn changes(view: &View<'_, '_>, pages: &Pages) -> Result<Changes, String> {
    let Some(last) = view.last else { return Err(absent(view)) };
    let days = view.days();
    let (week, last_week) = (view.label(), view.last_label());
    let of = |change| list(view, change, pages);
    Ok(Changes {
        same_days: (days != Days::WEEK).then(|| days.words()),
        compared: compared(
            &[(&week, view.this.week.covered), (&last_week, last.week.covered)],
            days,
        ),
        weeks_before: view.weeks_before(),
        new_means: new_means(view),
        coverage_warning: coverage::warning(view),
        week,
        last_week,
        new: of(Change::New),
        returned: of(Change::Returned),
        louder: of(Change::Louder),
        quieter: of(Change::Quieter),
        gone_quiet: of(Change::GoneQuiet),
    })
}

/// What is compared with what.
fn compared(weeks: &[(&String, Days); 2], days: Days) -> String {
    let parts: Vec<String> = weeks
        .iter()
        .filter(|(_, covered)| *covered != Days::WEEK)
        .map(|(week, covered)| format!("{} of {week}", covered.words()))
        .collect();
    if parts.is_empty() {
        let [(week, _), (last_week, _)] = weeks;
        return format!("{week} is compared with {last_week}, both whole.");
    }
    format!(
        "The data cover only {}, so {} of both weeks are compared.",
        wording::list(&parts),
        days.words()
    )
}

/// Why nothing is compared.
fn absent(view: &View<'_, '_>) -> String {
    let (week, last) = (view.label(), view.last_label());
    if view.book.weeks.range(..view.monday).next().is_none() {
        format!(
            "{week} is the first week in this data, so nothing can be said yet of what is new or has changed."
        )
    } else if view.book.week(Calendar::back(view.monday, 1)).is_some() {
        format!(
            "The data of {last} and {week} have no day of the week in common: nothing is compared."
        )
    } else {
        format!("There are no data of the week before, {last}: nothing is compared.")
    }
}

/// The word for what was never seen before, which a short history makes a weak one.
pub fn new_means(view: &View<'_, '_>) -> String {
    if view.weeks_before() >= RECENT {
        return "new".into();
    }
    let first = (1..=HISTORY).rev().find_map(|back| {
        let monday = Calendar::back(view.monday, back);
        Some((monday, view.book.week(monday)?.week.covered))
    });
    let day = first.map(|(monday, covered)| {
        Calendar::of(monday, view.book.zone).day(covered.iter().next().unwrap_or(0))
    });
    let since = day.map_or_else(String::new, |day| day.format("%-d %b %Y").to_string());
    format!("first in this data (since {since})")
}

/// What changed in one way: gravest first, then by how much it changed, then by name.
fn list(view: &View<'_, '_>, change: Change, pages: &Pages) -> ChangeLists {
    let alike = view.changes.iter().filter(|(_, how)| *how == change);
    let mut all: Vec<(Subject, Sizes)> =
        alike.map(|(subject, _)| (*subject, Sizes::of(view, *subject))).collect();
    let listed: HashSet<Subject> = all.iter().map(|(subject, _)| *subject).collect();
    all.sort_unstable_by_key(|(subject, sizes)| (sizes.key(), *subject));
    let mut lists = ChangeLists::default();
    for (subject, sizes) in all {
        let list = match subject {
            Subject::Rule(_) => &mut lists.rules,
            Subject::Host(_) => &mut lists.hosts,
            Subject::Pair(_) => &mut lists.pairs,
        };
        let mut changed = changed(view, subject, sizes, pages);
        changed.within = within(view, subject, &listed);
        changed.note = note(view, subject, change);
        list.push(changed);
    }
    lists
}

/// By how much something changed.
#[derive(Clone, Copy)]
struct Sizes {
    priority: Priority,
    counts: Counts,
    alerts: u64,
    alerts_last_week: u64,
}

impl Sizes {
    fn of(view: &View<'_, '_>, subject: Subject) -> Self {
        let both = view.both(subject);
        let alerts = |seen: Option<Seen<'_>>| seen.map_or(0, |seen| view.days().sum(seen.alerts));
        Self {
            priority: view::priority(&both),
            counts: view.counts(&both),
            alerts: alerts(both[0]),
            alerts_last_week: alerts(both[1]),
        }
    }

    fn key(&self) -> (Priority, Reverse<u64>, Reverse<u64>) {
        let Counts { now, before, .. } = self.counts;
        let alerts = self.alerts.abs_diff(self.alerts_last_week);
        (self.priority, Reverse(now.abs_diff(before)), Reverse(alerts))
    }
}

fn changed(view: &View<'_, '_>, subject: Subject, sizes: Sizes, pages: &Pages) -> Changed {
    let names = view.book.names;
    let Counts { alerts, now: this_week, before } = sizes.counts;
    let (rule, host) = match subject {
        Subject::Rule(rule) => (Some(rule), None),
        Subject::Host(host) => (None, Some(host)),
        Subject::Pair(pair) => {
            let (rule, host) = names.of_pair(pair);
            (Some(rule), Some(host))
        }
    };
    let on = others(view, subject);
    let other = |number: &u32| match subject {
        Subject::Rule(_) => names.hosts.name(*number).to_string(),
        _ => names.rules.name(*number).to_string(),
    };
    Changed {
        rule: rule.map(|rule| names.rules.name(rule).clone()),
        host: host.map(|host| names.hosts.name(host).clone()),
        path: pages.path(subject),
        priority: sizes.priority,
        counted: if alerts { "alerts" } else { "episodes" },
        this_week,
        last_week: before,
        percent: percent(this_week, before),
        alerts: sizes.alerts,
        alerts_last_week: sizes.alerts_last_week,
        on: on.iter().take(NAMED).map(other).collect(),
        on_more: on.len().saturating_sub(NAMED) as u64,
        within: None,
        note: None,
    }
}

/// The hosts of a rule, the rules of a host.
fn others<'b>(view: &View<'b, '_>, subject: Subject) -> &'b [u32] {
    let sum = |sums: &'b Sums<'_>| match subject {
        Subject::Rule(rule) => sums.rules.get(rule),
        Subject::Host(host) => sums.hosts.get(host),
        Subject::Pair(_) => None,
    };
    let seen = sum(view.this).or_else(|| view.last.and_then(sum));
    seen.map_or(&[], |sum| &sum.others)
}

/// Whether the rule or the host of a pair says it already.
fn within(
    view: &View<'_, '_>,
    subject: Subject,
    listed: &HashSet<Subject>,
) -> Option<&'static str> {
    let Subject::Pair(pair) = subject else { return None };
    let (rule, host) = view.book.names.of_pair(pair);
    let says = [("rule", Subject::Rule(rule)), ("host", Subject::Host(host))];
    says.into_iter().find(|(_, other)| listed.contains(other)).map(|(word, _)| word)
}

fn note(view: &View<'_, '_>, subject: Subject, change: Change) -> Option<Cow<'static, str>> {
    match (change, subject) {
        (Change::Returned, _) => {
            let seen = view.last_seen(subject)?;
            let weeks = (view.monday - seen).num_weeks().unsigned_abs().saturating_sub(1);
            let label = Period::week(seen);
            let quiet = count(weeks, "week", "weeks");
            Some(format!("last seen in {}, then quiet for {quiet}", label.label()).into())
        }
        (Change::GoneQuiet, Subject::Host(host)) => Some(host_state(view, host).into()),
        (Change::GoneQuiet, Subject::Pair(pair)) => {
            Some(host_state(view, view.book.names.of_pair(pair).1).into())
        }
        _ => None,
    }
}

/// Silence has two causes: whether a host still sends tells them apart.
fn host_state(view: &View<'_, '_>, host: u32) -> &'static str {
    let days = view.this.spoke.get(host).map(|(_, days)| *days).unwrap_or_default();
    if days.both(view.days()).is_empty() {
        if coverage::heartbeat(view.book, view.monday, host) {
            "the host sent nothing this week, not even Falco's metrics: it was silent"
        } else {
            "the host sent nothing this week: whether it was quiet or silent cannot be told"
        }
    } else if view.this.has(Subject::Host(host)) {
        "the host sent other alerts"
    } else {
        "the host was there: Falco wrote of its own health"
    }
}

/// A list of names of which the rest is counted.
pub fn some(names: &[String], most: usize) -> String {
    let mut shown: Vec<String> = names.iter().take(most).cloned().collect();
    let more = names.len().saturating_sub(most);
    if more > 0 {
        shown.push(format!("{} more", wording::number(more as u64)));
    }
    wording::list(&shown)
}
