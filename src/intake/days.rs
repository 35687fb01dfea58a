//! The days of alerts in text that nothing dates but their file's name, where that is the day on which
//! a log rotator closed the file: the last of them is of it or of the day before, and midnight has
//! passed before the others wherever the clock runs far back.
//!
//! A part of a file does not tell how often that happens behind it. So clocks are followed while all is
//! read, and where they say that days differ all is read once more.

use hashbrown::HashMap;

use crate::{
    alert::Alert,
    normalise::{Context, Form, Sources, Wrapper},
    read::{LogFile, Unit},
    time::DAY,
};

/// The day, from 1970 on, and the second in it of an alert that a file's name dates. What `grep` found
/// may be of several files.
fn placed(alert: &Alert<'_>) -> Option<(i64, i64)> {
    let secs = alert.time.secs;
    let dated = alert.shape.form == Form::DatedByFile && alert.shape.wrapper != Wrapper::Numbered;
    dated.then(|| (secs.div_euclid(DAY), secs.rem_euclid(DAY)))
}

/// Whether midnight has passed between two alerts: their clocks are nearer to one another so.
const fn past_midnight(before: i64, clock: i64) -> bool {
    before - clock > DAY / 2
}

/// How the clocks of a unit run.
#[derive(Clone, Copy, Debug)]
struct Run {
    first: i64,
    last: i64,
    midnights: i64,
    /// The days that its alerts were placed on one by one: of the first, and of the last.
    days: (i64, i64),
    /// Whether they were all placed on one.
    even: bool,
}

/// What one worker has seen of clocks.
#[derive(Debug, Default)]
pub struct Runs(HashMap<u32, Run>);

impl Runs {
    /// Follows an alert's clock.
    pub fn saw(&mut self, alert: &Alert<'_>, unit: u32) {
        let Some((day, clock)) = placed(alert) else { return };
        let run = Run { first: clock, last: clock, midnights: 0, days: (day, day), even: true };
        let run = self.0.entry(unit).or_insert(run);
        run.midnights += i64::from(past_midnight(run.last, clock));
        run.even &= run.days.1 == day;
        (run.last, run.days.1) = (clock, day);
    }

    /// Adds another worker's.
    pub fn absorb(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// The days on which units begin whose alerts were not all placed on the right one.
    pub fn days(&self, files: &[LogFile], units: &[Unit], sources: &Sources) -> Days {
        let mut runs: Vec<_> = self.0.iter().map(|(unit, run)| (*unit, *run)).collect();
        runs.sort_unstable_by_key(|(unit, _)| *unit);
        let file = |unit: u32| units[unit as usize].file;
        let mut days = Days::default();
        for runs in runs.chunk_by(|one, next| file(one.0) == file(next.0)) {
            let (first, last) = (runs[0], runs[runs.len() - 1].1);
            let rotated = Context::of(&files[file(first.0) as usize], sources).closed.is_some();
            let even = runs.iter().all(|(_, run)| run.even && run.days == first.1.days);
            // From the last day back.
            let (mut day, mut next) = (last.days.1, None);
            let mut begun = Vec::with_capacity(runs.len());
            for (unit, run) in runs.iter().rev() {
                day -= next.map_or(0, |next| i64::from(past_midnight(run.last, next)));
                day -= run.midnights;
                begun.push((*unit, day));
                next = Some(run.first);
            }
            if rotated && (!even || day != first.1.days.0) {
                days.0.extend(begun);
            }
        }
        days
    }
}

/// The days on which units begin.
#[derive(Debug, Default)]
pub struct Days(HashMap<u32, i64>);

impl Days {
    /// Whether all alerts were placed right.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The calendar of a unit.
    pub fn of(&self, unit: u32) -> Calendar {
        Calendar { day: self.0.get(&unit).copied(), before: 0 }
    }
}

/// The day that it is in a unit.
#[derive(Debug, Default)]
pub struct Calendar {
    day: Option<i64>,
    before: i64,
}

impl Calendar {
    /// Places the unit's next alert on its day.
    pub fn place(&mut self, alert: &mut Alert<'_>) {
        let Some(day) = &mut self.day else { return };
        if let Some((_, clock)) = placed(alert) {
            *day += i64::from(past_midnight(self.before, clock));
            self.before = clock;
            alert.time.secs = *day * DAY + clock;
        }
    }
}
