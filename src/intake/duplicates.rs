//! The same record in two files counts once; a repeat within one file is a repeat.
//!
//! Only where two files cover the same time of the same host can a record be in both. Those
//! stretches are looked through once more, with sixteen bytes kept for each alert in them; where
//! there are none (daily files), nothing is.

use std::{
    collections::{BTreeMap, BTreeSet},
    hash::BuildHasher as _,
    sync::{Mutex, PoisonError},
};

use hashbrown::{DefaultHashBuilder, HashMap};
use rayon::prelude::*;

use super::{
    Options,
    days::Days,
    share::host_from_path,
    workers::{Arrival, Crew},
};
use crate::{
    alert::Alert,
    group::Position,
    normalise::Outcome,
    read::{LogFile, Unit},
    time::Timestamp,
};

/// Records that another file holds too: for each unit, a bit for each number in it.
#[derive(Debug, Default)]
pub struct Duplicates(Vec<Vec<u64>>);

impl Duplicates {
    pub fn contains(&self, at: Position) -> bool {
        let bits = self.0.get(at.unit as usize).and_then(|unit| unit.get(at.ordinal as usize / 64));
        bits.is_some_and(|bits| bits >> (at.ordinal % 64) & 1 == 1)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn insert(&mut self, unit: u32, ordinal: u32) {
        let Self(units) = self;
        let (unit, word) = (unit as usize, ordinal as usize / 64);
        if units.len() <= unit {
            units.resize_with(unit + 1, Vec::new);
        }
        if units[unit].len() <= word {
            units[unit].resize(word + 1, 0);
        }
        units[unit][word] |= 1 << (ordinal % 64);
    }
}

/// The time that each file covers of each host.
#[derive(Debug, Default)]
pub struct Spans {
    by_file: HashMap<u32, HashMap<String, Stretch>>,
}

type Stretch = (Timestamp, Timestamp);

impl Spans {
    pub fn saw(&mut self, file: u32, host: &str, time: Timestamp) {
        let stretch = self.by_file.entry(file).or_default().entry_ref(host).or_insert((time, time));
        stretch.0 = stretch.0.min(time);
        stretch.1 = stretch.1.max(time);
    }

    pub fn absorb(&mut self, other: Self) {
        for (file, hosts) in other.by_file {
            let mine = self.by_file.entry(file).or_default();
            for (host, (first, last)) in hosts {
                let stretch = mine.entry(host).or_insert((first, last));
                stretch.0 = stretch.0.min(first);
                stretch.1 = stretch.1.max(last);
            }
        }
    }

    /// Where two files cover the same time of the same host.
    pub fn overlaps(&self) -> Overlaps {
        let mut by_host: BTreeMap<&str, Vec<(Stretch, u32)>> = BTreeMap::new();
        for (file, hosts) in &self.by_file {
            for (host, stretch) in hosts {
                by_host.entry(host).or_default().push((*stretch, *file));
            }
        }
        let mut overlaps = Overlaps::default();
        for (host, mut stretches) in by_host {
            stretches.sort_unstable();
            overlaps.add(host, &stretches);
        }
        overlaps
    }
}

/// Stretches of time that several files cover, by host, and the files concerned.
#[derive(Debug, Default)]
pub struct Overlaps {
    hosts: HashMap<String, Vec<Stretch>>,
    files: BTreeSet<u32>,
}

impl Overlaps {
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Stretches come in the order of their beginnings.
    fn add(&mut self, host: &str, stretches: &[(Stretch, u32)]) {
        let mut shared: Vec<Stretch> = Vec::new();
        let mut furthest: Option<(Timestamp, u32)> = None;
        for ((first, last), file) in stretches {
            if let Some((until, other)) = furthest
                && *first <= until
            {
                self.files.extend([*file, other]);
                let stretch = (*first, until.min(*last));
                match shared.last_mut() {
                    Some(known) if stretch.0 <= known.1 => known.1 = known.1.max(stretch.1),
                    _ => shared.push(stretch),
                }
            }
            furthest = furthest.max(Some((*last, *file)));
        }
        if !shared.is_empty() {
            self.hosts.insert(host.to_owned(), shared);
        }
    }

    fn covers(&self, host: &str, time: Timestamp) -> bool {
        self.hosts.get(host).is_some_and(|stretches| {
            let after = stretches.partition_point(|(first, _)| *first <= time);
            after > 0 && time <= stretches[after - 1].1
        })
    }
}

/// Identity of an alert, and where its record stands: sixteen bytes.
type Seen = (u64, u32, u32);

/// Parts of the alerts seen, by identity. Each is sorted by itself, so that no alert is held twice.
const PARTS: usize = 64;

/// Looks through the stretches that several files cover. Also gives what was wrong with a file that
/// could not be read again, with its index: records of it may be in others.
pub fn find(
    files: &[LogFile],
    units: &[Unit],
    days: &Days,
    overlaps: &Overlaps,
    options: &Options,
) -> (Duplicates, BTreeMap<u32, String>) {
    let hasher = DefaultHashBuilder::default();
    let wanted = |file| overlaps.files.contains(&file);
    let Options { jobs, sources, .. } = options;
    let crew =
        Crew { files, units, jobs: *jobs, sources, days, wanted: &wanted, progress: &|_| () };
    let parts: Vec<Mutex<Vec<Seen>>> = (0..PARTS).map(|_| Mutex::default()).collect();
    let look = |(from_path, _): &mut (Option<(u32, Option<String>)>, _), arrival: &Arrival<'_>| {
        let Outcome::Alert(alert) = &arrival.outcome else { return };
        let from_path = host_from_path(from_path, &options.naming, arrival.file, arrival.log);
        let (host, _) = options.naming.name(alert, from_path);
        if overlaps.covers(&host, alert.time) {
            let identity = identity(alert, &host, &hasher);
            let part = &parts[(identity >> 32) as usize % PARTS];
            let mut part = part.lock().unwrap_or_else(PoisonError::into_inner);
            part.push((identity, arrival.at.unit, arrival.at.ordinal));
        }
    };
    let faults = crew.run(
        || (None, BTreeMap::new()),
        look,
        |(_, faults), end| faults.extend(end.error.map(|error| (end.file, error))),
    );
    let faults = faults.into_iter().flat_map(|(_, faults)| faults).collect();
    let mut duplicates = Duplicates::default();
    for part in parts {
        let mut seen = part.into_inner().unwrap_or_else(PoisonError::into_inner);
        seen.par_sort_unstable();
        // As many of the same count as the file that holds most of them has.
        for same in seen.chunk_by(|a, b| a.0 == b.0) {
            let mut most = 0;
            let file_of = |seen: &Seen| units[seen.1 as usize].file;
            for in_file in same.chunk_by(|a, b| file_of(a) == file_of(b)) {
                for (_, unit, ordinal) in in_file.iter().take(most) {
                    duplicates.insert(*unit, *ordinal);
                }
                most = most.max(in_file.len());
            }
        }
    }
    (duplicates, faults)
}

/// What makes two records the same: host, time to the nanosecond, rule and output; not the
/// `uuid`, which falcosidekick makes anew. The hash's seed is drawn for each run, so nobody can
/// write alerts that collide.
fn identity(alert: &Alert<'_>, host: &str, hasher: &DefaultHashBuilder) -> u64 {
    hasher.hash_one((host, alert.time, alert.rule.as_ref(), alert.output.as_deref()))
}
