use super::*;

const GOOD: &str = r#"{"hostname":"node-1","output":"ok","priority":"Notice","rule":"R","source":"syscall","tags":["a"],"time":"2026-11-16T10:00:00Z","output_fields":{"proc.name":"sh","evt.time":1763287200000000001,"x":null}}"#;

/// Reads a line of a file that tells nothing.
fn read(text: &str, emit: &mut Emit<'_>) {
    let sources = Sources::default();
    line(text, &Context::new(&sources), emit);
}

/// One word for each record of a line.
fn outcomes(text: &str) -> Vec<String> {
    let mut seen = Vec::new();
    read(text, &mut |_, outcome| {
        seen.push(match outcome {
            Outcome::Alert(alert) => format!("alert {}", alert.rule),
            Outcome::Sensor(_) | Outcome::SensorMetrics => "sensor".into(),
            Outcome::OtherText => "other".into(),
            Outcome::UnknownText => "unknown".into(),
            Outcome::Rejected(reason) => reason.name().into(),
        });
    });
    seen
}

#[test]
fn a_good_line_is_one_alert() {
    assert_eq!(outcomes(GOOD), ["alert R"]);
    assert_eq!(outcomes(&format!("\u{feff}  {GOOD}\r")), ["alert R"]);
    read(GOOD, &mut |record, outcome| {
        assert_eq!(record, GOOD);
        let Outcome::Alert(alert) = outcome else { panic!("{outcome:?}") };
        assert_eq!(alert.field("evt.time"), Some("1763287200000000001"));
        assert_eq!(alert.field("x"), None);
        assert_eq!(alert.tags, ["a"]);
        assert_eq!(alert.hostname.as_deref(), Some("node-1"));
    });
}

#[test]
fn prefixed_lines_are_alerts() {
    for prefix in [
        "Nov 18 02:04:16 node-09 falco[912]: ",
        "\0\0\0Nov 18 02:04:16 node-09 falco[912]: ",
        "syslog-Nov 18 02:04:16 node-09 falco[912]: ",
        "<4>2026-11-16T10:00:00Z h Falco[1]: ",
        "[pod/falco-x/falco] ",
        "2026-11-16T10:00:00Z stdout F ",
        "127:",
        "C:\\logs\\falco.log:35:",
        "2021/06/13 19:51:45 [DEBUG] : Falco's payload : ",
        "\u{1b}[31m",
    ] {
        assert_eq!(outcomes(&format!("{prefix}{GOOD}")), ["alert R"], "{prefix}");
    }
}

#[test]
fn quoted_and_coloured_alerts_are_alerts() {
    let json = serde_json::to_string(GOOD).unwrap();
    let csv = format!("\"{}\"", GOOD.replace('"', "\"\""));
    for line in [
        json.clone(),
        format!("1) {json}"),
        format!("{csv},2026-11-16,node"),
        GOOD.replace(',', "\u{1b}[1;39m,\u{1b}[0m").replacen('{', "\u{1b}[1;39m{", 1),
        format!("[0] kube.var.log: [[1763287200.5, {{}}], {{\"log\":{json}}}]"),
    ] {
        assert_eq!(outcomes(&line), ["alert R"], "{line}");
    }
    let found = GOOD.replace("node-1", "\u{1b}[01;31m\u{1b}[Knode\u{1b}[m\u{1b}[K-1");
    let named = format!("\u{1b}[35m\u{1b}[Kfalco.log\u{1b}[m\u{1b}[K:{found}");
    for line in [format!("{found}{GOOD}"), format!("h: {found}"), named] {
        read(&line, &mut |record, outcome| {
            assert!(line.ends_with(record));
            let Outcome::Alert(alert) = outcome else { panic!("{line}: {outcome:?}") };
            assert_eq!(alert.hostname.as_deref(), Some("node-1"));
        });
    }
    // What a value quotes is no record.
    let quoting = GOOD.replace("\"ok\"", &json);
    assert_eq!(outcomes(&format!("a: {quoting}")), ["alert R"]);
}

