//! Hours of a week as the report writes them: `0-23,30`.

/// Hours that a week can have, and some room.
const MOST: usize = 200;

/// For each hour of a week whether it is among those written; what cannot be read is left out.
pub fn read(text: &str, total: u64) -> Vec<bool> {
    let total = usize::try_from(total).unwrap_or(0).min(MOST);
    let mut hours = vec![false; total];
    for run in text.split(',') {
        let (first, last) = run.split_once('-').unwrap_or((run, run));
        let (Ok(first), Ok(last)) = (first.parse::<usize>(), last.parse::<usize>()) else {
            continue;
        };
        for hour in hours.iter_mut().take(last.saturating_add(1)).skip(first) {
            *hour = true;
        }
    }
    hours
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_hours_are_read_and_nonsense_is_none() {
        let set = |text: &str, total| {
            let hours = read(text, total);
            (0..hours.len()).filter(|hour| hours[*hour]).collect::<Vec<_>>()
        };
        assert_eq!(set("0-2,5,7-9", 9), [0, 1, 2, 5, 7, 8]);
        assert!(set("", 168).is_empty() && set("x-3,-1,<b>", 168).is_empty());
        assert_eq!(read("0-18446744073709551615", u64::MAX).len(), MOST);
    }
}
