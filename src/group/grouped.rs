//! An incident with all its alerts in.

use std::{borrow::Cow, cmp::Reverse, mem, sync::Arc};

use super::{
    Kept, Pulse, Span,
    columns::{Columns, Counted, SMALL_BOUND},
    counts::{Counts, by_column},
    held::{Held, Spot},
    incident::Growing,
    joint::{self, Combinations, JOINT_FIELDS},
    layouts::Layout,
    names::PLACE,
    rows::{Row, Rows},
    shapes::{Seen, Shapes},
    strings::{Id, Texts},
    tally::sum_alike,
    times::Times,
    tuples::Tuples,
    values::{FieldValues, PlaceValues, ShapeValues, Values},
};
use crate::{alert::RuleFrom, host::NamedBy, priority::Priority};

/// What all incidents share once all alerts are in.
#[derive(Debug)]
pub(super) struct Ended {
    /// The silence, in seconds, that ends an episode.
    pub gap: u64,
    /// Every string.
    pub texts: Texts,
    /// The columns of alerts.
    pub layouts: Vec<Arc<Layout>>,
    /// Records that cannot be read again.
    pub held: Held,
}

/// An incident with all its alerts in. What a report tells of it beside the fields here is counted
/// when it is asked for, since all of it together takes many times the room.
#[derive(Debug)]
pub struct Grouped {
    /// Name of the rule.
    pub rule: String,
    /// Name of the host.
    pub host: String,
    /// Alerts.
    pub count: u64,
    /// Where the host's name was taken from.
    pub named_by: Vec<NamedBy>,
    /// Where the rule's name was taken from.
    pub rule_from: Vec<RuleFrom>,
    /// Alerts by priority, in the order of `Priority::ALL`.
    pub priorities: [u64; 8],
    /// Tags, sorted.
    pub tags: Vec<String>,
    /// The first alert.
    pub first: Kept,
    /// The last alert.
    pub last: Kept,
    /// How many runs of alerts there are.
    pub episode_count: usize,
    /// The last of them.
    pub last_episode: Option<Span>,
    shapes: Shapes,
    times: Times,
    alerts: Alerts,
    ended: Arc<Ended>,
}

/// The alerts of an incident: few as they came, many as their counts.
#[derive(Debug)]
enum Alerts {
    Kept(Rows),
    Counted(Box<Counts>),
}

/// What is told of an incident when it is told in full.
#[derive(Clone, Debug)]
pub struct Details<'g> {
    /// Sources and their alerts.
    pub sources: Values<(&'g str, u64)>,
    /// Every output field met, by name.
    pub fields: Vec<FieldValues<'g>>,
    /// Workloads.
    pub places: PlaceValues<'g>,
}

impl Grouped {
    /// An incident as it has grown.
    pub(super) fn of(growing: Growing, ended: &Arc<Ended>) -> Self {
        let Growing { mut shapes, mut rows, counts, .. } = growing;
        let Ended { gap, texts, layouts, .. } = &**ended;
        shapes.settle(texts);
        rows.settle();
        let mut times = Times::default();
        let alerts = if let Some(mut counts) = counts {
            counts.add(&rows, layouts, *gap, texts);
            counts.settle(texts);
            times = mem::take(&mut counts.times);
            Alerts::Counted(counts)
        } else {
            let opened = rows.open(layouts);
            times.add(opened.iter(layouts).map(|row| row.time), *gap);
            Alerts::Kept(rows)
        };
        let episodes = times.pulse().episodes();
        let mut grouped = Self {
            rule: growing.rule.into(),
            host: growing.host.into(),
            count: growing.count,
            named_by: NamedBy::ALL
                .into_iter()
                .filter(|by| growing.named_by[*by as usize])
                .collect(),
            rule_from: RuleFrom::ALL
                .into_iter()
                .filter(|from| growing.rule_from[*from as usize])
                .collect(),
            priorities: growing.priorities,
            tags: Vec::new(),
            first: growing.first,
            last: growing.last,
            episode_count: episodes.len(),
            last_episode: episodes.last().copied(),
            shapes,
            times,
            alerts,
            ended: Arc::clone(ended),
        };
        grouped.tags = grouped.tags();
        grouped
    }

    /// The highest priority seen.
    pub fn priority(&self) -> Priority {
        let seen = Priority::ALL.into_iter().find(|priority| self.priorities[priority.index()] > 0);
        seen.unwrap_or(Priority::Debug)
    }

