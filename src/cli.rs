//! The command line: what can be typed, and what it means. The only place where flags meet the
//! file of settings.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use clap::{Args, Parser, Subcommand, ValueHint};

use crate::{
    config::{self, Config, File},
    error::Error,
    inventory::Inventory,
    normalise::Sources,
    own,
    period::Period,
    review::Names,
    time::Timestamp,
    working_hours::WorkingHours,
};

/// Turns security alert logs (Falco first) into incident reports, as Markdown and HTML.
#[derive(Debug, Parser)]
#[command(name = "alertbook", version, about, max_term_width = 100, propagate_version = true)]
#[command(after_help = "Examples:\n  \
    alertbook build /var/log/falco -o site\n  \
    alertbook build logs -o site --period last-week --timezone Europe/Berlin\n  \
    kubectl logs -n falco ds/falco | alertbook check -\n\n\
    Exit status: 0 done; 1 done, but --strict or --deny says no; 2 could not do it.")]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// When to use colour in messages.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: clap::ColorChoice,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read logs and write the site of incident reports.
    Build(Build),
    /// Read logs, account for every record, and write nothing.
    Check(Check),
    /// Write a commented alertbook.toml.
    Init(Init),
    /// Copy the built-in templates into a folder, to change them.
    Templates(Templates),
    /// Show what is known for which rule, and check mitigations of your own.
    Mitigations(Mitigations),
    /// Print a script that completes commands in a shell.
    Completions(Completions),
    /// Print the manual page.
    Man,
}

/// `build`
#[derive(Debug, Args)]
pub struct Build {
    /// What to read and how.
    #[command(flatten)]
    pub reading: Reading,
    /// Folder of the site; it is made, or replaced if alertbook made it.
    #[arg(short, long, value_name = "DIR", default_value = "site", value_hint = ValueHint::DirPath)]
    pub output: PathBuf,
    /// What to write: html, markdown, json; several are separated by commas.
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub format: Option<Vec<String>>,
    /// Folder in which a small file of each week is kept, for the weeks that follow.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub history: Option<PathBuf>,
    /// Folder with templates of your own.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub templates: Option<PathBuf>,
    /// Draft exceptions for rules of Critical and above too.
    #[arg(long)]
    pub draft_critical: bool,
    /// Publish a report even if there is no alert in it.
    #[arg(long)]
    pub allow_empty: bool,
}

