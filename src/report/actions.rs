//! What could be done once for many incidents: the boxes to tick of their advice, gathered.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use hashbrown::{HashMap, HashSet};

use super::{Action, Incident, Report, Step, Week};

/// Actions that are shown.
const SHOWN: usize = 10;

/// The part of an advice whose steps outlast one incident. To confirm, contain, eradicate and close
/// is done for each incident anew, and stands on its page.
const LASTING: &str = "Prevent";

/// Incidents whose advice has the same steps.
#[derive(Debug)]
pub struct Alike {
    /// Their places in the report.
    pub incidents: Vec<usize>,
    /// The steps.
    pub steps: Vec<Step>,
}

/// Which steps are gathered, and in which order they stand, in words.
pub fn rule() -> String {
    format!(
        "the steps under {LASTING} in the advice for incidents that no verdict decides, alike ones as \
         one; first what would touch most incidents, then most episodes, then what concerns the \
         incident that comes first in the report"
    )
}

/// Gathers the open actions of the report, and of each of its weeks.
pub fn gather(report: &mut Report, alike: &[Alike]) {
    let incidents = &report.incidents;
    let open = |incident: &Incident| is_open(incident).then_some(incident.episode_count);
    let all: Vec<_> = incidents.iter().map(open).collect();
    let (actions, more) = of(incidents, alike, &all);
    let places: HashMap<&str, usize> =
        incidents.iter().enumerate().map(|(at, incident)| (&*incident.id, at)).collect();
    let of_week = |week: &Week| {
        let mut in_week = vec![None; incidents.len()];
        for row in &week.incident_rows {
            if let Some(at) = places.get(&*row.id).filter(|at| all[**at].is_some()) {
                in_week[*at] = Some(row.episodes);
            }
        }
        of(incidents, alike, &in_week)
    };
    let weeks: Vec<_> = report.weeks.iter().map(of_week).collect();
    (report.actions, report.more_actions) = (actions, more);
    for (week, (actions, more)) in report.weeks.iter_mut().zip(weeks) {
        (week.actions, week.more_actions) = (actions, more);
    }
}

/// What an action would touch.
#[derive(Default)]
struct Touched<'a> {
    alike: Vec<&'a Alike>,
    incidents: u64,
    episodes: u64,
    first: usize,
}

/// The first actions of those incidents of which episodes are counted, and how many there are
/// beyond.
fn of(incidents: &[Incident], alike: &[Alike], episodes: &[Option<u64>]) -> (Vec<Action>, u64) {
    let counted = |at: &usize| episodes[*at].is_some();
    let mut by_action: BTreeMap<(&str, &str), Touched<'_>> = BTreeMap::new();
    for group in alike {
        let open = || group.incidents.iter().copied().filter(counted);
        let Some(first) = open().min() else { continue };
        let (count, sum) =
            open().fold((0, 0), |(count, sum), at| (count + 1, sum + episodes[at].unwrap_or(0)));
        let lasting = group.steps.iter().filter(|step| step.part == LASTING);
        let distinct: BTreeSet<_> =
            lasting.map(|step| (step.lead.as_str(), step.part.as_str())).collect();
        for key in distinct {
            let touched = by_action.entry(key).or_default();
            touched.first = if touched.incidents == 0 { first } else { touched.first.min(first) };
            touched.incidents += count;
            touched.episodes += sum;
            touched.alike.push(group);
        }
    }
    let mut ordered: Vec<_> = by_action.into_iter().collect();
    ordered.sort_by_key(|(key, touched)| {
        (Reverse(touched.incidents), Reverse(touched.episodes), touched.first, *key)
    });
    let more = ordered.len().saturating_sub(SHOWN) as u64;
    let shown = ordered.into_iter().take(SHOWN);
    let tell = |((lead, part), touched): ((&str, &str), Touched<'_>)| {
        let mut places: Vec<_> =
            touched.alike.iter().flat_map(|group| &group.incidents).copied().collect();
        places.retain(counted);
        places.sort_unstable();
        action(lead, part, &touched, places.iter().map(|at| &incidents[*at]))
    };
    (shown.map(tell).collect(), more)
}

/// Whether an incident waits for somebody: no verdict decides it.
fn is_open(incident: &Incident) -> bool {
    incident.verdict.as_ref().is_none_or(|verdict| verdict.expired)
}

fn action<'a>(
    lead: &str,
    part: &str,
    touched: &Touched<'_>,
    incidents: impl Iterator<Item = &'a Incident> + Clone,
) -> Action {
    let rules: HashSet<_> = incidents.clone().map(|incident| &incident.rule).collect();
    let hosts: HashMap<_, _> =
        incidents.clone().map(|incident| (&incident.host, &incident.owner)).collect();
    let owners: BTreeSet<_> = hosts.values().filter_map(|owner| owner.as_ref()).collect();
    Action {
        action: lead.into(),
        part: part.into(),
        rules: in_order(rules),
        owners: owners.into_iter().cloned().collect(),
        hosts: hosts.len() as u64,
        hosts_without_owner: hosts.values().filter(|owner| owner.is_none()).count() as u64,
        incidents: touched.incidents,
        episodes: touched.episodes,
        list: incidents.map(|incident| incident.id.clone()).collect(),
    }
}

fn in_order(names: HashSet<&Arc<str>>) -> Vec<Arc<str>> {
    let mut names: Vec<_> = names.into_iter().cloned().collect();
    names.sort_unstable();
    names
}