    /// What is told of it in full.
    pub fn details(&self) -> Details<'_> {
        let (columns, places) = (self.columns(), self.places());
        let texts = &self.ended.texts;
        let (list, ceiling) = (columns.list(Id::SOURCES), columns.ceiling(Id::SOURCES));
        let sources = Counted { list, ceiling, ..Counted::default() };
        let fields = columns.counted().filter(|(name, _)| name.is_text());
        let mut fields: Vec<_> = fields
            .map(|(name, counted)| FieldValues::of(texts.text(name), counted, texts))
            .collect();
        fields.sort_unstable_by(|a, b| a.name.cmp(b.name));
        Details {
            sources: Values::of(sources, self.count, texts),
            fields,
            places: Values::of_places(places.iter(), places.ceiling(), self.count, texts),
        }
    }

    /// The source and the place of most alerts; of equals the first by name.
    pub fn foremost(&self) -> (Option<&str>, Option<[Option<&str>; PLACE.len()]>) {
        let texts = &self.ended.texts;
        let (sources, places) = match &self.alerts {
            Alerts::Counted(counts) => {
                (counts.columns.list(Id::SOURCES), counts.places.iter().collect())
            }
            Alerts::Kept(rows) => {
                let opened = rows.open(&self.ended.layouts);
                let rows = || opened.iter(&self.ended.layouts);
                let places = rows().filter_map(Row::place);
                (tally(rows().flat_map(|row| row.of(Id::SOURCES))), tally(places))
            }
        };
        let sources: Vec<(Id, u64)> = sources;
        let sources = sources.into_iter().map(|(id, count)| (Reverse(count), texts.text(id)));
        let place = |place: [Id; PLACE.len()]| place.map(|id| texts.told(id));
        let places = places.into_iter().map(|(ids, count)| (Reverse(count), place(ids)));
        (sources.min().map(|(_, source)| source), places.min().map(|(_, place)| place))
    }

    /// Whether any of its output fields has such a name.
    pub fn has_field(&self, is_such: impl Fn(&str) -> bool) -> bool {
        let is_such = |name: Id| name.is_text() && is_such(self.ended.texts.text(name));
        match &self.alerts {
            Alerts::Counted(counts) => counts.columns.names().any(is_such),
            Alerts::Kept(rows) => {
                let opened = rows.open(&self.ended.layouts);
                let mut layouts: Vec<&Layout> =
                    opened.iter(&self.ended.layouts).map(|row| row.layout).collect();
                layouts.dedup_by(|a, b| std::ptr::eq(*a, *b));
                layouts.iter().flat_map(|layout| &layout.columns).flatten().copied().any(is_such)
            }
        }
    }

    /// Forms of its output.
    pub fn shapes(&self) -> Values<ShapeValues<'_>> {
        let (told, ceiling) = (self.told_shapes(), self.shapes.ceiling());
        let most = Values::most(told, ceiling, self.count, |a, b| a.0.cmp(&b.0));
        most.map(|((text, Seen { first, last, .. }), count)| ShapeValues {
            text,
            count,
            first,
            last: *last,
        })
    }

    fn told_shapes(&self) -> Vec<((String, &Seen), u64)> {
        let told = |seen: &'_ Seen| self.ended.texts.shape(seen.text);
        self.shapes.list().iter().map(|seen| ((told(seen), seen), seen.count)).collect()
    }

    /// The most frequent forms of its output, at most ten.
    pub fn foremost_shapes(&self) -> Vec<String> {
        let most = Values::most(self.told_shapes(), None, 0, |a, b| a.0.cmp(&b.0));
        most.list.into_iter().map(|((text, _), _)| text).collect()
    }

    /// How many forms the output of some incidents of one run takes, and the most frequent that is not
    /// empty, with its alerts in all of them.
    pub fn shapes_of_all(groups: &[&Self]) -> (usize, Option<(String, u64)>) {
        let Some(ended) = groups.first().map(|group| &group.ended) else { return (0, None) };
        let seen = groups.iter().flat_map(|group| group.shapes.list());
        let mut counts: Vec<(Id, u64)> = seen.map(|seen| (seen.text, seen.count)).collect();
        counts.sort_unstable();
        sum_alike(&mut counts);
        counts.sort_unstable_by_key(|(_, count)| Reverse(*count));
        let equal = counts.chunk_by(|a, b| a.1 == b.1);
        let foremost = equal.filter_map(|equal| {
            let texts = equal.iter().map(|(id, _)| ended.texts.shape(*id));
            Some((texts.filter(|text| !text.is_empty()).min()?, equal[0].1))
        });
        (counts.len(), { foremost }.next())
    }

    /// The record at a spot.
    pub fn held(&self, spot: Spot) -> Vec<u8> {
        self.ended.held.get(spot)
    }

    /// Which values stood together.
    pub fn combinations(&self) -> Combinations<'_> {
        let joint = self.joint();
        Combinations::of(joint.iter(), joint.ceiling().is_none(), &self.ended.texts)
    }

    /// Seconds of the earliest alerts, at most [`MOMENTS`](super::MOMENTS), in order.
    pub fn moments(&self) -> Vec<i64> {
        self.times.moments()
    }

    /// Runs of alerts.
    pub fn pulse(&self) -> Pulse {
        self.times.pulse()
    }

    fn columns(&self) -> Cow<'_, Columns> {
        let texts = &self.ended.texts;
        let count = |rows: Vec<Row<'_>>| {
            let mut columns = Columns::default();
            columns.add(&by_column(rows), texts);
            columns.settle(texts);
            columns
        };
        self.counted(|counts| &counts.columns, count)
    }

    fn places(&self) -> Cow<'_, Tuples<{ PLACE.len() }>> {
        let count = |rows: Vec<Row<'_>>| {
            let mut places = Tuples::new(SMALL_BOUND);
            places.add(rows.into_iter().filter_map(Row::place), &self.ended.texts);
            places.settle(&self.ended.texts);
            places
        };
        self.counted(|counts| &counts.places, count)
    }

    fn joint(&self) -> Cow<'_, Tuples<{ JOINT_FIELDS.len() + 1 }>> {
        let count = |rows: Vec<Row<'_>>| {
            let mut joint = Tuples::new(joint::BOUND);
            joint.add(rows.into_iter().filter_map(Row::joint), &self.ended.texts);
            joint.settle(&self.ended.texts);
            joint
        };
        self.counted(|counts| &counts.joint, count)
    }

    /// A part of what is counted, which is counted now if that was not done before.
    fn counted<'g, T: Clone>(
        &'g self,
        part: impl FnOnce(&'g Counts) -> &'g T,
        count: impl FnOnce(Vec<Row<'_>>) -> T,
    ) -> Cow<'g, T> {
        match &self.alerts {
            Alerts::Counted(counts) => Cow::Borrowed(part(counts)),
            Alerts::Kept(rows) => {
                let opened = rows.open(&self.ended.layouts);
                Cow::Owned(count(opened.iter(&self.ended.layouts).collect()))
            }
        }
    }

    fn tags(&self) -> Vec<String> {
        let ids = match &self.alerts {
            Alerts::Counted(counts) => {
                counts.columns.list(Id::TAGS).into_iter().map(|(tag, _)| tag).collect()
            }
            Alerts::Kept(rows) => {
                let opened = rows.open(&self.ended.layouts);
                let rows = opened.iter(&self.ended.layouts);
                let mut ids: Vec<Id> = rows.flat_map(|row| row.of(Id::TAGS)).collect();
                ids.sort_unstable();
                ids.dedup();
                ids
            }
        };
        let mut tags: Vec<_> =
            ids.into_iter().map(|id| self.ended.texts.text(id).to_owned()).collect();
        tags.sort_unstable();
        tags
    }
}

/// How often each of a few comes.
fn tally<T: Copy + Eq>(all: impl Iterator<Item = T>) -> Vec<(T, u64)> {
    let mut counts: Vec<(T, u64)> = Vec::new();
    for one in all {
        match counts.iter_mut().find(|(known, _)| *known == one) {
            Some((_, count)) => *count += 1,
            None => counts.push((one, 1)),
        }
    }
    counts
}

/// The names of all fields that occur in any of the incidents, some more than once.
pub fn field_names(incidents: &[Grouped]) -> impl Iterator<Item = &str> {
    let layouts = incidents.first().map_or(&[][..], |first| &first.ended.layouts);
    let in_layouts = layouts.iter().flat_map(|layout| layout.columns.iter().copied().flatten());
    let in_counts = incidents.iter().flat_map(|incident| match &incident.alerts {
        Alerts::Counted(counts) => counts.columns.names().collect(),
        Alerts::Kept(_) => Vec::new(),
    });
    let names = in_layouts.chain(in_counts).filter(|name| name.is_text());
    names.filter_map(|name| Some(incidents.first()?.ended.texts.text(name)))
}
