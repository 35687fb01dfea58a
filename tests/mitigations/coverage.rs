//! Every rule of Falco's rule files has advice of its own, in one form.

use std::collections::{BTreeMap, BTreeSet};

use alertbook::{
    bundled::{FALCO_RULES, MITIGATIONS},
    config::Config,
    mitigation::catalogue,
};
use serde_json::Value;

const HEADINGS: [&str; 9] = [
    "Why this fires",
    "Confirm",
    "Known benign causes",
    "Contain",
    "Eradicate and recover",
    "Prevent",
    "Tune",
    "Close when",
    "References",
];

/// What Falco does not have, or does not do; a mitigation that says so is wrong.
const WRONG: &[(&str, &str)] = &[
    ("falco --strict", "no such option has ever existed"),
    ("falco --group", "no such option has ever existed"),
    ("falco --log-level", "it is a key of falco.yaml, log_level"),
    ("falco -t ", "removed in 0.39"),
    ("falco -T ", "removed in 0.39"),
    ("falco -D ", "removed in 0.39"),
    ("falco -A", "removed in 0.41"),
    ("falco -e ", "removed in 0.38"),
    ("Falco blocks", "Falco detects; it blocks nothing"),
    ("kind: PodSecurityPolicy", "removed in Kubernetes 1.25"),
    ("append: true", "deprecated: use override"),
];

fn advice() -> impl Iterator<Item = (&'static str, &'static str)> {
    MITIGATIONS.iter().copied().filter(|(file, _)| !file.starts_with('_'))
}

#[test]
fn every_rule_has_advice_of_its_own() {
    let library = alertbook::library(&Config::default()).expect("the bundled library");
    let rows = catalogue(&library);
    let known: Value = serde_json::from_str(FALCO_RULES).expect("JSON");
    let found: BTreeMap<_, _> =
        rows.iter().map(|row| (row.rule.as_str(), row.matched_by.as_str())).collect();
    let rules = known["rules"].as_array().expect("a list");
    assert_eq!(rules.len(), 242);
    for rule in rules {
        let name = rule["name"].as_str().expect("a name");
        assert_eq!(found.get(name), Some(&"rule"), "{name}");
    }
    for old in known["renamed"].as_array().expect("a list") {
        let name = old["name"].as_str().expect("a name");
        let by = found.get(name).copied();
        // Some were renamed to a name that is itself gone, without a successor.
        if old["now"].is_null() {
            continue;
        }
        assert!(matches!(by, Some("rule" | "former_name")), "{name}: {by:?}");
    }
}

#[test]
fn no_rule_is_claimed_twice() {
    let known: Value = serde_json::from_str(FALCO_RULES).expect("JSON");
    let names: BTreeSet<_> = known["rules"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|rule| rule["name"].as_str())
        .collect();
    let library = alertbook::library(&Config::default()).expect("the bundled library");
    let mut claimed = BTreeMap::new();
    for (file, advice) in library.advice() {
        assert!(!advice.front.title.is_empty(), "{file}");
        for rule in &advice.front.rules {
            assert!(names.contains(rule.as_str()), "{file}: there is no rule {rule}");
            if let Some(other) = claimed.insert(rule.clone(), file) {
                panic!("{file} and {other} both claim {rule}");
            }
        }
    }
}

#[test]
fn every_advice_has_the_nine_parts_in_order() {
    for (file, text) in advice() {
        let headings: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("### ")).collect();
        assert_eq!(headings, HEADINGS, "{file}");
    }
}

#[test]
fn nothing_wrong_is_said() {
    for (file, text) in MITIGATIONS {
        for (wrong, why) in WRONG {
            assert!(!text.contains(wrong), "{file} says {wrong}: {why}");
        }
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            assert!(link.starts_with("https://"), "{file}: {link}");
        }
    }
}

#[test]
fn values_stand_bare_in_fences() {
    // A value is quoted where it is printed; quotes of the author's around it would undo that.
    for (file, text) in MITIGATIONS {
        for fence in text.split("```").skip(1).step_by(2) {
            for quote in ["\"{{ ", "'{{ ", " }}\"", " }}'"] {
                assert!(!fence.contains(quote), "{file}: {quote} in a fence");
            }
        }
    }
}
