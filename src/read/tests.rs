use std::{fs, io::Write as _, path::Path};

use flate2::{Compression, write::GzEncoder};

use super::*;

/// Lines that are easily told apart.
fn lines(from: usize, to: usize) -> Vec<u8> {
    (from..to).map(|number| format!("{{\"n\":{number}}}\n")).collect::<String>().into_bytes()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 1);
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        builder.append_data(&mut header_of(bytes), name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).unwrap();
    encoder.include_checksum(true).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// What is read of a file: for each log its name, its records and what went wrong.
fn seen(path: &Path, limits: Limits) -> Vec<(String, Vec<String>, Option<String>)> {
    let found = find(&[path.to_owned()], limits, &|_| false).unwrap();
    seen_of(&found)
}

fn seen_of(found: &Found) -> Vec<(String, Vec<String>, Option<String>)> {
    let mut seen: Vec<_> =
        found.files.iter().map(|log| (log.name.clone(), Vec::new(), None)).collect();
    let mut scratch = Scratch::default();
    for unit in units(&found.files) {
        if unit.part == Part::Member {
            continue;
        }
        let log = &found.files[unit.file as usize];
        let done = read(log, unit.part, &mut scratch, &mut |member, block| {
            let log = &found.files[(unit.file + member) as usize];
            records(&block, &mut |_, record| {
                let texts = &mut seen[(unit.file + member) as usize].1;
                if let Some(offset) = block.offset.filter(|_| texts.len() % 1000 < 2) {
                    let at = record.as_ptr().addr() - block.bytes.as_ptr().addr();
                    let read = Again::default().read(log, offset + at as u64, record.len());
                    assert_eq!(read.unwrap(), record, "a record can be read again");
                }
                texts.push(String::from_utf8_lossy(record).into_owned());
            });
        });
        for (at, done) in done.into_iter().enumerate() {
            let error = &mut seen[unit.file as usize + at].2;
            *error = error.take().or(done.error);
        }
    }
    seen
}

