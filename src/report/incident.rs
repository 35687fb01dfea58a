//! One group of alerts as the report tells of it.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

use hashbrown::HashMap;

use super::{
    Counted, Field, HourCount, Incident, Place, PriorityCount, Related, Seen, Shape, ValueCount,
    bursts,
    edges::Edges,
    names::{Advised, Called},
    seen, summary,
    weekly::Subject,
};
use crate::{
    dictionary::{Dictionary, Entry},
    group::{self, Details, FieldValues, Grouped, ShapeValues, Values},
    inventory::Weight,
    priority::Priority,
    slug,
    time::{DAY, QUARTER, Timestamp, Zone},
};

/// What was seen of an incident as long as it is not told in full: one for all, since it is large.
static NOTHING_SEEN: LazyLock<Arc<Seen>> = LazyLock::new(Arc::default);

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

/// What there is to say of a group, a numbered pair, at once; the rest is filled in by
/// [`super::Details`].
pub fn head(
    grouped: &Grouped,
    pair: u32,
    called: &Called<'_>,
    advised: Advised,
    edges: &Edges<'_>,
) -> Incident {
    let Called { names, pages, .. } = called;
    let Advised { tags, attack, mitigation } = advised;
    let (rule, host) = names.of_pair(pair);
    let path = |subject| pages.path(subject).unwrap_or_default();
    let nothing = || Related { list: Vec::new(), more: 0 };
    Incident {
        id: pages.ids[pair as usize].clone(),
        path: path(Subject::Pair(pair)),
        rule_path: path(Subject::Rule(rule)),
        host_path: path(Subject::Host(host)),
        priority: grouped.priority(),
        priorities: priorities(&grouped.priorities),
        count: grouped.count,
        first_seen: grouped.first.time,
        last_seen: grouped.last.time,
        state: edges.state(grouped),
        episode_count: grouped.episode_count as u64,
        headline: String::new(),
        attack,
        activity: None,
        episodes: Vec::new(),
        fleet_wide: None,
        hours: Vec::new(),
        hours_of_day: Vec::new(),
        seen: NOTHING_SEEN.clone(),
        places: Counted::default(),
        fields: Vec::new(),
        rule: names.rules.name(rule).clone(),
        rule_from: grouped.rule_from.iter().map(|from| from.name()).collect(),
        rule_note: summary::rule_note(&grouped.rule_from),
        host: names.hosts.name(host).clone(),
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

/// Fills in what takes much room, but for the forms of the output.
pub fn fill(
    incident: &mut Incident,
    grouped: &Grouped,
    known: &Known,
    edges: &Edges<'_>,
    (workload, zone): (&str, Zone),
) {
    let Details { sources, fields: values, places: seen_places } = grouped.details();
    let pulse = grouped.pulse();
    let (activity, quarters) = (pulse.activity(), pulse.quarters());
    incident.episodes = edges.episodes(grouped, &pulse.episodes(), &activity);
    incident.activity = bursts::strip(&activity, &incident.episodes);
    incident.hours = hours(&quarters, zone);
    incident.hours_of_day = hours_of_day(&quarters, zone);
    incident.sources = sources.list.into_iter().map(value_count).collect();
    incident.fields = fields(values, known);
    incident.places = seen_places.map(place).into();
    let seen = seen::build(workload, &incident.places.list, &incident.fields);
    incident.seen = seen.into();
}

/// The forms of the output as they are told of.
pub fn shapes(shapes: &Values<ShapeValues<'_>>) -> Counted<Shape> {
    let shape = |shape: ShapeValues<'_>| Shape {
        id: slug::digest(&[&shape.text]),
        text: shape.text,
        count: shape.count,
        first_seen: shape.first.time,
        last_seen: shape.last,
    };
    shapes.clone().map(shape).into()
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
fn fields(fields: Vec<FieldValues<'_>>, known: &Known) -> Vec<Field> {
    let entries = fields.into_iter().map(|field| (known.entry(field.name), field));
    let mut fields: Vec<_> = entries.collect();
    // Of one place in the order they are by name already.
    fields.sort_by_key(|(entry, _)| entry.map_or(u32::MAX, |entry| entry.order));
    fields.into_iter().map(|(entry, field)| tell(field, entry)).collect()
}

fn tell(field: FieldValues<'_>, entry: Option<&'static Entry>) -> Field {
    Field {
        name: field.name.to_owned(),
        group: entry.map_or("other", |entry| &entry.group),
        key: entry.is_some_and(|entry| entry.key),
        count: field.present,
        absent: field.absent,
        values: field.values.map(value_count).into(),
    }
}

fn value_count((value, count): (&str, u64)) -> ValueCount {
    ValueCount { value: value.to_owned(), count }
}

fn place((parts, count): ([Option<&str>; 6], u64)) -> Place {
    let [namespace, pod, container, container_id, repository, tag] = parts;
    let image = match (repository, tag) {
        (Some(repository), Some(tag)) => Some(format!("{repository}:{tag}")),
        (repository, _) => repository.map(str::to_owned),
    };
    let [namespace, pod, container, container_id] =
        [namespace, pod, container, container_id].map(|part| part.map(str::to_owned));
    Place { namespace, pod, container, container_id, image, count }
}

impl<T> From<Values<T>> for Counted<T> {
    fn from(values: Values<T>) -> Self {
        let Values { list, distinct, exact, more, more_alerts } = values;
        Self { distinct, exact, list, more, more_alerts }
    }
}
