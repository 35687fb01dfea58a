//! Logs collected from elsewhere, read whole, and held against a plain reader.

use std::{collections::BTreeMap, fs, path::Path};

use alertbook::{config::Config, time::Timestamp};
use serde_json::{Deserializer, Value};

use crate::support::{config, corpus, files, kinds, report};

/// Alerts by rule in plain text files, found line by line: the line as a whole, or what stands
/// from the first `{"` on.
fn by_rule(folder: &Path) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for file in files(folder) {
        let bytes = fs::read(&file).expect("a file");
        for line in text(&bytes).lines() {
            let Some(start) = line.find("{\"") else { continue };
            let mut values = Deserializer::from_str(&line[start..]).into_iter::<Value>();
            let Some(Ok(value)) = values.next() else { continue };
            let rule = value["rule"].as_str().filter(|rule| !rule.starts_with("Falco internal: "));
            let time = value["time"].as_str().and_then(|time| Timestamp::parse(time.as_bytes()));
            if let (Some(rule), Some(_)) = (rule, time) {
                *counts.entry(rule.to_owned()).or_default() += 1;
            }
        }
    }
    counts
}

fn text(bytes: &[u8]) -> String {
    let wide = |unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> =
            bytes[2..].chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xff, 0xfe, ..] => wide(u16::from_le_bytes),
        [0xfe, 0xff, ..] => wide(u16::from_be_bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

#[test]
fn nothing_is_lost() {
    for part in ["falco", "derived", "replay", "hostile"] {
        let Some(folder) = corpus(part) else { continue };
        let report = report(&folder, &config(2));
        assert_eq!(report.accounting.records, kinds(&report), "{part}");
        assert!(report.accounting.alerts > 0, "{part}");
        let in_incidents: u64 = report.incidents.iter().map(|incident| incident.count).sum();
        assert_eq!(report.accounting.alerts, in_incidents, "{part}");
    }
}

#[test]
fn every_alert_that_a_plain_reader_finds_is_counted() {
    for part in ["falco", "replay"] {
        let Some(folder) = corpus(part) else { continue };
        let counted = report(&folder, &Config { dedupe: false, ..config(2) });
        for (rule, count) in by_rule(&folder) {
            let ours = counted.rules.iter().find(|known| known.rule == rule);
            let ours = ours.map_or(0, |rule| rule.count);
            // Text alerts and values over several lines are beyond the plain reader.
            assert!(ours >= count, "{part}: {rule}: {ours} of {count}");
        }
    }
}
