//! How dense the alerts of an incident lie in time, episode by episode: enough to find bursts.

use std::borrow::Cow;

use super::{
    episodes::{Span, within},
    numbers::{Numbers, put, put_signed},
};
use crate::time::{QUARTER, Timestamp};

/// Seconds that a bucket may be wide; each width is a multiple of the one before, so that buckets
/// can be made wider and their counts stay exact. The last is finer than what is told of it, so that
/// days can be counted in every zone.
const WIDTHS: [i64; 5] = [1, 10, 60, 300, QUARTER];

/// Buckets that an episode may have before they are made wider. Those of the last width are not
/// bounded by number, but by the time covered.
const MOST: i64 = 120;

/// Alerts of one episode by buckets of time that begin at whole multiples of their width since
/// 1970-01-01.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    /// Seconds of a bucket: 1, 10, 60, 300 or 900, the longer the episode, the more.
    pub width: i64,
    /// The number of each bucket that has any alert, and its alerts, in order.
    pub buckets: Vec<(i64, u64)>,
}

/// A run of alerts with no silence longer than the gap, with its buckets.
#[derive(Clone, Debug)]
struct Run {
    span: Span,
    /// Which of [`WIDTHS`] its buckets have.
    rung: usize,
    /// None for a single alert, as most runs are: its time says all.
    buckets: Vec<(i64, u64)>,
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
        let activity =
            |run: &Run| Activity { width: WIDTHS[run.rung], buckets: run.buckets().to_vec() };
        self.0.iter().map(activity).collect()
    }

    /// Alerts by quarter of an hour since the epoch, in order: no bucket crosses one's edge.
    pub fn quarters(&self) -> Vec<(i64, u64)> {
        let mut quarters: Vec<(i64, u64)> = Vec::with_capacity(self.0.len());
        for run in &self.0 {
            let in_quarter = QUARTER / WIDTHS[run.rung];
            for (bucket, count) in &*run.buckets() {
                let quarter = bucket.div_euclid(in_quarter);
                match quarters.last_mut() {
                    Some((last, known)) if *last == quarter => *known += count,
                    _ => quarters.push((quarter, *count)),
                }
            }
        }
        quarters
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

impl Run {
    fn of(time: Timestamp) -> Self {
        let span = Span { first: time, last: time, count: 1 };
        Self { span, rung: 0, buckets: Vec::new() }
    }

    /// Writes the run, of which what lies before ended at a second.
    fn pack(&self, before: i64, out: &mut Vec<u8>) {
        let Span { first, last, count } = self.span;
        put(out, count);
        put_signed(out, first.secs.wrapping_sub(before));
        put(out, first.nanos.into());
        if count == 1 {
            return;
        }
        put_signed(out, last.secs.wrapping_sub(first.secs));
        put(out, last.nanos.into());
        put(out, self.rung as u64);
        put(out, self.buckets.len() as u64);
        let mut from = first.secs.div_euclid(WIDTHS[self.rung]);
        for (bucket, count) in &self.buckets {
            put_signed(out, bucket.wrapping_sub(from));
            put(out, *count);
            from = *bucket;
        }
    }

    /// Reads what was written.
    fn unpack(before: i64, packed: &mut Numbers<'_>) -> Self {
        let count = packed.take();
        let first = instant(before, packed);
        if count == 1 {
            return Self::of(first);
        }
        let last = instant(first.secs, packed);
        let rung = usize::try_from(packed.take()).unwrap_or(0);
        let mut at = first.secs.div_euclid(WIDTHS[rung]);
        let buckets = (0..packed.take()).map(|_| {
            at = at.wrapping_add(packed.take_signed());
            (at, packed.take())
        });
        Self { span: Span { first, last, count }, rung, buckets: buckets.collect() }
    }

    fn buckets(&self) -> Cow<'_, [(i64, u64)]> {
        if self.span.count == 1 {
            return Cow::Owned(vec![(self.span.first.secs, 1)]);
        }
        Cow::Borrowed(&self.buckets)
    }

    /// Gives a single alert a bucket, now that others come to it.
    fn spread(&mut self) {
        if self.span.count == 1 {
            self.buckets = self.buckets().into_owned();
        }
    }

    /// Counts an alert that comes not before the first.
    fn count(&mut self, time: Timestamp) {
        self.spread();
        self.span.count += 1;
        if time > self.span.last {
            self.span.last = time;
            self.widen(self.rung);
        }
        self.add(time.secs.div_euclid(WIDTHS[self.rung]), 1);
    }

    fn and(mut self, mut other: Self) -> Self {
        self.spread();
        other.spread();
        let (mut all, fewer) =
            if self.buckets.len() < other.buckets.len() { (other, self) } else { (self, other) };
        all.span = Span {
            first: all.span.first.min(fewer.span.first),
            last: all.span.last.max(fewer.span.last),
            count: all.span.count + fewer.span.count,
        };
        all.widen(fewer.rung);
        let times = WIDTHS[all.rung] / WIDTHS[fewer.rung];
        for (bucket, count) in fewer.buckets {
            all.add(bucket.div_euclid(times), count);
        }
        all
    }

    /// Makes the buckets at least as wide as a rung, and as the length asks for.
    fn widen(&mut self, least: usize) {
        let length = self.span.last.secs - self.span.first.secs;
        let asked = WIDTHS.iter().position(|width| length < MOST * width);
        let rung = asked.unwrap_or(WIDTHS.len() - 1).max(least).max(self.rung);
        if rung == self.rung {
            return;
        }
        let times = WIDTHS[rung] / WIDTHS[self.rung];
        self.rung = rung;
        for (bucket, _) in &mut self.buckets {
            *bucket = bucket.div_euclid(times);
        }
        self.buckets.dedup_by(|later, kept| {
            let same = later.0 == kept.0;
            kept.1 += if same { later.1 } else { 0 };
            same
        });
    }

    fn add(&mut self, bucket: i64, count: u64) {
        match self.buckets.last_mut() {
            Some((last, known)) if *last == bucket => *known += count,
            Some((last, _)) if *last > bucket => {
                match self.buckets.binary_search_by_key(&bucket, |(known, _)| *known) {
                    Ok(at) => self.buckets[at].1 += count,
                    Err(at) => self.buckets.insert(at, (bucket, count)),
                }
            }
            _ => self.buckets.push((bucket, count)),
        }
    }
}

/// Reads an instant that is told by its distance from a second.
fn instant(from: i64, packed: &mut Numbers<'_>) -> Timestamp {
    let secs = from.wrapping_add(packed.take_signed());
    Timestamp { secs, nanos: u32::try_from(packed.take()).unwrap_or(0) }
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
