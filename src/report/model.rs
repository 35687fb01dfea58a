//! The model of all that is published: plain data, written as it stands to `report.json`.
//!
//! Every string that comes from a log is here as it was logged; whoever prints one escapes it.

use std::{collections::BTreeMap, sync::Arc};

use schemars::JsonSchema;
use serde::Serialize;

use super::{
    Action, AttackTotals, Changes, Coverage, Loudness, Noise, Number, Verdict, Verdicts, Week,
};
use crate::{inventory::Weight, priority::Priority, time::Timestamp};

/// The version of this model; a field that changes its meaning raises it.
pub const SCHEMA_VERSION: u32 = 1;

/// Everything that alertbook publishes about one set of logs.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Report {
    /// Version of this model.
    pub schema_version: u32,
    /// The program that made the report.
    pub generator: Generator,
    /// Heading of the report.
    pub title: String,
    /// Traffic Light Protocol mark, such as `TLP:AMBER`, if the user set one.
    pub tlp: Option<String>,
    /// When the report was made, if `SOURCE_DATE_EPOCH` said so.
    pub generated: Option<Timestamp>,
    /// The stretch of time covered.
    pub period: Period,
    /// What became of every record read.
    pub accounting: Accounting,
    /// The report in a paragraph: one sentence each.
    pub summary: Vec<String>,
    /// Alerts and incidents of each priority that occurs, highest first.
    pub priorities: Vec<PriorityTotal>,
    /// Ids of the incidents to look at first, at most ten, in order: those whose verdict has
    /// expired, then all that are not suppressed.
    pub attention: Vec<Arc<str>>,
    /// What could be done once for many incidents, at most ten, in the order of
    /// [`Method::actions`].
    pub actions: Vec<Action>,
    /// Actions beyond those.
    pub more_actions: u64,
    /// Alerts for each day of the report's zone that has any, in order of time.
    pub days: Vec<DayTotal>,
    /// Every host with an alert, ordered like incidents.
    pub hosts: Vec<Host>,
    /// Every rule with an alert, ordered like incidents.
    pub rules: Vec<Rule>,
    /// All incidents in the order of [`Method::order`].
    pub incidents: Vec<Incident>,
    /// The week that the report is about, such as `2026-W47`: the newest that lies in the period.
    pub week: Option<String>,
    /// What changed in that week since the one before.
    pub changes: Option<Changes>,
    /// Why nothing is compared, where nothing is: one sentence.
    pub no_changes: Option<String>,
    /// Totals of that week beside those of the weeks before.
    pub numbers: Vec<Number>,
    /// Which hosts sent data in that week.
    pub coverage: Coverage,
    /// The weeks of the logs and of the history up to the end of the period, in order of time, at most
    /// the last 53.
    pub weeks: Vec<Week>,
    /// Weeks before those.
    pub earlier_weeks: u64,
    /// ATT&CK tactics and techniques and compliance rules, from the tags of rules.
    pub attack: AttackTotals,
    /// How loud each rule is, the loudest first.
    pub loudness: Vec<Loudness>,
    /// Rules that may be worth tuning, the loudest first.
    pub noise: Vec<Noise>,
    /// What people decided about incidents.
    pub verdicts: Verdicts,
    /// The mitigations that apply, by file name.
    pub mitigations: BTreeMap<String, Mitigation>,
    /// What the output fields mean that occur, by name; a field that is not known is not there.
    pub glossary: BTreeMap<String, String>,
    /// What the top-level keys of an alert mean, by name.
    pub keys: BTreeMap<String, String>,
    /// What was read, what was not, and what is not known.
    pub quality: Quality,
    /// The rules behind the numbers.
    pub method: Method,
}

impl Report {
    /// The week that the report is about.
    pub fn present_week(&self) -> Option<&Week> {
        let label = self.week.as_deref()?;
        self.weeks.iter().find(|week| week.label == label)
    }
}

/// The program that made a report.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Generator {
    /// Always `alertbook`.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

