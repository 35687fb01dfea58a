//! What one worker has counted, and the merging of what all have.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;

use super::{
    Options, Places, Taken,
    clocks::Clocks,
    days::{Days, Runs},
    duplicates::{Duplicates, Overlaps, Spans},
    files::{FileTally, UnitEnd},
    lost::Lost,
    rejected::Rejections,
    workers::Arrival,
};
use crate::{
    alert::Alert,
    group::{Desk, Groups, Past, Sighting},
    host::{NamedBy, Naming},
    normalise::{Form, Outcome, Reason, Shape},
    read::{Found, LogFile, Unit},
    report::Accounting,
    time::{QUARTER, Timestamp},
};

/// Lines of unknown text that are kept.
const UNKNOWN_KEPT: usize = 10;

/// Characters of such a line.
const UNKNOWN_CUT: usize = 200;

/// A line of text that is not known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnknownText {
    /// The unit and the line in it.
    pub at: (u32, u32),
    /// Its beginning.
    pub text: String,
}

/// Falco's messages of one kind.
#[derive(Clone, Debug, Default)]
pub struct SensorTally {
    /// Messages.
    pub count: u64,
    /// Hosts that sent them, with how many each.
    pub hosts: BTreeMap<String, u64>,
    /// What they say was lost, by host.
    pub lost: Lost,
    /// Quarters of an hour since the epoch in which each of them did.
    pub spoke: BTreeMap<String, BTreeSet<i64>>,
    /// Time of the first.
    pub first: Option<Timestamp>,
    /// Time of the last.
    pub last: Option<Timestamp>,
}

/// What one worker has counted.
pub struct Share<'o> {
    options: &'o Options,
    duplicates: &'o Duplicates,
    accounting: Accounting,
    past: Past,
    files: HashMap<u32, FileTally>,
    lines: Vec<(u32, u32)>,
    rejected: Rejections,
    unknown: u64,
    unknown_first: BTreeSet<UnknownText>,
    sensor: BTreeMap<String, SensorTally>,
    unknown_priority: u64,
    spans: Spans,
    clocks: Clocks,
    runs: Runs,
    from_path: Option<(u32, Option<String>)>,
}

impl<'o> Share<'o> {
    pub fn new(options: &'o Options, duplicates: &'o Duplicates) -> Self {
        Self {
            options,
            duplicates,
            accounting: Accounting::default(),
            past: Past::new(options.gap),
            files: HashMap::new(),
            lines: Vec::new(),
            rejected: Rejections::default(),
            unknown: 0,
            unknown_first: BTreeSet::new(),
            sensor: BTreeMap::new(),
            unknown_priority: 0,
            spans: Spans::default(),
            clocks: Clocks::new(options.generated),
            runs: Runs::default(),
            from_path: None,
        }
    }

    /// Counts a record, and an alert among the incidents.
    pub fn record(&mut self, arrival: &Arrival<'_>, groups: &Groups, desk: &mut Desk) {
        self.accounting.records += 1;
        self.files.entry(arrival.file).or_default().records += 1;
        if let Outcome::Alert(alert) | Outcome::Sensor(alert) = &arrival.outcome {
            self.runs.saw(alert, arrival.at.unit);
        }
        match &arrival.outcome {
            Outcome::Alert(alert) => self.alert(alert, arrival, groups, desk),
            Outcome::Sensor(alert) => self.sensor(Some(alert), arrival),
            Outcome::SensorMetrics => self.sensor(None, arrival),
            Outcome::OtherText => self.text(arrival.file),
            Outcome::UnknownText => {
                self.text(arrival.file);
                self.unknown(arrival);
            }
            Outcome::Rejected(reason) => self.reject(*reason, arrival),
        }
    }

