//! Reads the kept records again and makes them alerts to be shown in full.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::{
    alert::Alert,
    group::{Grouped, Kept, Place},
    intake::Places,
    normalise::{self, Context, Outcome, Sources},
    read::{Again, LogFile},
    report::{Sample, SampleField},
};

/// Samples of the rarest shapes, beside the first and the last alert.
const RARE: usize = 2;

/// Bytes of a record that are shown.
const RAW: usize = 16 << 10;

/// Fields of a sample that are shown; a record may hold thousands.
const FIELDS: usize = 1000;

/// The samples of each incident, in the order of the incidents.
pub fn read(
    incidents: &[Grouped],
    places: &Places,
    files: &[LogFile],
    sources: &Sources,
) -> Vec<Vec<Sample>> {
    incidents
        .par_iter()
        .map_init(Again::default, |again, incident| {
            let kept = choose(incident).into_iter();
            let of = (places, files);
            kept.map(|(kept, why)| sample(incident, kept, why, of, sources, again)).collect()
        })
        .collect()
}

/// The first alert, the last, and one of each of the rarest shapes, in order of time.
fn choose(incident: &Grouped) -> Vec<(&Kept, String)> {
    let mut chosen: BTreeMap<&Kept, Vec<&str>> = BTreeMap::new();
    chosen.entry(&incident.first).or_default().push("first");
    chosen.entry(&incident.last).or_default().push("last");
    let mut rarest: Vec<_> = incident.shapes.list.iter().collect();
    rarest.sort_by(|a, b| a.count.cmp(&b.count).then_with(|| a.text.cmp(&b.text)));
    // One shape alone is no rare one.
    let several = incident.shapes.list.len() > 1;
    for shape in rarest.into_iter().filter(|_| several).take(RARE) {
        if let Some(first) = &shape.first {
            chosen.entry(first).or_default().push("rare");
        }
    }
    chosen.into_iter().map(|(kept, why)| (kept, why.join(", "))).collect()
}

fn sample<'f>(
    incident: &Grouped,
    kept: &Kept,
    why: String,
    (places, files): (&Places, &'f [LogFile]),
    sources: &Sources,
    again: &mut Again<'f>,
) -> Sample {
    let log = places.file(kept.record.unit, files);
    let bytes = match &kept.record.place {
        Place::Held(text) => text.as_bytes().to_vec(),
        // A file that is gone by now leaves the sample without its text.
        Place::At { offset, length } => {
            again.read(log, *offset, *length as usize).unwrap_or_default()
        }
    };
    let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut record = String::from_utf8(bytes).unwrap_or_else(|error| lossy(error.as_bytes()));
    let mut sample = Sample {
        kept_as: why,
        origin: places.of(&kept.record, files),
        time: kept.time,
        priority: crate::priority::Priority::Debug,
        output: None,
        fields: Vec::new(),
        tags: Vec::new(),
        source: None,
        hostname: None,
        uuid: None,
        raw: String::new(),
        raw_cut: 0,
    };
    normalise::line(&record, &Context::of(log, sources), &mut |_, outcome| {
        if let Outcome::Alert(alert) = outcome
            && alert.time == kept.time
            && alert.rule == incident.rule
        {
            fill(&mut sample, &alert);
        }
    });
    let length = cut(&record, RAW).len();
    sample.raw_cut = (record.len() - length) as u64;
    record.truncate(length);
    sample.raw = record;
    sample
}

fn fill(sample: &mut Sample, alert: &Alert<'_>) {
    let owned = |text: &Option<std::borrow::Cow<'_, str>>| text.as_deref().map(str::to_owned);
    sample.priority = alert.priority;
    sample.output = owned(&alert.output);
    sample.source = owned(&alert.source);
    sample.hostname = owned(&alert.hostname);
    sample.uuid = owned(&alert.uuid);
    sample.tags = alert.tags.iter().map(ToString::to_string).collect();
    let fields = alert.fields.iter().take(FIELDS);
    sample.fields = fields
        .map(|(name, value)| SampleField {
            name: name.to_string(),
            value: value.shown().to_owned(),
        })
        .collect();
}

fn cut(text: &str, mut length: usize) -> &str {
    if text.len() <= length {
        return text;
    }
    while !text.is_char_boundary(length) {
        length -= 1;
    }
    &text[..length]
}