/// The stretch of time that a report covers.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Period {
    /// `all`, an ISO week such as `2026-W47`, or a range of days.
    pub label: String,
    /// First instant of the period; absent for `all`.
    pub from: Option<Timestamp>,
    /// First instant after the period; absent for `all`.
    pub to: Option<Timestamp>,
    /// IANA name of the zone in which days and hours are counted.
    pub timezone: String,
    /// Time of the first alert reported.
    pub first_alert: Option<Timestamp>,
    /// Time of the last alert reported.
    pub last_alert: Option<Timestamp>,
}

/// What became of every record. `records` is the sum of the seven kinds that follow it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Accounting {
    /// Regular files found.
    pub files: u64,
    /// Files of zero bytes.
    pub empty_files: u64,
    /// Files that could not be opened or read to their end.
    pub unreadable_files: u64,
    /// Bytes read, before decompression.
    pub bytes: u64,
    /// Records read: lines, or JSON values where a value spans lines or several share one.
    pub records: u64,
    /// Alerts reported.
    pub alerts: u64,
    /// Alerts left out because another file holds the same.
    pub duplicates: u64,
    /// Alerts outside the period.
    pub outside_period: u64,
    /// Alerts below the lowest priority asked for.
    pub below_priority: u64,
    /// Falco's own messages on its health.
    pub sensor: u64,
    /// Text that Falco and its surroundings print beside alerts, blank lines included.
    pub other_text: u64,
    /// Records that should be alerts and cannot be read.
    pub rejected: u64,
}

/// Totals of one priority.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PriorityTotal {
    /// The priority as logged.
    pub priority: Priority,
    /// Alerts logged with it.
    pub alerts: u64,
    /// Incidents of which it is the highest priority.
    pub incidents: u64,
}

/// Totals of one day in the report's zone.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DayTotal {
    /// The day, `YYYY-MM-DD`.
    pub day: String,
    /// Alerts of that day.
    pub alerts: u64,
    /// Episodes that began on that day.
    pub episodes: u64,
    /// Alerts in each of its 24 hours.
    pub hours: Vec<u64>,
}

/// All alerts about one machine.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Host {
    /// Name of the host.
    pub host: String,
    /// Its page, relative to the site's root and without an extension.
    pub path: String,
    /// The highest priority seen.
    pub priority: Priority,
    /// Alerts on this host.
    pub count: u64,
    /// Episodes on this host.
    pub episodes: u64,
    /// Time of its first alert.
    pub first_seen: Timestamp,
    /// Time of its last alert.
    pub last_seen: Timestamp,
    /// Its incidents, by id, in the report's order.
    pub incidents: Vec<Arc<str>>,
    /// Where the name was taken from: `map`, `host-field`, `node`, `hostname`, `wrapper`,
    /// `path` or `unknown`.
    pub named_by: Vec<String>,
    /// What the name looks like, where that makes the grouping doubtful: `container-id` or
    /// `pod-name`.
    pub suspect: Option<String>,
    /// Who answers for it, if the user said so.
    pub owner: Option<String>,
    /// `critical`, `high`, `normal` or `low`: how much it weighs, by the user's word.
    pub weight: Weight,
    /// The user's note on it.
    pub note: Option<String>,
}

/// All alerts of one rule.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Rule {
    /// Name of the rule.
    pub rule: String,
    /// Its page, relative to the site's root and without an extension.
    pub path: String,
    /// The highest priority seen.
    pub priority: Priority,
    /// Alerts of this rule.
    pub count: u64,
    /// Episodes of this rule.
    pub episodes: u64,
    /// Time of its first alert.
    pub first_seen: Timestamp,
    /// Time of its last alert.
    pub last_seen: Timestamp,
    /// Its incidents, by id, in the report's order.
    pub incidents: Vec<Arc<str>>,
    /// Where its name was taken from: `record` where the records name it, `message-prefix` where their
    /// message begins as that of one of Falco's rules does, and `message-start` where no such rule is
    /// known, and the name is the constant start of the message.
    pub rule_from: Vec<String>,
    /// Where not all records name the rule: one sentence on its name.
    pub rule_note: Option<Arc<str>>,
    /// Tags seen with the rule, sorted.
    pub tags: Vec<String>,
    /// ATT&CK tactics and techniques among the tags.
    pub attack: Vec<AttackTag>,
    /// The advice that fits.
    pub mitigation: MitigationRef,
    /// When it fired on many hosts at once, in order of time.
    pub fleet_wide: Vec<FleetWide>,
}

