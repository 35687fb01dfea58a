//! Times that cannot be right, each by a stated rule, and the order in which a file's alerts stand.

use std::collections::BTreeMap;

use super::{ClockFault, ValueCount, totals::ByQuarter};
use crate::{
    intake::{Course, DISORDER, Fault, FaultTally, Order, SKEW, Taken},
    read::Found,
    time::{DAY, QUARTER, Timestamp},
    wording::{count, span},
};

/// Days without any alert that set what follows them apart.
const APART: i64 = 91;

/// Hosts that are named for each fault.
const NAMED: usize = 5;

/// The faults, those that say most of a wrong clock first.
pub fn faults(found: &Found, taken: &Taken, quarters: &ByQuarter) -> Vec<ClockFault> {
    let mut all: Vec<ClockFault> = Vec::new();
    for (fault, tally) in &taken.times.faults {
        let (name, rule) = words(*fault);
        all.push(told(name, rule, tally, found, taken));
    }
    let place = all.iter().take_while(|fault| fault.fault.starts_with("ahead-of-")).count();
    if let Some(apart) = apart(found, taken, quarters) {
        all.insert(place, apart);
    }
    all
}

/// One sentence for each fault that makes a clock doubtful.
pub fn warnings(faults: &[ClockFault]) -> impl Iterator<Item = String> {
    let doubtful = faults.iter().filter(|fault| {
        fault.fault.starts_with("ahead-")
            || fault.fault == BEFORE_FALCO
            || fault.fault == APART_NAME
    });
    doubtful.map(|fault| {
        let place = fault.first.as_ref().map_or_else(String::new, |first| {
            format!(" The first stands in {}, line {}.", first.file, first.line)
        });
        let alerts = count(fault.count, "alert has a time", "alerts have times");
        format!("{alerts} that can hardly be right: {}.{place}", fault.rule)
    })
}

/// The order of a file's alerts, in a word.
pub fn order(course: &Course) -> Option<String> {
    course.order().map(|order| {
        match order {
            Order::Rising => "in order",
            Order::Falling => "newest first",
            Order::Mixed => "mixed",
        }
        .into()
    })
}

const BEFORE_FALCO: &str = "before-falco";
const APART_NAME: &str = "apart";

fn words(fault: Fault) -> (&'static str, String) {
    let skew = span(SKEW.unsigned_abs());
    match fault {
        Fault::AheadOfWrapper => (
            "ahead-of-wrapper",
            format!("more than {skew} later than what it is wrapped in says that it was taken up"),
        ),
        Fault::AheadOfReport => (
            "ahead-of-report",
            format!("more than {skew} later than the time at which this report is said to be made"),
        ),
        Fault::AheadOfNext => (
            "ahead-of-next",
            "more than a day later than the alert that stands next in its file".into(),
        ),
        Fault::BehindWrapper => (
            "behind-wrapper",
            "more than a day earlier than what it is wrapped in says that it was taken up: a slow clock, \
             or an alert that came late"
                .into(),
        ),
        Fault::BeforeFalco => {
            (BEFORE_FALCO, "before 2016, the year of Falco's first release".into())
        }
        Fault::OutOfOrder => (
            "out-of-order",
            format!(
                "more than {} earlier than the alert that stands before it in its file, which is not \
                 sorted the newest first",
                span(DISORDER.unsigned_abs())
            ),
        ),
    }
}

fn told(name: &str, rule: String, tally: &FaultTally, found: &Found, taken: &Taken) -> ClockFault {
    let mut hosts: Vec<_> = tally.hosts.iter().collect();
    hosts.sort_by(|a, b| b.1.cmp(a.1).then_with(|| a.0.cmp(b.0)));
    let named = hosts.iter().take(NAMED);
    ClockFault {
        fault: name.into(),
        rule,
        count: tally.count,
        first: tally.first.map(|(unit, line)| taken.places.origin(unit, line, &found.files)),
        hosts: named
            .map(|(host, count)| ValueCount { value: (*host).clone(), count: **count })
            .collect(),
        more_hosts: hosts.len().saturating_sub(NAMED) as u64,
    }
}

/// Alerts far behind the bulk of them all: no report without them would reach so far.
fn apart(found: &Found, taken: &Taken, quarters: &ByQuarter) -> Option<ClockFault> {
    let mut all: BTreeMap<i64, u64> = BTreeMap::new();
    let inside = quarters.iter().map(|(quarter, (alerts, _))| (*quarter, *alerts));
    let outside = taken.past.iter().flat_map(|past| past.quarters.iter().copied());
    for (quarter, count) in inside.chain(outside) {
        *all.entry(quarter).or_default() += count;
    }
    let quarters: Vec<(i64, u64)> = all.into_iter().collect();
    let gap = APART * DAY / QUARTER;
    let stretches = quarters.chunk_by(|one, next| next.0 - one.0 <= gap);
    let sized: Vec<(u64, i64)> = stretches
        .map(|stretch| (stretch.iter().map(|(_, count)| count).sum(), stretch[stretch.len() - 1].0))
        .collect();
    let (_, end) = sized.iter().max_by_key(|(count, _)| *count)?;
    let count = sized.iter().filter(|(_, last)| last > end).map(|(count, _)| count).sum::<u64>();
    let late = |time: Timestamp| time.secs.div_euclid(QUARTER) > end + gap;
    let latest = taken.times.courses.iter().filter_map(|course| course.latest);
    let first = latest.filter(|step| late(step.time)).map(|step| step.at).min();
    let tally = FaultTally { count, first, ..FaultTally::default() };
    let rule = format!(
        "more than {APART} days later than the bulk of all alerts, with nothing between: a clock that was \
         ahead, or logs with a hole"
    );
    (count > 0).then(|| told(APART_NAME, rule, &tally, found, taken))
}
