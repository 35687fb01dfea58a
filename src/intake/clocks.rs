//! Whether the times of alerts can be right. There is no clock here: a time is held against what
//! stands around it.

use std::collections::BTreeMap;

use crate::{alert::Alert, read::Unit, time::Timestamp};

/// Seconds by which two clocks may differ before one of them is wrong.
pub const SKEW: i64 = 300;

/// Seconds after which an alert is late, and by which no neighbour is earlier.
pub const DAY: i64 = crate::time::DAY;

/// Seconds by which an alert may be earlier than the one before it: Falco's outputs run side by side.
pub const DISORDER: i64 = 60;

/// The first instant of 2016, the year of Falco's first release.
pub const FALCO_BEGAN: i64 = 1_451_606_400;

/// What is wrong with a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// Later than its wrapper says that it was taken up.
    AheadOfWrapper,
    /// Later than the report is said to be made.
    AheadOfReport,
    /// Far later than the alert that stands next in its file.
    AheadOfNext,
    /// Before there was a Falco.
    BeforeFalco,
    /// Far earlier than its wrapper says that it was taken up.
    BehindWrapper,
    /// Earlier than the alert that stands before it in its file.
    OutOfOrder,
}

/// How often a fault was met.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FaultTally {
    /// Alerts.
    pub count: u64,
    /// The unit and the line in it of the first.
    pub first: Option<(u32, u32)>,
    /// The hosts that they are about, where that was asked for.
    pub hosts: BTreeMap<String, u64>,
}

impl FaultTally {
    fn met(&mut self, at: (u32, u32)) {
        self.count += 1;
        self.first = self.first.into_iter().chain([at]).min();
    }

    /// Adds another's.
    pub fn absorb(&mut self, other: Self) {
        self.count += other.count;
        self.first = self.first.into_iter().chain(other.first).min();
        for (host, count) in other.hosts {
            *self.hosts.entry(host).or_default() += count;
        }
    }
}

/// An alert's time and where it stands: the unit and the line in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its time.
    pub time: Timestamp,
    /// Its place.
    pub at: (u32, u32),
}

/// How the times of alerts follow one another in a file or a part of one.
#[derive(Clone, Debug, Default)]
pub struct Course {
    ends: Option<(Step, Step)>,
    /// The latest alert.
    pub latest: Option<Step>,
    forward: u64,
    back: u64,
    late: FaultTally,
    ahead: FaultTally,
}

/// The order in which alerts stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// None is more than a minute earlier than the one before it.
    Rising,
    /// Nearly each is earlier than the one before it, as in what a search gives.
    Falling,
    /// Neither.
    Mixed,
}

impl Course {
    fn saw(&mut self, time: Timestamp, at: (u32, u32)) {
        let step = Step { time, at };
        match &mut self.ends {
            Some((_, last)) => {
                let before = std::mem::replace(last, step);
                self.step(before, step);
            }
            ends => *ends = Some((step, step)),
        }
        self.reached(step);
    }

    fn reached(&mut self, step: Step) {
        if self.latest.is_none_or(|latest| step.time > latest.time) {
            self.latest = Some(step);
        }
    }

    fn step(&mut self, before: Step, step: Step) {
        if step.time >= before.time {
            self.forward += u64::from(step.time > before.time);
            return;
        }
        self.back += 1;
        let by = before.time.secs - step.time.secs;
        if by > DISORDER {
            self.late.met(step.at);
        }
        if by > DAY {
            self.ahead.met(before.at);
        }
    }

    /// Adds what stands behind it.
    fn and(mut self, next: Self) -> Self {
        self.forward += next.forward;
        self.back += next.back;
        self.late.absorb(next.late);
        self.ahead.absorb(next.ahead);
        next.latest.into_iter().for_each(|step| self.reached(step));
        self.ends = match (self.ends, next.ends) {
            (Some((first, last)), Some((step, end))) => {
                self.step(last, step);
                Some((first, end))
            }
            (ours, theirs) => ours.or(theirs),
        };
        self
    }

    /// The order of the alerts; `None` for fewer than two.
    pub fn order(&self) -> Option<Order> {
        let (first, last) = self.ends?;
        if first.at == last.at && self.forward + self.back == 0 {
            return None;
        }
        Some(if self.late.count == 0 {
            Order::Rising
        } else if self.back >= 5 && self.back > 4 * self.forward {
            Order::Falling
        } else {
            Order::Mixed
        })
    }

    /// Alerts that are more than a minute earlier than the one before them; none where that is the
    /// order of the file.
    pub fn late(&self) -> Option<&FaultTally> {
        (self.order() == Some(Order::Mixed)).then_some(&self.late)
    }

    fn ahead(&self) -> Option<&FaultTally> {
        (self.order() == Some(Order::Mixed)).then_some(&self.ahead)
    }
}

/// What one worker has found out about times.
#[derive(Debug, Default)]
pub struct Clocks {
    report: Option<Timestamp>,
    current: Option<(u32, Course)>,
    courses: Vec<(u32, Course)>,
    faults: BTreeMap<Fault, FaultTally>,
}

/// What was found out about times.
#[derive(Debug, Default)]
pub struct Times {
    /// How they follow one another in each file, in the order of reading.
    pub courses: Vec<Course>,
    /// What is wrong with them.
    pub faults: BTreeMap<Fault, FaultTally>,
}

