//! Incidents, samples, mitigations and the accounting become one [`Report`].

mod actions;
mod attack_totals;
mod bursts;
mod checks;
mod clocks;
mod details;
mod edges;
mod fleet;
mod incident;
mod model;
mod model_actions;
mod model_attack;
mod model_noise;
mod model_people;
mod model_weeks;
mod names;
mod order;
mod quality;
mod related;
mod seen;
mod sensor;
mod summary;
mod totals;
mod verdicts;
mod weekly;

use std::collections::{BTreeMap, BTreeSet};

pub use actions::{Alike, gather as gather_actions};
pub use details::Details;
use hashbrown::HashMap;
pub use model::*;
pub use model_actions::*;
pub use model_attack::*;
pub use model_noise::*;
pub use model_people::*;
pub use model_weeks::*;
use names::{Advice, Called, Names};
use rayon::prelude::*;

use crate::{
    attack,
    dictionary::Dictionary,
    group::{self, Grouped},
    history::History,
    intake::Taken,
    inventory::{Inventory, Machine},
    mitigation::{self, Extends, Library},
    noise,
    period::Period as Stretch,
    priority::Priority,
    read::Found,
    time::{Timestamp, Zone},
    verdicts::Entry,
    working_hours::WorkingHours,
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
    /// When people are at work.
    pub working_hours: WorkingHours,
    /// What people know of hosts.
    pub inventory: Inventory,
    /// What people decided about incidents.
    pub verdicts: Vec<Entry>,
    /// Whether exceptions are drafted for rules of Critical and above too.
    pub draft_critical: bool,
}

/// Makes the report of what was taken and of the incidents in it, and what the incidents can be
/// told in full from.
pub fn build<'g>(
    found: &Found,
    taken: &'g Taken,
    grouped: &'g [Grouped],
    library: &Library,
    history: &History<'_>,
    options: &Options,
) -> Result<(Report, Details<'g>), crate::error::Error> {
    let names = Names::of(&history.ledger);
    let names = Called::new(&names, grouped, &options.inventory);
    let mut weeks = weekly::build(
        history,
        &names,
        &options.period,
        &weekly::Settings {
            zone: options.zone,
            gap: options.gap,
            working_hours: &options.working_hours,
        },
    );
    let edges = edges::Edges::new(taken, grouped, options);
    let (groups, mut incidents) = heads(grouped, &names, &weeks.words(), library, &edges);
    let today = today(&incidents, options);
    let verdicts = verdicts::judge(&mut incidents, &options.verdicts, today);
    verdicts::judge_weeks(&mut weeks.list, &options.verdicts, today);
    let beside = related::link(&incidents, &groups, options.gap);
    let known = incident::Known::of(grouped);

    let (from, to) = options.period.bounds(options.zone);
    let period = Period {
        label: options.period.label().into(),
        from,
        to,
        timezone: options.zone.name().into(),
        first_alert: incidents.iter().map(|incident| incident.first_seen).min(),
        last_alert: incidents.iter().map(|incident| incident.last_seen).max(),
    };
    let hosts = totals::hosts(&incidents, grouped, &options.inventory);
    let mut rules = totals::rules(&incidents, grouped, library);
    let fleet = fleet::Fleet { ledger: &history.ledger, zone: options.zone, gap: options.gap };
    let waves = fleet.mark(grouped, &mut rules, &mut incidents);
    fleet::weeks(&waves, &mut weeks.list, &period);
    let quarters = totals::quarters(grouped, &edges);
    let mut quality = quality::build(found, taken, &quarters, &hosts, options);
    quality.warnings.extend(verdicts::unknown(&verdicts));
    let noise_options =
        noise::Options { zone: options.zone, draft_critical: options.draft_critical };
    let (loudness, noise) = noise::build(grouped, &taken.past, &incidents, &rules, noise_options);
    let week = weeks.present().map(|week| week.label.clone());
    let changes = weeks.present().and_then(|week| week.changes.clone());
    let no_changes = weeks.present().and_then(|week| week.no_changes.clone());
    let numbers = weeks.present().map(|week| week.numbers.clone()).unwrap_or_default();
    let coverage = weeks.present().map(|week| week.coverage.clone()).unwrap_or_default();
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
        attention: verdicts::attention(&incidents, ATTENTION),
        days: totals::days(&quarters, options.zone),
        attack: attack_totals::build(&rules, &incidents),
        loudness,
        noise,
        verdicts,
        week,
        changes,
        no_changes,
        numbers,
        coverage,
        weeks: weeks.list,
        earlier_weeks: weeks.earlier,
        mitigations: mitigations(&incidents, &rules, library),
        glossary: known.glossary(),
        keys: keys(),
        actions: Vec::new(),
        more_actions: 0,
        hosts,
        rules,
        incidents,
        quality,
        method: method(options),
    };
    report.summary = summary::paragraph(&report, options.zone);
    checks::sums(&report, grouped)?;
    checks::weeks(&report, grouped, taken, history)?;
    let details = Details::new(&report.incidents, groups, beside, known, edges, options.zone);
    Ok((report, details))
}

