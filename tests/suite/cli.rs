//! What the program says and how it ends, for everything that can be typed.

use crate::{
    alerts::log,
    program::{Desk, adds_up, files, number, run_with_input, site},
};

#[test]
fn a_build_says_what_it_found_and_what_it_wrote() {
    let desk = Desk::with_log(&log(3));
    let ran = desk.run(&["build", "logs", "-o", "site"]).ended(0);
    assert!(ran.out.starts_with("3 alerts from 1 host of 1 rule make 1 incident"), "{}", ran.out);
    // All but the manifest.
    let written = site(&desk.path().join("site")).len() - 1;
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
        (&["logs", "--min-priority", "Critica"], "Critica is no priority; did you mean Critical?"),
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
fn strict_and_deny_end_with_one_when_all_is_done() {
    let desk = Desk::with_log(&(log(1) + "{\"rule\":\"no time\"}\n"));
    let ran = desk.run(&["build", "logs", "--strict"]).ended(1);
    assert_eq!(
        ran.err,
        "--strict: 1 record was rejected, the first in falco.log on line 2; alertbook check shows them\n"
    );
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
    let is_place =
        |line: &&str| line.starts_with("falco.log:") && line.contains(": missing-time (");
    let listed = |ran: &str| ran.lines().filter(is_place).count();
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
        ("html", "report.eml", "brief.md"),
        ("markdown", "index.md", "index.html"),
        ("markdown", "brief.txt", "report.eml"),
        ("json", "report.json", "index.html"),
        ("json", "report.json", "brief.txt"),
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
fn where_the_site_is_and_whom_a_mail_is_to_are_settings() {
    let desk = Desk::with_log(&log(1));
    let good =
        "url = 'https://x.example/falco'\n[mail]\nfrom = 'A <a@x.example>'\nto = ['b@x.example']\n";
    desk.write("alertbook.toml", good);
    desk.run(&["build", "logs"]).ended(0);
    let mail = desk.read("site/report.eml");
    assert!(mail.starts_with("From: A <a@x.example>\nTo: b@x.example\nSubject: "), "{mail}");
    let brief = desk.read("site/brief.txt");
    assert!(brief.ends_with("\nThe report: https://x.example/falco/index.html\n"), "{brief}");
    for (text, words) in [
        ("url = 'ftp://x.example'", "url: ftp://x.example is no address of a site; write one with"),
        ("[mail]\nfrom = 'me'", "mail.from: me is no mail address; write one such as"),
        ("[mail]\nto = ['a@x.example', 'a@x.example\\n']", "mail.to: a@x.example\\\\n is no mail"),
        (
            "[mail]\ncc = ['a@x.example']",
            "alertbook.toml:2:1: there is no key cc; there are from, to",
        ),
    ] {
        desk.write("alertbook.toml", text);
        desk.run(&["build", "logs"]).refused(words);
    }
}

#[test]
fn a_report_without_alerts_is_made_when_asked_for() {
    let desk = Desk::with_log("Falco version: 0.44.0 (x86_64)\n");
    let report = desk.build(&["--allow-empty"]);
    assert_eq!(report["accounting"]["alerts"], 0);
    assert!(!desk.read("site/index.html").is_empty());
}
