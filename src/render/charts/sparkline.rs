//! Drawings of the size of a word, for the rows of a table.

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
    let mut svg = Svg::word("sparkline", (count * STEP - 1, HEIGHT), &title);
    let heights = values.iter().map(|value| scaled(*value, max, HEIGHT));
    svg.bars("fill", HEIGHT, STEP - 1, (0..).map(|place| place * STEP).zip(heights));
    svg.finish()
}

/// Weeks as small bars, on a scale of their own, the last one marked. Nothing where all are zero.
pub fn week_sparkline(values: &[u64]) -> String {
    const WIDE: u64 = 7;
    let values = &values[values.len().saturating_sub(VALUES)..];
    let max = values.iter().copied().max().unwrap_or(0);
    let Some((this, before)) = values.split_last().filter(|_| max > 0) else {
        return String::new();
    };
    let title = format!("Weeks: most {}, this {}", grouped(max), grouped(*this));
    let count = values.len() as u64;
    let mut svg = Svg::word("sparkline", (count * WIDE - 1, HEIGHT), &title);
    let heights = before.iter().map(|value| scaled(*value, max, HEIGHT));
    svg.bars("fill", HEIGHT, WIDE - 1, (0..).map(|place| place * WIDE).zip(heights));
    svg.bars("last", HEIGHT, WIDE - 1, [((count - 1) * WIDE, scaled(*this, max, HEIGHT))]);
    svg.finish()
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
        let svg = week_sparkline(&[2, 0, 4]);
        assert!(svg.contains("<title>Weeks: most 4, this 4</title>"), "{svg}");
        assert!(svg.contains(r#"<path class="last" d="M14 16v-16h6v16z"/>"#), "{svg}");
        assert_eq!(week_sparkline(&[0]), "");
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
