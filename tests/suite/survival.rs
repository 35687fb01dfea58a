//! Whatever stands in a log, a run ends, everything is accounted for, and pages are made.

use alertbook::{Logs, Surroundings, config::Config, report::Accounting, time::Zone};
use proptest::prelude::*;

use crate::program::Desk;

/// One record of every form that is read, to be damaged.
const FORMS: [&str; 26] = [
    r#"{"hostname":"node-1","output":"10:00:00.000000001: Notice Odd shell (user=root)","output_fields":{"evt.time":1794992400000000001,"proc.aname[2]":"sshd","user.name":"root"},"priority":"Notice","rule":"Odd shell","source":"syscall","tags":["T1059","container"],"time":"2026-11-18T10:00:00.000000001Z"}"#,
    r#"{"rule":"Odd shell","output_fields":{"evt.time":1794992400000000001}}"#,
    r#"{"rule":"Falco internal: syscall event drop","priority":"Debug","output":"x","output_fields":{"n_drops":"2"},"time":"2026-11-18T10:00:00Z"}"#,
    r#"{"sample":3,"output_fields":{"falco.version":"0.44.0"}}"#,
    r#"[{"rule":"a","output":"b","time":"2026-11-18T10:00:00Z"},{"rule":"a","output":"c","time":"2026-11-18T10:00:01Z"}]"#,
    r#"<14>Nov 18 10:00:00 node-1 falco[912]: {"rule":"a","output":"b","time":"2026-11-18T10:00:00Z"}"#,
    r#"<12>1 2026-11-18T10:00:00Z node-1 falco 912 - [a b="c"] {"rule":"a","output":"b","time":"2026-11-18T10:00:00Z"}"#,
    r#"[pod/falco-x2k7q/falco] 2026-11-18T10:00:00.1Z {"rule":"a","output":"b","time":"2026-11-18T10:00:00Z"}"#,
    r#"2026-11-18T10:00:00.1Z stdout F {"rule":"a","output":"b","time":"2026-11-18T10:00:00Z"}"#,
    r#"2026-11-18T10:00:00.1Z stdout P {"rule":"a","output":"b","ti"#,
    r#"{"log":"{\"rule\":\"a\",\"output\":\"b\",\"time\":\"2026-11-18T10:00:00Z\"}\n","stream":"stdout","time":"2026-11-18T10:00:00.1Z"}"#,
    r#"{"log":"10:00:00.000000001: Notice Odd shell (user=root file=/etc/x)","stream":"stderr","time":"2026-11-18T10:00:00.1Z"}"#,
    r#"falco.log:128:{"rule":"a","output":"b","time":"2026-11-18T10:00:00Z"}"#,
    r"falco-1  | 2026-11-18T10:00:00.1+0100: Warning Odd shell | user=root command=sh -c id",
    r"10:00:00.000000001: Critical Odd shell (user=root command=sh)",
    r#"{"_index":"falco","_source":{"rule":"a","output":"b","@timestamp":"2026-11-18T10:00:00Z"}}"#,
    r#"{"hits":{"total":1,"hits":[{"_source":{"rule":"a","output":"b","time":"2026-11-18T10:00:00Z"}}]}}"#,
    r#"{"streams":[{"stream":{"rule":"a","priority":"Notice","hostname":"n"},"values":[["1794992400000000001","{\"output\":\"b\"}"]]}]}"#,
    r#"{"labels":"{rule=\"a\", hostname=\"n\"}","entries":[{"ts":"2026-11-18T10:00:00Z","line":"10:00:00.1: Notice x"}]}"#,
    r#"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1794992400000000001","body":{"stringValue":"10:00:00.1: Notice Odd (user=root)"},"attributes":[{"key":"rule","value":{"stringValue":"a"}}]}]}]}]}"#,
    r#"{"timestamp":"2026-11-18T10:00:01.000+0000","rule":{"level":7},"agent":{"name":"n2"},"decoder":{"name":"json"},"data":{"output":"x","rule":"a","priority":"Notice","time":"2026-11-18T10:00:00Z"}}"#,
    r#"{"MESSAGE":"{\"rule\":\"a\",\"output\":\"b\"}","_HOSTNAME":"n2","__REALTIME_TIMESTAMP":"1794992400000001"}"#,
    r#"{"logEvents":[{"timestamp":1794992400001,"message":"{\"rule\":\"a\",\"output\":\"b\"}"}]}"#,
    r#"{"records":[{"value":"eyJydWxlIjoiYSIsIm91dHB1dCI6ImIiLCJ0aW1lIjoiMjAyNi0xMS0xOFQxMDowMDowMFoifQ=="}]}"#,
    r"CEF:0|Falcosecurity|Falcosidekick|1.0|Falco Event|a|Medium|rt=2026-11-18T10:00:00Z dvchost=n msg=10:00:00.1: Notice x",
    r#"{"message":"10:00:00.000000001: Error Odd shell (user=root)","timestamp":1794992400.25,"host":{"name":"n"}}"#,
];

