//! What a person or a program reads on the terminal: written into what the caller gives.

use std::{
    collections::BTreeMap,
    io::{self, Write},
    path::Path,
};

use serde::{Serialize, Serializer};

use crate::{
    Built, Checked,
    mitigation::{Only, Row},
    priority::Priority,
    rejects::Rejects,
    render::text::{self, Breaks},
    report::{Accounting, FileRead, Origin, Report, Skipped},
    review::Problem,
    wording::{count, number},
};

/// Rejected records, and files, that are listed unless all are asked for.
const LISTED: usize = 20;

/// Text as a terminal may show it: hidden and control characters as codes.
pub fn visible(text: &str) -> std::borrow::Cow<'_, str> {
    text::visible(text, Breaks::Mark)
}

/// The result of a build.
pub fn built(out: &mut dyn Write, built: &Built, folder: &Path) -> io::Result<()> {
    for sentence in &built.report.summary {
        writeln!(out, "{}", visible(sentence))?;
    }
    let outcome = &built.outcome;
    let folder = folder.display().to_string();
    writeln!(
        out,
        "{}/index.html: {} written, {} unchanged, {} removed",
        visible(&folder),
        count(outcome.written as u64, "page", "pages"),
        number(outcome.kept as u64),
        number(outcome.removed as u64),
    )
}

/// The accounting and the rejected records, for a person.
pub fn checked(out: &mut dyn Write, checked: &Checked, all: bool) -> io::Result<()> {
    let report = &checked.report;
    accounting(out, &report.accounting)?;
    writeln!(out)?;
    files(out, report, all)?;
    for reason in &report.quality.rejected {
        writeln!(out, "\n{} {}: {}", number(reason.count), reason.reason, reason.meaning)?;
    }
    rejected(out, checked, all)?;
    unknown_text(out, report)?;
    unread(out, report)
}

fn rejected(out: &mut dyn Write, checked: &Checked, all: bool) -> io::Result<()> {
    let rejected = checked.report.accounting.rejected;
    if rejected > 0 {
        writeln!(out)?;
    }
    let mut listed = 0;
    for reject in checked.rejects().listed().take(if all { usize::MAX } else { LISTED }) {
        listed += 1;
        writeln!(
            out,
            "{}:{}: {} ({})",
            visible(&reject.file),
            reject.line,
            reject.reason,
            count(reject.bytes, "byte", "bytes")
        )?;
    }
    if all {
        for others in checked.rejects().unlisted() {
            let more = number(others.unlisted);
            writeln!(out, "{}: {more} more {}", visible(&others.file), others.reason)?;
        }
    } else if rejected > listed {
        let more = number(rejected - listed);
        let most = checked.rejects().listed().len() as u64;
        let of_them = if rejected > most {
            format!("the first {}", number(most))
        } else {
            "all of them".into()
        };
        writeln!(out, "and {more} more; -v lists {of_them}")?;
    }
    Ok(())
}

fn accounting(out: &mut dyn Write, all: &Accounting) -> io::Result<()> {
    for (name, value) in [
        ("files", all.files),
        ("  empty", all.empty_files),
        ("  not readable", all.unreadable_files),
        ("bytes", all.bytes),
        ("records", all.records),
        ("  alerts", all.alerts),
        ("  duplicates", all.duplicates),
        ("  outside the period", all.outside_period),
        ("  below the priority", all.below_priority),
        ("  sensor messages", all.sensor),
        ("  other text", all.other_text),
        ("  rejected", all.rejected),
    ] {
        writeln!(out, "{name:<22}{:>15}", number(value))?;
    }
    Ok(())
}

fn unknown_text(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let quality = &report.quality;
    if quality.unknown_text == 0 {
        return Ok(());
    }
    let lines = count(quality.unknown_text, "line", "lines");
    writeln!(out, "\n{lines} of other text that alertbook does not know; the first:")?;
    for line in &quality.unknown_text_first {
        writeln!(
            out,
            "{}:{}: {}",
            visible(&line.origin.file),
            line.origin.line,
            visible(&line.text)
        )?;
    }
    Ok(())
}

fn unread(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    for file in &report.quality.files {
        if let Some(error) = &file.error {
            writeln!(out, "{}: {}", visible(&file.file), visible(error))?;
        }
    }
    for skipped in &report.quality.skipped {
        writeln!(out, "{}: {}", visible(&skipped.file), skipped.reason)?;
    }
    Ok(())
}

/// The same for a program.
pub fn checked_json(out: &mut dyn Write, checked: &Checked) -> io::Result<()> {
    #[derive(Serialize)]
    struct Printed<'a> {
        accounting: &'a Accounting,
        warnings: &'a [String],
        files: &'a [FileRead],
        skipped: &'a [Skipped],
        #[serde(serialize_with = "listed")]
        rejected: Rejects<'a>,
        #[serde(serialize_with = "unlisted")]
        rejected_unlisted: Rejects<'a>,
    }
    fn listed<S: Serializer>(rejects: &Rejects<'_>, out: S) -> Result<S::Ok, S::Error> {
        out.collect_seq(rejects.listed())
    }
    fn unlisted<S: Serializer>(rejects: &Rejects<'_>, out: S) -> Result<S::Ok, S::Error> {
        out.collect_seq(rejects.unlisted())
    }
    let report = &checked.report;
    let printed = Printed {
        accounting: &report.accounting,
        warnings: &report.quality.warnings,
        files: &report.quality.files,
        skipped: &report.quality.skipped,
        rejected: checked.rejects(),
        rejected_unlisted: checked.rejects(),
    };
    serde_json::to_writer_pretty(&mut *out, &printed)?;
    writeln!(out)
}

