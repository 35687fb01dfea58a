//! How the alerts of one episode lie in time, with its bursts.

use serde::Deserialize;

use super::svg::{Svg, grouped, scaled};
use crate::wording::{count, span};

const WIDTH: u64 = 720;
const TOP: u64 = 14;
const HEIGHT: u64 = 48;
/// Room for the marks of bursts beneath the bars.
const MARK: u64 = 6;
/// Bars beyond which none is drawn.
const BARS: usize = 200;

/// One episode in bars.
#[derive(Clone, Debug, Deserialize)]
pub struct Activity {
    /// Seconds of a bar.
    pub bar_seconds: u64,
    /// Alerts of each.
    pub counts: Vec<u64>,
    /// Places of those in which a burst lies.
    pub bursts: Vec<u64>,
}

/// Alerts of each bar; bars of a burst are dark and have a mark beneath, so that they are told by more
/// than their colour. It has no times on it: the page prints them beneath.
pub fn activity(activity: &Activity) -> String {
    let counts = &activity.counts[..activity.counts.len().min(BARS)];
    let max = counts.iter().copied().max().unwrap_or(0);
    if max == 0 {
        return String::new();
    }
    let bars = counts.len() as u64;
    let step = (WIDTH / bars).min(24);
    let (base, width) = (TOP + HEIGHT, bars * step);
    let unit = span(activity.bar_seconds);
    let title = format!("Alerts per {unit}, with bursts marked");
    let desc = format!(
        "{} of {unit}; the highest stands for {}; {} in a burst.",
        count(bars, "bar", "bars"),
        count(max, "alert", "alerts"),
        match activity.bursts.len() as u64 {
            0 => "none lies".to_owned(),
            1 => "1 lies".to_owned(),
            many => format!("{many} lie"),
        },
    );
    let mut svg = Svg::new("chart activity", width.max(160), base + MARK + 2, &title, &desc);
    let inside = |place: u64| activity.bursts.contains(&place);
    let heights = || (0..).zip(counts).map(|(place, value)| (place, scaled(*value, max, HEIGHT)));
    let gap = u64::from(step > 3);
    for (class, burst) in [("fill", false), ("fill burst", true)] {
        let bars = heights().filter(|(place, _)| inside(*place) == burst);
        svg.bars(class, base, step - gap, bars.map(|(place, height)| (place * step, height)));
    }
    svg.base(0, width, base);
    let marks: Vec<_> = (0..bars).filter(|place| inside(*place)).collect();
    let marks: Vec<_> = marks.into_iter().map(|place| (place * step, base + 3)).collect();
    svg.cells("mark", &marks, (step, MARK - 3));
    let peak = (0..).zip(counts).find(|(_, value)| **value == max).map_or(0, |(place, _)| place);
    let label = format!("{} in {unit}", grouped(max));
    let from_end = peak * step > width / 2;
    let x = if from_end { peak * step + step } else { peak * step };
    svg.text(if from_end { "number end" } else { "number" }, (x, TOP - 4), &label);
    svg.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_has_a_mark_beneath_its_bars() {
        let drawn = activity(&Activity {
            bar_seconds: 10,
            counts: vec![1, 0, 30, 12, 1],
            bursts: vec![2, 3],
        });
        assert!(drawn.contains("<title>Alerts per 10 s, with bursts marked</title>"), "{drawn}");
        assert!(
            drawn.contains("5 bars of 10 s; the highest stands for 30 alerts; 2 lie in a burst."),
            "{drawn}"
        );
        assert!(drawn.contains("class=\"fill burst\""), "{drawn}");
        assert!(drawn.contains("class=\"mark\" d=\"M48 65h24v3h-24zM72 65h24v3h-24z\""), "{drawn}");
        let calm = activity(&Activity { bar_seconds: 10, counts: vec![1, 1], bursts: vec![] });
        assert!(!calm.contains("mark\"") && calm.contains("none lies in a burst"), "{calm}");
    }

    #[test]
    fn numbers_from_outside_make_no_huge_chart() {
        let wild = Activity {
            bar_seconds: u64::MAX,
            counts: vec![u64::MAX; 10_000],
            bursts: vec![u64::MAX],
        };
        assert!(activity(&wild).len() < 6_000);
        assert_eq!(activity(&Activity { bar_seconds: 1, counts: vec![], bursts: vec![] }), "");
    }
}
