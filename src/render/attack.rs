//! The techniques of ATT&CK that the alerts' tags name, as layers for the ATT&CK Navigator.

mod weeks;

use std::collections::BTreeMap;

use serde::Serialize;

pub use self::weeks::WeekAttack;
use super::{Error, json};
use crate::{
    report::{Report, Rule},
    wording::count,
};

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
    score: i64,
    comment: String,
    enabled: bool,
    show_subtechniques: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Gradient {
    colors: &'static [&'static str],
    min_value: i64,
    max_value: i64,
}

/// `attack-layer.json`: the score of a technique is its number of incidents.
pub fn layer(report: &Report) -> Result<Vec<u8>, Error> {
    let techniques = techniques(report);
    let label = &report.period.label;
    let description = format!("Incidents by technique, from the tags of rules; period {label}.");
    let gradient = Gradient::of_counts(&techniques);
    write("attack-layer.json", report, description, techniques, gradient)
}

impl Gradient {
    /// From none to the highest score.
    fn of_counts(techniques: &[Technique<'_>]) -> Self {
        let most = techniques.iter().map(|technique| technique.score).max().unwrap_or(1);
        Self { colors: &["#ffe8d6", "#b23a1e"], min_value: 0, max_value: most }
    }

    /// From the greatest fall over no change to the greatest rise.
    fn of_changes(techniques: &[Technique<'_>]) -> Self {
        let most =
            techniques.iter().map(|technique| technique.score.abs()).max().unwrap_or(1).max(1);
        let colors = &["#2f6690", "#ffffff", "#b23a1e"];
        Self { colors, min_value: -most, max_value: most }
    }
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn write(
    path: &str,
    report: &Report,
    description: String,
    techniques: Vec<Technique<'_>>,
    gradient: Gradient,
) -> Result<Vec<u8>, Error> {
    // The Navigator knows releases by their first number.
    let release = &report.method.attack_version;
    let attack = release.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    let layer = Layer {
        name: &report.title,
        versions: Versions { attack, navigator: "5.1.0", layer: LAYER },
        domain: "enterprise-attack",
        description,
        sorting: 3,
        techniques,
        gradient,
    };
    let mut out = serde_json::to_vec_pretty(&layer).map_err(json::error(path))?;
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
    let hosts = |rule: &&Rule| rule.incidents.len() as u64;
    let comments: Vec<_> = rules.iter().map(|rule| comment(&rule.rule, hosts(rule))).collect();
    Technique::new(id, rules.iter().map(|rule| signed(hosts(rule))).sum(), comments.join("; "))
}

impl<'a> Technique<'a> {
    fn new(id: &'a str, score: i64, comment: String) -> Self {
        Self { id, score, comment, enabled: true, show_subtechniques: id.contains('.') }
    }
}

fn comment(rule: &str, hosts: u64) -> String {
    format!("{rule}: {}", count(hosts, "host", "hosts"))
}
