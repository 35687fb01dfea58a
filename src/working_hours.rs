//! The hours of a week in which people are at work, by the clock of the report's zone.

use crate::days::Days;

/// Days and whole hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkingHours {
    days: Days,
    from: usize,
    to: usize,
}

impl Default for WorkingHours {
    fn default() -> Self {
        Self { days: (0..5).collect(), from: 8, to: 18 }
    }
}

impl WorkingHours {
    /// Reads `Mon-Fri 08:00-18:00`: days as one name or two, hours as whole hours.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "{text} are no working hours; write days and whole hours, such as Mon-Fri 08:00-18:00"
            )
        };
        let (days, hours) = text.trim().split_once(' ').ok_or_else(wrong)?;
        let (first, last) = days.split_once(['-', '–']).unwrap_or((days, days));
        let day = |name: &str| (0..7).find(|day| Days::name(*day).eq_ignore_ascii_case(name));
        let (first, last) = (day(first).ok_or_else(wrong)?, day(last).ok_or_else(wrong)?);
        let (from, to) = hours.trim().split_once(['-', '–']).ok_or_else(wrong)?;
        let hour = |text: &str| {
            let hour = text.strip_suffix(":00")?;
            (hour.len() <= 2).then(|| hour.parse::<usize>().ok()).flatten()
        };
        let (from, to) = (hour(from).ok_or_else(wrong)?, hour(to).ok_or_else(wrong)?);
        if last < first || from >= to || to > 24 {
            return Err(wrong());
        }
        Ok(Self { days: (first..=last).collect(), from, to })
    }

    /// Whether an hour of a day, counted from 0, Monday, is among them.
    pub fn contains(&self, day: usize, hour: usize) -> bool {
        self.days.contains(day) && (self.from..self.to).contains(&hour)
    }

    /// `Mon–Fri 08:00–18:00`
    pub fn words(&self) -> String {
        format!("{} {:02}:00–{:02}:00", self.days.words(), self.from, self.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_hours_are_read() {
        let hours = WorkingHours::parse("mon-sat 7:00-24:00").unwrap();
        assert_eq!(hours.words(), "Mon–Sat 07:00–24:00");
        assert!(hours.contains(5, 23) && !hours.contains(6, 12) && !hours.contains(0, 6));
        assert_eq!(WorkingHours::parse("Mon-Fri 08:00-18:00"), Ok(WorkingHours::default()));
        assert_eq!(WorkingHours::parse("Sun 09:00-10:00").unwrap().words(), "Sun 09:00–10:00");
        for wrong in ["", "Mon", "Fri-Mon 08:00-18:00", "Mon 18:00-08:00", "Mon 8:30-9:00"] {
            assert!(WorkingHours::parse(wrong).is_err(), "{wrong}");
        }
    }
}
