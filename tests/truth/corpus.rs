//! Logs collected from elsewhere, read whole, and held against a plain reader.

use std::{collections::BTreeMap, fs, path::Path};

use alertbook::{config::Config, report::Report, time::Timestamp};
use serde_json::{Deserializer, Value};

use crate::support::{config, corpus, counts, files, kinds, report};

/// What a plain reader finds in a file: alerts by rule and host, where the alert itself names one.
struct Plain {
    found: BTreeMap<(String, Option<String>), u64>,
    /// Whether every line is an alert as a whole.
    pure: bool,
}

/// Looks line by line: the line as a whole, or what stands from the first `{"` on.
fn plain(bytes: &[u8]) -> Plain {
    let (mut found, mut pure) = (BTreeMap::new(), true);
    for line in text(bytes).lines() {
        let line = line.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        // What is not UTF-8 is rejected.
        let whole = !line.contains('\u{fffd}');
        let alert = line.find("{\"").filter(|_| whole).and_then(|start| {
            pure &= start == 0;
            let mut values = Deserializer::from_str(&line[start..]).into_iter::<Value>();
            let value = values.next()?.ok()?;
            pure &= line[start + values.byte_offset()..].trim().is_empty();
            let rule = value["rule"].as_str()?;
            Timestamp::parse(value["time"].as_str()?.as_bytes())?;
            Some((rule.to_owned(), host(&value)))
        });
        match alert {
            Some((rule, _)) if rule.starts_with("Falco internal: ") => {}
            Some(key) => *found.entry(key).or_default() += 1,
            None => pure &= line.is_empty(),
        }
    }
    Plain { found, pure }
}

fn host(alert: &Value) -> Option<String> {
    let fields = &alert["output_fields"];
    [&fields["k8s.node.name"], &fields["evt.hostname"], &alert["hostname"]]
        .into_iter()
        .filter_map(Value::as_str)
        .find(|name| !["", "<NA>", "null"].contains(&name.trim()))
        .map(Into::into)
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
    for part in ["falco", "derived", "replay", "hostile"] {
        let Some(folder) = corpus(part) else { continue };
        for file in files(&folder) {
            let plain = plain(&fs::read(&file).expect("a file"));
            let report = report(&file, &Config { dedupe: false, ..config(2) });
            assert_eq!(report.accounting.records, kinds(&report), "{}", file.display());
            compare(&file, &plain, &report);
        }
    }
}

fn compare(file: &Path, plain: &Plain, report: &Report) {
    let ours = counts(report);
    for ((rule, host), count) in &plain.found {
        let Some(host) = host else { continue };
        let counted = ours.get(&(rule.clone(), host.clone())).copied().unwrap_or(0);
        // Text alerts, wrappers and values over several lines are beyond the plain reader.
        assert!(counted >= *count, "{}: {rule} on {host}: {counted}", file.display());
        assert!(!plain.pure || counted == *count, "{}: {rule} on {host}", file.display());
    }
    let found: u64 = plain.found.values().sum();
    assert!(report.accounting.alerts >= found, "{}", file.display());
    assert!(!plain.pure || report.accounting.alerts == found, "{}", file.display());
}
