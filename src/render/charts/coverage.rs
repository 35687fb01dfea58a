//! In which hours of a week a host sent data.

use super::svg::Svg;
use crate::{hours::Hours, wording::count};

const CELL: (u64, u64) = (3, 14);

/// Hours with data are filled, hours without are blank, and hours outside of all data are hatched; a
/// line stands between two days.
pub fn coverage(hours: &str, within: &str, total: u64) -> String {
    let (spoke, within) = (Hours::flags(hours, total), Hours::flags(within, total));
    if spoke.is_empty() {
        return String::new();
    }
    let number = spoke.iter().filter(|spoke| **spoke).count() as u64;
    let title = format!("Data in {} of {}", count(number, "hour", "hours"), spoke.len());
    let width = spoke.len() as u64 * CELL.0;
    let mut svg = Svg::new("chart coverage", width, CELL.1 + 1, &title, &in_words(&spoke, &within));
    let runs = |wanted: &dyn Fn(usize) -> bool| runs(spoke.len(), wanted);
    for (first, length) in runs(&|hour| spoke[hour]) {
        svg.cells("fill", &[(first * CELL.0, 0)], (length * CELL.0, CELL.1));
    }
    for (first, length) in runs(&|hour| !spoke[hour] && !within[hour]) {
        svg.hatched(&[(first * CELL.0, 0)], (length * CELL.0, CELL.1));
    }
    let days = (24..spoke.len() as u64).step_by(24).map(|hour| hour * CELL.0);
    svg.ticks("day", days, CELL.1);
    svg.base(0, width, CELL.1);
    svg.finish()
}

/// First and length of each run of hours.
fn runs(total: usize, wanted: &dyn Fn(usize) -> bool) -> Vec<(u64, u64)> {
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for hour in (0..total).filter(|hour| wanted(*hour)) {
        match runs.last_mut() {
            Some((first, length)) if *first + *length == hour as u64 => *length += 1,
            _ => runs.push((hour as u64, 1)),
        }
    }
    runs
}

fn in_words(spoke: &[bool], within: &[bool]) -> String {
    let silences = runs(spoke.len(), &|hour| !spoke[hour] && within[hour]);
    match silences.iter().map(|(_, length)| *length).max() {
        None => "No hour without data.".into(),
        Some(longest) => format!(
            "{} without data; the longest lasts {}.",
            count(silences.len() as u64, "stretch", "stretches"),
            count(longest, "hour", "hours"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_with_data_are_filled_and_those_outside_of_all_data_hatched() {
        let svg = coverage("0-1,4", "0-7", 12);
        assert!(svg.contains("<title>Data in 3 hours of 12</title>"), "{svg}");
        assert!(svg.contains("2 stretches without data; the longest lasts 3 hours."), "{svg}");
        assert!(svg.contains("M0 0h6v14h-6z") && svg.contains("M12 0h3v14h-3z"), "{svg}");
        assert!(svg.contains("class=\"hatch\""), "{svg}");
        assert_eq!(coverage("0", "0", 0), "");
        assert!(coverage("0-167", "0-167", 168).contains("No hour without data."));
    }
}
