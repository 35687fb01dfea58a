//! Tactics and techniques of MITRE ATT&CK among the tags of a rule.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

use crate::{bundled, report::AttackTag};

#[derive(Deserialize)]
struct File {
    version: String,
    tactics: Vec<Tactic>,
    techniques: Vec<Technique>,
}

#[derive(Deserialize)]
struct Tactic {
    id: String,
    tag: String,
    name: String,
}

#[derive(Deserialize)]
struct Technique {
    id: String,
    name: String,
}

struct Attack {
    version: String,
    /// Falco's tags for tactics, in order.
    tactics: Vec<String>,
    /// By id in upper case, and tactics by the tag Falco gives them too; with their order.
    tags: BTreeMap<String, (usize, AttackTag)>,
}

static ATTACK: LazyLock<Attack> = LazyLock::new(|| {
    let file: File = serde_json::from_str(bundled::ATTACK).expect("a test reads the table");
    let mut tags = BTreeMap::new();
    let tactics = file.tactics.iter().map(|tactic| tactic.tag.clone()).collect();
    for (order, tactic) in file.tactics.into_iter().enumerate() {
        let url = format!("https://attack.mitre.org/tactics/{}/", tactic.id);
        let tag = AttackTag { id: tactic.id, name: tactic.name, kind: "tactic".into(), url };
        tags.insert(plain(&tactic.tag), (order, tag.clone()));
        tags.insert(plain(&tag.id), (order, tag));
    }
    for (order, technique) in file.techniques.into_iter().enumerate() {
        let path = technique.id.replace('.', "/");
        let url = format!("https://attack.mitre.org/techniques/{path}/");
        let kind = "technique".into();
        let tag = AttackTag { id: technique.id, name: technique.name, kind, url };
        tags.insert(plain(&tag.id), (1000 + order, tag));
    }
    Attack { version: file.version, tactics, tags }
});

/// The tags that Falco's rules have for tactics.
pub fn tactic_tags() -> impl Iterator<Item = &'static str> {
    ATTACK.tactics.iter().map(String::as_str)
}

/// The release of ATT&CK that names are taken from.
pub fn version() -> &'static str {
    &ATTACK.version
}

/// The tactic or technique that a tag names.
pub fn tag(tag: &str) -> Option<&'static AttackTag> {
    ATTACK.tags.get(&plain(tag)).map(|(_, tag)| tag)
}

/// The tactics (in the order of the kill chain) and then the techniques among tags.
pub fn among(tags: &[String]) -> Vec<AttackTag> {
    let mut found: Vec<_> = tags.iter().filter_map(|tag| ATTACK.tags.get(&plain(tag))).collect();
    found.sort_by_key(|(order, _)| *order);
    found.dedup_by_key(|(order, _)| *order);
    found.into_iter().map(|(_, tag)| tag.clone()).collect()
}

/// The place of a tactic or technique among all: tactics in the order of the kill chain, then
/// techniques by id.
pub fn order(id: &str) -> usize {
    ATTACK.tags.get(&plain(id)).map_or(usize::MAX, |(order, _)| *order)
}

/// Tags are written in either case and with either separator.
fn plain(tag: &str) -> String {
    tag.to_ascii_lowercase().replace('-', "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_of_every_form_are_found_once_and_in_order() {
        let tags = ["T1059.004", "container", "mitre_persistence", "TA0003", "mitre_execution"];
        let ids: Vec<_> = among(&tags.map(String::from)).into_iter().map(|tag| tag.id).collect();
        assert_eq!(ids, ["TA0002", "TA0003", "T1059.004"]);
        assert_eq!(tag("t1059").unwrap().url, "https://attack.mitre.org/techniques/T1059/");
        assert!(tag("shell").is_none());
    }
}