/// The groups and what there is to say of each at once, in the report's order.
fn heads<'g>(
    grouped: &'g [Grouped],
    names: &Called<'_>,
    words: &HashMap<&str, &'static str>,
    library: &Library,
    edges: &edges::Edges<'_>,
) -> (Vec<&'g Grouped>, Vec<Incident>) {
    let number = |group: &'g Grouped| Some((names.names.pair(&group.rule, &group.host)?, group));
    let mut groups: Vec<(u32, &'g Grouped)> = grouped.iter().filter_map(number).collect();
    let change = |pair: u32| words.get(&*names.pages.ids[pair as usize]).copied();
    groups.sort_by_cached_key(|(pair, group)| {
        let weight = names.machine(*pair).map(|machine| machine.weight);
        let is_new = change(*pair) == Some("new");
        order::key(group, is_new, edges.state(group), weight.unwrap_or_default())
    });
    let mut advice = Advice::new(library);
    let advice: Vec<_> = groups.iter().map(|(_, group)| advice.of(group)).collect();
    let depends_on_place = library.depends_on_place();
    let tell = |((pair, group), advice): (&(u32, &Grouped), _)| {
        let mut incident = incident::head(group, *pair, names, advice, edges);
        incident.change = change(*pair);
        let machine = names.machine(*pair);
        if let Some(machine) = machine {
            incident.owner.clone_from(&machine.owner);
            incident.host_weight = machine.weight;
        }
        if depends_on_place {
            local_advice(&mut incident, group, machine, library);
        }
        incident
    };
    let incidents = groups.par_iter().zip(advice).map(tell).collect();
    (groups.into_iter().map(|(_, group)| group).collect(), incidents)
}

/// Gives an incident the advice that people have for its place.
fn local_advice(
    incident: &mut Incident,
    group: &Grouped,
    machine: Option<&Machine>,
    library: &Library,
) {
    let groups = machine.map_or(&[][..], |machine| &machine.groups);
    let namespaces = seen::namespaces(group);
    let namespaces = namespaces.iter().map(String::as_str).collect();
    let place = mitigation::Place { host: &incident.host, groups, namespaces };
    incident.mitigation = library.find(&incident.rule, &incident.tags, Some(&place)).into();
}

/// The day by which verdicts expire.
fn today(incidents: &[Incident], options: &Options) -> Option<chrono::NaiveDate> {
    let last = incidents.iter().map(|incident| incident.last_seen).max();
    options.generated.or(last).map(|time| options.zone.local(time).date())
}

/// The advice that applies to any incident or rule, by file name.
fn mitigations(
    incidents: &[Incident],
    rules: &[Rule],
    library: &Library,
) -> BTreeMap<String, Mitigation> {
    let of_incidents = incidents.iter().map(|incident| &*incident.mitigation);
    let refs = of_incidents.chain(rules.iter().map(|rule| &rule.mitigation));
    let files: BTreeSet<_> =
        refs.flat_map(|found| std::iter::once(&found.file).chain(&found.extended_by)).collect();
    files
        .into_iter()
        .filter_map(|file| {
            let advice = library.advice().get(file)?;
            let extends = advice.front.extends.map(|how| Extends::word(how).to_owned());
            let title = advice.front.title.clone();
            let template = advice.template.clone();
            Some((file.clone(), Mitigation { title, own: advice.own, extends, template }))
        })
        .collect()
}

/// What the top-level keys of an alert mean.
fn keys() -> BTreeMap<String, String> {
    let keys = Dictionary::bundled().keys().iter();
    keys.map(|key| (key.name.clone(), key.meaning.clone())).collect()
}

fn method(options: &Options) -> Method {
    Method {
        gap_seconds: options.gap,
        order: order::KEYS.map(Into::into).to_vec(),
        actions: actions::rule(),
        min_priority: options.min_priority,
        dedupe: options.dedupe,
        value_bound: group::BOUND as u64,
        attack_version: attack::version().into(),
    }
}
