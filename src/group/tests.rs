//! What is counted does not depend on the order or on the number of workers.

use std::thread;

use proptest::prelude::*;

use super::*;
use crate::{alert::RuleFrom, json::Value, normalise::Shape, priority::Priority, time::Timestamp};

/// The numbers that an alert is made from.
type Seed = (u8, u8, u16);

fn alert((rule, second, value): Seed) -> Alert<'static> {
    let value_or_not = match value % 7 {
        0 => Value::Null,
        1 => Value::Text("<NA>".into()),
        _ => Value::Text(format!("value {value}").into()),
    };
    Alert {
        time: Timestamp::from_secs(i64::from(second) * 60),
        received: None,
        rule: format!("rule {}", rule % 2).into(),
        rule_from: RuleFrom::default(),
        priority: Priority::ALL[usize::from(rule % 8)],
        priority_known: true,
        output: Some(
            format!("at{} done by id {value}", ["", "mpt"][usize::from(value % 2)]).into(),
        ),
        source: Some(format!("source {value}").into()),
        tags: vec![format!("tag {}", value % 300).into(), "all".into()],
        hostname: None,
        uuid: None,
        fields: vec![
            ("proc.name".into(), value_or_not),
            ("evt.time".into(), Value::Number("17")),
            (format!("field {}", value % 3000).into(), Value::Bool(true)),
            ("container.id".into(), Value::Text(format!("{}", value % 5).into())),
        ],
        wrapper_host: None,
        shape: Shape::default(),
    }
}

fn count(seeds: &[(usize, Seed)], workers: usize) -> Vec<Grouped> {
    let groups = Groups::new(120);
    thread::scope(|scope| {
        for worker in 0..workers {
            let groups = &groups;
            scope.spawn(move || {
                let mut desk = groups.desk();
                for (ordinal, seed) in seeds.iter().skip(worker).step_by(workers) {
                    let ordinal = u32::try_from(*ordinal).unwrap();
                    let at = Position { unit: 0, ordinal, line: ordinal, offset: Some(0) };
                    let alert = alert(*seed);
                    let named_by = NamedBy::Hostname;
                    let sighting =
                        Sighting { alert: &alert, host: "host", named_by, record: b"{}", at };
                    groups.add(&sighting, &mut desk);
                }
            });
        }
    });
    groups.finish()
}

/// All that is known of incidents, as text.
fn told(incidents: &[Grouped]) -> String {
    let told = |one: &Grouped| {
        let facts =
            (&one.rule, one.count, &one.named_by, one.priorities, &one.tags, &one.first, &one.last);
        let times = (one.pulse(), one.moments());
        format!(
            "{facts:?} {times:?} {:?} {:?} {:?}",
            one.details(),
            one.shapes(),
            one.combinations()
        )
    };
    incidents.iter().map(told).collect()
}

proptest! {
    #[test]
    fn any_order_and_any_workers_give_the_same(
        seeds in prop::collection::vec(any::<Seed>(), 1..300), turn in 0_usize..300,
    ) {
        let seeds: Vec<_> = seeds.into_iter().enumerate().collect();
        let expected = count(&seeds, 1);
        let mut turned = seeds;
        let length = turned.len();
        turned.rotate_left(turn % length);
        prop_assert_eq!(told(&count(&turned, 3)), told(&expected));
    }
}

#[test]
fn beyond_the_bounds_an_even_choice_stays_with_true_counts() {
    let once: Vec<Seed> = (0..9000).map(|value| (0, 0, value)).collect();
    let seeds: Vec<_> = once.iter().chain(&once).copied().enumerate().collect();
    let incidents = count(&seeds, 1);
    let [incident] = &incidents[..] else { panic!("one rule on one host") };
    let (details, joint) = (incident.details(), incident.combinations());
    assert_eq!(incident.count, 18_000);
    assert_eq!(details.fields.len(), 2048);
    assert_eq!(incident.tags.len(), 256);
    assert!(!details.sources.exact);
    assert!((4_000..18_000).contains(&details.sources.distinct), "{}", details.sources.distinct);
    assert!(details.sources.list.iter().all(|(_, count)| *count == 2));
    assert_eq!((details.sources.more, details.sources.more_alerts), (246, 18_000 - 20));
    for field in details.fields.iter().filter(|field| field.name.starts_with("field")) {
        assert_eq!((field.present, field.values.list[0].1), (6, 6));
    }
    assert_eq!((joint.list.len(), joint.exact), (1024, false));
    assert!(joint.list.iter().all(|joint| joint.count % 2 == 0));
    let mut turned = seeds;
    turned.reverse();
    assert_eq!(told(&count(&turned, 2)), told(&incidents));
}

#[test]
fn a_field_counts_values_absences_and_times() {
    let seeds: Vec<_> = (0..14).map(|value| (0, 0, value)).enumerate().collect();
    let incidents = count(&seeds, 1);
    let details = incidents[0].details();
    let field = |name: &str| {
        let field = details.fields.iter().find(|field| field.name == name).unwrap();
        (field.present, field.absent, field.values.distinct)
    };
    assert_eq!(field("proc.name"), (10, 4, 10));
    assert_eq!(field("evt.time"), (14, 0, 0));
    assert_eq!(field("container.id"), (14, 0, 5));
    assert_eq!(details.places.distinct, 5);
    let joint = incidents[0].combinations();
    assert!(joint.exact);
    let absent: Vec<_> = joint.list.iter().filter(|joint| joint.values[2].is_none()).collect();
    let (shape, count) = ("at done by id …", 2);
    assert_eq!((&*absent[0].shape, absent[0].count, absent.len()), (shape, count, 2));
    let list = incidents[0].shapes().list;
    let shapes: Vec<_> = list.iter().map(|shape| (&*shape.text, shape.count)).collect();
    assert_eq!(shapes, [("at done by id …", 7), ("atmpt done by id …", 7)]);
    assert_eq!(list[1].first.record.ordinal, 1);
}