/// What is put in place of a stretch.
const TOKENS: [&[u8]; 24] = [
    b"",
    b"\"",
    b"\\",
    b"\\ud800",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\n",
    b"\r",
    b"\0",
    b"\xff",
    b"null",
    b"1e999",
    b"-1",
    b"99999999999999999999999999999",
    b"9999-12-31T23:59:59.9-23:59",
    b"0000-01-01T00:00:00+23:59",
    "ééééééééééééé".as_bytes(),
    "\u{202e}🦀\u{feff}".as_bytes(),
    b"{\"rule\":\"x\",\"time\":\"2026-11-18T10:00:00Z\",\"output\":\"y\"}",
    b" | =() <b>",
];

/// A record of some form with some of its stretches replaced.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let cut = (any::<prop::sample::Index>(), 0_usize..14, prop::sample::select(&TOKENS[..]));
    let cuts = prop::collection::vec(cut, 0..4);
    (prop::sample::select(&FORMS[..]), cuts).prop_map(|(form, cuts)| {
        let mut bytes = form.as_bytes().to_vec();
        for (at, length, token) in cuts {
            let start = at.index(bytes.len() + 1);
            let end = (start + length).min(bytes.len());
            bytes.splice(start..end, token.iter().copied());
        }
        bytes
    })
}

fn kinds(all: &Accounting) -> u64 {
    all.alerts
        + all.duplicates
        + all.outside_period
        + all.below_priority
        + all.sensor
        + all.other_text
        + all.rejected
}

fn around() -> Surroundings<'static> {
    Surroundings { generated: None, progress: &|_| (), program: None }
}

#[test]
fn times_that_no_page_can_show_are_rejected() {
    let lines = [
        r#"{"rule":"r","output_fields":{"evt.time":9000000000000000000000000000}}"#,
        r#"{"rule":"r","output_fields":{"evt.time":-9000000000000000000000000000}}"#,
        r#"{"rule":"r","output":"o","time":"9999-12-31T23:59:59-23:59"}"#,
        r#"{"rule":"r","output":"o","time":"0000-01-01T00:00:00Z"}"#,
        r#"{"rule":"r","output":"o","time":"0001-01-01T00:00:00+23:59"}"#,
        r#"{"log":"23:59:59.0: Error x (a=b)\n","stream":"stdout","time":"9999-12-31T23:59:59-23:59"}"#,
        r#"{"message":"10:00:00.0: Error x (a=b)","timestamp":"1.ééééééé"}"#,
    ];
    let good = [
        r#"{"rule":"r","output":"o","time":"0001-01-01T00:00:00Z"}"#,
        r#"{"rule":"r","output":"o","time":"9999-12-31T23:59:59.999999999Z"}"#,
        r#"<14>Nov 99999999999999999999 10:00:00 n falco: {"rule":"r","output":"o","time":"2026-11-18T10:00:00Z"}"#,
    ];
    let desk = Desk::with_log(&([lines.join("\n"), good.join("\n")].join("\n") + "\n"));
    for zone in ["Pacific/Kiritimati", "Pacific/Pago_Pago"] {
        let report = desk.build(&["--timezone", zone]);
        assert_eq!(report["accounting"]["rejected"], 7, "{}", report["quality"]["rejected"]);
        assert_eq!(report["accounting"]["alerts"], 3);
    }
}

/// So many cases, and no file of failures among the tests.
fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn any_records_are_accounted_for(records in prop::collection::vec(damaged(), 1..12)) {
        let desk = Desk::new();
        let logs = desk.write("logs/falco.log", records.join(&b'\n'));
        let checked =
            alertbook::check(Logs::Paths(vec![logs]), &Config::default(), &around())
                .map_err(|error| TestCaseError::fail(error.to_string()))?;
        let report = &checked.report;
        prop_assert_eq!(report.accounting.records, kinds(&report.accounting));
        prop_assert_eq!(report.accounting.rejected, checked.rejects().listed().len() as u64);
        let grouped: u64 = report.incidents.iter().map(|incident| incident.count).sum();
        prop_assert_eq!(report.accounting.alerts, grouped);
    }
}

proptest! {
    // Each writes a site.
    #![proptest_config(cases(16))]

    #[test]
    fn any_records_become_pages(
        records in prop::collection::vec(damaged(), 8..40),
        zone in prop::sample::select(&["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"][..]),
    ) {
        let desk = Desk::new();
        let logs = desk.write("logs/falco.log", records.join(&b'\n'));
        let timezone = Zone::named(zone).expect("a zone");
        let config = Config { timezone, allow_empty: true, ..Config::default() };
        let site = desk.path().join("site");
        alertbook::build(Logs::Paths(vec![logs]), &site, &config, &around())
            .map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert!(site.join("index.html").exists());
    }
}
