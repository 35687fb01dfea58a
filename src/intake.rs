//! Runs the first stages over all logs: every record is read, made an alert or something else,
//! given its host, and counted, by as many workers as asked for.
//!
//! Each worker fills a share of its own; shares are merged in the end. Where several files
//! cover the same time of the same host, records that occur in more than one are found first, and
//! then all is read once more without them; so it is where days were found out that none could tell alone.

mod clocks;
mod days;
mod duplicates;
mod files;
mod lossy;
mod lost;
mod rejected;
mod share;
mod workers;

use crate::{
    group::{Before, Grouped, Groups, RecordRef},
    host::Naming,
    normalise::Sources,
    priority::Priority,
    read::{Found, LogFile, Unit, units},
    report::{Accounting, Origin},
    time::Timestamp,
};

pub use clocks::{Course, DISORDER, Fault, FaultTally, Order, SKEW, Times};
use days::Days;
use duplicates::{Duplicates, Overlaps};
pub use files::FileTally;
pub use lost::{Loss, Lost};
pub use rejected::{AllRejected, Rejected, Unlisted};
use share::Share;
pub use share::{SensorTally, UnknownText};
use workers::Crew;

/// What to read for, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// How hosts are named.
    pub naming: Naming,
    /// First instant of the period.
    pub from: Option<Timestamp>,
    /// First instant after the period.
    pub to: Option<Timestamp>,
    /// The lowest priority that is reported.
    pub min_priority: Priority,
    /// The silence, in seconds, that ends an episode.
    pub gap: u64,
    /// How other detectors' records are read.
    pub sources: Sources,
    /// Whether a record in several files counts once.
    pub dedupe: bool,
    /// When the report is said to be made: no alert is later.
    pub generated: Option<Timestamp>,
    /// Workers.
    pub jobs: usize,
}

/// What came of all records.
#[derive(Debug)]
pub struct Taken {
    /// The files, in the order of reading.
    pub files: Vec<FileTally>,
    /// The sums.
    pub accounting: Accounting,
    /// The same rules and hosts, and others, outside the period; ordered by rule and host.
    pub past: Vec<Before>,
    /// The rejected records.
    pub rejected: AllRejected,
    /// Lines of text that are not known.
    pub unknown_text: u64,
    /// The first of them.
    pub unknown_text_first: Vec<UnknownText>,
    /// Falco's messages on its health, by rule.
    pub sensor: Vec<(String, SensorTally)>,
    /// Alerts with a priority that is none of the eight.
    pub unknown_priority: u64,
    /// What was found out about their times.
    pub times: Times,
    /// Where each unit of work stands.
    pub places: Places,
}

/// Called with bytes as they are read.
pub type Progress<'p> = dyn Fn(u64) + Sync + 'p;

/// Reads and counts everything. The incidents are ordered by rule and host.
pub fn take(found: &Found, options: &Options, progress: &Progress<'_>) -> (Taken, Vec<Grouped>) {
    let units = units(&found.files);
    let (none, mut groups) = (Duplicates::default(), Groups::new(options.gap));
    let mut days = Days::default();
    let count = |duplicates, days: &Days, groups: &Groups, progress: &Progress<'_>| {
        count(&found.files, &units, options, duplicates, days, groups, progress)
    };
    let mut share = count(&none, &days, &groups, progress);
    days = share.days(&found.files, &units);
    if !days.is_empty() {
        groups = Groups::new(options.gap);
        share = count(&none, &days, &groups, &|_| ());
    }
    let overlaps = if options.dedupe { share.overlaps() } else { Overlaps::default() };
    if overlaps.is_empty() {
        return (share.finish(found, &units), groups.finish());
    }
    let (duplicates, faults) = duplicates::find(&found.files, &units, &days, &overlaps, options);
    // To count all anew without a file that is gone by now would lose more than it mends.
    if share.was_spoilt(faults) || duplicates.is_empty() {
        return (share.finish(found, &units), groups.finish());
    }
    drop((share, groups));
    let groups = Groups::new(options.gap);
    let share = count(&duplicates, &days, &groups, &|_| ());
    (share.finish(found, &units), groups.finish())
}

fn count<'o>(
    files: &[LogFile],
    units: &[Unit],
    options: &'o Options,
    duplicates: &'o Duplicates,
    days: &Days,
    groups: &Groups,
    progress: &Progress<'_>,
) -> Share<'o> {
    let Options { jobs, sources, .. } = options;
    let crew = Crew { files, units, jobs: *jobs, sources, days, wanted: &|_| true, progress };
    let shares = crew.run(
        || (Share::new(options, duplicates), groups.desk()),
        |(share, desk), arrival| share.record(arrival, groups, desk),
        |(share, _), end| share.end_of_unit(end),
    );
    let shares = shares.into_iter().map(|(share, desk)| {
        groups.put_back(desk);
        share
    });
    Share::merge(shares).unwrap_or_else(|| Share::new(options, duplicates))
}

/// Where each unit of work stands among the lines of its file.
#[derive(Debug, Default)]
pub struct Places {
    units: Vec<(u32, u64)>,
}

impl Places {
    /// From the number of lines of each unit.
    fn new(units: &[Unit], lines: &[u32]) -> Self {
        let (mut file, mut before) = (u32::MAX, 0);
        let place = |(unit, lines): (&Unit, &u32)| {
            if unit.file != file {
                (file, before) = (unit.file, 0);
            }
            let first = before;
            before += u64::from(*lines);
            (file, first)
        };
        Self { units: units.iter().zip(lines).map(place).collect() }
    }

    /// The file in which a unit stands.
    pub fn file<'f>(&self, unit: u32, files: &'f [LogFile]) -> &'f LogFile {
        &files[self.units[unit as usize].0 as usize]
    }

    /// The file and line of a line of a unit.
    pub fn origin(&self, unit: u32, line: u32, files: &[LogFile]) -> Origin {
        let (file, first) = self.units[unit as usize];
        let line = first + u64::from(line) + 1;
        Origin { file: files[file as usize].name.clone(), line }
    }

    /// The file and line of a record.
    pub fn of(&self, record: &RecordRef, files: &[LogFile]) -> Origin {
        self.origin(record.unit, record.line, files)
    }
}
