//! Numbers, lengths and times in words, the same in every sentence and page.

use chrono::Datelike as _;

use crate::time::{DAY, Timestamp, Zone};

/// A whole number with a comma between each three digits.
pub fn number(number: impl Into<u128>) -> String {
    let number = number.into();
    // The standard library takes several times as long for a number of 128 bits.
    let digits =
        u64::try_from(number).map_or_else(|_| number.to_string(), |short| short.to_string());
    if digits.len() <= 3 {
        return digits;
    }
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The count from which on a percentage says anything.
pub const ENOUGH_FOR_PERCENT: u64 = 20;

/// A share in percent with one decimal; none of too few to say.
#[expect(clippy::cast_precision_loss, reason = "a number below 1,001")]
pub fn share(count: u64, all: u64) -> Option<f64> {
    let tenths = || (u128::from(count) * 2000 / u128::from(all)).div_ceil(2);
    (all >= ENOUGH_FOR_PERCENT).then(|| tenths() as f64 / 10.0)
}

/// `1 alert`, `2,310 alerts`.
pub fn count(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(count), if count == 1 { one } else { many })
}

/// A length of time in its two largest units: `43 s`, `12 min`, `3 h 4 min`, `3 d 4 h`.
pub fn span(secs: u64) -> String {
    let day = DAY.unsigned_abs();
    let two = |large: u64, unit: &str, small: u64, smaller: &str| match small {
        0 => format!("{large} {unit}"),
        _ => format!("{large} {unit} {small} {smaller}"),
    };
    match secs {
        ..60 => format!("{secs} s"),
        60..3600 => format!("{} min", secs / 60),
        _ if secs < day => two(secs / 3600, "h", secs % 3600 / 60, "min"),
        _ => two(secs / day, "d", secs % day / 3600, "h"),
    }
}

/// `Wed 18 Nov, 02:04`
pub fn moment(time: Timestamp, zone: Zone) -> String {
    zone.local(time).format("%a %-d %b, %H:%M").to_string()
}

/// `18 Nov 2026, 02:04`
pub fn moment_with_year(time: Timestamp, zone: Zone) -> String {
    zone.local(time).format("%-d %b %Y, %H:%M").to_string()
}

/// `Wed 18 Nov, 02:04–02:16`, or both moments where the days differ, with their years where those
/// do.
pub fn between(first: Timestamp, last: Timestamp, zone: Zone) -> String {
    let (from, to) = (zone.local(first), zone.local(last));
    if from.year() != to.year() {
        format!("{} to {}", moment_with_year(first, zone), moment_with_year(last, zone))
    } else if from.date() != to.date() {
        format!("{} to {}", moment(first, zone), moment(last, zone))
    } else if from.format("%H:%M").to_string() == to.format("%H:%M").to_string() {
        moment(first, zone)
    } else {
        format!("{}–{}", moment(first, zone), to.format("%H:%M"))
    }
}

/// A share from 0 to 1 in percent, to a tenth: `89.1%`, `50%`. What is not all is not 100%.
pub fn percent(share: f64) -> String {
    let percent = if share < 1.0 { (share * 100.0).min(99.9) } else { 100.0 };
    let text = format!("{percent:.1}");
    format!("{}%", text.strip_suffix(".0").unwrap_or(&text))
}

/// `a`, `a and b`, `a, b and c`.
pub fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_and_needs_enough_alerts() {
        assert_eq!(share(1, 19), None);
        assert_eq!(share(1, 20), Some(5.0));
        assert_eq!(share(1, 3000), Some(0.0));
        assert_eq!(share(2, 3000), Some(0.1));
        assert_eq!(share(1999, 2000), Some(100.0));
        assert_eq!(share(7, 21), Some(33.3));
    }

    #[test]
    fn words_are_english() {
        assert_eq!(count(1, "alert", "alerts"), "1 alert");
        assert_eq!(count(1_234_567, "alert", "alerts"), "1,234,567 alerts");
        assert_eq!(percent(0.8911), "89.1%");
        assert_eq!(percent(0.5), "50%");
        assert_eq!(percent(0.99999), "99.9%");
        assert_eq!(span(43), "43 s");
        assert_eq!(span(12 * 60 + 5), "12 min");
        assert_eq!(span(3 * 3600 + 4 * 60), "3 h 4 min");
        assert_eq!(span(3 * 86_400 + 4 * 3600), "3 d 4 h");
        let (first, last) =
            (Timestamp::from_secs(1_795_005_960), Timestamp::from_secs(1_795_006_860));
        assert_eq!(between(first, last, Zone::UTC), "Wed 18 Nov, 12:46–13:01");
        assert_eq!(between(first, first, Zone::UTC), "Wed 18 Nov, 12:46");
        let earlier = Timestamp::from_secs(first.secs - 365 * DAY);
        let years = "18 Nov 2025, 12:46 to 18 Nov 2026, 12:46";
        assert_eq!(between(earlier, first, Zone::UTC), years);
        assert_eq!(list(&["a".into(), "b".into(), "c".into()]), "a, b and c");
    }
}