/// `check`
#[derive(Debug, Args)]
pub struct Check {
    /// What to read and how.
    #[command(flatten)]
    pub reading: Reading,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// What to read and how.
#[derive(Debug, Args)]
pub struct Reading {
    /// A folder of logs, a file, or - for standard input.
    #[arg(required = true, value_name = "LOGS", value_hint = ValueHint::AnyPath)]
    pub logs: Vec<PathBuf>,
    /// File of settings [default: alertbook.toml, if there is one].
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,
    /// What the report covers: all, last-week, 2026-W47, 2026-11-18, 2026-11, FROM..TO.
    #[arg(long)]
    pub period: Option<String>,
    /// Zone in which days are counted and times shown, such as Europe/Berlin [default: UTC].
    #[arg(long, value_name = "ZONE")]
    pub timezone: Option<String>,
    /// Lowest priority that is reported [default: Debug].
    #[arg(long, value_name = "PRIORITY")]
    pub min_priority: Option<String>,
    /// Silence that ends an episode [default: 1h].
    #[arg(long, value_name = "LENGTH")]
    pub gap: Option<String>,
    /// Output field that names the host, such as k8s.node.name.
    #[arg(long, value_name = "FIELD")]
    pub host_field: Option<String>,
    /// Pattern that takes the host's name from the path, such as '{host}/falco.log'.
    #[arg(long, value_name = "PATTERN")]
    pub host_path: Option<String>,
    /// Folder with mitigations of your own.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub mitigations: Option<PathBuf>,
    /// File with verdicts on incidents.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub verdicts: Option<PathBuf>,
    /// End with status 1 if a record was rejected.
    #[arg(long)]
    pub strict: bool,
    /// End with status 1 if there is an incident of this priority or a higher one.
    #[arg(long, value_name = "PRIORITY")]
    pub deny: Option<String>,
    /// Count a record that stands in several files each time.
    #[arg(long)]
    pub no_dedupe: bool,
    /// Size to which one packed file may expand [default: 1GiB].
    #[arg(long, value_name = "SIZE")]
    pub max_expand: Option<String>,
    /// Threads [default: one for each processor].
    #[arg(short, long, value_name = "N")]
    pub jobs: Option<usize>,
    /// Say nothing but errors.
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say what was read, file by file.
    #[arg(short, long)]
    pub verbose: bool,
}

/// `init`
#[derive(Debug, Args)]
pub struct Init {
    /// Folder to write it into.
    #[arg(default_value = ".", value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub folder: PathBuf,
}

/// `templates`
#[derive(Debug, Args)]
pub struct Templates {
    /// Folder to copy them into.
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub folder: PathBuf,
}

/// `mitigations`
#[derive(Debug, Args)]
pub struct Mitigations {
    /// What to do.
    #[command(subcommand)]
    pub command: MitigationsCommand,
}

/// What can be done with mitigations.
#[derive(Debug, Subcommand)]
pub enum MitigationsCommand {
    /// List every rule of Falco, the file with its advice, and how it was found.
    List(MitigationsList),
    /// Check a folder of mitigations of your own, and name everything that is wrong with file, line
    /// and column.
    #[command(after_help = "Exit status: 0 nothing is wrong; 1 something is; 2 could not do it.")]
    Check(MitigationsCheck),
}

/// `mitigations check`
#[derive(Debug, Args)]
pub struct MitigationsCheck {
    /// Folder with mitigations of your own.
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub folder: PathBuf,
    /// File of Falco's with rules of your own, that mitigations may name; can be given several times.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub rules: Vec<PathBuf>,
    /// File of settings, with the groups of hosts [default: alertbook.toml, if there is one].
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,
    /// Print JSON: an array of file, line, column and message.
    #[arg(long)]
    pub json: bool,
}

impl MitigationsCheck {
    /// What the mitigations can name.
    pub fn names(&self) -> Result<Names, Error> {
        let (file, _) = settings(self.config.as_deref())?;
        let inventory = Inventory(file.host.unwrap_or_default());
        let mut names = Names { rules: BTreeSet::new(), groups: BTreeSet::new() };
        names.groups.extend(inventory.groups().into_iter().map(str::to_owned));
        for path in &self.rules {
            names.rules.extend(own::rules(path)?);
        }
        Ok(names)
    }
}

/// `mitigations list`
#[derive(Debug, Args)]
pub struct MitigationsList {
    /// Print JSON: an array of rule, file and `matched_by`, with what else of yours applies.
    #[arg(long)]
    pub json: bool,
    /// File of settings [default: alertbook.toml, if there is one].
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,
    /// Folder with mitigations of your own.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub mitigations: Option<PathBuf>,
}

impl MitigationsList {
    /// The settings that say where mitigations are.
    pub fn config(&self) -> Result<Config, Error> {
        let (file, folder) = settings(self.config.as_deref())?;
        let own = file.mitigations.map(|path| folder.join(path));
        Ok(Config { mitigations: self.mitigations.clone().or(own), ..Config::default() })
    }
}

/// `completions`
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell.
    pub shell: clap_complete::Shell,
}

