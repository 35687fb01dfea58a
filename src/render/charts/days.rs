//! How many a day: bars of alerts, and under them bars of the episodes that began.

use chrono::{Days, NaiveDate};

use super::{
    DayCount,
    svg::{Svg, grouped, scaled},
};

/// Bars that a chart has room for.
const BARS: u64 = 92;
/// Up to so many bars, each has its number and its day.
const LABELLED: usize = 16;
const LEFT: u64 = 64;
const WIDTH: u64 = 630;
/// Room for the last label, which may be wider than its bar.
const RIGHT: u64 = 14;
const ALERTS: Panel = Panel { name: "Alerts", top: 16, height: 84 };
const EPISODES: Panel = Panel { name: "Episodes", top: 120, height: 36 };

/// Alerts and new episodes for each day from the first to the last; for each few weeks where
/// there are too many days. Nothing where no day is given.
pub fn days(days: &[DayCount]) -> String {
    let bars = bars(days);
    let Some(last) = bars.last() else { return String::new() };
    let step = (WIDTH / bars.len() as u64).min(56);
    let width = LEFT + step * bars.len() as u64 + RIGHT;
    let labels = EPISODES.top + EPISODES.height;
    let unit = if last.days == 1 { "day".to_owned() } else { format!("{} days", last.days) };
    let title = format!("Alerts and new episodes per {unit}");
    let mut svg =
        Svg::new("chart days", width.max(LEFT + 130), labels + 32, &title, &in_words(&bars));
    panel(&mut svg, &ALERTS, &bars, step, |bar| bar.alerts);
    panel(&mut svg, &EPISODES, &bars, step, |bar| bar.episodes);
    for (place, bar) in labelled(&bars, step) {
        let middle = LEFT + place * step + step / 2;
        svg.text("middle", (middle, labels + 13), &bar.first.format("%a").to_string());
        svg.text("middle", (middle, labels + 26), &bar.first.format("%-d %b").to_string());
    }
    svg.finish()
}

struct Bar {
    first: NaiveDate,
    days: u64,
    alerts: u64,
    episodes: u64,
}

struct Panel {
    name: &'static str,
    top: u64,
    height: u64,
}

fn bars(days: &[DayCount]) -> Vec<Bar> {
    let counted: Vec<(NaiveDate, &DayCount)> =
        days.iter().filter_map(|day| Some((day.day.parse().ok()?, day))).collect();
    let dates = counted.iter().map(|(date, _)| *date);
    let (Some(first), Some(last)) = (dates.clone().min(), dates.max()) else { return Vec::new() };
    let span = (last - first).num_days().unsigned_abs() + 1;
    let each = if span <= BARS { 1 } else { span.div_ceil(BARS).next_multiple_of(7) };
    let mut bars: Vec<Bar> = (0..span.div_ceil(each))
        .filter_map(|place| first.checked_add_days(Days::new(place * each)))
        .map(|first| Bar { first, days: each, alerts: 0, episodes: 0 })
        .collect();
    for (date, day) in counted {
        let place = (date - first).num_days().unsigned_abs() / each;
        if let Some(bar) = usize::try_from(place).ok().and_then(|place| bars.get_mut(place)) {
            bar.alerts = bar.alerts.saturating_add(day.alerts);
            bar.episodes = bar.episodes.saturating_add(day.episodes);
        }
    }
    bars
}

fn in_words(bars: &[Bar]) -> String {
    let all = bars.iter().fold(0_u64, |sum, bar| sum.saturating_add(bar.alerts));
    let Some(peak) = bars.iter().rev().max_by_key(|bar| bar.alerts) else { return String::new() };
    format!(
        "{} alerts from {}; most, {}, {} {}.",
        grouped(all),
        bars[0].first,
        grouped(peak.alerts),
        if peak.days == 1 { "on" } else { "from" },
        peak.first
    )
}

fn panel(svg: &mut Svg, panel: &Panel, bars: &[Bar], step: u64, value: fn(&Bar) -> u64) {
    let max = bars.iter().map(value).max().unwrap_or(0);
    let base = panel.top + panel.height;
    let gap = (step / 5).max(1);
    svg.text("", (0, base - 2), panel.name);
    let left = |place: u64| LEFT + place * step;
    let heights = bars.iter().map(|bar| scaled(value(bar), max, panel.height));
    svg.bars("fill", base, step - gap, (0..).map(|place| left(place) + gap / 2).zip(heights));
    let peak = bars.iter().position(|bar| value(bar) == max);
    for (place, bar) in (0..).zip(bars).filter(|(_, bar)| value(bar) > 0) {
        if bars.len() <= LABELLED || peak.is_some_and(|peak| peak as u64 == place) {
            let top = base - scaled(value(bar), max, panel.height);
            svg.text("number middle", (left(place) + step / 2, top - 4), &grouped(value(bar)));
        }
    }
    svg.base(LEFT, LEFT + step * bars.len() as u64, base);
}

/// The bars that have room for their day beneath them.
fn labelled(bars: &[Bar], step: u64) -> impl Iterator<Item = (u64, &Bar)> {
    let every = 42_u64.div_ceil(step.max(1));
    let every = if every > 1 { every.next_multiple_of(7) } else { 1 };
    (0..).zip(bars).filter(move |(place, _)| place % every == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: &str, alerts: u64, episodes: u64) -> DayCount {
        DayCount { day: day.to_owned(), alerts, episodes, hours: Vec::new() }
    }

    #[test]
    fn a_day_between_without_alerts_has_its_place_and_no_bar() {
        let svg = days(&[day("2026-11-16", 10, 2), day("2026-11-18", 2310, 1)]);
        assert!(svg.contains("<title>Alerts and new episodes per day</title>"), "{svg}");
        assert!(svg.contains("2,320 alerts from 2026-11-16; most, 2,310, on 2026-11-18."), "{svg}");
        assert_eq!(svg.matches('z').count(), 4, "{svg}");
        assert!(svg.contains(">Tue</text>") && svg.contains(">17 Nov</text>"), "{svg}");
    }

    #[test]
    fn many_days_share_bars_and_the_title_says_so() {
        let svg = days(&[day("2025-01-01", 5, 1), day("2026-11-18", 7, 1)]);
        assert!(svg.contains("per 14 days"), "{svg}");
        assert_eq!(svg.matches('z').count(), 4, "{svg}");
    }

    #[test]
    fn a_wrong_clock_cannot_make_a_huge_chart() {
        let svg = days(&[day("0001-01-01", 5, 1), day("9999-12-31", 7, 1)]);
        assert!(svg.len() < 20_000, "{} bytes", svg.len());
        assert_eq!(svg.matches('z').count(), 4, "{svg}");
    }

    #[test]
    fn what_is_no_day_is_left_out() {
        assert_eq!(days(&[day("\"><script>", 1, 1)]), "");
    }
}
