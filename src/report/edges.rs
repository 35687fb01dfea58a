//! Where a period begins and ends, and what an episode says that touches an edge of it.

use std::collections::BTreeMap;

use super::{Episode, Options, bursts, order};
use crate::{
    group::{Activity, Grouped, Span},
    intake::Taken,
    period::Period,
    time::{DAY, Timestamp, Zone},
    wording::span as length,
};

/// What an incident's episodes are held against.
pub struct Edges<'t> {
    start: Option<Timestamp>,
    end: Option<Timestamp>,
    gap: i128,
    zone: Zone,
    week: bool,
    /// Whether the logs reach back before the period.
    reach_back: bool,
    outside: BTreeMap<(&'t str, &'t str), Outside>,
}

/// The alerts of an incident nearest to the period, outside it.
#[derive(Clone, Copy, Debug, Default)]
struct Outside {
    before: Option<Timestamp>,
    after: Option<Timestamp>,
}

impl<'t> Edges<'t> {
    /// The edges of the period; where the data end before it, or it has none, the last alert of all
    /// is its end.
    pub fn new(taken: &'t Taken, grouped: &[Grouped], options: &Options) -> Self {
        let (start, end) = options.period.bounds(options.zone);
        let gap = i128::from(options.gap) * 1_000_000_000;
        let first = grouped.iter().map(|incident| incident.first.time).min();
        let last = grouped.iter().map(|incident| incident.last.time).max();
        // Logs shorter than a gap have no end of which anything could be said.
        let last = last.filter(|last| first.is_some_and(|first| between(first, *last) > gap));
        let data = data_end(taken);
        let reached = end.filter(|end| data.is_some_and(|data| between(data, *end) <= gap));
        let is_before = |time: Timestamp| start.is_some_and(|start| time < start);
        let spans = taken.past.iter().flat_map(|past| &past.episodes);
        Self {
            start,
            end: reached.or(last),
            gap,
            zone: options.zone,
            week: Period::monday_of(options.period.label()).is_some(),
            reach_back: spans.clone().any(|span| is_before(span.first)),
            outside: taken
                .past
                .iter()
                .map(|past| {
                    let (before, after): (Vec<&Span>, Vec<&Span>) =
                        past.episodes.iter().partition(|span| is_before(span.first));
                    let outside = Outside {
                        before: before.iter().map(|span| span.last).max(),
                        after: after.iter().map(|span| span.first).min(),
                    };
                    ((past.rule.as_str(), past.host.as_str()), outside)
                })
                .collect(),
        }
    }

    /// When those of an incident's episodes began that are not known to have begun before the period.
    pub fn begun(&self, grouped: &Grouped, spans: Vec<Span>) -> impl Iterator<Item = Timestamp> {
        let outside = self.outside(grouped);
        let episodes = spans.into_iter();
        let begun = episodes.filter(move |span| !self.continued(span, outside));
        begun.map(|span| span.first)
    }

    /// The state of an incident at the end of the period.
    pub fn state(&self, grouped: &Grouped) -> &'static str {
        grouped
            .last_episode
            .as_ref()
            .map_or("", |last| order::state(self.near(self.end, last.last), is_continuous(last)))
    }

    /// The episodes of an incident, which are told of runs of its alerts.
    pub fn episodes(
        &self,
        grouped: &Grouped,
        spans: &[Span],
        activity: &[Activity],
    ) -> Vec<Episode> {
        let outside = self.outside(grouped);
        let episodes = spans.iter().zip(activity);
        episodes.map(|(span, activity)| self.episode(span, activity, outside)).collect()
    }

    fn outside(&self, grouped: &Grouped) -> Outside {
        let key = (grouped.rule.as_str(), grouped.host.as_str());
        self.outside.get(&key).copied().unwrap_or_default()
    }

    fn episode(&self, span: &Span, activity: &Activity, outside: Outside) -> Episode {
        let touches_start = self.near(self.start, span.first);
        let touches_end = self.near(self.end, span.last);
        let continuous = is_continuous(span);
        let density = bursts::Density::of(activity);
        Episode {
            first_seen: span.first,
            last_seen: span.last,
            count: span.count,
            continuous,
            touches_start,
            touches_end,
            continued: self.continued(span, outside),
            edge: self.words(span, outside, touches_start, touches_end),
            bucket_seconds: density.width.unsigned_abs(),
            burst_above: density.above,
            peak: density.peak,
            bursts: density.bursts,
            days: if continuous { bursts::days(activity, self.zone) } else { Vec::new() },
        }
    }

    fn words(&self, span: &Span, outside: Outside, start: bool, end: bool) -> Option<String> {
        let continued = self.continued(span, outside);
        let goes_on = outside.after.is_some_and(|after| between(span.last, after) <= self.gap);
        let from =
            if self.week { "continued from last week" } else { "continued from before the period" };
        let on = if self.week { "goes on in the week after" } else { "goes on after the period" };
        let first = match (continued, start && !self.reach_back) {
            (true, _) => Some(from.to_owned()),
            (false, true) => Some("may have begun before the period".to_owned()),
            _ => None,
        };
        let last = match (goes_on, self.end.filter(|_| end)) {
            (true, _) => Some(on.to_owned()),
            (false, Some(end)) => Some(still_active(span.last, end)),
            _ => None,
        };
        let words: Vec<String> = first.into_iter().chain(last).collect();
        (!words.is_empty()).then(|| words.join("; "))
    }

    fn continued(&self, span: &Span, outside: Outside) -> bool {
        outside.before.is_some_and(|before| between(before, span.first) <= self.gap)
    }

    fn near(&self, a: Option<Timestamp>, b: Timestamp) -> bool {
        a.is_some_and(|a| between(b, a).abs() <= self.gap)
    }
}

fn is_continuous(span: &Span) -> bool {
    between(span.first, span.last) > i128::from(DAY) * 1_000_000_000
}

/// `still active at the end, last alert 40 min before it`
pub fn still_active(last: Timestamp, end: Timestamp) -> String {
    match (end.secs - last.secs).max(0).unsigned_abs() {
        0 => "still active at the end".into(),
        before => format!("still active at the end, last alert {} before it", length(before)),
    }
}

/// The last that is known of any time, whether inside the period or not.
fn data_end(taken: &Taken) -> Option<Timestamp> {
    let files = taken.files.iter().filter_map(|file| file.last);
    files.chain(taken.sensor.iter().filter_map(|(_, tally)| tally.last)).max()
}

fn between(earlier: Timestamp, later: Timestamp) -> i128 {
    later.nanos_since_epoch() - earlier.nanos_since_epoch()
}
