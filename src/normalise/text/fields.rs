//! The `key=value` pairs in an alert's message.
//!
//! Values are not quoted: they hold blanks, `=`, `|` and brackets. A value runs until the next
//! word that looks like a key, and where that leaves two values for one key, neither is taken.

use std::{borrow::Cow, sync::LazyLock};

use hashbrown::HashMap;

use crate::{
    dictionary::Dictionary,
    json::{Members, Value},
};

/// What rules call a field in a message, and the field (falcosecurity/rules, all versions).
const LABELS: [(&str, &str); 34] = [
    ("args", "proc.args"),
    ("cmdline", "proc.cmdline"),
    ("command", "proc.cmdline"),
    ("connection", "fd.name"),
    ("container_image", "container.image.repository"),
    ("cwd", "proc.cwd"),
    ("exe_flags", "evt.arg.flags"),
    ("file", "fd.name"),
    ("gggparent", "proc.aname[4]"),
    ("ggparent", "proc.aname[3]"),
    ("gparent", "proc.aname[2]"),
    ("image", "container.image.repository"),
    ("image_tag", "container.image.tag"),
    ("k8s.ns", "k8s.ns.name"),
    ("k8s.pod", "k8s.pod.name"),
    ("k8s_ns", "k8s.ns.name"),
    ("k8s_ns_name", "k8s.ns.name"),
    ("k8s_pod", "k8s.pod.name"),
    ("k8s_pod_name", "k8s.pod.name"),
    ("namespace", "k8s.ns.name"),
    ("ns", "k8s.ns.name"),
    ("parent", "proc.pname"),
    ("parent_exe", "proc.pexe"),
    ("parent_exepath", "proc.pexepath"),
    ("parent_process", "proc.pname"),
    ("pcmdline", "proc.pcmdline"),
    ("pname", "proc.pname"),
    ("pod", "k8s.pod.name"),
    ("process", "proc.name"),
    ("program", "proc.name"),
    ("shell", "proc.name"),
    ("terminal", "proc.tty"),
    ("uid", "user.uid"),
    ("user", "user.name"),
];

/// The same for Kubernetes audit rules (falcosecurity/plugins, k8saudit).
const AUDIT_LABELS: [(&str, &str); 14] = [
    ("action", "ka.uri.param"),
    ("image", "ka.req.pod.containers.image"),
    ("images", "ka.req.pod.containers.image"),
    ("name", "ka.target.name"),
    ("ns", "ka.target.namespace"),
    ("pod", "ka.target.name"),
    ("reason", "ka.auth.reason"),
    ("resource", "ka.target.resource"),
    ("resp", "ka.response.code"),
    ("role", "ka.target.name"),
    ("target", "ka.target.name"),
    ("uri", "ka.uri"),
    ("user", "ka.user.name"),
    ("verb", "ka.verb"),
];

/// Fields by label: each word before a `=` is looked up.
static LABELLED: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| LABELS.into_iter().collect());
static AUDIT_LABELLED: LazyLock<HashMap<&str, &str>> =
    LazyLock::new(|| AUDIT_LABELS.into_iter().collect());

/// Pairs that are read of one message.
const MOST: usize = 256;

/// A key and where its pair stands.
struct Key<'m> {
    label: &'m str,
    /// Offset of the label.
    from: usize,
    /// Offset of the value.
    value: usize,
}

/// The fields of a message. `audited` says that it is one on Kubernetes' audit log.
pub fn of(message: &str, audited: bool) -> Members<'_> {
    let keys = keys(message);
    let mut pairs: Members<'_> = Vec::with_capacity(keys.len() + 1);
    for (at, key) in keys.iter().enumerate() {
        let end = keys.get(at + 1).map_or(message.len(), |next| next.from);
        let value = tidy(&message[key.value..end]);
        let value = match container_info(value) {
            Some((rest, name, id)) if !audited => {
                pairs.push(("container.name".into(), text(name)));
                pairs.push(("container.id".into(), text(id)));
                rest
            }
            _ => value,
        };
        pairs.push((field(key.label, value, audited), text(value)));
    }
    certain(pairs)
}