fn written(name: &str, bytes: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn records_of(bytes: &[u8]) -> Vec<String> {
    String::from_utf8_lossy(bytes).lines().map(Into::into).collect()
}

#[test]
fn compressions_are_told_by_content() {
    let (one, two) = (lines(0, 50), lines(50, 90));
    let all = records_of(&lines(0, 90));
    for (name, bytes) in [
        ("plain", lines(0, 90)),
        ("gzip", [gzip(&one), gzip(&two)].concat()),
        ("bzip2", [bzip2(&one), bzip2(&two)].concat()),
        ("xz", [xz(&one), xz(&two)].concat()),
        ("zstd", [zstd(&one), zstd(&two)].concat()),
        ("zstd, framed", [&b"\x50\x2a\x4d\x18\x04\0\0\0size"[..], &zstd(&lines(0, 90))].concat()),
        ("twice", gzip(&bzip2(&lines(0, 90)))),
    ] {
        let (_folder, path) = written("falco.log", &bytes);
        let expected = [("falco.log".to_owned(), all.clone(), None)];
        assert_eq!(seen(&path, Limits::default()), expected, "{name}");
    }
}

#[test]
fn what_follows_compressed_bytes_is_padding_or_said() {
    let packed = [gzip(&lines(0, 50)), gzip(&lines(50, 90))].concat();
    let (_folder, path) = written("logs", &[&packed[..], &[0; 10_000]].concat());
    let all = records_of(&lines(0, 90));
    assert_eq!(seen(&path, Limits::default()), [("logs".to_owned(), all.clone(), None)]);
    let (_folder, path) = written("logs", &[&packed[..], b"and more"].concat());
    let said = Some("it is followed by what is not compressed".to_owned());
    assert_eq!(seen(&path, Limits::default()), [("logs".to_owned(), all, said)]);
}

#[test]
fn members_of_archives_are_logs() {
    let (one, two) = (lines(0, 50), lines(50, 90));
    let packed = gzip(&two);
    let members = [("a/falco.log", &one[..]), ("b/falco.log.gz", &packed[..])];
    for (name, bytes) in [
        ("tar", tar(&members)),
        ("tar.gz", gzip(&tar(&members))),
        ("tar.xz", xz(&tar(&members))),
        ("zip", zip(&members)),
    ] {
        let (_folder, path) = written("logs", &bytes);
        let expected = [
            ("logs!a/falco.log".to_owned(), records_of(&one), None),
            ("logs!b/falco.log.gz".to_owned(), records_of(&two), None),
        ];
        assert_eq!(seen(&path, Limits::default()), expected, "{name}");
    }
}

#[test]
fn members_of_the_same_name_are_all_read() {
    let mut bytes = zip(&[("falco.log", &lines(0, 50)[..]), ("falc0.log", &lines(50, 90)[..])]);
    for at in 0..bytes.len() - 9 {
        if bytes[at..].starts_with(b"falc0.log") {
            bytes[at + 4] = b'o';
        }
    }
    let log = |records: &[u8]| ("logs!falco.log".to_owned(), records_of(records), None);
    let (_folder, path) = written("logs", &bytes);
    assert_eq!(seen(&path, Limits::default()), [log(&lines(0, 50)), log(&lines(50, 90))]);
    let (_folder, path) = written("logs", &gzip(&bytes));
    assert_eq!(seen(&path, Limits::default())[0].1, records_of(&lines(0, 90)));
}

#[test]
fn the_directory_of_a_zip_is_read_once() {
    let bytes = zip(&[("a", &lines(0, 50)[..]), ("b", &lines(50, 90)[..])]);
    let (_folder, path) = written("logs", &bytes);
    let found = find(std::slice::from_ref(&path), Limits::default(), &|_| false).unwrap();
    fs::write(&path, [&bytes[..bytes.len() - 50], &[0; 50]].concat()).unwrap();
    let expected = [
        ("logs!a".to_owned(), records_of(&lines(0, 50)), None),
        ("logs!b".to_owned(), records_of(&lines(50, 90)), None),
    ];
    assert_eq!(seen_of(&found), expected);
}

#[test]
fn a_member_that_a_directory_names_many_times_is_one_log() {
    let bytes = zip(&[("a", &lines(0, 50)[..])]);
    let at = |mark: &[u8]| memchr::memmem::find(&bytes, mark).unwrap();
    let (directory, end) = (at(b"PK\x01\x02"), at(b"PK\x05\x06"));
    let mut last = bytes[end..].to_vec();
    last[8..12].copy_from_slice(&[40, 0, 40, 0]);
    let size = u32::try_from(40 * (end - directory)).unwrap();
    last[12..16].copy_from_slice(&size.to_le_bytes());
    let bytes = [&bytes[..directory], &bytes[directory..end].repeat(40), &last].concat();
    let (_folder, path) = written("logs", &bytes);
    let expected = [("logs!a".to_owned(), records_of(&lines(0, 50)), None)];
    assert_eq!(seen(&path, Limits::default()), expected);
}

#[test]
fn a_zip_without_its_directory_is_read_as_one_log() {
    let bytes = zip(&[("a", &lines(0, 50)[..]), ("b", &lines(50, 90)[..])]);
    let cut = &bytes[..bytes.len() - 50];
    for (name, bytes) in [("zip", cut.to_vec()), ("zip in gzip", gzip(cut))] {
        let (_folder, path) = written("logs", &bytes);
        let seen = seen(&path, Limits::default());
        assert_eq!(seen.len(), 1, "{name}");
        assert_eq!(seen[0].1, records_of(&lines(0, 90)), "{name}");
        assert!(seen[0].2.is_some(), "{name}");
    }
}

#[test]
fn joined_tars_are_read_as_one() {
    let joined = [tar(&[("a", &lines(0, 50)[..])]), tar(&[("b", &lines(50, 90)[..])])].concat();
    for (name, bytes) in [("tar", joined.clone()), ("tar.gz", gzip(&joined))] {
        let (_folder, path) = written("logs", &bytes);
        let expected = [
            ("logs!a".to_owned(), records_of(&lines(0, 50)), None),
            ("logs!b".to_owned(), records_of(&lines(50, 90)), None),
        ];
        assert_eq!(seen(&path, Limits::default()), expected, "{name}");
    }
    let (_folder, path) = written("logs", &zip(&[("inner", &joined)]));
    assert_eq!(seen(&path, Limits::default())[0].1, records_of(&lines(0, 90)));
}

/// A record as long as a block of a tar.
fn stretch(number: usize) -> String {
    format!("{{\"n\":{number},\"x\":\"{}\"}}\n", "x".repeat(497))
}

/// A tar with a sparse member of six stretches, as GNU tar writes it, and one that follows.
fn gnu_sparse() -> Vec<u8> {
    let stretches: String = (0..6).map(stretch).collect();
    let mut header = tar::Header::new_gnu();
    header.set_path("holes.log").unwrap();
    header.set_mode(0o644);
    header.set_entry_type(tar::EntryType::GNUSparse);
    header.set_size(stretches.len() as u64);
    let mut more = tar::GnuExtSparseHeader::new();
    let gnu = header.as_gnu_mut().unwrap();
    gnu.set_is_extended(true);
    gnu.set_real_size(6 << 20);
    let places = gnu.sparse.iter_mut().chain(more.sparse_mut());
    for (number, place) in (1_u64..=6).zip(places) {
        place.set_offset((number << 20) - 512);
        place.set_length(512);
    }
    header.set_cksum();
    let mut builder = tar::Builder::new(Vec::new());
    builder.append(&header, [more.as_bytes(), stretches.as_bytes()].concat().as_slice()).unwrap();
    [builder.into_inner().unwrap(), tar(&[("more.log", &lines(0, 50)[..])])].concat()
}

/// The same as it is written in the newer form.
fn pax_sparse() -> Vec<u8> {
    let stretches: String = (0..6).map(stretch).collect();
    let places: String = (1..=6).map(|number| format!("{}\n512\n", (number << 20) - 512)).collect();
    let map = format!("{:\0<512}", format!("6\n{places}"));
    let mut builder = tar::Builder::new(Vec::new());
    let said = [
        ("GNU.sparse.major", "1".as_bytes()),
        ("GNU.sparse.minor", b"0"),
        ("GNU.sparse.name", b"holes.log"),
        ("GNU.sparse.realsize", b"6291456"),
    ];
    builder.append_pax_extensions(said).unwrap();
    let mut header = tar::Header::new_ustar();
    header.set_size((map.len() + stretches.len()) as u64);
    header.set_mode(0o644);
    let bytes = map + &stretches;
    builder.append_data(&mut header, "GNUSparseFile.7/holes.log", bytes.as_bytes()).unwrap();
    builder.append_data(&mut header_of(&lines(0, 50)), "more.log", &lines(0, 50)[..]).unwrap();
    builder.into_inner().unwrap()
}

fn header_of(bytes: &[u8]) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes.len() as u64);
    header.set_mode(0o644);
    header
}

