//! A week as text: JSON Lines, a header first, then hosts, then pairs of rule and host, each kind
//! in order.
//!
//! Lines may come in any order and more than once, as a merge of two branches leaves them; what
//! two lines say of the same thing is joined.

use std::{collections::BTreeSet, sync::Arc};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Spoke, Week, week::Key};
use crate::{
    days::Days,
    hours::Hours,
    period::Period,
    priority::Priority,
    time::{Timestamp, Zone},
    wording::span,
};

/// The version of the files; one that reads another way raises it.
pub const FORMAT: u64 = 1;

/// What weeks were counted by. Counts made by other settings cannot be joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The zone in which days are counted.
    pub zone: Zone,
    /// The silence, in seconds, that ends an episode.
    pub gap: u64,
    /// The lowest priority counted.
    pub min_priority: Priority,
    /// Whether a record in several files was counted once.
    pub dedupe: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    format: u64,
    week: String,
    timezone: String,
    gap: u64,
    min_priority: Priority,
    dedupe: bool,
    /// Days covered, 1 for Monday.
    days: Vec<usize>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct HostLine {
    host: String,
    hours: String,
    heartbeat: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PairLine {
    rule: String,
    host: String,
    priority: Priority,
    alerts: [u64; 7],
    episodes: [u64; 7],
    first_seen: Timestamp,
    last_seen: Timestamp,
    continuous: bool,
    continued: bool,
    goes_on: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tags: Option<BTreeSet<String>>,
}

/// Writes a week.
pub fn write(monday: NaiveDate, week: &Week, settings: &Settings) -> String {
    let mut text = line(&Header {
        format: FORMAT,
        week: Period::week(monday).label().into(),
        timezone: settings.zone.name().into(),
        gap: settings.gap,
        min_priority: settings.min_priority,
        dedupe: settings.dedupe,
        days: week.covered.iter().map(|day| day + 1).collect(),
    });
    for (host, spoke) in &week.hosts {
        let Spoke { hours, heartbeat } = spoke;
        let (host, hours) = (host.to_string(), hours.to_string());
        text += &line(&HostLine { host, hours, heartbeat: *heartbeat });
    }
    for (Key { rule, host }, pair) in &week.pairs {
        text += &line(&PairLine {
            rule: rule.to_string(),
            host: host.to_string(),
            priority: pair.priority,
            alerts: pair.alerts,
            episodes: pair.episodes,
            first_seen: pair.first_seen,
            last_seen: pair.last_seen,
            continuous: pair.continuous,
            continued: pair.continued,
            goes_on: pair.goes_on,
            tags: pair.tags.as_deref().cloned(),
        });
    }
    text
}

fn line(value: &impl Serialize) -> String {
    // Text, numbers and lists of numbers can always be written.
    serde_json::to_string(value).unwrap_or_default() + "\n"
}

/// Reads a week that was recorded with the same settings. The error says on which line (0 for the
/// file as a whole) and what is wrong.
pub fn read(monday: NaiveDate, text: &str, settings: &Settings) -> Result<Week, (usize, String)> {
    let mut week = Week::default();
    let mut headed = false;
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let fail = |message: String| (at + 1, message);
        let value: Value =
            serde_json::from_str(line).map_err(|_| fail("this is no JSON".into()))?;
        if value.get("format").is_some() {
            header(monday, value, settings, &mut week).map_err(fail)?;
            headed = true;
        } else if value.get("rule").is_some() {
            pair(value, &mut week).map_err(fail)?;
        } else {
            host(value, &mut week).map_err(fail)?;
        }
    }
    if headed { Ok(week) } else { Err((0, "it has no header".into())) }
}

fn parsed<T: for<'de> Deserialize<'de>>(value: Value) -> Result<T, String> {
    serde_json::from_value(value).map_err(|error| error.to_string())
}

fn header(
    monday: NaiveDate,
    value: Value,
    settings: &Settings,
    week: &mut Week,
) -> Result<(), String> {
    // A newer header may have keys that are not known here: its version is looked at first.
    match value["format"].as_u64() {
        Some(FORMAT) => {}
        Some(newer) if newer > FORMAT => {
            return Err(format!(
                "it was written by a newer alertbook (format {newer}; this one reads {FORMAT})"
            ));
        }
        _ => return Err("its format is none that there ever was".into()),
    }
    let header: Header = parsed(value)?;
    let label = Period::week(monday);
    if header.week != label.label() {
        return Err(format!("it says that it is of {}", header.week));
    }
    same("time zone", &header.timezone, settings.zone.name())?;
    same("gap", &span(header.gap), &span(settings.gap))?;
    same("lowest priority", header.min_priority.name(), settings.min_priority.name())?;
    let once = |dedupe: bool| if dedupe { "counted once" } else { "counted each time" };
    same("way with duplicates", once(header.dedupe), once(settings.dedupe))?;
    let days: Days = header.days.iter().filter_map(|day| day.checked_sub(1)).collect();
    week.covered = week.covered.either(days);
    Ok(())
}

fn same(what: &str, recorded: &str, asked: &str) -> Result<(), String> {
    if recorded == asked {
        return Ok(());
    }
    Err(format!(
        "it was recorded with another {what} ({recorded}) than this run has ({asked}); counts of both \
         cannot be compared: use the same settings, or another folder for the history"
    ))
}

fn host(value: Value, week: &mut Week) -> Result<(), String> {
    let HostLine { host, hours, heartbeat } = parsed(value)?;
    let hours: Hours = hours.parse()?;
    let mut one = Week::default();
    one.hosts.insert(host.into(), Spoke { hours, heartbeat });
    week.join(&one);
    Ok(())
}

fn pair(value: Value, week: &mut Week) -> Result<(), String> {
    let line: PairLine = parsed(value)?;
    let sum = |days: [u64; 7]| days.into_iter().try_fold(0_u64, u64::checked_add);
    // A sum of a thousand such weeks must still be a number.
    let fits = |days| sum(days).is_some_and(|sum| sum < 1 << 48);
    if !fits(line.alerts) || !fits(line.episodes) {
        return Err("its counts are too large".into());
    }
    if line.first_seen > line.last_seen {
        return Err("its last alert is before its first".into());
    }
    let mut one = Week::default();
    one.pairs.insert(
        Key { rule: line.rule.into(), host: line.host.into() },
        super::Pair {
            priority: line.priority,
            alerts: line.alerts,
            episodes: line.episodes,
            first_seen: line.first_seen,
            last_seen: line.last_seen,
            continuous: line.continuous,
            continued: line.continued,
            goes_on: line.goes_on,
            tags: line.tags.map(Arc::new),
        },
    );
    week.join(&one);
    Ok(())
}
