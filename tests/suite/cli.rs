//! What the program says and how it ends, for everything that can be typed.

use std::{
    io::{BufRead as _, BufReader},
    process::Stdio,
};

use serde_json::Value;

use crate::{
    alerts::{alert, at, lines, log},
    program::{Desk, adds_up, command, files, finish, number, run_with_input},
};

#[test]
fn a_build_says_what_it_found_and_what_it_wrote() {
    let desk = Desk::with_log(&log(3));
    let ran = desk.run(&["build", "logs", "-o", "site"]).ended(0);
    assert!(ran.out.starts_with("3 alerts from 1 host of 1 rule make 1 incident"), "{}", ran.out);
    let written = files(&desk.path().join("site")).len() - 1;
    assert!(ran.out.contains(&format!("site/index.html: {written} pages written")), "{}", ran.out);
    assert_eq!(ran.err, "");
    let again = desk.run(&["build", "logs", "-o", "site"]).ended(0);
    assert!(again.out.contains(&format!("0 pages written, {written} unchanged")), "{}", again.out);
}

#[test]
fn what_cannot_be_done_ends_with_two_and_says_why() {
    let desk = Desk::with_log(&log(1));
    desk.write("words/falco.log", "Falco version: 0.44.0 (x86_64)\n");
    desk.write("mine/keep.txt", "mine");
    std::fs::create_dir(desk.path().join("empty")).expect("a folder");
    for (args, words) in [
        (&["nowhere"] as &[&str], "cannot read nowhere: No such file or directory"),
        (&["empty"], "no logs found in empty: the folder holds no file"),
        (&["words"], "no alerts found in 1 file with 1 record; run alertbook check"),
        (
            &["logs", "--period", "2020-W01"],
            "no alerts in the period 2020-W01: the logs hold 1 alert",
        ),
        (&["logs", "-o", "mine"], "is not a site that alertbook wrote"),
        (&["logs", "-"], "- (standard input) cannot be given together with other LOGS"),
        (&["logs", "--period", "week"], "week is no period; write all, last-week, 2026-W47"),
        (&["logs", "--timezone", "Mars/Olympus"], "Mars/Olympus is no IANA time zone"),
        (&["logs", "--min-priority", "Crit"], "Crit is no priority; did you mean Critical?"),
        (&["logs", "--deny", "fatal"], "fatal is no priority; there are Emergency, Alert"),
        (&["logs", "--format", "htm"], "htm is no format; did you mean html?"),
        (&["logs", "--gap", "3w"], "3w is no length of time; write 90s, 30m, 1h or 2d"),
        (&["logs", "--host-path", "falco.log"], "falco.log does not hold {host} once"),
        (&["logs", "--config", "none.toml"], "cannot read none.toml"),
        (&["logs", "--templates", "none"], "cannot read none"),
        (&["logs", "-o", "mine/keep.txt"], "it is not a folder"),
        (&["logs", "-o", "mine/keep.txt/site"], "mine/keep.txt"),
        (&["logs", "-o", "/proc/none/site"], "cannot make the folder /proc/none"),
        (&["logs", "-o", "logs"], "is not a site that alertbook wrote"),
        (&["logs", "--mitigations", "none"], "cannot read none"),
    ] {
        desk.run(&[&["build"], args].concat()).refused(words);
    }
    assert_eq!(desk.read("mine/keep.txt"), "mine");
    assert!(!desk.path().join("site").exists(), "nothing was published");
}

#[test]
fn what_clap_refuses_ends_with_two() {
    let desk = Desk::new();
    for args in [&[] as &[&str], &["frobnicate"], &["build"], &["build", "x", "--jobs", "many"]] {
        let ran = desk.run(args).ended(2);
        assert_eq!(ran.out, "", "{args:?}");
        assert!(ran.err.contains("--help") || ran.err.contains("Usage"), "{args:?}: {}", ran.err);
    }
}