impl Reading {
    /// The defaults, changed by the file, changed by the flags. `now` is what `last-week` is
    /// counted from.
    pub fn config(&self, now: Timestamp) -> Result<Config, Error> {
        let (file, folder) = settings(self.config.as_deref())?;
        let said = |message: String| Error::Config(message);
        let mut config = Config::default();
        let timezone = self.timezone.as_deref().or(file.timezone.as_deref());
        if let Some(name) = timezone {
            config.timezone = config::timezone(name).map_err(said)?;
        }
        if let Some(text) = self.period.as_deref().or(file.period.as_deref()) {
            let today = config.timezone.local(now).date();
            config.period = Period::parse(text, Some(today)).map_err(said)?;
        }
        if let Some(text) = self.min_priority.as_deref().or(file.min_priority.as_deref()) {
            config.min_priority = config::priority(text).map_err(said)?;
        }
        if let Some(text) = self.gap.as_deref().or(file.gap.as_deref()) {
            config.gap = config::seconds(text).map_err(said)?;
        }
        if let Some(text) = self.deny.as_deref().or(file.deny.as_deref()) {
            config.deny = Some(config::priority(text).map_err(said)?);
        }
        if let Some(names) = &file.format {
            config.formats = config::formats(names.iter().map(String::as_str)).map_err(said)?;
        }
        config.delivery =
            config::delivery(file.url.as_deref(), file.mail.as_ref()).map_err(said)?;
        if let Some(pattern) = self.host_path.as_deref().or(file.host_path.as_deref()) {
            config.host_path = Some(config::host_path(pattern).map_err(said)?);
        }
        if let Some(text) = self.max_expand.as_deref().or(file.max_expand.as_deref()) {
            config.limits.max_expand = config::bytes(text).map_err(said)?;
        }
        config.sources = Sources::new(file.sources.unwrap_or_default());
        let beside = |path: PathBuf| folder.join(path);
        config.title = file.title.unwrap_or(config.title);
        config.tlp = file.tlp;
        config.strict = self.strict || file.strict.unwrap_or(false);
        config.allow_empty = file.allow_empty.unwrap_or(false);
        config.dedupe = !self.no_dedupe && file.dedupe.unwrap_or(true);
        config.jobs = self.jobs.or(file.jobs).unwrap_or(0);
        config.host_field = self.host_field.clone().or(file.host_field);
        config.hosts = file.hosts.unwrap_or_default();
        if let Some(text) = &file.working_hours {
            config.working_hours = WorkingHours::parse(text).map_err(said)?;
        }
        config.history = file.history.map(beside);
        config.inventory = Inventory(file.host.unwrap_or_default());
        config.verdicts = self.verdicts.clone().or_else(|| file.verdicts.map(beside));
        config.draft_critical = file.draft_critical.unwrap_or(false);
        config.templates = file.templates.map(beside);
        config.mitigations = self.mitigations.clone().or_else(|| file.mitigations.map(beside));
        if config.jobs == 0 {
            config.jobs = std::thread::available_parallelism().map_or(1, usize::from);
        }
        Ok(config)
    }
}

/// The file of settings, and the folder that its paths are relative to.
fn settings(named: Option<&Path>) -> Result<(File, PathBuf), Error> {
    let path = named.unwrap_or_else(|| Path::new("alertbook.toml"));
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
            return Ok((File::default(), PathBuf::new()));
        }
        Err(source) => return Err(Error::Input { path: path.into(), source }),
    };
    let folder = path.parent().map_or_else(PathBuf::new, Path::to_owned);
    Ok((File::parse(&path.display().to_string(), &text)?, folder))
}

impl Build {
    /// The settings of a build.
    pub fn config(&self, now: Timestamp) -> Result<Config, Error> {
        let mut config = self.reading.config(now)?;
        if let Some(names) = &self.format {
            let names = names.iter().map(String::as_str);
            config.formats = config::formats(names).map_err(Error::Config)?;
        }
        config.allow_empty |= self.allow_empty;
        if self.history.is_some() {
            config.history.clone_from(&self.history);
        }
        config.draft_critical |= self.draft_critical;
        if self.templates.is_some() {
            config.templates.clone_from(&self.templates);
        }
        Ok(config)
    }
}