    fn alert(
        &mut self,
        alert: &Alert<'_>,
        arrival: &Arrival<'_>,
        groups: &Groups,
        desk: &mut Desk,
    ) {
        let Self { options, files, from_path, .. } = self;
        let file = files.entry(arrival.file).or_default();
        file.saw(alert.time, alert.shape);
        let at = (arrival.at.unit, arrival.at.line);
        if let Some(fault) = self.clocks.saw(alert, at) {
            let from_path = host_from_path(from_path, &options.naming, arrival.file, arrival.log);
            self.clocks.count(fault, at, &options.naming.name(alert, from_path).0);
        }
        let outside = options.from.is_some_and(|from| alert.time < from)
            || options.to.is_some_and(|to| alert.time >= to);
        if alert.priority > options.min_priority && !outside {
            self.accounting.below_priority += 1;
            return;
        }
        let duplicate = self.duplicates.contains(arrival.at);
        if duplicate && !outside {
            file.duplicates += 1;
            self.accounting.duplicates += 1;
            return;
        }
        let from_path = host_from_path(from_path, &options.naming, arrival.file, arrival.log);
        let (host, named_by) = options.naming.name(alert, from_path);
        self.spans.saw(arrival.file, &host, alert.time);
        if outside {
            self.accounting.outside_period += 1;
            if !duplicate && alert.priority <= options.min_priority {
                self.past.add(alert, &host);
            }
            return;
        }
        self.accounting.alerts += 1;
        self.unknown_priority += u64::from(!alert.priority_known);
        let (record, at) = (arrival.record, arrival.at);
        let sighting = Sighting { alert, host: &host, named_by, record, at };
        groups.add(&sighting, desk);
    }

    fn sensor(&mut self, alert: Option<&Alert<'_>>, arrival: &Arrival<'_>) {
        self.accounting.sensor += 1;
        let file = self.files.entry(arrival.file).or_default();
        file.sensor += 1;
        let Some(alert) = alert else {
            file.shapes.add(Shape { form: Form::Metrics, ..Shape::default() }, 1);
            self.sensor.entry("metrics file".into()).or_default().count += 1;
            return;
        };
        file.shapes.add(alert.shape, 1);
        let from_path =
            host_from_path(&mut self.from_path, &self.options.naming, arrival.file, arrival.log);
        let (host, named_by) = self.options.naming.name(alert, from_path);
        let tally = self.sensor.entry(alert.rule.to_string()).or_default();
        tally.count += 1;
        tally.lost.saw(&host, alert);
        if named_by != NamedBy::Unknown {
            let quarter = alert.time.secs.div_euclid(QUARTER);
            *tally.hosts.entry(host.to_string()).or_default() += 1;
            tally.spoke.entry(host.into_owned()).or_default().insert(quarter);
        }
        tally.first = tally.first.into_iter().chain([alert.time]).min();
        tally.last = tally.last.max(Some(alert.time));
    }

    fn text(&mut self, file: u32) {
        self.accounting.other_text += 1;
        self.files.entry(file).or_default().other_text += 1;
    }

    fn unknown(&mut self, arrival: &Arrival<'_>) {
        self.unknown += 1;
        self.foreign(arrival);
        let at = (arrival.at.unit, arrival.at.line);
        let full = self.unknown_first.len() >= UNKNOWN_KEPT;
        if full && self.unknown_first.last().is_some_and(|last| last.at < at) {
            return;
        }
        self.unknown_first.insert(UnknownText { at, text: beginning(arrival.record) });
        if self.unknown_first.len() > UNKNOWN_KEPT {
            self.unknown_first.pop_last();
        }
    }

    /// Remembers the first record of a file that has nothing of an alert.
    fn foreign(&mut self, arrival: &Arrival<'_>) {
        let at = (arrival.at.unit, arrival.at.line);
        let file = self.files.entry(arrival.file).or_default();
        if file.unknown.as_ref().is_none_or(|known| known.at > at) {
            file.unknown = Some(UnknownText { at, text: beginning(arrival.record) });
        }
    }

    fn reject(&mut self, reason: Reason, arrival: &Arrival<'_>) {
        self.accounting.rejected += 1;
        let file = self.files.entry(arrival.file).or_default();
        file.rejected += 1;
        if reason == Reason::TextAlert {
            file.shapes.add(Shape { form: Form::Undated, ..Shape::default() }, 1);
        }
        if reason.is_foreign() {
            self.foreign(arrival);
        }
        self.rejected.add(reason, arrival);
    }

    /// Takes the end of a unit into account.
    pub fn end_of_unit(&mut self, end: UnitEnd) {
        self.lines.push((end.unit, end.lines));
        self.files.entry(end.file).or_default().end(&end);
    }

    /// The shares of all workers as one.
    pub fn merge(shares: impl Iterator<Item = Self>) -> Option<Self> {
        shares.reduce(|mut all, share| {
            all.absorb(share);
            all
        })
    }

