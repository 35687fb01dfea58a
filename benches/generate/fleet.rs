//! The machines, the rules and the workloads that the logs are about.

use crate::random::Random;

/// How a host's Falco, or what forwards its alerts, orders an alert's members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Falco before 0.39: sorted, and `output_fields` put on at the end.
    Grafted,
    /// Falco since 0.39: sorted throughout.
    Sorted,
    /// falcosidekick: in the order of its struct.
    Sidekick,
}

/// A machine.
#[derive(Clone, Debug)]
pub struct Host {
    pub name: String,
    pub layout: Layout,
    pub workloads: Vec<Workload>,
}

/// A container on a machine.
#[derive(Clone, Debug)]
pub struct Workload {
    pub id: String,
    pub name: String,
    pub namespace: &'static str,
    pub pod: String,
    pub repository: String,
    pub tag: String,
}

/// What a rule looks at, and so which fields its alerts have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A process that starts.
    Process,
    /// A file that is opened.
    File,
    /// A connection.
    Network,
}

/// A rule.
#[derive(Clone, Debug)]
pub struct Rule {
    pub name: String,
    pub message: String,
    pub priority: &'static str,
    pub kind: Kind,
    pub tags: Vec<&'static str>,
    pub processes: Vec<&'static str>,
    /// How many ancestors of the process the output names.
    pub ancestors: usize,
}

const WHAT: [&str; 20] = [
    "Shell",
    "Package manager",
    "Compiler",
    "Sensitive file",
    "Scheduler table",
    "Kernel module",
    "Debugger",
    "Archive tool",
    "Container socket",
    "Raw socket",
    "Credential store",
    "Log file",
    "Startup script",
    "Shared library",
    "Device node",
    "Remote copy",
    "Network scanner",
    "Name lookup",
    "Namespace change",
    "Interpreter",
];
const DONE: [&str; 6] = [
    "run in a container",
    "opened for writing",
    "started by a web server",
    "used by an unknown user",
    "seen outside the maintenance window",
    "reached from the internet",
];
const PRIORITIES: [&str; 7] =
    ["Critical", "Error", "Warning", "Warning", "Notice", "Notice", "Informational"];
const TAGS: [&str; 18] = [
    "container",
    "host",
    "network",
    "process",
    "filesystem",
    "shell",
    "users",
    "maturity_stable",
    "maturity_incubating",
    "mitre_execution",
    "mitre_persistence",
    "mitre_discovery",
    "mitre_credential_access",
    "mitre_privilege_escalation",
    "T1059",
    "T1555",
    "T1046",
    "PCI_DSS_10.2.7",
];
const NAMESPACES: [&str; 8] =
    ["payments", "shop", "search", "monitoring", "kube-system", "ingress", "batch", "identity"];
const SERVICES: [&str; 24] = [
    "gateway",
    "ledger",
    "cart",
    "indexer",
    "mailer",
    "sessions",
    "metrics-agent",
    "resolver",
    "scheduler",
    "thumbnailer",
    "webhooks",
    "reports",
    "broker",
    "cache",
    "accounts",
    "stock",
    "prices",
    "exporter",
    "proxy",
    "registry",
    "builder",
    "backup",
    "search-api",
    "front",
];
const PROCESSES: [&str; 40] = [
    "bash",
    "sh",
    "python3.12",
    "node",
    "java",
    "nginx",
    "curl",
    "wget",
    "cat",
    "tar",
    "rsync",
    "apt-get",
    "apk",
    "gcc",
    "ld",
    "perl",
    "ruby",
    "php-fpm",
    "postgres",
    "redis-server",
    "etcd",
    "containerd-shim",
    "runc",
    "systemd",
    "cron",
    "sshd",
    "sudo",
    "su",
    "find",
    "grep",
    "sed",
    "awk",
    "dig",
    "nc",
    "nmap",
    "tcpdump",
    "strace",
    "gdb",
    "insmod",
    "mount",
];

/// The machines: three layouts in the shares 60, 25 and 15 of a hundred.
pub fn hosts(count: u32, seed: u64) -> Vec<Host> {
    (0..count)
        .map(|number| {
            let mut random = Random::part(seed, 1_000_000 + u64::from(number));
            let layout = match random.below(100) {
                0..60 => Layout::Grafted,
                60..85 => Layout::Sorted,
                _ => Layout::Sidekick,
            };
            let workloads = 4 + random.below(9);
            Host {
                name: format!("node-{number:04}.eu-{}.shop.example", 1 + number % 3),
                layout,
                workloads: (0..workloads).map(|_| workload(&mut random)).collect(),
            }
        })
        .collect()
}

fn workload(random: &mut Random) -> Workload {
    let service = random.pick(&SERVICES);
    Workload {
        id: random.hex(12),
        name: service.to_owned(),
        namespace: random.pick(&NAMESPACES),
        pod: format!("{service}-{}-{}", random.hex(9), random.hex(5)),
        repository: format!("registry.shop.example/{}/{service}", random.pick(&NAMESPACES)),
        tag: format!("{}.{}.{}", 1 + random.below(9), random.below(30), random.below(10)),
    }
}

/// The rules, each with its own message, fields and processes.
pub fn rules(count: u32, seed: u64) -> Vec<Rule> {
    (0..count)
        .map(|number| {
            let mut random = Random::part(seed, 2_000_000 + u64::from(number));
            let number = number as usize;
            let what = WHAT[number % WHAT.len()];
            let done = DONE[number / WHAT.len() % DONE.len()];
            // More rules than words: numbers tell them apart.
            let round = number / (WHAT.len() * DONE.len());
            let number_of = if round == 0 { String::new() } else { format!(" ({round})") };
            let mut tags: Vec<_> = (0..3 + random.below(4)).map(|_| random.pick(&TAGS)).collect();
            tags.sort_unstable();
            tags.dedup();
            Rule {
                name: format!("{what} {done}{number_of}"),
                message: format!("{what} was {done}"),
                priority: random.pick(&PRIORITIES),
                kind: random.pick(&[Kind::Process, Kind::File, Kind::Network]),
                tags,
                processes: (0..4 + random.below(8)).map(|_| random.pick(&PROCESSES)).collect(),
                ancestors: random.below(4),
            }
        })
        .collect()
}

/// A process that may be another's parent.
pub fn parent(random: &mut Random) -> &'static str {
    PROCESSES[20 + random.below(8)]
}
