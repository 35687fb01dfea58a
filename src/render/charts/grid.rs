//! On which day, at what hour: a grid of days and hours.

use chrono::NaiveDate;

use super::{
    DayCount,
    svg::{Svg, grouped, short},
};

/// Days that a grid has room for; of more, the last are drawn.
const DAYS: usize = 31;
const CELL: (u64, u64) = (26, 20);
const LEFT: u64 = 76;
const TOP: u64 = 16;
const STEPS: usize = 5;
/// Up to so many days, each cell has its number.
const NUMBERED: usize = 14;

/// Alerts of each hour of the days that have any, at most the last 31. A cell is the darker the
/// more alerts it holds, and has their number if the days are few; where days without alerts lie between two rows, a
/// line says how many. Nothing where no day is given.
pub fn hours(days: &[DayCount]) -> String {
    let mut dated: Vec<(NaiveDate, &DayCount)> =
        days.iter().filter_map(|day| Some((day.day.parse().ok()?, day))).collect();
    dated.sort_by_key(|(date, _)| *date);
    let earlier = dated.len().saturating_sub(DAYS);
    let shown = &dated[earlier..];
    let counts = || shown.iter().flat_map(|(_, day)| &day.hours).copied();
    let max = counts().max().unwrap_or(0);
    if max == 0 {
        return String::new();
    }
    let scale = Scale::new(max);
    let (rows, height) = rows(shown);
    let bottom = TOP + height;
    let title = format!("Alerts by hour and day, {} to {}", shown[0].0, shown[shown.len() - 1].0);
    let width = LEFT + 24 * CELL.0;
    let mut svg = Svg::new("chart grid", width, bottom + 46, &title, &in_words(shown, max));
    for hour in (0..24).step_by(3) {
        svg.text("middle", (LEFT + hour * CELL.0 + CELL.0 / 2, TOP - 5), &format!("{hour:02}"));
    }
    let mut steps = Steps::default();
    for row in rows {
        match row {
            Row::Gap(y, days) => draw_gap(&mut svg, y, days),
            Row::Day(y, date, day) => {
                svg.text("end", (LEFT - 8, y + 14), &date.format("%a %-d %b").to_string());
                steps.add(y, day, &scale, shown.len() <= NUMBERED);
            }
        }
    }
    steps.draw(&mut svg);
    scale.legend(&mut svg, bottom + 12);
    if earlier > 0 {
        let note = match earlier {
            1 => "1 earlier day is not shown.".to_owned(),
            days => format!("{days} earlier days are not shown."),
        };
        svg.text("", (LEFT, bottom + 44), &note);
    }
    svg.finish()
}

enum Row<'a> {
    Day(u64, NaiveDate, &'a DayCount),
    Gap(u64, i64),
}

/// The rows with their place from above, and the height of all.
fn rows<'a>(days: &[(NaiveDate, &'a DayCount)]) -> (Vec<Row<'a>>, u64) {
    let (mut rows, mut y, mut before) = (Vec::new(), 0, None::<NaiveDate>);
    for (date, day) in days {
        let gap = before.map_or(0, |before| (*date - before).num_days() - 1);
        if gap > 0 {
            rows.push(Row::Gap(TOP + y, gap));
            y += CELL.1;
        }
        rows.push(Row::Day(TOP + y, *date, day));
        y += CELL.1;
        before = Some(*date);
    }
    (rows, y)
}

fn draw_gap(svg: &mut Svg, y: u64, days: i64) {
    let words = match days {
        1 => "1 day without alerts".to_owned(),
        days => format!("{days} days without alerts"),
    };
    svg.text("", (LEFT, y + 14), &words);
}

/// The cells, gathered by step: a page is a third of the size when each step is one path.
#[derive(Default)]
struct Steps([Step; STEPS]);

#[derive(Default)]
struct Step {
    cells: Vec<(u64, u64)>,
    numbers: Vec<((u64, u64), String)>,
}

impl Steps {
    fn add(&mut self, y: u64, day: &DayCount, scale: &Scale, numbered: bool) {
        for (hour, count) in (0..24).zip(&day.hours).filter(|(_, count)| **count > 0) {
            let x = LEFT + hour * CELL.0;
            let step = &mut self.0[scale.step(*count) - 1];
            step.cells.push((x, y));
            if numbered {
                step.numbers.push(((x + CELL.0 / 2 - 1, y + 13), short(*count)));
            }
        }
    }

