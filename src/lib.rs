//! alertbook reads security alert logs, groups the alerts by rule and host, and writes incident
//! reports. The stages stand here in the order in which data passes them.

use std::{
    io::{self, Read},
    mem::ManuallyDrop,
    path::{Path, PathBuf},
};

pub mod cli;
pub mod config;
pub mod error;
pub mod print;

pub mod group;
pub mod history;
pub mod host;
pub mod hours;
pub mod intake;
pub mod mitigation;
pub mod noise;
pub mod normalise;
pub mod publish;
pub mod read;
pub mod rejects;
pub mod render;
pub mod report;
pub mod review;
pub mod samples;

pub mod address;
pub mod alert;
pub mod attack;
pub mod bundled;
pub mod days;
pub mod dictionary;
pub mod falco;
pub mod inventory;
pub mod json;
pub mod keys;
pub mod own;
pub mod page;
pub mod period;
pub mod priority;
pub mod shape;
pub mod shell;
pub mod slug;
pub mod time;
pub mod verdicts;
pub mod wording;
pub mod working_hours;

use config::Config;
use error::Error;
use group::Grouped;
use history::{History, Ledger};
use intake::{Progress, Taken};
use mitigation::Library;
use read::Found;
use rejects::Rejects;
use render::Formats;
use report::Report;
use samples::Samples;
use time::Timestamp;

/// Where the logs are.
pub enum Logs {
    /// Files and folders.
    Paths(Vec<PathBuf>),
    /// A stream.
    Stream(Box<dyn Read + Send>),
}

/// All that is read from outside before a run and handed to it.
pub struct Surroundings<'s> {
    /// When the report is made, if that is to be shown.
    pub generated: Option<Timestamp>,
    /// Told of bytes as they are read.
    pub progress: &'s Progress<'s>,
    /// The digest of the running program, if it is known: pages that it made before, of the same, are
    /// not made again. A version is not enough, for a program is built anew with other code.
    pub program: Option<blake3::Hash>,
}

/// What a run made.
pub struct Built {
    /// The report. Its incidents are not told in full: see [`report::Details`].
    pub report: Report,
    /// What was written.
    pub outcome: publish::Outcome,
    /// Whether pages were made, not taken over from the site in place since they would be the same.
    pub pages_made: bool,
}

/// Logs → site: the whole way. What was counted on it is not given back: it is needed to the end,
/// and then the program ends.
pub fn build(
    logs: Logs,
    out: &Path,
    config: &Config,
    around: &Surroundings<'_>,
) -> Result<Built, Error> {
    let library = library(config)?;
    let engine = engine(config, &library)?;
    let options = report_options(config, around)?;
    let staging = publish::Staging::begin(out)?;

    let folder = config.history.as_deref();
    let recorded_in = |path: &Path| folder.is_some_and(|folder| history::is_ours(folder, path));
    let ours = |path: &Path| staging.is_ours(path) || recorded_in(path);
    let recorded = recorded(config)?;
    let (found, taken, incidents) = take(logs, &ours, config, around)?;
    // To free millions of small things one by one, just before the program ends, is time lost.
    let (taken, incidents) = (ManuallyDrop::new(taken), ManuallyDrop::new(incidents));
    let history = History::of(&taken, &incidents, config.timezone, config.gap, &recorded);
    let history = ManuallyDrop::new(history);
    let samples = Samples::new(&taken.places, &found.files, &config.sources);
    let (mut report, details) =
        report::build(&found, &taken, &incidents, &library, &history, &options)?;
    check_for_alerts(&report, config)?;
    let alike = render::checklists(&report, details.workloads(), &engine)?;
    report::gather_actions(&mut report, &alike);

    let put = |page: page::Page| {
        let path = page.path.clone();
        staging.put(page).map_err(|source| render::Error::Emit { path, source: source.into() })
    };
    // Each incident is told in full where its turn comes, and then let go: together they would take
    // many times the room of the rest.
    let outline = |at: usize, incident: &mut report::Incident| {
        details.fill(at, incident);
    };
    let fill = |at: usize, incident: &mut report::Incident| {
        let shapes = details.fill(at, incident);
        incident.samples = samples.of(details.group(at), &shapes);
    };
    let rejects = Rejects { found: &found, taken: &taken };
    staging.stream("rejected.jsonl", &mut |out| rejects.write(out))?;
    let Formats { html, markdown, json } = config.formats;
    let mut digest = None;
    if json {
        render::exports(&report, &put)?;
        digest = write_report(&mut report, &fill, &staging)?;
    }
    let mut pages_made = html || markdown;
    if let Some(program) = around.program.filter(|_| pages_made) {
        let report = digest.map_or_else(|| digest_of(&mut report, &fill), Ok)?;
        pages_made = !staging.keep(made_from(program, report, &engine, config))?;
    }
    if pages_made {
        let survey = render::Survey::new(&report, Some(&outline));
        render::pages(&survey, Some(&fill), &engine, config.formats, &put)?;
        render::briefs(&survey, &engine, config.formats, &config.delivery, &put)?;
    }
    if let Some(folder) = &config.history {
        history::write(folder, &history.ledger, &history.counted, &settings(config))?;
    }
    Ok(Built { report, outcome: staging.commit()?, pages_made })
}