#[test]
fn an_unknown_key_is_named_with_the_nearest() {
    let desk = Desk::with_log(&log(1));
    desk.write("alertbook.toml", "title = \"T\"\ntimezon = \"UTC\"\n");
    desk.run(&["check", "logs"])
        .refused("alertbook.toml:2:1: there is no key timezon; did you mean timezone?");
    desk.write("alertbook.toml", "period = [");
    desk.run(&["build", "logs"]).refused("alertbook.toml:1:");
}

#[test]
fn flags_win_over_the_file_and_the_file_over_the_defaults() {
    let desk = Desk::with_log(&log(1));
    desk.write("alertbook.toml", "title = \"Ours\"\ngap = \"30m\"\ntimezone = \"Asia/Tokyo\"\n");
    let report = desk.build(&["--gap", "10m"]);
    assert_eq!(report["title"], "Ours");
    assert_eq!(report["period"]["timezone"], "Asia/Tokyo");
    assert_eq!(report["method"]["gap_seconds"], 600);
    assert_eq!(report["method"]["min_priority"], "Debug");
}

#[test]
fn folders_named_in_the_file_are_beside_it() {
    let desk = Desk::with_log(&log(1));
    desk.write("etc/alertbook.toml", "templates = \"mine\"\n");
    desk.write("etc/mine/html/index.html", "<p>ours, {{ accounting.alerts }}</p>");
    desk.build(&["--config", "etc/alertbook.toml"]);
    assert_eq!(desk.read("site/index.html"), "<p>ours, 1</p>");
}

#[test]
fn strict_and_deny_end_with_one_when_all_is_done() {
    let desk = Desk::with_log(&(log(1) + "{\"rule\":\"no time\"}\n"));
    let ran = desk.run(&["build", "logs", "--strict"]).ended(1);
    assert_eq!(ran.err, "--strict: 1 record was rejected\n");
    assert!(desk.path().join("site/index.html").exists());
    let ran = desk.run(&["check", "logs", "--deny", "notice"]).ended(1);
    assert_eq!(ran.err, "--deny Notice: 1 incident of this priority or a higher one\n");
    desk.run(&["check", "logs", "--deny", "Warning"]).ended(0);
    let desk = Desk::with_log(&log(1));
    desk.run(&["build", "logs", "--strict", "--deny", "critical"]).ended(0);
}

#[test]
fn a_last_line_without_an_end_is_not_held_against_the_logs() {
    let text = log(2);
    let desk = Desk::with_log(&text[..text.len() - 40]);
    let ran = desk.run(&["check", "logs", "--strict", "--json"]).ended(0);
    assert_eq!(ran.json()["rejected"][0]["reason"], "unfinished");
}

#[test]
fn standard_input_is_a_log() {
    let desk = Desk::new();
    let ran = run_with_input(desk.path(), &["check", "-", "--json"], log(4).as_bytes()).ended(0);
    let checked = ran.json();
    assert_eq!(checked["accounting"]["alerts"], 4);
    assert_eq!(checked["files"][0]["file"], "standard input");
    run_with_input(desk.path(), &["build", "-", "-o", "site"], log(2).as_bytes()).ended(0);
    assert_eq!(desk.report()["incidents"][0]["samples"][0]["origin"]["line"], 1);
    run_with_input(desk.path(), &["build", "-"], b"").refused("no alerts found");
}

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
fn check_writes_nothing_and_adds_up() {
    let text = log(3) + "{\"rule\":\"no time\"}\nsome words\n\n";
    let desk = Desk::with_log(&text);
    let checked = desk.check(&["--min-priority", "Error"]);
    adds_up(&checked["accounting"]);
    let of = |name: &str| number(&checked["accounting"][name]);
    assert_eq!((of("records"), of("below_priority"), of("rejected")), (6, 3, 1));
    assert_eq!(of("bytes"), text.len() as u64);
    assert_eq!(checked["rejected"][0]["file"], "falco.log");
    assert_eq!(checked["rejected"][0]["line"], 4);
    assert_eq!(checked["rejected"][0]["reason"], "missing-time");
    assert_eq!(files(desk.path()).len(), 1, "only the log is there");
    let ran = desk.run(&["check", "logs"]).ended(0);
    assert!(ran.out.contains("falco.log:4: missing-time (18 bytes)"), "{}", ran.out);
    assert!(ran.out.contains("falco.log:5: some words"), "{}", ran.out);
}

