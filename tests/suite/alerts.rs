//! Log lines for tests, as Falco writes them.

use serde_json::{Value, json};

/// An alert with the fields that most rules give.
pub fn alert(rule: &str, host: &str, time: &str) -> Value {
    json!({
        "hostname": host,
        "output": format!("10:00:00.000000000: Notice {rule} (user=root command=sh)"),
        "output_fields": {
            "container.id": "4f1c0a2b9d33",
            "container.image.repository": "registry.example/shop",
            "evt.time": 1_794_996_000_000_000_000_u64,
            "k8s.ns.name": "shop",
            "k8s.pod.name": "shop-7d9f-abcde",
            "proc.cmdline": "sh -c id",
            "proc.name": "sh",
            "user.name": "root"
        },
        "priority": "Notice",
        "rule": rule,
        "source": "syscall",
        "tags": ["T1059", "container", "mitre_execution"],
        "time": time,
    })
}

/// A time, so many seconds after the beginning of 18 November 2026; before December.
pub fn at(seconds: u64) -> String {
    let (days, seconds) = (seconds / 86_400, seconds % 86_400);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("2026-11-{:02}T{hours:02}:{minutes:02}:{seconds:02}.000000000Z", 18 + days)
}

/// Values as lines.
pub fn lines(values: &[Value]) -> String {
    values.iter().map(|value| value.to_string() + "\n").collect()
}

/// A log of `count` alerts of one rule on one host, a minute apart.
pub fn log(count: u64) -> String {
    let one = |minute| alert("Terminal shell in container", "node-1", &at(minute * 60));
    lines(&(0..count).map(one).collect::<Vec<_>>())
}