/// What a check found out.
pub struct Checked {
    /// The report. Its incidents are not told in full: see [`report::Details`].
    pub report: Report,
    found: Found,
    taken: ManuallyDrop<Taken>,
}

impl Checked {
    /// The rejected records.
    pub fn rejects(&self) -> Rejects<'_> {
        Rejects { found: &self.found, taken: &self.taken }
    }
}

/// Logs → report, and nothing is written.
pub fn check(logs: Logs, config: &Config, around: &Surroundings<'_>) -> Result<Checked, Error> {
    let library = library(config)?;
    let options = report_options(config, around)?;
    let (found, taken, incidents) = take(logs, &|_| false, config, around)?;
    // As for a site, the program ends before any of it could be of use again.
    let (taken, incidents) = (ManuallyDrop::new(taken), ManuallyDrop::new(incidents));
    let history = History::of(&taken, &incidents, config.timezone, config.gap, &Ledger::default());
    let history = ManuallyDrop::new(history);
    let (report, _) = report::build(&found, &taken, &incidents, &library, &history, &options)?;
    Ok(Checked { report, found, taken })
}

/// Everything that is wrong with a folder of the user's advice, and how many files there are.
pub fn review(
    folder: &Path,
    names: &review::Names,
) -> Result<(Vec<review::Problem>, usize), Error> {
    let files = own::files(folder, &["md"])?;
    let name = folder.display().to_string();
    Ok((review::of_files(&name, &files, names)?, files.len()))
}

/// The bundled advice with the user's.
pub fn library(config: &Config) -> Result<Library, Error> {
    let Some(folder) = config.mitigations.as_deref() else {
        return Library::new("", &render::Texts::new());
    };
    Library::new(&folder.display().to_string(), &own::texts(folder, &["md"])?)
}

/// The bundled templates with the user's.
pub fn engine(config: &Config, library: &Library) -> Result<render::Engine, Error> {
    let own = config.templates.as_deref().map(|folder| own::texts(folder, &["html", "md"]));
    let sources = render::Sources {
        own: own.transpose()?.unwrap_or_default(),
        partials: library.partials().clone(),
        own_partials: library.own_partials().clone(),
        own_advice: library
            .own()
            .map(|(file, advice)| {
                // As far down as in its file, so that errors name its lines.
                let above = "\n".repeat(advice.lines_above);
                (file.to_owned(), above + &advice.template)
            })
            .collect(),
        own_folder: config.mitigations.as_deref().map(|folder| folder.display().to_string()),
    };
    Ok(render::Engine::new(&sources)?)
}

fn take(
    logs: Logs,
    ours: &dyn Fn(&Path) -> bool,
    config: &Config,
    around: &Surroundings<'_>,
) -> Result<(Found, Taken, Vec<Grouped>), Error> {
    let found = match logs {
        Logs::Paths(paths) => read::find(&paths, config.limits, ours)?,
        Logs::Stream(stream) => read::standard_input(stream, config.limits),
    };
    let (from, to) = config.period.bounds(config.timezone);
    let options = intake::Options {
        naming: host::Naming {
            map: config.hosts.clone(),
            field: config.host_field.clone(),
            path: config.host_path.clone(),
        },
        from,
        to,
        min_priority: config.min_priority,
        gap: config.gap,
        sources: config.sources.clone(),
        dedupe: config.dedupe,
        generated: around.generated,
        jobs: config.jobs.max(1),
    };
    let (taken, incidents) = intake::take(&found, &options, around.progress);
    Ok((found, taken, incidents))
}

