//! The stretch of time that a report covers.

use chrono::{Datelike as _, Days, Months, NaiveDate, Weekday};

use crate::time::{Timestamp, Zone};

/// A stretch of time, in whole days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Period {
    /// Everything in the logs.
    All,
    /// From one day up to another.
    Days {
        /// What to call it.
        label: String,
        /// First day.
        from: NaiveDate,
        /// First day after it.
        to: NaiveDate,
    },
}

impl Period {
    /// Reads `all`, an ISO week (`2026-W47`), `last-week`, a day (`2026-11-18`), a month
    /// (`2026-11`) or a range (`2026-11-01..2026-11-15`, both days included). `today` is what
    /// `last-week` is counted from.
    pub fn parse(text: &str, today: Option<NaiveDate>) -> Result<Self, String> {
        let unknown = || {
            format!(
                "{text} is no period; write all, last-week, 2026-W47, 2026-11-18, 2026-11, \
                 or 2026-11-01..2026-11-15"
            )
        };
        if text == "all" {
            return Ok(Self::All);
        }
        if text == "last-week" {
            let today = today.ok_or("last-week needs a clock, and none was given")?;
            let monday = today.week(Weekday::Mon).first_day() - Days::new(7);
            return Ok(Self::week(monday));
        }
        if let Some((from, to)) = text.split_once("..") {
            let day = |text: &str| text.parse::<NaiveDate>().map_err(|_| unknown());
            let (from, to) = (day(from)?, day(to)?);
            if to < from {
                return Err(format!("{text} ends before it begins"));
            }
            return Ok(Self::Days { label: text.into(), from, to: to + Days::new(1) });
        }
        iso_week(text).or_else(|| day(text)).or_else(|| month(text)).ok_or_else(unknown)
    }

    /// The ISO week that begins on a Monday.
    pub fn week(monday: NaiveDate) -> Self {
        let week = monday.iso_week();
        let label = format!("{:04}-W{:02}", week.year(), week.week());
        Self::Days { label, from: monday, to: monday + Days::new(7) }
    }

    /// The Monday of an ISO week, written as this writes it.
    pub fn monday_of(label: &str) -> Option<NaiveDate> {
        match iso_week(label)? {
            Self::Days { label: written, from, .. } if written == label => Some(from),
            _ => None,
        }
    }

    /// What to call it.
    pub fn label(&self) -> &str {
        match self {
            Self::All => "all",
            Self::Days { label, .. } => label,
        }
    }

    /// Its first instant and the first after it, in a zone.
    pub fn bounds(&self, zone: Zone) -> (Option<Timestamp>, Option<Timestamp>) {
        match self {
            Self::All => (None, None),
            Self::Days { from, to, .. } => {
                (Some(zone.start_of_day(*from)), Some(zone.start_of_day(*to)))
            }
        }
    }
}

fn iso_week(text: &str) -> Option<Period> {
    let (year, week) = text.split_once("-W")?;
    let monday = NaiveDate::from_isoywd_opt(year.parse().ok()?, week.parse().ok()?, Weekday::Mon)?;
    Some(Period::week(monday))
}

fn day(text: &str) -> Option<Period> {
    let from: NaiveDate = text.parse().ok()?;
    Some(Period::Days { label: text.into(), from, to: from + Days::new(1) })
}

fn month(text: &str) -> Option<Period> {
    let from: NaiveDate = format!("{text}-01").parse().ok()?;
    Some(Period::Days { label: text.into(), from, to: from + Months::new(1) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(text: &str) -> (String, String) {
        let today = NaiveDate::from_ymd_opt(2026, 11, 24);
        let (from, to) = Period::parse(text, today).unwrap().bounds(Zone::UTC);
        (from.unwrap().to_string()[..10].into(), to.unwrap().to_string()[..10].into())
    }

    #[test]
    fn every_form_is_read() {
        let pair = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        assert_eq!(bounds("2026-W47"), pair("2026-11-16", "2026-11-23"));
        assert_eq!(bounds("last-week"), pair("2026-11-16", "2026-11-23"));
        assert_eq!(bounds("2026-11-18"), pair("2026-11-18", "2026-11-19"));
        assert_eq!(bounds("2026-12"), pair("2026-12-01", "2027-01-01"));
        assert_eq!(bounds("2026-11-01..2026-11-15"), pair("2026-11-01", "2026-11-16"));
        assert_eq!(bounds("2026-W53"), pair("2026-12-28", "2027-01-04"));
        assert_eq!(Period::parse("all", None), Ok(Period::All));
    }

    #[test]
    fn the_label_of_every_week_is_a_period() {
        // West of UTC the first instant that is read lies in a week of the year 0.
        for day in [(0, 12, 31), (1, 1, 1), (999, 6, 1), (2026, 11, 18), (9999, 12, 31)] {
            let day = NaiveDate::from_ymd_opt(day.0, day.1, day.2).unwrap();
            let week = Period::week(day.week(Weekday::Mon).first_day());
            assert_eq!(week.label().len(), 8, "{week:?}");
            assert!(week.label().bytes().next().unwrap().is_ascii_digit(), "{week:?}");
            assert_eq!(Period::parse(week.label(), None), Ok(week));
        }
    }

    #[test]
    fn what_is_no_period_is_said() {
        for text in ["", "week", "2026-W54", "2026-13", "2026-11-15..2026-11-01", "2025-W53"] {
            assert!(Period::parse(text, None).is_err(), "{text}");
        }
        assert!(Period::parse("last-week", None).is_err());
    }
}
