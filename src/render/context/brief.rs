//! The report in brief, filled at a size.

use std::sync::Arc;

use super::{Contexts, SiteHead};
use crate::{
    render::{
        brief::{
            Brief, BriefAction, BriefChange, BriefChanges, BriefIncident, BriefList, BriefNumber,
            Links, Size, cut,
        },
        weeks::{self, ChangeList, ChangesView},
    },
    report::{Action, Changed, Incident, Report, Verdict},
    time::Zone,
    wording::{self, count, number},
};

/// Characters of an action.
const ACTION: usize = 160;

impl<'a> Contexts<'a> {
    /// The report in brief, at a size.
    pub fn brief(&self, size: &Size, links: Links<'a>) -> Brief<'a> {
        let report = self.report;
        let zone = Zone::named(&report.period.timezone).unwrap_or(Zone::UTC);
        let sentences = |list: &[String], most: usize| -> Vec<String> {
            list.iter().take(most).map(|sentence| cut(sentence, size.sentence)).collect()
        };
        let (numbers, more_numbers) = numbers(report, size);
        let attention: Vec<_> = report
            .attention
            .iter()
            .filter_map(|id| self.survey.incident(id))
            .take(size.attention)
            .enumerate()
            .map(|(at, place)| {
                let links = Some(links).filter(|_| at < size.links);
                incident(&report.incidents[place], size, links, zone)
            })
            .collect();
        let summary = sentences(&report.summary, size.sentences);
        let limits = limits(report, &summary);
        let suppressed = report.verdicts.suppressed_incidents;
        let open = report.incidents.len() - usize::try_from(suppressed).unwrap_or(0);
        Brief {
            site: SiteHead { root: links.root.unwrap_or(""), ..self.site("brief") },
            title: cut(&report.title, size.name),
            tlp: report.tlp.as_deref().map(|mark| cut(mark, size.name.min(30))),
            scope: scope(report, zone),
            summary,
            more_sentences: report.summary.len().saturating_sub(size.sentences),
            changes: weeks::present(report)
                .and_then(|week| Some(changes(week.label, week.changes?, size))),
            no_changes: report
                .no_changes
                .as_deref()
                .filter(|_| report.changes.is_none())
                .map(|why| cut(why, size.sentence)),
            more_attention: open.saturating_sub(attention.len()),
            attention,
            suppressed,
            numbers,
            more_numbers,
            actions: report
                .actions
                .iter()
                .take(size.actions)
                .map(|action| brief_action(action, size))
                .collect(),
            more_actions: report.more_actions
                + report.actions.len().saturating_sub(size.actions) as u64,
            limits: sentences(&limits, size.limits),
            more_limits: limits.len().saturating_sub(size.limits),
            index: links.root.map(|_| format!("index{}", links.extension)),
        }
    }
}

/// `2026-W47 (16–22 Nov 2026), UTC; alerts from Mon 16 Nov, 00:07 to Sun 22 Nov, 23:52`
fn scope(report: &Report, zone: Zone) -> String {
    let period = &report.period;
    let week = report.present_week();
    let dates = |label: &str| {
        let week = week.filter(|week| week.label == label);
        week.map_or_else(String::new, |week| match &week.part {
            Some(part) => format!(" ({}; {part} only)", week.dates),
            None => format!(" ({})", week.dates),
        })
    };
    let mut text = match (period.from, week) {
        (Some(_), _) => format!("{}{}", period.label, dates(&period.label)),
        (None, Some(week)) => {
            format!("All of the logs; newest week {}{}", week.label, dates(&week.label))
        }
        (None, None) => "All of the logs".to_owned(),
    };
    text += &format!(", {}; ", zone.name());
    text += &match (period.first_alert, period.last_alert) {
        (Some(first), Some(last)) => format!("alerts {}", wording::between(first, last, zone)),
        _ => "no alerts".to_owned(),
    };
    text
}

/// What limits the report: the first sentence of each warning, but for those that the summary tells.
fn limits(report: &Report, summary: &[String]) -> Vec<String> {
    let first = |warning: &String| match warning.split_once(". ") {
        Some((first, _)) => format!("{first}."),
        None => warning.clone(),
    };
    report.quality.warnings.iter().map(first).filter(|limit| !summary.contains(limit)).collect()
}

fn changes<'a>(week: &'a str, changes: ChangesView<'a>, size: &Size) -> BriefChanges<'a> {
    BriefChanges {
        week,
        last_week: changes.last_week,
        same_days: changes.same_days,
        warning: changes.coverage_warning.map(|warning| cut(warning, size.sentence)),
        lists: changes.lists.iter().map(|list| brief_list(list, size)).collect(),
    }
}

fn brief_list<'a>(list: &ChangeList<'a>, size: &Size) -> BriefList<'a> {
    let rows: Vec<_> = list.rows.iter().take(size.changes).map(|row| change(row, size)).collect();
    BriefList {
        word: list.word,
        count: list.count,
        more: list.count - rows.len(),
        rows,
        within: list.within,
    }
}

