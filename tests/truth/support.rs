//! Runs the library on folders of logs.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use alertbook::{Logs, Surroundings, config::Config, report::Report};

/// Alerts by rule and host.
pub type Counts = BTreeMap<(String, String), u64>;

/// Reads a folder and makes its report; nothing is written.
pub fn report(logs: &Path, config: &Config) -> Report {
    let around = Surroundings { generated: None, progress: &|_| (), program: None };
    let logs = Logs::Paths(vec![logs.to_owned()]);
    alertbook::check(logs, config, &around).expect("the logs are read").report
}

/// The defaults with so many workers.
pub fn config(jobs: usize) -> Config {
    Config { jobs, ..Config::default() }
}

/// Alerts by rule and host in a report.
pub fn counts(report: &Report) -> Counts {
    let incidents = report.incidents.iter();
    incidents
        .map(|incident| ((incident.rule.to_string(), incident.host.to_string()), incident.count))
        .collect()
}

/// The sum of the kinds of records.
pub fn kinds(report: &Report) -> u64 {
    let all = &report.accounting;
    all.alerts
        + all.duplicates
        + all.outside_period
        + all.below_priority
        + all.sensor
        + all.other_text
        + all.rejected
}

/// The folder of logs collected from elsewhere, if it is here.
pub fn corpus(part: &str) -> Option<PathBuf> {
    let root = std::env::var_os("ALERTBOOK_CORPUS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"),
        PathBuf::from,
    );
    let folder = root.join(part);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln_absent(&folder);
    None
}

#[allow(clippy::disallowed_macros, reason = "a test that looked at nothing says so")]
fn eprintln_absent(folder: &Path) {
    eprintln!("not present: {}", folder.display());
}

/// Every file of a folder, however deep, by name.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}
