//! What is told of an incident in full, made when it is asked for: of all incidents together it
//! would take many times the room of the rest of a report.

use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use super::{
    Incident,
    edges::Edges,
    incident::{self, Known},
    related::Beside,
    seen, summary,
};
use crate::{
    group::{Grouped, ShapeValues, Values},
    time::Zone,
};

/// What the incidents of a report are told from, in the report's order.
pub struct Details<'g> {
    groups: Vec<&'g Grouped>,
    beside: Vec<[Beside; 2]>,
    ids: Vec<Arc<str>>,
    known: Known,
    edges: Edges<'g>,
    zone: Zone,
    workloads: OnceLock<Vec<&'static str>>,
}

impl<'g> Details<'g> {
    /// For incidents and the groups that they were made from.
    pub(super) fn new(
        incidents: &[Incident],
        groups: Vec<&'g Grouped>,
        beside: Vec<[Beside; 2]>,
        known: Known,
        edges: Edges<'g>,
        zone: Zone,
    ) -> Self {
        let ids = incidents.iter().map(|incident| incident.id.clone()).collect();
        Self { groups, beside, ids, known, edges, zone, workloads: OnceLock::new() }
    }

    /// The group that the incident at a place of the report was made from.
    pub fn group(&self, at: usize) -> &'g Grouped {
        self.groups[at]
    }

    /// What kind of workload most alerts of each incident are about.
    pub fn workloads(&self) -> &[&'static str] {
        let look = || self.groups.par_iter().map(|group| seen::workload(group)).collect();
        self.workloads.get_or_init(look)
    }

    /// Fills in the incident at a place of the report, all but its samples, which are chosen by the forms
    /// of its output that this gives.
    pub fn fill(&self, at: usize, incident: &mut Incident) -> Values<ShapeValues<'g>> {
        let shapes = self.groups[at].shapes();
        let about = (self.workloads()[at], self.zone);
        incident::fill(incident, self.groups[at], &self.known, &self.edges, about);
        incident.shapes = incident::shapes(&shapes);
        let [elsewhere, nearby] = &self.beside[at];
        incident.elsewhere = elsewhere.tell(&self.ids);
        incident.nearby = nearby.tell(&self.ids);
        incident.headline = summary::headline(incident, self.zone);
        shapes
    }
}
