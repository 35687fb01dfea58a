use super::*;
use crate::normalise::{Context, Sources, line};

const SHELL: &str = "A shell was spawned in a container with an attached terminal | \
                     evt_type=execve user=root process=sh command=sh -lc id terminal=34816 \
                     container_id=0a1b2c3d4e5f container_name=web k8s_ns_name=shop";

/// Reads a line of a file whose path holds a date, and gives the only outcome to `look`.
fn dated(text: &str, date: &str, look: impl FnOnce(&Alert<'_>)) {
    let sources = Sources::default();
    let context = Context { date: date.parse().ok(), ..Context::new(&sources) };
    let mut look = Some(look);
    line(text, &context, &mut |_, outcome| match outcome {
        Outcome::Alert(alert) | Outcome::Sensor(alert) => {
            look.take().expect("only one alert")(&alert);
        }
        outcome => panic!("{text}: {outcome:?}"),
    });
    assert!(look.is_none(), "no alert in {text}");
}

#[test]
fn an_alert_in_text_has_its_rule_and_fields() {
    dated(&format!("10:34:50.502309868: Notice {SHELL}"), "2026-11-18", |alert| {
        assert_eq!(alert.rule, "Terminal shell in container");
        assert_eq!(alert.rule_from, RuleFrom::MessagePrefix);
        assert_eq!(alert.priority, Priority::Notice);
        assert_eq!(alert.time.to_string(), "2026-11-18T10:34:50.502309868Z");
        assert_eq!(alert.message(), SHELL);
        assert_eq!(alert.field("proc.cmdline"), Some("sh -lc id"));
        assert_eq!(alert.field("k8s.ns.name"), Some("shop"));
        assert_eq!(alert.shape.to_string(), "falco text dated by its file's name");
    });
}

#[test]
fn a_date_in_the_record_counts_before_all_others() {
    let text = format!("2026-11-16T23:30:00.1+0200: Notice {SHELL}");
    dated(&text, "2026-11-18", |alert| {
        assert_eq!(alert.time.to_string(), "2026-11-16T21:30:00.100000000Z");
    });
    let text = format!("2026-11-16T21:30:00.5Z stdout F 21:30:00.1: Notice {SHELL}");
    dated(&text, "2026-11-18", |alert| {
        assert_eq!(alert.time.to_string(), "2026-11-16T21:30:00.100000000Z");
        assert_eq!(alert.shape.to_string(), "cri + falco text");
    });
    let text = format!("Nov 17 00:00:01 node-1 falco[9]: 23:59:59.9: Notice {SHELL}");
    dated(&text, "2026-11-18", |alert| {
        assert_eq!(alert.time.to_string(), "2026-11-16T23:59:59.900000000Z");
        assert_eq!(alert.wrapper_host.as_deref(), Some("node-1"));
    });
}

#[test]
fn without_any_date_it_is_rejected() {
    let sources = Sources::default();
    for prefix in ["", "127:", "Nov 17 00:00:01 node-1 falco[9]: ", "[pod/falco-x/falco] "] {
        let text = format!("{prefix}10:34:50.502309868: Notice {SHELL}");
        let mut reasons = Vec::new();
        line(&text, &Context::new(&sources), &mut |_, outcome| match outcome {
            Outcome::Rejected(reason) => reasons.push(reason),
            outcome => panic!("{outcome:?}"),
        });
        assert_eq!(reasons, [Reason::TextAlert], "{text}");
    }
}

#[test]
fn a_file_that_grep_names_dates_what_it_holds() {
    let text = format!("logs/falco-2026-11-16.log:12:10:34:50.5: Notice {SHELL}");
    dated(&text, "2026-11-18", |alert| {
        assert_eq!(alert.time.to_string(), "2026-11-16T10:34:50.500000000Z");
    });
}

#[test]
fn an_escaped_message_is_read_as_it_was() {
    let text = r#"10:00:00.0: Warning Odd (command=sh -c \"id\\n\"\u001b file=/a)"#;
    dated(text, "2026-11-18", |alert| {
        assert_eq!(alert.field("proc.cmdline"), Some("sh -c \"id\\n\"\u{1b}"));
        assert_eq!(alert.field("fd.name"), Some("/a"));
    });
    // The same from a Falco that does not escape.
    let text = r#"10:00:00.0: Warning Odd (command=sh -c "id\n" file=/a)"#;
    dated(text, "2026-11-18", |alert| {
        assert_eq!(alert.field("proc.cmdline"), Some(r#"sh -c "id\n""#));
    });
}

#[test]
fn an_alert_is_found_behind_what_it_interrupted() {
    let text = format!("10:00:00.0 Noti13:00:47.102841198: Notice {SHELL}");
    dated(&text, "2026-11-18", |alert| {
        assert_eq!(alert.time.to_string(), "2026-11-18T13:00:47.102841198Z");
    });
    let text = format!("falco said 2026-11-16T21:30:00.5+0000: Notice {SHELL}");
    dated(&text, "2026-11-18", |alert| {
        assert_eq!(alert.time.to_string(), "2026-11-16T21:30:00.500000000Z");
    });
}

#[test]
fn only_a_message_without_a_value_yet_is_known_to_break_off() {
    for (message, rest) in [
        ("A shell was spawned in a containe10:34:50.5: Notice x", Some("10:34:50.5: Notice x")),
        ("K8s Role Crea{\"output\":1}", Some("{\"output\":1}")),
        (
            "A shell was spawned in a container with an attached terminal | user=10:34:50.5: Notice x",
            Some(" | user=10:34:50.5: Notice x"),
        ),
        ("My own words 10:34:50.5: Notice x", None),
        ("A shel10:34:50.5: Notice x", None),
        ("A shell wéas", Some("éas")),
    ] {
        let text = format!("10:34:50.5: Notice {message}");
        assert_eq!(head(&text).and_then(|head| head.broken_off()), rest, "{message}");
    }
    let text = format!("10:00:00.0: Notice {SHELL} args=10:00:01.0: Critical Forged thing");
    dated(&text, "2026-11-18", |alert| assert!(alert.message().ends_with("Forged thing")));
}

#[test]
fn a_long_line_is_searched_in_one_pass() {
    assert_eq!(find(&"x: ".repeat(1 << 19)), None);
}

#[test]
fn falcos_own_message_is_one_in_text_too() {
    let text = "15:28:24.000207862: Critical Falco internal: syscall event drop. 1 dropped.(n=1)";
    dated(text, "2026-11-18", |alert| {
        assert_eq!(alert.rule, "Falco internal: syscall event drop");
    });
}

#[test]
fn a_head_is_a_clock_and_a_priority() {
    for text in ["10:34:50.502309868: Notice A shell", "2016-08-04T16:17:57.8+0000: Warning x"] {
        assert!(head(text).is_some(), "{text}");
    }
    for text in [
        "10:34:50.502309868: Shell",
        "Notice: x",
        "10:34:50: Notice x",
        "25:34:50.1: Notice x",
        "é10:34:50.1: Notice x",
        "10:34:50.1é: Notice x",
        "",
    ] {
        assert!(head(text).is_none(), "{text}");
    }
}

#[test]
fn a_program_that_logs_in_columns_is_no_table_of_alerts() {
    let row = |columns: [&str; 3]| format!("2026-11-18T10:00:00Z\t{}", columns.join("\t"));
    let sources = Sources::default();
    for columns in [
        ["INFO", "setup", "starting manager"],
        ["ERROR", "controller.falco", "Reconciler error\t{\"name\":\"x\"}"],
        ["Warning", "FailedMount", "MountVolume.SetUp failed"],
        ["warning", "Terminal shell in container", "A shell"],
    ] {
        line(&row(columns), &Context::new(&sources), &mut |_, outcome| {
            assert!(matches!(outcome, Outcome::UnknownText), "{columns:?}: {outcome:?}");
        });
    }
    // What falcosidekick-ui shows has no time and no priority at its front.
    dated(&row(["Warning", "Terminal shell in container", SHELL]), "2026-11-01", |alert| {
        assert_eq!(alert.rule_from, RuleFrom::Record);
    });
    let logged = format!("10:00:00.5: Notice {SHELL}");
    dated(&row(["INFO", "main.go:10", &logged]), "2026-11-01", |alert| {
        assert_eq!(alert.rule, "Terminal shell in container");
        assert_eq!(alert.time.to_string(), "2026-11-18T10:00:00.500000000Z");
        assert_eq!(alert.shape.to_string(), "text + falco text");
    });
}

#[test]
fn a_wrapper_tells_the_time_in_its_own_way() {
    let alert = format!("02:04:16.5: Notice {SHELL}");
    for text in [
        format!("2026-11-18T02:04:17Z\t{{app=\"falco\"}}\t{alert}"),
        format!("kube.falco: [1794967456.5, {{\"stream\":\"stdout\",\"log\":\"{alert}\"}}]"),
        format!("[0] kube.falco: [[1794967456.5, {{}}], {{\"log\":\"{alert}\"}}]"),
        format!("EVENTS\t1794967456600\t{alert}\t1794967456500"),
        format!("[2026-11-18T02:04:16,600][INFO ][o.e.x] [node-1] {alert}"),
        format!("2026 Nov 18 02:04:16 node-1 falco[9]: {alert}"),
        format!("Wed 2026-11-18 03:04:16 CET node-1 falco[9]: {alert}"),
        format!("Wed 2026-11-18 03:04:16 CET node-1 falco[9]: 03{}", &alert[2..]),
        format!("Wed 2026-11-18 07:34:16 IST node-1 falco[9]: {alert}"),
        format!("2026-11-18 03:04:16 node-1 falco[9]: {alert}"),
    ] {
        dated(&text, "2026-11-01", |alert| {
            assert_eq!(alert.time.to_string(), "2026-11-18T02:04:16.500000000Z", "{text}");
            assert_eq!(alert.field("k8s.ns.name"), Some("shop"), "{text}");
        });
    }
}

#[test]
fn a_table_of_four_columns_is_read() {
    let text = format!("1:2026-11-18T10:00:00Z\tWarning\tMy rule\t10:00:00.0: Warning {SHELL}");
    dated(&text, "2026-11-01", |alert| {
        assert_eq!(alert.rule, "My rule");
        assert_eq!(alert.time.to_string(), "2026-11-18T10:00:00.000000000Z");
        assert_eq!(alert.rule_from, RuleFrom::Record);
    });
}