/// All alerts of one rule on one host: a candidate for triage, not a verdict.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Incident {
    /// Readable slug and a digest of rule and host; never changes.
    pub id: Arc<str>,
    /// Its page, relative to the site's root and without an extension; never changes.
    pub path: Arc<str>,
    /// Name of the rule.
    pub rule: Arc<str>,
    /// The rule's page, relative to the site's root and without an extension.
    pub rule_path: Arc<str>,
    /// Name of the host.
    pub host: Arc<str>,
    /// The host's page, relative to the site's root and without an extension.
    pub host_path: Arc<str>,
    /// Where the rule's name was taken from, as of the rule.
    pub rule_from: Vec<&'static str>,
    /// Where not all records name the rule: one sentence on its name.
    pub rule_note: Option<Arc<str>>,
    /// The highest priority seen.
    pub priority: Priority,
    /// Alerts of each priority that occurs, highest first.
    pub priorities: Vec<PriorityCount>,
    /// Alerts.
    pub count: u64,
    /// Time of the first alert.
    pub first_seen: Timestamp,
    /// Time of the last alert.
    pub last_seen: Timestamp,
    /// At the end of the period: `continuous`, `still active` or `closed`.
    pub state: &'static str,
    /// Runs of alerts with no silence longer than the gap.
    pub episode_count: u64,
    /// One sentence: how many alerts, when, how dense, where else.
    pub headline: String,
    /// Sources of the alerts, such as `syscall` or `k8s_audit`, most frequent first.
    pub sources: Vec<ValueCount>,
    /// Tags seen, sorted.
    pub tags: Arc<[String]>,
    /// ATT&CK tactics and techniques among the tags.
    pub attack: Arc<[AttackTag]>,
    /// Runs of alerts with no silence longer than the gap, in order of time.
    pub episodes: Vec<Episode>,
    /// How the alerts of its densest episode lie in time; absent where they all lie in one bucket.
    pub activity: Option<Activity>,
    /// When the rule last fired on many hosts at once, this one among them, if it did.
    pub fleet_wide: Option<FleetWide>,
    /// Alerts by the hour, in order of time; hours without any are left out.
    pub hours: Vec<HourCount>,
    /// Alerts by hour of the day in the report's zone: 24 numbers.
    pub hours_of_day: Vec<u64>,
    /// Containers, pods and images that the alerts are about, most frequent first.
    pub places: Counted<Place>,
    /// Every output field met, the telling ones first.
    pub fields: Vec<Field>,
    /// Forms of the output, most frequent first.
    pub shapes: Counted<Shape>,
    /// Alerts kept to be shown in full: the first, the last, and one of each of the rarest shapes.
    pub samples: Vec<Sample>,
    /// The advice that fits.
    pub mitigation: Arc<MitigationRef>,
    /// What the advice is filled with.
    pub seen: Arc<Seen>,
    /// How it changed in the week that the report is about: `new`, `returned`, `louder`, `quieter` or
    /// `about the same`; absent where it is not in that week, or nothing is compared.
    pub change: Option<&'static str>,
    /// Other incidents of the same rule: the other hosts.
    pub elsewhere: Related,
    /// Other incidents on the same host with an episode within the gap of one of these.
    pub nearby: Related,
    /// Who answers for the host, if the user said so.
    pub owner: Option<String>,
    /// How much the host weighs: what is not `normal` changed the incident's place in the order.
    pub host_weight: Weight,
    /// What a person decided about it.
    pub verdict: Option<Arc<Verdict>>,
}

/// Alerts of one priority.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PriorityCount {
    /// The priority as logged.
    pub priority: Priority,
    /// Alerts logged with it.
    pub count: u64,
}

