//! How the alerts of one incident lie in time.

use super::{HourCount, bars::Bars, svg::grouped};
use crate::time::Timestamp;

const BARS: i64 = 120;
/// Lengths of time that one bar may stand for, in hours.
const UNITS: [i64; 7] = [1, 2, 4, 6, 12, 24, 168];
const HOUR: i64 = 3600;

/// Alerts from the first hour to the last, an hour or more to a bar. Nothing for a single hour.
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

fn draw(counts: &[u64], each: i64) -> String {
    let max = counts.iter().copied().max().unwrap_or(0);
    let (per, unit) = match each {
        1 => ("hour".to_owned(), "1 hour".to_owned()),
        _ => (format!("{each} hours"), format!("{each} hours")),
    };
    let (number, highest) = (counts.len(), grouped(max));
    let bars = Bars {
        class: "chart strip",
        title: format!("Alerts per {per}"),
        desc: format!("{number} bars of {unit}; the highest stands for {highest} alerts."),
        unit: &unit,
        counts,
        marked: &|_| false,
        marks: 0,
    };
    bars.draw()
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
