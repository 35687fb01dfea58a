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
        ("time = [\"/at\", \"/seen\"]", "", "needs time and rule"),
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
