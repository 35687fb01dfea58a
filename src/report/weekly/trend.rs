//! A count beside those of the weeks before.

use chrono::NaiveDate;

use super::{
    book::{Book, RECENT, Sums},
    view::View,
};
use crate::{
    days::Days,
    history::Calendar,
    report::{Number, Trend},
    wording::ENOUGH_FOR_PERCENT,
};

/// Weeks of a sparkline.
const WEEKS: u64 = 13;

/// Whether two counts differ by more than chance makes likely.
pub fn notable(a: u64, b: u64) -> bool {
    let (difference, sum) = (u128::from(a.abs_diff(b)), u128::from(a) + u128::from(b));
    a.max(b) >= 10 && difference * difference > 9 * sum
}

/// The change in percent of the earlier count, where that is large enough to say so.
pub fn percent(now: u64, before: u64) -> Option<i64> {
    let (now, before) = (i128::from(now), i128::from(before));
    let hundredfold = (now - before) * 100;
    let rounded = || (hundredfold * 2 + before * hundredfold.signum()) / (before * 2);
    (before >= i128::from(ENOUGH_FOR_PERCENT)).then(|| i64::try_from(rounded()).unwrap_or(i64::MAX))
}

/// A count of a week, given how it is counted on some days of any week.
pub fn trend(view: &View<'_, '_>, count: impl Fn(&Sums<'_>, Days) -> u64) -> Trend {
    let days = view.days();
    let of = |sums: &Sums<'_>| count(sums, days);
    let this_week = of(view.this);
    let last_week = view.last.map(of);
    let difference = last_week.map(|last| difference(this_week, last));
    let is_notable = last_week.is_some_and(|last| notable(this_week, last));
    let change = match (difference, is_notable) {
        (None, _) => "",
        (Some(0), _) => "the same",
        (Some(_), false) => "about the same",
        (Some(more), true) if more > 0 => "more",
        _ => "fewer",
    };
    let usual = view.book.before(view.monday, RECENT);
    let usual = usual.filter(|sums| days.both(sums.week.covered) == days).map(of).collect();
    Trend {
        this_week,
        last_week,
        difference,
        percent: last_week.and_then(|last| percent(this_week, last)),
        change: change.into(),
        notable: is_notable,
        median: median(usual),
        sparkline: sparkline(view.book, view.monday, |sums| count(sums, Days::WEEK)),
    }
}

/// A named count.
pub fn number(view: &View<'_, '_>, name: &str, count: impl Fn(&Sums<'_>, Days) -> u64) -> Number {
    Number { name: name.into(), trend: trend(view, count) }
}

fn difference(now: u64, before: u64) -> i64 {
    let difference = i128::from(now) - i128::from(before);
    i64::try_from(difference).unwrap_or(i64::MAX)
}

/// The middle count, or the mean of the two in the middle; of fewer than two it would be no middle.
#[expect(clippy::cast_precision_loss, reason = "a count of a week is far below 2^52")]
fn median(mut counts: Vec<u64>) -> Option<f64> {
    counts.sort_unstable();
    let middle = counts.len() / 2;
    match counts.len() {
        0 | 1 => None,
        odd if odd % 2 == 1 => Some(counts[middle] as f64),
        _ => Some((counts[middle - 1] + counts[middle]) as f64 / 2.0),
    }
}

/// The counts of the weeks up to this one, from the first that is covered.
fn sparkline(book: &Book<'_>, monday: NaiveDate, count: impl Fn(&Sums<'_>) -> u64) -> Vec<u64> {
    let weeks = (0..WEEKS).rev().map(|back| book.week(Calendar::back(monday, back)));
    weeks.skip_while(Option::is_none).map(|sums| sums.map_or(0, &count)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_notable_by_the_stated_rule() {
        // |a-b| > 3·√(a+b): 3·√20 is 13.4.
        assert!(!notable(16, 4), "12 is less than 13.4");
        assert!(notable(17, 3), "14 is more");
        assert!(notable(10, 0) && !notable(9, 0));
        assert!(!notable(100, 100) && notable(u64::MAX, 0));
    }

    #[test]
    fn a_percentage_needs_twenty_before() {
        assert_eq!(percent(38, 19), None);
        assert_eq!(percent(30, 20), Some(50));
        assert_eq!(percent(0, 200), Some(-100));
        assert_eq!(percent(203, 200), Some(2), "1.5 is rounded away from zero");
        assert_eq!(percent(197, 200), Some(-2));
    }

    #[test]
    fn the_median_of_few_is_none() {
        assert_eq!(median(vec![3]), None);
        assert_eq!(median(vec![5, 3]), Some(4.0));
        assert_eq!(median(vec![9, 1, 2]), Some(2.0));
        assert_eq!(median(vec![4, 1, 2, 9]), Some(3.0));
    }
}
