//! The user's verdicts laid upon the incidents.

use chrono::NaiveDate;

use super::{Incident, Verdict, VerdictEntry, Verdicts};
use crate::{
    verdicts::{Entry, Judgement},
    wording::{count, list},
};

/// Incidents that are named in a warning.
const NAMED: usize = 3;

/// Gives each incident its verdict. An id wins over names, what holds over what has expired, and
/// then the first in the file. `today` is the day by which verdicts expire.
pub fn judge(incidents: &mut [Incident], entries: &[Entry], today: Option<NaiveDate>) -> Verdicts {
    let over = |entry: &Entry| today.is_some_and(|today| entry.is_over(today));
    let mut told: Vec<_> = entries.iter().map(|entry| tell(entry, over(entry))).collect();
    for incident in incidents.iter_mut() {
        let about = entries
            .iter()
            .enumerate()
            .filter(|(_, entry)| entry.is_about(&incident.id, &incident.rule, &incident.host));
        let first = about.min_by_key(|(at, entry)| (over(entry), entry.incident.is_none(), *at));
        if let Some((at, _)) = first {
            told[at].incidents += 1;
            told[at].alerts += incident.count;
            incident.verdict = Some(told[at].verdict.clone());
        }
    }
    sum(incidents, told)
}

fn tell(entry: &Entry, expired: bool) -> VerdictEntry {
    VerdictEntry {
        incident: entry.incident.clone(),
        rule: entry.rule.clone(),
        host: entry.host.clone(),
        verdict: Verdict {
            verdict: entry.verdict.word().to_owned(),
            note: entry.note.clone(),
            who: entry.who.clone(),
            ticket: entry.ticket.clone(),
            until: entry.until.map(|day| day.to_string()),
            expired,
            suppressed: entry.suppress && !expired,
        },
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
pub fn attention(incidents: &[Incident], most: usize) -> Vec<String> {
    let of = |wanted: fn(&Verdict) -> bool, none: bool| {
        incidents
            .iter()
            .filter(move |incident| incident.verdict.as_ref().map_or(none, wanted))
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