#[test]
fn of_sparse_members_is_read_what_they_hold() {
    let stretches: String = (0..6).map(stretch).collect();
    for (name, tar) in [("gnu", gnu_sparse()), ("pax", pax_sparse())] {
        for (packing, bytes) in [("tar", tar.clone()), ("tar.gz", gzip(&tar))] {
            let (_folder, path) = written("logs", &bytes);
            let expected = [
                ("logs!holes.log".to_owned(), records_of(stretches.as_bytes()), None),
                ("logs!more.log".to_owned(), records_of(&lines(0, 50)), None),
            ];
            assert_eq!(seen(&path, Limits::default()), expected, "{name} {packing}");
        }
    }
    let (_folder, path) = written("logs", &gzip(&gnu_sparse()));
    let error = seen(&path, Limits { max_expand: 2 << 20 }).remove(0).2;
    assert!(error.is_some_and(|error| error.contains("--max-expand")));
}

#[test]
fn a_contiguous_file_is_a_log() {
    let mut header = header_of(&lines(0, 50));
    header.set_entry_type(tar::EntryType::Continuous);
    let mut builder = tar::Builder::new(Vec::new());
    builder.append_data(&mut header, "falco.log", &lines(0, 50)[..]).unwrap();
    let (_folder, path) = written("logs", &builder.into_inner().unwrap());
    assert_eq!(seen(&path, Limits::default())[0].1, records_of(&lines(0, 50)));
}

