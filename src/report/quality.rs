//! What was read, what was not, and what the report cannot know.

use super::{
    ClockFault, FileRead, Host, Options, Quality, RejectedReason, Skipped, TextLine, clocks,
    sensor, totals::ByQuarter,
};
use crate::{
    intake::{AllRejected, Taken},
    normalise::Form,
    read::Found,
    wording::{count, list, number},
};

/// Hosts that a warning names.
const NAMED: usize = 3;

/// What was read and what was not.
pub fn build(
    found: &Found,
    taken: &Taken,
    quarters: &ByQuarter,
    hosts: &[Host],
    options: &Options,
) -> Quality {
    let clocks = clocks::faults(found, taken, quarters);
    Quality {
        warnings: warnings(found, taken, hosts, &clocks, options),
        rejected: rejected(found, taken),
        files: files(found, taken),
        skipped: found
            .passed
            .iter()
            .map(|passed| Skipped { file: passed.name.clone(), reason: passed.reason.into() })
            .collect(),
        unknown_text: taken.unknown_text,
        unknown_text_first: taken
            .unknown_text_first
            .iter()
            .map(|line| TextLine {
                origin: taken.places.origin(line.at.0, line.at.1, &found.files),
                text: line.text.clone(),
            })
            .collect(),
        sensor: sensor::totals(taken),
        lost: sensor::lost(taken),
        clocks,
        unknown_priority: taken.unknown_priority,
    }
}

fn rejected(found: &Found, taken: &Taken) -> Vec<RejectedReason> {
    let place = |(unit, line): &(u32, u32)| taken.places.origin(*unit, *line, &found.files);
    let reasons = taken.rejected.reasons.iter().map(|all| RejectedReason {
        reason: all.reason.name().into(),
        meaning: all.reason.meaning().into(),
        count: all.count,
        first: all.first.iter().map(place).collect(),
    });
    let mut reasons: Vec<_> = reasons.collect();
    reasons.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.reason.cmp(&b.reason)));
    reasons
}

fn files(found: &Found, taken: &Taken) -> Vec<FileRead> {
    let files = found.files.iter().zip(&taken.files).zip(&taken.times.courses);
    files
        .map(|((log, tally), course)| FileRead {
            file: log.name.clone(),
            format: tally.described(),
            begins_with: tally.strange().map(|record| record.text.clone()),
            bytes: tally.bytes,
            records: tally.records,
            alerts: tally.alerts,
            sensor: tally.sensor,
            other_text: tally.other_text,
            rejected: tally.rejected,
            duplicates: tally.duplicates,
            first_alert: tally.first,
            last_alert: tally.last,
            order: clocks::order(course),
            out_of_order: course.late().map_or(0, |late| late.count),
            error: tally.error.clone(),
        })
        .collect()
}

fn warnings(
    found: &Found,
    taken: &Taken,
    hosts: &[Host],
    clocks: &[ClockFault],
    options: &Options,
) -> Vec<String> {
    let mut warnings = Vec::new();
    warnings.extend(suspects(hosts, "container-id"));
    warnings.extend(suspects(hosts, "pod-name"));
    warnings.extend(unnamed(hosts));
    let unread = taken.accounting.unreadable_files;
    if unread > 0 {
        let first = taken.files.iter().position(|file| file.error.is_some());
        let name = first.map_or("", |at| &found.files[at].name);
        let why = first.and_then(|at| taken.files[at].error.as_deref()).unwrap_or_default();
        warnings.push(format!(
            "{} could not be read, or not to the end: {name}{} ({}{why}).",
            count(unread, "file", "files"),
            and_more(unread - 1),
            if unread > 1 { "the first: " } else { "" },
        ));
    }
    warnings.extend(links_alone(found));
    warnings.extend(strange(found, taken));
    warnings.extend(unlisted(taken));
    warnings.extend(sensor::warnings(taken));
    warnings.extend(clocks::warnings(clocks));
    warnings.extend(dated_by_files(taken));
    if taken.unknown_priority > 0 {
        warnings.push(format!(
            "{} a priority that is none of Falco's eight; {} taken as Warning.",
            count(taken.unknown_priority, "alert carries", "alerts carry"),
            if taken.unknown_priority == 1 { "it is" } else { "they are" },
        ));
    }
    if !options.dedupe {
        warnings.push("Records that stand in several files were counted each time.".into());
    }
    warnings
}

