//! One group of alerts as the report tells of it.

use std::{collections::BTreeMap, sync::Arc};

use hashbrown::HashMap;

use super::{
    Counted, Field, HourCount, Incident, MitigationRef, Place, PriorityCount, Related, Seen, Shape,
    ValueCount, bursts, edges::Edges, seen, summary,
};
use crate::{
    attack,
    dictionary::{Dictionary, Entry},
    group::{self, Details, FieldValues, Grouped, PlaceValues, ShapeValues, Values},
    inventory::Weight,
    priority::Priority,
    slug,
    time::{DAY, QUARTER, Timestamp, Zone},
};

/// What the dictionary knows of the fields that occur.
pub struct Known(HashMap<String, Option<&'static Entry>>);

impl Known {
    /// Looks every field up once.
    pub fn of(incidents: &[Grouped]) -> Self {
        let mut known = HashMap::new();
        for name in group::field_names(incidents) {
            let look = || Dictionary::bundled().field(name);
            known.entry_ref(name).or_insert_with(look);
        }
        Self(known)
    }

    /// What the fields mean that occur.
    pub fn glossary(&self) -> BTreeMap<String, String> {
        let known = self.0.iter().filter_map(|(name, entry)| Some((name, (*entry)?)));
        known.map(|(name, entry)| (name.clone(), entry.meaning.clone())).collect()
    }

    fn entry(&self, name: &str) -> Option<&'static Entry> {
        self.0.get(name).copied().flatten()
    }
}

/// What an incident is called, and what it shares with others.
pub struct Shared {
    /// Its id.
    pub id: Arc<str>,
    /// Its page.
    pub path: Arc<str>,
    /// The rule.
    pub rule: Arc<str>,
    /// The rule's page.
    pub rule_path: Arc<str>,
    /// The host.
    pub host: Arc<str>,
    /// The host's page.
    pub host_path: Arc<str>,
    /// The tags.
    pub tags: Arc<[String]>,
    /// The advice that fits rule and tags.
    pub mitigation: Arc<MitigationRef>,
}

/// What there is to say of a group at once; the rest is filled in by [`super::Details`].
pub fn head(grouped: &Grouped, shared: Shared, edges: &Edges<'_>) -> Incident {
    let Shared { id, path, rule, rule_path, host, host_path, tags, mitigation } = shared;
    let nothing = || Related { list: Vec::new(), more: 0 };
    Incident {
        id,
        path,
        rule_path,
        host_path,
        priority: grouped.priority(),
        priorities: priorities(&grouped.priorities),
        count: grouped.count,
        first_seen: grouped.first.time,
        last_seen: grouped.last.time,
        state: edges.state(grouped),
        episode_count: grouped.episodes.len() as u64,
        headline: String::new(),
        attack: Vec::new(),
        activity: None,
        episodes: Vec::new(),
        fleet_wide: None,
        hours: Vec::new(),
        hours_of_day: Vec::new(),
        seen: Seen::default(),
        places: Counted::default(),
        fields: Vec::new(),
        rule,
        rule_from: grouped.rule_from.iter().map(|from| from.name()).collect(),
        rule_note: summary::rule_note(&grouped.rule_from),
        host,
        sources: Vec::new(),
        tags,
        shapes: Counted::default(),
        samples: Vec::new(),
        mitigation,
        change: None,
        elsewhere: nothing(),
        nearby: nothing(),
        owner: None,
        host_weight: Weight::Normal,
        verdict: None,
    }
}

/// Fills in what takes much room.
pub fn fill(
    incident: &mut Incident,
    grouped: &Grouped,
    known: &Known,
    edges: &Edges<'_>,
    zone: Zone,
) {
    let Details { sources, fields: values, places: seen_places, activity } = grouped.details();
    incident.attack = attack::among(&grouped.tags);
    incident.episodes = edges.episodes(grouped, &activity);
    incident.activity = bursts::strip(&activity, &incident.episodes);
    incident.hours = hours(&grouped.quarters, zone);
    incident.hours_of_day = hours_of_day(&grouped.quarters, zone);
    incident.sources = counts(sources.list);
    incident.fields = fields(values, known);
    incident.places = places(seen_places);
    incident.shapes = shapes(grouped.shapes());
    incident.seen = seen::build(seen::workload(grouped), &incident.places.list, &incident.fields);
}

