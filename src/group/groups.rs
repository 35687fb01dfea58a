//! All incidents while alerts come in, from any number of workers.

use std::sync::{Arc, Mutex, PoisonError};

use hashbrown::HashTable;
use rayon::prelude::*;

use super::{
    Place, Sighting,
    desk::Desk,
    grouped::{Ended, Grouped},
    hashes::Hashes,
    held::{Held, Open},
    incident::{Ground, Growing},
};

/// Parts of the incidents. Workers wait for each other only where two of them have an alert for
/// the same part in the same microsecond.
const PARTS: usize = 64;

/// Incidents while alerts come in.
///
/// Workers share them: no incident is kept twice, and nothing is left to merge. What is counted
/// does not depend on the order in which alerts come.
#[derive(Debug)]
pub struct Groups {
    hashes: Hashes,
    ground: Ground,
    parts: Vec<Mutex<Incidents>>,
}

#[derive(Debug, Default)]
struct Incidents {
    list: Vec<Growing>,
    /// Hash of rule and host, and where in the list.
    table: HashTable<(u64, u32)>,
}

impl Groups {
    /// Starts with none. `gap` is the silence, in seconds, that ends an episode.
    pub fn new(gap: u64) -> Self {
        let parts = (0..PARTS).map(|_| Mutex::default()).collect();
        Self { hashes: Hashes::default(), ground: Ground { gap, ..Ground::default() }, parts }
    }

    /// A desk for a worker.
    pub fn desk(&self) -> Desk {
        Desk::new(self.hashes.clone())
    }

    /// Takes a worker's desk back, on which no more alerts will lie.
    pub fn put_back(&self, mut desk: Desk) {
        desk.close(&self.ground.held);
    }

    /// Counts an alert.
    pub fn add(&self, sighting: &Sighting<'_>, desk: &mut Desk) {
        desk.lay_out(sighting.alert);
        let hash = desk.incident(sighting);
        let part = &self.parts[(hash >> 32) as usize % PARTS];
        let mut part = part.lock().unwrap_or_else(PoisonError::into_inner);
        let Incidents { list, table } = &mut *part;
        let known = table.find(hash, |(theirs, _)| *theirs == hash).copied();
        let at = known.map_or_else(
            || {
                let at = list.len();
                list.push(Growing::begin(sighting, desk.kept(sighting, &self.ground.held)));
                let entry = (hash, u32::try_from(at).unwrap_or(u32::MAX));
                table.insert_unique(hash, entry, |(hash, _)| *hash);
                at
            },
            |(_, at)| at as usize,
        );
        list[at].add(sighting, desk, &self.ground);
    }

    /// The incidents, ordered by rule and host.
    pub fn finish(self) -> Vec<Grouped> {
        let Ground { gap, strings, layouts, held } = self.ground;
        let (texts, layouts) = (strings.finish(), layouts.list());
        let ended = Arc::new(Ended { gap, texts, layouts, held });
        let parts = self.parts.into_par_iter().flat_map_iter(|part| {
            let Incidents { mut list, .. } =
                part.into_inner().unwrap_or_else(PoisonError::into_inner);
            pack_last(&mut list, &ended.held);
            let ended = &ended;
            list.into_iter().map(move |incident| Grouped::of(incident, ended)).collect::<Vec<_>>()
        });
        let mut list: Vec<_> = parts.collect();
        list.par_sort_unstable_by(|a, b| (&a.rule, &a.host).cmp(&(&b.rule, &b.host)));
        list
    }
}

/// Packs what is held of the last alerts, now that no later ones can come.
fn pack_last(list: &mut [Growing], held: &Held) {
    let mut open = Open::default();
    for Growing { last, .. } in list {
        if let Place::Loose(record) = &last.record.place {
            last.record.place = Place::Held(Some(held.put(record, &mut open)));
        }
    }
    held.close(&mut open);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        alert::{Alert, RuleFrom},
        group::Position,
        host::NamedBy,
        json::Value,
        normalise::Shape,
        priority::Priority,
        time::Timestamp,
    };

    #[test]
    fn strings_do_not_grow_with_the_alerts() {
        let groups = Groups::new(3600);
        let mut desk = groups.desk();
        for ordinal in 0..20_000_u32 {
            // Never the same twice, and too long to be compared as a whole.
            let command = format!("{ordinal} {}", "x".repeat(1200));
            let alert = Alert {
                time: Timestamp::from_secs(i64::from(ordinal)),
                received: None,
                rule: "A rule".into(),
                rule_from: RuleFrom::default(),
                priority: Priority::Notice,
                priority_known: true,
                output: Some("One shape".into()),
                source: None,
                tags: Vec::new(),
                hostname: None,
                uuid: None,
                fields: vec![
                    ("container.id".into(), Value::Text("4f1c0a2b9d33".into())),
                    ("proc.cmdline".into(), Value::Text(command.into())),
                ],
                wrapper_host: None,
                shape: Shape::default(),
            };
            let at = Position { unit: 0, ordinal, line: ordinal, offset: Some(0) };
            let named_by = NamedBy::Hostname;
            let sighting = Sighting { alert: &alert, host: "a", named_by, record: b"{}", at };
            groups.add(&sighting, &mut desk);
        }
        // About 1,024 times (1 + ln(20,000 / 1,024)) are let in as values, and as many as parts.
        assert!(groups.ground.strings.len() < 13_000, "{}", groups.ground.strings.len());
        let incidents = groups.finish();
        assert_eq!(incidents[0].combinations().list.len(), 1024);
    }
}