/// A run of alerts of one incident with no silence longer than the gap.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Episode {
    /// Time of its first alert.
    pub first_seen: Timestamp,
    /// Time of its last alert.
    pub last_seen: Timestamp,
    /// Alerts.
    pub count: u64,
    /// Longer than 24 hours: a condition rather than an occurrence.
    pub continuous: bool,
    /// Within a gap of the period's first instant: it may have begun before.
    pub touches_start: bool,
    /// Within a gap of the period's end (for `all`, of the last alert of all): it may go on.
    pub touches_end: bool,
    /// Known to have begun before the period: its alerts before it are not counted here.
    pub continued: bool,
    /// What it says at the edges of the period, such as `continued from last week` or `still active at
    /// the end, last alert 40 min before it`.
    pub edge: Option<String>,
    /// Seconds of the buckets in which its alerts are counted to find bursts: 1, 10, 60, 300 or 3600, the
    /// longer it is, the more. Buckets begin at whole multiples of that, in UTC.
    pub bucket_seconds: u64,
    /// A bucket with more alerts than this is part of a burst: the larger of 10 and of 5 times the median
    /// of the buckets that have any alert, rounded down.
    pub burst_above: u64,
    /// Most alerts in one bucket.
    pub peak: u64,
    /// Runs of such buckets, in order of time.
    pub bursts: Vec<Burst>,
    /// Where it is continuous, its alerts by day of the report's zone, in order of time.
    pub days: Vec<DayCount>,
}

/// A run of buckets with far more alerts than the others of their episode.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Burst {
    /// The first instant of its first bucket.
    pub from: Timestamp,
    /// Its length: that of its buckets.
    pub seconds: u64,
    /// Alerts.
    pub count: u64,
    /// Most alerts in one of its buckets.
    pub peak: u64,
}

/// Alerts within one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DayCount {
    /// The day, `YYYY-MM-DD`.
    pub day: String,
    /// Alerts.
    pub count: u64,
}

/// How the alerts of one episode lie in time, in at most 128 bars.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Activity {
    /// Number of the episode, from 1: that with the largest burst, or else with most alerts.
    pub episode: u64,
    /// The first instant of the first bar.
    pub from: Timestamp,
    /// Seconds of a bar.
    pub bar_seconds: u64,
    /// Alerts of each bar.
    pub counts: Vec<u64>,
    /// Places of the bars, from 0, in which a burst lies or a part of one.
    pub bursts: Vec<u64>,
}

/// A rule that fired on many hosts at about the same time: on at least 5 and at least a quarter of
/// those that sent data in that week, with episodes that began within one gap of each other, and at
/// most two forms of output among the hosts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FleetWide {
    /// When the first of those episodes began.
    pub from: Timestamp,
    /// When the last of them began.
    pub to: Timestamp,
    /// Hosts on which they did.
    pub hosts: u64,
    /// Hosts that sent data in the week in which the first began.
    pub hosts_reporting: u64,
    /// That week, such as `2026-W47`.
    pub week: String,
    /// Forms of output.
    pub shapes: u64,
    /// What that is, and what to look at first.
    pub sentence: String,
}

/// Alerts within one hour.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct HourCount {
    /// The hour's first instant.
    pub hour: Timestamp,
    /// Alerts.
    pub count: u64,
}

/// A list with a bound. What is counted is exact; what is beyond the bound is said.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Counted<T> {
    /// How many different ones were met; where `exact` is false, an estimate.
    pub distinct: u64,
    /// Whether every different one was counted. If not, `list` is an even choice among them.
    pub exact: bool,
    /// The most frequent of those that were counted.
    pub list: Vec<T>,
    /// Different ones that were counted and are not in `list`.
    pub more: u64,
    /// Alerts that are in none of `list`.
    pub more_alerts: u64,
}

impl<T> Default for Counted<T> {
    fn default() -> Self {
        Self { distinct: 0, exact: true, list: Vec::new(), more: 0, more_alerts: 0 }
    }
}

/// A value and how many alerts had it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ValueCount {
    /// The value as logged: text as it is, anything else as the JSON that was logged.
    pub value: String,
    /// Alerts.
    pub count: u64,
}

