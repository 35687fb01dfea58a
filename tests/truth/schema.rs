//! `report.json` is what its schema says, with the keys that were promised.

use std::{fs, path::Path};

use serde_json::Value;

fn example(file: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/site").join(file);
    serde_json::from_str(&fs::read_to_string(path).expect("the example is there")).expect("JSON")
}

#[test]
fn the_example_is_valid() {
    let schema = example("report.schema.json");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let report = example("report.json");
    let errors: Vec<_> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    // The schema is no empty one: it refuses a report without its accounting.
    let mut broken = report;
    broken.as_object_mut().expect("an object").remove("accounting");
    assert!(!validator.is_valid(&broken));
}

#[test]
fn the_accounting_has_its_keys() {
    let report =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/site/report.json"))
            .expect("the example is there");
    let accounting = report.split("\"accounting\":").nth(1).expect("accounting");
    let keys: Vec<_> = accounting
        .split('}')
        .next()
        .expect("an object")
        .split(',')
        .filter_map(|member| member.split('"').nth(1))
        .collect();
    assert_eq!(
        keys,
        [
            "files",
            "empty_files",
            "unreadable_files",
            "bytes",
            "records",
            "alerts",
            "duplicates",
            "outside_period",
            "below_priority",
            "sensor",
            "other_text",
            "rejected"
        ]
    );
}
