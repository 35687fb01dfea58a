//! The commands of the README do what it says.

#![allow(clippy::disallowed_methods, reason = "a test looks at its own surroundings")]

use std::{fs, path::Path, process::Command};

/// The commands in the shell fences of the README and of what it leads to.
fn commands() -> Vec<String> {
    let files = ["README.md", "docs/mitigations.md"];
    let texts = files.map(|file| fs::read_to_string(file).expect("the document is there"));
    let fences = texts.iter().flat_map(|text| text.split("```sh\n").skip(1));
    let lines = fences.filter_map(|rest| rest.split("```").next()).flat_map(str::lines);
    lines.filter(|line| !line.trim().is_empty()).map(Into::into).collect()
}

/// A command as it can be run here: what stands for a user's machine is replaced.
fn local(command: &str) -> Option<String> {
    let command = match command.strip_prefix("cargo run --release -- ") {
        Some(rest) => format!("alertbook {rest}"),
        None => command.to_owned(),
    };
    let command = match command.split_once(" | alertbook ") {
        Some((_, rest)) => format!("cat logs/node-11/falco.log | alertbook {rest}"),
        None => command,
    };
    // The example's logs are of two weeks of 2026.
    let command = command
        .replace("/var/log/falco", "logs")
        .replace("/srv/www/report", "report")
        .replace("last-week", "2026-W47")
        .replace("LOGS... [-o DIR]", "logs");
    let ours = command.contains("alertbook ") || command.starts_with("cat ");
    ours.then_some(command)
}

#[test]
fn every_command_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::os::unix::fs::symlink(root.join("examples/logs"), folder.path().join("logs")).unwrap();
    std::os::unix::fs::symlink(root.join("examples"), folder.path().join("examples")).unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_alertbook")).parent().expect("a folder");
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let runnable: Vec<_> = commands().iter().filter_map(|command| local(command)).collect();
    assert!(runnable.len() >= 6, "{runnable:?}");
    for command in runnable {
        let output = Command::new("bash")
            .args(["-o", "pipefail", "-c", &command])
            .current_dir(folder.path())
            .env("PATH", &path)
            .output()
            .expect("bash runs");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command}: {errors}");
        assert!(!output.stdout.is_empty(), "{command} said nothing");
    }
}

#[test]
fn what_the_readme_shows_is_there() {
    let text = fs::read_to_string("README.md").expect("the README is there");
    for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        let local = !target.starts_with("https://");
        assert!(!local || Path::new(target).exists(), "{target}");
    }
}