/// One output field over all alerts of an incident.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Field {
    /// Falco's name for it, such as `proc.cmdline`.
    pub name: String,
    /// Which heading it stands under: `process`, `user`, `container`, `kubernetes`, `file`,
    /// `network`, `event`, `audit`, `cloud` or `other`.
    pub group: &'static str,
    /// Whether it is one of the few that tell most.
    pub key: bool,
    /// Alerts in which it is present and not empty.
    pub count: u64,
    /// Alerts in which it is present without a value (null, `<NA>` or empty).
    pub absent: u64,
    /// The values.
    pub values: Counted<ValueCount>,
}

/// A container, pod or image that alerts are about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Place {
    /// Kubernetes namespace.
    pub namespace: Option<String>,
    /// Pod.
    pub pod: Option<String>,
    /// Container's name.
    pub container: Option<String>,
    /// Container's id; `host` stands for a process outside containers.
    pub container_id: Option<String>,
    /// Image with its tag, where known.
    pub image: Option<String>,
    /// Alerts.
    pub count: u64,
}

/// A form of the output: alike but for its numbers, ids and paths.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Shape {
    /// Digest of the form.
    pub id: String,
    /// The form, varying parts replaced by `…`.
    pub text: String,
    /// Alerts.
    pub count: u64,
    /// Time of its first alert.
    pub first_seen: Timestamp,
    /// Time of its last alert.
    pub last_seen: Timestamp,
}

/// An alert kept to be shown in full.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Sample {
    /// Why it was kept: `first`, `last` or `rare`; joined by `, ` where several hold, and followed by why
    /// nothing is shown of it where it could not be read again.
    pub kept_as: String,
    /// Where it was read.
    pub origin: Origin,
    /// Its time.
    pub time: Timestamp,
    /// Its priority.
    pub priority: Priority,
    /// Its output as logged, if it had any.
    pub output: Option<String>,
    /// Its output fields as logged, in the order of the record.
    pub fields: Vec<SampleField>,
    /// Tags of the alert as logged.
    pub tags: Vec<String>,
    /// Source of the alert.
    pub source: Option<String>,
    /// Host name in the record, which the report's name for the host may differ from.
    pub hostname: Option<String>,
    /// falcosidekick's id of the alert.
    pub uuid: Option<String>,
    /// The record as read, cut to 16 KiB.
    pub raw: String,
    /// Bytes of the record that were cut.
    pub raw_cut: u64,
}

/// One field of a sample.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SampleField {
    /// Name of the field.
    pub name: String,
    /// Its value as logged: text as it is, anything else as the JSON that was logged.
    pub value: String,
}

/// Where a record was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Origin {
    /// File, relative to the folder that was read, with `/` between its parts.
    pub file: String,
    /// Line on which the record begins, from 1.
    pub line: u64,
}

/// A tag that names a tactic or a technique of ATT&CK.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct AttackTag {
    /// Id, such as `TA0002` or `T1059.004`.
    pub id: String,
    /// Name in ATT&CK.
    pub name: String,
    /// `tactic` or `technique`.
    pub kind: String,
    /// Page of ATT&CK that describes it.
    pub url: String,
}

/// Which advice applies, and how it was found.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MitigationRef {
    /// File name of the advice, a key of [`Report::mitigations`].
    pub file: String,
    /// Its title.
    pub title: String,
    /// `rule`, `former_name`, `technique`, `tag`, `tactic` or `general`; of the user's own also
    /// `namespace`, `host` or `group`.
    pub matched_by: String,
    /// File names of advice of the user's that extends it, in the order in which they do.
    pub extended_by: Vec<String>,
}

/// Advice, as a template that is filled for each incident.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Mitigation {
    /// Title of the advice.
    pub title: String,
    /// Whether it is the user's own.
    pub own: bool,
    /// `append` or `replace`, where it changes parts of another advice: its parts are put at the end
    /// of the same parts, or in their place.
    pub extends: Option<String>,
    /// The Markdown template.
    pub template: String,
}

