use super::*;
use crate::normalise::{Context, Sources};

/// A line, what is left of it, the host that its prefixes name, and the outermost of them.
const LINES: &[(&str, &str, Option<&str>, &str)] = &[
    ("Nov 18 02:04:16 node-09 falco[912]: {\"a\":1}", "{\"a\":1}", Some("node-09"), "syslog"),
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
    ("2026-07-29 13:55:08.5 {}", "{}", None, "timestamps"),
    ("Jul 29 13:55:08 13:55:07.4: Notice A", "13:55:07.4: Notice A", None, "timestamps"),
    ("build\tRun it\t\u{feff}2026-07-29T13:55:08.1Z {}", "{}", None, "timestamps"),
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
