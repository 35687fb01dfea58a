//! What an advice is filled with: the values seen most in an incident.

use super::{Field, Place, Seen, SeenPlace, ValueCount};
use crate::group::Grouped;

/// Values of each kind that an advice names.
const FEW: usize = 3;

/// Output fields that name the account behind an API or cloud call.
const ACCOUNT: &[&str] = &[
    "ka.user.name",
    "ct.user",
    "gcp.user",
    "okta.actor.name",
    "okta.actor.alternateid",
    "github.user",
];

/// Output fields that name the object of an API or cloud call.
const TARGET: &[&str] = &[
    "ka.target.name",
    "ka.resp.name",
    "ka.req.configmap.name",
    "ct.request.name",
    "ct.request.username",
    "ct.request.groupname",
    "ct.request.rolename",
    "ct.request.functionname",
    "ct.request.host",
    "s3.bucket",
    "gcp.storage.bucket",
    "gcp.cloudfunctions.function",
    "okta.target.user.name",
    "github.repo.name",
    "github.repo",
];

/// Output fields that hold the address a call came from.
const ADDRESS: &[&str] = &[
    "ka.sourceips",
    "ct.srcip",
    "gcp.callerIP",
    "okta.client.ip",
    "github.remote.ip",
    "fd.sip",
    "fd.rip",
];

/// How the names of output fields begin that tell of calls to an API or a cloud.
const AUDIT: [&str; 5] = ["ka.", "ct.", "gcp.", "okta.", "github."];

/// Output fields that name a Kubernetes namespace.
const NAMESPACE: &[&str] = &["k8s.ns.name", "ka.target.namespace"];

/// What was seen in a group.
pub fn build(workload: &str, places: &[Place], fields: &[Field]) -> Seen {
    of(&Values(fields), workload, places)
}

/// Kubernetes namespaces of a group, that with the most alerts first.
pub fn namespaces(grouped: &Grouped) -> Vec<String> {
    let fields = grouped.details().fields;
    let named = |name| fields.iter().find(|field| field.name == name && field.present > 0);
    let known = NAMESPACE.iter().find_map(|name| named(*name));
    let values = known.into_iter().flat_map(|field| &field.values.list);
    values.map(|(value, _)| (*value).to_owned()).collect()
}

/// The values of an incident's fields, by the names of the fields.
struct Values<'a>(&'a [Field]);

impl<'a> Values<'a> {
    fn of(&self, names: &[&str]) -> &'a [ValueCount] {
        let known = names
            .iter()
            .find_map(|name| self.0.iter().find(|field| field.name == *name && field.count > 0));
        known.map_or(&[], |field| &field.values.list)
    }

    fn few(&self, names: &[&str], fits: fn(&str) -> bool) -> Vec<String> {
        let values = self.of(names).iter().map(|value| &value.value);
        values.filter(|value| fits(value)).take(FEW).cloned().collect()
    }
}

fn of(values: &Values<'_>, workload: &str, places: &[Place]) -> Seen {
    let any = |_: &str| true;
    let namespaces = values.few(NAMESPACE, any);
    let pods = values.few(&["k8s.pod.name", "ka.target.pod.name"], any);
    let containers = values.few(&["container.name"], |name| name != "host");
    let container_ids = values.few(&["container.id"], |id| id != "host");
    let images: Vec<String> = distinct(places.iter().filter_map(|place| place.image.clone()));
    let users = values.few(&["user.name", "user.loginname"], any);
    let processes = values.few(&["proc.name"], any);
    let parents = values.few(&["proc.pname"], any);
    let commands = values.few(&["proc.cmdline"], any);
    let files = values.few(&["fd.name", "fs.path.name", "evt.arg.path", "evt.arg.name"], |name| {
        !is_connection(name)
    });
    let connections = values.few(&["fd.name"], is_connection);
    let first =
        |list: &[String], blank: &str| list.first().cloned().unwrap_or_else(|| blank.into());
    let top = |names: &[&str], blank: &str| first(&values.few(names, any), blank);
    Seen {
        workload: workload.into(),
        places: places.iter().take(FEW).map(place).collect(),
        more_places: places.len().saturating_sub(FEW) as u64,
        namespace: first(&namespaces, "NAMESPACE"),
        pod: first(&pods, "POD"),
        container: first(&containers, "CONTAINER"),
        container_id: first(&container_ids, "CONTAINER_ID"),
        image: first(&images, "IMAGE"),
        user: first(&users, "USER"),
        process: first(&processes, "PROCESS"),
        parent: first(&parents, "PARENT"),
        executable: top(&["proc.exepath"], "EXECUTABLE"),
        command: first(&commands, "COMMAND"),
        file: first(&files, "FILE"),
        connection: first(&connections, "CONNECTION"),
        account: top(ACCOUNT, "ACCOUNT"),
        target: top(TARGET, "TARGET"),
        address: top(ADDRESS, "ADDRESS"),
        namespaces,
        pods,
        containers,
        container_ids,
        images,
        users,
        processes,
        parents,
        commands,
        files,
        connections,
    }
}

fn is_connection(name: &str) -> bool {
    name.contains("->")
}

fn distinct(items: impl Iterator<Item = String>) -> Vec<String> {
    let mut list: Vec<String> = Vec::new();
    for item in items {
        if list.len() < FEW && !list.contains(&item) {
            list.push(item);
        }
    }
    list
}

fn place(place: &Place) -> SeenPlace {
    let or = |value: &Option<String>, blank: &str| value.clone().unwrap_or_else(|| blank.into());
    SeenPlace {
        workload: kind(
            place.pod.is_some() || place.namespace.is_some(),
            place.container_id.as_deref(),
        )
        .into(),
        namespace: or(&place.namespace, "NAMESPACE"),
        pod: or(&place.pod, "POD"),
        container: or(&place.container, "CONTAINER"),
        container_id: or(&place.container_id, "CONTAINER_ID"),
        image: or(&place.image, "IMAGE"),
    }
}

fn kind(in_cluster: bool, container_id: Option<&str>) -> &'static str {
    if in_cluster {
        "kubernetes"
    } else if container_id.is_none_or(|id| id == "host") {
        "host"
    } else {
        "container"
    }
}

/// What kind of workload most alerts of a group are about.
pub fn workload(grouped: &Grouped) -> &'static str {
    let (source, place) = grouped.foremost();
    let kernel = source.is_none_or(|source| matches!(source, "syscall" | "syscalls" | "internal"));
    let is_audit = |field: &str| AUDIT.iter().any(|prefix| field.starts_with(prefix));
    if !kernel || grouped.has_field(is_audit) {
        return "audit";
    }
    place.map_or("host", |[namespace, pod, _, container_id, ..]| {
        kind(namespace.or(pod).is_some(), container_id)
    })
}
