//! Files that end too early, grow, change while they are read, or hold more than is kept. Every run
//! ends, and everything is accounted for.

use std::{
    fs,
    io::Write as _,
    os::unix::fs::symlink,
    path::Path,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
};

use alertbook::{Logs, Surroundings, config::Config, read};
use rustix::fs::{CWD, FileType, Mode, mknodat};
use serde_json::Value;

use crate::{
    alerts::{alert, at, log},
    program::{Desk, adds_up, number},
};

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
        let done =
            read::read(&found.files[0], units[0].part, &mut read::Scratch::default(), &mut count);
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
    let [one] = &rejected[..] else { panic!("{rejected:?}") };
    assert_eq!((&one["reason"], number(&one["line"])), (&"too-long".into(), 1));
    assert_eq!(one["text"].as_str().map(str::len), Some(4096));
    assert_eq!(number(&one["bytes"]), (17 << 20) + 11, "nothing of the line is lost");
    assert_eq!(number(&one["cut"]), (17 << 20) + 11 - 4096);
}

#[test]
fn an_alert_that_quotes_bytes_which_are_no_text_is_an_alert() {
    let desk = Desk::new();
    let line = alert("Odd name", "node-2", &at(0)).to_string() + "\n";
    let (before, behind) = line.split_at(line.find("root").expect("it is there"));
    let quoting = [before.as_bytes(), b"\xff\xfe", behind.as_bytes()].concat();
    // The last line breaks off within a letter, and other text has such bytes too.
    let plain = [&quoting, b"\xff\n".as_slice(), quoting.as_slice(), b"{\"rule\":\"\xc3"].concat();
    desk.write("logs/a.log", plain);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&quoting).expect("it is packed");
    desk.write("logs/b.log.gz", packed.finish().expect("it is packed"));
    let report = desk.build(&["--no-dedupe"]);
    adds_up(&report["accounting"]);
    assert_eq!(report["accounting"]["alerts"], 3, "{}", report["accounting"]);
    for sample in report["incidents"][0]["samples"].as_array().expect("a list") {
        let expected = String::from_utf8_lossy(&quoting);
        assert_eq!(sample["raw"].as_str(), Some(expected.trim_end()), "{sample}");
        assert!(
            sample["output"]
                .as_str()
                .is_some_and(|text| text.contains("user=\u{fffd}\u{fffd}root"))
        );
    }
    let rejected = desk.read("site/rejected.jsonl");
    let reasons = rejected.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let reasons: Vec<_> = reasons.map(|reject| reject["reason"].clone()).collect();
    assert_eq!(reasons, ["invalid-utf8", "unfinished"]);
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