#[test]
fn pieces_of_a_line_are_joined() {
    let cri = |tag: &str, text: &str| format!("2026-11-16T10:00:00.1Z stdout {tag} {text}\n");
    let docker = |text: &str| {
        format!("{{\"log\":{text:?},\"stream\":\"stdout\",\"time\":\"2026-11-16T10:00:00Z\"}}\n")
    };
    let spaced = |text: &str| {
        let end = "\"stream\": \"stdout\", \"time\": \"2026-11-16T10:00:00Z\"";
        format!("{{\"log\": {text:?}, {end}}}\n")
    };
    let number = |lines: [String; 2]| {
        let lines = (7..).zip(lines).map(|(number, line)| format!("{number}:{line}"));
        lines.collect::<String>()
    };
    let text = "10:00:00.1: Notice A shell was spawned in a container with an attached terminal (user=root)";
    for (lines, rule) in [
        // CRI says whether a line goes on, whatever the next begins with.
        (
            [cri("P", "<14>1 2026-11-16T10:00:00Z n falco 9 - - "), cri("F", text)],
            "Terminal shell in container",
        ),
        ([cri("P", &GOOD[..98]), cri("F", &GOOD[98..])], "R"),
        (
            [docker(&text[..60]), docker(&format!("{}\n", &text[60..]))],
            "Terminal shell in container",
        ),
        ([docker(&GOOD[..98]), docker(&format!("{}\n", &GOOD[98..]))], "R"),
        ([spaced(&GOOD[..98]), spaced(&format!("{}\n", &GOOD[98..]))], "R"),
    ] {
        let expected = [format!("alert {rule}")];
        assert_eq!(outcomes(&lines.concat()), expected, "{lines:?}");
        assert_eq!(outcomes(&number(lines)), expected);
    }
    let job = |mark: &str, text: &str| format!("2026-11-16T10:00:00.100000Z 01O{mark}{text}\n");
    let lines = [job(" ", &GOOD[..98]), job("+", &GOOD[98..150]), job("+", &GOOD[150..])];
    assert_eq!(outcomes(&lines.concat()), ["alert R"]);
    let lines = [job(" ", &text[..20]), job("+", &text[20..])];
    assert_eq!(outcomes(&lines.concat()), ["alert Terminal shell in container"]);
    let torn = [docker(&GOOD[..98]), docker(&format!("{GOOD}\n"))];
    assert_eq!(outcomes(&number(torn)), ["truncated", "alert R"]);
    let torn = [cri("P", &GOOD[..98]), cri("F", GOOD)];
    assert_eq!(outcomes(&torn.concat()), ["truncated", "alert R"]);
}

#[test]
fn several_records_stand_on_a_line() {
    let list = format!("[{GOOD},{GOOD}]");
    assert_eq!(outcomes(&format!("{list}{list}")), ["alert R"; 4]);
    let framed = format!("57 <13>1 2026-11-16T10:00:00Z n1 falco 9 - - {GOOD}");
    assert_eq!(outcomes(&format!("{framed}{framed}")), ["alert R"; 2]);
}

#[test]
fn documents_are_saved_from_torn_and_fused_lines() {
    let json = serde_json::to_string(&format!("{GOOD}\n")).unwrap();
    let docker =
        format!("{{\"log\":{json},\"stream\":\"stdout\",\"time\":\"2026-11-16T10:00:00Z\"}}");
    assert_eq!(outcomes(&format!("{}{docker}", &docker[..90])), ["truncated", "alert R"]);
    let journal = format!("{{\"_HOSTNAME\":\"n\",\"PRIORITY\":\"5\",\"MESSAGE\":{json}}}");
    for end in [5, 14, 26, 29, 40, 80] {
        let torn = &journal[..end];
        assert_eq!(outcomes(&format!("{torn}{journal}{journal}"))[1..], ["alert R"; 2], "{torn}");
    }
    // What holds no alert is a part of what broke off.
    assert_eq!(outcomes("{\"a\":\"torn{\"b\":\"c\"}"), ["not-json"]);
    let hit = format!("{{\"_index\":\"falco\",\"_source\":{GOOD}}}");
    assert_eq!(outcomes(&format!("{}{hit}", &hit[..90])), ["truncated", "alert R"]);
}