/// Writes the report and its incidents for machines, and gives the digest of the report's bytes.
fn write_report(
    report: &mut Report,
    fill: &render::Fill<'_>,
    staging: &publish::Staging,
) -> Result<Option<blake3::Hash>, Error> {
    let mut written = None;
    staging.stream("incidents.csv", &mut |csv| {
        written =
            Some(staging.stream("report.json", &mut |out| {
                render::write_report(report, Some(fill), out, csv)
            }));
        Ok(())
    })?;
    Ok(written.transpose()?.map(|written| written.blake3))
}

/// The digest of the bytes that would be written.
fn digest_of(report: &mut Report, fill: &render::Fill<'_>) -> Result<blake3::Hash, Error> {
    let mut digest = blake3::Hasher::new();
    let written = render::write_report(report, Some(fill), &mut digest, &mut io::sink());
    let path = || "report.json".to_owned();
    written.map_err(|source| render::Error::Emit { path: path(), source: source.into() })?;
    Ok(digest.finalize())
}

/// The digest of all that pages are made from. Formats, delivery and templates enter as they are shown
/// to whoever looks for mistakes: so does whatever is added to them.
fn made_from(
    program: blake3::Hash,
    report: blake3::Hash,
    engine: &render::Engine,
    config: &Config,
) -> blake3::Hash {
    let all = (program, report, engine.made_from(), config.formats, &config.delivery);
    blake3::hash(format!("{all:?}").as_bytes())
}

/// The weeks that earlier runs recorded.
fn recorded(config: &Config) -> Result<Ledger, Error> {
    let folder = config.history.as_deref();
    folder.map_or_else(|| Ok(Ledger::default()), |folder| history::read(folder, &settings(config)))
}

fn settings(config: &Config) -> history::Settings {
    history::Settings {
        zone: config.timezone,
        gap: config.gap,
        min_priority: config.min_priority,
        dedupe: config.dedupe,
    }
}

fn report_options(config: &Config, around: &Surroundings<'_>) -> Result<report::Options, Error> {
    let verdicts = config.verdicts.as_deref().map(own::verdicts).transpose()?;
    Ok(report::Options {
        title: config.title.clone(),
        tlp: config.tlp.clone(),
        generated: around.generated,
        period: config.period.clone(),
        zone: config.timezone,
        gap: config.gap,
        min_priority: config.min_priority,
        dedupe: config.dedupe,
        working_hours: config.working_hours,
        inventory: config.inventory.clone(),
        verdicts: verdicts.unwrap_or_default(),
        draft_critical: config.draft_critical,
    })
}

/// A report without an alert is made only where the logs show that there was something to read:
/// a quiet week is one in which Falco spoke of other things, not one without logs.
fn check_for_alerts(report: &Report, config: &Config) -> Result<(), Error> {
    let all = &report.accounting;
    if all.alerts > 0 || config.allow_empty {
        return Ok(());
    }
    let quiet = all.below_priority > 0 || all.sensor > 0;
    // Other weeks may have had alerts, where a host is known to have been there in this one.
    let heard = report.week.as_deref() == Some(report.period.label.as_str())
        && report.coverage.hosts_reporting > 0;
    if heard || quiet && all.outside_period == 0 {
        return Ok(());
    }
    let what = if all.outside_period > 0 {
        let times = report.quality.files.iter();
        let first = times.clone().filter_map(|file| file.first_alert).min();
        let last = times.filter_map(|file| file.last_alert).max();
        let show = |time: Option<Timestamp>| {
            time.map_or_else(String::new, |time| wording::moment_with_year(time, config.timezone))
        };
        format!(
            "no alerts in the period {}: the logs hold {}, from {} to {}; choose another --period",
            report.period.label,
            wording::count(all.outside_period, "alert", "alerts"),
            show(first),
            show(last),
        )
    } else if all.files == 0 {
        format!(
            "no log was read, and {} passed by, as links are, which are not followed; run alertbook check \
             to see them",
            wording::count(report.quality.skipped.len() as u64, "entry was", "entries were"),
        )
    } else {
        format!(
            "no alerts found in {} with {}; run alertbook check on the same logs to see what was read",
            wording::count(all.files, "file", "files"),
            wording::count(all.records, "record", "records"),
        )
    };
    Err(Error::NoAlerts(format!("{what}, or add --allow-empty to publish a report that says so")))
}