    fn absorb(&mut self, other: Self) {
        add(&mut self.accounting, &other.accounting);
        self.past.absorb(other.past);
        for (file, tally) in other.files {
            self.files.entry(file).or_default().absorb(tally);
        }
        self.lines.extend(other.lines);
        self.rejected.absorb(other.rejected);
        self.unknown += other.unknown;
        self.unknown_first.extend(other.unknown_first);
        for (rule, theirs) in other.sensor {
            let tally = self.sensor.entry(rule).or_default();
            tally.count += theirs.count;
            for (host, count) in theirs.hosts {
                *tally.hosts.entry(host).or_default() += count;
            }
            tally.lost.absorb(theirs.lost);
            for (host, quarters) in theirs.spoke {
                tally.spoke.entry(host).or_default().extend(quarters);
            }
            tally.first = tally.first.into_iter().chain(theirs.first).min();
            tally.last = tally.last.max(theirs.last);
        }
        self.unknown_priority += other.unknown_priority;
        self.spans.absorb(other.spans);
        self.clocks.absorb(other.clocks);
        self.runs.absorb(other.runs);
    }

    /// The days on which units begin whose alerts were not all placed on the right one.
    pub fn days(&self, files: &[LogFile], units: &[Unit]) -> Days {
        self.runs.days(files, units, &self.options.sources)
    }

    /// Where files cover the same time of the same host.
    pub fn overlaps(&self) -> Overlaps {
        self.spans.overlaps()
    }

    /// Whether a file was read at first and could not be read again when duplicates were looked for.
    pub fn was_spoilt(&mut self, faults: BTreeMap<u32, String>) -> bool {
        let mut spoilt = false;
        for (file, fault) in faults {
            let tally = self.files.entry(file).or_default();
            if tally.error.is_none() {
                spoilt = true;
                tally.error = Some(format!(
                    "it could not be read again to look for records that other files hold too, so that \
                     such records are counted twice: {fault}"
                ));
            }
        }
        spoilt
    }

    /// What came of all records.
    pub fn finish(mut self, found: &Found, units: &[Unit]) -> Taken {
        let mut lines = vec![0; units.len()];
        for (unit, count) in self.lines {
            lines[unit as usize] = count;
        }
        let files: Vec<_> = (0..found.files.len())
            .map(|file| {
                let file = u32::try_from(file).unwrap_or(u32::MAX);
                self.files.remove(&file).unwrap_or_default()
            })
            .collect();
        let unread = |tally: &&FileTally| tally.error.is_some();
        let empty = found
            .files
            .iter()
            .zip(&files)
            .filter(|(log, tally)| log.size == 0 && tally.bytes == 0 && tally.error.is_none());
        Taken {
            accounting: Accounting {
                files: files.len() as u64,
                empty_files: empty.count() as u64,
                unreadable_files: files.iter().filter(unread).count() as u64,
                bytes: files.iter().map(|tally| tally.bytes).sum(),
                ..self.accounting
            },
            files,
            past: self.past.finish(),
            rejected: self.rejected.finish(units),
            unknown_text: self.unknown,
            unknown_text_first: self.unknown_first.into_iter().take(UNKNOWN_KEPT).collect(),
            sensor: self.sensor.into_iter().collect(),
            unknown_priority: self.unknown_priority,
            times: self.clocks.finish(found.files.len(), units),
            places: Places::new(units, &lines),
        }
    }
}

/// The first characters of a record.
fn beginning(record: &[u8]) -> String {
    // Of four bytes at most.
    let bytes = &record[..record.len().min(4 * UNKNOWN_CUT)];
    String::from_utf8_lossy(bytes).chars().take(UNKNOWN_CUT).collect()
}

/// The host's name in a file's path, found once a file.
pub fn host_from_path<'c>(
    cached: &'c mut Option<(u32, Option<String>)>,
    naming: &Naming,
    file: u32,
    log: &LogFile,
) -> Option<&'c str> {
    if cached.as_ref().is_none_or(|(known, _)| *known != file) {
        let host = naming.path.as_ref().and_then(|pattern| pattern.host(&log.place));
        *cached = Some((file, host.map(Into::into)));
    }
    cached.as_ref().and_then(|(_, host)| host.as_deref())
}

fn add(sum: &mut Accounting, other: &Accounting) {
    sum.records += other.records;
    sum.alerts += other.alerts;
    sum.duplicates += other.duplicates;
    sum.outside_period += other.outside_period;
    sum.below_priority += other.below_priority;
    sum.sensor += other.sensor;
    sum.other_text += other.other_text;
    sum.rejected += other.rejected;
}
