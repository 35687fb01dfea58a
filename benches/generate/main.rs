//! Writes logs that look like a fleet's, to measure with: the same bytes for the same options.
//!
//! `cargo run --release --example generate -- LOGS --bytes 1GiB`

mod alert;
mod fleet;
mod random;
mod time;

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::PathBuf,
};

use clap::Parser;
use flate2::write::GzEncoder;
use fleet::{Host, Rule};
use random::{Random, Zipf};
use time::Moment;

/// Nanoseconds in a day.
const DAY: u64 = 86_400_000_000_000;

/// 2026-11-01T00:00:00Z in nanoseconds.
const START: u64 = 1_793_491_200_000_000_000;

/// Ways in which a rule matches on one host.
const HABITS: u32 = 8;

/// Alerts that may go on: rules match in bursts.
const RECENT: usize = 64;

/// How many of a hundred alerts go on with a recent rule and host.
const GOES_ON: usize = 60;

/// Writes logs to measure with.
#[derive(Debug, Parser)]
struct Options {
    /// Folder to write to; it is made.
    folder: PathBuf,
    /// Bytes in all, before compression; KiB, MiB and GiB are understood.
    #[arg(long, default_value = "1GiB", value_parser = bytes)]
    bytes: u64,
    /// Files, one for each day.
    #[arg(long, default_value_t = 28)]
    files: u64,
    /// Machines.
    #[arg(long, default_value_t = 500)]
    hosts: u32,
    /// Rules.
    #[arg(long, default_value_t = 60)]
    rules: u32,
    /// What all choices depend on.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Every machine and rule alike, instead of a few that make most alerts.
    #[arg(long)]
    even: bool,
    /// Compress with gzip.
    #[arg(long, conflicts_with = "zst")]
    gz: bool,
    /// Compress with Zstandard.
    #[arg(long)]
    zst: bool,
}

fn main() -> io::Result<()> {
    let options = Options::parse();
    fs::create_dir_all(&options.folder)?;
    let fleet = Fleet::new(&options);
    for day in 0..options.files {
        let mut out = create(&options, day)?;
        fleet.write_day(&mut out, day, options.bytes / options.files, options.seed)?;
        out.flush()?;
    }
    Ok(())
}

/// Machines and rules, and how often each is heard of.
struct Fleet {
    hosts: Vec<Host>,
    rules: Vec<Rule>,
    by_host: Zipf,
    by_rule: Zipf,
    by_habit: Zipf,
}

impl Fleet {
    fn new(options: &Options) -> Self {
        let (of_hosts, of_rules) = if options.even { (0.0, 0.0) } else { (0.5, 1.1) };
        Self {
            hosts: fleet::hosts(options.hosts, options.seed),
            rules: fleet::rules(options.rules, options.seed),
            by_host: Zipf::new(options.hosts, of_hosts),
            by_rule: Zipf::new(options.rules, of_rules),
            by_habit: Zipf::new(HABITS, 1.2),
        }
    }

    /// Writes a day's alerts, in order of time, until there are so many bytes.
    fn write_day(&self, out: &mut dyn Write, day: u64, bytes: u64, seed: u64) -> io::Result<()> {
        let mut random = Random::part(seed, day);
        let mut line = Vec::with_capacity(4096);
        let (mut written, mut recent, mut count) = (0, [(0, 0); RECENT], 0);
        while written < bytes {
            let goes_on = count >= RECENT && random.percent(GOES_ON);
            let (rule, host) = if goes_on {
                random.pick(&recent)
            } else {
                (self.by_rule.draw(&mut random), self.by_host.draw(&mut random))
            };
            recent[count % RECENT] = (rule, host);
            count += 1;
            let number = (rule * self.hosts.len() + host) * HABITS as usize
                + self.by_habit.draw(&mut random);
            let mut habit = Random::part(!seed, number as u64);
            let both = (&self.hosts[host], &self.rules[rule]);
            line.clear();
            let time = moment(day, written, bytes);
            alert::write(&mut line, &mut random, &mut habit, both, time);
            written += line.len() as u64;
            out.write_all(&line)?;
        }
        Ok(())
    }
}

/// The time of an alert that comes after so many of a day's bytes.
fn moment(day: u64, written: u64, bytes: u64) -> Moment {
    let into = u128::from(DAY) * u128::from(written) / u128::from(bytes);
    let nanos = u128::from(START + day * DAY) + into;
    Moment(i64::try_from(nanos).unwrap_or(i64::MAX))
}

fn create(options: &Options, day: u64) -> io::Result<Box<dyn Write>> {
    let date = moment(day, 0, 1).utc();
    let ending = match (options.gz, options.zst) {
        (true, _) => ".gz",
        (_, true) => ".zst",
        _ => "",
    };
    let path = options.folder.join(format!("falco-{}.jsonl{ending}", &date[..10]));
    let file = BufWriter::with_capacity(1 << 18, File::create(path)?);
    Ok(match ending {
        ".gz" => Box::new(GzEncoder::new(file, flate2::Compression::default())),
        ".zst" => Box::new(zstd::Encoder::new(file, 3)?.auto_finish()),
        _ => Box::new(file),
    })
}

/// A number of bytes, with or without a unit.
fn bytes(text: &str) -> Result<u64, String> {
    let units = [("KiB", 10), ("MiB", 20), ("GiB", 30), ("", 0)];
    let (number, shift) = units
        .iter()
        .find_map(|(unit, shift)| Some((text.strip_suffix(unit)?, shift)))
        .unwrap_or((text, &0));
    let number: u64 = number.trim().parse().map_err(|_| format!("{text} is no number of bytes"))?;
    Ok(number << shift)
}