#[test]
fn a_damaged_member_does_not_hide_the_next() {
    let packed = gzip(&lines(50, 90));
    let cut = &packed[..packed.len() - 4];
    let tar = tar(&[("a", &lines(0, 50)[..]), ("b.gz", cut), ("c", &lines(90, 120)[..])]);
    for (name, bytes) in [("tar", tar.clone()), ("tar.gz", gzip(&tar))] {
        let (_folder, path) = written("logs", &bytes);
        let seen = seen(&path, Limits::default());
        assert_eq!(seen[1].1, records_of(&lines(50, 90)), "{name}");
        assert!(seen[1].2.is_some(), "{name}");
        assert_eq!(seen[2], ("logs!c".to_owned(), records_of(&lines(90, 120)), None), "{name}");
    }
    for (name, bytes) in [
        ("in zip", zip(&[("inner", &tar)])),
        ("in gzip", gzip(&zip(&[("a", &lines(0, 50)[..]), ("b", cut), ("c", &lines(90, 120))]))),
    ] {
        let (_folder, path) = written("logs", &bytes);
        let seen = seen(&path, Limits::default());
        assert_eq!(seen[0].1, records_of(&lines(0, 120)), "{name}");
        assert!(seen[0].2.is_some(), "{name}");
    }
}

#[test]
fn what_was_unpacked_before_damage_is_read() {
    for (name, mut bytes) in [
        ("xz", xz(&lines(0, 5000))),
        ("bzip2", bzip2(&lines(0, 5000))),
        ("zstd", zstd(&lines(0, 5000))),
    ] {
        let damaged = bytes.len() - 2;
        bytes[damaged] ^= 0x55;
        let (_folder, path) = written("logs", &bytes);
        let seen = seen(&path, Limits::default());
        assert!(seen[0].1.len() > 4900, "{name}: {}", seen[0].1.len());
        assert!(seen[0].2.is_some(), "{name}");
    }
}

#[test]
fn a_member_that_the_archive_cuts_off_is_said_to_be() {
    let tar = tar(&[("a", &lines(0, 5000)[..])]);
    let (_folder, path) = written("logs", &tar[..5000]);
    let error = seen(&path, Limits::default()).remove(0).2;
    assert_eq!(error.as_deref(), Some("the archive ends within it"));
}

#[test]
fn a_small_file_with_a_hole_is_no_bomb() {
    let bytes = [vec![0; 15 << 20], b"\n".to_vec(), lines(0, 50)].concat();
    let (_folder, path) = written("logs", &gzip(&bytes));
    let seen = seen(&path, Limits::default());
    assert_eq!((&seen[0].1[1..], &seen[0].2), (&records_of(&lines(0, 50))[..], &None));
}

#[test]
fn an_archive_within_another_is_one_log() {
    let inner = [("falco.log", &lines(0, 50)[..]), ("more.log", &lines(50, 90)[..])];
    for (name, bytes) in [
        ("tar in zip", zip(&[("inner", &gzip(&tar(&inner)))])),
        ("zip in tar", tar(&[("inner", &zip(&inner))])),
        ("tar in tar.gz", gzip(&tar(&[("inner", &tar(&inner))]))),
    ] {
        let (_folder, path) = written("logs", &bytes);
        let expected = [("logs!inner".to_owned(), records_of(&lines(0, 90)), None)];
        assert_eq!(seen(&path, Limits::default()), expected, "{name}");
    }
}

#[test]
fn what_can_be_read_of_a_broken_archive_is_read() {
    let one = lines(0, 5000);
    let tar = tar(&[("a", &lines(0, 50)[..]), ("b", &one[..])]);
    for (name, bytes) in [("tar.gz", gzip(&tar)), ("tar", tar)] {
        let (_folder, path) = written("logs", &bytes[..bytes.len() * 3 / 4]);
        let seen = seen(&path, Limits::default());
        assert_eq!(seen[0], ("logs!a".to_owned(), records_of(&lines(0, 50)), None), "{name}");
        assert!(seen[1].1.len() > 1000 && seen[1].1.len() < 5000, "{name}");
        assert!(seen[1].2.is_some(), "{name}");
    }
    let (_folder, path) = written("logs", b"7z\xbc\xaf\x27\x1c\0\0 and so on");
    let error = seen(&path, Limits::default()).remove(0).2;
    assert_eq!(error.as_deref(), Some("it is a 7z archive, which is not read"));
}

