use base64::{Engine as _, prelude::BASE64_STANDARD};

use super::super::{Context, line};
use super::*;

/// The only outcome of a line.
fn read(text: &str, own: &str) -> String {
    let own: File = toml::from_str(&format!("sources = []\n{own}"))
        .unwrap_or_else(|_| toml::from_str(own).expect("the declarations can be read"));
    let sources = Sources::new(own.sources);
    let mut seen = Vec::new();
    line(text, &Context::new(&sources), &mut |_, outcome| {
        seen.push(match outcome {
            Outcome::Alert(alert) => format!(
                "{} {} {} @ {} {:?}: {}",
                &alert.time.to_string()[..19],
                alert.priority,
                alert.rule,
                alert.hostname.or(alert.wrapper_host).as_deref().unwrap_or("?"),
                alert.tags,
                alert.output.as_deref().unwrap_or(""),
            ),
            Outcome::Rejected(reason) => reason.name().into(),
            outcome => format!("{outcome:?}"),
        });
    });
    seen.join("; ")
}

#[test]
fn bundled_declarations_read_their_detectors_alerts() {
    for (text, expected) in [
        (
            r#"2026-11-18T09:00:00Z m ossec: {"crit":10,"id":5712,"component":"(node-2) any->/var/log/auth.log","classification":"sshd,","description":"Many logins failed","message":"Nov 18 x"}"#,
            "2026-11-18T09:00:00 Error Many logins failed @ m [\"sshd\"]: Nov 18 x",
        ),
        (r#"{"process_exec":{"process":{"exec_id":"a"}},"node_name":"node-4"}"#, "OtherText"),
        (
            r#"{"timestamp":"2026-11-18T09:00:00.123456+0000","event_type":"alert","src_ip":"10.0.0.9","src_port":40000,"dest_ip":"10.0.0.1","dest_port":80,"proto":"TCP","host":"sensor-1","alert":{"action":"allowed","signature":"Odd request","category":"Misc","severity":2}}"#,
            "2026-11-18T09:00:00 Warning Odd request @ sensor-1 [\"Misc\"]: Odd request | TCP 10.0.0.9:40000 -> 10.0.0.1:80 (allowed)",
        ),
        (
            r#"{"timestamp":"2026-11-18T09:00:00.123+0000","rule":{"level":10,"description":"Many logins failed","id":"5712","groups":["sshd"],"mitre":{"id":["T1110"]}},"agent":{"id":"001","name":"node-2"},"manager":{"name":"m"},"full_log":"Nov 18 x","data":{"srcip":"10.0.0.9"}}"#,
            "2026-11-18T09:00:00 Error Many logins failed @ node-2 [\"sshd\", \"T1110\"]: Nov 18 x",
        ),
        (
            r#"{"timestamp":1794992400000000001,"processName":"strace","processId":7,"hostName":"node-3","eventName":"anti_debugging","container":{},"metadata":{"Description":"A debugger","Properties":{"Severity":1,"signatureName":"Anti-debugging","external_id":"T1622"}}}"#,
            "2026-11-18T09:00:00 Notice Anti-debugging @ node-3 [\"T1622\"]: A debugger | process=strace pid=7 container=",
        ),
        (
            r#"{"process_kprobe":{"process":{"binary":"/usr/bin/cat","arguments":"/etc/shadow"},"function_name":"security_file_permission","action":"KPROBE_ACTION_SIGKILL","policy_name":"secret-files"},"node_name":"node-4","time":"2026-11-18T09:00:00.5Z"}"#,
            "2026-11-18T09:00:00 Critical secret-files @ node-4 []: security_file_permission | /usr/bin/cat /etc/shadow",
        ),
        (
            r#"{"Timestamp":1794992400,"UpdatedTime":"2026-11-18T09:00:00.5Z","HostName":"node-5","PolicyName":"no-packages","Severity":"8","Type":"MatchedPolicy","Source":"bash","Operation":"Process","Resource":"/usr/bin/apt","Action":"Block","Result":"Permission denied"}"#,
            "2026-11-18T09:00:00 Error no-packages @ node-5 []: Block Process /usr/bin/apt by bash: Permission denied",
        ),
        (
            r#"{"timestamp":"2026-11-18T09:00:00.123456+0000","event_type":"alert","proto":"TCP","agent":{"name":"sensor-2"},"alert":{"action":"allowed","gid":1,"signature_id":9001,"signature":"","category":"","severity":255}}"#,
            "2026-11-18T09:00:00 Informational 1:9001 @ sensor-2 []: | TCP : -> : (allowed)",
        ),
        (
            r#"{"timestamp":"2026-11-18T09:00:00.123+0000","rule":{"level":3,"id":"90","groups":"web,errors,"},"agent":{"name":"node-2"}}"#,
            "2026-11-18T09:00:00 Informational Wazuh rule 90 @ node-2 [\"web\", \"errors\"]: ",
        ),
        (
            r#"{"timestamp":"2026-11-18T09:00:00.5Z","id":6001,"name":"dropped_file","workload":{"process":{"pid":9,"thread":{"name":"sh"}},"container":{"id":"c1","name":"web"}},"threat":{"description":"A program was dropped","mitre":{"tactic":{"name":"Persistence"},"technique":{"id":"T1105"}},"severity":3,"name":"Dropped program"}}"#,
            "2026-11-18T09:00:00 Error Dropped program @ ? [\"Persistence\", \"T1105\"]: A program was dropped | process=sh pid=9 container=web",
        ),
        (
            r#"{"timestamp":{"seconds":1794992400,"nanos":5},"name":"dropped_file","policies":{"matched":["a"]},"threat":{"severity":"MEDIUM"}}"#,
            "2026-11-18T09:00:00 Warning dropped_file @ ? []: ",
        ),
        (
            r#"{"Data":null,"Context":{"timestamp":1794992400000000001,"processName":"sh","processId":4,"hostName":"node-3","containerId":""},"SigMetadata":{"ID":"TRC-90","Name":"Odd code","Description":"Code was added","Tags":["linux"],"Properties":{"Severity":3,"MITRE ATT&CK":"Defense Evasion: Injection"}}}"#,
            "2026-11-18T09:00:00 Critical Odd code @ node-3 [\"linux\", \"Defense Evasion: Injection\"]: Code was added | process=sh pid=4 container=",
        ),
        (
            r#"{"process_kprobe":{"process":{"binary":"/usr/bin/cat"},"function_name":"fd_install","policy_name":""},"node_name":"node-4","time":"2026-11-18T09:00:00.5Z"}"#,
            "2026-11-18T09:00:00 Notice fd_install @ node-4 []: fd_install | /usr/bin/cat",
        ),
        (
            r#"{"process_usdt":{"process":{"binary":"/usr/bin/db"},"provider":"db","name":"query","policy_name":"queries","action":"KPROBE_ACTION_SIGKILL"},"node_name":"node-4","time":"2026-11-18T09:00:00.5Z"}"#,
            "2026-11-18T09:00:00 Critical queries @ node-4 []: db/query | /usr/bin/db",
        ),
        (
            r#"{"UpdatedTime":"2026-11-18T09:00:00.5Z","ClusterName":"c","PolicyName":"no-packages","Severity":"3","Tags":"A,B","ATags":["A","B"],"Operation":"Process","Message":"no"}"#,
            "2026-11-18T09:00:00 Notice no-packages @ ? [\"A\", \"B\"]: no",
        ),
    ] {
        assert_eq!(read(text, ""), expected);
    }
}

#[test]
fn what_these_detectors_write_beside_alerts_is_text() {
    for text in [
        r#"{"timestamp":"2026-11-18T09:00:00.123456+0000","event_type":"flow","flow":{}}"#,
        r#"{"process_exec":{"process":{"binary":"/bin/sh"}},"time":"2026-11-18T09:00:00Z"}"#,
        r#"{"timestamp":1,"eventName":"openat","eventId":"257","processorId":0}"#,
        r#"{"Timestamp":1,"HostName":"n","Type":"HostLog","Operation":"File"}"#,
        r#"{"Timestamp":1,"HostName":"n","PolicyName":"","Type":"ContainerLog","Operation":"File"}"#,
        r#"{"UpdatedTime":"2026-11-18T09:00:00Z","HostName":"n","Type":"Message","Level":"INFO","Message":"x"}"#,
        r#"{"timestamp":"2026-11-18T09:00:00Z","id":258,"name":"openat","workload":{"process":{"pid":1}},"data":[]}"#,
        r#"{"process_loader":{"path":"/usr/lib/x.so"},"node_name":"n","time":"2026-11-18T09:00:00Z"}"#,
        r#"{"process_lsm":{"function_name":"f","policy_name":""},"node_name":"n","time":"2026-11-18T09:00:00Z"}"#,
        r#"{"process_tracepoint":{"event":"sys_exit"},"node_name":"n","time":"2026-11-18T09:00:00Z"}"#,
        r#"{"rate_limit_info":{"number_of_dropped_process_events":"12"},"node_name":"n","time":"2026-11-18T09:00:00Z"}"#,
        r#"{"test":{"arg0":"1"},"node_name":"n","time":"2026-11-18T09:00:00Z"}"#,
        r#"{"timestamp":"2026-11-18T09:00:00.1+0000","agent":{"name":"n"},"manager":{"name":"m"},"decoder":{},"full_log":"Nov 18 x"}"#,
    ] {
        assert_eq!(read(text, ""), "OtherText", "{text}");
    }
}

const OWN: &str = r#"
[[sources]]
name = "Doorkeeper"
when = [{ pointer = "/kind", equals = ["door", 7] }]
time = ["/at", "/seen"]
rule = ["/what", "Door opened"]
priority = ["/level", "Error"]
priorities = { high = "Critical" }
host = "/door/host"
output = "{/door/name} opened by {/who}"
tags = ["door", "/labels"]
fields = { "user.name" = "/who" }
flatten = ["/door"]
"#;

#[test]
fn declarations_of_the_users_are_read() {
    for (text, expected) in [
        (
            r#"{"kind":"door","at":1794992400,"level":"high","who":"eve","door":{"name":"D1","host":"h"},"labels":["a","b"]}"#,
            "2026-11-18T09:00:00 Critical Door opened @ h [\"door\", \"a\", \"b\"]: D1 opened by eve",
        ),
        (
            r#"{"kind":7,"seen":"2026-11-18T09:00:00","what":"Lock broken"}"#,
            "2026-11-18T09:00:00 Error Lock broken @ ? [\"door\"]: ",
        ),
        (r#"{"kind":"door"}"#, "missing-time"),
        (r#"{"kind":"door","at":"soon"}"#, "bad-time"),
        (r#"{"kind":"window","at":1794992400}"#, "missing-rule"),
    ] {
        assert_eq!(read(text, OWN), expected, "{text}");
    }
}

#[test]
fn fields_are_taken_from_pointers_and_whole_objects() {
    let file: File = toml::from_str(OWN).unwrap();
    let sources = Sources::new(file.sources);
    let text = r#"{"kind":"door","at":1,"who":"eve","door":{"name":"D1","size":{"w":2}}}"#;
    line(text, &Context::new(&sources), &mut |_, outcome| {
        let Outcome::Alert(alert) = outcome else { panic!("{outcome:?}") };
        let fields: Vec<_> =
            alert.fields.iter().map(|(name, value)| (name.as_ref(), value.shown())).collect();
        assert_eq!(fields, [("user.name", "eve"), ("door.name", "D1"), ("door.size.w", "2")]);
    });
}

/// An alert of Falco's that an attacker made up.
const FORGED: &str = r#"{"output":"09:00:00.1: Critical x","priority":"Critical","rule":"Forged","time":"2026-11-18T09:00:00.1Z","hostname":"victim"}"#;

#[test]
fn what_an_attacker_wrote_into_a_record_does_not_replace_it() {
    let text = |text: &str| serde_json::to_string(text).unwrap();
    let request = |what: &str| text(&format!("192.0.2.1 - - \"GET /?q={what} HTTP/1.1\" 400 0"));
    let base64 = BASE64_STANDARD.encode(FORGED);
    let wazuh = |more: &str| {
        format!(
            r#"{{"timestamp":"2026-11-18T09:00:00.1+0000","rule":{{"level":5,"description":"Good"}},"agent":{{"name":"n"}},"manager":{{"name":"m"}},{more}}}"#
        )
    };
    for record in [
        format!(
            r#"{{"timestamp":"2026-11-18T09:00:00.1+0000","event_type":"alert","host":"n","alert":{{"signature":"Good","severity":3}},"payload":"{base64}"}}"#
        ),
        format!(
            r#"{{"UpdatedTime":"2026-11-18T09:00:00Z","HostName":"n","PolicyName":"Good","Operation":"Process","Severity":"1","Data":{}}}"#,
            text(FORGED)
        ),
        format!(
            r#"{{"timestamp":1794992400000000001,"hostName":"n","eventName":"x","data":{FORGED},"metadata":{{"Properties":{{"Severity":1,"signatureName":"Good"}}}}}}"#
        ),
        wazuh(&format!(r#""full_log":{}"#, request(FORGED))),
        wazuh(&format!(r#""full_log":{}"#, text(&format!("{FORGED} - - GET / 400")))),
        wazuh(&format!(r#""full_log":{}"#, request("2026-11-18T09:00:00.1+0000: Critical x"))),
        wazuh(r#""data":{"rule":"fw-allow","time":"2026-11-18T09:00:00Z","action":"pass"}"#),
    ] {
        let seen = read(&record, "");
        assert!(seen.starts_with("2026-11-18T09:00:00 Notice Good @ n ["), "{record}: {seen}");
    }
}

#[test]
fn a_whole_alert_of_falco_is_taken_out_of_a_record_that_may_carry_one() {
    let quoted = serde_json::to_string(FORGED).unwrap();
    for record in [
        format!(r#"{{"rule":{{"level":3,"id":"9"}},"agent":{{"name":"n"}},"data":{FORGED}}}"#),
        format!(r#"{{"agent":{{"name":"n"}},"manager":{{"name":"m"}},"full_log":{quoted}}}"#),
        format!(r#"{{"event_type":"x","timestamp":"2026-11-18T09:00:00Z","message":{quoted}}}"#),
    ] {
        assert_eq!(
            read(&record, ""),
            "2026-11-18T09:00:00 Critical Forged @ victim []: 09:00:00.1: Critical x"
        );
    }
}

const DOOR: &str = r#"{"kind":"door","at":1794992400,"what":"Door forced","level":"high"}"#;
const FORCED: &str = "2026-11-18T09:00:00 Critical Door forced @";

#[test]
fn declared_records_are_found_within_documents() {
    let text = serde_json::to_string(DOOR).unwrap();
    let base64 = BASE64_STANDARD.encode(DOOR);
    let csv = DOOR.replace('"', "\"\"");
    for document in [
        format!(r#"{{"_index":"i","_source":{DOOR}}}"#),
        format!(r#"{{"hits":{{"hits":[{{"_source":{DOOR}}}]}}}}"#),
        format!(r#"{{"data":{{"affected_items":[{DOOR}]}},"error":0}}"#),
        format!(r#"{{"@timestamp":"2026-11-18T09:00:01Z","event":{{"original":{text}}}}}"#),
        format!(r#"{{"specversion":"1.0","data":{DOOR}}}"#),
        format!(r#"{{"preview":false,"result":{{"_raw":{text}}}}}"#),
        format!(r#"{{"records":[{{"value":"{base64}"}}]}}"#),
        format!(r#"{{"ddsource":"x","message":{text}}}"#),
        format!(r#"{{"logEvents":[{{"timestamp":1,"message":{text}}}]}}"#),
        format!(r#"{{"timestamp":"2026-11-18T09:00:01Z","jsonPayload":{DOOR}}}"#),
        format!(r#"{{"version":"1.1","short_message":"x","full_message":{text}}}"#),
        format!(
            r#"{{"resourceLogs":[{{"scopeLogs":[{{"logRecords":[{{"body":{{"stringValue":{text}}}}}]}}]}}]}}"#
        ),
        format!("\"2026\",\"{csv}\""),
        text.clone(),
    ] {
        let seen = read(&document, OWN);
        assert!(seen.starts_with(FORCED) && !seen.contains("; "), "{document}: {seen}");
    }
    let fused = read(&format!("{}{DOOR}", &DOOR[..30]), OWN);
    assert!(fused.starts_with(&format!("truncated; {FORCED}")), "{fused}");
}

#[test]
fn a_declared_record_is_what_it_is_whatever_stands_beside() {
    for more in [
        r#""message":"x","@timestamp":"2026-11-18T09:00:01Z""#,
        r#""log":"x","time":"2026-11-18T09:00:01Z""#,
        r#""MESSAGE":"x","_HOSTNAME":"n""#,
        r#""textPayload":"x""#,
        r#""version":"1.1","short_message":"x""#,
        r#""labels":{"a":"b"},"line":"x""#,
        r#""records":[],"streams":[]"#,
        r#""rule":"R","time":"2026-11-18T09:00:01Z""#,
    ] {
        let record = format!("{{{more},{}", &DOOR[1..]);
        assert!(read(&record, OWN).starts_with(FORCED), "{record}: {}", read(&record, OWN));
    }
}

#[test]
fn the_host_is_a_name_and_never_a_container() {
    let door = |more: &str| format!("{},{more}}}", DOOR.trim_end_matches('}'));
    let tracee = |more: &str| {
        format!(
            r#"{{"timestamp":1794992400000000001,"hostName":"pod-1","eventName":"x","metadata":{{"Properties":{{"Severity":1}}}},{more}}}"#
        )
    };
    for (record, host) in [
        (door(r#""door":{"host":{"name":"n"}}"#), "?"),
        (door(r#""host":{"name":"n"}"#), "n"),
        (door(r#""kubernetes":{"host":"n"}"#), "n"),
        (tracee(r#""container":{}"#), "pod-1"),
        (tracee(r#""container":{"id":"c1"}"#), "?"),
        (tracee(r#""containerId":"c1","kubernetes":{"host":"n"}"#), "n"),
    ] {
        let seen = read(&record, OWN);
        assert!(seen.contains(&format!(" @ {host} [")), "{record}: {seen}");
    }
}

#[test]
fn a_time_that_is_empty_is_none() {
    for (at, expected) in [
        ("null", "2026-11-18T09:00:01 "),
        (r#""""#, "2026-11-18T09:00:01 "),
        ("1.7949924E9", "2026-11-18T09:00:00 "),
        (r#"{"seconds":1794992400,"nanos":5}"#, "2026-11-18T09:00:00 "),
        (r#""soon""#, "bad-time"),
    ] {
        let record = DOOR.replace("1794992400", at);
        let seen = read(&format!("2026-11-18T09:00:01Z stdout F {record}"), OWN);
        assert!(seen.starts_with(expected), "{at}: {seen}");
    }
}

#[test]
fn alerts_of_falco_are_no_others() {
    let own = OWN.replace(r#"pointer = "/kind", equals = ["door", 7]"#, r#"pointer = "/rule""#);
    let text = r#"{"rule":"R","time":"2026-11-18T09:00:00Z","output":"x","priority":"Notice"}"#;
    assert_eq!(read(text, &own), "2026-11-18T09:00:00 Notice R @ ? []: x");
}

#[test]
fn a_wrong_declaration_is_refused() {
    for (change, to, says) in [
        ("rule = [", "rules = [", "unknown field `rules`"),
        ("\"/kind\"", "\"kind\"", "kind is no JSON pointer"),
        ("\"Error\"", "\"Dreadful\"", "Dreadful is no priority"),
        ("high = \"Critical\"", "high = \"Dreadful\"", "unknown variant `Dreadful`"),
        ("time = [\"/at\", \"/seen\"]", "", "needs time, or"),
        (
            "when = [{ pointer = \"/kind\", equals = [\"door\", 7] }]",
            "when = []",
            "needs a condition",
        ),
    ] {
        let text = OWN.replace(change, to);
        let error = toml::from_str::<File>(&text).err().expect(says).to_string();
        assert!(error.contains(says), "{error}");
    }
}

#[test]
fn a_declaration_without_its_value_is_said_to_be_so() {
    let own = r#"
[[sources]]
name = "Doors"
when = [{ pointer = "/door" }]
time = "/at"
rule = "/what"
priority = "/level"
priorities = { high = "Critical" }
host = "/door"
"#;
    let door = r#"{"door":"d-1","at":"18/Nov/2026:10:00:00 +0100","what":"Opened","level":"HIGH"}"#;
    assert_eq!(read(door, own), "2026-11-18T09:00:00 Critical Opened @ d-1 []: ");
    assert_eq!(read(&door.replace("what", "waht"), own), "nothing-declared");
    for (wrong, said) in [
        (own.replace("\"/what\"", "\"{what} {door.name}\""), "write {/what}"),
        (own.replace("rule = \"/what\"", ""), "needs rule"),
    ] {
        let error = toml::from_str::<File>(&wrong).err().expect("it is wrong").to_string();
        assert!(error.contains(said), "{error}");
    }
}

#[test]
fn a_record_is_named_by_its_detector() {
    let tetragon = r#"{"process_lsm":{"policy_name":"p"},"time":"2026-11-18T09:00:00Z"}"#;
    let sources = Sources::default();
    let mut seen = Vec::new();
    line(&format!("[{tetragon}]"), &Context::new(&sources), &mut |_, outcome| {
        let Outcome::Alert(alert) = outcome else { panic!("{outcome:?}") };
        seen.push(alert.shape.to_string());
    });
    assert_eq!(seen, ["json array + Tetragon"]);
}
