//! Mitigations of the user's own, as they stand on pages: by rule, tag, namespace, host and group; in
//! the place of the bundled ones, or added to them.

use std::{fs, path::Path, process::Command};

use serde_json::{Value, json};

/// Makes a site of three alerts with mitigations of one's own. Gives the report, or what was said.
fn build(folder: &Path, own: &[(&str, &str)]) -> Result<Value, String> {
    let alert = |host: &str, namespace: &str| {
        let alert = json!({
            "hostname": host, "output": "x", "priority": "Notice", "rule": "Terminal shell in container",
            "source": "syscall", "tags": ["mitre_execution", "T1059"], "time": "2026-11-16T10:00:00Z",
            "output_fields": {"k8s.ns.name": namespace, "k8s.pod.name": "web-1", "container.id": "0123456789ab"},
        });
        alert.to_string() + "\n"
    };
    let logs = folder.join("falco.jsonl");
    fs::write(&logs, [alert("web-1", "shop"), alert("db-1", "data"), alert("x-1", "dev")].concat())
        .expect("written");
    let settings = "mitigations = 'own'\n[[host]]\nname = 'db-*'\nowner = 'Team data'\ngroups = ['databases']\n";
    fs::write(folder.join("alertbook.toml"), settings).expect("written");
    for (name, text) in own {
        let path = folder.join("own").join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    }
    let output = Command::new(env!("CARGO_BIN_EXE_alertbook"))
        .args(["build", "falco.jsonl", "-o", "site", "-q"])
        .current_dir(folder)
        .output()
        .expect("it runs");
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let report = fs::read(folder.join("site/report.json")).expect("a report");
    Ok(serde_json::from_slice(&report).expect("JSON"))
}

fn advice(head: &str, parts: &str) -> String {
    format!("+++\ntitle = 'Ours'\n{head}\n+++\n\n{parts}\n")
}

/// An incident, and its page in Markdown and in HTML.
fn incident(folder: &Path, report: &Value, host: &str) -> (Value, String, String) {
    let all = report["incidents"].as_array().expect("a list");
    let incident = all.iter().find(|incident| incident["host"] == host).expect("there").clone();
    let path = folder.join("site").join(incident["path"].as_str().expect("a path"));
    let read = |ending: &str| fs::read_to_string(path.with_extension(ending)).expect("a page");
    let (markdown, html) = (read("md"), read("html"));
    (incident, markdown, html)
}

#[test]
fn advice_applies_by_namespace_host_and_group() {
    let folder = tempfile::tempdir().expect("a folder");
    let report = build(
        folder.path(),
        &[
            (
                "shop.md",
                &advice("namespaces = ['sh*']", "### Confirm\n\nAsk the shop about {{ pod }}."),
            ),
            ("db.md", &advice("groups = ['databases']", "### Confirm\n\nAsk the data team.")),
            (
                "x.md",
                &advice(
                    "hosts = ['x-*']\nrules = ['Terminal shell in container']",
                    "### Confirm\n\nIt is X.",
                ),
            ),
        ],
    )
    .expect("a site");
    for (host, file, by, words) in [
        ("web-1", "shop.md", "namespace", "Ask the shop about web-1."),
        ("db-1", "db.md", "group", "Ask the data team."),
        ("x-1", "x.md", "rule", "It is X."),
    ] {
        let (incident, markdown, html) = incident(folder.path(), &report, host);
        assert_eq!(incident["mitigation"]["file"], file);
        assert_eq!(incident["mitigation"]["matched_by"], by);
        assert!(markdown.contains(words) && html.contains(words), "{markdown}");
        assert!(!markdown.contains("### Contain"), "the bundled advice is replaced as a whole");
    }
    // The rule's page is for wherever it fires.
    assert_eq!(report["rules"][0]["mitigation"]["file"], "terminal-shell-in-container.md");
}

#[test]
fn a_tag_comes_before_the_bundled_advice_for_the_rule() {
    let folder = tempfile::tempdir().expect("a folder");
    let own = advice("tags = ['mitre_execution']", "### Confirm\n\nBy tag.");
    let report = build(folder.path(), &[("tag.md", &own)]).expect("a site");
    let (incident, markdown, _) = incident(folder.path(), &report, "web-1");
    assert_eq!(incident["mitigation"]["matched_by"], "tactic");
    assert!(markdown.contains("By tag."));
}