const fn text(value: &str) -> Value<'_> {
    Value::Text(Cow::Borrowed(value))
}

/// The keys of a message, in order.
fn keys(message: &str) -> Vec<Key<'_>> {
    let mut keys: Vec<Key<'_>> = Vec::new();
    for equals in memchr::memchr_iter(b'=', message.as_bytes()) {
        let before = &message[..equals];
        let label_length = before.bytes().rev().take_while(|byte| is_label_byte(*byte)).count();
        let (lead, label) = before.split_at(before.len() - label_length);
        let key = Key { label, from: lead.len(), value: equals + 1 };
        let expected = match keys.last() {
            None => begins(lead, label),
            Some(last) if takes_anything(last.label) => lead.ends_with(' ') && is_known(label),
            Some(_) => lead.ends_with(' ') && (is_known(label) || is_plausible(label)),
        };
        if expected {
            keys.push(key);
        }
        if keys.len() >= MOST {
            break;
        }
    }
    keys
}

/// Whether the first key of a message may stand behind `lead`.
fn begins(lead: &str, label: &str) -> bool {
    if lead.is_empty() || lead.ends_with('(') || lead.ends_with(" | ") || lead.ends_with(": ") {
        return is_known(label) || is_plausible(label);
    }
    lead.ends_with(' ') && is_known(label)
}

/// Values of these are chosen by whoever runs a program, and look like keys with values at times.
fn takes_anything(label: &str) -> bool {
    label.ends_with("cmdline") || matches!(label, "command" | "args" | "file" | "proc_args")
}

const fn is_label_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'[' | b']')
}

fn is_known(label: &str) -> bool {
    LABELLED.contains_key(label)
        || label == "container"
        || (label.contains(['_', '.']) && Dictionary::bundled().field(label).is_some())
}

fn is_plausible(label: &str) -> bool {
    label.len() <= 40
        && label.as_bytes().first().is_some_and(u8::is_ascii_lowercase)
        && !label.ends_with('.')
}

/// The field that a label stands for; the label itself where that is not known.
fn field<'m>(label: &'m str, value: &str, audited: bool) -> Cow<'m, str> {
    let table = if audited { &AUDIT_LABELLED } else { &LABELLED };
    if let Some(field) = table.get(label) {
        return Cow::Borrowed(field);
    }
    if label == "container" && !audited {
        let id =
            value == "host" || (value.len() == 12 && value.bytes().all(|b| b.is_ascii_hexdigit()));
        return Cow::Borrowed(if id { "container.id" } else { "container.name" });
    }
    if label.contains('_')
        && !label.contains('.')
        && let Some(entry) = Dictionary::bundled().field(label)
        && !entry.name.ends_with(']')
        && !entry.name.ends_with('*')
    {
        return Cow::Borrowed(&entry.name);
    }
    Cow::Borrowed(label)
}

/// A value without the blanks, commas and brackets that belong to the message.
fn tidy(value: &str) -> &str {
    let value = value.trim();
    let value = value.strip_suffix(',').unwrap_or(value);
    let opened = value.matches('(').count();
    match value.strip_suffix(')') {
        Some(rest) if value.matches(')').count() > opened => rest.trim_end(),
        _ => value,
    }
}

/// `sh -c x web (id=0a1b2c3d4e5f)`: what `%container.info` left at a value's end.
fn container_info(value: &str) -> Option<(&str, &str, &str)> {
    let (rest, id) = value.strip_suffix(')')?.rsplit_once(" (id=")?;
    let (rest, name) = rest.rsplit_once(' ')?;
    let is_id = id == "host" || (id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_hexdigit()));
    is_id.then_some((rest, name, id))
}

