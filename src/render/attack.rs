//! The techniques of ATT&CK that the alerts' tags name, as layers for the ATT&CK Navigator.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Error, json};
use crate::{
    report::{Report, Rule},
    wording,
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

/// Incidents by the id of a technique.
pub type TechniqueCounts = BTreeMap<String, u64>;

/// `attack-layer.json`: the score of a technique is its number of incidents.
pub fn layer(report: &Report) -> Result<Vec<u8>, Error> {
    let techniques = techniques(report);
    let most = techniques.iter().map(|technique| technique.score).max().unwrap_or(1);
    let label = &report.period.label;
    let description = format!("Incidents by technique, from the tags of rules; period {label}.");
    let gradient = Gradient { colors: &["#ffe8d6", "#b23a1e"], min_value: 0, max_value: most };
    write("attack-layer.json", report, description, techniques, gradient)
}

/// A layer of the change from one period to another: the score of a technique is the difference
/// of its incidents. `path` is the file's, for messages.
pub fn change_layer(
    path: &str,
    report: &Report,
    labels: [&str; 2],
    [before, now]: [&TechniqueCounts; 2],
) -> Result<Vec<u8>, Error> {
    let ids: BTreeSet<&String> = before.keys().chain(now.keys()).collect();
    let count = |counts: &TechniqueCounts, id| counts.get(id).copied().unwrap_or(0);
    let techniques: Vec<_> =
        ids.into_iter().map(|id| change(id, count(before, id), count(now, id))).collect();
    let most = techniques.iter().map(|technique| technique.score.abs()).max().unwrap_or(1).max(1);
    let [from, to] = labels;
    let description = format!("Change of incidents by technique from {from} to {to}.");
    let colors = &["#2f6690", "#ffffff", "#b23a1e"];
    let gradient = Gradient { colors, min_value: -most, max_value: most };
    write(path, report, description, techniques, gradient)
}

fn change(id: &str, before: u64, now: u64) -> Technique<'_> {
    Technique {
        id,
        score: signed(now) - signed(before),
        comment: format!("{}, {before} before", wording::count(now, "incident", "incidents")),
        enabled: true,
        show_subtechniques: id.contains('.'),
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
    let comments: Vec<_> = rules.iter().map(|rule| comment(rule)).collect();
    Technique {
        id,
        score: rules.iter().map(|rule| signed(rule.incidents.len() as u64)).sum(),
        comment: comments.join("; "),
        enabled: true,
        show_subtechniques: id.contains('.'),
    }
}

fn comment(rule: &Rule) -> String {
    let hosts = rule.incidents.len();
    format!("{}: {hosts} {}", rule.rule, if hosts == 1 { "host" } else { "hosts" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_goes_both_ways() {
        let (up, down) = (change("T1059.004", 1, 3), change("T1105", 2, 0));
        assert_eq!((up.score, up.show_subtechniques), (2, true));
        assert_eq!((down.score, down.comment.as_str()), (-2, "0 incidents, 2 before"));
    }
}