#[test]
fn whole_alerts_are_saved_from_torn_and_fused_lines() {
    let torn = &GOOD[..60];
    assert_eq!(outcomes(&format!("{GOOD}{GOOD}")), ["alert R", "alert R"]);
    assert_eq!(outcomes(&format!("{torn}{GOOD}")), ["truncated", "alert R"]);
    assert_eq!(outcomes(&format!("{GOOD}{torn}")), ["alert R", "truncated"]);
    assert_eq!(outcomes(&format!("{GOOD} garbage")), ["alert R", "trailing-data"]);
    assert_eq!(outcomes(&format!("{GOOD} x {GOOD}")), ["alert R", "trailing-data", "alert R"]);
    assert_eq!(outcomes(&format!("[{GOOD},{GOOD}]")), ["alert R", "alert R"]);
    assert_eq!(outcomes(&format!("{GOOD},")), ["alert R"]);
    assert_eq!(outcomes(&format!("[{GOOD},{GOOD},{torn}")), ["alert R", "alert R", "truncated"]);
    assert_eq!(outcomes(&format!("[ {GOOD}, {GOOD},")), ["alert R", "alert R"]);
    assert_eq!(outcomes(&format!("{GOOD}],[{GOOD}]")), ["alert R", "alert R"]);
    assert_eq!(outcomes("[["), ["truncated"]);
    assert_eq!(outcomes(torn), ["truncated"]);
    assert_eq!(outcomes(&GOOD[60..]), ["torn"]);
    assert_eq!(outcomes(&format!("\0\0\0{GOOD}")), ["alert R"]);
}

const SHELL: &str = "2026-11-16T10:00:00.5+0000: Notice A shell was spawned in a container with an \
                     attached terminal (user=root)";

#[test]
fn whole_alerts_in_text_are_saved_where_nothing_can_have_quoted_them() {
    let shell = "alert Terminal shell in container";
    let torn = &SHELL[..70];
    assert_eq!(outcomes(&format!("{torn}{SHELL}")), ["truncated", shell]);
    assert_eq!(outcomes(&format!("x {torn}{torn}{SHELL}")), ["truncated", "truncated", shell]);
    assert_eq!(outcomes(&format!("{torn}{GOOD}")), ["truncated", "alert R"]);
    assert_eq!(outcomes(&format!("{GOOD}{SHELL}")), ["alert R", shell]);
    let headed = |text: &str| format!("2026-11-16T10:00:00Z stdout F {text}");
    assert_eq!(outcomes(&headed(&format!("{torn}{}", headed(SHELL)))), ["truncated", shell]);
    // What stands within a value may be what an attacker wrote.
    assert_eq!(outcomes(&format!("{SHELL}{SHELL}")), [shell]);
    assert_eq!(outcomes(&format!("{SHELL} args={GOOD}")), [shell]);
    let quoting = GOOD.replace("\"ok\"", &format!("\"{SHELL}\""));
    let beheaded = format!("sh -c {SHELL} terminal=0\",\"output_fields\":{{\"a\":\"b\"}}}}");
    assert_eq!(outcomes(&beheaded), ["torn"]);
    assert_eq!(outcomes(&quoting[6..]), ["torn"]);
    assert_eq!(outcomes(&format!("  \"output\": \"{SHELL}\",")), ["torn"]);
}

