//! One incident as it grows, and as it is when all alerts are in.

use super::{
    RecordRef, Sighting,
    activity::{Activity, Pulse},
    episodes::Span,
    interner::{Id, Interner},
    joint::{Combinations, Joint},
    moments::Moments,
    shape,
    tally::{BOUND, Count, Tally},
};
use crate::{
    alert::{Alert, is_absent},
    host::NamedBy,
    time::{QUARTER, Timestamp},
};

/// Different tags, sources, field names and shapes that are counted exactly.
const SMALL_BOUND: usize = 256;

/// Different field names of an incident that are counted exactly.
const FIELD_BOUND: usize = 2048;

/// Values of a field that are carried into the report.
const LISTED: usize = 10;

/// Separates the parts of a place; a control character that no name of a workload holds.
const PART: char = '\u{1f}';

/// Fields whose values differ in nearly every alert and say nothing together.
const UNCOUNTED: &[&str] = &[
    "evt.time",
    "evt.time.s",
    "evt.time.iso8601",
    "evt.datetime",
    "evt.rawtime",
    "evt.num",
    "jevt.time",
    "jevt.time.iso8601",
    "jevt.rawtime",
];

/// An alert that is kept for a sample.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kept {
    /// Its time.
    pub time: Timestamp,
    /// Its record.
    pub record: RecordRef,
}

/// An incident while alerts come in.
#[derive(Debug)]
pub(super) struct Growing {
    pub rule: Id,
    pub host: Id,
    count: u64,
    first: Kept,
    last: Kept,
    priorities: [u64; 8],
    named_by: [bool; NamedBy::ALL.len()],
    sources: Tally<u64>,
    tags: Tally<u64>,
    quarters: Quarters,
    pulse: Pulse,
    fields: Tally<FieldCounts>,
    places: Tally<u64>,
    shapes: Tally<ShapeCounts>,
    joint: Joint,
    moments: Moments,
}

#[derive(Debug, Default)]
struct FieldCounts {
    present: u64,
    absent: u64,
    values: Tally<u64>,
}

impl Count for FieldCounts {
    fn absorb(&mut self, other: Self, renamed: &[Id], strings: &Interner) {
        self.present += other.present;
        self.absent += other.absent;
        self.values.absorb(other.values, renamed, strings, BOUND);
    }
}

#[derive(Debug, Default)]
struct ShapeCounts {
    count: u64,
    first: Option<Kept>,
    last: Option<Timestamp>,
}

impl Count for ShapeCounts {
    fn absorb(&mut self, other: Self, _: &[Id], _: &Interner) {
        self.count += other.count;
        self.first = self.first.take().into_iter().chain(other.first).min();
        self.last = self.last.max(other.last);
    }
}

/// Alerts by quarter of an hour, in order: fine enough for the hours of every time zone.
#[derive(Debug, Default)]
pub(super) struct Quarters(Vec<(i64, u64)>);

impl Quarters {
    pub fn saw(&mut self, time: Timestamp) {
        self.add(time.secs.div_euclid(QUARTER), 1);
    }

    pub fn absorb(&mut self, other: Self) {
        for (quarter, count) in other.0 {
            self.add(quarter, count);
        }
    }

    pub fn into_list(self) -> Vec<(i64, u64)> {
        self.0
    }

    fn add(&mut self, quarter: i64, count: u64) {
        let at = match self.0.last() {
            Some((last, _)) if *last == quarter => Ok(self.0.len() - 1),
            Some((last, _)) if *last < quarter => Err(self.0.len()),
            _ => self.0.binary_search_by_key(&quarter, |(known, _)| *known),
        };
        match at {
            Ok(at) => self.0[at].1 += count,
            Err(at) => self.0.insert(at, (quarter, count)),
        }
    }
}