/// A folder of links alone, as Kubernetes makes for the logs of containers.
fn links_alone(found: &Found) -> Option<String> {
    let links = found.passed.iter().filter(|passed| passed.is_link()).count() as u64;
    (found.files.is_empty() && links > 0).then(|| {
        format!(
            "No file was read: there {}, and links are not followed. Name the folder that they lead to, \
             such as /var/log/pods for /var/log/containers.",
            if links == 1 { "is a link".into() } else { format!("are {} links", number(links)) },
        )
    })
}

/// Alerts whose day nothing but a file's name tells.
fn dated_by_files(taken: &Taken) -> Option<String> {
    let dated = taken.files.iter().map(|file| file.shapes.of(Form::DatedByFile)).sum();
    (dated > 0).then(|| {
        format!(
            "{} a time without a date: the day is that of the file's name; where a log rotator named the \
             file for the day on which it was closed, the days are counted back from there, by the \
             midnights that the clock shows.",
            count(dated, "alert in text has", "alerts in text have"),
        )
    })
}

/// Files in which nothing was known.
fn strange(found: &Found, taken: &Taken) -> Option<String> {
    let files = found.files.iter().zip(&taken.files);
    let mut strange = files.filter_map(|(log, tally)| Some((log, tally.strange()?)));
    let (log, line) = strange.next()?;
    let more = strange.count() as u64;
    let begins = if more == 0 { ", which begins" } else { "; the first begins" };
    Some(format!(
        "{} of a shape that is not known: {}{}{begins} with: {}",
        count(more + 1, "file is", "files are"),
        log.name,
        and_more(more),
        line.text,
    ))
}

/// Rejected records that are too many to be listed.
fn unlisted(taken: &Taken) -> Option<String> {
    let AllRejected { listed, unlisted, .. } = &taken.rejected;
    (!unlisted.is_empty()).then(|| {
        format!(
            "Of {} the first {} are listed, and of the others their number by file and reason.",
            count(taken.accounting.rejected, "rejected record", "rejected records"),
            number(listed.len() as u64),
        )
    })
}

/// Hosts whose names are no machine's, with what to do about it.
fn suspects(hosts: &[Host], kind: &str) -> Option<String> {
    let named: Vec<_> = hosts.iter().filter(|host| host.suspect.as_deref() == Some(kind)).collect();
    let mut first: Vec<String> = named.iter().take(NAMED).map(|host| host.host.clone()).collect();
    if first.is_empty() {
        return None;
    }
    let (what, remedy) = match kind {
        "container-id" => (
            ("looks like a container id", "look like container ids"),
            "Under Docker, Falco's own host name is its container's id and changes at each restart: \
             set FALCO_HOSTNAME, or name the machines under [hosts] in alertbook.toml, or take the \
             name from the path with --host-path",
        ),
        _ => (
            ("looks like the name of a pod", "look like names of pods"),
            "Before version 4.3.0 Falco's Helm chart reported its pod's name: set FALCO_HOSTNAME from \
             spec.nodeName, or use --host-field k8s.node.name, or name the machines under [hosts] in \
             alertbook.toml",
        ),
    };
    let number_of = named.len() as u64;
    let more = number_of - first.len() as u64;
    first.extend((more > 0).then(|| format!("{} more", number(more))));
    Some(format!(
        "The {} {} ({}), so one machine may stand here as several. {remedy}.",
        if number_of == 1 {
            "name of 1 host".into()
        } else {
            format!("names of {} hosts", number(number_of))
        },
        if number_of == 1 { what.0 } else { what.1 },
        list(&first),
    ))
}

fn unnamed(hosts: &[Host]) -> Option<String> {
    let unknown = hosts.iter().find(|host| host.host == crate::host::UNKNOWN)?;
    Some(format!(
        "{} no host's name (Falco before 0.33 wrote none); take it from the path with --host-path, such \
         as '{{host}}/falco.log'.",
        count(unknown.count, "alert carries", "alerts carry"),
    ))
}

fn and_more(more: u64) -> String {
    if more == 0 { String::new() } else { format!(" and {} more", number(more)) }
}
