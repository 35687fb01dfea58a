//! Drawings of the size of a word, for the rows of a table.

use std::fmt::Write as _;

use super::svg::{Svg, grouped, scaled};

/// Values that a sparkline has room for; of more, the last are drawn.
const VALUES: usize = 62;
const STEP: u64 = 4;
const HEIGHT: u64 = 16;
const BAR: (u64, u64) = (120, 10);

/// Alerts per day as small bars, on a scale of their own. Nothing where all are zero.
pub fn sparkline(values: &[u64]) -> String {
    let values = &values[values.len().saturating_sub(VALUES)..];
    let max = values.iter().copied().max().unwrap_or(0);
    if max == 0 {
        return String::new();
    }
    let last = values.last().copied().unwrap_or(0);
    let title = format!("Alerts per day: most {}, last {}", grouped(max), grouped(last));
    let count = values.len() as u64;
    let mut svg = Svg::word("sparkline", (count * STEP - 1, HEIGHT), &title, "");
    let heights = values.iter().map(|value| scaled(*value, max, HEIGHT));
    svg.bars("fill", HEIGHT, STEP - 1, (0..).map(|place| place * STEP).zip(heights));
    svg.finish()
}

/// Weeks as small bars, on a scale of their own, the last one marked, with a line across them at the
/// median. Nothing where all are zero.
pub fn week_sparkline(values: &[u64], median: Option<f64>) -> String {
    const WIDE: u64 = 7;
    let values = &values[values.len().saturating_sub(VALUES)..];
    let max = values.iter().copied().max().unwrap_or(0);
    let Some((this, before)) = values.split_last().filter(|_| max > 0) else {
        return String::new();
    };
    let title = format!("Weeks: most {}, this {}", grouped(max), grouped(*this));
    let count = values.len() as u64;
    let each: Vec<String> = values.iter().map(|value| grouped(*value)).collect();
    let mut desc = format!("The newest last: {}.", each.join("; "));
    if let Some(median) = median {
        let _ = write!(desc, " Median: {median}.");
    }
    let mut svg = Svg::word("sparkline", (count * WIDE - 1, HEIGHT), &title, &desc);
    let heights = before.iter().map(|value| scaled(*value, max, HEIGHT));
    svg.bars("fill", HEIGHT, WIDE - 1, (0..).map(|place| place * WIDE).zip(heights));
    svg.bars("last", HEIGHT, WIDE - 1, [((count - 1) * WIDE, scaled(*this, max, HEIGHT))]);
    if let Some(height) = median.and_then(|median| halves(median, max)) {
        svg.level("median", (0, count * WIDE - 1), HEIGHT - height);
    }
    svg.finish()
}

/// The height of a count that may have a half; none of what is higher than any bar.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count of a week and its half are small"
)]
fn halves(median: f64, max: u64) -> Option<u64> {
    let doubled = (median * 2.0).max(0.0) as u64;
    (doubled <= max.saturating_mul(2)).then(|| scaled(doubled, max.saturating_mul(2), HEIGHT))
}

/// A bar beside its number. It says nothing that the number does not, and is silent to those who
/// listen to the page.
pub fn bar(value: u64, max: u64) -> String {
    let (width, height) = BAR;
    let mut svg = Svg::decoration("bar", (width, height));
    svg.bars("fill", height, scaled(value, max, width), (value > 0).then_some((0, height)));
    svg.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_without_alerts_is_blank() {
        let svg = sparkline(&[4, 0, 1]);
        assert!(svg.contains("<title>Alerts per day: most 4, last 1</title>"), "{svg}");
        assert!(svg.contains(r#"d="M0 16v-16h3v16zM8 16v-4h3v4z""#), "{svg}");
    }

    #[test]
    fn the_last_week_is_marked() {
        let svg = week_sparkline(&[2, 0, 4], None);
        assert!(svg.contains("<title>Weeks: most 4, this 4</title>"), "{svg}");
        assert!(svg.contains(r#"<path class="last" d="M14 16v-16h6v16z"/>"#), "{svg}");
        assert!(svg.contains("<desc>The newest last: 2; 0; 4.</desc>"), "{svg}");
        assert_eq!(week_sparkline(&[0], Some(0.0)), "");
    }

    #[test]
    fn a_median_is_a_line_where_there_is_room_for_it() {
        let svg = week_sparkline(&[2, 1, 4], Some(1.5));
        assert!(svg.contains("4. Median: 1.5.</desc>"), "{svg}");
        assert!(svg.contains(r#"<path class="median" d="M0 10H20"/>"#), "{svg}");
        // The weeks that the median is of had more than these bars are high.
        assert!(!week_sparkline(&[1, 2], Some(3.0)).contains("class=\"median\""));
    }

    #[test]
    fn nothing_to_show_is_nothing() {
        assert_eq!(sparkline(&[]), "");
        assert_eq!(sparkline(&[0, 0]), "");
    }

    #[test]
    fn the_last_days_are_kept() {
        let values: Vec<u64> = (1..=100).collect();
        let svg = sparkline(&values);
        assert!(svg.contains("most 100, last 100"), "{svg}");
        assert_eq!(svg.matches('z').count(), VALUES, "{svg}");
    }

    #[test]
    fn a_bar_is_as_long_as_its_share() {
        assert!(bar(1, 4).contains("h30v"));
        assert!(!bar(0, 4).contains("path"));
    }
}
