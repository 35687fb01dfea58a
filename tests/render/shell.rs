//! Commands in advice are run as a reader would paste them: every word must arrive as it was.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use alertbook::render::{markdown::gfm, seal::seal};
use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};

use crate::hostile;

/// Commands that print their words, each ended by a NUL; the value stands once in each.
const COMMANDS: [(&str, &str); 9] = [
    ("printf '%s\\0' ", ""),
    ("printf '%s\\0' a/", ""),
    ("printf '%s\\0' --name=", ""),
    ("printf '%s\\0' \"", "\""),
    ("printf '%s\\0' '", "'"),
    ("printf '%s\\0' \"$(printf %s ", ")\""),
    ("printf '%s\\0' $(printf %s a; : ", ")"),
    ("# ", "\nprintf 'a\\0'"),
    ("cat <<EOF | tr '\\n' '\\0'\n", "\nEOF"),
];

/// The words that a shell makes of a script, run in an empty folder.
fn run(shell: &str, script: &str) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(script.as_bytes()).expect("the file takes the script");
    let output = Command::new(shell)
        .arg(file.path())
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .output()
        .expect("the shell runs");
    let left = std::fs::read_dir(folder.path()).expect("the folder is there").count();
    assert_eq!(left, 0, "something was run by {script}");
    assert!(output.stderr.is_empty(), "{} in {script}", String::from_utf8_lossy(&output.stderr));
    let words = String::from_utf8_lossy(&output.stdout).into_owned();
    words.split_terminator('\0').map(str::to_owned).collect()
}

fn has(shell: &str) -> bool {
    Command::new(shell).args(["-c", ":"]).status().is_ok_and(|status| status.success())
}

/// The inside of the only fence.
fn fenced(markdown: &str) -> &str {
    let fence = markdown.len() - markdown.trim_start_matches('`').len();
    let body = &markdown[markdown.find('\n').expect("a fence has lines") + 1..];
    body.rsplit_once(&markdown[..fence]).expect("a fence is closed").0
}

/// Each command on lines of its own, and what it must print.
fn check(values: &[String]) {
    let mut script = String::new();
    let mut expected = Vec::new();
    for value in values {
        for (before, after) in COMMANDS {
            let page = gfm::write(&format!("```bash\n{before}{}{after}\n```\n", seal(value)));
            let commands = fenced(&page);
            let unsafe_value = commands.contains("UNSAFE_VALUE");
            let shown = if unsafe_value { "UNSAFE_VALUE" } else { value };
            expected.push((commands.to_owned(), word(before, shown)));
            script.push_str(commands);
            script.push('\n');
        }
    }
    let words = run("bash", &script);
    assert_eq!(words.len(), expected.len(), "{words:#?}\n{script}");
    for (word, (commands, expected)) in words.iter().zip(&expected) {
        assert_eq!(word, expected, "{commands}");
    }
}

fn word(before: &str, value: &str) -> String {
    match before {
        _ if before.starts_with('#') => "a".to_owned(),
        _ if before.contains("; :") => "a".to_owned(),
        _ if before.contains("a/") => format!("a/{value}"),
        _ if before.contains("--name") => format!("--name={value}"),
        _ => value.to_owned(),
    }
}

#[test]
fn every_word_arrives_as_it_was_or_not_at_all() {
    if !has("bash") {
        return;
    }
    let known = hostile::WORDS.iter().chain(&hostile::LONG).map(|word| (*word).to_owned());
    check(&known.collect::<Vec<_>>());
    let mut runner = TestRunner::deterministic();
    let values: Vec<String> = (0..300)
        .map(|_| hostile::text().new_tree(&mut runner).expect("a text").current())
        .collect();
    check(&values);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn yaml_and_json_strings_read_back(value in hostile::text()) {
        for language in ["json", "yaml"] {
            let page = gfm::write(&format!("```{language}\n{{\"a\": {}}}\n```\n", seal(&value)));
            let read: serde_json::Value = serde_json::from_str(fenced(&page)).expect("it is JSON");
            prop_assert_eq!(read["a"].as_str(), Some(value.as_str()));
        }
    }
}
