//! Advice is about the incident: it names its rule and what was seen, on the machine where it was seen.

use std::{collections::BTreeSet, fs, process::Command};

use alertbook::bundled::{FALCO_RULES, MITIGATIONS};
use serde_json::{Value, json};

use crate::filled::{fences, plain};

/// Names in capitals that stand for what only the kernel sees.
const OF_PROCESSES: [&str; 8] =
    ["PROCESS", "PARENT", "COMMAND", "EXECUTABLE", "FILE", "CONNECTION", "USER", "CONTAINER_ID"];

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_uppercase() || c == '_')).filter(|word| !word.is_empty())
}

/// The advice on a page.
fn advice(page: &str) -> &str {
    let rest = page.split("\n## What to do\n").nth(1).expect("the section");
    rest.split("\n## Facts\n").next().expect("its text")
}

#[test]
fn a_draft_is_for_the_rule_of_the_incident() {
    let known: Value = serde_json::from_str(FALCO_RULES).expect("JSON");
    let names: Vec<_> = known["rules"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|rule| rule["name"].as_str())
        .collect();
    let mut drafts = 0;
    for (path, page) in plain() {
        let title = page.lines().next().expect("a heading").replace(['`', '#'], "");
        let title = title.rsplit_once(" on ").expect("rule and host").0.trim().to_owned();
        if !names.contains(&title.as_str()) {
            continue;
        }
        let yaml = fences(page, "yaml").concat();
        if !yaml.contains("exceptions:") {
            continue;
        }
        drafts += 1;
        let rule = |line: &str| {
            let name = line.trim().strip_prefix("- rule: ")?;
            Some(name.trim_matches('"').to_owned())
        };
        let rules: Vec<_> = yaml.lines().filter_map(rule).collect();
        // Root's logins are told of by two rules, and the louder one is to leave them to the other.
        let other = title == "Console Root Login Without MFA";
        assert!(rules.contains(&title) || other, "{}: {title} is not in {rules:?}", path.display());
        let advice = advice(page);
        if !advice.contains("kubectl") {
            assert!(
                !yaml.contains("NAMESPACE"),
                "{}: no namespace is known\n{yaml}",
                path.display()
            );
        }
    }
    assert!(drafts > 150, "{drafts}");
}

#[test]
fn evidence_is_kept_before_anything_is_contained() {
    let mut both = 0;
    for (file, text) in MITIGATIONS.iter().filter(|(file, _)| !file.starts_with('_')) {
        let contain = text.split("### Contain\n").nth(1).expect("the part");
        let contain = contain.split("\n### ").next().expect("its text");
        let place = |what: &str| {
            contain.lines().position(|line| line.starts_with("{% include") && line.contains(what))
        };
        if let (Some(evidence), Some(contain)) = (place("evidence.md"), place("contain.md")) {
            both += 1;
            assert!(evidence < contain, "{file}");
        }
        // What destroys it comes after.
        let first = place("evidence.md").unwrap_or(0);
        for (number, line) in contain.lines().enumerate() {
            let destroys = [
                "delete pod",
                "docker rm",
                "docker stop",
                "docker kill",
                "kill -9",
                "kill -KILL",
                "drain",
            ]
            .iter()
            .any(|word| line.contains(word));
            assert!(!destroys || number > first, "{file}: {line}");
        }
    }
    assert!(both > 100, "{both}");
}

/// Custom rules find advice by technique and tactic, on audit logs too: it must not speak of processes
/// there.
#[test]
fn advice_by_technique_speaks_of_calls_where_the_alert_is_of_an_audit_log() {
    let mut lines = String::new();
    let mut tags = BTreeSet::new();
    for (file, text) in MITIGATIONS
        .iter()
        .filter(|(file, _)| file.starts_with("technique-") || file.starts_with("tactic-"))
    {
        let head: toml::Table = text.split("+++").nth(1).expect("a head").parse().expect("TOML");
        let list =
            |key: &str| head[key].as_array().expect("a list").iter().find_map(|tag| tag.as_str());
        let tag = list("techniques").or_else(|| list("tags")).expect("a tag");
        tags.insert(*file);
        for (host, source, fields) in [
            (
                "audit",
                "k8s_audit",
                json!({"ka.user.name": "alice", "ka.target.name": "web", "ka.target.namespace": "shop"}),
            ),
            (
                "host",
                "syscall",
                json!({
                    "proc.name": "bash", "proc.pname": "sshd", "proc.cmdline": "bash -c id", "proc.exepath": "/bin/bash",
                    "user.name": "root", "fd.name": "/etc/passwd", "container.id": "host",
                }),
            ),
        ] {
            let alert = json!({
                "hostname": host, "output": "x", "priority": "Notice", "rule": format!("Own {file}"), "source": source,
                "tags": [tag], "time": "2026-11-16T10:00:00Z", "output_fields": fields,
            });
            lines += &(alert.to_string() + "\n");
        }
    }
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("falco.jsonl"), lines).expect("written");
    let output = Command::new(env!("CARGO_BIN_EXE_alertbook"))
        .args(["build", "falco.jsonl", "-o", "site", "-q", "--format", "markdown,json"])
        .current_dir(folder.path())
        .output()
        .expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report = fs::read(folder.path().join("site/report.json")).expect("a report");
    let report: Value = serde_json::from_slice(&report).expect("JSON");
    for incident in report["incidents"].as_array().expect("a list") {
        let file = incident["mitigation"]["file"].as_str().expect("a file");
        assert!(tags.contains(file), "{file}");
        let path = incident["path"].as_str().expect("a path");
        let page = fs::read_to_string(folder.path().join("site").join(path).with_extension("md"))
            .expect("a page");
        let blanks: Vec<_> =
            words(advice(&page)).filter(|word| OF_PROCESSES.contains(word)).collect();
        match incident["host"].as_str() {
            Some("audit") => assert!(blanks.is_empty(), "{file} on an audit log: {blanks:?}"),
            // Only what the alert does not have may be left to fill in.
            _ => assert!(
                blanks.iter().all(|word| ["CONNECTION", "CONTAINER_ID"].contains(word)),
                "{file}: {blanks:?}"
            ),
        }
    }
    assert!(tags.len() > 30, "{}", tags.len());
}

/// A path that was seen in a container is not looked for on the machine around it.
#[test]
fn a_program_in_a_container_is_not_looked_for_on_the_host() {
    let mut looked_at = 0;
    for (path, page) in plain() {
        let advice = advice(page);
        let in_container = advice.contains("docker top") || advice.contains("kubectl -n");
        for fence in fences(advice, "sh").iter().filter(|_| in_container) {
            for line in fence.lines().filter(|line| line.contains("/bin/bash")) {
                looked_at += 1;
                let outside = [
                    "sha256sum",
                    "ls -l",
                    "stat ",
                    "file --",
                    "rpm ",
                    "dpkg ",
                    "getcap",
                    "readelf",
                ];
                let outside = outside.iter().any(|word| line.contains(word));
                assert!(
                    !outside || line.contains("/proc/PID/root/bin/bash"),
                    "{}: {line}",
                    path.display()
                );
            }
        }
    }
    assert!(looked_at > 0);
}
