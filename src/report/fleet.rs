//! Rules that fire on many hosts at once: more often a rollout than an intruder.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use hashbrown::HashMap;
use rayon::prelude::*;

use super::{FleetWide, Incident, Period, Rule, Week, WeekFleet};
use crate::{
    group::Grouped,
    history::{Calendar, Ledger},
    period::Period as Stretch,
    time::{Timestamp, Zone},
    wording::{count, moment, number, span},
};

/// Hosts that are many.
const MANY: usize = 5;

/// The share of the hosts that sent data that is many: one in so many.
const SHARE: usize = 4;

/// Forms of output that hosts can have in common.
const SHAPES: usize = 2;

/// What hosts are counted against.
pub struct Fleet<'f> {
    /// The weeks, which know the hosts that sent data.
    pub ledger: &'f Ledger,
    /// The zone in which weeks are counted.
    pub zone: Zone,
    /// The silence, in seconds, that ends an episode.
    pub gap: u64,
}

/// A time at which a rule began on many hosts.
pub struct Wave {
    told: WeekFleet,
    hosts: BTreeSet<String>,
}

/// Marks what fired on many hosts in the weeks in which it did, and says of which weeks that is not known.
pub fn weeks(waves: &[Wave], weeks: &mut [Week], period: &Period) {
    for wave in waves {
        let rule = &wave.told.rule;
        let within = weeks.iter_mut().find(|week| week.label == wave.told.fleet_wide.week);
        let Some(week) = within else { continue };
        week.fleet_wide.push(wave.told.clone());
        for row in week.rule_rows.iter_mut().filter(|row| row.name == *rule) {
            row.fleet_wide = true;
        }
        for row in week.incident_rows.iter_mut().filter(|row| *row.rule == **rule) {
            row.fleet_wide |= wave.hosts.contains(&*row.host);
        }
    }
    for week in weeks {
        week.fleet_wide_unknown = unknown(week, period);
        week.fleet_wide
            .sort_by(|a, b| (a.fleet_wide.from, &a.rule).cmp(&(b.fleet_wide.from, &b.rule)));
    }
}

/// Why it is not known of a week, or not of all of it: the history keeps counts by day, and only
/// incidents of the period have their forms of output.
fn unknown(week: &Week, period: &Period) -> Option<String> {
    let begins_before = period.from.is_some_and(|from| week.from < from);
    let ends_after = period.to.is_some_and(|to| week.to > to);
    let outside = period.from.is_some_and(|from| week.to <= from);
    let why = match week.source.as_str() {
        "history" => "is not known: of that week there are counts alone, and no times",
        _ if outside => "is not known: it is looked for in the period alone",
        "logs" if begins_before || ends_after => "is known of the days in the period alone",
        "logs" => return None,
        _ => "is known only as far as the logs still hold that week",
    };
    Some(format!("Which rules fired on many hosts at once in {} {why}.", week.label))
}

/// The beginning of an episode on the host at a place in the list of a rule's groups.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Start {
    time: Timestamp,
    host: usize,
}