#[test]
fn check_lists_twenty_rejected_records_and_v_all() {
    let desk = Desk::with_log(&"{\"rule\":\"no time\"}\n".repeat(25));
    let listed = |ran: &str| ran.lines().filter(|line| line.starts_with("falco.log:")).count();
    let ran = desk.run(&["check", "logs"]).ended(0);
    assert_eq!(listed(&ran.out), 20);
    assert!(ran.out.contains("and 5 more; -v lists all of them"), "{}", ran.out);
    assert_eq!(listed(&desk.run(&["check", "logs", "-v"]).ended(0).out), 25);
}

#[test]
fn formats_choose_what_is_written() {
    let desk = Desk::with_log(&log(1));
    for (list, there, absent) in [
        ("html", "index.html", "index.md"),
        ("markdown", "index.md", "index.html"),
        ("json", "report.json", "index.html"),
        ("markdown,json", "report.json", "static/style.css"),
    ] {
        desk.run(&["build", "logs", "--format", list]).ended(0);
        let site = files(&desk.path().join("site"));
        assert!(
            site.contains_key(there) && !site.contains_key(absent),
            "{list}: {:?}",
            site.keys()
        );
    }
}

#[test]
fn a_report_without_alerts_is_made_when_asked_for() {
    let desk = Desk::with_log("Falco version: 0.44.0 (x86_64)\n");
    let report = desk.build(&["--allow-empty"]);
    assert_eq!(report["accounting"]["alerts"], 0);
    assert!(!desk.read("site/index.html").is_empty());
}

#[test]
fn init_writes_once() {
    let desk = Desk::with_log(&log(1));
    assert_eq!(desk.run(&["init"]).ended(0).out, "./alertbook.toml\n");
    let written = desk.read("alertbook.toml");
    desk.run(&["check", "logs"]).ended(0);
    desk.write("alertbook.toml", "# mine\n");
    desk.run(&["init"]).refused("alertbook.toml is already there and stays as it is");
    assert_eq!(desk.read("alertbook.toml"), "# mine\n");
    desk.run(&["init", "other/place"]).ended(0);
    assert_eq!(desk.read("other/place/alertbook.toml"), written);
}

#[test]
fn templates_come_out_whole_and_change_nothing_as_they_are() {
    let desk = Desk::with_log(&log(2));
    desk.build(&[]);
    let before = files(&desk.path().join("site"));
    desk.run(&["templates", "mine"]).ended(0);
    assert!(desk.path().join("mine/README.md").exists());
    desk.build(&["--templates", "mine"]);
    assert!(before == files(&desk.path().join("site")), "copies of the templates make other pages");
    desk.write("mine/html/index.html", "mine");
    desk.run(&["templates", "mine"]).refused("is already there");
    assert_eq!(desk.read("mine/html/index.html"), "mine");
}

#[test]
fn a_template_of_the_user_wins_by_name_and_is_escaped() {
    let desk = Desk::with_log(&lines(&[alert("<b>Rule</b>", "node-1", &at(0))]));
    desk.write(
        "mine/html/index.html",
        "{% for row in incidents %}<i>{{ row.rule }}</i>{% endfor %}",
    );
    desk.build(&["--templates", "mine"]);
    let page = desk.read("site/index.html");
    assert!(page.starts_with("<i>&lt;b&gt;Rule"), "{page}");
    assert!(desk.read("site/data-quality.html").starts_with("<!DOCTYPE html>"));
}

