//! Which machine an alert is about.

use std::{borrow::Cow, collections::BTreeMap};

use crate::alert::{Alert, is_absent};

/// The name where nothing names the machine.
pub const UNKNOWN: &str = "unknown-host";

/// Where a host's name was taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum NamedBy {
    /// The user's map.
    Map,
    /// The output field that the user chose.
    HostField,
    /// `k8s.node.name` or `evt.hostname` among the output fields.
    Node,
    /// The alert's `hostname`.
    Hostname,
    /// The wrapper around the record.
    Wrapper,
    /// The file's path.
    Path,
    /// Nothing.
    Unknown,
}

impl NamedBy {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Map,
        Self::HostField,
        Self::Node,
        Self::Hostname,
        Self::Wrapper,
        Self::Path,
        Self::Unknown,
    ];

    /// The word for it in `report.json`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Map => "map",
            Self::HostField => "host-field",
            Self::Node => "node",
            Self::Hostname => "hostname",
            Self::Wrapper => "wrapper",
            Self::Path => "path",
            Self::Unknown => "unknown",
        }
    }
}

/// How hosts are named.
#[derive(Clone, Debug, Default)]
pub struct Naming {
    /// The user's map: what the logs say → what the report says. A `*` in what the logs say
    /// stands for any text.
    pub map: BTreeMap<String, String>,
    /// An output field that names the host.
    pub field: Option<String>,
    /// A pattern for paths, such as `logs/{host}/falco.log`.
    pub path: Option<PathPattern>,
}

impl Naming {
    /// The host that an alert is about, and what named it. `from_path` is what the pattern found
    /// in the file's path.
    pub fn name<'n>(
        &'n self,
        alert: &'n Alert<'_>,
        from_path: Option<&'n str>,
    ) -> (Cow<'n, str>, NamedBy) {
        let (raw, by) = self.raw(alert, from_path);
        match self.mapped(raw) {
            Some(name) => (name.into(), NamedBy::Map),
            None => (raw.into(), by),
        }
    }

    fn raw<'n>(&'n self, alert: &'n Alert<'_>, from_path: Option<&'n str>) -> (&'n str, NamedBy) {
        let present = |text: &Option<Cow<'_, str>>| {
            text.as_deref().is_some_and(|text| !is_absent(text.trim()))
        };
        let field = self.field.as_deref().and_then(|field| alert.field(field));
        let node = || alert.field("k8s.node.name").or_else(|| alert.field("evt.hostname"));
        if let Some(name) = field {
            (name, NamedBy::HostField)
        } else if let Some(name) = node() {
            (name, NamedBy::Node)
        } else if let Some(name) = alert.hostname.as_deref().filter(|_| present(&alert.hostname)) {
            (name, NamedBy::Hostname)
        } else if let Some(name) =
            alert.wrapper_host.as_deref().filter(|_| present(&alert.wrapper_host))
        {
            (name, NamedBy::Wrapper)
        } else if let Some(name) = from_path {
            (name, NamedBy::Path)
        } else {
            (UNKNOWN, NamedBy::Unknown)
        }
    }

    fn mapped(&self, raw: &str) -> Option<&str> {
        if let Some(name) = self.map.get(raw) {
            return Some(name);
        }
        let wild =
            self.map.iter().find(|(pattern, _)| pattern.contains('*') && matches(pattern, raw));
        wild.map(|(_, name)| name.as_str())
    }
}

/// Whether a text fits a pattern in which `*` stands for any text.
pub fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    true
}

/// A pattern that takes a host's name from a file's path. Its parts are compared with the last
/// parts of the path; `{host}` stands for the name and `*` for any text within a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathPattern(Vec<String>);

impl PathPattern {
    /// Reads a pattern; it must hold `{host}` once.
    pub fn parse(pattern: &str) -> Option<Self> {
        (pattern.matches("{host}").count() == 1).then(|| {
            Self(pattern.split('/').filter(|part| !part.is_empty()).map(Into::into).collect())
        })
    }

    /// The host's name in a path, if the path fits.
    pub fn host<'p>(&self, path: &'p str) -> Option<&'p str> {
        let mut parts = path.rsplit('/');
        let mut host = None;
        for pattern in self.0.iter().rev() {
            let part = parts.next()?;
            match pattern.split_once("{host}") {
                Some((before, after)) => host = Some(between(part, before, after)?),
                None if !matches(pattern, part) => return None,
                None => {}
            }
        }
        host
    }
}

/// What stands between two texts that may hold `*`; the shortest that fits.
fn between<'p>(part: &'p str, before: &str, after: &str) -> Option<&'p str> {
    let starts = (0..=part.len()).filter(|at| part.is_char_boundary(*at));
    let start = starts.clone().find(|at| matches(before, &part[..*at]))?;
    let end = starts.filter(|at| *at > start).find(|at| matches(after, &part[*at..]))?;
    Some(&part[start..end])
}

/// What a host's name looks like, where it is no machine's: `container-id` or `pod-name`.
pub fn suspect(host: &str) -> Option<&'static str> {
    let hex = host.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    if hex && matches!(host.len(), 12 | 64) {
        return Some("container-id");
    }
    // A pod of a DaemonSet ends in five characters of Kubernetes' own alphabet, one of a
    // Deployment has its ReplicaSet's hash before them.
    let (_, tail) = host.rsplit_once('-')?;
    let random =
        tail.len() == 5 && tail.bytes().all(|byte| b"bcdfghjklmnpqrstvwxz2456789".contains(&byte));
    random.then_some("pod-name")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_find_the_host_in_a_path() {
        for (pattern, path, host) in [
            ("logs/{host}/falco.log", "logs/node-1/falco.log", Some("node-1")),
            ("{host}/*", "/srv/logs/node-1/falco.log", Some("node-1")),
            ("falco-{host}.log", "a/falco-node-1.log", Some("node-1")),
            ("falco-{host}-*.log", "falco-web-2026.log", Some("web")),
            ("{host}/falco.log", "falco.log", None),
            ("{host}/x.log", "node-1/falco.log", None),
        ] {
            assert_eq!(PathPattern::parse(pattern).unwrap().host(path), host, "{pattern} {path}");
        }
        assert_eq!(PathPattern::parse("no-host"), None);
        assert_eq!(PathPattern::parse("{host}/{host}"), None);
    }

    #[test]
    fn a_star_stands_for_any_text() {
        assert!(matches("falco-*", "falco-x9k2p"));
        assert!(matches("*", ""));
        assert!(matches("a*b*c", "a--b--c"));
        assert!(!matches("a*b", "a--c"));
        assert!(matches("same", "same"));
        assert!(!matches("same", "other"));
    }

    #[test]
    fn container_ids_and_pod_names_are_suspect() {
        assert_eq!(suspect("bdd6653800cd"), Some("container-id"));
        assert_eq!(suspect("falco-6htpw"), Some("pod-name"));
        assert_eq!(suspect("node-07"), None);
        assert_eq!(suspect("build-host-03"), None);
        assert_eq!(suspect("ip-10-0-0-1"), None);
    }
}
