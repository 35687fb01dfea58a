//! The advice for an incident or a rule: a mitigation's template, filled in.

use pulldown_cmark::HeadingLevel;
use serde::Serialize;
use tera::Value;

use super::{
    Error,
    engine::{Press, context, mitigation_name},
    markdown::{headings, html},
};
use crate::{
    priority::Priority,
    report::{Incident, Rule, Seen, SeenPlace},
    time::Timestamp,
};

/// What a mitigation's template gets beside the fields of [`Seen`].
#[derive(Serialize)]
struct Facts<'a> {
    rule: &'a str,
    host: &'a str,
    priority: Priority,
    count: u64,
    first_seen: Timestamp,
    last_seen: Timestamp,
    tags: &'a [String],
}

/// Advice, filled in once for both kinds of page.
pub struct Advice {
    sealed: String,
}

impl Advice {
    /// The advice for an incident, filled with what was seen.
    pub fn of_incident(press: &Press, incident: &Incident) -> Result<Self, Error> {
        let facts = Facts {
            rule: &incident.rule,
            host: &incident.host,
            priority: incident.priority,
            count: incident.count,
            first_seen: incident.first_seen,
            last_seen: incident.last_seen,
            tags: &incident.tags,
        };
        Self::filled(press, &incident.mitigation.file, &facts, &incident.seen)
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
        Self::filled(press, &rule.mitigation.file, &facts, &blank(workload))
    }

    fn filled(press: &Press, file: &str, facts: &Facts<'_>, seen: &Seen) -> Result<Self, Error> {
        let mut all = context(seen)?;
        all.extend(context(facts)?);
        let sealed = press.sealed(&mitigation_name(file), &all)?;
        Ok(Self { sealed: headings::lowered(&closed_up(&sealed), HeadingLevel::H3) })
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
    for line in markdown.trim_end().lines() {
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
