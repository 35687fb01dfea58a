//! Parses the command line, reads the clock and its own digest, runs, prints, and chooses the exit
//! status.

use std::{
    env,
    fs::File,
    io::{self, BufWriter, IsTerminal as _, Write as _},
    process::ExitCode,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use alertbook::{
    Logs, Surroundings,
    cli::{Build, Check, Cli, Command, MitigationsCommand, Reading},
    config::Config,
    error::Error,
    print,
    report::Report,
    time::Timestamp,
};
use clap::{ColorChoice, CommandFactory as _, Parser as _};
use indicatif::{ProgressBar, ProgressStyle};

/// A report of thousands of incidents is made of millions of small strings.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Done, but something asked for failed.
const DENIED: u8 = 1;

/// Could not do it.
const FAILED: u8 = 2;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match cli.color {
        ColorChoice::Auto => anstream::ColorChoice::Auto,
        ColorChoice::Always => anstream::ColorChoice::Always,
        ColorChoice::Never => anstream::ColorChoice::Never,
    }
    .write_global();
    match run(cli) {
        Ok(status) => ExitCode::from(status),
        // Whoever read our output has seen enough.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(failure) => {
            let message = match failure {
                Failure::Run(error) => error.to_string(),
                Failure::Output(error) => format!("cannot write the output: {error}"),
            };
            // Paths and log text may be in the message.
            let message = print::visible(&message);
            let (red, reset) = (anstyle::AnsiColor::Red.on_default().bold(), anstyle::Reset);
            let _ = writeln!(anstream::stderr(), "{red}error{reset}: {message}");
            ExitCode::from(FAILED)
        }
    }
}

/// Why a run ended early.
enum Failure {
    Run(Error),
    Output(io::Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Run(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

fn run(cli: Cli) -> Result<u8, Failure> {
    let mut out = io::stdout().lock();
    match cli.command {
        Command::Build(args) => build(&args),
        Command::Check(args) => check(&args),
        Command::Init(args) => {
            let path = alertbook::own::write_settings(&args.folder)?;
            writeln!(out, "{}", print::visible(&path.display().to_string()))?;
            Ok(0)
        }
        Command::Templates(args) => {
            let count = alertbook::own::write_templates(&args.folder)?;
            let folder = args.folder.display().to_string();
            writeln!(out, "{count} templates in {}", print::visible(&folder))?;
            Ok(0)
        }
        Command::Mitigations(args) => match args.command {
            MitigationsCommand::List(list) => {
                let library = alertbook::library(&list.config()?)?;
                let rows = alertbook::mitigation::catalogue(&library);
                print::mitigations(&mut out, &rows, list.json)?;
                Ok(0)
            }
            MitigationsCommand::Check(args) => {
                let (problems, files) = alertbook::review(&args.folder, &args.names()?)?;
                print::problems(&mut out, &problems, files, args.json)?;
                Ok(if problems.is_empty() { 0 } else { DENIED })
            }
        },
        Command::Completions(args) => {
            clap_complete::generate(args.shell, &mut Cli::command(), "alertbook", &mut out);
            Ok(0)
        }
        Command::Man => {
            clap_mangen::Man::new(Cli::command()).render(&mut out)?;
            Ok(0)
        }
    }
}

fn build(args: &Build) -> Result<u8, Failure> {
    let config = args.config(now())?;
    let bar = bar(&args.reading);
    let around = Surroundings {
        generated: source_date_epoch(),
        progress: &|bytes| bar.inc(bytes),
        program: program(),
    };
    let built = alertbook::build(logs(&args.reading)?, &args.output, &config, &around);
    bar.finish_and_clear();
    let built = built?;
    if args.reading.verbose && !args.reading.quiet {
        print::files(&mut anstream::stderr().lock(), &built.report, true)?;
    }
    warn(&built.report, &args.reading)?;
    if !args.reading.quiet {
        print::built(&mut io::stdout().lock(), &built, &args.output)?;
    }
    let status = status(&built.report, &config);
    // The process ends here: millions of strings need not be taken apart one by one.
    std::mem::forget(built);
    status
}

fn check(args: &Check) -> Result<u8, Failure> {
    let config = args.reading.config(now())?;
    let bar = bar(&args.reading);
    let around = Surroundings {
        generated: source_date_epoch(),
        progress: &|bytes| bar.inc(bytes),
        program: None,
    };
    let checked = alertbook::check(logs(&args.reading)?, &config, &around);
    bar.finish_and_clear();
    let checked = checked?;
    let mut out = BufWriter::new(io::stdout().lock());
    if args.json {
        print::checked_json(&mut out, &checked)?;
    } else {
        print::checked(&mut out, &checked, args.reading.verbose)?;
    }
    out.flush()?;
    if !args.json {
        warn(&checked.report, &args.reading)?;
    }
    status(&checked.report, &config)
}

fn logs(args: &Reading) -> Result<Logs, Error> {
    let stream = args.logs.iter().any(|path| path.as_os_str() == "-");
    match (stream, args.logs.len()) {
        (true, 1) => Ok(Logs::Stream(Box::new(io::stdin()))),
        (true, _) => Err(Error::StdinNotAlone),
        (false, _) => Ok(Logs::Paths(args.logs.clone())),
    }
}

fn warn(report: &Report, args: &Reading) -> io::Result<()> {
    let mut err = anstream::stderr().lock();
    if args.quiet {
        return Ok(());
    }
    let (yellow, reset) = (anstyle::AnsiColor::Yellow.on_default().bold(), anstyle::Reset);
    for warning in &report.quality.warnings {
        writeln!(err, "{yellow}warning{reset}: {}", print::visible(warning))?;
    }
    Ok(())
}

/// What `--strict` and `--deny` say.
fn status(report: &Report, config: &Config) -> Result<u8, Failure> {
    let denials = print::denials(report, config.strict, config.deny);
    for denial in &denials {
        writeln!(anstream::stderr(), "{denial}")?;
    }
    Ok(if denials.is_empty() { 0 } else { DENIED })
}

/// A bar of the bytes read, on a terminal.
fn bar(args: &Reading) -> ProgressBar {
    if args.quiet || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::no_length();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {bytes} read, {bytes_per_sec}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

/// The time that reproducible builds are told to take as now.
#[expect(clippy::disallowed_methods, reason = "the environment is read here and handed on")]
fn source_date_epoch() -> Option<Timestamp> {
    let text = env::var("SOURCE_DATE_EPOCH").ok()?;
    text.trim().parse().ok().map(Timestamp::from_secs)?.logged()
}

/// The digest of this program, to the byte. One that cannot be read, or was replaced since it was
/// started, is not known.
fn program() -> Option<blake3::Hash> {
    let file = File::open(env::current_exe().ok()?).ok()?;
    Some(blake3::Hasher::new().update_reader(file).ok()?.finalize())
}

#[expect(clippy::disallowed_methods, reason = "the one place in which the clock is read")]
fn now() -> Timestamp {
    source_date_epoch().unwrap_or_else(|| {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_secs(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
    })
}