    fn draw(&self, svg: &mut Svg) {
        for (number, step) in (1..).zip(&self.0) {
            svg.cells(&format!("h{number}"), &step.cells, (CELL.0 - 2, CELL.1 - 2));
            svg.texts(&format!("t{number}"), &step.numbers);
        }
    }
}

fn in_words(days: &[(NaiveDate, &DayCount)], max: u64) -> String {
    let peak = days.iter().find_map(|(date, day)| {
        let hour = day.hours.iter().position(|count| *count == max)?;
        Some(format!("Most alerts, {}, on {date} from {hour:02}:00.", grouped(max)))
    });
    peak.unwrap_or_default()
}

/// Five steps from light to dark, each as many times wider than the one before.
pub(super) struct Scale {
    root: u64,
    max: u64,
}

impl Scale {
    pub(super) fn new(max: u64) -> Self {
        // 7132 to the fifth is more than any count.
        let root = (2..=7132).find(|root: &u64| root.saturating_pow(5) >= max).unwrap_or(7132);
        Self { root, max }
    }

    /// 1 to 5, for a count that is not zero.
    pub(super) fn step(&self, count: u64) -> usize {
        (1..STEPS).find(|step| count <= self.upper(*step)).unwrap_or(STEPS)
    }

    fn upper(&self, step: usize) -> u64 {
        let power = u32::try_from(step).unwrap_or(5);
        self.root.saturating_pow(power).min(self.max)
    }

    fn legend(&self, svg: &mut Svg, y: u64) {
        let mut x = LEFT;
        let mut from = 1;
        for step in 1..=STEPS {
            let upper = if step == STEPS { self.max } else { self.upper(step) };
            if from > upper {
                break;
            }
            let range = if from == upper {
                grouped(from)
            } else {
                format!("{}–{}", grouped(from), grouped(upper))
            };
            svg.cells(&format!("h{step}"), &[(x, y)], (14, 14));
            svg.text("", (x + 20, y + 11), &range);
            x += 34 + 7 * range.chars().count() as u64;
            from = upper + 1;
        }
        svg.text("", (x, y + 11), "alerts in the hour");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: &str, at: &[(usize, u64)]) -> DayCount {
        let mut hours = vec![0; 24];
        for (hour, count) in at {
            hours[*hour] = *count;
        }
        DayCount { day: day.to_owned(), alerts: 0, episodes: 0, hours }
    }

    #[test]
    fn a_cell_has_its_number_and_zero_is_blank() {
        let svg = hours(&[day("2026-11-18", &[(2, 43), (23, 1)])]);
        assert!(svg.contains("Most alerts, 43, on 2026-11-18 from 02:00."), "{svg}");
        assert!(svg.contains(r#"<g class="t4"><text x="140" y="29">43</text></g>"#), "{svg}");
        assert_eq!(svg.matches("h24v18h-24z").count(), 2, "{svg}");
    }

    #[test]
    fn the_steps_cover_every_count() {
        for max in [1, 2, 5, 43, 30_000, u64::MAX] {
            let scale = Scale::new(max);
            assert!(scale.step(1) == 1 && (1..=5).contains(&scale.step(max)), "{max}");
            assert!((1..5).all(|step| scale.upper(step) <= scale.upper(step + 1)));
        }
        let scale = Scale::new(30_000);
        assert_eq!([8, 9, 64, 65, 30_000].map(|count| scale.step(count)), [1, 2, 2, 3, 5]);
    }

    #[test]
    fn days_left_out_are_counted() {
        let all: Vec<DayCount> = (1..=30)
            .map(|number| day(&format!("2026-11-{number:02}"), &[(0, 1)]))
            .chain((1..=3).map(|number| day(&format!("2026-12-{number:02}"), &[(0, 1)])))
            .collect();
        let svg = hours(&all);
        assert!(svg.contains("2 earlier days are not shown."), "{svg}");
        assert!(svg.contains("2026-11-03 to 2026-12-03"), "{svg}");
        assert!(!svg.contains("<g "), "cells of so many days have no numbers: {svg}");
    }

    #[test]
    fn a_wrong_clock_makes_a_gap_and_not_a_huge_chart() {
        let svg = hours(&[day("1970-01-01", &[(0, 1)]), day("2026-11-18", &[(0, 1)])]);
        assert!(svg.contains("20774 days without alerts"), "{svg}");
        assert!(svg.len() < 3_000, "{} bytes", svg.len());
    }

    #[test]
    fn no_alerts_make_no_chart() {
        assert_eq!(hours(&[]), "");
        assert_eq!(hours(&[day("2026-11-18", &[])]), "");
    }
}