#[test]
fn what_expands_too_far_is_read_to_the_limit() {
    let mut bytes = lines(0, 50);
    bytes.extend(vec![0; 90 << 20]);
    for (name, bytes) in [
        ("gz", gzip(&bytes)),
        ("tar.gz", gzip(&tar(&[("a", &bytes)]))),
        ("zip", zip(&[("a", &bytes)])),
    ] {
        let (_folder, path) = written("logs", &bytes);
        let seen = seen(&path, Limits::default());
        assert_eq!(seen[0].1[..50], records_of(&lines(0, 50)), "{name}");
        assert!(seen[0].2.as_ref().is_some_and(|error| error.contains("200 times")), "{name}");
    }
    let (_folder, path) = written("logs", &gzip(&lines(0, 400_000)));
    let error = seen(&path, Limits { max_expand: 3 << 20 }).remove(0).2;
    assert!(error.is_some_and(|error| error.contains("--max-expand")));
}

#[test]
fn lists_larger_than_a_block_are_read_by_element() {
    const COUNT: usize = 120_000;
    let object = |number: usize| format!("{{\"n\":{number},\"text\":\"{}\"}}", "x,]}".repeat(20));
    let all: Vec<String> = (0..COUNT).map(object).collect();
    let hits = format!("{{\"hits\":{{\"total\":1,\"hits\":[{}]}},\"x\":[]}}\n", all.join(","));
    for (name, text) in [
        ("one line", format!("[{}]", all.join(","))),
        ("one a line", format!("[\n{}\n]\n", all.join(",\n"))),
        ("hits", hits.clone()),
        ("no separators", all.concat()),
    ] {
        let (_folder, path) = written("falco.json", text.as_bytes());
        let seen = seen(&path, Limits::default());
        assert_eq!(seen[0].1.len(), COUNT, "{name}");
        assert_eq!(seen[0].1, all, "{name}");
    }
    let line = "{\"a\":1}\n".repeat(400_000);
    let (_folder, path) = written("falco.json", format!("{line}{hits}{line}").as_bytes());
    let seen = seen(&path, Limits::default());
    assert_eq!(seen[0].1.len(), 800_000 + COUNT);
}

#[test]
fn a_torn_element_of_a_large_list_leaves_the_next_whole() {
    let object = |number: usize| format!("{{\"n\":{number},\"text\":\"{}\"}}", "],[{".repeat(20));
    let torn = "{\"fields\":{\"n\":1,\"text\":\"torn";
    let mut list: Vec<_> = (0..40_000).map(object).collect();
    list[20_000] = format!("{torn}{}", list[20_000]);
    let (_folder, path) = written("falco.json", format!("[{}]", list.join(",")).as_bytes());
    let seen = seen(&path, Limits::default());
    list.insert(20_000, torn.to_owned());
    list[20_001] = object(20_000);
    assert_eq!(seen[0].1, list);
}

#[test]
fn pieces_are_one_record_wherever_a_file_is_cut() {
    const COUNT: usize = 10_000;
    let long = "x".repeat(200);
    let docker = |log: &str| {
        format!("{{\"log\":{log:?},\"stream\":\"stdout\",\"time\":\"2026-11-18T10:00:00Z\"}}")
    };
    let whole = |number: usize| {
        let pieces =
            ["10:34:50.5: Notice A shell was", " spawned", &format!(" ({number} {long})\n")];
        pieces.map(docker).join("\n")
    };
    let endless = |number: usize| docker(&format!("10:34:50.5: Notice A shell ({number} {long})"));
    let pretty = |number: usize| format!("{{\n  \"n\": {number},\n  \"text\": \"{long}\"\n}}");
    let forms: [&dyn Fn(usize) -> String; 3] = [&whole, &endless, &pretty];
    for form in forms {
        let all: Vec<_> = (0..COUNT).map(form).collect();
        // A byte that is no text, in each block.
        let text = all.chunks(1000).map(|some| [some.join("\n").as_bytes(), b"\n\xff\n"].concat());
        let text = text.collect::<Vec<_>>().concat();
        for bytes in [gzip(&text), text] {
            let (_folder, path) = written("falco.log", &bytes);
            let mut records = seen(&path, Limits::default()).remove(0).1;
            records.retain(|record| record != "\u{fffd}");
            assert_eq!(records.len(), all.len());
            assert!(records == all, "{}", all[0]);
        }
    }
}