impl Clocks {
    /// Starts with none. `report` is when the report is said to be made.
    pub fn new(report: Option<Timestamp>) -> Self {
        Self { report, ..Self::default() }
    }

    /// Takes up an alert's time. Gives what is wrong with it.
    pub fn saw(&mut self, alert: &Alert<'_>, at: (u32, u32)) -> Option<Fault> {
        if self.current.as_ref().is_none_or(|(unit, _)| *unit != at.0) {
            self.courses.extend(self.current.take());
        }
        let (_, course) = self.current.get_or_insert_with(|| (at.0, Course::default()));
        course.saw(alert.time, at);
        self.fault(alert)
    }

    fn fault(&self, alert: &Alert<'_>) -> Option<Fault> {
        let time = alert.time.secs;
        let after = |other: Timestamp| time - other.secs;
        let received = alert.received.map(after);
        if received.is_some_and(|ahead| ahead > SKEW) {
            Some(Fault::AheadOfWrapper)
        } else if self.report.is_some_and(|report| after(report) > SKEW) {
            Some(Fault::AheadOfReport)
        } else if time < FALCO_BEGAN {
            Some(Fault::BeforeFalco)
        } else if received.is_some_and(|ahead| -ahead > DAY) {
            Some(Fault::BehindWrapper)
        } else {
            None
        }
    }

    /// Counts a fault of an alert about a host.
    pub fn count(&mut self, fault: Fault, at: (u32, u32), host: &str) {
        let tally = self.faults.entry(fault).or_default();
        tally.met(at);
        *tally.hosts.entry(host.to_owned()).or_default() += 1;
    }

    /// Adds another worker's.
    pub fn absorb(&mut self, other: Self) {
        self.courses.extend(self.current.take());
        self.courses.extend(other.courses);
        self.courses.extend(other.current);
        for (fault, tally) in other.faults {
            self.faults.entry(fault).or_default().absorb(tally);
        }
    }

    /// All of them by file. The parts of a file follow one another in the order of its units.
    pub fn finish(mut self, files: usize, units: &[Unit]) -> Times {
        self.courses.extend(self.current.take());
        self.courses.sort_by_key(|(unit, _)| *unit);
        let mut courses = vec![Course::default(); files];
        for (unit, course) in self.courses {
            let file = &mut courses[units[unit as usize].file as usize];
            *file = std::mem::take(file).and(course);
        }
        let mut faults = self.faults;
        for course in &courses {
            for (fault, tally) in
                [(Fault::OutOfOrder, course.late()), (Fault::AheadOfNext, course.ahead())]
            {
                if let Some(tally) = tally.filter(|tally| tally.count > 0) {
                    faults.entry(fault).or_default().absorb(tally.clone());
                }
            }
        }
        Times { courses, faults }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::read::Part;

    fn course(times: &[i64], unit: u32, from: u32) -> Course {
        let mut course = Course::default();
        for (line, time) in (from..).zip(times) {
            course.saw(Timestamp::from_secs(*time), (unit, line));
        }
        course
    }

    #[test]
    fn one_alert_ahead_of_its_neighbours_is_told_from_a_file_that_falls() {
        let day = DAY;
        let one = course(&[0, 10, 10 + 2 * day, 20, 30], 0, 0);
        assert_eq!(one.order(), Some(Order::Mixed));
        assert_eq!((one.ahead.count, one.ahead.first), (1, Some((0, 2))));
        assert_eq!((one.late.count, one.late.first), (1, Some((0, 3))));
        let falling: Vec<i64> = (0..9).map(|number| -number * 2 * day).collect();
        let falling = course(&falling, 0, 0);
        assert_eq!(falling.order(), Some(Order::Falling));
        assert!(falling.late().is_none() && falling.ahead().is_none());
        // A minute is no disorder, a day is not far.
        let near = course(&[100, 40, 50], 0, 0);
        assert_eq!(near.order(), Some(Order::Rising));
        let near = course(&[day + 100, 100, 200], 0, 0);
        assert_eq!((near.order(), near.ahead.count), (Some(Order::Mixed), 0));
        assert_eq!(course(&[5], 0, 0).order(), None);
        assert_eq!(course(&[5, 5], 0, 0).order(), Some(Order::Rising));
    }

    proptest! {
        #[test]
        fn a_file_cut_into_units_is_the_same(
            times in prop::collection::vec(0_i64..400_000, 1..40), cut in 0_usize..40, turn: bool,
        ) {
            let unit = |at: u64| Unit { file: 0, part: Part::Range(at, at + 1) };
            let tell = |times: &Times| {
                let counts: Vec<_> =
                    times.faults.iter().map(|(fault, tally)| (*fault, tally.count)).collect();
                (times.courses[0].order(), times.courses[0].latest.map(|step| step.time), counts)
            };
            let whole = Clocks { current: Some((0, course(&times, 0, 0))), ..Clocks::default() };
            let whole = tell(&whole.finish(1, &[unit(0)]));
            let (a, b) = times.split_at(cut.min(times.len()));
            let half = |times: &[i64], unit| {
                let current = (!times.is_empty()).then(|| (unit, course(times, unit, 0)));
                Clocks { current, ..Clocks::default() }
            };
            let (mut one, mut other) = (half(a, 0), half(b, 1));
            if turn {
                std::mem::swap(&mut one, &mut other);
            }
            one.absorb(other);
            prop_assert_eq!(tell(&one.finish(1, &[unit(0), unit(1)])), whole);
        }
    }
}
