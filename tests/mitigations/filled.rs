//! The advice as it stands on the pages of incidents, plain and hostile.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
    sync::LazyLock,
};

use alertbook::bundled::FALCO_RULES;
use serde_json::{Value, json};

/// Values as a program on a host might choose them. `PWNED` must never be run or made.
pub const HOSTILE: &[&str] = &[
    "x'; touch PWNED; '",
    "$(touch PWNED)",
    "`touch PWNED`",
    "a\ntouch PWNED\n",
    "\" ; touch PWNED ; \"",
    "-rf",
    "--kubeconfig=/tmp/x",
    "a\u{1b}[2Jb\u{7}\u{202e}c",
    "```\ntouch PWNED\n```",
    "a\\",
    "key: [x, {y: z}] # no",
    "!!python/object x",
    "%TAG ! x",
    "*alias &anchor",
    "{{ rule }}",
];

/// How far the hostile values are turned against the rules, so that each rule meets several.
const TURNS: [usize; 3] = [0, 4, 9];

pub fn hostile(number: usize) -> String {
    HOSTILE[number % HOSTILE.len()].to_owned()
}

/// An alert of a rule on one of four kinds of workload.
fn alert(rule: &str, source: &str, number: usize, value: &dyn Fn(&str) -> String) -> String {
    let mut fields = json!({
        "proc.cmdline": value("bash -c id"), "proc.name": value("bash"), "proc.pname": value("runc"),
        "proc.exepath": value("/bin/bash"), "user.name": value("root"), "fd.name": value("/etc/shadow"),
    });
    let audit = source != "syscall";
    let more = match number % 3 {
        _ if audit => json!({
            "ka.user.name": value("alice"), "ka.target.name": value("web-1"), "ka.target.namespace": value("shop"),
            "ka.target.resource": value("pods"), "ka.sourceips": value("192.0.2.7"), "ct.user": value("alice"),
            "ct.srcip": value("192.0.2.7"), "gcp.user": value("alice@shop.example"), "github.user": value("alice"),
            "okta.actor.alternateid": value("alice@shop.example"), "okta.client.ip": value("192.0.2.7"),
        }),
        0 => json!({
            "container.id": value("0123456789ab"), "container.name": value("web"), "k8s.ns.name": value("shop"),
            "k8s.pod.name": value("web-1"), "container.image.repository": value("registry.example/web"),
        }),
        1 => json!({
            "container.id": value("0123456789ab"), "container.name": value("web"),
            "container.image.repository": value("registry.example/web"), "container.image.tag": value("1.2"),
        }),
        _ => json!({"container.id": "host", "container.name": "host"}),
    };
    let (all, more) = (fields.as_object_mut().expect("an object"), more);
    all.extend(more.as_object().expect("an object").clone());
    json!({
        "hostname": format!("node-{number}"), "output": "10:00:00.0: Warning x", "priority": "Warning",
        "rule": rule, "source": source, "tags": [], "time": "2026-11-16T10:00:00.000000000Z",
        "output_fields": fields,
    })
    .to_string()
}

/// The pages of [`pages`] with plain values, made once for all tests.
pub fn plain() -> &'static [(PathBuf, String)] {
    static MADE: LazyLock<Vec<(PathBuf, String)>> =
        LazyLock::new(|| pages(&|_, plain| plain.to_owned()));
    &MADE
}

/// The same with hostile values, turned against the rules.
pub fn turned() -> impl Iterator<Item = &'static (PathBuf, String)> {
    static MADE: LazyLock<Vec<(PathBuf, String)>> = LazyLock::new(|| {
        TURNS.iter().flat_map(|turn| pages(&|number, _| hostile(number + turn))).collect()
    });
    MADE.iter()
}

/// A site with an incident for every rule and once more for custom rules of each technique and
/// tactic; the Markdown of its incidents.
fn pages(value: &dyn Fn(usize, &str) -> String) -> Vec<(PathBuf, String)> {
    let folder = tempfile::tempdir().expect("a folder");
    let (logs, site) = (folder.path().join("falco.jsonl"), folder.path().join("site"));
    let known: Value = serde_json::from_str(FALCO_RULES).expect("JSON");
    let rules = known["rules"].as_array().expect("a list").iter().enumerate();
    let lines: String = rules
        .map(|(number, rule)| {
            let text = |key: &str| rule[key].as_str().expect("text").to_owned();
            let value = |plain: &str| value(number, plain);
            alert(&text("name"), &text("source"), number, &value) + "\n"
        })
        .chain([alert("A rule of our own", "syscall", 0, &|plain| value(0, plain)) + "\n"])
        .collect();
    fs::write(&logs, lines).expect("written");
    let output = Command::new(env!("CARGO_BIN_EXE_alertbook"))
        .args(["build", "--format", "markdown", "-q", "-o"])
        .args([&site, &logs])
        .output()
        .expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut pages = Vec::new();
    for rule in fs::read_dir(site.join("incidents")).expect("a folder").flatten() {
        if rule.path().is_dir() {
            for page in fs::read_dir(rule.path()).expect("a folder").flatten() {
                pages.push((page.path(), fs::read_to_string(page.path()).expect("text")));
            }
        }
    }
    pages.sort();
    assert!(pages.len() > 240, "{}", pages.len());
    pages
}

