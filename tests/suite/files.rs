//! Folders as they are found on real machines: things that are no logs, names that are no words.
//! Every run ends, and everything is accounted for.

use std::{
    ffi::OsStr,
    fs,
    os::unix::{ffi::OsStrExt as _, fs::symlink, net::UnixListener},
};

use rustix::fs::{CWD, FileType, Mode, mknodat};
use serde_json::Value;

use crate::{
    alerts::log,
    program::{Desk, adds_up, files},
};

/// Name and reason of what was passed by.
fn skipped(report: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let skipped = report["quality"]["skipped"].as_array().expect("a list");
    skipped.iter().map(|one| (text(&one["file"]), text(&one["reason"]))).collect()
}

fn pair(name: &str, reason: &str) -> (String, String) {
    (name.into(), reason.into())
}

#[test]
fn what_is_no_regular_file_is_passed_by_and_said() {
    let desk = Desk::with_log(&log(2));
    let logs = desk.path().join("logs");
    let outside = desk.write("outside/secret.log", log(9));
    mknodat(CWD, logs.join("fifo.log"), FileType::Fifo, Mode::from_raw_mode(0o600), 0)
        .expect("a FIFO");
    let socket = UnixListener::bind(logs.join("socket.log")).expect("a socket");
    symlink("/dev/zero", logs.join("zero.log")).expect("a link");
    symlink(".", logs.join("loop")).expect("a link");
    symlink("dangling", logs.join("nothing.log")).expect("a link");
    symlink(&outside, logs.join("out.log")).expect("a link");
    symlink(outside.parent().expect("a folder"), logs.join("out")).expect("a link");
    fs::create_dir(logs.join("folder.log")).expect("a folder");
    let report = desk.build(&[]);
    drop(socket);
    let link = "symbolic link, not followed";
    assert_eq!(
        skipped(&report),
        [
            pair("fifo.log", "FIFO"),
            pair("loop", link),
            pair("nothing.log", link),
            pair("out", link),
            pair("out.log", link),
            pair("socket.log", "socket"),
            pair("zero.log", link),
        ]
    );
    assert_eq!(report["accounting"]["files"], 1);
    assert_eq!(report["accounting"]["alerts"], 2);
    adds_up(&report["accounting"]);
    for page in ["site/data-quality.html", "site/data-quality.md"] {
        assert!(desk.read(page).contains("fifo.log"), "{page}");
    }
    let ran = desk.run(&["check", "logs"]).ended(0);
    assert!(ran.out.contains("zero.log: symbolic link, not followed"), "{}", ran.out);
}

#[test]
fn a_device_or_fifo_named_by_the_user_is_refused() {
    let desk = Desk::new();
    mknodat(CWD, desk.path().join("fifo"), FileType::Fifo, Mode::from_raw_mode(0o600), 0)
        .expect("a FIFO");
    for path in ["/dev/zero", "fifo"] {
        desk.run(&["check", path]).refused("is neither a folder nor a regular file");
    }
}

#[test]
fn a_link_that_the_user_names_is_followed() {
    let desk = Desk::with_log(&log(2));
    symlink("logs", desk.path().join("current")).expect("a link");
    symlink("logs/falco.log", desk.path().join("current.log")).expect("a link");
    for path in ["current", "current/", "current.log"] {
        let checked = desk.run(&["check", path, "--json"]).ended(0).json();
        assert_eq!(checked["accounting"]["alerts"], 2, "{path}");
    }
}

#[test]
fn names_are_data() {
    let desk = Desk::new();
    let names: [&[u8]; 7] = [
        b"<img src=x onerror=alert(1)>.log",
        b"two\nlines.log",
        b"\x1b[31mred\x1b]0;title\x07.log",
        b"right\xe2\x80\xaeto left.log",
        b"not \xff utf-8.log",
        b"`code` | [link](javascript:x).log",
        b"-q",
    ];
    for (number, name) in names.iter().enumerate() {
        let path = desk.write("logs/first", "").with_file_name(OsStr::from_bytes(name));
        let minutes = log(number as u64 + 1);
        fs::write(path, minutes + "{\"rule\":\"no time\"}\nwords\n").expect("a file");
    }
    fs::remove_file(desk.path().join("logs/first")).expect("it is removed");
    let report = desk.build(&["--no-dedupe"]);
    assert_eq!(report["accounting"]["files"], 7);
    assert_eq!(report["accounting"]["alerts"], 28);
    assert_eq!(report["accounting"]["rejected"], 7);
    for args in [&["check", "logs", "-v"] as &[&str], &["build", "logs", "-v"]] {
        let ran = desk.run(args).ended(0);
        for text in [ran.out, ran.err] {
            let strange = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
            assert!(!text.contains(strange), "{text:?}");
            assert!(!text.lines().any(|line| line.starts_with("lines.log")), "{text}");
        }
    }
    for (name, bytes) in files(&desk.path().join("site")) {
        let text = String::from_utf8(bytes).expect("pages are UTF-8");
        assert!(!text.contains('\u{1b}'), "{name}");
        if name.ends_with(".html") {
            assert!(!text.contains("<img"), "{name}");
        }
    }
}

