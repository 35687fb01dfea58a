use super::*;
use crate::normalise::{Context, Sources};

/// A line, what is left of it, the host that its prefixes name, and the outermost of them.
const LINES: &[(&str, &str, Option<&str>, &str)] = &[
    ("Nov 18 02:04:16 node-09 falco[912]: {\"a\":1}", "{\"a\":1}", Some("node-09"), "syslog"),
    ("Nov  8 02:04:16 größe-1 falco: x", "x", Some("größe-1"), "syslog"),
    ("Nov  8 02:04:16 node-09 falco: x", "x", Some("node-09"), "syslog"),
    ("Nov  8 02:04:16.123456 node-09 falco: x", "x", Some("node-09"), "syslog"),
    ("Aug 30 15:24:42 tag[1737]: msg", "msg", None, "syslog"),
    ("<4>2024-08-07T13:49:51Z a72f Falco[1]: {}", "{}", Some("a72f"), "syslog"),
    ("<14>Nov 18 02:04:16 h falco: y", "y", Some("h"), "syslog"),
    ("2026-11-18T02:04:16.5+01:00 h falco[9]: y", "y", Some("h"), "syslog"),
    ("<12>1 2026-11-18T02:04:16Z n1 falco 912 - - y", "y", Some("n1"), "syslog"),
    ("<12>1 2026-11-18T02:04:16Z - falco - - [a b=\"]\\\"\"][c] \u{feff}y", "y", None, "syslog"),
    (
        "[pod/falco-x/falco] 2026-07-29T13:55:07.4Z 13:55:07.4: Notice A",
        "13:55:07.4: Notice A",
        None,
        "kubectl",
    ),
    ("[pod/falco-x/falco] {}", "{}", None, "kubectl"),
    ("2026-02-24T05:30:12.345Z stdout F {}", "{}", None, "cri"),
    ("2026-02-24T05:30:12.345Z {}", "{}", None, "timestamps"),
    ("2026-02-24T05:30:12.345Z [libs]: x", "[libs]: x", None, "timestamps"),
    (
        "2026-07-29T13:55:08.1Z [pod/falco-x/falco] 13:55:07.4: Notice A",
        "13:55:07.4: Notice A",
        None,
        "timestamps",
    ),
    (
        "2026-07-29T13:55:08.1Z 2026-07-29T13:55:07.4Z 13:55:07.4: Notice A",
        "13:55:07.4: Notice A",
        None,
        "timestamps",
    ),
    (
        "2026-07-29T13:55:08.1Z <13>1 2026-07-29T13:55:07Z n1 falco 3 - - y",
        "y",
        Some("n1"),
        "timestamps",
    ),
    ("[2026-07-29T13:55:08.1Z] 13:55:07.4: Notice A", "13:55:07.4: Notice A", None, "timestamps"),
    ("[2026-07-29 13:55:08] {}", "{}", None, "timestamps"),
    ("[2026-07-29 13:55:08 +0000] [7] {}", "[7] {}", None, "timestamps"),
    ("[2026-07-29T13:55:08,123][INFO ] {}", "[INFO ] {}", None, "timestamps"),
    ("[2026-07-29T13:55:08Z]{}", "[2026-07-29T13:55:08Z]{}", None, ""),
    ("2026-07-29 13:55:08.5 {}", "{}", None, "timestamps"),
    ("Jul 29 13:55:08 13:55:07.4: Notice A", "13:55:07.4: Notice A", None, "timestamps"),
    ("build\tRun it\t\u{feff}2026-07-29T13:55:08.1Z {}", "{}", None, "timestamps"),
    ("2026-07-29T13:55:08 n1 falco[9]: y", "y", Some("n1"), "syslog"),
    ("2026-07-29 13:55:08.123 n1 falco[9]: y", "y", Some("n1"), "syslog"),
    ("2026-07-29 13:55:08.123456+0200 n1 falco: y", "y", Some("n1"), "syslog"),
    ("2026-07-29 13:55:08 INFO main: y", "INFO main: y", None, "timestamps"),
    ("2026-07-29 13:55:08 main job[x]: y", "main job[x]: y", None, "timestamps"),
    ("2026-07-29 13:55:08,123 INFO main[9]: y", "INFO main[9]: y", None, "timestamps"),
    ("2026 Nov 18 02:04:16 n1 falco[9]: y", "y", Some("n1"), "syslog"),
    ("[123456.123456] n1 falco[9]: y", "y", Some("n1"), "syslog"),
    ("[  123.123456] n1 falco: y", "y", Some("n1"), "syslog"),
    ("Nov 18 02:04:16 alpine user.notice falco[9]: y", "y", Some("alpine"), "syslog"),
    ("Nov 18 02:04:17 relay Nov 18 02:04:16 n1 falco[9]: y", "y", Some("n1"), "syslog"),
    ("Nov 18 02:04:17 relay <3>2026-11-18T02:04:16Z n1 Falco[1]: y", "y", Some("n1"), "syslog"),
    ("2026-11-18T02:04:17Z relay Nov 18 02:04:16 n1 falco: y", "y", Some("n1"), "syslog"),
    ("127:{}", "{}", None, "numbered lines"),
    ("falco.log:10:34:50.5: Notice x", "10:34:50.5: Notice x", None, "numbered lines"),
    ("falco.log-12-10:34:50.5: Notice x", "10:34:50.5: Notice x", None, "numbered lines"),
    ("12:10:34:50.5: Notice x", "10:34:50.5: Notice x", None, "numbered lines"),
    ("falco-log-{\"output\":1}", "{\"output\":1}", None, "numbered lines"),
    ("12-Nov 18 02:04:16 n1 falco: y", "y", Some("n1"), "numbered lines"),
    ("/var/log/syslog-Nov 18 02:04:16 n1 falco: y", "y", Some("n1"), "numbered lines"),
    ("2026-11-18/syslog:3:Nov 18 02:04:16 n1 falco: y", "y", Some("n1"), "numbered lines"),
    ("10:34:50.5: Notice Read a.txt:12: x", "10:34:50.5: Notice Read a.txt:12: x", None, ""),
    ("C:\\logs\\falco.log:35:{}", "{}", None, "numbered lines"),
    ("logs/falco.log:35:10:34:50.5: Notice x", "10:34:50.5: Notice x", None, "numbered lines"),
    ("127:Nov 18 02:04:16 h falco: y", "y", Some("h"), "numbered lines"),
    ("falco-1  | {}", "{}", None, "docker"),
    ("57 <13>1 2026-11-18T02:04:16Z n1 falco 9 - - y", "y", Some("n1"), "syslog"),
    ("Wed 2026-11-18 02:04:16 CET n1 falco[9]: y", "y", Some("n1"), "syslog"),
    ("1794992656.123456 n1 falco[9]: y", "y", Some("n1"), "syslog"),
    (
        "falco-vf8rj falco 2026-11-18T02:04:16Z 02:04:16.5: Notice x",
        "02:04:16.5: Notice x",
        None,
        "kubectl",
    ),
    ("falco falco-vf8rj falco 02:04:16.5: Notice x", "02:04:16.5: Notice x", None, "kubectl"),
    ("falco-vf8rj falco is here", "falco-vf8rj falco is here", None, ""),
    ("plain text", "plain text", None, ""),
    ("10:34:50.5: Notice x", "10:34:50.5: Notice x", None, ""),
];