/// The fences of a language, with the indentation of a list taken off.
pub fn fences(page: &str, language: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Option<(usize, String, String)> = None;
    for line in page.lines() {
        let indent = line.len() - line.trim_start().len();
        let text = line.trim_start();
        match &mut open {
            None => {
                let ticks = text.len() - text.trim_start_matches('`').len();
                if ticks >= 3 && text[ticks..].trim() == language {
                    open = Some((indent, "`".repeat(ticks), String::new()));
                }
            }
            Some((indent, ticks, body)) => {
                if text.starts_with(ticks.as_str()) && text.trim_matches('`').is_empty() {
                    found.push(std::mem::take(body));
                    open = None;
                } else {
                    body.push_str(line.get(*indent..).unwrap_or(text));
                    body.push('\n');
                }
            }
        }
    }
    found
}

/// A folder of programs that write their arguments down and do nothing.
fn recorders(folder: &Path, scripts: &[String]) -> PathBuf {
    let bin = folder.join("bin");
    fs::create_dir(&bin).expect("a folder");
    let recorder = "#!/bin/bash\nfor word in \"$0\" \"$@\"; do printf '%s\\n' \"$word\"; done >> \"$RECORD\"\n";
    let words = scripts.iter().flat_map(|script| script.split(|c: char| !is_name(c)));
    for name in words.filter(|name| name.starts_with(|c: char| c.is_ascii_lowercase())) {
        let program = bin.join(name);
        if !program.exists() && name != "touch" {
            fs::write(&program, recorder).expect("written");
            fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("a program");
        }
    }
    // What a value would run if it got out.
    let touch = bin.join("touch");
    fs::write(&touch, "#!/bin/bash\nprintf 'ESCAPED %s\\n' \"$*\" >> \"$RECORD\"\n")
        .expect("written");
    fs::set_permissions(&touch, fs::Permissions::from_mode(0o755)).expect("a program");
    bin
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-_.".contains(c)
}

#[test]
fn every_snippet_is_shell() {
    let mut all = String::new();
    for (path, page) in plain() {
        for snippet in fences(page, "sh") {
            all += &format!(": {}\n{snippet}\n", path.file_name().expect("a name").display());
        }
    }
    assert!(all.lines().count() > 2000, "{}", all.lines().count());
    let folder = tempfile::tempdir().expect("a folder");
    let script = folder.path().join("all.sh");
    fs::write(&script, all).expect("written");
    let output = Command::new("bash").arg("-n").arg(&script).output().expect("bash runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn no_value_runs_when_a_snippet_is_pasted() {
    let mut snippets = Vec::new();
    for (_, page) in turned() {
        snippets.extend(fences(page, "sh"));
    }
    assert!(snippets.len() > 1000, "{}", snippets.len());
    let folder = tempfile::tempdir().expect("a folder");
    let bin = recorders(folder.path(), &snippets);
    let record = folder.path().join("record");
    fs::write(&record, "").expect("written");
    let script: String =
        snippets.iter().map(|snippet| format!("( {snippet}\n) < /dev/null\n")).collect();
    let file = folder.path().join("all.sh");
    fs::write(&file, script).expect("written");
    let output = Command::new("/bin/bash")
        .arg(&file)
        .current_dir(folder.path())
        .env_clear()
        .env("PATH", &bin)
        .env("RECORD", &record)
        .output()
        .expect("bash runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(!errors.contains("syntax error"), "{errors}");
    let record = String::from_utf8_lossy(&fs::read(&record).expect("a record")).into_owned();
    assert!(record.lines().count() > 1000, "{}", record.lines().count());
    assert!(!record.contains("ESCAPED"), "{record:.2000}");
    assert!(!folder.path().join("PWNED").exists());
    // A value stays one word: nothing that begins like an option came from it.
    assert!(!record.lines().any(|word| word == "-rf" || word == "--kubeconfig=/tmp/x"));
}
