//! Every record is accounted for, whatever mixture of good, broken and foreign lines comes.

use std::{collections::BTreeMap, fs};

use proptest::prelude::*;

use crate::support::{Counts, config, counts, kinds, report};

/// A line, and what it should count as.
#[derive(Clone, Debug)]
enum Line {
    Alert { rule: u8, host: u8, serial: u32 },
    Sensor(u32),
    Rejected(&'static str),
    Text(&'static str),
}

const REJECTED: &[&str] = &[
    r#"{"hostname":"h","output":"cut in the mid"#,
    r#"{"rule":"no time"}"#,
    r#"{"time":"2026-11-16T10:00:00Z"}"#,
    r#"{"rule":"R","time":"yesterday"}"#,
    r#"{"rule":"R","time":"2026-11-16T10:00:00Z","output_fields":{"n":1e999}}"#,
    "\0\0\0\0",
    "42",
    "[]",
    r#"le","time":"2026-11-16T10:00:00Z","source":"syscall"}"#,
];

const TEXT: &[&str] = &[
    "",
    "   ",
    "Falco version: 0.44.1 (x86_64)",
    "2026-11-16T10:00:00+0000: [libs]: container: ok",
    "Events detected: 3",
    "a line of some other program",
    "<html><body>502</body></html>",
];

fn line() -> impl Strategy<Value = Line> {
    prop_oneof![
        6 => (0_u8..5, 0_u8..4, any::<u32>())
            .prop_map(|(rule, host, serial)| Line::Alert { rule, host, serial }),
        1 => any::<u32>().prop_map(Line::Sensor),
        2 => prop::sample::select(REJECTED).prop_map(Line::Rejected),
        2 => prop::sample::select(TEXT).prop_map(Line::Text),
    ]
}

/// Distinct in every file, so that none is a duplicate of another.
fn written(line: &Line, file: usize) -> String {
    match line {
        Line::Alert { rule, host, serial } => format!(
            r#"{{"hostname":"host-{host}","output":"10:00:00.0: Notice no {serial} of {file}","priority":"Notice","rule":"Rule {rule}","source":"syscall","tags":["a"],"time":"2026-11-{:02}T10:{:02}:00.{:09}Z","output_fields":{{"proc.name":"p{}","proc.pid":{serial}}}}}"#,
            16 + serial % 7,
            serial % 60,
            serial % 1_000_000_000,
            serial % 9,
        ),
        Line::Sensor(serial) => format!(
            r#"{{"hostname":"h","output":"Falco internal: x","output_fields":{{}},"priority":"Debug","rule":"Falco internal: timeouts notification","time":"2026-11-16T10:00:00.{:09}Z"}}"#,
            serial % 1_000_000_000,
        ),
        Line::Rejected(text) | Line::Text(text) => (*text).to_owned(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn sums_and_groups_are_right(files in prop::collection::vec(prop::collection::vec(line(), 0..40), 1..5)) {
        let folder = tempfile::tempdir().unwrap();
        let mut expected = Counts::new();
        let mut kind: BTreeMap<&str, u64> = BTreeMap::new();
        for (number, lines) in files.iter().enumerate() {
            let text: String = lines.iter().map(|line| written(line, number) + "\n").collect();
            fs::write(folder.path().join(format!("{number}.log")), text).unwrap();
            for line in lines {
                let name = match line {
                    Line::Alert { rule, host, .. } => {
                        *expected.entry((format!("Rule {rule}"), format!("host-{host}"))).or_default() += 1;
                        "alerts"
                    }
                    Line::Sensor(_) => "sensor",
                    Line::Rejected(_) => "rejected",
                    Line::Text(_) => "text",
                };
                *kind.entry(name).or_default() += 1;
            }
        }
        let of = |name: &str| kind.get(name).copied().unwrap_or(0);
        for jobs in [1, 4] {
            let report = report(folder.path(), &config(jobs));
            prop_assert_eq!(report.accounting.records, kinds(&report));
            prop_assert_eq!(report.accounting.records, kind.values().sum::<u64>());
            prop_assert_eq!(report.accounting.alerts, of("alerts"));
            prop_assert_eq!(report.accounting.sensor, of("sensor"));
            prop_assert_eq!(report.accounting.rejected, of("rejected"));
            prop_assert_eq!(report.accounting.other_text, of("text"));
            prop_assert_eq!(&counts(&report), &expected);
        }
    }

    #[test]
    fn a_record_in_two_files_counts_as_often_as_in_the_one_that_has_it_most(
        copies in prop::collection::vec((0_usize..4, 0_usize..4), 1..12),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let (mut texts, mut expected) = ([String::new(), String::new()], 0);
        for (serial, (left, right)) in (0_u32..).zip(&copies) {
            let text = written(&Line::Alert { rule: 1, host: 1, serial }, 0) + "\n";
            texts[0] += &text.repeat(*left);
            texts[1] += &text.repeat(*right);
            expected += (*left).max(*right) as u64;
        }
        for (number, text) in texts.iter().enumerate() {
            fs::write(folder.path().join(format!("{number}.log")), text).unwrap();
        }
        let counted = report(folder.path(), &config(2));
        prop_assert_eq!(counted.accounting.alerts, expected);
        prop_assert_eq!(counted.accounting.records, kinds(&counted));
    }
}