#[test]
fn prefixes_come_off() {
    let sources = Sources::default();
    let context = Context::new(&sources);
    for (line, rest, host, wrapper) in LINES {
        let (stripped, envelope) = strip(line, Envelope::bare(&context));
        assert_eq!(
            (stripped, envelope.host, envelope.wrapper.name()),
            (*rest, *host, *wrapper),
            "{line}"
        );
    }
}

#[test]
fn a_prefix_is_found_before_its_record() {
    for (torn, prefix) in [
        ("{\"a\":\"b", "Nov 18 02:04:16 n1 falco[9]: "),
        ("{\"a\":12", "<13>1 2026-11-18T02:04:16Z n1 falco 9 - - "),
        ("{\"a\":12", "2026-11-18T02:04:16Z stdout F "),
        ("{\"a\":\"é", "Nov 18 02:04:17 relay Nov 18 02:04:16 n1 falco: "),
        ("{\"time\":\"10:", ""),
        ("{\"a\":\"said: ", ""),
    ] {
        let text = format!("{torn}{prefix}{{}}");
        assert_eq!(before(&text, 1, text.len() - 2), torn.len(), "{text}");
    }
}

#[test]
fn a_cri_line_is_a_piece_or_whole() {
    let read = |text| piece(text).map(|piece| (piece.stream, piece.partial, piece.rest));
    assert_eq!(read("stdout P abc"), Some(("stdout", true, "abc")));
    assert_eq!(read("stderr F "), Some(("stderr", false, "")));
    assert_eq!(read("stdout F"), Some(("stdout", false, "")));
    assert_eq!(read("stdout x"), None);
}