fn change(row: &Changed, size: &Size) -> BriefChange {
    let counted = |count: u64| match (row.counted, count) {
        ("episodes", 1) => "1 episode".to_owned(),
        ("alerts", 1) => "1 alert".to_owned(),
        (counted, count) => format!("{} {counted}", number(count)),
    };
    let counts = match (row.this_week, row.last_week) {
        (now, 0) => counted(now),
        (0, before) => format!("{} before", counted(before)),
        (_, before) => format!("{}, before {}", counted(row.this_week), number(before)),
    };
    let name = |name: &Option<Arc<str>>| name.as_deref().map(|name| cut(name, size.name));
    BriefChange { priority: row.priority, rule: name(&row.rule), host: name(&row.host), counts }
}

fn incident(
    incident: &Incident,
    size: &Size,
    links: Option<Links<'_>>,
    zone: Zone,
) -> BriefIncident {
    let mut facts = vec![count(incident.count, "alert", "alerts")];
    let changed = |change: &&'static str| matches!(*change, "new" | "returned" | "louder");
    facts.extend(incident.change.filter(changed).map(str::to_owned));
    facts.extend(Some(incident.state).filter(|state| *state != "closed").map(str::to_owned));
    facts.extend(incident.verdict.as_deref().map(verdict));
    facts.extend(incident.owner.as_ref().map(|owner| format!("owner {owner}")));
    let ticket = incident.verdict.as_ref().and_then(|verdict| verdict.ticket.as_ref());
    facts.extend(ticket.map(|ticket| format!("ticket {ticket}")));
    let root = links.filter(|links| links.root.is_some());
    BriefIncident {
        priority: incident.priority,
        rule: cut(&incident.rule, size.name),
        host: cut(&incident.host, size.name),
        facts: cut(&facts.join(", "), size.name + 40),
        when: wording::between(incident.first_seen, incident.last_seen, zone),
        page: root.map(|links| format!("{}{}", incident.path, links.extension)),
    }
}

fn verdict(verdict: &Verdict) -> String {
    let expired = if verdict.expired { " (expired)" } else { "" };
    format!("verdict {}{expired}", verdict.verdict)
}

/// Totals of the week beside those of the week before; where nothing is compared, incidents by
/// priority, as on the first page.
fn numbers(report: &Report, size: &Size) -> (Vec<BriefNumber>, usize) {
    let weekly = report.numbers.iter().map(|total| BriefNumber {
        name: total.name.clone(),
        this_week: total.trend.this_week,
        last_week: total.trend.last_week,
        notable: Some(&total.trend.change).filter(|_| total.trend.notable).cloned(),
    });
    let overall = report.priorities.iter().map(|total| BriefNumber {
        name: total.priority.to_string(),
        this_week: total.incidents,
        last_week: None,
        notable: None,
    });
    let all: Vec<_> = if report.changes.is_some() { weekly.collect() } else { overall.collect() };
    let more = all.len().saturating_sub(size.numbers);
    (all.into_iter().take(size.numbers).collect(), more)
}

fn brief_action(action: &Action, size: &Size) -> BriefAction {
    BriefAction {
        action: cut(&action.action, size.sentence.min(ACTION)),
        incidents: action.incidents,
    }
}
