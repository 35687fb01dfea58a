//! Incidents, samples, mitigations and the accounting become one [`Report`].

mod checks;
mod incident;
mod model;
mod order;
mod quality;
mod related;
mod seen;
mod summary;
mod totals;

use std::{
    collections::{BTreeMap, BTreeSet},
    mem,
};

pub use model::*;
pub use order::state;
use rayon::prelude::*;

use crate::{
    attack,
    dictionary::Dictionary,
    group,
    intake::Taken,
    mitigation::Library,
    period::Period as Stretch,
    priority::Priority,
    read::Found,
    time::{Timestamp, Zone},
};

/// Incidents that are named as those to look at first.
const ATTENTION: usize = 10;

/// What a report is made from, beside the alerts.
#[derive(Clone, Debug)]
pub struct Options {
    /// Heading of the report.
    pub title: String,
    /// Traffic Light Protocol mark.
    pub tlp: Option<String>,
    /// When the report is made, if that is to be shown.
    pub generated: Option<Timestamp>,
    /// The stretch of time covered.
    pub period: Stretch,
    /// The zone in which days and hours are counted.
    pub zone: Zone,
    /// The silence, in seconds, that ends an episode.
    pub gap: u64,
    /// The lowest priority reported.
    pub min_priority: Priority,
    /// Whether a record in several files was counted once.
    pub dedupe: bool,
}

/// Makes the report. `samples` are those of each incident of `taken`, in its order; the incidents
/// are taken out of it.
pub fn build(
    found: &Found,
    taken: &mut Taken,
    samples: Vec<Vec<Sample>>,
    library: &Library,
    options: &Options,
) -> Result<Report, crate::error::Error> {
    let edges = incident::Edges::new(taken, options);
    let days = totals::days(&taken.incidents, options.zone);
    let named_by = totals::named_by(&taken.incidents);
    let known = incident::Known::of(&taken.incidents);
    let grouped = mem::take(&mut taken.incidents).into_par_iter().zip(samples);
    let mut incidents: Vec<_> = grouped
        .map(|(grouped, samples)| incident::build(grouped, samples, library, &known, &edges))
        .collect();
    order::sort(&mut incidents);
    related::link(&mut incidents, options.gap);
    summary::headlines(&mut incidents, options.zone);

    let (from, to) = options.period.bounds(options.zone);
    let period = Period {
        label: options.period.label().into(),
        from,
        to,
        timezone: options.zone.name().into(),
        first_alert: incidents.iter().map(|incident| incident.first_seen).min(),
        last_alert: incidents.iter().map(|incident| incident.last_seen).max(),
    };
    let hosts = totals::hosts(&incidents, &named_by);
    let rules = totals::rules(&incidents, library);
    let quality = quality::build(found, taken, &hosts, options);
    let mut report = Report {
        schema_version: SCHEMA_VERSION,
        generator: Generator { name: "alertbook", version: env!("CARGO_PKG_VERSION") },
        title: options.title.clone(),
        tlp: options.tlp.clone(),
        generated: options.generated,
        period,
        accounting: taken.accounting,
        summary: Vec::new(),
        priorities: totals::priorities(&incidents),
        attention: incidents.iter().take(ATTENTION).map(|incident| incident.id.clone()).collect(),
        days,
        hosts,
        rules,
        mitigations: mitigations(&incidents, library),
        glossary: glossary(&incidents),
        incidents,
        quality,
        method: method(options),
    };
    report.summary = summary::paragraph(&report, options.zone);
    checks::sums(&report)?;
    Ok(report)
}

/// The advice that applies to any incident, by file name.
fn mitigations(incidents: &[Incident], library: &Library) -> BTreeMap<String, Mitigation> {
    let files = incidents.iter().map(|incident| incident.mitigation.file.as_str());
    files
        .filter_map(|file| {
            let advice = library.advice().get(file)?;
            let title = advice.front.title.clone();
            let template = advice.template.clone();
            Some((file.to_owned(), Mitigation { title, own: advice.own, template }))
        })
        .collect()
}

/// What the fields mean that occur in any incident.
fn glossary(incidents: &[Incident]) -> BTreeMap<String, String> {
    let names: BTreeSet<&str> = incidents
        .iter()
        .flat_map(|incident| incident.fields.iter().map(|field| field.name.as_str()))
        .collect();
    let known = names.into_iter().filter_map(|name| {
        let entry = Dictionary::bundled().field(name)?;
        Some((name.to_owned(), entry.meaning.clone()))
    });
    known.collect()
}

fn method(options: &Options) -> Method {
    Method {
        gap_seconds: options.gap,
        order: order::KEYS.map(Into::into).to_vec(),
        min_priority: options.min_priority,
        dedupe: options.dedupe,
        value_bound: group::BOUND as u64,
        attack_version: attack::version().into(),
    }
}
