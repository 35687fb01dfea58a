//! How the alerts of one incident lie in time.

use super::{
    HourCount,
    svg::{Svg, grouped, scaled},
};
use crate::time::Timestamp;

const WIDTH: u64 = 720;
const BARS: i64 = 120;
const TOP: u64 = 14;
const HEIGHT: u64 = 48;
/// Lengths of time that one bar may stand for, in hours.
const UNITS: [i64; 7] = [1, 2, 4, 6, 12, 24, 168];
const HOUR: i64 = 3600;

/// Alerts from the first hour to the last, an hour or more to a bar. It has no times on it, since
/// those depend on the report's zone: the page prints them beneath. Nothing for a single hour.
pub fn strip(hours: &[HourCount]) -> String {
    let counts: Vec<(i64, u64)> = hours
        .iter()
        .filter_map(|hour| Some((Timestamp::parse(hour.hour.as_bytes())?.secs, hour.count)))
        .collect();
    let starts = counts.iter().map(|(start, _)| *start);
    let (Some(first), Some(last)) = (starts.clone().min(), starts.max()) else {
        return String::new();
    };
    let span = (last - first) / HOUR + 1;
    if span < 2 {
        return String::new();
    }
    let each = UNITS.into_iter().find(|each| span <= BARS * each).unwrap_or(span / BARS + 1);
    let mut bars = vec![0_u64; usize::try_from((span - 1) / each + 1).unwrap_or(1)];
    for (start, count) in counts {
        let place = usize::try_from((start - first) / HOUR / each).unwrap_or(0);
        bars[place] = bars[place].saturating_add(count);
    }
    draw(&bars, each)
}

fn draw(bars: &[u64], each: i64) -> String {
    let max = bars.iter().copied().max().unwrap_or(0);
    let unit = if each == 1 { "hour".to_owned() } else { format!("{each} hours") };
    let count = bars.len() as u64;
    let step = (WIDTH / count).min(24);
    let base = TOP + HEIGHT;
    let desc = format!(
        "{} bars of {}; the highest stands for {} alerts.",
        count,
        if each == 1 { "1 hour" } else { &unit },
        grouped(max)
    );
    let width = count * step;
    let mut svg =
        Svg::new("chart strip", width.max(160), base + 1, &format!("Alerts per {unit}"), &desc);
    let gap = u64::from(step > 3);
    let heights = bars.iter().map(|value| scaled(*value, max, HEIGHT));
    svg.bars("fill", base, step - gap, (0..).map(|place| place * step).zip(heights));
    svg.base(0, width, base);
    let peak = (0..).zip(bars).find(|(_, value)| **value == max).map_or(0, |(place, _)| place);
    let label = format!("{} in {}", grouped(max), if each == 1 { "1 hour" } else { &unit });
    let from_end = peak * step > width / 2;
    let x = if from_end { peak * step + step } else { peak * step };
    svg.text(if from_end { "number end" } else { "number" }, (x, TOP - 4), &label);
    svg.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hour(hour: &str, count: u64) -> HourCount {
        HourCount { hour: hour.to_owned(), count }
    }

    #[test]
    fn silence_between_hours_is_as_wide_as_it_was_long() {
        let svg = strip(&[hour("2026-11-18T02:00:00Z", 40), hour("2026-11-18T06:00:00Z", 3)]);
        assert!(svg.contains("5 bars of 1 hour; the highest stands for 40 alerts."), "{svg}");
        assert!(svg.contains("M0 62v-48h23v48zM96 62v-3h23v3z"), "{svg}");
        assert!(svg.contains(">40 in 1 hour</text>"), "{svg}");
    }

    #[test]
    fn a_long_time_is_drawn_in_longer_bars() {
        let svg = strip(&[hour("2026-11-01T00:00:00Z", 1), hour("2026-11-30T23:00:00Z", 2)]);
        assert!(svg.contains("120 bars of 6 hours"), "{svg}");
    }

    #[test]
    fn a_wrong_clock_cannot_make_a_huge_chart() {
        let svg = strip(&[hour("0001-01-01T00:00:00Z", 1), hour("9999-12-31T23:00:00Z", 2)]);
        assert_eq!(svg.matches('M').count(), 3, "two bars and the line: {svg}");
        assert!(svg.len() < 2_000, "{} bytes", svg.len());
    }

    #[test]
    fn one_hour_needs_no_chart() {
        assert_eq!(strip(&[hour("2026-11-18T02:00:00Z", 40)]), "");
        assert_eq!(strip(&[hour("nonsense", 40)]), "");
    }
}