#[test]
fn a_broken_template_is_named_with_line_and_column() {
    let desk = Desk::with_log(&log(1));
    for (text, place) in [
        ("<p>\n  {% if %}", "html/index.html:2:9: "),
        ("<p>\n\n{{ nothing.here }}", "html/index.html:3:4: "),
        ("{{ title | nofilter }}", "html/index.html:1:"),
    ] {
        desk.write("mine/html/index.html", text);
        desk.run(&["build", "logs", "--templates", "mine"]).refused(place);
        assert!(!desk.path().join("site").exists(), "nothing was published");
    }
    std::fs::remove_file(desk.path().join("mine/html/index.html")).expect("it is removed");
    desk.write("mine/html/indx.html", "x");
    desk.run(&["build", "logs", "--templates", "mine"])
        .refused("no page is made from the template html/indx.html; did you mean html/index.html?");
}

#[test]
fn mitigations_are_listed_for_people_and_programs() {
    let desk = Desk::new();
    let rows = desk.run(&["mitigations", "list", "--json"]).ended(0).json();
    let rows = rows.as_array().expect("an array");
    let shell = rows.iter().find(|row| row["rule"] == "Terminal shell in container");
    assert_eq!(shell.expect("the rule is known")["matched_by"], "rule");
    assert!(rows.iter().all(|row| row["file"].as_str().is_some_and(|file| file.ends_with(".md"))));
    let text = desk.run(&["mitigations", "list"]).ended(0).out;
    assert_eq!(text.lines().count(), rows.len());
}

#[test]
fn the_users_advice_wins() {
    let desk = Desk::with_log(&lines(&[
        alert("Terminal shell in container", "node-1", &at(0)),
        alert("Our own rule", "node-1", &at(1)),
    ]));
    let front =
        |title: &str, rule: &str| format!("+++\ntitle = \"{title}\"\nrules = [\"{rule}\"]\n+++\n");
    desk.write(
        "ours/shells.md",
        front("Shells here", "Terminal shell in container")
            + "Ask *the desk* about {{ host }} & <b>.\n",
    );
    desk.write("ours/more/own.md", front("Own advice", "Our own rule") + "Nothing to do.\n");
    let report = desk.build(&["--mitigations", "ours"]);
    let found = |rule: &str| {
        let incidents = report["incidents"].as_array().expect("a list");
        let incident = incidents.iter().find(|incident| incident["rule"] == rule);
        incident.expect("the incident is there")["mitigation"].clone()
    };
    assert_eq!(found("Terminal shell in container")["file"], "shells.md");
    assert_eq!(found("Our own rule")["file"], "more/own.md");
    let pages = files(&desk.path().join("site"));
    let page = |end: &str| {
        let start = "incidents/terminal-shell-in-container-";
        let page = pages.iter().find(|(name, _)| name.starts_with(start) && name.ends_with(end));
        String::from_utf8(page.expect("the page is there").1.clone()).expect("text")
    };
    assert!(page(".md").contains("Ask *the desk* about node-1"), "{}", page(".md"));
    assert!(page(".html").contains("Ask <em>the desk</em> about"), "{}", page(".html"));
    let rows =
        desk.run(&["mitigations", "list", "--json", "--mitigations", "ours"]).ended(0).json();
    let rows = rows.as_array().expect("an array");
    let shell = rows.iter().find(|row| row["rule"] == "Terminal shell in container");
    assert_eq!(shell.expect("the rule is there")["file"], "shells.md");
    assert!(rows.iter().any(|row| row["file"] == "more/own.md"), "a rule of the user is listed");
}

#[test]
fn broken_advice_is_named() {
    let desk = Desk::with_log(&log(1));
    for (text, words) in [
        ("no front matter\n", "own.md"),
        ("+++\ntitle = \"T\"\nruels = []\n+++\n", "ruels"),
        (
            "+++\ntitle = \"T\"\nrules = [\"Terminal shell in container\"]\n+++\n\n{% if %}\n",
            "own.md:",
        ),
        (
            "+++\ntitle = \"T\"\nrules = [\"Terminal shell in container\"]\n+++\n{{ nothing.here }}\n",
            "own.md:",
        ),
    ] {
        desk.write("ours/own.md", text);
        desk.run(&["build", "logs", "--mitigations", "ours"]).refused(words);
        assert!(!desk.path().join("site").exists(), "nothing was published");
    }
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
