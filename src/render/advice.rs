//! The advice for an incident or a rule: a mitigation's template, filled in.

use pulldown_cmark::HeadingLevel;
use serde::Serialize;
use tera::Value;

use super::{
    Error, checklist,
    engine::{Press, context, mitigation_name},
    markdown::{headings, html},
};
use crate::{
    mitigation::extended,
    priority::Priority,
    report::{Incident, MitigationRef, Rule, Seen, SeenPlace, Step},
    time::Timestamp,
};

/// What a mitigation's template gets beside the fields of [`Seen`].
#[derive(Serialize)]
pub(super) struct Facts<'a> {
    pub(super) rule: &'a str,
    pub(super) host: &'a str,
    pub(super) priority: Priority,
    pub(super) count: u64,
    pub(super) first_seen: Timestamp,
    pub(super) last_seen: Timestamp,
    pub(super) tags: &'a [String],
}

impl<'a> Facts<'a> {
    fn of(incident: &'a Incident) -> Self {
        Self {
            rule: &incident.rule,
            host: &incident.host,
            priority: incident.priority,
            count: incident.count,
            first_seen: incident.first_seen,
            last_seen: incident.last_seen,
            tags: &incident.tags,
        }
    }
}

/// Advice, filled in once for both kinds of page.
pub struct Advice {
    sealed: String,
}

impl Advice {
    /// The advice for an incident, filled with what was seen.
    pub fn of_incident(press: &Press, incident: &Incident) -> Result<Self, Error> {
        let facts = Facts::of(incident);
        Self::filled(press, &incident.mitigation, &facts, &incident.seen)
    }

    /// The advice for a rule on whatever host, with names in capitals for what to fill in.
    pub fn of_rule(press: &Press, rule: &Rule, workload: &str) -> Result<Self, Error> {
        let facts = Facts {
            rule: &rule.rule,
            host: "HOST",
            priority: rule.priority,
            count: rule.count,
            first_seen: rule.first_seen,
            last_seen: rule.last_seen,
            tags: &rule.tags,
        };
        Self::filled(press, &rule.mitigation, &facts, &blank(workload))
    }

    /// The advice for an incident, with names in capitals for what differs between incidents.
    pub fn of_kind(press: &Press, incident: &Incident, workload: &str) -> Result<Self, Error> {
        let facts = Facts { host: "HOST", ..Facts::of(incident) };
        Self::filled(press, &incident.mitigation, &facts, &blank(workload))
    }

    fn filled(
        press: &Press,
        found: &MitigationRef,
        facts: &Facts<'_>,
        seen: &Seen,
    ) -> Result<Self, Error> {
        let mut all = context(seen)?;
        all.extend(context(facts)?);
        let text = |file: &str| {
            let sealed = press.sealed(&mitigation_name(file), &all)?;
            Ok::<_, Error>(headings::lowered(&closed_up(&sealed), HeadingLevel::H3))
        };
        let mut sealed = text(&found.file)?;
        for file in &found.extended_by {
            sealed = extended(&sealed, &text(file)?, press.extends(file));
        }
        Ok(Self { sealed })
    }

    /// Its boxes to tick, in order.
    pub fn steps(&self) -> Vec<Step> {
        checklist::steps(&self.sealed)
    }

    /// For an HTML page.
    pub fn html(&self) -> Value {
        Value::safe_string(&html::write(&self.sealed))
    }

    /// For a Markdown page, whose own values are sealed alike.
    pub fn markdown(&self) -> Value {
        Value::safe_string(&self.sealed)
    }
}

/// The text with one blank line where conditions of the template left several, but in fences.
fn closed_up(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    let mut fenced = false;
    // Lines above the template, by which errors name its lines, are no part of it.
    for line in markdown.trim_end().trim_start_matches('\n').lines() {
        let fence = line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
        fenced ^= fence;
        if fenced || !line.trim().is_empty() {
            out.push_str(line);
            out.push('\n');
        } else if !out.ends_with("\n\n") {
            out.push('\n');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// What is to be filled in, where nothing was seen.
pub fn blank(workload: &str) -> Seen {
    let name = str::to_owned;
    Seen {
        workload: name(workload),
        places: vec![SeenPlace {
            workload: name(workload),
            namespace: name("NAMESPACE"),
            pod: name("POD"),
            container: name("CONTAINER"),
            container_id: name("CONTAINER_ID"),
            image: name("IMAGE"),
        }],
        more_places: 0,
        namespace: name("NAMESPACE"),
        pod: name("POD"),
        container: name("CONTAINER"),
        container_id: name("CONTAINER_ID"),
        image: name("IMAGE"),
        user: name("USER"),
        process: name("PROCESS"),
        parent: name("PARENT"),
        executable: name("EXECUTABLE"),
        command: name("COMMAND"),
        file: name("FILE"),
        connection: name("CONNECTION"),
        namespaces: Vec::new(),
        pods: Vec::new(),
        containers: Vec::new(),
        container_ids: Vec::new(),
        images: Vec::new(),
        users: Vec::new(),
        processes: Vec::new(),
        parents: Vec::new(),
        commands: Vec::new(),
        files: Vec::new(),
        connections: Vec::new(),
        account: name("ACCOUNT"),
        target: name("TARGET"),
        address: name("ADDRESS"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_lines_are_closed_up_but_in_fences() {
        assert_eq!(closed_up("a\n\n \n\nb\n```\n\n\nc\n```\n\n\n"), "a\n\nb\n```\n\n\nc\n```");
    }
}