#[test]
fn parts_are_appended_and_replaced() {
    let folder = tempfile::tempdir().expect("a folder");
    let report = build(
        folder.path(),
        &[
            (
                "all.md",
                &advice(
                    "extends = 'append'",
                    "### Close when\n\n- [ ] The ticket of `{{ host }}` is closed.",
                ),
            ),
            (
                "shop.md",
                &advice(
                    "extends = 'replace'\nnamespaces = ['shop']",
                    "### Contain\n\n- [ ] **Call the shop.** {% include \"_call.md\" %}",
                ),
            ),
            ("_call.md", "Phone 1234, about {{ pod }}."),
        ],
    )
    .expect("a site");
    let part = |page: &str, name: &str| {
        let rest = page.split(&format!("### {name}\n")).nth(1).expect("the part").to_owned();
        rest.split("\n### ").next().expect("its text").split("\n## ").next().expect("it").to_owned()
    };
    let (shop, markdown, html) = incident(folder.path(), &report, "web-1");
    assert_eq!(shop["mitigation"]["file"], "terminal-shell-in-container.md");
    assert_eq!(shop["mitigation"]["extended_by"], json!(["all.md", "shop.md"]));
    assert_eq!(
        part(&markdown, "Contain").trim(),
        "- [ ] **Call the shop.** Phone 1234, about web-1."
    );
    let close = part(&markdown, "Close when");
    assert!(close.contains("recorded with its reason"), "{close}");
    assert!(close.trim_end().ends_with("- [ ] The ticket of `web-1` is closed."), "{close}");
    assert_eq!(markdown.matches("### Contain").count(), 1);
    assert!(html.contains("The ticket of <code>web-1</code> is closed."));
    assert!(html.contains("extended by <code>all.md</code>, <code>shop.md</code>"));
    let (other, markdown, _) = incident(folder.path(), &report, "db-1");
    assert_eq!(other["mitigation"]["extended_by"], json!(["all.md"]));
    assert!(part(&markdown, "Contain").contains("Cut the pod off"));
    assert_eq!(report["mitigations"]["shop.md"]["extends"], "replace");
    assert_eq!(report["mitigations"]["shop.md"]["own"], true);
}

#[test]
fn a_broken_file_stops_the_build_and_is_named_with_its_line() {
    let sound = "### Confirm\n\nx";
    for (name, text, place) in [
        (
            "a.md",
            advice("rulez = []", sound),
            "own/a.md:3:1: there is no key rulez; did you mean rules?",
        ),
        ("a.md", "no head".to_owned(), "own/a.md:1:1: it must begin with a head"),
        ("a.md", advice("rules = ['R'", sound), "own/a.md:3:"),
        ("a.md", advice("extends = 'apend'", sound), "own/a.md:3:11: there is no apend"),
        // Whether or not it applies to anything.
        (
            "a.md",
            advice("rules = ['R']", "{{ image | nubmer }}"),
            "own/a.md:6:12: Unknown filter `nubmer`; did you mean `number`?",
        ),
        ("a.md", advice("rules = ['R']", "a\n{% if x %}"), "own/a.md:8:1: "),
        (
            "sub/b.md",
            advice("rules = ['R']", "{{ image | safe }}"),
            "own/sub/b.md:6:12: the filter `safe`",
        ),
        ("_c.md", "\n{{ image | nubmer }}".to_owned(), "own/_c.md:2:12: Unknown filter"),
        ("a.md", advice("rules = ['R']", "{% include \"_nothing.md\" %}"), "own/a.md:6:"),
        // What is only found when it is filled.
        (
            "a.md",
            advice("extends = 'append'", "### Confirm\n\n{{ imgae }}"),
            "own/a.md:8:4: Variable `imgae` is not defined; did you mean `image`?",
        ),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let error = build(folder.path(), &[(name, &text)]).expect_err("it is broken");
        assert!(error.contains(place), "{text}\n{error}\n{place}");
        assert!(!folder.path().join("site").exists(), "nothing is published");
    }
}

#[test]
fn the_list_shows_the_users_files() {
    let folder = tempfile::tempdir().expect("a folder");
    build(
        folder.path(),
        &[
            ("rule.md", &advice("rules = ['Our own', 'Run shell untrusted']", "x")),
            ("all.md", &advice("extends = 'append'", "### Confirm\n\nx")),
            ("shop.md", &advice("namespaces = ['shop']", "x")),
        ],
    )
    .expect("a site");
    let list = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_alertbook"))
            .args(["mitigations", "list"])
            .args(arguments)
            .current_dir(folder.path())
            .output()
            .expect("it runs");
        assert!(output.status.success());
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let rows: Value = serde_json::from_str(&list(&["--json"])).expect("JSON");
    let rows = rows.as_array().expect("an array");
    let row = |rule: &str| rows.iter().find(|row| row["rule"] == rule).expect("the rule");
    for row in rows {
        for key in ["rule", "file", "matched_by"] {
            assert!(row[key].as_str().is_some_and(|text| !text.is_empty()), "{row}");
        }
        let by = row["matched_by"].as_str().expect("a word");
        assert!(
            ["rule", "former_name", "technique", "tag", "tactic", "general"].contains(&by),
            "{row}"
        );
        assert_eq!(row["extended_by"], json!(["all.md"]));
        assert_eq!(row["only"][0]["file"], "shop.md");
        assert_eq!(row["only"][0]["matched_by"], "namespace");
    }
    assert_eq!(row("Our own")["file"], "rule.md");
    assert_eq!(row("Run shell untrusted")["file"], "rule.md");
    assert_eq!(row("Terminal shell in container")["file"], "terminal-shell-in-container.md");
    assert_eq!(row("Run shell in container")["matched_by"], "former_name");
    assert_eq!(row("Dummy rule")["matched_by"], "general");
    let text = list(&["--mitigations", "own"]);
    assert!(
        text.lines().any(|line| line.starts_with("Our own ") && line.contains("rule.md")),
        "{text}"
    );
    assert!(text.contains("+ all.md; shop.md for namespace shop"), "{text}");
}
