//! What is expected of each golden case is what the schema says, hostile values included.

use std::fs;

use serde_json::Value;

use crate::program;

fn json(path: &std::path::Path) -> Value {
    let text = fs::read_to_string(path);
    let text = text.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn every_report_is_what_its_schema_says() {
    let folder = program::package().join("tests/golden");
    let schema = json(&folder.join("one-alert/expected/report.schema.json"));
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let mut seen = 0;
    for case in fs::read_dir(folder).expect("the cases are there") {
        let path = case.expect("an entry").path().join("expected/report.json");
        if !path.exists() {
            continue;
        }
        let report = json(&path);
        let wrong: Vec<_> = validator
            .iter_errors(&report)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(wrong.is_empty(), "{}: {wrong:#?}", path.display());
        seen += 1;
    }
    assert!(seen >= 8, "only {seen} reports");
}

#[test]
fn every_object_of_the_schema_is_described() {
    let folder = program::package().join("tests/golden");
    let schema = json(&folder.join("one-alert/expected/report.schema.json"));
    let definitions = schema["$defs"].as_object().expect("definitions");
    let mut bare = Vec::new();
    for (name, definition) in definitions.iter().chain([(&"Report".to_owned(), &schema)]) {
        if definition["description"].as_str().is_none_or(str::is_empty) {
            bare.push(name.clone());
        }
        for (member, of) in definition["properties"].as_object().into_iter().flatten() {
            if of["description"].as_str().is_none_or(str::is_empty) {
                bare.push(format!("{name}.{member}"));
            }
        }
    }
    assert!(bare.is_empty(), "without a description: {bare:?}");
}
