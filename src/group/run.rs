//! A run of alerts, counted by buckets of time that get wider as it gets longer.

use std::borrow::Cow;

use super::{
    episodes::Span,
    numbers::{Numbers, put, put_signed},
    tally::sum_alike,
};
use crate::time::{QUARTER, Timestamp};

/// Seconds that a bucket may be wide; each width is a multiple of the one before, so that buckets
/// can be made wider and their counts stay exact. The last is finer than what is told of it, so that
/// days can be counted in every zone.
const WIDTHS: [i64; 5] = [1, 10, 60, 300, QUARTER];

/// Buckets that an episode may have before they are made wider. Those of the last width are not
/// bounded by number, but by the time covered.
const MOST: i64 = 120;

/// A run of alerts with no silence longer than the gap, with its buckets.
#[derive(Clone, Debug)]
pub struct Run {
    /// From its first alert to its last.
    pub span: Span,
    /// Which of [`WIDTHS`] its buckets have.
    rung: usize,
    /// None for a single alert, as most runs are: its time says all.
    buckets: Vec<(i64, u64)>,
}

impl Run {
    /// A run of one alert.
    pub fn of(time: Timestamp) -> Self {
        let span = Span { first: time, last: time, count: 1 };
        Self { span, rung: 0, buckets: Vec::new() }
    }

    /// Writes the run, of which what lies before ended at a second.
    pub fn pack(&self, before: i64, out: &mut Vec<u8>) {
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
    pub fn unpack(before: i64, packed: &mut Numbers<'_>) -> Self {
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

    /// Seconds that each of its buckets is wide.
    pub const fn width(&self) -> i64 {
        WIDTHS[self.rung]
    }

    /// The number of each bucket that has any alert, and its alerts, in order.
    pub fn buckets(&self) -> Cow<'_, [(i64, u64)]> {
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
    pub fn count(&mut self, time: Timestamp) {
        self.spread();
        self.span.count += 1;
        if time > self.span.last {
            self.span.last = time;
            self.widen(self.rung);
        }
        self.add(time.secs.div_euclid(WIDTHS[self.rung]), 1);
    }

    /// Joins another run, with no silence between that would part them.
    pub fn and(mut self, mut other: Self) -> Self {
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
        sum_alike(&mut self.buckets);
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
