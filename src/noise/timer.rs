//! Whether alerts come like those of a timer.

/// Alerts no further apart than this, in seconds, are one run of whatever makes them.
const ONE_RUN: i64 = 2;

/// Gaps below which nothing is said.
const ENOUGH: usize = 10;

/// The longest of so many gaps is left out: a timer stops while its machine is off.
const LEFT_OUT: usize = 20;

/// How regular the gaps between runs of alerts are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Beat {
    /// Coefficient of variation: the standard deviation of the gaps by their mean.
    pub variation: f64,
    /// The gap in the middle of all, in seconds; to the minute from 90 seconds on.
    pub seconds: u64,
}

impl Beat {
    /// The beat of alerts at these seconds, in order; `None` where there are too few.
    pub fn of(moments: &[i64]) -> Option<Self> {
        let gaps = moments.windows(2).map(|pair| pair[1] - pair[0]).filter(|gap| *gap > ONE_RUN);
        let mut gaps: Vec<u64> = gaps.map(i64::unsigned_abs).collect();
        if gaps.len() < ENOUGH {
            return None;
        }
        gaps.sort_unstable();
        gaps.truncate(gaps.len() - gaps.len() / LEFT_OUT);
        Some(Self { variation: variation(&gaps), seconds: rounded(gaps[gaps.len() / 2]) })
    }

    /// Whether it is a timer's.
    pub fn is_timer(self) -> bool {
        self.variation < 0.2
    }
}

/// A timer of ten minutes is one even where half of its runs come late.
const fn rounded(secs: u64) -> u64 {
    if secs < 90 { secs } else { (secs + 30) / 60 * 60 }
}

#[expect(clippy::cast_precision_loss, reason = "a ratio of seconds")]
fn variation(gaps: &[u64]) -> f64 {
    let number = gaps.len() as f64;
    let mean = gaps.iter().map(|gap| *gap as f64).sum::<f64>() / number;
    let spread = gaps.iter().map(|gap| (*gap as f64 - mean).powi(2)).sum::<f64>() / number;
    spread.sqrt() / mean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timer_is_told_from_chance() {
        // Every five minutes, a few seconds late, two alerts each, an hour's outage.
        let times = (0..40_i64).map(|n| n * 300 + n * 7 % 11 + if n > 20 { 3600 } else { 0 });
        let times: Vec<_> = times.flat_map(|secs| [secs, secs + 1]).collect();
        let beat = Beat::of(&times).expect("enough gaps");
        assert!(beat.is_timer(), "{beat:?}");
        assert!((290..310).contains(&beat.seconds), "{beat:?}");
        let mut state = 7_u64;
        let mut at = 0;
        let chance: Vec<i64> = std::iter::repeat_with(|| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            at += i64::try_from(state >> 54).unwrap_or(0) + 3;
            at
        })
        .take(200)
        .collect();
        assert!(!Beat::of(&chance).expect("enough gaps").is_timer());
        assert_eq!(Beat::of(&[0, 300, 600]), None);
    }
}