impl Growing {
    pub fn begin(rule: Id, host: Id, sighting: &Sighting<'_>) -> Self {
        let kept = Kept { time: sighting.alert.time, record: sighting.keep() };
        Self {
            rule,
            host,
            count: 0,
            first: kept.clone(),
            last: kept,
            priorities: [0; 8],
            named_by: [false; NamedBy::ALL.len()],
            sources: Tally::default(),
            tags: Tally::default(),
            quarters: Quarters::default(),
            pulse: Pulse::default(),
            fields: Tally::default(),
            places: Tally::default(),
            shapes: Tally::default(),
            joint: Joint::default(),
            moments: Moments::default(),
        }
    }

    pub fn add(
        &mut self,
        sighting: &Sighting<'_>,
        gap: u64,
        strings: &mut Interner,
        scratch: &mut String,
    ) {
        let alert = sighting.alert;
        self.count += 1;
        self.keep(sighting);
        self.priorities[alert.priority.index()] += 1;
        self.named_by[sighting.named_by as usize] = true;
        self.quarters.saw(alert.time);
        self.pulse.saw(alert.time, gap);
        let source = alert.source.iter().map(AsRef::as_ref);
        count_each(&mut self.sources, source, strings);
        count_each(&mut self.tags, alert.tags.iter().map(AsRef::as_ref), strings);
        self.add_fields(alert, strings, scratch);
        self.add_shape(sighting, strings, scratch);
        // `scratch` holds the shape now.
        self.joint.add(alert, scratch);
        self.moments.saw(alert.time);
    }

    fn keep(&mut self, sighting: &Sighting<'_>) {
        let key = (sighting.alert.time, sighting.at.unit, sighting.at.ordinal);
        let of = |kept: &Kept| (kept.time, kept.record.unit, kept.record.ordinal);
        if key < of(&self.first) {
            self.first = Kept { time: key.0, record: sighting.keep() };
        }
        if key > of(&self.last) {
            self.last = Kept { time: key.0, record: sighting.keep() };
        }
    }

    fn add_fields(&mut self, alert: &Alert<'_>, strings: &mut Interner, scratch: &mut String) {
        let mut place = Parts::default();
        for (name, value) in &alert.fields {
            let shown = value.shown();
            let Some(field) = self.fields.entry(name, strings, FIELD_BOUND) else { continue };
            if is_absent(shown) {
                field.absent += 1;
                continue;
            }
            field.present += 1;
            if UNCOUNTED.contains(&name.as_ref()) {
                continue;
            }
            if let Some(count) = field.values.entry(shown, strings, BOUND) {
                *count += 1;
            }
            place.take(name, shown);
        }
        if place.write(scratch)
            && let Some(count) = self.places.entry(scratch, strings, SMALL_BOUND)
        {
            *count += 1;
        }
    }

    fn add_shape(&mut self, sighting: &Sighting<'_>, strings: &mut Interner, scratch: &mut String) {
        let alert = sighting.alert;
        shape::write(alert.message(), scratch);
        let Some(shape) = self.shapes.entry(scratch, strings, SMALL_BOUND) else { return };
        shape.count += 1;
        shape.last = shape.last.max(Some(alert.time));
        let key = (alert.time, sighting.at.unit, sighting.at.ordinal);
        let earlier = |kept: &Kept| key < (kept.time, kept.record.unit, kept.record.ordinal);
        if shape.first.as_ref().is_none_or(earlier) {
            shape.first = Some(Kept { time: alert.time, record: sighting.keep() });
        }
    }

    pub fn absorb(&mut self, other: Self, gap: u64, renamed: &[Id], strings: &Interner) {
        self.count += other.count;
        self.first = self.first.clone().min(other.first);
        self.last = self.last.clone().max(other.last);
        for (mine, theirs) in self.priorities.iter_mut().zip(other.priorities) {
            *mine += theirs;
        }
        for (mine, theirs) in self.named_by.iter_mut().zip(other.named_by) {
            *mine |= theirs;
        }
        self.sources.absorb(other.sources, renamed, strings, SMALL_BOUND);
        self.tags.absorb(other.tags, renamed, strings, SMALL_BOUND);
        self.quarters.absorb(other.quarters);
        self.pulse.absorb(other.pulse, gap);
        self.fields.absorb(other.fields, renamed, strings, FIELD_BOUND);
        self.places.absorb(other.places, renamed, strings, SMALL_BOUND);
        self.shapes.absorb(other.shapes, renamed, strings, SMALL_BOUND);
        self.joint.absorb(other.joint);
        self.moments.absorb(other.moments);
    }