/// What an advice is filled with: the values seen in one incident, most frequent first, at most
/// three of each. Where nothing was seen, a name in capitals stands for what to fill in.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Seen {
    /// `kubernetes`, `container`, `host` or `audit`: what kind of workload most alerts are about.
    pub workload: String,
    /// Pods, containers and images that belong together, at most three.
    pub places: Vec<SeenPlace>,
    /// Places beyond those three.
    pub more_places: u64,
    /// Namespace seen most, or `NAMESPACE`.
    pub namespace: String,
    /// Pod seen most, or `POD`.
    pub pod: String,
    /// Container name seen most, or `CONTAINER`.
    pub container: String,
    /// Container id seen most, or `CONTAINER_ID`.
    pub container_id: String,
    /// Image seen most, or `IMAGE`.
    pub image: String,
    /// User seen most, or `USER`.
    pub user: String,
    /// Process name seen most, or `PROCESS`.
    pub process: String,
    /// Parent process seen most, or `PARENT`.
    pub parent: String,
    /// Path of the executable seen most, or `EXECUTABLE`.
    pub executable: String,
    /// Command line seen most, or `COMMAND`.
    pub command: String,
    /// File seen most, or `FILE`.
    pub file: String,
    /// Connection seen most, or `CONNECTION`.
    pub connection: String,
    /// Namespaces seen, at most three; empty if none.
    pub namespaces: Vec<String>,
    /// Pods seen, at most three; empty if none.
    pub pods: Vec<String>,
    /// Container names seen, at most three; empty if none.
    pub containers: Vec<String>,
    /// Container ids seen, at most three; empty if none.
    pub container_ids: Vec<String>,
    /// Images seen, at most three; empty if none.
    pub images: Vec<String>,
    /// Users seen, at most three; empty if none.
    pub users: Vec<String>,
    /// Process names seen, at most three; empty if none.
    pub processes: Vec<String>,
    /// Parent processes seen, at most three; empty if none.
    pub parents: Vec<String>,
    /// Command lines seen, at most three; empty if none.
    pub commands: Vec<String>,
    /// Files seen, at most three; empty if none.
    pub files: Vec<String>,
    /// Connections seen, at most three; empty if none.
    pub connections: Vec<String>,
    /// API or cloud account seen most (`ka.user.name`, `ct.user`, …), or `ACCOUNT`.
    pub account: String,
    /// API or cloud object seen most (`ka.target.name`, `ct.request…`), or `TARGET`.
    pub target: String,
    /// Address that API or cloud calls came from, or `ADDRESS`.
    pub address: String,
}

/// One pod or container as an advice needs it; unknown parts are names in capitals.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SeenPlace {
    /// `kubernetes`, `container` or `host`.
    pub workload: String,
    /// Namespace, or `NAMESPACE`.
    pub namespace: String,
    /// Pod, or `POD`.
    pub pod: String,
    /// Container's name, or `CONTAINER`.
    pub container: String,
    /// Container's id, or `CONTAINER_ID`.
    pub container_id: String,
    /// Image, or `IMAGE`.
    pub image: String,
}

/// Incidents related to another, by id, at most twelve.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Related {
    /// Ids in the report's order.
    pub list: Vec<Arc<str>>,
    /// Related incidents beyond those.
    pub more: u64,
}

/// What was read and what was not.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Quality {
    /// Sentences on what limits the report, the weightiest first.
    pub warnings: Vec<String>,
    /// Rejected records by reason, most frequent first.
    pub rejected: Vec<RejectedReason>,
    /// Every file, in the order of reading.
    pub files: Vec<FileRead>,
    /// What stood in the folder and was not opened: symbolic links, FIFOs, sockets, devices.
    pub skipped: Vec<Skipped>,
    /// Lines that are neither an alert nor known as Falco's own text.
    pub unknown_text: u64,
    /// The first of those, at most ten.
    pub unknown_text_first: Vec<TextLine>,
    /// Falco's messages on its own health, by rule, most frequent first.
    pub sensor: Vec<SensorTotal>,
    /// What Falco says that it lost, by host, most first.
    pub lost: Vec<HostLoss>,
    /// Times that cannot be right or are doubtful, by rule; of all alerts read, before duplicates, period
    /// and priority are taken off.
    pub clocks: Vec<ClockFault>,
    /// Alerts whose priority is none of Falco's eight and was taken as Warning.
    pub unknown_priority: u64,
}

