//! Runs of alerts with no silence longer than a gap.

use crate::time::Timestamp;

/// A run: from its first alert to its last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Time of the first alert.
    pub first: Timestamp,
    /// Time of the last alert.
    pub last: Timestamp,
    /// Alerts.
    pub count: u64,
}

/// Runs in order of time, each more than a gap after the one before. Their number is bounded by
/// the time covered, not by the alerts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Episodes(Vec<Span>);

impl Episodes {
    /// Adds alerts at one time, or a run of them.
    pub fn add(&mut self, span: Span, gap: u64) {
        // Alerts come nearly in order: the last run is tried first.
        let from = match self.0.last_mut() {
            Some(last) if within(last.last, span.first, gap) && last.first <= span.first => {
                last.last = last.last.max(span.last);
                last.count += span.count;
                return;
            }
            Some(last) if last.last < span.first => self.0.len(),
            _ => self.0.partition_point(|run| !within(run.last, span.first, gap)),
        };
        let reached = self.0[from..].iter().take_while(|run| within(span.last, run.first, gap));
        let to = from + reached.count();
        let joined = self.0[from..to].iter().fold(span, |joined, run| Span {
            first: joined.first.min(run.first),
            last: joined.last.max(run.last),
            count: joined.count + run.count,
        });
        self.0.splice(from..to, [joined]);
    }

    /// Adds another's runs.
    pub fn absorb(&mut self, other: Self, gap: u64) {
        for span in other.0 {
            self.add(span, gap);
        }
    }

    /// The runs, given away.
    pub fn into_spans(self) -> Vec<Span> {
        self.0
    }

    /// The runs.
    pub fn spans(&self) -> &[Span] {
        &self.0
    }
}

/// Whether `later` comes no more than `gap` seconds after `earlier`, or before it.
fn within(earlier: Timestamp, later: Timestamp, gap: u64) -> bool {
    later.nanos_since_epoch() - earlier.nanos_since_epoch() <= i128::from(gap) * 1_000_000_000
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(secs: i64) -> Span {
        let time = Timestamp::from_secs(secs);
        Span { first: time, last: time, count: 1 }
    }

    /// The definition, written plainly.
    fn by_sorting(times: &[i64], gap: i64) -> Vec<Span> {
        let mut times = times.to_vec();
        times.sort_unstable();
        let mut spans: Vec<Span> = Vec::new();
        for time in times {
            match spans.last_mut() {
                Some(last) if time - last.last.secs <= gap => {
                    last.last = Timestamp::from_secs(time);
                    last.count += 1;
                }
                _ => spans.push(at(time)),
            }
        }
        spans
    }

    proptest! {
        #[test]
        fn order_and_split_do_not_matter(
            times in prop::collection::vec(0_i64..400, 0..60), cut in 0_usize..60, gap in 0_u64..20,
        ) {
            let (a, b) = times.split_at(cut.min(times.len()));
            let (mut left, mut right) = (Episodes::default(), Episodes::default());
            for time in a {
                left.add(at(*time), gap);
            }
            for time in b {
                right.add(at(*time), gap);
            }
            left.absorb(right, gap);
            prop_assert_eq!(left.spans(), by_sorting(&times, i64::try_from(gap).unwrap()));
        }
    }

    #[test]
    fn exactly_the_gap_is_no_silence() {
        let mut episodes = Episodes::default();
        for time in [0, 3600, 7201] {
            episodes.add(at(time), 3600);
        }
        assert_eq!(episodes.spans().len(), 2);
        assert_eq!(episodes.spans()[0].count, 2);
    }
}
