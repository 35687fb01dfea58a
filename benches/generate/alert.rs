//! One alert: its fields, and its line in each layout.

use std::io::Write as _;

use crate::{
    fleet::{Host, Kind, Layout, Rule, Workload, parent},
    random::Random,
    time::Moment,
};

/// A field's value.
enum Value {
    Text(String),
    Number(i64),
    Null,
}

/// Fields by name; Falco writes them sorted.
type Fields = Vec<(&'static str, Value)>;

const USERS: [&str; 5] = ["root", "app", "postgres", "deploy", "<NA>"];
const FOLDERS: [&str; 8] = [
    "/etc",
    "/etc/ssl/private",
    "/var/lib/app",
    "/usr/bin",
    "/root/.ssh",
    "/opt/jobs",
    "/proc/self",
    "/tmp",
];
const NAMES: [&str; 10] = [
    "passwd",
    "shadow",
    "id_ed25519",
    "app.toml",
    "crontab",
    "session.db",
    "größe.txt",
    "ld.so.preload",
    "token",
    "hosts",
];
const ANCESTORS: [&str; 3] = ["proc.aname[2]", "proc.aname[3]", "proc.aname[4]"];

/// Draws an alert and writes its line. `habit` draws what comes again each time that this habit of
/// a rule on a host does, `random` what differs each time.
pub fn write(
    out: &mut Vec<u8>,
    random: &mut Random,
    habit: &mut Random,
    (host, rule): (&Host, &Rule),
    time: Moment,
) {
    let fields = fields(random, habit, host, rule, time);
    let output = output(rule, &fields, time);
    match host.layout {
        Layout::Grafted => grafted(out, host, rule, &output, &fields, time),
        Layout::Sorted => sorted(out, host, rule, &output, &fields, time),
        Layout::Sidekick => sidekick(out, random, host, rule, &output, &fields, time),
    }
    out.push(b'\n');
}

fn fields(
    random: &mut Random,
    habit: &mut Random,
    host: &Host,
    rule: &Rule,
    time: Moment,
) -> Fields {
    let text = |text: &str| Value::Text(text.to_owned());
    let process = habit.pick(&rule.processes);
    let executable = Value::Text(format!("/usr/bin/{process}"));
    let mut fields: Fields = vec![
        ("evt.time", Value::Number(time.nanos_since_epoch())),
        ("proc.cmdline", Value::Text(command(random, habit, process))),
        ("proc.exepath", executable),
        ("proc.name", text(process)),
        ("proc.pname", text(parent(habit))),
        ("proc.tty", Value::Number(if habit.percent(10) { 34816 } else { 0 })),
        ("user.loginuid", Value::Number(-1)),
        ("user.name", text(habit.pick(&USERS))),
        ("user.uid", Value::Number([0, 1000, 65532][habit.below(3)])),
    ];
    fields.extend(ANCESTORS.iter().take(rule.ancestors).map(|name| (*name, text(parent(habit)))));
    // Most workloads of a host are quiet: the first are drawn more often.
    let last = host.workloads.len() - 1;
    let workload = habit.below(host.workloads.len()).min(habit.below(last + 1));
    let outside = habit.percent(12);
    fields.extend(container((!outside).then(|| &host.workloads[workload]), habit));
    match rule.kind {
        Kind::Process => {
            fields.push(("evt.arg.flags", text("EXE_WRITABLE|EXE_LOWER_LAYER")));
            fields.push(("evt.type", text("execve")));
        }
        Kind::File => {
            fields.push(("evt.type", text("openat")));
            fields.push((
                "fd.name",
                Value::Text(format!("{}/{}", habit.pick(&FOLDERS), habit.pick(&NAMES))),
            ));
        }
        Kind::Network => fields.extend(connection(random, habit)),
    }
    fields.sort_by_key(|(name, _)| *name);
    fields
}

fn container(workload: Option<&Workload>, random: &mut Random) -> Fields {
    let Some(workload) = workload else {
        return vec![
            ("container.id", Value::Text("host".into())),
            ("container.image.repository", Value::Null),
            ("container.image.tag", Value::Null),
            ("container.name", Value::Text("host".into())),
            ("k8s.ns.name", Value::Null),
            ("k8s.pod.name", Value::Text("<NA>".into())),
        ];
    };
    let image = |text: &String| Value::Text(text.clone());
    let unknown = random.percent(3);
    let or_null = |value: Value| if unknown { Value::Null } else { value };
    vec![
        ("container.id", Value::Text(workload.id.clone())),
        ("container.image.repository", or_null(image(&workload.repository))),
        ("container.image.tag", or_null(image(&workload.tag))),
        ("container.name", Value::Text(workload.name.clone())),
        ("k8s.ns.name", Value::Text(workload.namespace.into())),
        ("k8s.pod.name", Value::Text(workload.pod.clone())),
    ]
}

fn connection(random: &mut Random, habit: &mut Random) -> Fields {
    let port = 32768 + random.below(28000);
    let name = format!("10.{}.0.7:{port}->198.51.100.{}:443", habit.below(4), habit.below(20));
    vec![
        ("evt.type", Value::Text("connect".into())),
        ("fd.l4proto", Value::Text("tcp".into())),
        ("fd.lport", Value::Number(443)),
        ("fd.name", Value::Text(name)),
        ("fd.rport", Value::Number(i64::try_from(port).unwrap_or(0))),
        ("fd.type", Value::Text("ipv4".into())),
    ]
}

/// A command line: most repeat, some differ each time; some need escapes.
fn command(random: &mut Random, habit: &mut Random, process: &str) -> String {
    match habit.below(12) {
        0..4 => format!("{process} --config /etc/{process}/main.toml"),
        4..6 => {
            format!("{process} -c \"select count(*) from orders where id > {}\"", random.below(40))
        }
        6 => format!("{process} -e 's/\\t/ /g; s/\\n/,/g' /var/log/app.{}.log", habit.below(10)),
        7 => format!("{process} <<END\nfirst line\n\tsecond {}\nEND", habit.below(5)),
        8 => format!("{process} --colour \u{1b}[31mred\u{1b}[0m --größe {}", habit.below(9)),
        9 => format!("{process} --since {} --out /tmp/{}", random.below(100_000), random.hex(8)),
        _ => format!("{process} run --all --quiet --workers {}", 1 + habit.below(8)),
    }
}

fn output(rule: &Rule, fields: &Fields, time: Moment) -> String {
    let mut output = format!("{}: {} {} | ", time.clock(), rule.priority, rule.message);
    for (name, value) in fields.iter().filter(|(name, _)| *name != "evt.time") {
        let label = match *name {
            "proc.cmdline" => "command",
            "proc.name" => "process",
            "proc.pname" => "parent",
            "user.name" => "user",
            "fd.name" => "file",
            name => name,
        };
        output.extend(label.chars().map(|c| if c == '.' { '_' } else { c }));
        output.push('=');
        match value {
            Value::Text(text) => output.push_str(text),
            Value::Number(number) => output.push_str(&number.to_string()),
            Value::Null => output.push_str("<NA>"),
        }
        output.push(' ');
    }
    output.truncate(output.trim_end().len());
    output
}

fn grafted(
    out: &mut Vec<u8>,
    host: &Host,
    rule: &Rule,
    output: &str,
    fields: &Fields,
    time: Moment,
) {
    head(out, host, output);
    rest(out, rule, time);
    out.extend_from_slice(b", \"output_fields\": ");
    object(out, fields, false);
    out.push(b'}');
}

fn sorted(
    out: &mut Vec<u8>,
    host: &Host,
    rule: &Rule,
    output: &str,
    fields: &Fields,
    time: Moment,
) {
    head(out, host, output);
    out.extend_from_slice(b",\"output_fields\":");
    object(out, fields, false);
    rest(out, rule, time);
    out.push(b'}');
}

fn head(out: &mut Vec<u8>, host: &Host, output: &str) {
    out.extend_from_slice(b"{\"hostname\":");
    string(out, &host.name, false);
    out.extend_from_slice(b",\"output\":");
    string(out, output, false);
}

fn rest(out: &mut Vec<u8>, rule: &Rule, time: Moment) {
    let _ = write!(out, ",\"priority\":\"{}\",\"rule\":", rule.priority);
    string(out, &rule.name, false);
    out.extend_from_slice(b",\"source\":\"syscall\",\"tags\":");
    tags(out, rule);
    let _ = write!(out, ",\"time\":\"{}\"", time.utc());
}

fn sidekick(
    out: &mut Vec<u8>,
    random: &mut Random,
    host: &Host,
    rule: &Rule,
    output: &str,
    fields: &Fields,
    time: Moment,
) {
    let [a, b, c, d] = [8, 4, 3, 3].map(|digits| random.hex(digits));
    let _ = write!(out, "{{\"uuid\":\"{a}-{b}-4{c}-a{d}-{}\",\"output\":", random.hex(12));
    string(out, output, true);
    let _ = write!(out, ",\"priority\":\"{}\",\"rule\":", rule.priority);
    string(out, &rule.name, true);
    let _ = write!(out, ",\"time\":\"{}\",\"output_fields\":", time.utc());
    object(out, fields, true);
    out.extend_from_slice(b",\"source\":\"syscall\",\"tags\":");
    tags(out, rule);
    out.extend_from_slice(b",\"hostname\":");
    string(out, &host.name, true);
    out.push(b'}');
}

fn tags(out: &mut Vec<u8>, rule: &Rule) {
    let _ = write!(out, "[\"{}\"]", rule.tags.join("\",\""));
}

fn object(out: &mut Vec<u8>, fields: &Fields, html_safe: bool) {
    for (number, (name, value)) in fields.iter().enumerate() {
        out.push(if number == 0 { b'{' } else { b',' });
        string(out, name, html_safe);
        out.push(b':');
        match value {
            Value::Text(text) => string(out, text, html_safe),
            Value::Number(number) => {
                let _ = write!(out, "{number}");
            }
            Value::Null => out.extend_from_slice(b"null"),
        }
    }
    out.push(b'}');
}

/// A JSON string; Go, in which falcosidekick is written, escapes what HTML would take for markup.
fn string(out: &mut Vec<u8>, text: &str, html_safe: bool) {
    out.push(b'"');
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\t' => out.extend_from_slice(b"\\t"),
            0..0x20 => {
                let _ = write!(out, "\\u{byte:04x}");
            }
            b'<' | b'>' | b'&' if html_safe => {
                let _ = write!(out, "\\u{byte:04x}");
            }
            _ => out.push(byte),
        }
    }
    out.push(b'"');
}