/// Rejected records of one reason.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RejectedReason {
    /// Short name of the reason.
    pub reason: String,
    /// The reason in words.
    pub meaning: String,
    /// Records.
    pub count: u64,
    /// The first places, at most five.
    pub first: Vec<Origin>,
}

/// What one file held.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FileRead {
    /// File, relative to the folder that was read.
    pub file: String,
    /// How it is packed and encoded, and the shapes of its alerts, such as `gzip, utf-8; cri + falco json`.
    pub format: String,
    /// The beginning of its first record, where its shape is not known.
    pub begins_with: Option<String>,
    /// Bytes on disk that were read.
    pub bytes: u64,
    /// Records.
    pub records: u64,
    /// Alerts in it, before duplicates, period and priority are taken off.
    pub alerts: u64,
    /// Falco's own messages.
    pub sensor: u64,
    /// Text beside alerts.
    pub other_text: u64,
    /// Records rejected.
    pub rejected: u64,
    /// Alerts that another file holds too.
    pub duplicates: u64,
    /// Time of the earliest alert.
    pub first_alert: Option<Timestamp>,
    /// Time of the latest alert.
    pub last_alert: Option<Timestamp>,
    /// How its alerts follow one another: `in order`, `newest first` or `mixed`; absent for fewer than two.
    pub order: Option<String>,
    /// Where the order is mixed: alerts more than a minute earlier than the one before them.
    pub out_of_order: u64,
    /// Why it could not be read, or not to its end.
    pub error: Option<String>,
}

/// Times that are wrong or doubtful by one rule.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ClockFault {
    /// Short name: `ahead-of-wrapper`, `ahead-of-report`, `ahead-of-next`, `apart`, `behind-wrapper`,
    /// `before-falco` or `out-of-order`.
    pub fault: String,
    /// The rule in words: what is true of these alerts.
    pub rule: String,
    /// Alerts.
    pub count: u64,
    /// Where the first of them stands.
    pub first: Option<Origin>,
    /// Hosts that they are about, most alerts first, at most five; empty where the rule is about a file.
    pub hosts: Vec<ValueCount>,
    /// Hosts beyond those.
    pub more_hosts: u64,
}

/// What Falco says that it lost on one host.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct HostLoss {
    /// Name of the host.
    pub host: String,
    /// System calls that it could not look at: the sum of its messages on dropped system calls, or the
    /// highest of its metrics' counter, whichever is more.
    pub system_calls: u64,
    /// Alerts that it could not hand out, by its metrics.
    pub alerts: u64,
}

/// Something in the folder that was not opened.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Skipped {
    /// Its name, relative to the folder that was read.
    pub file: String,
    /// What it is.
    pub reason: String,
}

/// A line of text, cut.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TextLine {
    /// Where it stands.
    pub origin: Origin,
    /// Its first 200 characters.
    pub text: String,
}

/// Falco's messages on its health, of one rule.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SensorTotal {
    /// Name of the rule, such as `Falco internal: syscall event drop`.
    pub rule: String,
    /// Messages.
    pub count: u64,
    /// What such a message says, in words; absent for one that is not known.
    pub meaning: Option<String>,
    /// Hosts that sent them.
    pub hosts: u64,
    /// Those that sent most, at most three.
    pub most: Vec<ValueCount>,
    /// Time of the first.
    pub first_seen: Option<Timestamp>,
    /// Time of the last.
    pub last_seen: Option<Timestamp>,
}

/// The rules behind the numbers.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Method {
    /// A silence longer than this ends an episode, in seconds.
    pub gap_seconds: u64,
    /// The keys by which incidents are ordered, in words.
    pub order: Vec<String>,
    /// Which steps of advice are gathered as actions, and in which order they stand, in words.
    pub actions: String,
    /// The lowest priority reported.
    pub min_priority: Priority,
    /// Whether records in several files were counted once.
    pub dedupe: bool,
    /// Different values counted exactly for each field of an incident.
    pub value_bound: u64,
    /// ATT&CK release of the names of tactics and techniques.
    pub attack_version: String,
}
