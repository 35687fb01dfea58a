//! When episodes began.

use std::collections::BTreeSet;

use hashbrown::{HashMap, HashSet};

use super::{coverage, view::View};
use crate::{
    days::Days,
    history::{Calendar, Joined},
    report::{DayStarts, Peak, When, names::Names},
    time::{DAY, Zone},
    wording::ENOUGH_FOR_PERCENT,
    working_hours::WorkingHours,
};

/// Peaks that are named.
const PEAKS: usize = 3;

/// Beginnings in an hour that may be a peak, and how many times the usual they must be.
const PEAK: (u64, u64) = (10, 5);

/// Beginnings of episodes in one hour of the clock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Hour {
    episodes: u64,
    hosts: HashSet<u32>,
}

/// Beginnings of all episodes of the logs, by day and hour of the clock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Starts(HashMap<(i64, usize), Hour>);

impl Starts {
    /// Counts them.
    pub fn of(pairs: &[Joined<'_>], names: &Names<'_>, zone: Zone) -> Self {
        let mut all: HashMap<(i64, usize), Hour> = HashMap::new();
        for joined in pairs {
            let host = names.hosts.number(&joined.key.host);
            for span in &*joined.episodes() {
                let hour = all.entry(clock(span.first.secs, zone)).or_default();
                hour.episodes += 1;
                hour.hosts.extend(host);
            }
        }
        Self(all)
    }
}

/// The day, counted from 1970-01-01, and the hour of the clock.
fn clock(secs: i64, zone: Zone) -> (i64, usize) {
    let local = secs + zone.offset(secs);
    (local.div_euclid(DAY), usize::try_from(local.rem_euclid(DAY) / 3600).unwrap_or(0))
}

/// When the episodes of a week began.
pub fn when(view: &View<'_, '_>, starts: &Starts, working: &WorkingHours) -> When {
    let zone = view.book.zone;
    let calendar = Calendar::of(view.monday, zone);
    let first = i64::from(view.monday.to_epoch_days());
    let at =
        |day: usize, hour: usize| starts.0.get(&(first + i64::try_from(day).unwrap_or(0), hour));
    let data = data(view, &calendar);
    let alerts = view.this.alerts;
    let days: Vec<DayStarts> = (0..7)
        .map(|day| {
            let starts: Vec<u64> =
                (0..24).map(|hour| at(day, hour).map_or(0, |hour| hour.episodes)).collect();
            DayStarts {
                day: calendar.day(day).to_string(),
                alerts: alerts[day],
                episodes: starts.iter().sum(),
                data: (0..24).map(|hour| data.contains(&(day, hour))).collect(),
                starts,
            }
        })
        .collect();
    let cells = || (0..7).flat_map(|day| (0..24).map(move |hour| (day, hour)));
    let episodes: u64 = days.iter().map(|day| day.episodes).sum();
    let off_hours = cells()
        .filter(|(day, hour)| !working.contains(*day, *hour))
        .filter_map(|(day, hour)| at(day, hour))
        .map(|hour| hour.episodes)
        .sum();
    let known = cells().filter_map(|(day, hour)| Some((day, hour, at(day, hour)?)));
    When {
        days,
        peaks: peaks(known.collect()),
        working_hours: working.words(),
        off_hours,
        off_hours_percent: (episodes >= ENOUGH_FOR_PERCENT)
            .then(|| (off_hours * 200 + episodes) / (episodes * 2)),
    }
}

/// Hours of the clock, by day, that any host covers.
fn data(view: &View<'_, '_>, calendar: &Calendar) -> BTreeSet<(usize, usize)> {
    let covered = view
        .this
        .spoke
        .numbers()
        .flat_map(|host| coverage::covered(view, view.monday, host))
        .collect::<BTreeSet<i64>>();
    let first = i64::from(calendar.monday.to_epoch_days());
    covered
        .into_iter()
        .filter_map(|hour| {
            let (day, hour) = clock(hour * 3600, view.book.zone);
            Some((usize::try_from(day - first).ok()?, hour))
        })
        .collect()
}

/// Hours in which at least ten began, and at least five times as many as in the middle one of the
/// other hours in which any did.
fn peaks(mut hours: Vec<(usize, usize, &Hour)>) -> Vec<Peak> {
    hours.sort_by_key(|(.., hour)| hour.episodes);
    let others = hours.len().saturating_sub(1);
    let middle = if others == 0 { 0 } else { hours[others / 2].2.episodes };
    let (least, times) = PEAK;
    let least = least.max(times * middle);
    hours.retain(|(.., hour)| hour.episodes >= least);
    hours.sort_by_key(|(day, at, hour)| (std::cmp::Reverse(hour.episodes), *day, *at));
    hours
        .into_iter()
        .take(PEAKS)
        .map(|(day, at, hour)| Peak {
            hour: format!("{} {at:02}:00–{:02}:00", Days::name(day), at + 1),
            episodes: hour.episodes,
            hosts: hour.hosts.len() as u64,
        })
        .collect()
}
