//! Where the alerts of an episode come far denser than elsewhere in it: a stated rule, no model.

use std::collections::BTreeMap;

use super::{Activity, Burst, DayCount, Episode};
use crate::{
    group,
    time::{QUARTER, Timestamp, Zone},
};

/// Alerts in a bucket that are no burst, however little there is beside them.
const FEW: u64 = 10;

/// How many times the median of the buckets a bucket must exceed.
const TIMES: u64 = 5;

/// Seconds of the widest buckets.
const HOUR: i64 = 3600;

/// Bars that a strip can have.
const BARS: i64 = 128;

/// Lengths of time that a bar of an hour or more may stand for, in hours.
const HOURS: [i64; 8] = [1, 2, 3, 4, 6, 12, 24, 168];

/// How dense the alerts of an episode come.
pub struct Density {
    /// Seconds of a bucket: 1, 10, 60, 300 or 3600.
    pub width: i64,
    /// A bucket of a burst has more alerts than this.
    pub above: u64,
    /// Most alerts in a bucket.
    pub peak: u64,
    /// The bursts, in order of time.
    pub bursts: Vec<Burst>,
}

impl Density {
    /// Finds the bursts among the buckets of an episode.
    pub fn of(activity: &group::Activity) -> Self {
        let (width, buckets) = told(activity);
        let above = above(&buckets);
        let peak = buckets.iter().map(|(_, count)| *count).max().unwrap_or(0);
        let dense: Vec<_> = buckets.into_iter().filter(|(_, count)| *count > above).collect();
        let bursts = dense.chunk_by(|one, next| next.0 == one.0 + 1);
        let bursts = bursts.map(|run| burst(run, width)).collect();
        Self { width, above, peak, bursts }
    }
}

/// The buckets as they are told of: quarters of an hour make hours.
fn told(activity: &group::Activity) -> (i64, Vec<(i64, u64)>) {
    if activity.width < QUARTER {
        return (activity.width, activity.buckets.clone());
    }
    (HOUR, wider(&activity.buckets, HOUR / activity.width))
}

/// Makes buckets so many times wider.
fn wider(buckets: &[(i64, u64)], times: i64) -> Vec<(i64, u64)> {
    let mut wide: BTreeMap<i64, u64> = BTreeMap::new();
    for (bucket, count) in buckets {
        *wide.entry(bucket.div_euclid(times)).or_default() += count;
    }
    wide.into_iter().collect()
}

/// The larger of ten and of five times the median of the buckets that have any alert; a half is
/// left out, since counts are whole.
fn above(buckets: &[(i64, u64)]) -> u64 {
    let mut counts: Vec<u64> = buckets.iter().map(|(_, count)| *count).collect();
    counts.sort_unstable();
    let Some(upper) = counts.get(counts.len() / 2) else { return FEW };
    let lower = counts[(counts.len() - 1) / 2];
    let median = (u128::from(*upper) + u128::from(lower)) * u128::from(TIMES) / 2;
    u64::try_from(median).unwrap_or(u64::MAX).max(FEW)
}

fn burst(run: &[(i64, u64)], width: i64) -> Burst {
    let (first, last) = (run[0].0, run[run.len() - 1].0);
    Burst {
        from: Timestamp::from_secs(first * width),
        seconds: ((last - first + 1) * width).unsigned_abs(),
        count: run.iter().map(|(_, count)| count).sum(),
        peak: run.iter().map(|(_, count)| *count).max().unwrap_or(0),
    }
}

/// Alerts of an episode by day of the zone.
pub fn days(activity: &group::Activity, zone: Zone) -> Vec<DayCount> {
    let mut days: BTreeMap<chrono::NaiveDate, u64> = BTreeMap::new();
    for (bucket, count) in &activity.buckets {
        let time = Timestamp::from_secs(bucket * activity.width);
        *days.entry(zone.local(time).date()).or_default() += count;
    }
    days.into_iter().map(|(day, count)| DayCount { day: day.to_string(), count }).collect()
}

/// The strip of the episode with the largest burst; where there is none, of that with most alerts;
/// the later of equals. None for an episode whose alerts all lie in one bucket.
pub fn strip(activity: &[group::Activity], episodes: &[Episode]) -> Option<Activity> {
    let largest =
        |episode: &Episode| episode.bursts.iter().map(|burst| burst.count).max().unwrap_or(0);
    let all = (1..).zip(episodes.iter().zip(activity));
    let (number, (episode, activity)) =
        all.max_by_key(|(_, (episode, _))| (largest(episode), episode.count))?;
    bars(number, activity, &episode.bursts)
}

