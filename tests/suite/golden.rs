//! Every folder of `tests/golden` is built and compared with what is expected, both ways.
//!
//! `BLESS=1` rewrites what is expected; see `tests/golden/README.md`.

use std::{
    collections::BTreeMap,
    env, fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use crate::program::{self, Desk};

/// What is compared where a case has no file `keep`.
const KEPT: [&str; 3] = ["report.json", "data-quality.md", "rejected.jsonl"];

#[test]
fn one_alert() {
    compare("one-alert");
}

#[test]
fn several_versions() {
    compare("several-versions");
}

#[test]
fn encodings() {
    compare("encodings");
}

#[test]
fn wrapped() {
    compare("wrapped");
}

#[test]
fn broken() {
    compare("broken");
}

#[test]
fn duplicates() {
    compare("duplicates");
}

#[test]
fn hosts() {
    compare("hosts");
}

#[test]
fn hostile() {
    compare("hostile");
}

#[test]
fn every_folder_is_a_case() {
    let mut folders: Vec<_> = fs::read_dir(folder())
        .expect("the cases are there")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir())
        .map(|path| path.file_name().expect("a name").to_string_lossy().into_owned())
        .collect();
    folders.sort();
    let source = include_str!("golden.rs");
    for name in folders {
        assert!(source.contains(&format!("compare(\"{name}\")")), "no test compares {name}");
    }
}

fn folder() -> PathBuf {
    program::package().join("tests/golden")
}

/// Builds a case and compares it.
fn compare(name: &str) {
    let case = folder().join(name);
    let expected = case.join("expected");
    let made = build(&case);
    if env::var_os("BLESS").is_some() {
        bless(&expected, &made);
    }
    differences(&expected, &made);
}

/// Fails where a folder and what was made differ in any file.
pub fn differences(expected: &Path, made: &BTreeMap<String, Vec<u8>>) {
    let expected = program::files(expected);
    let surplus: Vec<_> = made.keys().filter(|name| !expected.contains_key(*name)).collect();
    let missing: Vec<_> = expected.keys().filter(|name| !made.contains_key(*name)).collect();
    assert!(
        surplus.is_empty() && missing.is_empty(),
        "not expected: {surplus:?}, not made: {missing:?}; BLESS=1 rewrites what is expected"
    );
    for (name, bytes) in made {
        assert!(*bytes == expected[name], "{name} differs{}", first(&expected[name], bytes));
    }
}

/// Where two texts begin to differ.
fn first(expected: &[u8], made: &[u8]) -> String {
    let (expected, made) = (String::from_utf8_lossy(expected), String::from_utf8_lossy(made));
    let line = expected.lines().zip(made.lines()).position(|(a, b)| a != b);
    let line = line.unwrap_or_else(|| expected.lines().count().min(made.lines().count()));
    let of = |text: &str| text.lines().nth(line).unwrap_or("(end)").to_owned();
    format!(
        " at line {}\n  expected: {}\n  made:     {}\nBLESS=1 rewrites what is expected",
        line + 1,
        of(&expected),
        of(&made)
    )
}

/// Makes a folder equal to what was made.
pub fn bless(expected: &Path, made: &BTreeMap<String, Vec<u8>>) {
    if expected.exists() {
        fs::remove_dir_all(expected).expect("the old is removed");
    }
    for (name, bytes) in made {
        let path = expected.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder is made");
        fs::write(path, bytes).expect("a file is written");
    }
}

/// The files of a case's site that are compared.
fn build(case: &Path) -> BTreeMap<String, Vec<u8>> {
    let desk = Desk::new();
    let site = desk.path().join("site");
    let mut command = program::command(case);
    command.args(["build", "logs", "--output"]).arg(&site);
    command.args(lines(&case.join("args")));
    program::finish(&mut command, None).ended(0);
    let patterns = lines(&case.join("keep"));
    let kept = |name: &str| match patterns.as_slice() {
        [] => KEPT.contains(&name),
        patterns => patterns.iter().any(|pattern| alertbook::host::matches(pattern, name)),
    };
    let mut made = program::site(&site);
    made.retain(|name, _| kept(name));
    made
}

/// The lines of a file that may be absent.
fn lines(path: &Path) -> Vec<String> {
    fs::read_to_string(path).unwrap_or_default().lines().map(str::to_owned).collect()
}

/// The binary logs of `encodings`, made from their text: run with `--ignored` to write them anew.
#[test]
#[ignore = "writes the logs that the test encodings reads"]
fn write_the_encodings() {
    let text = |name: &str| fs::read_to_string(folder().join(name)).expect("the text is there");
    let text = text("encodings/text.jsonl");
    let line = |number: usize| text.lines().nth(number).expect("a line").to_owned() + "\n";
    let write = |name: &str, bytes: &[u8]| {
        fs::write(folder().join("encodings/logs").join(name), bytes).expect("it is written");
    };
    let windows = |number: usize| line(number).replace('\n', "\r\n");
    let utf16 = |number: usize, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        format!("\u{feff}{}", windows(number)).encode_utf16().flat_map(bytes).collect()
    };
    write("bom.log", format!("\u{feff}{}", line(0)).as_bytes());
    write("crlf.log", windows(1).as_bytes());
    write("utf-16-be.log", &utf16(2, u16::to_be_bytes));
    write("utf-16-le.log", &utf16(3, u16::to_le_bytes));
    write("two-members.log", &[gzip(&line(4)), gzip(&line(5))].concat());
    let zstd = zstd::encode_all(line(6).as_bytes(), 3).expect("it is packed");
    write("not-gz.gz", &zstd);
    write("plain.zst", line(7).as_bytes());
    write("utf-16-in-gzip.gz", &gzip_bytes(&utf16(8, u16::to_le_bytes)));
}

fn gzip(text: &str) -> Vec<u8> {
    gzip_bytes(text.as_bytes())
}

fn gzip_bytes(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(bytes).and_then(|()| packer.finish()).expect("it is packed")
}