    pub fn renamed(mut self, renamed: &[Id], strings: &Interner) -> Self {
        self.rule = renamed[self.rule.0 as usize];
        self.host = renamed[self.host.0 as usize];
        self.sources = rename(self.sources, renamed, strings, SMALL_BOUND);
        self.tags = rename(self.tags, renamed, strings, SMALL_BOUND);
        self.fields = rename(self.fields, renamed, strings, FIELD_BOUND);
        self.places = rename(self.places, renamed, strings, SMALL_BOUND);
        self.shapes = rename(self.shapes, renamed, strings, SMALL_BOUND);
        self
    }

    pub fn finish(self, strings: &Interner) -> Grouped {
        let text = |id: Id| strings.text(id).to_owned();
        let mut tags: Vec<_> = self.tags.list().iter().map(|(id, _)| text(*id)).collect();
        tags.sort();
        let mut fields: Vec<_> = self
            .fields
            .list()
            .iter()
            .map(|(id, field)| FieldValues {
                name: text(*id),
                present: field.present,
                absent: field.absent,
                values: values(&field.values, field.present, strings, |count| *count),
            })
            .collect();
        fields.sort_by(|a, b| a.name.cmp(&b.name));
        Grouped {
            rule: text(self.rule),
            host: text(self.host),
            count: self.count,
            named_by: NamedBy::ALL.into_iter().filter(|by| self.named_by[*by as usize]).collect(),
            priorities: self.priorities,
            sources: values(&self.sources, self.count, strings, |count| *count),
            tags,
            quarters: self.quarters.into_list(),
            episodes: self.pulse.spans(),
            activity: self.pulse.into_list(),
            fields,
            places: values(&self.places, self.count, strings, |count| *count),
            shapes: shapes(&self.shapes, self.count, strings),
            joint: self.joint.finish(),
            moments: self.moments.into_list(),
            first: self.first,
            last: self.last,
        }
    }
}

fn count_each<'t>(
    tally: &mut Tally<u64>,
    values: impl Iterator<Item = &'t str>,
    strings: &mut Interner,
) {
    for value in values {
        if let Some(count) = tally.entry(value, strings, SMALL_BOUND) {
            *count += 1;
        }
    }
}

fn rename<T: Count>(tally: Tally<T>, renamed: &[Id], strings: &Interner, bound: usize) -> Tally<T> {
    let mut into = Tally::default();
    into.absorb(tally, renamed, strings, bound);
    into
}

/// The parts of a place, while an alert's fields are looked through.
#[derive(Default)]
struct Parts<'a>([Option<&'a str>; 6]);

impl<'a> Parts<'a> {
    fn take(&mut self, name: &str, shown: &'a str) {
        let at = match name {
            "k8s.ns.name" => 0,
            "k8s.pod.name" => 1,
            "container.name" => 2,
            "container.id" => 3,
            "container.image.repository" => 4,
            "container.image.tag" => 5,
            _ => return,
        };
        self.0[at] = Some(shown);
    }

    /// Writes the parts as one string; `false` if there are none.
    fn write(&self, into: &mut String) -> bool {
        into.clear();
        for part in self.0 {
            into.push_str(part.unwrap_or(""));
            into.push(PART);
        }
        self.0.iter().any(Option::is_some)
    }
}

/// Values with their counts, most frequent first, and what is not among them.
#[derive(Clone, Debug)]
pub struct Values<T> {
    /// At most ten.
    pub list: Vec<T>,
    /// Different ones, or an estimate.
    pub distinct: u64,
    /// Whether all different ones were counted.
    pub exact: bool,
    /// Counted and not in the list.
    pub more: u64,
    /// Alerts that have none of the list.
    pub more_alerts: u64,
}

