use super::super::{Context, Sources, line};
use super::*;

const TIME: &str = "2026-11-18T09:00:00.000000001Z";

/// An alert as Falco 0.44 writes it.
fn alert() -> String {
    format!(
        r#"{{"hostname":"node-1","output":"09:00:00.000000001: Notice Odd shell (user=root)","output_fields":{{"evt.time":1794992400000000001,"proc.aname[2]":"sshd","user.name":"root"}},"priority":"Notice","rule":"Odd shell","source":"syscall","tags":["shell"],"time":"{TIME}"}}"#
    )
}

/// The same without its host's name.
fn hostless() -> String {
    alert().replace(r#""hostname":"node-1","#, "")
}

/// Packed and in Base64, as `CloudWatch` hands logs over.
fn packed(text: &str) -> String {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut packer, text.as_bytes()).unwrap();
    BASE64_STANDARD.encode(packer.finish().unwrap())
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// What is seen of each record of a line.
fn seen(text: &str) -> Vec<String> {
    let sources = Sources::default();
    let range = text.as_bytes().as_ptr_range();
    let mut seen = Vec::new();
    line(text, &Context::new(&sources), &mut |record, outcome| {
        assert!(range.contains(&record.as_ptr()), "a record is a part of its line");
        seen.push(match outcome {
            Outcome::Alert(alert) | Outcome::Sensor(alert) => {
                assert_eq!(alert.time.to_string(), TIME, "{text}");
                assert_eq!(alert.rule, "Odd shell", "{text}");
                assert_eq!(alert.field("user.name"), Some("root"), "{text}");
                let host = alert.hostname.or(alert.wrapper_host);
                format!("{} @ {}", alert.shape, host.as_deref().unwrap_or("?"))
            }
            Outcome::Rejected(reason) => reason.name().into(),
            Outcome::OtherText => "other".into(),
            outcome => format!("{outcome:?}"),
        });
    });
    seen
}

#[test]
fn documents_of_stores_carry_an_alert() {
    let alert = alert();
    let base64 = BASE64_STANDARD.encode(&alert);
    let text = quoted(&alert);
    for (document, expected) in [
        (format!(r#"{{"_index":"falco","_source":{alert}}}"#), "elasticsearch"),
        (
            format!(r#"{{"specversion":"1.0","rule":"x","time":"{TIME}","data":{alert}}}"#),
            "cloudevents",
        ),
        (format!(r#"{{"event":{alert},"sourcetype":"falcosidekick"}}"#), "splunk"),
        (format!(r#"{{"preview":false,"result":{{"_raw":{text}}}}}"#), "splunk"),
        (format!(r#"{{"event":{alert},"outputs":["slack"]}}"#), "falcosidekick-ui"),
        (format!(r#"{{"ddsource":"falco","message":{text}}}"#), "datadog"),
        (format!(r#"{{"records":[{{"value":"{base64}"}}]}}"#), "kafka rest"),
        (format!(r#"[{{"topic":"falco","value":{alert}}}]"#), "json array"),
        (format!(r#"{{"message":{{"data":"{base64}"}}}}"#), "json"),
        (format!(r#"{{"Type":"Notification","Message":{text}}}"#), "json"),
        (format!(r#"{{"logEvents":[{{"timestamp":1,"message":{text}}}]}}"#), "cloudwatch"),
        (
            format!(r#"{{"@timestamp":"{TIME}","event":{{"original":{text}}},"agent":{{}}}}"#),
            "elasticsearch",
        ),
    ] {
        assert_eq!(seen(&document), [format!("{expected} + falco json @ node-1")], "{document}");
    }
}

#[test]
fn the_wrapper_names_the_host_where_the_alert_does_not() {
    let text = quoted(&hostless());
    let bytes = format!("{:?}", hostless().as_bytes());
    for (document, expected) in [
        (
            format!(r#"{{"MESSAGE":{text},"_HOSTNAME":"n2","__REALTIME_TIMESTAMP":"1"}}"#),
            "journald",
        ),
        (format!(r#"{{"MESSAGE":{bytes},"_HOSTNAME":"n2"}}"#), "journald"),
        (format!(r#"{{"stream":"stdout","log":{text},"kubernetes":{{"host":"n2"}}}}"#), "fluent"),
        (format!(r#"{{"host":"n2","_raw":{text}}}"#), "splunk"),
        (
            format!(
                r#"{{"stream":{{"node_name":"n2"}},"values":[["1794992400000000001",{text}]]}}"#
            ),
            "loki",
        ),
    ] {
        assert_eq!(seen(&document), [format!("{expected} + falco json @ n2")], "{document}");
    }
}

#[test]
fn what_queues_and_clouds_give_carries_an_alert() {
    let alert = alert();
    let base64 = BASE64_STANDARD.encode(&alert);
    let text = quoted(&alert);
    let notice = quoted(&format!(r#"{{"Type":"Notification","Message":{text}}}"#));
    for (document, expected) in [
        (format!(r#"{{"Messages":[{{"MessageId":"1","Body":{text}}}]}}"#), "json"),
        (format!(r#"{{"Messages":[{{"MessageId":"1","Body":{notice}}}]}}"#), "json"),
        (format!(r#"{{"Records":[{{"kinesis":{{"data":"{base64}"}}}}]}}"#), "json"),
        (format!(r#"{{"Records":[{{"Sns":{{"Message":{text}}}}}]}}"#), "json"),
        (format!(r#"{{"receivedMessages":[{{"message":{{"data":"{base64}"}}}}]}}"#), "json"),
        (
            format!(
                r#"{{"results":[[{{"field":"@timestamp","value":"2026-11-18 09:00:00.000"}},{{"field":"@message","value":{text}}}]],"status":"Complete"}}"#
            ),
            "json",
        ),
        (
            format!(
                r#"{{"data":[{{"type":"log","attributes":{{"message":"x","attributes":{alert}}}}}]}}"#
            ),
            "json",
        ),
        (format!(r#"{{"logs":[{{"content":{{"attributes":{alert}}}}}]}}"#), "json"),
        (format!(r#"{{"messages":[{{"message":{{"message":{text}}}}}]}}"#), "json"),
        (format!(r#"{{"records":[{{"properties":{alert}}}]}}"#), "kafka rest"),
        (format!(r#"{{"date":1.5,"log_processed":{alert}}}"#), "json"),
        (format!("[{text}]"), "json array"),
        (format!(r#"{{"falco":[{alert}]}}"#), "json"),
        (format!(r#"{{"class_uid":2001,"message":"x","raw_data":{text}}}"#), "json"),
        (format!(r#"{{"fields":[],"messages":[{{"map":{{"_raw":{text}}}}}]}}"#), "json"),
        (format!(r#"{{"1f":{text}}}"#), "json"),
        (format!(r#"{{"1f":{alert}}}"#), "json"),
        (
            format!(
                r#"{{"data":"{}"}}"#,
                BASE64_STANDARD.encode(format!("<13>Nov 18 09:00:00 n2 falco: {alert}"))
            ),
            "json",
        ),
        (
            format!(
                r#"{{"awslogs":{{"data":"{}"}}}}"#,
                packed(&format!(
                    r#"{{"logEvents":[{{"id":"1","timestamp":1,"message":{text}}}]}}"#
                ))
            ),
            "json",
        ),
        (
            format!(
                r#"{{"tables":[{{"columns":[{{"name":"TimeGenerated","type":"datetime"}},{{"name":"LogEntry","type":"string"}}],"rows":[["{TIME}",{text}]]}}]}}"#
            ),
            "json",
        ),
    ] {
        assert_eq!(seen(&document), [format!("{expected} + falco json @ node-1")], "{document}");
    }
}

#[test]
fn shippers_name_the_host_beside_what_they_carry() {
    let hostless = hostless();
    let text = quoted(&hostless);
    let members = &hostless[1..hostless.len() - 1];
    for (document, expected) in [
        (
            format!(r#"{{"version":"1.1","host":"n2","short_message":"x","full_message":{text}}}"#),
            "json",
        ),
        (format!(r#"{{"Computer":"n2","TimeGenerated":"{TIME}","LogMessage":{text}}}"#), "json"),
        (format!(r#"{{"Computer":"n2","TimeGenerated":"{TIME}","LogEntry":{text}}}"#), "json"),
        (format!(r#"{{"MESSAGE":{text},"HOST":"n2","PROGRAM":"falco"}}"#), "journald"),
        (
            format!(
                r#"{{"message":{{"gl2_remote_ip":"192.0.2.1","source":"n2","message":{text}}}}}"#
            ),
            "json",
        ),
        (
            format!(
                r#"{{"log":{text},"stream":"stdout","time":"{TIME}","kubernetes":{{"host":"n2"}}}}"#
            ),
            "fluent",
        ),
        // An alert and what a shipper knows of it in one object.
        (format!(r#"{{{members},"kubernetes":{{"host":"n2"}}}}"#), ""),
        (format!(r#"{{"@timestamp":"{TIME}",{members},"host":{{"name":"n2"}}}}"#), ""),
        (
            format!(
                r#"{{"resourceLogs":[{{"resource":{{"attributes":[{{"key":"k8s.node.name","value":{{"stringValue":"n2"}}}}]}},"scopeLogs":[{{"logRecords":[{{"body":{{"stringValue":{text}}}}}]}}]}}]}}"#
            ),
            "otlp",
        ),
    ] {
        let expected = match expected {
            "" => "falco json @ n2".to_owned(),
            wrapper => format!("{wrapper} + falco json @ n2"),
        };
        assert_eq!(seen(&document), [expected], "{document}");
    }
}

#[test]
fn labels_beside_an_output_tell_the_rest_of_the_alert() {
    let output = format!("{TIME}: Notice A shell (user=root)");
    let details = r#""rule":"Odd shell","priority":"Notice","hostname":"n2","user_name":"root""#;
    for (document, expected) in [
        (
            format!(
                r#"[{{"labels":{{{details},"source":"falco","eventsource":"syscall"}},"annotations":{{"info":"{output}","summary":"x"}}}}]"#
            ),
            "json array + falco text @ n2",
        ),
        (
            format!(r#"{{"message":"{output}","details":{{{details}}},"priority":"P5"}}"#),
            "json + falco text @ n2",
        ),
        (
            format!(
                r#"{{"text":"{output}","tags":["falco","Notice","Odd shell","syscall","n2"]}}"#
            ),
            "json + falco text @ n2",
        ),
        (
            format!(
                r#"{{"title":"Odd shell","text":"{output}","tags":["user.name:root","source:syscall","source:falco","hostname:n2"]}}"#
            ),
            "json + falco text @ n2",
        ),
        (
            format!(
                r#"{{"kind":"ClusterPolicyReport","results":[{{"source":"Falco","policy":"syscall","rule":"Odd shell","message":"{output}","properties":{{"user.name":"root"}}}}]}}"#
            ),
            "json + falco text @ ?",
        ),
    ] {
        assert_eq!(seen(&document), [expected], "{document}");
    }
    // A clock without a date has its day from beside it.
    let undated = format!(
        r#"{{"startsAt":"2026-11-18T09:00:02Z","labels":{{{details}}},"annotations":{{"info":"09:00:00.000000001: Notice A shell (user=root)"}}}}"#
    );
    assert_eq!(seen(&undated), ["json + falco text @ n2"]);
    // Labels of other alerts.
    let other = r#"{"labels":{"rule":"Odd shell","priority":"Notice"},"annotations":{"info":"x"}}"#;
    assert_eq!(seen(other), ["missing-rule"]);
}

#[test]
fn fields_may_stand_beside_an_alert() {
    let flat = alert()
        .replace(r#""output_fields":{"#, "")
        .replace(r#""evt.time":"#, r#""output_fields_evt_time":"#)
        .replace(r#""proc.aname[2]":"#, r#""output_fields.proc.aname[2]":"#)
        .replace(r#""user.name":"root"}"#, r#""output_fields_user_name":"root""#);
    assert_eq!(seen(&flat), ["falco json @ node-1"]);
}

#[test]
fn a_stream_that_breaks_off_leaves_its_entries() {
    let text = quoted(&hostless());
    let entry = format!(r#"["1794992400000000001",{text}]"#);
    let stream = format!(r#"{{"stream":{{"node_name":"n2"}},"values":[{entry},{entry}"#);
    let answer = format!(r#"{{"status":"success","data":{{"result":[{stream}]}},{stream},["17"#);
    let read = "loki + falco json @ n2";
    assert_eq!(seen(&answer), ["truncated", read, read, read, read, "truncated"]);
}

#[test]
fn what_was_packed_twice_or_too_tightly_is_left() {
    let data = |text: &str| format!(r#"{{"data":"{}"}}"#, packed(text));
    let read = ["json + falco json @ node-1"];
    assert_eq!(seen(&data(&alert())), read);
    assert_eq!(seen(&data(&data(&alert()))), ["missing-rule"]);
    let padded = |blanks: usize| format!("{}{}", alert(), " ".repeat(blanks));
    assert_eq!(seen(&data(&padded(9_000))), read);
    assert_eq!(seen(&data(&padded(9_000_000))), ["missing-rule"]);
}

#[test]
fn a_time_may_be_exported_from_a_database() {
    for time in [
        format!(r#"{{"$date":"{TIME}"}}"#),
        r#"{"$date":{"$numberLong":"1794992400000000001"}}"#.into(),
    ] {
        let document = alert().replace(&format!("\"{TIME}\""), &time);
        assert_eq!(seen(&document), ["falco json @ node-1"], "{document}");
    }
}

#[test]
fn wazuh_keeps_what_it_read() {
    let line = quoted(&format!("Nov 18 09:00:01 n2 falco[9]: {}", hostless()));
    let document = format!(
        r#"{{"timestamp":"2026-11-18T09:00:01.000+0000","rule":{{"level":3,"description":"A log","id":"1"}},"agent":{{"id":"0","name":"m"}},"manager":{{"name":"m"}},"decoder":{{}},"full_log":{line}}}"#
    );
    assert_eq!(seen(&document), ["wazuh + falco json @ n2"]);
}

#[test]
fn opentelemetry_may_carry_an_alert_in_pairs() {
    let pair = |key: &str, value: &str| {
        format!(r#"{{"key":"{key}","value":{{"stringValue":"{value}"}}}}"#)
    };
    let fields =
        [pair("user.name", "root"), r#"{"key":"evt.time","value":{"intValue":"1"}}"#.into()];
    let fields = fields.join(",");
    let body = [
        pair("rule", "Odd shell"),
        pair("priority", "Notice"),
        pair("time", TIME),
        pair("hostname", "n"),
        format!(r#"{{"key":"output_fields","value":{{"kvlistValue":{{"values":[{fields}]}}}}}}"#),
        r#"{"key":"tags","value":{"arrayValue":{"values":[{"stringValue":"a"}]}}}"#.into(),
    ]
    .join(",");
    let document = format!(
        r#"{{"resourceLogs":[{{"scopeLogs":[{{"logRecords":[{{"body":{{"kvlistValue":{{"values":[{body}]}}}}}}]}}]}}]}}"#
    );
    assert_eq!(seen(&document), ["otlp + falco json @ n"]);
}

#[test]
fn a_time_that_a_shipper_took_out_is_its_own() {
    let timeless = hostless().replace(r#""evt.time":1794992400000000001,"#, "");
    let timeless = timeless.replace(&format!(r#","time":"{TIME}""#), "");
    let members = timeless.strip_prefix('{').unwrap();
    for (document, expected) in [
        (format!(r#"{{"date":1794992400.5,{members}"#), "falco json @ ?"),
        (
            format!(r#"{{"timestamp":"2026-11-18T09:00:01Z","jsonPayload":{timeless}}}"#),
            "json + falco json @ ?",
        ),
        (timeless.clone(), "missing-time"),
    ] {
        assert_eq!(seen(&document), [expected], "{document}");
    }
}

#[test]
fn logcli_prints_labels_before_a_line() {
    let labels = r#"{hostname="node-1", priority="Notice", rule="Odd shell"}"#;
    let line = "09:00:00.000000001: Notice Something (user=root)";
    assert_eq!(seen(&format!("{TIME} {labels} {line}")), ["timestamps + falco text @ node-1"]);
    assert_eq!(seen(&format!("{TIME} {labels} {}", alert())), ["timestamps + falco json @ node-1"]);
    assert_eq!(seen(r#"Common labels: {"app":"falco"}"#), ["other"]);
}

#[test]
fn wazuh_nests_the_fields() {
    let data = r#"{"output":"x","output_fields":{"proc":{"aname[2]":"sshd"},"user":{"name":"root"}},"rule":"Odd shell","priority":"Notice","time":"2026-11-18T09:00:00.000000001Z"}"#;
    let document = format!(
        r#"{{"timestamp":"2026-11-18T09:00:01.000+0000","rule":{{"level":7,"id":"1"}},"agent":{{"id":"1","name":"n2"}},"manager":{{"name":"m"}},"decoder":{{"name":"json"}},"data":{data}}}"#
    );
    assert_eq!(seen(&document), ["wazuh + falco json @ n2"]);
}

#[test]
fn searches_give_each_hit() {
    let alert = alert();
    let hit = format!(r#"{{"_source":{alert}}}"#);
    let found = ["elasticsearch + falco json @ node-1"; 2];
    assert_eq!(seen(&format!(r#"{{"took":1,"hits":{{"total":2,"hits":[{hit},{hit}]}}}}"#)), found);
    assert_eq!(seen(r#"{"took":1,"hits":{"total":0,"hits":[]}}"#), ["other"]);
    assert_eq!(seen(r#"{"create":{"_index":"falco-2026.11.18"}}"#), ["other"]);
}

#[test]
fn a_log_in_a_list_may_begin_with_something_else() {
    let text = quoted(&alert());
    let found = "falco json @ node-1";
    for (element, list, wrapper) in [
        (
            r#"{"timestamp":1794992400500,"message":$,"ingestionTime":1794992400600}"#,
            "events",
            "json",
        ),
        (r#"{"id":"1","timestamp":1794992400500,"message":$}"#, "logEvents", "cloudwatch"),
        (r#"{"_raw":$,"_time":"2026-11-18T09:00:00Z"}"#, "results", "json"),
        (
            r#"{"timeUnixNano":"1794992400000000000","body":{"stringValue":$}}"#,
            "logRecords",
            "json",
        ),
        (r#"{"_source":{"log":$,"stream":"stderr"}}"#, "hits", "elasticsearch"),
    ] {
        let banner = element.replace('$', r#""Falco version: 0.44.1""#);
        let banner = vec![banner; 11].join(",");
        let last = element.replace('$', &text);
        let mut expected = vec!["other".to_owned(); 11];
        let document = format!(r#"{{"{list}":[{banner}]}}"#);
        assert_eq!(seen(&document), expected, "{document}");
        expected.push(format!("{wrapper} + {found}"));
        let document = format!(r#"{{"{list}":[{banner},{last}]}}"#);
        assert_eq!(seen(&document), expected, "{document}");
    }
    let empty = [r#"{"key":"a","value":null}"#; 9].join(",");
    let document = format!(r#"{{"records":[{empty},{{"value":{}}}]}}"#, alert());
    let seen = seen(&document);
    assert_eq!(seen[..9], ["missing-rule"; 9]);
    assert_eq!(seen[9..], ["kafka rest + falco json @ node-1"]);
}

#[test]
fn lists_within_lists_are_looked_through() {
    let nothing = vec![r#"{"a":1}"#; 2000].join(",");
    let mut document = format!("{nothing},{}", alert());
    for _ in 0..5 {
        document = format!(r#"{{"data":[{document}]}}"#);
    }
    let seen = seen(&document);
    assert_eq!(seen.len(), 2001);
    assert_eq!(seen[2000], "json + falco json @ node-1");
}

#[test]
fn searches_are_kept_in_many_forms() {
    let alert = alert();
    let hits = format!(r#"{{"hits":{{"hits":[{{"_source":{alert}}}]}}}}"#);
    let fields = r#"{"_index":"falco","fields":{"hostname":["node-1"],"output":["x"],"output_fields.user.name":["root"],"output_fields.user.name.keyword":["root"],"priority":["Notice"],"rule":["Odd shell"],"rule.keyword":["Odd shell"],"tags":["a","b"],"time":["2026-11-18T09:00:00.000000001Z"]}}"#;
    let found = "elasticsearch + falco json @ node-1";
    for (document, expected) in [
        (
            format!(r#"{{"id":"F","is_partial":false,"response":{hits}}}"#),
            "json + falco json @ node-1",
        ),
        (format!(r#"{{"id":"F","rawResponse":{hits},"total":1}}"#), "json + falco json @ node-1"),
        (
            format!(r#"{{"docs":[{{"_index":"f","found":true,"_source":{alert}}}]}}"#),
            "json + falco json @ node-1",
        ),
        (format!(r#"{{"doc":{alert},"doc_as_upsert":true}}"#), "json + falco json @ node-1"),
        (format!(r#"{{"hits":{{"hits":[{fields}]}}}}"#), found),
        (
            format!(
                r#"{{"hits":{{"hits":[]}},"aggregations":{{"r":{{"buckets":[{{"key":"x","t":{hits}}}]}}}}}}"#
            ),
            found,
        ),
        (
            format!(
                r#"{{"hits":{{"hits":[]}},"aggregations":{{"r":{{"buckets":{{"x":{{"t":{hits}}}}}}}}}}}"#
            ),
            found,
        ),
        (
            format!(
                r#"{{"preview":false,"fields":["_time","_raw"],"rows":[["x",{}]]}}"#,
                quoted(&alert)
            ),
            "splunk + falco json @ node-1",
        ),
    ] {
        assert_eq!(seen(&document), [expected], "{document}");
    }
    // Alerts where nobody looks for them.
    let lost = format!(r#"{{"hits":{{"hits":[]}},"other":{hits}}}"#);
    assert_eq!(seen(&lost), ["missing-rule"]);
    let row = format!(
        r#"{{"fields":["_time","_raw"],"rows":[["x","hello"],[1,2],["x",{}]]}}"#,
        quoted(&alert)
    );
    assert_eq!(seen(&row), ["UnknownText", "missing-rule", "splunk + falco json @ node-1"]);
}

#[test]
fn an_action_of_a_bulk_is_no_record() {
    for action in [
        r#"{"index":{}}"#,
        r#"{ "index" : { "_index" : "test", "_type" : "_doc", "_id" : "1" } }"#,
        r#"{"index":{"_type":"_doc"}}"#,
        r#"{"create":{"require_alias":true}}"#,
        r#"{"index":{"routing":"a"}}"#,
        r#"{"delete":{"_id":"1"}}"#,
    ] {
        assert_eq!(seen(action), ["other"], "{action}");
    }
    assert_eq!(seen(r#"{"create":{"file":"/etc/passwd"}}"#), ["missing-rule"]);
}

#[test]
fn a_topic_tells_the_rule_in_attributes() {
    let text = quoted("09:00:00.000000001: Notice Something (user=root)");
    let attributes = |value: &str| {
        let pair = |name: &str, text: &str| format!(r#""{name}":{{"{value}":"{text}"}}"#);
        [pair("rule", "Odd shell"), pair("priority", "Notice"), pair("hostname", "node-1")]
            .join(",")
    };
    let told = attributes("Value");
    let notification = format!(
        r#"{{"Type":"Notification","Message":{text},"Timestamp":"{TIME}","MessageAttributes":{{{told}}}}}"#
    );
    let quoted_notification = quoted(&notification);
    let found = "json + falco text @ node-1";
    for (document, expected) in [
        (notification.clone(), found),
        (format!(r#"{{"Messages":[{{"Body":{quoted_notification}}}]}}"#), found),
        (format!(r#"{{"Records":[{{"Sns":{notification}}}]}}"#), found),
        (
            format!(
                r#"{{"Body":{text},"Timestamp":"{TIME}","MessageAttributes":{{{}}}}}"#,
                attributes("StringValue")
            ),
            found,
        ),
        (
            format!(r#"{{"Message":{},"MessageAttributes":{{{told}}}}}"#, quoted(&alert())),
            "json + falco json @ node-1",
        ),
    ] {
        assert_eq!(seen(&document), [expected], "{document}");
    }
}

#[test]
fn grafana_gives_lines_to_be_downloaded() {
    let labels = r#"{"rule":"Odd shell","priority":"Notice","hostname":"node-1"}"#;
    let line = "09:00:00.000000001: Notice Something (user=root)";
    let nanos = "1794992400000000001";
    let cell = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let row = |cells: &[&str]| cells.iter().map(|text| cell(text)).collect::<Vec<_>>().join(",");
    let types = r#"{"rule":"I","priority":"I","hostname":"I"}"#;
    for (text, expected) in [
        (
            format!(r#"[{{"line":{},"timestamp":"{nanos}","fields":{labels}}}]"#, quoted(line)),
            "json array + falco text @ node-1",
        ),
        (row(&[labels, "1794992400500", line, nanos, types, "id"]), "loki + falco text @ node-1"),
        (row(&[labels, "1794992400500", &hostless(), nanos]), "loki + falco json @ node-1"),
        (
            format!("1794992400500\t2026-11-18T09:00:00.500Z\t{}", alert()),
            "loki + falco json @ node-1",
        ),
    ] {
        assert_eq!(seen(&text), [expected], "{text}");
    }
    let text = format!("1794992400500\t2026-11-18T09:00:00.500Z\t{line}");
    let sources = Sources::default();
    super::super::line(&text, &Context::new(&sources), &mut |_, outcome| {
        let Outcome::Alert(alert) = outcome else { panic!("{outcome:?}") };
        assert_eq!(alert.time.to_string(), TIME);
    });
}

#[test]
fn others_name_their_rules_too() {
    let line = r#"["1794992400000000000","GET / 200"]"#;
    let stream = r#"{"rule":"web","app":"nginx"}"#;
    let document = format!(r#"{{"streams":[{{"stream":{stream},"values":[{line}]}}]}}"#);
    assert_eq!(seen(&document), ["UnknownText"]);
}

#[test]
fn loki_tells_the_rule_of_a_text() {
    let labels = r#"{"rule":"Odd shell","priority":"Notice","source":"syscall","hostname":"node-1","tags":"a,b"}"#;
    let line = quoted("09:00:00.000000001: Notice Something (user=root)");
    for document in [
        format!(
            r#"{{"streams":[{{"stream":{labels},"values":[["1794992400000000001",{line}]]}}]}}"#
        ),
        format!(
            r#"{{"status":"success","data":{{"resultType":"streams","result":[{{"stream":{labels},"values":[["1794992400000000001",{line}]]}}]}}}}"#
        ),
        format!(r#"{{"labels":{labels},"line":{line},"timestamp":"{TIME}"}}"#),
        format!(
            r#"{{"labels":"{{rule=\"Odd shell\", hostname=\"node-1\"}}","entries":[{{"ts":"{TIME}","line":{line}}}]}}"#
        ),
    ] {
        assert_eq!(seen(&document), ["loki + falco text @ node-1"], "{document}");
    }
}

#[test]
fn opentelemetry_tells_the_rule_in_attributes() {
    let record = r#"{"timeUnixNano":"1794992400000000001","body":{"stringValue":"09:00:00.000000001: Notice Odd (user=root)"},"attributes":[{"key":"rule","value":{"stringValue":"Odd shell"}},{"key":"hostname","value":{"stringValue":"n"}}]}"#;
    let document =
        format!(r#"{{"resourceLogs":[{{"scopeLogs":[{{"logRecords":[{record},{record}]}}]}}]}}"#);
    assert_eq!(seen(&document), ["otlp + falco text @ n"; 2]);
}

#[test]
fn runtimes_pieces_are_joined() {
    let alert = alert();
    let (one, two) = alert.split_at(40);
    let cri =
        format!("{TIME} stdout P {one}\n{TIME} stderr F Falco version: 1\n{TIME} stdout F {two}");
    assert_eq!(seen(&cri), ["other", "cri + falco json @ node-1"]);
    let piece = |text: &str, stream: &str| {
        format!(r#"{{"log":{},"stream":"{stream}","time":"{TIME}"}}"#, quoted(text))
    };
    let docker =
        [piece(one, "stdout"), piece("Error: x\n", "stderr"), piece(&format!("{two}\n"), "stdout")];
    assert_eq!(seen(&docker.join("\n")), ["other", "docker + falco json @ node-1"]);
    assert_eq!(seen(&docker[0]), ["truncated"]);
}

#[test]
fn cef_is_read_to_its_fields() {
    let text = "<5>2026-11-18T09:00:00Z sidekick-0 Falco[1]: CEF:0|Falcosecurity|Falco|1.0|Falco Event|\
                Odd shell|5|uuid=u-1 start=2026-11-18T09:00:00Z msg=09:00:00.000000001: Notice Odd \
                (user=eve source=x) source=syscall hostname=node-1 outputfields=user.name:root \
                fd.name:http://a:80/ b k8s.ns.name:<nil> tags=a,b";
    assert_eq!(seen(text), ["syslog + cef @ node-1"]);
    let sources = Sources::default();
    line(text, &Context::new(&sources), &mut |_, outcome| {
        let Outcome::Alert(alert) = outcome else { panic!("{outcome:?}") };
        assert_eq!(alert.field("fd.name"), Some("http://a:80/ b"));
        assert_eq!(alert.source.as_deref(), Some("syscall"));
        assert_eq!(alert.message(), "Odd (user=eve source=x)");
        assert_eq!(alert.tags, ["a", "b"]);
    });
}

#[test]
fn names_in_another_case_pass() {
    let alert = alert().replace("\"rule\"", "\"Rule\"").replace("\"time\"", "\"Time\"");
    assert_eq!(seen(&alert), ["falco json @ node-1"]);
}

#[test]
fn the_export_of_falcosidekick_ui_is_made_whole() {
    let cut = alert().replace("09:00:00.000000001: Notice Odd", "rmational Odd");
    let sources = Sources::default();
    line(&format!("[{cut}]"), &Context::new(&sources), &mut |_, outcome| {
        let Outcome::Alert(alert) = outcome else { panic!("{outcome:?}") };
        assert_eq!(alert.message(), "Odd shell (user=root)");
        assert_eq!(alert.shape.to_string(), "json array + falco json");
    });
}

#[test]
fn documents_without_an_alert_are_rejected_once() {
    for document in [
        r#"{"message":"hello"}"#,
        r#"{"event":{"kind":"state"},"data":{"x":1}}"#,
        r#"{"events":[{"x":1},{"x":2}]}"#,
        r#"{"value":"aGVsbG8gd29ybGQhIQ=="}"#,
        r#"{"Name":"/falco","Config":{"Env":["A=b"]}}"#,
    ] {
        assert_eq!(seen(document), ["missing-rule"], "{document}");
    }
    let nested = format!("{}1{}", r#"{"data":"#.repeat(60), "}".repeat(60));
    assert_eq!(seen(&nested), ["missing-rule"]);
}

#[test]
fn lines_of_a_container_that_are_no_alerts_are_text() {
    for (log, expected) in [
        ("Falco version: 0.44.1\n", "other"),
        ("\n", "other"),
        ("hello\n", "UnknownText"),
        ("10:00:00.000000000: Notice x\n", "text-alert"),
    ] {
        let document = format!(r#"{{"log":{},"stream":"stderr"}}"#, quoted(log));
        assert_eq!(seen(&document), [expected], "{document}");
    }
}