#[test]
fn a_list_in_an_element_longer_than_any_record_is_read_by_element() {
    let entry = |number: usize| format!("[\"{number}\",\"{}\"]", "x".repeat(900));
    let entries = |from, to| (from..to).map(entry).collect::<Vec<_>>().join(",");
    let long = entries(0, 20_000);
    let text = format!(
        "{{\"data\":{{\"result\":[{{\"stream\":{{}},\"values\":[{long}]}},{{\"stream\":{{}}}},{{\"stream\":{{}},\"values\":[{long}]}}],\"stats\":{{}}}}}}"
    );
    let (_folder, path) = written("falco.json", text.as_bytes());
    let found = find(std::slice::from_ref(&path), Limits::default(), &|_| false).unwrap();
    let mut frames = Vec::new();
    read(&found.files[0], Part::Whole, &mut Scratch::default(), &mut |_, block| {
        let frame = block.frame.map(str::to_owned);
        if block.layout == Layout::Elements && frames.last() != Some(&frame) {
            frames.push(frame);
        }
    });
    let stream = [r#"{"stream":{},"values":["#, "]}"].map(str::to_owned);
    let none = ["", ""].map(str::to_owned);
    assert_eq!(frames, [stream.clone(), none, stream]);
    let seen = seen(&path, Limits::default());
    let records = &seen[0].1;
    assert_eq!(records.len(), 40_001);
    assert_eq!(records[19_999], entry(19_999));
    assert_eq!(records[20_000], "{\"stream\":{}}");
    assert_eq!(records[40_000], entry(19_999));
}

#[test]
fn a_damaged_list_is_read_as_lines() {
    let object = |number: usize| format!("{{\"n\":{number},\"text\":\"{}\"}}", "x".repeat(80));
    let whole: Vec<String> = (0..40_000).map(object).collect();
    let text = format!("[{},{{\"n\":\"torn\n{{\"n\":1}}\n", whole.join(","));
    let (_folder, path) = written("falco.json", text.as_bytes());
    let seen = seen(&path, Limits::default());
    assert_eq!(seen[0].1[..40_000], whole);
    assert_eq!(seen[0].1[40_000..], ["{\"n\":\"torn", "{\"n\":1}"]);
}

#[test]
fn a_value_of_any_length_may_stand_behind_other_lines() {
    let element = |number: usize| format!("{{\"n\":{number},\"x\":\"{}\"}}", "x".repeat(1 << 20));
    let elements: Vec<String> = (0..70).map(element).collect();
    let list = format!("[{}]\n", elements.join(","));
    let bytes = [lines(0, 500), list.into_bytes(), lines(500, 900)].concat();
    let (_folder, path) = written("falco.log", &bytes);
    let expected = [records_of(&lines(0, 500)), elements, records_of(&lines(500, 900))].concat();
    let [(_, records, error)] = &seen(&path, Limits::default())[..] else { panic!("one log") };
    assert!(*records == expected, "{} of {} records", records.len(), expected.len());
    assert_eq!(*error, None);
}

#[test]
fn of_a_long_hole_the_last_byte_stays() {
    let hole = vec![0; MAX_RECORD + (1 << 20)];
    for before in [lines(0, 500), Vec::new()] {
        let bytes = [&before[..], &hole, &lines(500, 900)].concat();
        let (_folder, path) = written("falco.log", &bytes);
        let behind = [b"\0", &lines(500, 900)[..]].concat();
        let expected = [records_of(&before), records_of(&behind)].concat();
        assert_eq!(seen(&path, Limits::default()), [("falco.log".to_owned(), expected, None)]);
    }
}

#[test]
fn another_file_in_its_place_is_not_taken_for_it() {
    let (folder, path) = written("falco.log", &lines(0, 500));
    let found = find(std::slice::from_ref(&path), Limits::default(), &|_| false).unwrap();
    let read_again = || {
        let mut records = 0;
        let each = &mut |_, block: Block<'_>| records += block.bytes.len();
        let done = read(&found.files[0], Part::Whole, &mut Scratch::default(), each);
        (records, done[0].error.clone())
    };
    fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(b"more\n").unwrap();
    assert_eq!(read_again(), (lines(0, 500).len(), None));
    let other = folder.path().join("other");
    fs::write(&other, lines(0, 900)).unwrap();
    fs::rename(other, &path).unwrap();
    let (read, error) = read_again();
    assert_eq!(read, 0);
    assert!(error.is_some_and(|error| error.contains("took its place")));
}

/// A file of several units: it, its lines, and a reader of its units.
fn of_several_units() -> (tempfile::TempDir, std::path::PathBuf, Vec<String>) {
    let bytes = lines(0, 400_000);
    let (folder, path) = written("falco.log", &bytes);
    (folder, path, records_of(&bytes))
}

#[test]
fn a_file_that_is_moved_while_it_is_read_is_read_to_its_end() {
    let (folder, path, expected) = of_several_units();
    let found = find(std::slice::from_ref(&path), Limits::default(), &|_| false).unwrap();
    let (mut scratch, mut seen) = (Scratch::default(), Vec::new());
    for unit in units(&found.files) {
        let done = read(&found.files[0], unit.part, &mut scratch, &mut |_, block| {
            records(&block, &mut |_, record| {
                seen.push(String::from_utf8_lossy(record).into_owned());
            });
        });
        assert_eq!(done[0].error, None);
        let _ = fs::rename(&path, folder.path().join("falco.log.1"));
    }
    assert!(seen == expected, "{} of {} records", seen.len(), expected.len());
    // Whoever opens it anew is told that it is gone.
    let again = Again::default().read(&found.files[0], 0, 1);
    assert_eq!(again.unwrap(), b"{", "as long as it is held, it is not opened anew");
    drop(scratch);
    let error = Again::default().read(&found.files[0], 0, 1).unwrap_err().to_string();
    assert!(error.contains("run again"), "{error}");
}

#[test]
fn a_file_that_becomes_shorter_while_it_is_read_is_said_to() {
    let (_folder, path, _) = of_several_units();
    let found = find(std::slice::from_ref(&path), Limits::default(), &|_| false).unwrap();
    let mut scratch = Scratch::default();
    let errors = units(&found.files).into_iter().map(|unit| {
        let mut done = read(&found.files[0], unit.part, &mut scratch, &mut |_, _| ());
        fs::File::create(&path).unwrap();
        done.remove(0).error
    });
    let errors: Vec<_> = errors.collect();
    assert_eq!(errors[0], None);
    assert!(errors.len() > 2);
    for error in &errors[1..] {
        assert!(error.as_ref().is_some_and(|error| error.contains("missing, or counted twice")));
    }
}

#[test]
fn lists_nested_too_deeply_are_given_up() {
    let deep = |open: &str| open.repeat((MAX_RECORD + (1 << 20)) / open.len());
    for text in [deep("["), deep("[{\"data\":"), deep("{\"data\":[")] {
        let (_folder, path) = written("falco.json", format!("{text}\n{{}}\n").as_bytes());
        let found = find(std::slice::from_ref(&path), Limits::default(), &|_| false).unwrap();
        let (mut layouts, mut bytes) = (Vec::new(), 0);
        read(&found.files[0], Part::Whole, &mut Scratch::default(), &mut |_, block| {
            layouts.push(block.layout);
            bytes += block.bytes.len();
        });
        assert_eq!(bytes, text.len() + 4);
        layouts.retain(|layout| *layout != Layout::Frame);
        assert_eq!(layouts, [Layout::Deep, Layout::Deep, Layout::Lines], "{}", &text[..10]);
    }
}

#[test]
fn a_stray_quote_costs_no_more_than_its_element() {
    let object = |number: usize| {
        format!(
            "{{\"host\":\"a\",\"fields\":{{\"n\":{number},\"t\":\"a{{b}}\"}},\"tags\":[\"x\"],\"rule\":\"{}\"}}",
            "r".repeat(80)
        )
    };
    let mut list: Vec<_> = (0..40_000).map(object).collect();
    for at in [0, 20_000, 39_999] {
        list[at].insert(4, '"');
    }
    let text = format!("[{}]\n", list.join(","));
    let (_folder, path) = written("falco.json", text.as_bytes());
    let seen = seen(&path, Limits::default()).remove(0).1;
    let whole: Vec<_> = seen.iter().filter(|record| record.starts_with("{\"host")).collect();
    let expected: Vec<_> = list.iter().filter(|object| object.starts_with("{\"host")).collect();
    assert!(whole == expected, "{} of {} elements", whole.len(), expected.len());
    assert_eq!(seen.len() - whole.len(), 3 * 3, "{:?}", &seen[..4]);
}