/// What each file held; of many files, how many have each shape that is known, unless all are asked for.
pub fn files(out: &mut dyn Write, report: &Report, all: bool) -> io::Result<()> {
    let files = &report.quality.files;
    if all || files.len() <= LISTED {
        return files.iter().try_for_each(|file| one_file(out, file));
    }
    let (strange, known): (Vec<&FileRead>, Vec<_>) =
        files.iter().partition(|file| file.begins_with.is_some());
    let mut shapes: BTreeMap<&str, Vec<&FileRead>> = BTreeMap::new();
    for file in known {
        shapes.entry(&file.format).or_default().push(file);
    }
    for (shape, files) in shapes {
        let first = visible(&files[0].file);
        let files = count(files.len() as u64, "file", "files");
        writeln!(out, "{files}: {shape}, such as {first}")?;
    }
    strange.iter().take(LISTED).try_for_each(|file| one_file(out, file))?;
    writeln!(out, "-v lists all of them")
}

fn one_file(out: &mut dyn Write, file: &FileRead) -> io::Result<()> {
    let begins = |record: &String| format!("; it begins with: {}", visible(record));
    writeln!(
        out,
        "{}: {}, {}, {}, {} rejected{}",
        visible(&file.file),
        file.format,
        count(file.records, "record", "records"),
        count(file.alerts, "alert", "alerts"),
        number(file.rejected),
        file.begins_with.as_ref().map(begins).unwrap_or_default(),
    )
}

/// Every rule and its advice.
pub fn mitigations(out: &mut dyn Write, rows: &[Row], json: bool) -> io::Result<()> {
    if json {
        serde_json::to_writer_pretty(&mut *out, rows)?;
        return writeln!(out);
    }
    let width =
        |of: fn(&Row) -> &str| rows.iter().map(|row| of(row).chars().count()).max().unwrap_or(0);
    let (rule, file, by) =
        (width(|row| &row.rule), width(|row| &row.file), width(|row| &row.matched_by));
    for row in rows {
        let also: Vec<_> = row.extended_by.iter().map(|file| format!("+ {file}")).collect();
        let only: Vec<_> = row.only.iter().map(only).collect();
        let line = format!(
            "{:rule$}  {:file$}  {:by$}  {}",
            row.rule,
            row.file,
            row.matched_by,
            [also, only].concat().join("; ")
        );
        writeln!(out, "{}", visible(line.trim_end()))?;
    }
    Ok(())
}

/// A file that applies in some places alone, in words.
fn only(only: &Only) -> String {
    let kinds = [("namespace", &only.namespaces), ("host", &only.hosts), ("group", &only.groups)];
    let kinds = kinds.iter().filter(|(_, names)| !names.is_empty());
    let places: Vec<_> =
        kinds.map(|(kind, names)| format!("{kind} {}", names.join(" or "))).collect();
    let sign = if only.extends.is_some() { "+ " } else { "" };
    format!("{sign}{} for {}", only.file, places.join(", "))
}

/// What is wrong with the user's advice.
pub fn problems(
    out: &mut dyn Write,
    problems: &[Problem],
    files: usize,
    json: bool,
) -> io::Result<()> {
    if json {
        serde_json::to_writer_pretty(&mut *out, problems)?;
        return writeln!(out);
    }
    for problem in problems {
        let Problem { file, line, column, message } = problem;
        writeln!(out, "{}:{line}:{column}: {}", visible(file), visible(message))?;
    }
    let all = count(files as u64, "file", "files");
    match problems.len() {
        0 => writeln!(out, "{all}, nothing is wrong"),
        wrong => writeln!(out, "{all}, {}", count(wrong as u64, "problem", "problems")),
    }
}

/// The reason that is no fault of the logs.
const UNFINISHED: &str = "unfinished";

/// What makes a run end with status 1, in words.
pub fn denials(report: &Report, strict: bool, deny: Option<Priority>) -> Vec<String> {
    let mut denials = Vec::new();
    // The last line of a live file may still be written to; that is no fault of the logs.
    let unfinished = report.quality.rejected.iter().find(|reason| reason.reason == UNFINISHED);
    let rejected = report.accounting.rejected - unfinished.map_or(0, |reason| reason.count);
    if strict && rejected > 0 {
        let rejected = count(rejected, "record was", "records were");
        let first = first_rejected(report).map_or_else(String::new, |Origin { file, line }| {
            format!(", the first in {} on line {}", visible(file), number(*line))
        });
        denials.push(format!("--strict: {rejected} rejected{first}; alertbook check shows them"));
    }
    if let Some(deny) = deny {
        let denied = report.incidents.iter().filter(|incident| incident.priority <= deny).count();
        if denied > 0 {
            denials.push(format!(
                "--deny {deny}: {} of this priority or a higher one",
                count(denied as u64, "incident", "incidents")
            ));
        }
    }
    denials
}

/// Where the first record stands that was rejected for a fault of the logs.
fn first_rejected(report: &Report) -> Option<&Origin> {
    let file = |place: &Origin| report.quality.files.iter().position(|of| of.file == place.file);
    let faults = report.quality.rejected.iter().filter(|reason| reason.reason != UNFINISHED);
    faults.filter_map(|reason| reason.first.first()).min_by_key(|place| (file(place), place.line))
}