fn bars(episode: u64, activity: &group::Activity, bursts: &[Burst]) -> Option<Activity> {
    let (width, buckets) = told(activity);
    let (first, last) = (buckets.first()?.0, buckets.last()?.0);
    let number = last - first + 1;
    if number < 2 {
        return None;
    }
    let hours = HOURS.into_iter().find(|hours| number <= BARS * hours);
    let times = if number <= BARS { 1 } else { hours.unwrap_or(number / BARS + 1) };
    let bar = |bucket: i64| usize::try_from((bucket - first) / times).unwrap_or(0);
    let mut counts = vec![0; bar(last) + 1];
    for (bucket, count) in &buckets {
        counts[bar(*bucket)] += count;
    }
    let marked = bursts.iter().flat_map(|burst| {
        let from = burst.from.secs.div_euclid(width);
        let length = i64::try_from(burst.seconds).unwrap_or(0) / width;
        bar(from)..=bar(from + length - 1)
    });
    let mut marked: Vec<u64> = marked.map(|bar| bar as u64).collect();
    marked.dedup();
    Some(Activity {
        episode,
        from: Timestamp::from_secs(first * width),
        bar_seconds: (width * times).unsigned_abs(),
        counts,
        bursts: marked,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn density(width: i64, buckets: &[(i64, u64)]) -> Density {
        Density::of(&group::Activity { width, buckets: buckets.to_vec() })
    }

    #[test]
    fn a_bucket_of_ten_is_no_burst_and_one_of_eleven_is() {
        assert!(density(10, &[(1, 10), (2, 1), (3, 1)]).bursts.is_empty());
        let found = density(10, &[(1, 11), (2, 1), (3, 1)]);
        let expected = Burst { from: Timestamp::from_secs(10), seconds: 10, count: 11, peak: 11 };
        assert_eq!(found.bursts, [expected]);
        assert_eq!((found.above, found.peak), (10, 11));
    }

    #[test]
    fn five_times_the_median_is_no_burst_and_one_more_is() {
        // The median of 4, 5, 5 and 25 is 5, of the buckets that have any alert.
        assert!(density(60, &[(1, 4), (3, 5), (5, 5), (9, 25)]).bursts.is_empty());
        assert_eq!(density(60, &[(1, 4), (3, 5), (5, 5), (9, 26)]).bursts.len(), 1);
        // That of 3 and 4 is 3.5: more than 17.5 are 18.
        let found = density(60, &[(1, 3), (3, 4), (5, 3), (7, 30)]);
        assert_eq!(found.above, 17);
    }

    #[test]
    fn buckets_side_by_side_are_one_burst_and_a_pause_parts_two() {
        let quiet = (0..20).map(|number| (number * 2, 1));
        let mut buckets: Vec<_> =
            quiet.chain([(101, 20), (102, 30), (103, 12), (105, 11)]).collect();
        buckets.sort_unstable();
        let found = density(1, &buckets);
        let seen: Vec<_> = found
            .bursts
            .iter()
            .map(|burst| (burst.from.secs, burst.seconds, burst.count, burst.peak))
            .collect();
        assert_eq!(seen, [(101, 3, 62, 30), (105, 1, 11, 11)]);
    }

    #[test]
    fn quarters_of_an_hour_are_told_of_as_hours() {
        let found = density(900, &[(-4, 4), (-1, 4), (0, 4), (7, 1), (9, 1), (13, 1), (17, 1)]);
        assert_eq!((found.width, found.peak, found.bursts.len()), (3600, 8, 0));
    }

    #[test]
    fn an_endless_episode_has_a_short_strip() {
        let activity =
            group::Activity { width: 900, buckets: vec![(0, 1), (400, 90), (350_000_000, 1)] };
        let bursts = Density::of(&activity).bursts;
        let strip = bars(1, &activity, &bursts).expect("many hours");
        assert!(strip.counts.len() <= 128, "{}", strip.counts.len());
        assert_eq!(strip.counts.iter().sum::<u64>(), 92);
        assert_eq!(strip.bursts, [0]);
    }
}
