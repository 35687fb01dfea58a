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

use rayon::prelude::*;

pub use self::draft::yaml;
use crate::{
    group::{Before, Combinations, Grouped},
    priority::Priority,
    report::{Exception, Incident, Loudness, Noise, Price, Rule},
    time::Zone,
};

/// What noise is measured in.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The zone in which weeks are counted.
    pub zone: Zone,
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
    let measured = rules.par_iter().map(|rule| whole.rule(rule, &groups[rule.rule.as_str()]));
    let mut loudness: Vec<_> = measured.collect();
    loudness.sort_by(|a, b| b.alerts.cmp(&a.alerts).then_with(|| a.rule.cmp(&b.rule)));
    let noise = loudness.par_iter().filter_map(|rule| {
        let because = reasons::reasons(rule)?;
        let groups = groups[rule.rule.as_str()].iter().map(|group| Group::of(group));
        Some(noise(rule, because, &groups.collect::<Vec<_>>(), options))
    });
    let noise = noise.collect();
    (loudness, noise)
}

/// The alerts of a rule on a host, as an exception is tried on them.
#[derive(Debug)]
struct Group<'g> {
    host: &'g str,
    count: u64,
    joint: Combinations<'g>,
}

impl<'g> Group<'g> {
    fn of(grouped: &'g Grouped) -> Self {
        Self { host: &grouped.host, count: grouped.count, joint: grouped.combinations() }
    }
}

fn noise(rule: &Loudness, because: Vec<String>, groups: &[Group<'_>], options: Options) -> Noise {
    let drafted = drafted(rule, groups, options);
    let (exception, price, no_draft) = match drafted {
        Ok((exception, price)) => (Some(exception), Some(price), None),
        Err(reason) => (None, None, Some(reason)),
    };
    Noise {
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
    }
}

fn drafted(
    rule: &Loudness,
    groups: &[Group<'_>],
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
