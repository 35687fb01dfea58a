//! Folders as they are found on real machines: things that are no logs, names that are no words,
//! files that end too early or grow. Every run ends, and everything is accounted for.

use std::{
    ffi::OsStr,
    fs,
    io::Write as _,
    os::unix::{ffi::OsStrExt as _, fs::symlink, net::UnixListener},
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use alertbook::read;
use rustix::fs::{CWD, FileType, Mode, mknodat};
use serde_json::Value;

use crate::{
    alerts::log,
    program::{Desk, adds_up, files, number},
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
fn a_packed_file_that_breaks_off_is_read_as_far_as_it_goes_and_said() {
    let desk = Desk::with_log(&log(1));
    let whole = log(3000);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(whole.as_bytes()).expect("it is packed");
    let gzip = gzip.finish().expect("it is packed");
    let zstd = zstd::encode_all(whole.as_bytes(), 3).expect("it is packed");
    desk.write("logs/broken.gz", &gzip[..gzip.len() / 2]);
    desk.write("logs/broken.zst", &zstd[..zstd.len() / 2]);
    desk.write("logs/junk.gz", [gzip.as_slice(), b"and more"].concat());
    desk.write("logs/no-more-than-a-head.gz", &gzip[..4]);
    let report = desk.build(&["--no-dedupe"]);
    adds_up(&report["accounting"]);
    let of = |name: &str| {
        let files = report["quality"]["files"].as_array().expect("a list").iter();
        files.clone().find(|file| file["file"] == name).expect("the file is listed").clone()
    };
    for name in ["broken.gz", "broken.zst", "junk.gz", "no-more-than-a-head.gz"] {
        assert!(of(name)["error"].is_string(), "{name}: {}", of(name));
    }
    assert!(number(&of("broken.gz")["alerts"]) > 100);
    assert_eq!(of("junk.gz")["alerts"], 3000);
    assert_eq!(report["accounting"]["unreadable_files"], 4);
    assert!(desk.read("site/data-quality.md").contains("broken.gz"));
    let ran = desk.run(&["check", "logs"]).ended(0);
    assert!(ran.err.contains("could not be read"), "{}", ran.err);
}

#[test]
fn a_file_that_grows_is_read_as_it_was_found() {
    let desk = Desk::with_log(&log(2000));
    let path = desk.path().join("logs/falco.log");
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut file = fs::OpenOptions::new().append(true).open(&path).expect("the log");
            // Bounded, so that a test that fails does not fill the disk.
            for _ in 0..20_000 {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                file.write_all(log(1).as_bytes()).expect("it grows");
            }
        });
        for _ in 0..3 {
            let checked = desk.check(&[]);
            adds_up(&checked["accounting"]);
            assert!(number(&checked["accounting"]["alerts"]) >= 2000);
            assert_eq!(checked["files"][0]["error"], Value::Null);
        }
        stop.store(true, Ordering::Relaxed);
    });
}

#[test]
fn a_file_that_is_another_by_the_time_it_is_read_is_not_waited_for() {
    let changes: [(&str, &dyn Fn(&Path)); 5] = [
        ("removed", &|_| ()),
        ("a FIFO", &|path| {
            mknodat(CWD, path, FileType::Fifo, Mode::from_raw_mode(0o600), 0).expect("a FIFO");
        }),
        ("a link", &|path| symlink("/dev/zero", path).expect("a link")),
        ("a folder", &|path| fs::create_dir(path).expect("a folder")),
        ("cut", &|path| fs::write(path, log(1)).expect("a file")),
    ];
    for (name, change) in changes {
        let desk = Desk::with_log(&log(3));
        let logs = [desk.path().join("logs")];
        let found = read::find(&logs, read::Limits::default(), &|_| false).expect("it is found");
        let path = desk.path().join("logs/falco.log");
        fs::remove_file(&path).expect("it is removed");
        change(&path);
        let mut records = 0;
        let mut count = |_, block: read::Block<'_>| {
            read::records(&block, &mut |_, _| records += 1);
        };
        let units = read::units(&found.files);
        let done = read::read(&found.files[0], units[0].part, &mut Vec::new(), &mut count);
        assert!(done[0].error.is_some(), "{name}: {done:?}");
        assert!(records <= 1, "{name}: {records}");
    }
}

#[test]
fn empty_files_are_counted() {
    let desk = Desk::with_log(&log(1));
    desk.write("logs/a/empty.log", "");
    desk.write("logs/b/empty.log.gz", "");
    let report = desk.build(&[]);
    assert_eq!(report["accounting"]["files"], 3);
    assert_eq!(report["accounting"]["empty_files"], 2);
    assert_eq!(report["accounting"]["unreadable_files"], 0);
    adds_up(&report["accounting"]);
    desk.write("none/empty.log", "");
    desk.run(&["build", "none"]).refused("no alerts found in 1 file with 0 records");
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
fn a_line_longer_than_any_record_is_rejected_and_the_next_is_read() {
    let desk = Desk::with_log(&log(1));
    let long = "{\"output\":\"".to_owned() + &"x".repeat(17 << 20) + "\n";
    desk.write("logs/long.log", long + "{\"rule\":\"no time\"}\n" + &log(2));
    let checked = desk.check(&["--no-dedupe"]);
    adds_up(&checked["accounting"]);
    assert_eq!(checked["accounting"]["alerts"], 3, "{}", checked["accounting"]);
    let mut rejected = checked["rejected"].as_array().expect("a list").clone();
    let next = rejected.pop().expect("a record");
    assert_eq!((&next["reason"], number(&next["line"])), (&"missing-time".into(), 2));
    assert!(!rejected.is_empty());
    for one in &rejected {
        assert_eq!(one["reason"], "too-long", "{}", one["line"]);
        assert_eq!(one["line"], 1);
        assert!(number(&one["cut"]) > 0);
        assert!(one["text"].as_str().is_some_and(|text| text.len() <= 4096));
    }
    let length: u64 = rejected.iter().map(|one| number(&one["bytes"])).sum();
    assert_eq!(length, (17 << 20) + 11, "nothing of the line is lost");
}

#[test]
fn a_rejected_record_is_cut_and_the_cut_is_counted() {
    let desk = Desk::with_log(&log(1));
    let ends_within_a_letter = "{\"rule\":\"".to_owned() + &"é".repeat(4000) + "\n";
    desk.write("logs/b.log", &ends_within_a_letter);
    desk.write("logs/c.log", [b"\xff{\"rule\":".as_slice(), &[b'x'; 5000], b"\n"].concat());
    desk.build(&[]);
    let kept = desk.read("site/rejected.jsonl");
    let kept: Vec<Value> =
        kept.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(kept.len(), 2);
    assert_eq!(kept[0]["text"].as_str().map(str::len), Some(4095));
    assert_eq!(number(&kept[0]["bytes"]), ends_within_a_letter.len() as u64 - 1);
    assert_eq!(number(&kept[0]["cut"]), number(&kept[0]["bytes"]) - 4095);
    assert_eq!(kept[1]["reason"], "invalid-utf8");
    assert_eq!(number(&kept[1]["cut"]), 5009 - 4096);
    assert!(kept[1]["base64"].as_str().is_some_and(|text| text.starts_with("/3s")));
    let mode = |name: &str| {
        use std::os::unix::fs::PermissionsExt as _;
        let path = desk.path().join("site").join(name);
        fs::metadata(path).expect("the file is there").permissions().mode() & 0o777
    };
    assert_eq!(mode("rejected.jsonl") & 0o022, 0, "nobody else may write it");
}
