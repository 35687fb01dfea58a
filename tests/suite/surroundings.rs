//! What the program takes from where it runs: terminal, pipes, shell and environment.

use std::{
    io::{BufRead as _, BufReader},
    process::Stdio,
};

use serde_json::Value;

use crate::{
    alerts::{alert, at, lines, log},
    program::{Desk, command, finish},
};

#[test]
fn quiet_and_verbose_do_as_they_say() {
    let desk = Desk::with_log(&lines(&[alert("Rule", "4f1c0a2b9d33", &at(0))]));
    let ran = desk.run(&["build", "logs"]).ended(0);
    assert!(ran.err.starts_with("warning: "), "{}", ran.err);
    let ran = desk.run(&["build", "logs", "-q"]).ended(0);
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("", ""));
    let ran = desk.run(&["build", "logs", "-v"]).ended(0);
    assert!(ran.err.starts_with("falco.log: utf-8"), "{}", ran.err);
    assert!(ran.err.contains("1 record, 1 alert, 0 rejected"), "{}", ran.err);
    desk.run(&["build", "logs", "-q", "-v"]).ended(2);
}

#[test]
fn every_shell_has_completions_and_the_manual_is_one() {
    let desk = Desk::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = desk.run(&["completions", shell]).ended(0);
        assert!(ran.out.contains("mitigations"), "{shell}: {}", ran.out);
    }
    desk.run(&["completions", "nushell"]).ended(2);
    let manual = desk.run(&["man"]).ended(0).out;
    assert!(manual.lines().any(|line| line.starts_with(".TH alertbook")), "{manual}");
    assert!(desk.run(&["--version"]).ended(0).out.starts_with("alertbook 0."));
    for name in ["build", "check", "init", "templates", "mitigations", "completions", "man"] {
        assert!(desk.run(&["--help"]).ended(0).out.contains(name), "{name}");
        assert!(desk.run(&[name, "--help"]).ended(0).out.contains("Usage: "), "{name}");
    }
}

#[test]
fn a_broken_pipe_is_no_error() {
    // More than a pipe holds, so that the program meets its end.
    let desk = Desk::with_log(&"{\"rule\":\"no time\"}\n".repeat(20_000));
    let args: [&[&str]; 2] = [&["check", "logs", "-v"], &["check", "logs", "--json"]];
    for args in args {
        let mut child = command(desk.path())
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut first = String::new();
        let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
        out.read_line(&mut first).expect("a line");
        drop(out);
        let ended = child.wait_with_output().expect("it ends");
        assert_eq!(String::from_utf8_lossy(&ended.stderr), "", "{args:?}");
        assert_eq!(ended.status.code(), Some(0), "{args:?}");
    }
}

#[test]
fn colour_is_only_where_it_is_wanted() {
    let desk = Desk::with_log(&lines(&[alert("Rule", "4f1c0a2b9d33", &at(0))]));
    let coloured = |args: &[&str], no_color: bool| {
        let mut command = command(desk.path());
        command.args(args);
        if no_color {
            command.env("NO_COLOR", "1");
        }
        let ran = finish(&mut command, None).ended(0);
        assert!(!ran.out.contains('\u{1b}'), "results have no colour: {}", ran.out);
        ran.err.contains('\u{1b}')
    };
    assert!(!coloured(&["check", "logs"], false), "not on a pipe");
    assert!(!coloured(&["check", "logs"], true));
    assert!(coloured(&["check", "logs", "--color", "always"], false));
    assert!(!coloured(&["check", "logs", "--color", "never"], false));
}

#[test]
fn the_date_of_the_source_is_the_time_of_the_report() {
    let desk = Desk::with_log(&log(1));
    let build = |epoch: Option<&str>| {
        let mut command = command(desk.path());
        command.args(["build", "logs"]);
        if let Some(epoch) = epoch {
            command.env("SOURCE_DATE_EPOCH", epoch);
        }
        finish(&mut command, None).ended(0);
        desk.report()["generated"].clone()
    };
    assert_eq!(build(None), Value::Null);
    assert_eq!(build(Some("1795000000")), "2026-11-18T11:06:40.000000000Z");
    // What is no time that can be written is none.
    for epoch in ["", "soon", "99999999999999", "-99999999999999"] {
        assert_eq!(build(Some(epoch)), Value::Null, "{epoch}");
    }
    let mut week = command(desk.path());
    week.args(["build", "logs", "--period", "last-week"]).env("SOURCE_DATE_EPOCH", "1795500000");
    finish(&mut week, None).ended(0);
    assert_eq!(desk.report()["period"]["label"], "2026-W47");
}