#[test]
fn a_value_of_a_document_may_hold_several_records() {
    let shell = "alert Terminal shell in container";
    let message =
        |text: &str| format!("{{\"message\":{text:?},\"@timestamp\":\"2026-11-16T10:00:00Z\"}}");
    let pretty = GOOD.replace(",\"", ",\n\"");
    for (text, expected) in [
        (
            format!("{GOOD}\n{SHELL}\r\n{GOOD}\n{SHELL}\n"),
            &["alert R", shell, "alert R", shell][..],
        ),
        // What stands behind an alert in text may be its own command's.
        (format!("{SHELL} args=sh -c a\n{SHELL}\n{GOOD}\n terminal=0"), &[shell]),
        (format!("Nov 16 10:00:00 n1 falco[7]: {SHELL} args=a\n{GOOD}"), &[shell]),
        (format!("Falco version: 0.42.1\n{SHELL}\n{SHELL}"), &["other", shell, shell]),
        (format!("{}\n{SHELL}", &GOOD[..60]), &["truncated", shell]),
        (format!("{pretty}\n{SHELL}\n{pretty}"), &["alert R", shell, "alert R"]),
        (format!("[{GOOD},\n{GOOD},\n{GOOD}]\n{SHELL}"), &["alert R", "alert R", "alert R", shell]),
        // The lines of a command are no records, and a piece of one is none.
        (format!("{SHELL} args=a\n 10:00:00 b\n{}\nx {SHELL}", &GOOD[..60]), &[shell]),
        (format!("{SHELL} args=cat\n{{\"message\":\"hello\"}}\nx"), &[shell]),
    ] {
        assert_eq!(outcomes(&message(&text)), expected, "{text}");
    }
    let many = message(&format!("{GOOD}\n{}", format!("{SHELL}\n").repeat(20_000)));
    assert_eq!(outcomes(&many).len(), 20_001);
}

#[test]
fn what_stands_in_brackets_is_not_always_a_list() {
    for line in [
        "[2026-11-16 10:00:00 +0000] [7] [INFO] Booting worker",
        "[2026-11-16 10:00:00,123: INFO/MainProcess] celery@x ready.",
        "[2026-11-16T10:00:00,123][INFO ][o.e.x] [node-1] started",
        "[7] x",
        "[-] x",
    ] {
        assert_eq!(outcomes(line), ["unknown"], "{line}");
    }
    assert_eq!(outcomes(&format!("[2026-11-16 10:00:00 +0000] [7] [INFO] {GOOD}")), ["alert R"]);
    for list in ["[1]", "[-1.5e3, 2]", "[1 ,2]", "[\"a\"]"] {
        assert!(!outcomes(list).contains(&"unknown".into()), "{list}");
    }
}

#[test]
fn a_record_has_the_header_that_stands_before_it() {
    let bare = GOOD.replace("\"hostname\":\"node-1\",", "");
    let first = "Nov 16 10:00:00 h1 falco[9]: ";
    for header in ["Nov 16 10:00:01 h2 falco[9]: ", "<13>1 2026-11-16T10:00:00Z h2 falco 9 - - "] {
        for (line, pieces) in [
            (format!("{first}{}{header}{bare}", &bare[..60]), [&bare[..60], &bare]),
            (format!("{first}{bare} odd{header}{bare}"), [&bare, "odd"]),
            (format!("{first}{}{header}{SHELL}", &SHELL[..70]), [&SHELL[..70], SHELL]),
        ] {
            let mut seen = Vec::new();
            read(&line, &mut |record, outcome| match outcome {
                Outcome::Alert(alert) => {
                    seen.push((
                        record.to_owned(),
                        alert.wrapper_host.as_deref().map(str::to_owned),
                    ));
                }
                _ => seen.push((record.to_owned(), None)),
            });
            let (last, host) = seen.last().expect("a record");
            assert_eq!((last.starts_with(header), host.as_deref()), (true, Some("h2")), "{line}");
            assert!(
                pieces.iter().zip(&seen).all(|(piece, (record, _))| record.ends_with(piece)),
                "{seen:?}"
            );
        }
    }
}

