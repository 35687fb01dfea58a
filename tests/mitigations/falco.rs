//! Every rule that alertbook writes, in advice or as a draft, has the form that Falco's loader takes:
//! by Falco's own schema, and by what the loader checks beyond it.

use std::{collections::BTreeSet, process::Command};

use alertbook::falco::rules::RulesFile;
use saphyr::{LoadableYamlNode as _, Scalar, Yaml};
use serde_json::{Value, json};

use crate::filled::{HOSTILE, fences, hostile, plain, turned};

/// What `falco --rule-schema` prints.
const SCHEMA: &str = include_str!("../data/falco-rule-schema.json");

fn schema() -> (Value, jsonschema::Validator) {
    let schema: Value = serde_json::from_str(SCHEMA).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    (schema, validator)
}

fn json(yaml: &Yaml<'_>) -> Value {
    match yaml {
        Yaml::Value(Scalar::Null) => Value::Null,
        Yaml::Value(Scalar::Boolean(value)) => json!(value),
        Yaml::Value(Scalar::Integer(value)) => json!(value),
        Yaml::Value(Scalar::FloatingPoint(value)) => json!(value.into_inner()),
        Yaml::Value(Scalar::String(value)) => json!(value),
        Yaml::Sequence(items) => items.iter().map(json).collect(),
        Yaml::Mapping(map) => {
            let key = |key: &Yaml<'_>| key.as_str().unwrap_or_default().to_owned();
            map.iter().map(|(name, value)| (key(name), json(value))).collect()
        }
        other => panic!("{other:?} is no plain YAML"),
    }
}

/// Checks a snippet; gives how many exceptions it has.
fn check(snippet: &str, from: &str, validator: &jsonschema::Validator) -> usize {
    let file = RulesFile::read(snippet)
        .unwrap_or_else(|fault| panic!("{from}: {}\n{snippet}", fault.message));
    assert!(!file.is_empty(), "{from}: nothing in it\n{snippet}");
    if !file.is_one() {
        return 0;
    }
    assert_eq!(file.faults(), [], "{from}\n{snippet}");
    let mut count = 0;
    for document in Yaml::load_from_str(snippet).expect("YAML") {
        let value = json(&document);
        let errors: Vec<_> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{from}: {errors:?}\n{snippet}");
        let items = value.as_array().into_iter().flatten();
        let exceptions = items.filter_map(|item| item["exceptions"].as_array());
        count += exceptions.map(Vec::len).sum::<usize>();
    }
    count
}

#[test]
fn every_yaml_snippet_of_advice_is_taken() {
    let (_, validator) = schema();
    let mut exceptions = 0;
    for (path, page) in plain().iter().chain(turned()) {
        for snippet in fences(page, "yaml") {
            exceptions += check(&snippet, &path.display().to_string(), &validator);
        }
    }
    assert!(exceptions > 800, "{exceptions}");
}

#[test]
fn every_draft_of_an_exception_is_taken() {
    let (_, validator) = schema();
    let folder = tempfile::tempdir().expect("a folder");
    let mut drafts = 0;
    // The example, and one rule as loud as can be for each hostile value.
    let lines: String = (0..HOSTILE.len())
        .flat_map(|number| (0..600).map(move |minute| (number, minute)))
        .map(|(number, minute)| {
            let alert = json!({
                "hostname": "node-1", "output": "x", "priority": "Notice", "source": "syscall", "tags": [],
                "rule": format!("Loud {}", hostile(number)),
                "time": format!("2026-11-{:02}T{:02}:{:02}:00Z", 16 + minute / 100, minute / 60 % 24, minute % 60),
                "output_fields": {
                    "proc.cmdline": hostile(number), "proc.name": hostile(number + 1), "proc.pname": hostile(number + 2),
                    "container.image.repository": hostile(number + 3), "container.id": "0123456789ab",
                },
            });
            alert.to_string() + "\n"
        })
        .collect();
    let loud = folder.path().join("loud.jsonl");
    std::fs::write(&loud, lines).expect("written");
    let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/logs");
    for logs in [examples, loud.to_str().expect("a path")] {
        let site = folder.path().join("site");
        let output = Command::new(env!("CARGO_BIN_EXE_alertbook"))
            .args(["build", "--format", "json", "-q", "--draft-critical", logs, "-o"])
            .arg(&site)
            .output()
            .expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = std::fs::read(site.join("report.json")).expect("a report");
        let report: Value = serde_json::from_slice(&text).expect("JSON");
        for noise in report["noise"].as_array().expect("a list") {
            if let Some(draft) = noise["draft"].as_str() {
                let rule = noise["rule"].to_string();
                drafts += usize::from(check(draft, &rule, &validator) > 0);
            }
        }
    }
    assert!(drafts > 5, "{drafts}");
}

/// The schema and our check name the same keys: a new Falco that knows others is noticed here.
#[test]
fn the_schema_and_the_check_know_the_same_keys() {
    let (schema, validator) = schema();
    let properties = |name: &str| -> BTreeSet<String> {
        let all = schema["definitions"][name]["properties"].as_object().expect("keys");
        all.keys().cloned().collect()
    };
    let unknown = |item: &str| {
        let file = RulesFile::read(item).expect("YAML");
        file.faults().iter().any(|fault| fault.message.contains("no key"))
    };
    for key in properties("FalcoRule") {
        let item = match key.as_str() {
            "items" => "- list: l\n  items: []\n".to_owned(),
            "macro" | "list" | "required_engine_version" | "required_plugin_versions" => {
                format!("- {key}: x\n")
            }
            _ => format!("- rule: r\n  {key}: x\n").replace("  rule: x\n", ""),
        };
        assert!(!unknown(&item), "{key} is not known");
    }
    for key in properties("Override") {
        assert!(!unknown(&format!("- rule: r\n  override: {{{key}: replace}}\n")), "{key}");
    }
    for key in properties("Exception") {
        let item = format!(
            "- rule: r\n  exceptions: [{{{key}: x}}]\n  override: {{exceptions: append}}\n"
        );
        assert!(!unknown(&item), "{key}");
    }
    assert!(unknown("- rule: r\n  reason: x\n"));
    let bad = json!([{"rule": "r", "reason": "x"}]);
    assert!(!validator.is_valid(&bad));
}
