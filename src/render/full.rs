//! Incidents in full, one at a time: together they would take many times the room of a report.

use std::borrow::Cow;

use crate::report::Incident;

/// Fills in the incident at a place of the report.
pub type Fill<'f> = dyn Fn(usize, &mut Incident) + Sync + 'f;

/// The incident at a place of a report, which `fill` completes if it is not complete.
pub fn full<'i>(at: usize, incident: &'i Incident, fill: Option<&Fill<'_>>) -> Cow<'i, Incident> {
    let Some(fill) = fill else { return Cow::Borrowed(incident) };
    let mut incident = incident.clone();
    fill(at, &mut incident);
    Cow::Owned(incident)
}
