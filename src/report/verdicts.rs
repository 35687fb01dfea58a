//! The user's verdicts laid upon the incidents.

use std::{collections::BTreeMap, sync::Arc};

use chrono::NaiveDate;

use super::{Incident, Verdict, VerdictEntry, Verdicts, Week, WeekVerdict};
use crate::{
    verdicts::{Entry, Judgement},
    wording::{count, list},
};

/// Incidents that are named in a warning.
const NAMED: usize = 3;

/// Gives each incident its verdict. An id wins over names, what holds over what has expired, and
/// then the first in the file. `today` is the day by which verdicts expire.
pub fn judge(incidents: &mut [Incident], entries: &[Entry], today: Option<NaiveDate>) -> Verdicts {
    let mut told = tell_all(entries, today);
    for incident in incidents.iter_mut() {
        if let Some(at) = decides(&told, entries, (&incident.id, &incident.rule, &incident.host)) {
            told[at].incidents += 1;
            told[at].alerts += incident.count;
            incident.verdict = Some(told[at].verdict.clone());
        }
    }
    sum(incidents, told)
}

/// Gives the incidents of each week their verdicts, and each week what they decide in it: by the same
/// day and in the same order as in the whole report.
pub fn judge_weeks(weeks: &mut [Week], entries: &[Entry], today: Option<NaiveDate>) {
    let told = tell_all(entries, today);
    // Most incidents are in several weeks.
    let mut decided: BTreeMap<Arc<str>, Option<usize>> = BTreeMap::new();
    for week in weeks.iter_mut().filter(|_| !entries.is_empty()) {
        let verdict = |entry: &VerdictEntry| WeekVerdict { entry: entry.clone(), episodes: 0 };
        let mut verdicts: Vec<WeekVerdict> = told.iter().map(verdict).collect();
        for row in &mut week.incident_rows {
            let at = *decided
                .entry(row.id.clone())
                .or_insert_with(|| decides(&told, entries, (&row.id, &row.rule, &row.host)));
            let Some(at) = at else { continue };
            let WeekVerdict { entry, episodes } = &mut verdicts[at];
            (entry.incidents, entry.alerts) = (entry.incidents + 1, entry.alerts + row.alerts);
            *episodes += row.episodes;
            row.verdict = Some(entry.verdict.clone());
        }
        verdicts.retain(|verdict| verdict.entry.incidents > 0);
        verdicts.sort_by_key(|WeekVerdict { entry, .. }| {
            (!entry.verdict.expired, !entry.verdict.suppressed)
        });
        week.verdicts = verdicts;
    }
}

/// The place of the entry that decides about an incident, by its id, rule and host.
fn decides(
    told: &[VerdictEntry],
    entries: &[Entry],
    (id, rule, host): (&str, &str, &str),
) -> Option<usize> {
    let about = entries.iter().zip(told).enumerate();
    about
        .filter(|(_, (entry, _))| entry.is_about(id, rule, host))
        .min_by_key(|(at, (entry, told))| (told.verdict.expired, entry.incident.is_none(), *at))
        .map(|(at, _)| at)
}

/// Entries before anything is counted.
fn tell_all(entries: &[Entry], today: Option<NaiveDate>) -> Vec<VerdictEntry> {
    let over = |entry: &Entry| today.is_some_and(|today| entry.is_over(today));
    entries.iter().map(|entry| tell(entry, over(entry))).collect()
}

fn tell(entry: &Entry, expired: bool) -> VerdictEntry {
    VerdictEntry {
        incident: entry.incident.clone(),
        rule: entry.rule.clone(),
        host: entry.host.clone(),
        verdict: Arc::new(Verdict {
            verdict: entry.verdict.word().to_owned(),
            note: entry.note.clone(),
            who: entry.who.clone(),
            ticket: entry.ticket.clone(),
            until: entry.until.map(|day| day.to_string()),
            expired,
            suppressed: entry.suppress && !expired,
        }),
        incidents: 0,
        alerts: 0,
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share")]
fn sum(incidents: &[Incident], entries: Vec<VerdictEntry>) -> Verdicts {
    let verdicts = || incidents.iter().filter_map(|one| Some((one, one.verdict.as_ref()?)));
    let judged = verdicts().filter(|(_, verdict)| !verdict.expired).count() as u64;
    let false_positive = Judgement::FalsePositive.word();
    let wrong = |verdict: &Verdict| !verdict.expired && verdict.verdict == false_positive;
    let false_positives = verdicts().filter(|(_, verdict)| wrong(verdict)).count() as u64;
    let suppressed = || verdicts().filter(|(_, verdict)| verdict.suppressed);
    Verdicts {
        entries,
        judged,
        false_positives,
        false_positive_share: (judged > 0).then(|| false_positives as f64 / judged as f64),
        suppressed_incidents: suppressed().count() as u64,
        suppressed_alerts: suppressed().map(|(incident, _)| incident.count).sum(),
        expired_incidents: verdicts().filter(|(_, verdict)| verdict.expired).count() as u64,
    }
}

/// The incidents to look at first: those whose verdict has expired, then all that are not
/// suppressed, each in the report's order.
pub fn attention(incidents: &[Incident], most: usize) -> Vec<Arc<str>> {
    let of = |wanted: fn(&Verdict) -> bool, none: bool| {
        incidents
            .iter()
            .filter(move |incident| incident.verdict.as_deref().map_or(none, wanted))
            .map(|incident| incident.id.clone())
    };
    let expired = of(|verdict| verdict.expired, false);
    expired.chain(of(|verdict| !verdict.expired && !verdict.suppressed, true)).take(most).collect()
}

/// A warning of entries about incidents that are not in the report.
pub fn unknown(verdicts: &Verdicts) -> Option<String> {
    let unknown = verdicts.entries.iter().filter(|entry| entry.incidents == 0);
    let ids: Vec<_> = unknown.filter_map(|entry| entry.incident.clone()).collect();
    let all = ids.len() as u64;
    let mut named: Vec<_> = ids.into_iter().take(NAMED).collect();
    if all > NAMED as u64 {
        named.push(format!("{} more", all - NAMED as u64));
    }
    (all > 0).then(|| {
        format!(
            "{} no incident of this report: {}. It may lie outside the period, or its id be \
             misspelt.",
            count(all, "verdict names", "verdicts name"),
            list(&named)
        )
    })
}