#[test]
fn an_entry_of_a_stream_longer_than_any_record_keeps_its_labels() {
    let desk = Desk::new();
    let padding = "x".repeat(16_000);
    let entry = |nanos: usize| {
        format!(
            r#"["179499240000000{nanos:04}","09:00:00.000000001: Warning something odd {padding}"]"#
        )
    };
    let entries: Vec<_> = (0..1100).map(entry).collect();
    let (first, rest) = entries.split_at(1);
    let stream = |rule: &str, entries: &[String]| {
        let labels = format!(r#"{{"rule":"{rule}","priority":"Warning","hostname":"node-1"}}"#);
        format!(r#"{{"stream":{labels},"values":[{}]}}"#, entries.join(","))
    };
    let streams = [stream("Short", first), stream("Long", rest), stream("Last", first)];
    let text =
        format!(r#"{{"data":{{"resultType":"streams","result":[{}]}}}}"#, streams.join(",\n  "));
    desk.write("logs/loki.json", &text);
    // The same in a stretch of a file that begins with lines.
    desk.write("logs/more.json", format!("{}\n{text}\n", log(5000).trim_end()));
    let report = desk.build(&["--no-dedupe", "--jobs", "2"]);
    adds_up(&report["accounting"]);
    assert_eq!(report["accounting"]["rejected"], 0);
    let incidents = report["incidents"].as_array().expect("a list").iter();
    for (rule, count) in [("Short", 2), ("Long", 2 * 1099), ("Last", 2)] {
        let incident = incidents.clone().find(|incident| incident["rule"] == rule);
        let incident = incident.unwrap_or_else(|| panic!("no {rule}"));
        assert_eq!((&incident["host"], number(&incident["count"])), (&"node-1".into(), count));
        let shown = incident["samples"][0]["output"].as_str().expect("the first alert is shown");
        assert!(shown.contains("something odd"));
    }
}

#[test]
fn a_long_array_is_named_as_a_short_one() {
    let desk = Desk::new();
    let alert = log(1).trim_end().to_owned();
    desk.write("logs/long.json", format!("[{}]", vec![alert.as_str(); 20_000].join(",")));
    desk.write("logs/short.json", format!("[{alert}]"));
    let checked = desk.check(&["--no-dedupe"]);
    let files = checked["files"].as_array().expect("a list");
    assert_eq!(files.len(), 2);
    assert_eq!(files[0]["format"], files[1]["format"]);
    assert_eq!(checked["accounting"]["alerts"], 20_001);
}

#[test]
fn of_very_many_rejected_records_the_first_are_listed_and_the_others_counted() {
    const LISTED: usize = 100_000;
    let desk = Desk::with_log(&log(1));
    desk.write("logs/more.log", "{}\n".repeat(LISTED + 7));
    desk.write("logs/z.log", "[1]\n{\n");
    let printed = ["1", "2"].map(|jobs| {
        let report = desk.build(&["--jobs", jobs]);
        adds_up(&report["accounting"]);
        assert_eq!(number(&report["accounting"]["rejected"]), LISTED as u64 + 9);
        let warnings = report["quality"]["warnings"].to_string();
        assert!(warnings.contains("Of 100,009 rejected records the first 100,000"), "{warnings}");
        (desk.read("site/rejected.jsonl"), desk.run(&["check", "logs", "--json"]).out)
    });
    assert!(printed[0] == printed[1], "another number of workers lists others");
    let lines: Vec<&str> = printed[0].0.lines().collect();
    assert_eq!(lines.len(), LISTED + 3);
    let of = |line: &str| serde_json::from_str::<Value>(line).expect("JSON");
    assert_eq!(number(&of(lines[LISTED - 1])["line"]), LISTED as u64);
    let others: Vec<_> = lines[LISTED..].iter().map(|line| of(line)).collect();
    let counted =
        [("more.log", "missing-rule", 7), ("z.log", "truncated", 1), ("z.log", "not-object", 1)];
    for (line, (file, reason, count)) in others.iter().zip(counted) {
        assert_eq!((&line["file"], &line["reason"]), (&file.into(), &reason.into()), "{line}");
        assert_eq!(number(&line["unlisted"]), count);
    }
    let checked = of(&printed[0].1);
    assert_eq!(checked["rejected"].as_array().map(Vec::len), Some(LISTED));
    assert_eq!(checked["rejected_unlisted"], Value::Array(others));
    let said = desk.run(&["check", "logs"]).ended(0).out;
    assert!(said.contains("and 99,989 more; -v lists the first 100,000"), "{said}");
}

#[test]
fn a_file_that_is_gone_before_duplicates_are_looked_for_is_said_to_be() {
    let desk = Desk::with_log(&log(100));
    desk.write("logs/other.log", log(100));
    let path = desk.path().join("logs/falco.log");
    let left = AtomicU64::new(2 * log(100).len() as u64);
    let progress = |bytes: u64| {
        if left.fetch_sub(bytes, Ordering::Relaxed) == bytes {
            fs::rename(&path, desk.path().join("falco.log.1")).expect("it is moved");
        }
    };
    let around = Surroundings { generated: None, progress: &progress, program: None };
    let logs = Logs::Paths(vec![desk.path().join("logs")]);
    let report = alertbook::check(logs, &Config::default(), &around).expect("it is read").report;
    assert_eq!((report.accounting.alerts, report.accounting.duplicates), (200, 0));
    let error = report.quality.files[0].error.as_deref().expect("it is said");
    assert!(error.contains("counted twice: it was there when the run began"), "{error}");
}

#[test]
fn what_cannot_be_read_again_to_be_shown_is_said_to_be_gone() {
    let text = log(3) + "{}\n";
    let desk = Desk::with_log(&text);
    let path = desk.path().join("logs/falco.log");
    let progress = |bytes: u64| {
        if bytes == text.len() as u64 {
            fs::rename(&path, desk.path().join("falco.log.1")).expect("it is moved");
        }
    };
    let around = Surroundings { generated: None, progress: &progress, program: None };
    let logs = Logs::Paths(vec![desk.path().join("logs")]);
    alertbook::build(logs, &desk.path().join("site"), &Config::default(), &around).expect("a site");
    let report = desk.report();
    let sample = &report["incidents"][0]["samples"][0];
    let why = sample["kept_as"].as_str().expect("a text");
    assert!(why.starts_with("first, though its file was moved"), "{why}");
    assert_eq!((&sample["raw"], number(&sample["origin"]["line"])), (&"".into(), 1));
    let reject: Value = serde_json::from_str(&desk.read("site/rejected.jsonl")).expect("JSON");
    assert!(reject["lost"].as_str().is_some_and(|why| why.contains("removed")), "{reject}");
    assert_eq!((&reject["text"], number(&reject["cut"])), (&Value::Null, 2));
}