#[test]
fn a_line_of_many_records_is_read_in_one_pass() {
    let torn = SHELL[..70].repeat(20_000);
    assert_eq!(outcomes(&format!("{torn}{SHELL}")).len(), 20_001);
}

#[test]
fn a_command_that_an_alert_shows_over_lines_is_text() {
    for text in ["print({\"a\":1})", "x = \"y\": 2", "10:34:50 z container_id=abc)"] {
        assert_eq!(outcomes(text), ["unknown"], "{text}");
    }
    let hit = format!("{{\"_index\":\"falco\",\"_source\":{GOOD}}}");
    assert_eq!(outcomes(&format!("found ({hit})")), ["alert R"]);
}

#[test]
fn what_is_no_alert_has_a_reason() {
    for (text, expected) in [
        ("[]", "not-object"),
        ("null", "not-object"),
        ("42", "not-object"),
        ("{}", "missing-rule"),
        (r#"{"rule":"x"}"#, "missing-time"),
        (r#"{"MESSAGE":null,"SYSLOG_IDENTIFIER":"falco"}"#, "left-out"),
        (r#"{"rule":1,"time":"2026-11-16T10:00:00Z"}"#, "bad-type"),
        (r#"{"rule":"x","time":1763284800}"#, "bad-type"),
        (r#"{"rule":"x","time":"yesterday"}"#, "bad-time"),
        (r#"{"rule":NaN}"#, "not-json"),
        (r"{'rule':'x'}", "not-json"),
        (r#"{"rule":"x","n":1e999}"#, "number-range"),
        (r#"{"output":"\ud800"}"#, "bad-escape"),
        ("{\"output\":\"a\tb\"}", "control-character"),
        ("\0\0\0\0", "nul"),
        ("10:00:00.000000000: Warning Terminal shell (user=root)", "text-alert"),
    ] {
        assert_eq!(outcomes(text), [expected], "{text}");
    }
}

#[test]
fn text_around_alerts_is_told_apart() {
    for text in [
        "",
        "   \t",
        "Sun May 18 10:05:56 2025: Falco version: 0.42.1 (x86_64)",
        "2025-11-16T16:22:21+0000: [libs]: container: ok",
        "   /etc/falco/falco.yaml | schema validation: ok",
        "Events detected: 2",
        "-- Logs begin at Mon 2026-11-16 09:02:12 UTC, end at Wed 2026-11-18 10:53:14 UTC. --",
        "-- Reboot --",
        "--",
        "   Terminal shell in container: 1",
        "  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0",
    ] {
        assert_eq!(outcomes(text), ["other"], "{text}");
    }
    assert_eq!(outcomes("hello there"), ["unknown"]);
    assert_eq!(outcomes(r#"{"output_fields":{"falco.x":1},"sample":3}"#), ["sensor"]);
    let internal = GOOD.replace("\"R\"", "\"Falco internal: metrics snapshot\"");
    assert_eq!(outcomes(&internal), ["sensor"]);
}

#[test]
fn missing_parts_are_no_fault() {
    assert_eq!(
        outcomes(r#"{"rule":"R","output_fields":{"evt.time":1763287200000000001}}"#),
        ["alert R"]
    );
    assert_eq!(
        outcomes(r#"{"rule":"R","priority":"Error","time":"2026-11-16T10:00:00Z"}"#),
        ["alert R"]
    );
    let unknown = r#"{"rule":"R","output":null,"output_fields":{},"time":"2026-11-16T10:00:00Z","priority":"High"}"#;
    read(unknown, &mut |_, o| {
        let Outcome::Alert(alert) = o else { panic!("{o:?}") };
        assert!(!alert.priority_known);
        assert_eq!(alert.output, None);
    });
}

#[test]
fn a_rule_and_a_time_are_no_alert() {
    for members in [
        r#""action":"pass""#,
        r#""message":"m","level":"warn""#,
        r#""message":"m","priority":"high""#,
        r#""priority":"6""#,
        r#""priority":null"#,
    ] {
        let object = format!(r#"{{"rule":"allow-all","time":"2026-11-16T10:00:00Z",{members}}}"#);
        assert_eq!(outcomes(&object), ["missing-priority"], "{object}");
        let nested = format!(r#"{{"level":"info","event":{object}}}"#);
        assert_eq!(outcomes(&nested), ["missing-rule"], "{nested}");
    }
}

#[test]
fn a_message_is_no_record_of_its_own() {
    let object = r#"{"hostname":"n1","message":"A shell (cmd=echo 10:34:50.502309868: Emergency Other thing)","priority":"Notice","rule":"R","time":"2026-11-16T10:00:00Z"}"#;
    let shipped = object.replacen('{', r#"{"kubernetes":{"host":"n2"},"#, 1);
    for object in [object, &shipped] {
        read(object, &mut |_, outcome| {
            let Outcome::Alert(alert) = outcome else { panic!("{outcome:?}") };
            assert_eq!((alert.rule.as_ref(), alert.hostname.as_deref()), ("R", Some("n1")));
            assert!(alert.message().starts_with("A shell"));
        });
    }
}

#[test]
fn talon_tells_of_alerts_that_falco_has_told_of() {
    for line in [
        r#"{"level":"info","rule":"R","event":"10:34:50.502309868: Notice A shell","priority":"Notice","source":"syscall","trace_id":"7d","time":"2026-11-16T10:00:00Z","message":"event"}"#,
        r#"{"level":"info","rule":"R","output":"10:34:50.502309868: Notice A shell","priority":"Notice","trace_id":"7d","time":"2026-11-16T10:00:00Z","message":"match"}"#,
        r#"{"level":"info","rule":"R","actionner":"kubernetes:terminate","status":"success","time":"2026-11-16T10:00:00Z","message":"action"}"#,
    ] {
        assert_eq!(outcomes(line), ["other"], "{line}");
        let logged = serde_json::to_string(line).unwrap();
        assert_eq!(outcomes(&format!(r#"{{"log":{logged},"stream":"stdout"}}"#)), ["other"]);
    }
    for line in [
        r#"{"level":"info","event":"R","output":"10:34:50.502309868: Notice A shell","priority":"Notice","trace_id":"7d","time":"2026-11-16T10:00:00Z","message":"event"}"#,
        "2026-11-16T10:00:00Z INF event event=R output=10:34:50.502309868: Notice A shell trace_id=7d",
        "\u{1b}[90m2026-11-16T10:00:00Z\u{1b}[0m \u{1b}[32mINF\u{1b}[0m action \u{1b}[36mevent=\u{1b}[0m10:34:50.502309868: Notice A shell",
    ] {
        assert_eq!(outcomes(line), ["other"], "{line}");
    }
    assert_eq!(outcomes(r#"{"trace_id":"7d","message":"event"}"#), ["missing-rule"]);
    // A shipper may trace what it ships.
    assert_eq!(outcomes(&GOOD.replacen('{', r#"{"trace_id":"7d","#, 1)), ["alert R"]);
}

#[test]
fn parts_of_an_alert_near_it_are_copies() {
    let text = "10:34:50.502309868: Notice A shell (user=root)";
    for line in [
        format!("output: {text}"),
        format!("output_fields.proc.cmdline: sh -c {GOOD}"),
        format!("Subject: [Notice] {text}"),
    ] {
        assert_eq!(outcomes(&line), ["other"], "{line}");
    }
    assert_eq!(outcomes(&format!("output: {GOOD}")), ["alert R"]);
}

#[test]
fn each_record_in_quotes_on_a_line_counts() {
    let second = GOOD.replace("\"R\"", "\"S\"");
    let [json, other] = [GOOD, &second].map(|text| serde_json::to_string(text).unwrap());
    let [cell, next] = [GOOD, &second].map(|text| format!("\"{}\"", text.replace('"', "\"\"")));
    let foreign = json.replace("ok", "w\\xc3\\xb6r");
    for (line, expected) in [
        (format!("{json},{other}"), &["alert R", "alert S"][..]),
        (format!("batch [{json},{other}]"), &["alert R", "alert S"]),
        (format!("first={json} second={other}"), &["alert R", "alert S"]),
        (format!("{cell},{next},x"), &["alert R", "alert S"]),
        // What a table shows twice is one.
        (format!("{cell},{cell}"), &["alert R"]),
        (format!("1) {foreign}"), &["alert R"]),
        (format!("got b'{}'", GOOD.replace("ok", "w\\xc3\\xb6r")), &["alert R"]),
        // An alert in text may quote what looks like one.
        (format!("x 10:34:50.502309868: Notice A shell (cmd={json})"), &["text-alert"]),
    ] {
        assert_eq!(outcomes(&line), expected, "{line}");
    }
}

#[test]
fn what_closes_a_quote_or_ends_a_sentence_is_no_record() {
    for line in [
        format!("payload='{GOOD}'"),
        format!("Publishing({GOOD});"),
        format!("INFO received {GOOD} in 3 ms"),
        format!("INFO received=\"{GOOD}\""),
    ] {
        assert_eq!(outcomes(&line), ["alert R"], "{line}");
    }
    assert_eq!(outcomes(&format!("{GOOD} in 3 ms")), ["alert R", "trailing-data"]);
    assert_eq!(outcomes(&format!("got {GOOD} \"x\"")), ["alert R", "trailing-data"]);
}

#[test]
fn what_falcosidekick_shows_of_its_outputs_is_a_copy() {
    for line in [
        format!("2026/11/16 10:00:00 [DEBUG] : Webhook - payload : {GOOD}"),
        format!("[DEBUG] : Loki - payload : {{\"streams\":[{GOOD}]}}"),
        format!(
            "[pod/sidekick-1/falcosidekick] 2026/11/16 10:00:00 [DEBUG] : A B - payload : {GOOD}"
        ),
    ] {
        assert_eq!(outcomes(&line), ["other"], "{line}");
    }
    let first = format!("2026/11/16 10:00:00 [DEBUG] : Falco's payload : {GOOD}");
    assert_eq!(outcomes(&first), ["alert R"]);
    let quoting = GOOD.replace("\"ok\"", "\" - payload : \"");
    assert_eq!(outcomes(&format!("[DEBUG] : {quoting}")), ["alert R"]);
}

#[test]
fn a_client_may_write_the_time_and_the_priority_as_it_was_sent_them() {
    let object = r#"{"time":{"seconds":1794992400,"nanos":5},"priority":4,"rule":"R","output":"x","output_fields":{"a.b":"c"}}"#;
    read(object, &mut |_, outcome| {
        let Outcome::Alert(alert) = outcome else { panic!("{outcome:?}") };
        assert_eq!(alert.time.to_string(), "2026-11-18T09:00:00.000000005Z");
        assert_eq!(alert.priority, crate::priority::Priority::Warning);
        assert!(alert.priority_known);
    });
    for (was, is) in [("5}", "1e9}"), ("\"seconds\"", "\"s\""), ("5}", "1000000000}")] {
        assert_eq!(outcomes(&object.replacen(was, is, 1)), ["bad-type"], "{is}");
    }
}

#[test]
fn an_element_is_read_as_within_its_list() {
    let sources = Sources::default();
    let context = Context::new(&sources);
    let labels = r#"{"rule":"My rule","priority":"Warning","hostname":"node-1"}"#;
    let before = format!(r#"{{"stream":{labels},"values":["#);
    let entry = r#"["1794992400000000001","something odd"]"#;
    let mut seen = Vec::new();
    for (text, before, behind) in [
        (entry, before.as_str(), "]}"),
        (GOOD, "[", "]"),
        (r#"["1794992400000000001" broken]"#, before.as_str(), "]}"),
    ] {
        element(text, [before, behind], &context, &mut |record, outcome| {
            assert_eq!(record, text);
            seen.push(match outcome {
                Outcome::Alert(alert) => {
                    format!("{} @ {:?}: {}", alert.rule, alert.hostname, alert.shape)
                }
                outcome => format!("{outcome:?}"),
            });
        });
    }
    let expected = [
        "My rule @ Some(\"node-1\"): loki + falco text",
        "R @ Some(\"node-1\"): json array + falco json",
        "Rejected(NotJson)",
    ];
    assert_eq!(seen, expected);
}

/// Pieces of every shape, to be put together in ways that nobody meant.
const PIECES: [&str; 39] = [
    "{\"log\":\"",
    "\",\"stream\":\"stdout\",\"time\":\"2026-11-16T10:00:00Z\"}",
    "2026-11-16T10:00:00Z stdout P ",
    "2026-11-16T10:00:00Z stderr F ",
    "\n",
    "Nov 16 10:00:00 node falco[1]: ",
    "<12>1 2026-11-16T10:00:00Z h a - - [x y=\"z\"] ",
    "10:00:00.123456789: Notice A shell was spawned (user=root command=é x=1)",
    ".1: Notice ",
    "2026-11-16T10:00:00.1+0000: Error ",
    "CEF:0|Falcosecurity|Falco|1.0|Falco Event|R|5|",
    "uuid=1 start=2026-11-16T10:00:00Z msg=é source=a outputfields=a:b proc.name:c tags=x",
    "{\"_source\":",
    "{\"hits\":{\"hits\":[",
    "{\"streams\":[{\"stream\":{\"rule\":\"R\"},\"values\":[[\"1\",\"",
    "\"]]}]}",
    "{\"MESSAGE\":[123,34],\"_HOSTNAME\":\"h\"}",
    "{\"value\":\"eyJydWxlIjoiUiJ9\"}",
    "{\"message\":\"",
    "\"}",
    "[",
    "]}}",
    ",",
    "127:",
    "C:\\é.log:3:",
    "falco-1  | ",
    "2026-11-16T10:00:00Z\tWarning\tR\t",
    "{\"event_type\":\"alert\",\"timestamp\":1,\"alert\":{\"signature\":\"é\"}}",
    "\u{feff}",
    "{\"Message\":\"x\",\"MessageAttributes\":{\"rule\":{\"Value\":\"é\"}}}",
    "\"{\"\"rule\"\":\"\"R\"\"}\",\"1794992404500\",\"10:00:00.1: Notice \"\"é\"\" x\"",
    "{\"fields\":[\"_raw\"],\"rows\":[[\"10:00:00.1: Notice x\"],[1],2]}",
    "[2026-11-16T10:00:00Z] ",
    "falco-é.log-10:",
    "Nov 16 10:00:00 relay ",
    "a\tb\t2026-11-16T10:00:00Z ",
    "\u{1b}[01;31m\u{1b}[K",
    SHELL,
    GOOD,
];

proptest::proptest! {
    /// Whatever comes, a line gives one record or more, each a part of it.
    #[test]
    fn any_line_is_accounted_for(
        pieces in proptest::collection::vec((0..PIECES.len(), 0..90_usize), 0..7),
    ) {
        let mut text = String::new();
        for (piece, cut) in pieces {
            let piece = PIECES[piece];
            // One in three is cut off somewhere.
            let end = (0..=piece.len().min(cut * 3)).rev().find(|at| piece.is_char_boundary(*at));
            text.push_str(if cut < 30 { &piece[..end.unwrap_or(0)] } else { piece });
        }
        let (start, mut records) = (text.as_ptr().addr(), 0);
        read(&text, &mut |record, _| {
            records += 1;
            let at = record.as_ptr().addr();
            assert!(start <= at && at + record.len() <= start + text.len(), "{text}");
        });
        proptest::prop_assert!(records > 0, "{}", text);
    }
}
