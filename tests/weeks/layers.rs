//! Layers for the ATT&CK Navigator, of a week and of the change since the week before.

use std::collections::BTreeMap;

use alertbook::{config::Config, render::Formats};
use serde_json::Value;

use crate::{
    data::{at, config, eight_weeks, write},
    pages::{self, Site, part, section, site_of},
};

fn layer(site: &Site, path: &str) -> Value {
    serde_json::from_str(&site[path]).expect("a layer is JSON")
}

/// The scores of a layer, and each of its comments.
fn techniques(layer: &Value) -> BTreeMap<String, (i64, String)> {
    let technique = |one: &Value| {
        let text = |key: &str| one[key].as_str().expect("a text").to_owned();
        (text("techniqueID"), (one["score"].as_i64().expect("a number"), text("comment")))
    };
    layer["techniques"].as_array().expect("a list").iter().map(technique).collect()
}

fn scores<const N: usize>(of: [(&str, i64, &str); N]) -> BTreeMap<String, (i64, String)> {
    of.map(|(id, score, comment)| (id.to_owned(), (score, comment.to_owned()))).into()
}

#[test]
fn a_planted_technique_has_its_score_in_both_layers() {
    let site = site_of(&eight_weeks(), &config("all"));
    let week = layer(&site, "weeks/2026-W47/attack-layer.json");
    assert_eq!(week["versions"]["layer"], "4.5");
    assert_eq!(week["domain"], "enterprise-attack");
    assert_eq!(
        (&week["gradient"]["minValue"], &week["gradient"]["maxValue"]),
        (&0.into(), &2.into())
    );
    assert_eq!(
        techniques(&week),
        scores([
            ("T1059", 2, "Drop and execute: 1 host; Terminal shell: 1 host"),
            ("T1105", 1, "Drop and execute: 1 host"),
        ])
    );
    let change = layer(&site, "weeks/2026-W47/attack-layer-change.json");
    assert_eq!(change["versions"]["layer"], "4.5");
    assert_eq!(
        change["description"],
        "Change of incidents by technique from 2026-W46 to 2026-W47, from the tags of rules."
    );
    assert_eq!(
        (&change["gradient"]["minValue"], &change["gradient"]["maxValue"]),
        (&(-2).into(), &2.into())
    );
    assert_eq!(
        techniques(&change),
        scores([
            ("T1053.003", -1, "0 incidents, 1 before"),
            ("T1059", 2, "2 incidents, 0 before"),
            ("T1105", 1, "1 incident, 0 before"),
        ])
    );
    let page = section(&site["weeks/2026-W47/index.html"], "attack");
    assert!(page.contains("weeks/2026-W47/attack-layer.json\">2026-W47</a>"), "{page}");
    assert!(page.contains("weeks/2026-W47/attack-layer-change.json\">the change"), "{page}");
    let first = section(&site["index.html"], "attack");
    assert!(first.contains("weeks/2026-W47/attack-layer-change.json\">the change"), "{first}");
    assert!(
        part(&site["index.md"], "ATT&CK").contains("(weeks/2026-W47/attack-layer-change.json)")
    );
}

#[test]
fn a_part_week_is_compared_on_the_same_days() {
    let site = site_of(&eight_weeks(), &config("all"));
    assert!(!site.contains_key("weeks/2026-W40/attack-layer-change.json"), "nothing to compare");
    let whole = techniques(&layer(&site, "weeks/2026-W40/attack-layer.json"));
    assert_eq!(whole["T1059"].0, 1);
    let change = layer(&site, "weeks/2026-W41/attack-layer-change.json");
    let description = change["description"].as_str().expect("a text");
    assert!(description.contains("to 2026-W41, Wed–Sun of both,"), "{description}");
    assert_eq!(techniques(&change)["T1059"], (-1, "0 incidents, 1 before".to_owned()));
    assert_eq!(techniques(&change)["T1053.003"], (0, "1 incident, 1 before".to_owned()));
}

#[test]
fn a_layer_that_would_lack_a_rule_is_not_made_and_the_page_says_so() {
    // Of W47 alone the tags of what fired only in W46 are not known.
    let site = site_of(&eight_weeks(), &config("2026-W47"));
    assert!(site.contains_key("weeks/2026-W47/attack-layer.json"));
    assert!(!site.contains_key("weeks/2026-W47/attack-layer-change.json"));
    let said = "Of 1 rule of 2026-W47 or 2026-W46 the tags are not known";
    assert!(section(&site["weeks/2026-W47/index.html"], "attack").contains(said));
    assert!(part(&site["weeks/2026-W47/index.md"], "ATT&CK").contains(said));
}

#[test]
fn the_history_knows_the_techniques_of_weeks_whose_logs_are_gone() {
    let (logs, history) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let of = |period: &str| Config { history: Some(history.path().to_owned()), ..config(period) };
    // Each Monday the report of the week that ended; logs are kept for two weeks.
    for number in [46, 47] {
        let mut lines = eight_weeks();
        lines.retain(|line| (at(number - 1, 0, 0)..at(number + 1, 0, 0)).contains(&line.secs));
        write(logs.path(), &lines, |_, _| "falco.log".into());
        pages::site(logs.path(), &of(&format!("2026-W{number}")));
    }
    let mut lines = eight_weeks();
    lines.retain(|line| line.secs >= at(47, 0, 0));
    write(logs.path(), &lines, |_, _| "falco.log".into());
    let site = pages::site(logs.path(), &of("2026-W47"));
    let whole = site_of(&eight_weeks(), &config("all"));
    let techniques_of = |site: &Site, path: &str| techniques(&layer(site, path));
    for path in ["weeks/2026-W46/attack-layer.json", "weeks/2026-W47/attack-layer-change.json"] {
        assert_eq!(techniques_of(&site, path), techniques_of(&whole, path), "{path}");
    }
}

#[test]
fn pages_without_files_for_machines_link_to_no_layer() {
    let formats = Formats { html: true, markdown: true, json: false };
    let site = site_of(&eight_weeks(), &Config { formats, ..config("all") });
    for (path, page) in &site {
        assert!(!path.contains("attack-layer") && !page.contains("attack-layer"), "{path}");
    }
}
