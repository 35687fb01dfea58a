//! When the episodes of a week began: seven days of twenty-four hours.

use chrono::NaiveDate;
use serde::Deserialize;

use super::{
    grid::Scale,
    svg::{Svg, grouped, short},
};

const CELL: (u64, u64) = (26, 20);
const LEFT: u64 = 76;
const TOP: u64 = 16;

/// One day of [`starts`].
#[derive(Clone, Debug, Deserialize)]
pub struct StartsOfDay {
    /// The day, `YYYY-MM-DD`; anything else is left out.
    pub day: String,
    /// Episodes that began in each hour.
    pub starts: Vec<u64>,
    /// Whether there are data of each hour.
    pub data: Vec<bool>,
}

/// Episodes by the day and hour of their beginning. An hour in which none began is blank; one
/// without data is hatched. Nothing where no day is given.
pub fn starts(days: &[StartsOfDay]) -> String {
    let days: Vec<(NaiveDate, &StartsOfDay)> =
        days.iter().filter_map(|day| Some((day.day.parse().ok()?, day))).take(7).collect();
    if days.is_empty() {
        return String::new();
    }
    let all = || days.iter().flat_map(|(_, day)| day.starts.iter().take(24));
    let most = all().copied().max().unwrap_or(0);
    let scale = Scale::new(most.max(1));
    let height = days.len() as u64 * CELL.1;
    let (width, bottom) = (LEFT + 24 * CELL.0, TOP + height);
    let mut svg = Svg::new("chart grid", width, bottom + 30, &title(&days), &in_words(&days, most));
    for hour in (0..24).step_by(3) {
        svg.text("middle", (LEFT + hour * CELL.0 + CELL.0 / 2, TOP - 5), &format!("{hour:02}"));
    }
    for (y, (date, _)) in (0..).map(|row| TOP + row * CELL.1).zip(&days) {
        svg.text("end", (LEFT - 8, y + 14), &date.format("%a %-d %b").to_string());
    }
    let mut silent = Vec::new();
    let mut steps: [(Vec<(u64, u64)>, Vec<((u64, u64), String)>); 5] = Default::default();
    for (y, (_, day)) in (0..).map(|row| TOP + row * CELL.1).zip(&days) {
        for (hour, x) in (0..24).map(|hour| (hour, LEFT + hour as u64 * CELL.0)) {
            let count = day.starts.get(hour).copied().unwrap_or(0);
            if count > 0 {
                let (cells, numbers) = &mut steps[scale.step(count) - 1];
                cells.push((x, y));
                numbers.push(((x + CELL.0 / 2 - 1, y + 13), short(count)));
            } else if !day.data.get(hour).copied().unwrap_or(false) {
                silent.push((x, y));
            }
        }
    }
    svg.hatched(&silent, (CELL.0 - 2, CELL.1 - 2));
    for (number, (cells, numbers)) in (1..).zip(&steps) {
        svg.cells(&format!("h{number}"), cells, (CELL.0 - 2, CELL.1 - 2));
        svg.texts(&format!("t{number}"), numbers);
    }
    let y = bottom + 24;
    svg.text("", (LEFT, y), "Number: episodes that began in the hour. Blank: none.");
    if !silent.is_empty() {
        svg.hatched(&[(LEFT + 322, y - 11)], (14, 14));
        svg.text("", (LEFT + 342, y), "no data");
    }
    svg.finish()
}

fn title(days: &[(NaiveDate, &StartsOfDay)]) -> String {
    format!("Beginnings of episodes by day and hour, {} to {}", days[0].0, days[days.len() - 1].0)
}

fn in_words(days: &[(NaiveDate, &StartsOfDay)], most: u64) -> String {
    if most == 0 {
        return "None began.".into();
    }
    let at = days
        .iter()
        .find_map(|(date, day)| Some((date, day.starts.iter().position(|count| *count == most)?)));
    at.map_or_else(String::new, |(date, hour)| {
        format!("Most, {}, on {date} from {hour:02}:00.", grouped(most))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: &str, starts: &[(usize, u64)], silent: &[usize]) -> StartsOfDay {
        let mut all = vec![0; 24];
        for (hour, count) in starts {
            all[*hour] = *count;
        }
        let data = (0..24).map(|hour| !silent.contains(&hour)).collect();
        StartsOfDay { day: day.to_owned(), starts: all, data }
    }

    #[test]
    fn zero_is_blank_and_silence_is_hatched() {
        let svg = starts(&[day("2026-11-16", &[(2, 43)], &[5]), day("2026-11-17", &[], &[])]);
        assert!(svg.contains("<desc>Most, 43, on 2026-11-16 from 02:00.</desc>"), "{svg}");
        assert!(svg.contains(">43</text>"), "{svg}");
        assert!(svg.contains(">no data</text>"), "{svg}");
        let all = starts(&[day("2026-11-16", &[(2, 1)], &[])]);
        assert!(!all.contains("no data"), "{all}");
    }

    #[test]
    fn hostile_days_are_left_out() {
        assert_eq!(starts(&[day("<script>", &[(2, 1)], &[])]), "");
    }
}
