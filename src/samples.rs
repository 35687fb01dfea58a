//! Reads the kept records again and makes them alerts to be shown in full.

use std::{
    borrow::Cow,
    sync::{Mutex, PoisonError},
};

use crate::{
    alert::{Alert, RuleFrom},
    group::{Grouped, Kept, Place, ShapeValues, Values},
    intake::Places,
    normalise::{self, Context, Form, Outcome, Sources},
    priority::Priority,
    read::{Again, LogFile},
    report::{Origin, Sample, SampleField},
    time::{DAY, Timestamp},
};

/// Samples of the rarest shapes, beside the first and the last alert.
const RARE: usize = 2;

/// Bytes of a record that are shown.
const RAW: usize = 16 << 10;

/// Fields of a sample that are shown; a record may hold thousands.
const FIELDS: usize = 1000;

/// What is said of a sample without its text.
const LOST: &str = ", though its file was moved, removed or cut before it could be read again";

/// Where the alerts can be read that are shown in full.
pub struct Samples<'f> {
    places: &'f Places,
    files: &'f [LogFile],
    sources: &'f Sources,
    /// Files left open by those who read before.
    open: Mutex<Vec<Again<'f>>>,
}

impl<'f> Samples<'f> {
    /// For alerts of these files.
    pub fn new(places: &'f Places, files: &'f [LogFile], sources: &'f Sources) -> Self {
        Self { places, files, sources, open: Mutex::default() }
    }

    /// Chooses among the alerts of an incident by the forms of its output, and reads them.
    pub fn of(&self, incident: &Grouped, shapes: &Values<ShapeValues<'_>>) -> Vec<Sample> {
        let open = || self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let mut again = open().pop().unwrap_or_default();
        let chosen = choose(incident, shapes).into_iter();
        let samples = chosen.map(|(kept, why)| self.sample(kept, why, incident, &mut again));
        let samples = samples.collect();
        open().push(again);
        samples
    }

    fn sample(
        &self,
        kept: &Kept,
        mut why: String,
        incident: &Grouped,
        again: &mut Again<'f>,
    ) -> Sample {
        let log = self.places.file(kept.record.unit, self.files);
        let bytes = match &kept.record.place {
            Place::Loose(record) => record.to_vec(),
            Place::Held(spot) => spot.map_or_else(Vec::new, |spot| incident.held(spot)),
            Place::At { offset, length } => {
                let read = again.read(log, *offset, *length as usize);
                read.unwrap_or_else(|_| {
                    why += LOST;
                    Vec::new()
                })
            }
        };
        let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let record = String::from_utf8(bytes).unwrap_or_else(|error| lossy(error.as_bytes()));
        let origin = self.places.of(&kept.record, self.files);
        let mut sample = empty(kept.time, why, origin);
        normalise::line(&record, &Context::of(log, self.sources), &mut |_, outcome| {
            // An entry of a list may have its rule from what stood around the list.
            if let Outcome::Alert(alert) = outcome
                && is_same(&alert, kept.time)
                && (alert.rule == incident.rule || alert.rule_from != RuleFrom::Record)
            {
                fill(&mut sample, alert);
            }
        });
        let length = record.floor_char_boundary(RAW);
        sample.raw_cut = (record.len() - length) as u64;
        sample.raw = record;
        sample.raw.truncate(length);
        sample
    }
}

/// Whether an alert is the one that was kept with a time, of which what follows it in its file may have
/// told the day.
fn is_same(alert: &Alert<'_>, time: Timestamp) -> bool {
    let apart = alert.time.secs - time.secs;
    let by_file = alert.shape.form == Form::DatedByFile && apart % DAY == 0;
    (apart == 0 || by_file) && alert.time.nanos == time.nanos
}

/// The first alert, the last, and one of each of the rarest shapes, in order of time, and why each is
/// chosen.
fn choose<'g>(incident: &'g Grouped, shapes: &Values<ShapeValues<'g>>) -> Vec<(&'g Kept, String)> {
    let mut rarest: Vec<_> = shapes.list.iter().collect();
    rarest.sort_by(|a, b| a.count.cmp(&b.count).then_with(|| a.text.cmp(&b.text)));
    // One shape alone is no rare one.
    let several = rarest.len() > 1;
    let rare = rarest.into_iter().filter(|_| several).take(RARE).map(|shape| (shape.first, "rare"));
    let mut chosen = vec![(&incident.first, "first"), (&incident.last, "last")];
    chosen.extend(rare);
    chosen.sort_by_key(|(kept, _)| kept.order());
    let same = chosen.chunk_by(|a, b| a.0.order() == b.0.order());
    same.map(|same| (same[0].0, same.iter().map(|(_, why)| *why).collect::<Vec<_>>().join(", ")))
        .collect()
}

/// A sample of which only the place is known.
fn empty(time: Timestamp, why: String, origin: Origin) -> Sample {
    Sample {
        kept_as: why,
        origin,
        time,
        priority: Priority::Debug,
        output: None,
        fields: Vec::new(),
        tags: Vec::new(),
        source: None,
        hostname: None,
        uuid: None,
        raw: String::new(),
        raw_cut: 0,
    }
}

fn fill(sample: &mut Sample, alert: Alert<'_>) {
    let owned = |text: Option<Cow<'_, str>>| text.map(Cow::into_owned);
    sample.priority = alert.priority;
    sample.output = owned(alert.output);
    sample.source = owned(alert.source);
    sample.hostname = owned(alert.hostname);
    sample.uuid = owned(alert.uuid);
    sample.tags = alert.tags.into_iter().map(Cow::into_owned).collect();
    let fields = alert.fields.into_iter().take(FIELDS);
    sample.fields = fields
        .map(|(name, value)| SampleField {
            name: name.into_owned(),
            value: value.shown().to_owned(),
        })
        .collect();
}
