//! What is new, returned, louder, quieter or gone quiet.

use std::{cmp::Reverse, collections::BTreeSet};

use super::{
    book::{HISTORY, RECENT, Subject, Sum},
    coverage,
    pages::Pages,
    trend::percent,
    view::{Change, Counts, View},
};
use hashbrown::HashSet;

use crate::{
    days::Days,
    history::Calendar,
    period::Period,
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
    let mut lists = Lists::default();
    for subject in subjects(view) {
        if let Some(change) = view.change(&subject) {
            lists.add(change, changed(view, &subject, change, pages));
        }
    }
    lists.finish();
    let Lists { new, returned, louder, quieter, gone_quiet } = lists;
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
        new,
        returned,
        louder,
        quieter,
        gone_quiet,
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

/// Everything that is in this week, the one before, or in each of the last four.
fn subjects<'l>(view: &View<'_, 'l>) -> HashSet<Subject<'l>> {
    let sums = std::iter::once(view.this).chain(view.book.before(view.monday, RECENT));
    sums.flat_map(|sums| sums.by.keys().copied()).collect()
}

fn changed(view: &View<'_, '_>, subject: &Subject<'_>, change: Change, pages: &Pages) -> Changed {
    let (now, last) = (view.this.by.get(subject), view.last.and_then(|last| last.by.get(subject)));
    let days = view.days();
    let Counts { alerts, now: this_week, before } = view.counts(subject);
    let either = || now.into_iter().chain(last);
    let seen_with = now.or(last);
    let mut on: Vec<String> = match subject {
        Subject::Pair(_) => Vec::new(),
        _ => seen_with.into_iter().flat_map(|sum| &sum.others).map(|name| (*name).into()).collect(),
    };
    let on_more = on.len().saturating_sub(NAMED) as u64;
    on.truncate(NAMED);
    let (rule, host) = match subject {
        Subject::Rule(rule) => (Some((*rule).into()), None),
        Subject::Host(host) => (None, Some((*host).into())),
        Subject::Pair(key) => (Some(key.rule.clone()), Some(key.host.clone())),
    };
    let alerts_of = |sum: Option<&Sum<'_>>| sum.map_or(0, |sum| days.sum(&sum.alerts));
    Changed {
        rule,
        host,
        path: pages.path(subject),
        priority: either()
            .map(|sum| sum.priority)
            .min()
            .unwrap_or(crate::priority::Priority::Debug),
        counted: if alerts { "alerts" } else { "episodes" }.into(),
        this_week,
        last_week: before,
        percent: percent(this_week, before),
        alerts: alerts_of(now),
        alerts_last_week: alerts_of(last),
        on,
        on_more,
        within: None,
        note: note(view, subject, change),
    }
}

fn note(view: &View<'_, '_>, subject: &Subject<'_>, change: Change) -> Option<String> {
    match (change, subject) {
        (Change::Returned, _) => {
            let seen = view.last_seen(subject)?;
            let weeks = (view.monday - seen).num_weeks().unsigned_abs().saturating_sub(1);
            let label = Period::week(seen);
            Some(format!(
                "last seen in {}, then quiet for {}",
                label.label(),
                count(weeks, "week", "weeks")
            ))
        }
        (Change::GoneQuiet, Subject::Rule(_)) => None,
        (Change::GoneQuiet, Subject::Host(host)) => Some(host_state(view, host)),
        (Change::GoneQuiet, Subject::Pair(key)) => Some(host_state(view, &key.host)),
        _ => None,
    }
}

/// Silence has two causes: whether a host still sends tells them apart.
fn host_state(view: &View<'_, '_>, host: &str) -> String {
    let days = view.this.reported.get(host).copied().unwrap_or_default();
    if days.both(view.days()).is_empty() {
        if coverage::heartbeat(view.book, view.monday, host) {
            "the host sent nothing this week, not even Falco's metrics: it was silent".into()
        } else {
            "the host sent nothing this week: whether it was quiet or silent cannot be told".into()
        }
    } else if view.this.by.contains_key(&Subject::Host(host)) {
        "the host sent other alerts".into()
    } else {
        "the host was there: Falco wrote of its own health".into()
    }
}

#[derive(Default)]
struct Lists {
    new: ChangeLists,
    returned: ChangeLists,
    louder: ChangeLists,
    quieter: ChangeLists,
    gone_quiet: ChangeLists,
}

impl Lists {
    fn add(&mut self, change: Change, changed: Changed) {
        let lists = match change {
            Change::New => &mut self.new,
            Change::Returned => &mut self.returned,
            Change::Louder => &mut self.louder,
            Change::Quieter => &mut self.quieter,
            Change::GoneQuiet => &mut self.gone_quiet,
            Change::AboutTheSame => return,
        };
        match (&changed.rule, &changed.host) {
            (Some(_), Some(_)) => lists.pairs.push(changed),
            (Some(_), None) => lists.rules.push(changed),
            _ => lists.hosts.push(changed),
        }
    }

    fn finish(&mut self) {
        let all = [
            &mut self.new,
            &mut self.returned,
            &mut self.louder,
            &mut self.quieter,
            &mut self.gone_quiet,
        ];
        for lists in all {
            finish(lists);
        }
    }
}

/// Orders the lists, and marks the pairs whose rule or host says it already.
fn finish(lists: &mut ChangeLists) {
    let ChangeLists { rules, hosts, pairs } = lists;
    let named: BTreeSet<Option<String>> = rules.iter().map(|one| one.rule.clone()).collect();
    let placed: BTreeSet<Option<String>> = hosts.iter().map(|one| one.host.clone()).collect();
    for pair in pairs.iter_mut() {
        let within = [("rule", named.contains(&pair.rule)), ("host", placed.contains(&pair.host))];
        pair.within = within.into_iter().find(|(_, is)| *is).map(|(word, _)| word.into());
    }
    for list in [rules, hosts, pairs] {
        list.sort_by(|a, b| key(a).cmp(&key(b)));
    }
}

/// Gravest first, then by how much it changed, then by name.
fn key(changed: &Changed) -> impl Ord {
    (
        changed.priority,
        Reverse(changed.this_week.abs_diff(changed.last_week)),
        Reverse(changed.alerts.abs_diff(changed.alerts_last_week)),
        changed.rule.clone(),
        changed.host.clone(),
    )
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