#[test]
fn a_site_among_the_logs_is_none_of_them() {
    let desk = Desk::with_log(&log(2));
    desk.write("logs/.site.alertbook.log", log(3));
    let build = || {
        let ran = desk.run(&["build", "logs", "-o", "logs/site", "--no-dedupe"]).ended(0);
        (ran, files(&desk.path().join("logs/site")))
    };
    let (_, first) = build();
    let report: Value = serde_json::from_slice(&first["report.json"]).expect("JSON");
    assert_eq!(report["accounting"]["files"], 2);
    assert_eq!(report["accounting"]["alerts"], 5);
    let (again, second) = build();
    assert!(again.out.contains(": 0 pages written"), "{}", again.out);
    assert!(first == second, "the second build read the first one's site");
    symlink("logs", desk.path().join("current")).expect("a link");
    let ran = desk.run(&["build", "current", "-o", "logs/site", "--no-dedupe"]).ended(0);
    assert!(ran.out.contains(": 0 pages written"), "{}", ran.out);
}

#[test]
fn two_inputs_are_told_apart_and_one_given_twice_counts_once() {
    let desk = Desk::with_log(&log(2));
    desk.write("more/falco.log", log(5));
    let checked = desk.run(&["check", "logs", "more", "--json", "--no-dedupe"]).ended(0).json();
    assert_eq!(checked["accounting"]["alerts"], 7);
    let names: Vec<_> = checked["files"].as_array().expect("a list").iter().collect();
    assert_eq!(names[0]["file"], "logs/falco.log");
    assert_eq!(names[1]["file"], "more/falco.log");
    let twice = desk.run(&["check", "logs", "logs", "--json"]).ended(0).json();
    assert_eq!(twice["accounting"]["alerts"], 2);
}

#[test]
fn check_names_the_shape_of_each_file_and_how_a_strange_one_begins() {
    let desk = Desk::with_log(&log(2));
    desk.write("logs/app.json", "{\"level\":\"info\",\"said\":\"\u{1b}[31mhello\"}\n".repeat(3));
    desk.write("logs/app.txt", "words of another program\n".repeat(30));
    desk.write("logs/dump", b"\x7fELF\x02\0\0\0");
    let ran = desk.run(&["check", "logs"]).ended(0);
    for line in [
        "app.json: utf-8; unknown shape, 3 records, 0 alerts, 3 rejected; it begins with: {\"level\":",
        "app.txt: utf-8; unknown shape, 30 records, 0 alerts, 0 rejected; it begins with: words of",
        "dump: utf-8; unknown shape, 1 record, 0 alerts, 1 rejected; it begins with: ",
        "falco.log: utf-8; falco json, 2 records, 2 alerts, 0 rejected",
    ] {
        assert!(ran.out.lines().any(|said| said.starts_with(line)), "{line}\n{}", ran.out);
    }
    assert!(!ran.out.contains(['\u{1b}', '\0']), "{:?}", ran.out);
    let checked = desk.check(&[]);
    assert_eq!(checked["files"][1]["begins_with"], "words of another program");
    assert_eq!(checked["files"][3]["begins_with"], Value::Null);
    desk.build(&[]);
    for page in ["site/data-quality.html", "site/data-quality.md"] {
        assert!(desk.read(page).contains("words of another program"), "{page}");
    }
}

#[test]
fn of_many_files_check_says_how_many_have_a_shape() {
    let desk = Desk::new();
    for number in 0..30 {
        desk.write(&format!("logs/{number:02}.log"), log(1));
    }
    desk.write("logs/app.txt", "words of another program\n");
    let ran = desk.run(&["check", "logs"]).ended(0);
    assert!(ran.out.contains("\n30 files: utf-8; falco json, such as 00.log\n"), "{}", ran.out);
    let strange =
        "\napp.txt: utf-8; unknown shape, 1 record, 0 alerts, 0 rejected; it begins with: words";
    assert!(ran.out.contains(strange), "{}", ran.out);
    let all = desk.run(&["check", "logs", "-v"]).ended(0);
    assert!(all.out.contains("\n29.log: utf-8; falco json, 1 record"), "{}", all.out);
}

#[test]
fn a_folder_of_links_alone_says_where_the_logs_are() {
    let desk = Desk::with_log(&log(2));
    fs::create_dir(desk.path().join("links")).expect("a folder");
    symlink("../logs/falco.log", desk.path().join("links/falco.log")).expect("a link");
    let ran = desk.run(&["check", "links"]).ended(0);
    assert!(ran.err.contains("there is a link, and links are not followed"), "{}", ran.err);
    let checked = desk.run(&["check", "links", "--json"]).ended(0).json();
    assert_eq!(checked["skipped"][0]["file"], "falco.log");
    desk.run(&["build", "links", "-o", "site"])
        .refused("no log was read, and 1 entry was passed by");
}