/// The readable parts of rule and host, and a digest of both; the same for the same rule and host, for
/// ever.
pub fn id(readable: [&str; 2], rule: &str, host: &str) -> String {
    let readable = readable.join("--");
    format!("{}-{}", readable.trim_matches('-'), slug::digest(&[rule, host]))
}

fn priorities(counts: &[u64; 8]) -> Vec<PriorityCount> {
    Priority::ALL
        .into_iter()
        .map(|priority| PriorityCount { priority, count: counts[priority.index()] })
        .filter(|total| total.count > 0)
        .collect()
}

fn hours(quarters: &[(i64, u64)], zone: Zone) -> Vec<HourCount> {
    let mut hours: Vec<HourCount> = Vec::new();
    for (quarter, count) in quarters {
        let secs = quarter * QUARTER;
        let into_hour = (secs + zone.offset(secs)).rem_euclid(3600);
        let hour = Timestamp::from_secs(secs - into_hour);
        match hours.last_mut() {
            Some(last) if last.hour == hour => last.count += count,
            _ => hours.push(HourCount { hour, count: *count }),
        }
    }
    hours
}

fn hours_of_day(quarters: &[(i64, u64)], zone: Zone) -> Vec<u64> {
    let mut hours = vec![0; 24];
    for (quarter, count) in quarters {
        let secs = quarter * QUARTER;
        let hour = (secs + zone.offset(secs)).rem_euclid(DAY) / 3600;
        hours[usize::try_from(hour).unwrap_or(0)] += count;
    }
    hours
}

/// Fields in the dictionary's order, those it does not know by name in the end.
fn fields(fields: Vec<FieldValues>, known: &Known) -> Vec<Field> {
    let mut fields: Vec<(u32, Field)> = fields
        .into_iter()
        .map(|field| {
            let entry = known.entry(&field.name);
            (entry.map_or(u32::MAX, |entry| entry.order), tell(field, entry))
        })
        .collect();
    fields.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.name.cmp(&b.1.name)));
    fields.into_iter().map(|(_, field)| field).collect()
}

fn tell(field: FieldValues, entry: Option<&Entry>) -> Field {
    Field {
        name: field.name,
        group: entry.map_or_else(|| "other".into(), |entry| entry.group.clone()),
        key: entry.is_some_and(|entry| entry.key),
        count: field.present,
        absent: field.absent,
        values: value_counts(field.values),
    }
}

fn value_counts(values: Values<(String, u64)>) -> Counted<ValueCount> {
    let Values { list, distinct, exact, more, more_alerts } = values;
    let list = list.into_iter().map(|(value, count)| ValueCount { value, count }).collect();
    Counted { distinct, exact, list, more, more_alerts }
}

fn counts(list: Vec<(String, u64)>) -> Vec<ValueCount> {
    list.into_iter().map(|(value, count)| ValueCount { value, count }).collect()
}

fn places(places: PlaceValues) -> Counted<Place> {
    let place = |(parts, count)| {
        let [namespace, pod, container, container_id, repository, tag]: [Option<String>; 6] = parts;
        let image = match (repository, tag) {
            (Some(repository), Some(tag)) => Some(format!("{repository}:{tag}")),
            (repository, _) => repository,
        };
        Place { namespace, pod, container, container_id, image, count }
    };
    let Values { list, distinct, exact, more, more_alerts } = places;
    let list = list.into_iter().map(place).collect();
    Counted { distinct, exact, list, more, more_alerts }
}

fn shapes(shapes: Values<ShapeValues>) -> Counted<Shape> {
    let shape = |shape: ShapeValues| Shape {
        id: slug::digest(&[&shape.text]),
        text: shape.text,
        count: shape.count,
        first_seen: shape.first.time,
        last_seen: shape.last,
    };
    let Values { list, distinct, exact, more, more_alerts } = shapes;
    let list = list.into_iter().map(shape).collect();
    Counted { distinct, exact, list, more, more_alerts }
}