#[test]
fn a_zone_counts_where_its_name_means_one() {
    let sources = Sources::default();
    let context = Context::new(&sources);
    for (zone, expected) in [
        ("UTC", "Instant(2026-11-18T02:04:16"),
        ("CET", "Instant(2026-11-18T01:04:16"),
        ("EST", "Instant(2026-11-18T07:04:16"),
        ("-03", "Instant(2026-11-18T05:04:16"),
        ("+0530", "Instant(2026-11-17T20:34:16"),
        ("IST", "Local(2026-11-18T02:04:16"),
        ("XYZ", "Local(2026-11-18T02:04:16"),
    ] {
        let line = format!("Wed 2026-11-18 02:04:16 {zone} n1 falco[9]: y");
        let (_, envelope) = strip(&line, Envelope::bare(&context));
        let told = match envelope.moment {
            Moment::Instant(time) => format!("Instant({time}"),
            Moment::Local(time) => format!("Local({time}"),
            other => format!("{other:?}"),
        };
        assert!(told.starts_with(expected), "{zone}: {told}");
    }
}

#[test]
fn zones_stand_once_and_in_order() {
    assert!(clock::ZONES.is_sorted_by(|a, b| a.0 < b.0));
}

#[test]
fn a_time_may_stand_aside() {
    let aside = |front| {
        Envelope::bare(&Context::new(&Sources::default())).told(None, aside(front)).instant()
    };
    for front in [
        "2026-11-18T02:04:16Z\tfalco.log\t",
        "2026-11-18T02:04:16Z\tINFO\tmain.go:10\talert\t",
        "kube.falco: [1794967456.000000000, ",
        "[0] kube.falco: [[1794967456.0, {}], ",
    ] {
        let time = aside(front).expect(front).to_string();
        assert_eq!(time, "2026-11-18T02:04:16.000000000Z", "{front}");
    }
    for front in ["", "a\t", "x [1, ", "[é.1, ", "[1794967456.0, {}], ["] {
        assert_eq!(aside(front), None, "{front}");
    }
}

#[test]
fn an_event_of_a_log_group_is_its_message() {
    for line in [
        "EVENTS\t1794967456000\ta\tb\t1794967455000",
        "EVENTS\t38473847\t1794967456000\tnode-1/falco\ta\tb\t1794967455000",
    ] {
        let (message, moment) = event(line).expect(line);
        let Moment::Instant(time) = moment else { panic!("{moment:?}") };
        assert_eq!((message, time.secs), ("a\tb", 1_794_967_455), "{line}");
    }
    assert!(event("EVENTS\tx").is_none() && event("EVENTS\tx\t1794967455000").is_none());
}
