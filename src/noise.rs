//! How loud each rule is, which rules may be worth tuning, and what tuning would have hidden.
//!
//! Nothing is applied: a draft of an exception stands on a page with its price, and a person
//! decides.

mod apply;
mod cause;
mod draft;
mod measure;
mod reasons;
mod timer;

use std::collections::BTreeMap;

pub use self::draft::yaml;
use crate::{
    group::{Before, Grouped},
    priority::Priority,
    report::{Exception, Incident, Loudness, Noise, Price, Rule},
    time::Zone,
};

/// What noise is measured in.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The zone in which weeks are counted.
    pub zone: Zone,
    /// The silence, in seconds, that ends an episode.
    pub gap: u64,
    /// Whether exceptions are drafted for rules of Critical and above too.
    pub draft_critical: bool,
}

/// The command that checks a draft.
const CHECK: &str = "falco -V RULES_FILE -V EXCEPTION_FILE";

/// Measures every rule, the loudest first, and tells of those worth tuning. `grouped` and
/// `incidents` are the same alerts, `past` those outside the period.
pub fn build(
    grouped: &[Grouped],
    past: &[Before],
    incidents: &[Incident],
    rules: &[Rule],
    options: Options,
) -> (Vec<Loudness>, Vec<Noise>) {
    let mut groups: BTreeMap<&str, Vec<&Grouped>> = BTreeMap::new();
    for group in grouped {
        groups.entry(&group.rule).or_default().push(group);
    }
    let whole = measure::Whole::new(grouped, past, incidents, options);
    let mut loudness: Vec<_> =
        rules.iter().map(|rule| whole.rule(rule, &groups[rule.rule.as_str()])).collect();
    loudness.sort_by(|a, b| b.alerts.cmp(&a.alerts).then_with(|| a.rule.cmp(&b.rule)));
    let noise = loudness
        .iter()
        .filter_map(|rule| noise(rule, &groups[rule.rule.as_str()], options))
        .collect();
    (loudness, noise)
}

fn noise(rule: &Loudness, groups: &[&Grouped], options: Options) -> Option<Noise> {
    let because = reasons::reasons(rule)?;
    let drafted = drafted(rule, groups, options);
    let (exception, price, no_draft) = match drafted {
        Ok((exception, price)) => (Some(exception), Some(price), None),
        Err(reason) => (None, None, Some(reason)),
    };
    Some(Noise {
        rule: rule.rule.clone(),
        path: rule.path.clone(),
        priority: rule.priority,
        alerts: rule.alerts,
        share_of_alerts: rule.share_of_alerts,
        candidate_because: because,
        cause: cause::cause(rule, groups),
        draft: exception.as_ref().map(|exception| yaml(&rule.rule, exception)),
        check: exception.is_some().then(|| CHECK.to_owned()),
        exception,
        no_draft,
        price,
    })
}

fn drafted(
    rule: &Loudness,
    groups: &[&Grouped],
    options: Options,
) -> Result<(Exception, Price), String> {
    if rule.priority <= Priority::Critical && !options.draft_critical {
        return Err(format!(
            "No exception is drafted for a rule of priority {}; --draft-critical asks for it.",
            rule.priority
        ));
    }
    let draft = draft::draft(rule.top_shape.as_deref().unwrap_or(""), groups)?;
    let price = apply::price(&draft, groups);
    Ok((draft.exception(&rule.rule), price))
}

#[cfg(test)]
mod tests;
