//! Episodes a day by priority: a row of bars for each, on one scale.

use std::fmt::Write as _;

use chrono::NaiveDate;
use serde::Deserialize;

use super::svg::{Svg, grouped, scaled};

const LEFT: u64 = 150;
const STEP: u64 = 58;
const BAR: u64 = 36;
/// Height of the highest bar of all, of the lowest row, and of the room above bars for their numbers.
const HEIGHT: u64 = 64;
const LOWEST: u64 = 12;
const ABOVE: u64 = 18;

/// One day of [`priorities`].
#[derive(Clone, Debug, Deserialize)]
pub struct PrioritiesOfDay {
    /// The day, `YYYY-MM-DD`; anything else is left out.
    pub day: String,
    /// Whether there are data of it.
    pub covered: bool,
    /// Episodes that began on it, of incidents of priority Critical and above.
    pub critical: u64,
    /// Of priority Error.
    pub error: u64,
    /// Of priority Warning.
    pub warning: u64,
    /// Of priority Notice and below.
    pub notice: u64,
}

/// A row: its class, its words, and what it counts.
type Row = (&'static str, &'static str, fn(&PrioritiesOfDay) -> u64);

const ROWS: [Row; 4] = [
    ("critical", "◆ Critical and above", |day| day.critical),
    ("error", "▲ Error", |day| day.error),
    ("warning", "● Warning", |day| day.warning),
    ("notice", "○ Notice and below", |day| day.notice),
];

/// Episodes that began on each day, in a row for each priority of which any did. A day without data
/// is hatched. Nothing where none began.
pub fn priorities(days: &[PrioritiesOfDay]) -> String {
    let days: Vec<(NaiveDate, &PrioritiesOfDay)> =
        days.iter().filter_map(|day| Some((day.day.parse().ok()?, day))).take(7).collect();
    let all = |count: fn(&PrioritiesOfDay) -> u64| days.iter().map(move |(_, day)| count(day));
    let rows: Vec<Row> =
        ROWS.into_iter().filter(|(.., count)| all(*count).any(|count| count > 0)).collect();
    let Some(max) = rows.iter().flat_map(|(.., count)| all(*count)).max() else {
        return String::new();
    };
    // Each row is as high as its own highest bar: one scale, and no room for nothing.
    let tall = |count| scaled(all(count).max().unwrap_or(0), max, HEIGHT).max(LOWEST);
    let bottom = rows.iter().map(|(.., count)| ABOVE + tall(*count)).sum::<u64>();
    let silent = days.iter().any(|(_, day)| !day.covered);
    let (width, height) = (LEFT + days.len() as u64 * STEP, bottom + if silent { 48 } else { 30 });
    let mut svg =
        Svg::new("chart priorities", width, height, &title(&days), &in_words(&days, &rows));
    let left = |place: usize| LEFT + place as u64 * STEP + (STEP - BAR) / 2;
    let mut base = 0;
    for (class, words, count) in &rows {
        base += ABOVE + tall(*count);
        let places = || days.iter().enumerate().map(|(place, (_, day))| (place, day));
        let height = |day: &PrioritiesOfDay| scaled(count(day), max, HEIGHT);
        svg.text(class, (0, base - 4), words);
        svg.group(class, |svg| {
            let bars = places().map(|(place, day)| (left(place), height(day)));
            svg.bars("fill", base, BAR, bars);
        });
        let blank = places().filter(|(_, day)| !day.covered && count(day) == 0);
        let blank: Vec<_> = blank.map(|(place, _)| (left(place), base - tall(*count))).collect();
        svg.hatched(&blank, (BAR, tall(*count)));
        let numbers = places().filter(|(_, day)| count(day) > 0).map(|(place, day)| {
            ((left(place) + BAR / 2, base - height(day) - 4), grouped(count(day)))
        });
        svg.texts("number middle", &numbers.collect::<Vec<_>>());
        svg.base(LEFT, width, base);
    }
    for (place, (date, _)) in days.iter().enumerate() {
        let middle = left(place) + BAR / 2;
        svg.text("middle", (middle, bottom + 14), &date.format("%a").to_string());
        svg.text("middle", (middle, bottom + 27), &date.format("%-d %b").to_string());
    }
    if silent {
        svg.hatched(&[(LEFT + 11, bottom + 34)], (14, 14));
        svg.text("", (LEFT + 31, bottom + 45), "no data");
    }
    svg.finish()
}

fn title(days: &[(NaiveDate, &PrioritiesOfDay)]) -> String {
    let ends = days.first().zip(days.last());
    let ends = ends.map(|(first, last)| format!(", {} to {}", first.0, last.0));
    format!("Episodes that began per day, by priority{}", ends.unwrap_or_default())
}

fn in_words(days: &[(NaiveDate, &PrioritiesOfDay)], rows: &[Row]) -> String {
    let mut out = String::new();
    for (at, (_, words, count)) in rows.iter().enumerate() {
        let sum = days.iter().fold(0_u64, |sum, (_, day)| sum.saturating_add(count(day)));
        let words = words.trim_start_matches(|sign: char| !sign.is_ascii_alphabetic());
        let _ = write!(out, "{}{words}: {}", if at > 0 { "; " } else { "" }, grouped(sum));
    }
    out.push('.');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(
        day: &str,
        covered: bool,
        [critical, error, warning, notice]: [u64; 4],
    ) -> PrioritiesOfDay {
        PrioritiesOfDay { day: day.to_owned(), covered, critical, error, warning, notice }
    }

    #[test]
    fn priorities_share_a_scale_and_those_of_which_none_began_have_no_row() {
        let svg = priorities(&[
            day("2026-11-16", true, [1, 0, 0, 20]),
            day("2026-11-17", true, [0, 0, 0, 1_200]),
        ]);
        assert!(
            svg.contains("<desc>Critical and above: 1; Notice and below: 1,220.</desc>"),
            "{svg}"
        );
        assert!(svg.contains(">◆ Critical and above</text>") && !svg.contains("▲"), "{svg}");
        assert!(
            svg.contains(r#"<g class="critical"><path class="fill" d="M161 30v-1h36v1z"/></g>"#),
            "{svg}"
        );
        assert!(svg.contains("v-64h36v64z") && svg.contains(">1,200</text>"), "{svg}");
        assert!(!svg.contains("hatch"), "{svg}");
    }

    #[test]
    fn a_day_without_data_is_not_one_without_episodes() {
        let days = [day("2026-11-16", true, [0, 2, 0, 0]), day("2026-11-17", false, [0; 4])];
        let svg = priorities(&days);
        assert!(svg.contains("class=\"hatch\"") && svg.contains(">no data</text>"), "{svg}");
        assert_eq!(priorities(&days[1..]), "", "none began");
        assert_eq!(priorities(&[day("\"><script>", true, [1; 4])]), "");
    }
}
