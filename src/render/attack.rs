//! The techniques of ATT&CK that the alerts' tags name, as a layer for the ATT&CK Navigator.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Error, json};
use crate::report::{Report, Rule};

/// Release of the layer format.
const LAYER: &str = "4.5";

#[derive(Serialize)]
struct Layer<'a> {
    name: &'a str,
    versions: Versions<'a>,
    domain: &'static str,
    description: String,
    sorting: u8,
    techniques: Vec<Technique<'a>>,
    gradient: Gradient,
}

#[derive(Serialize)]
struct Versions<'a> {
    attack: &'a str,
    navigator: &'static str,
    layer: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Technique<'a> {
    #[serde(rename = "techniqueID")]
    id: &'a str,
    score: usize,
    comment: String,
    enabled: bool,
    show_subtechniques: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Gradient {
    colors: [&'static str; 2],
    min_value: usize,
    max_value: usize,
}

/// `attack-layer.json`: the score of a technique is its number of incidents.
pub fn layer(report: &Report) -> Result<Vec<u8>, Error> {
    let techniques = techniques(report);
    let most = techniques.iter().map(|technique| technique.score).max().unwrap_or(1);
    let layer = Layer {
        name: &report.title,
        versions: Versions {
            attack: &report.method.attack_version,
            navigator: "5.1.0",
            layer: LAYER,
        },
        domain: "enterprise-attack",
        description: format!(
            "Incidents by technique, from the tags of alerts; period {}.",
            report.period.label
        ),
        sorting: 3,
        techniques,
        gradient: Gradient { colors: ["#ffe8d6", "#b23a1e"], min_value: 0, max_value: most },
    };
    let mut out = serde_json::to_vec_pretty(&layer).map_err(json::error("attack-layer.json"))?;
    out.push(b'\n');
    Ok(out)
}

fn techniques(report: &Report) -> Vec<Technique<'_>> {
    let mut rules: BTreeMap<&str, Vec<&Rule>> = BTreeMap::new();
    for rule in &report.rules {
        for tag in rule.attack.iter().filter(|tag| tag.kind == "technique") {
            rules.entry(&tag.id).or_default().push(rule);
        }
    }
    rules.into_iter().map(|(id, rules)| technique(id, &rules)).collect()
}

fn technique<'a>(id: &'a str, rules: &[&Rule]) -> Technique<'a> {
    let comments: Vec<_> = rules.iter().map(|rule| comment(rule)).collect();
    Technique {
        id,
        score: rules.iter().map(|rule| rule.incidents.len()).sum(),
        comment: comments.join("; "),
        enabled: true,
        show_subtechniques: id.contains('.'),
    }
}

fn comment(rule: &Rule) -> String {
    let hosts = rule.incidents.len();
    format!("{}: {hosts} {}", rule.rule, if hosts == 1 { "host" } else { "hosts" })
}
