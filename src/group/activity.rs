//! How dense the alerts of an incident lie in time, episode by episode: enough to find bursts.

use super::{
    episodes::{Span, within},
    numbers::{Numbers, put},
    quarters::Quarters,
    run::Run,
};
use crate::time::{QUARTER, Timestamp};

/// Alerts of one episode by buckets of time that begin at whole multiples of their width since
/// 1970-01-01.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    /// Seconds of a bucket: 1, 10, 60, 300 or 900, the longer the episode, the more.
    pub width: i64,
    /// The number of each bucket that has any alert, and its alerts, in order.
    pub buckets: Vec<(i64, u64)>,
}

/// The episodes of an incident while alerts come in, in any order.
///
/// How wide an episode's buckets are depends on its length alone. An episode only grows, and its
/// buckets only get wider, so what they hold in the end is what they would hold had they been that
/// wide from the beginning.
#[derive(Clone, Debug, Default)]
pub struct Pulse(Vec<Run>);

impl Pulse {
    /// Takes up an alert.
    pub fn saw(&mut self, time: Timestamp, gap: u64) {
        // Alerts come nearly in order: the last run is tried first.
        match self.0.last_mut() {
            Some(last) if last.span.first <= time && within(last.span.last, time, gap) => {
                last.count(time);
            }
            _ => self.saw_elsewhere(time, gap),
        }
    }

    /// Takes up an alert that does not lengthen the last run: most fall into another.
    fn saw_elsewhere(&mut self, time: Timestamp, gap: u64) {
        let at = self.0.partition_point(|known| !within(known.span.last, time, gap));
        let parted = self.0.get(at + 1).is_none_or(|next| !within(time, next.span.first, gap));
        match self.0.get_mut(at) {
            Some(run) if run.span.first <= time && parted => run.count(time),
            _ => self.join(Run::of(time), gap),
        }
    }

    /// The episodes, in order.
    pub fn episodes(&self) -> Vec<Span> {
        self.0.iter().map(|run| run.span).collect()
    }

    /// How dense the alerts of each of them lie.
    pub fn activity(&self) -> Vec<Activity> {
        let activity = |run: &Run| Activity { width: run.width(), buckets: run.buckets().to_vec() };
        self.0.iter().map(activity).collect()
    }

    /// Alerts by quarter of an hour since the epoch, in order: no bucket crosses one's edge.
    pub fn quarters(&self) -> Vec<(i64, u64)> {
        let mut quarters = Quarters::default();
        for run in &self.0 {
            let in_quarter = QUARTER / run.width();
            for (bucket, count) in &*run.buckets() {
                quarters.add(bucket.div_euclid(in_quarter), *count);
            }
        }
        quarters.into_list()
    }

    /// The episodes in few bytes.
    pub fn pack(&self) -> Box<[u8]> {
        let mut out = Vec::new();
        put(&mut out, self.0.len() as u64);
        let mut before = 0;
        for run in &self.0 {
            run.pack(before, &mut out);
            before = run.span.last.secs;
        }
        out.into_boxed_slice()
    }

    /// Episodes that were packed.
    pub fn unpack(packed: &[u8]) -> Self {
        let mut packed = Numbers(packed);
        let mut before = 0;
        let runs = (0..packed.take()).map(|_| {
            let run = Run::unpack(before, &mut packed);
            before = run.span.last.secs;
            run
        });
        Self(runs.collect())
    }

    fn join(&mut self, run: Run, gap: u64) {
        let runs = &mut self.0;
        let from = runs.partition_point(|known| !within(known.span.last, run.span.first, gap));
        let reached =
            runs[from..].iter().take_while(|known| within(run.span.last, known.span.first, gap));
        let to = from + reached.count();
        let mut joined = run;
        for known in runs.drain(from..to) {
            joined = joined.and(known);
        }
        runs.insert(from, joined);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::group::Episodes;

    /// The definition, written plainly: episodes by sorting, and each cut into buckets.
    fn plainly(times: &[i64], gap: u64) -> Vec<Activity> {
        let mut times = times.to_vec();
        times.sort_unstable();
        let apart = |pair: &i64, next: &i64| next - pair <= i64::try_from(gap).unwrap();
        let episodes = times.chunk_by(apart);
        let activity = |times: &[i64]| {
            let length = times[times.len() - 1] - times[0];
            let width = match length {
                ..120 => 1,
                120..1200 => 10,
                1200..7200 => 60,
                7200..36_000 => 300,
                _ => 900,
            };
            let mut buckets: Vec<(i64, u64)> = Vec::new();
            for time in times {
                let bucket = time.div_euclid(width);
                match buckets.last_mut() {
                    Some((last, count)) if *last == bucket => *count += 1,
                    _ => buckets.push((bucket, 1)),
                }
            }
            Activity { width, buckets }
        };
        episodes.map(activity).collect()
    }

    fn pulse(times: &[i64], gap: u64) -> Pulse {
        let mut pulse = Pulse::default();
        for time in times {
            pulse.saw(Timestamp::from_secs(*time), gap);
        }
        pulse
    }

    proptest! {
        #[test]
        fn order_does_not_matter(
            steps in prop::collection::vec(-40_i64..4000, 1..120),
            order: u64,
            gap in prop::sample::select(vec![5_u64, 900, 3600]),
        ) {
            let mut now = -5000;
            let mut times: Vec<i64> = steps.iter().map(|step| { now += step; now }).collect();
            let expected = plainly(&times, gap);
            // Any order that the number makes of them.
            times.sort_by_key(|time| time.cast_unsigned().wrapping_mul(order | 1).rotate_left(29));
            let pulse = pulse(&times, gap);
            let mut episodes = Episodes::default();
            for time in &times {
                let time = Timestamp::from_secs(*time);
                episodes.add(Span { first: time, last: time, count: 1 }, gap);
            }
            let quarters = times.iter().map(|time| (time.div_euclid(QUARTER), 1));
            let mut tally = std::collections::BTreeMap::new();
            quarters.for_each(|(quarter, count)| *tally.entry(quarter).or_insert(0) += count);
            for pulse in [&pulse, &Pulse::unpack(&pulse.pack())] {
                let spans = pulse.episodes();
                prop_assert_eq!(spans.as_slice(), episodes.spans());
                prop_assert_eq!(pulse.activity(), expected.clone());
                prop_assert!(pulse.quarters().into_iter().eq(tally.clone()));
            }
        }
    }

    #[test]
    fn a_million_alerts_of_one_episode_have_few_buckets() {
        let mut pulse = Pulse::default();
        for number in 0..1_000_000 {
            pulse.saw(Timestamp::from_secs(number / 30), 3600);
        }
        let [activity] = &pulse.activity()[..] else { panic!("one episode") };
        assert_eq!((activity.width, activity.buckets.len()), (300, 112));
        assert_eq!(activity.buckets.iter().map(|(_, count)| count).sum::<u64>(), 1_000_000);
    }
}
