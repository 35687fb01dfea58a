//! Times each stage over a folder of logs, one thread, the best of three rounds.
//!
//! `cargo bench --bench stages -- LOGS`. Stages that include those before them say so.

use std::{
    hint::black_box,
    io::{self, Write as _},
    path::PathBuf,
    time::Instant,
};

use alertbook::{
    config::Config,
    history::{History, Ledger},
    intake,
    json::Reader,
    normalise::{self, Context},
    read::{self, Found},
    render, report,
    samples::Samples,
};

/// Rounds of each stage.
const ROUNDS: usize = 3;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().skip(1).find(|arg| !arg.starts_with("--"));
    let Some(folder) = folder.map(PathBuf::from) else {
        // `cargo test --benches` runs this too, without a folder.
        return Ok(());
    };
    let config = Config::default();
    let found = read::find(&[folder], config.limits, &|_| false)?;
    let mebibytes = found.files.iter().map(|file| file.size >> 10).sum::<u64>();
    let mebibytes = f64::from(u32::try_from(mebibytes)?) / 1024.0;
    let show = |stage: &str, seconds: f64| {
        let rate = mebibytes / seconds;
        writeln!(io::stdout(), "{stage:42} {seconds:8.3} s {rate:8.0} MiB/s")
    };
    show("read, cut into records", best(|| records(&found, &mut |_| ())))?;
    let mut json = |text: &str| drop(black_box(Reader::new(text).value()));
    show("... and read as JSON", best(|| records(&found, &mut json)))?;
    show("... and made alerts", best(|| alerts(&found, &config)))?;
    let options = options(&config);
    show("... and counted: all of intake", best(|| drop(intake::take(&found, &options, &|_| ()))))?;

    let (taken, incidents) = intake::take(&found, &options, &|_| ());
    let history = History::of(&taken, &incidents, config.timezone, config.gap, &Ledger::default());
    let samples = Samples::new(&taken.places, &found.files, &config.sources);
    let library = alertbook::library(&config)?;
    let options = report_options(&config);
    let make = || report::build(&found, &taken, &incidents, &library, &history, &options);
    show("report made (all threads)", best(|| drop(make())))?;
    let (mut report, details) = make()?;
    let without = |at: usize, incident: &mut report::Incident| drop(details.fill(at, incident));
    let with = |at: usize, incident: &mut report::Incident| {
        let shapes = details.fill(at, incident);
        incident.samples = samples.of(details.group(at), &shapes);
    };
    let mut write = |fill: &render::Fill<'_>| {
        render::write_report(&mut report, Some(fill), &mut io::sink(), &mut io::sink())
    };
    show("report.json without samples (all threads)", best(|| drop(write(&without))))?;
    show("report.json with samples (all threads)", best(|| drop(write(&with))))?;
    Ok(())
}

/// Seconds of the fastest round.
#[expect(clippy::disallowed_methods, reason = "this is what a bench is for")]
fn best(mut stage: impl FnMut()) -> f64 {
    let round = |_| {
        let start = Instant::now();
        stage();
        start.elapsed().as_secs_f64()
    };
    (0..ROUNDS).map(round).fold(f64::INFINITY, f64::min)
}

fn records(found: &Found, each: &mut dyn FnMut(&str)) {
    let mut scratch = read::Scratch::default();
    for unit in read::units(&found.files) {
        let log = &found.files[unit.file as usize];
        read::read(log, unit.part, &mut scratch, &mut |_, block| {
            read::records(&block, &mut |_, bytes| each(str::from_utf8(bytes).unwrap_or("")));
        });
    }
}

fn alerts(found: &Found, config: &Config) {
    let mut scratch = read::Scratch::default();
    for unit in read::units(&found.files) {
        let log = &found.files[unit.file as usize];
        let context = Context::of(log, &config.sources);
        read::read(log, unit.part, &mut scratch, &mut |_, block| {
            read::records(&block, &mut |_, bytes| {
                let text = simdutf8::basic::from_utf8(bytes).unwrap_or("");
                normalise::line(text, &context, &mut |_, outcome| drop(black_box(outcome)));
            });
        });
    }
}

fn options(config: &Config) -> intake::Options {
    intake::Options {
        naming: alertbook::host::Naming::default(),
        from: None,
        to: None,
        min_priority: config.min_priority,
        gap: config.gap,
        sources: config.sources.clone(),
        dedupe: true,
        generated: None,
        jobs: 1,
    }
}

fn report_options(config: &Config) -> report::Options {
    report::Options {
        title: config.title.clone(),
        tlp: None,
        generated: None,
        period: alertbook::period::Period::All,
        zone: config.timezone,
        gap: config.gap,
        min_priority: config.min_priority,
        dedupe: true,
        working_hours: config.working_hours,
        inventory: config.inventory.clone(),
        verdicts: Vec::new(),
        draft_critical: false,
    }
}