/// The pairs whose key has one value only, each once.
fn certain(pairs: Members<'_>) -> Members<'_> {
    let mut kept: Members<'_> = Vec::with_capacity(pairs.len());
    let mut doubtful: Vec<Cow<'_, str>> = Vec::new();
    for (name, value) in pairs {
        match kept.iter().find(|(known, _)| *known == name) {
            Some((_, known)) if *known != value => doubtful.push(name),
            Some(_) => {}
            None => kept.push((name, value)),
        }
    }
    kept.retain(|(name, _)| !doubtful.contains(name));
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(message: &str) -> Vec<(String, String)> {
        let pairs = of(message, false).into_iter();
        pairs.map(|(name, value)| (name.into_owned(), value.shown().to_owned())).collect()
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        expected.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
    }

    #[test]
    fn labels_stand_once_and_in_order() {
        assert!(LABELS.is_sorted_by(|a, b| a.0 < b.0));
        assert!(AUDIT_LABELS.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn pairs_behind_a_bar_are_fields() {
        let message = "A shell | evt_type=execve user=root process=sh command=sh -c FOO=1 a|b x=y \
                       terminal=34816 exe_flags=EXE_WRITABLE container_id=0a1b2c3d4e5f \
                       container_name=<NA> k8s_pod_name= k8s_ns_name=shop";
        let expected = pairs(&[
            ("evt.type", "execve"),
            ("user.name", "root"),
            ("proc.name", "sh"),
            ("proc.cmdline", "sh -c FOO=1 a|b x=y"),
            ("proc.tty", "34816"),
            ("evt.arg.flags", "EXE_WRITABLE"),
            ("container.id", "0a1b2c3d4e5f"),
            ("container.name", "<NA>"),
            ("k8s.pod.name", ""),
            ("k8s.ns.name", "shop"),
        ]);
        assert_eq!(read(message), expected);
    }

    #[test]
    fn pairs_in_brackets_are_fields() {
        let message = "File below / opened (user=root command=echo (hi) parent=<NA> file=/root/.x \
                       gparent=sshd) k8s.ns=shop k8s.pod=db-0 container=b27073b986af k8s.ns=shop \
                       k8s.pod=db-0 container=b27073b986af";
        let expected = pairs(&[
            ("user.name", "root"),
            ("proc.cmdline", "echo (hi)"),
            ("proc.pname", "<NA>"),
            ("fd.name", "/root/.x"),
            ("proc.aname[2]", "sshd"),
            ("k8s.ns.name", "shop"),
            ("k8s.pod.name", "db-0"),
            ("container.id", "b27073b986af"),
        ]);
        assert_eq!(read(message), expected);
        let message = "App used (user=Ada Byron, app=drive)";
        assert_eq!(read(message), pairs(&[("user.name", "Ada Byron"), ("app", "drive")]));
    }

    #[test]
    fn what_container_info_left_is_taken_apart() {
        let message = "Mount (user=root command=runc init web-1 (id=c2feddeb9679) image=nginx:1)";
        let expected = pairs(&[
            ("user.name", "root"),
            ("container.name", "web-1"),
            ("container.id", "c2feddeb9679"),
            ("proc.cmdline", "runc init"),
            ("container.image.repository", "nginx:1"),
        ]);
        assert_eq!(read(message), expected);
    }

    #[test]
    fn a_key_with_two_values_is_left_out() {
        let message = "A shell (user=root command=x user=ada terminal=0)";
        assert_eq!(read(message), pairs(&[("proc.cmdline", "x"), ("proc.tty", "0")]));
    }

    #[test]
    fn text_without_pairs_has_no_fields() {
        for message in ["", "plain", "a = b", "the sum 1=1 is so", "Shell x=1 spawned"] {
            assert_eq!(read(message), [], "{message}");
        }
    }

    #[test]
    fn audit_messages_have_fields_of_their_own() {
        let message =
            "K8s Role Created (user=ada role=r resource=roles resp=201 rules=({\"a\":1}))";
        let names: Vec<_> = of(message, true).into_iter().map(|(name, _)| name).collect();
        let expected =
            ["ka.user.name", "ka.target.name", "ka.target.resource", "ka.response.code", "rules"];
        assert_eq!(names, expected);
    }
}