impl Fleet<'_> {
    /// Marks rules and incidents, and gives what it found.
    pub fn mark(
        &self,
        grouped: &[Grouped],
        rules: &mut [Rule],
        incidents: &mut [Incident],
    ) -> Vec<Wave> {
        let mut groups: BTreeMap<&str, Vec<&Grouped>> = BTreeMap::new();
        for group in grouped {
            groups.entry(&group.rule).or_default().push(group);
        }
        let mut all = Vec::new();
        let mut latest: BTreeMap<(&str, &str), FleetWide> = BTreeMap::new();
        let of_rule = |rule: &Rule| Some(self.waves(groups.get(rule.rule.as_str())?));
        let waves: Vec<Option<_>> = rules.par_iter().map(of_rule).collect();
        for (rule, waves) in rules.iter_mut().zip(waves) {
            let (Some(groups), Some(waves)) = (groups.get(rule.rule.as_str()), waves) else {
                continue;
            };
            for (fleet_wide, hosts) in waves {
                let hosts = hosts.into_iter().map(|host| groups[host].host.as_str());
                for host in hosts.clone() {
                    latest.insert((&groups[0].rule, host), fleet_wide.clone());
                }
                rule.fleet_wide.push(fleet_wide.clone());
                let (rule, path) = (rule.rule.clone(), rule.path.clone());
                let hosts = hosts.map(Into::into).collect();
                all.push(Wave { told: WeekFleet { rule, path, fleet_wide }, hosts });
            }
        }
        for incident in incidents {
            incident.fleet_wide = latest.remove(&(&incident.rule, &incident.host));
        }
        all
    }

    /// The times at which a rule began on many hosts, in order, each with the hosts by their place
    /// in `groups`.
    fn waves(&self, groups: &[&Grouped]) -> Vec<(FleetWide, Vec<usize>)> {
        if groups.len() < MANY {
            return Vec::new();
        }
        let starts = groups.iter().enumerate().flat_map(|(host, group)| {
            group
                .pulse()
                .episodes()
                .into_iter()
                .map(move |episode| Start { time: episode.first, host })
        });
        let mut starts: Vec<Start> = starts.collect();
        starts.sort_unstable();
        let shapes = Shapes::of(groups);
        let (mut window, mut from) = (Window::default(), 0);
        let mut found: Vec<(usize, usize)> = Vec::new();
        for (at, start) in starts.iter().enumerate() {
            window.enter(start.host, &shapes);
            while !self.near(starts[from].time, start.time) {
                window.leave(starts[from].host, &shapes);
                from += 1;
            }
            if window.hosts.different < MANY
                || window.hosts.different * SHARE < self.reporting(starts[from].time)
                || window.shapes.different > SHAPES
            {
                continue;
            }
            match found.last_mut() {
                Some((_, last)) if from <= *last => *last = at,
                _ => found.push((from, at)),
            }
        }
        let waves = found.into_iter();
        waves.map(|(first, last)| self.wave(&starts[first..=last], &shapes)).collect()
    }

    fn near(&self, earlier: Timestamp, later: Timestamp) -> bool {
        let gap = i128::from(self.gap) * 1_000_000_000;
        later.nanos_since_epoch() - earlier.nanos_since_epoch() <= gap
    }

    /// The Monday of the week of an instant.
    fn monday(&self, time: Timestamp) -> NaiveDate {
        Calendar::monday(self.zone.local(time).date())
    }

    /// Hosts that sent data in the week of an instant.
    fn reporting(&self, time: Timestamp) -> usize {
        self.ledger.weeks.get(&self.monday(time)).map_or(0, |week| week.hosts.len())
    }

    fn wave(&self, starts: &[Start], shapes: &Shapes) -> (FleetWide, Vec<usize>) {
        let mut window = Window::default();
        for start in starts {
            window.enter(start.host, shapes);
        }
        let (from, to) = (starts[0].time, starts[starts.len() - 1].time);
        let mut wave = FleetWide {
            from,
            to,
            hosts: window.hosts.different as u64,
            hosts_reporting: self.reporting(from) as u64,
            week: Stretch::week(self.monday(from)).label().into(),
            shapes: window.shapes.different as u64,
            sentence: String::new(),
        };
        wave.sentence = sentence(&wave, self.zone);
        (wave, window.hosts.numbers().collect())
    }
}

fn sentence(wave: &FleetWide, zone: Zone) -> String {
    let within = match (wave.to.secs - wave.from.secs).unsigned_abs() {
        0 => format!("at once on {}", moment(wave.from, zone)),
        secs => format!("within {} from {}", span(secs), moment(wave.from, zone)),
    };
    format!(
        "It began {within} on {} of the {} that sent data in {}, with {}: more often a rollout, a new image or \
         a rule change than an intruder. Look at the change calendar first.",
        number(wave.hosts),
        count(wave.hosts_reporting, "host", "hosts"),
        wave.week,
        count(wave.shapes, "form of output", "forms of output"),
    )
}

/// The forms of output of each host, by number.
struct Shapes(Vec<Vec<usize>>);

impl Shapes {
    fn of(groups: &[&Grouped]) -> Self {
        let mut numbers: HashMap<String, usize> = HashMap::new();
        let host = |group: &&Grouped| {
            let mut shapes = Vec::new();
            for shape in group.foremost_shapes() {
                let next = numbers.len();
                shapes.push(*numbers.entry(shape).or_insert(next));
            }
            shapes
        };
        Self(groups.iter().map(host).collect())
    }
}

/// Hosts and their forms within a stretch of time.
#[derive(Default)]
struct Window {
    hosts: Tally,
    shapes: Tally,
}

/// How many beginnings hold each number, and how many numbers are held.
#[derive(Default)]
struct Tally {
    held: Vec<u32>,
    different: usize,
}

impl Window {
    fn enter(&mut self, host: usize, shapes: &Shapes) {
        self.hosts.enter(host);
        shapes.0[host].iter().for_each(|shape| self.shapes.enter(*shape));
    }

    fn leave(&mut self, host: usize, shapes: &Shapes) {
        self.hosts.leave(host);
        shapes.0[host].iter().for_each(|shape| self.shapes.leave(*shape));
    }
}

impl Tally {
    fn enter(&mut self, number: usize) {
        if self.held.len() <= number {
            self.held.resize(number + 1, 0);
        }
        self.different += usize::from(self.held[number] == 0);
        self.held[number] += 1;
    }

    fn leave(&mut self, number: usize) {
        self.held[number] -= 1;
        self.different -= usize::from(self.held[number] == 0);
    }

    fn numbers(&self) -> impl Iterator<Item = usize> + '_ {
        let held = self.held.iter().enumerate();
        held.filter(|(_, held)| **held > 0).map(|(number, _)| number)
    }
}
