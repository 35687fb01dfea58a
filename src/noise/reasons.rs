//! What makes a rule a candidate for tuning: a stated rule, no score.

use super::measure::LOUD_WEEK;
use crate::{
    report::Loudness,
    wording::{number, percent, span},
};

/// Alerts below which a rule is no noise, however uniform.
const ENOUGH: u64 = 20;

/// Reasons that are needed.
const NEEDED: usize = 2;

/// The reasons, if there are enough of them.
pub fn reasons(rule: &Loudness) -> Option<Vec<String>> {
    let reasons: Vec<_> =
        [a_day(rule), share(rule), shape(rule), timer(rule), weeks(rule), verdicts(rule)]
            .into_iter()
            .flatten()
            .collect();
    (rule.alerts >= ENOUGH && reasons.len() >= NEEDED).then_some(reasons)
}

fn a_day(rule: &Loudness) -> Option<String> {
    (rule.alerts_per_day > 50.0)
        .then(|| format!("{:.1} alerts a day (over 50)", rule.alerts_per_day))
}

fn share(rule: &Loudness) -> Option<String> {
    let share = rule.share_of_alerts;
    (share > 0.5).then(|| format!("{} of all alerts (over half)", percent(share)))
}

fn shape(rule: &Loudness) -> Option<String> {
    let share = rule.top_shape_share;
    (share > 0.8).then(|| format!("one shape makes {} of its alerts (over 80%)", percent(share)))
}

fn timer(rule: &Loudness) -> Option<String> {
    let seconds = rule.timer_seconds?;
    Some(format!("timer-like, about every {} (variation of the gaps below 0.2)", span(seconds)))
}

fn weeks(rule: &Loudness) -> Option<String> {
    let weeks = rule.loud_weeks;
    (weeks >= 2).then(|| {
        format!("over {LOUD_WEEK} alerts in each of {weeks} straight weeks (two are enough)")
    })
}

fn verdicts(rule: &Loudness) -> Option<String> {
    let (benign, judged) = (rule.judged_benign, rule.judged);
    (benign * 10 > judged * 8).then(|| {
        let verdicts = if judged == 1 { "verdict" } else { "verdicts" };
        format!("{} of {} {verdicts} benign (over 80%)", number(benign), number(judged))
    })
}