/// A field over all alerts of an incident.
#[derive(Clone, Debug)]
pub struct FieldValues {
    /// Name of the field.
    pub name: String,
    /// Alerts in which it has a value.
    pub present: u64,
    /// Alerts in which it is there without a value.
    pub absent: u64,
    /// The values and their alerts.
    pub values: Values<(String, u64)>,
}

/// Namespace, pod, container, container id, image repository and tag, and the alerts.
pub type PlaceValues = Values<(String, u64)>;

/// A form of the output.
#[derive(Clone, Debug)]
pub struct ShapeValues {
    /// The form.
    pub text: String,
    /// Alerts.
    pub count: u64,
    /// The first of them.
    pub first: Option<Kept>,
    /// Time of the last.
    pub last: Option<Timestamp>,
}

/// An incident with all its alerts in.
#[derive(Clone, Debug)]
pub struct Grouped {
    /// Name of the rule.
    pub rule: String,
    /// Name of the host.
    pub host: String,
    /// Alerts.
    pub count: u64,
    /// Where the host's name was taken from.
    pub named_by: Vec<NamedBy>,
    /// Alerts by priority, in the order of `Priority::ALL`.
    pub priorities: [u64; 8],
    /// Sources and their alerts.
    pub sources: Values<(String, u64)>,
    /// Tags, sorted.
    pub tags: Vec<String>,
    /// Alerts by quarter of an hour since the epoch, in order.
    pub quarters: Vec<(i64, u64)>,
    /// Runs of alerts, in order.
    pub episodes: Vec<Span>,
    /// How dense the alerts of each of them lie.
    pub activity: Vec<Activity>,
    /// Every output field met, by name.
    pub fields: Vec<FieldValues>,
    /// Workloads; see [`Grouped::place_parts`].
    pub places: PlaceValues,
    /// Forms of the output.
    pub shapes: Values<ShapeValues>,
    /// Which values stood together.
    pub joint: Combinations,
    /// Seconds of the earliest alerts, at most [`MOMENTS`](super::MOMENTS), in order.
    pub moments: Vec<i64>,
    /// The first alert.
    pub first: Kept,
    /// The last alert.
    pub last: Kept,
}

impl Grouped {
    /// Namespace, pod, container, container id, image repository and tag of a place.
    pub fn place_parts(place: &str) -> [Option<&str>; 6] {
        let mut parts = place.split(PART);
        std::array::from_fn(|_| parts.next().filter(|part| !part.is_empty()))
    }
}

fn values<T: Count>(
    tally: &Tally<T>,
    total: u64,
    strings: &Interner,
    count: impl Fn(&T) -> u64,
) -> Values<(String, u64)> {
    let mut list: Vec<_> = tally.list().iter().map(|(id, n)| (*id, count(n))).collect();
    list.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| strings.text(a.0).cmp(strings.text(b.0))));
    let shown: Vec<_> =
        list.iter().take(LISTED).map(|(id, n)| (strings.text(*id).to_owned(), *n)).collect();
    let listed: u64 = shown.iter().map(|(_, n)| n).sum();
    Values {
        more: (list.len() - shown.len()) as u64,
        list: shown,
        distinct: tally.distinct(),
        exact: tally.exact(),
        more_alerts: total.saturating_sub(listed),
    }
}

fn shapes(tally: &Tally<ShapeCounts>, total: u64, strings: &Interner) -> Values<ShapeValues> {
    let ordered = values(tally, total, strings, |shape| shape.count);
    let list = ordered.list.iter().filter_map(|(text, count)| {
        let (_, shape) = tally.list().iter().find(|(id, _)| strings.text(*id) == text)?;
        Some(ShapeValues {
            text: text.clone(),
            count: *count,
            first: shape.first.clone(),
            last: shape.last,
        })
    });
    Values {
        list: list.collect(),
        distinct: ordered.distinct,
        exact: ordered.exact,
        more: ordered.more,
        more_alerts: ordered.more_alerts,
    }
}
