//! What to look at first, as an Atom feed (RFC 4287).

use std::fmt::Write as _;

use super::{escape::html, survey::Survey, text::Breaks};
use crate::{report::Incident, time::Timestamp};

/// `feed.xml`: an entry for each incident to look at first. The time of an entry is that of its
/// last alert, so that the same logs make the same feed.
pub fn feed(survey: &Survey<'_>) -> String {
    let report = survey.report;
    let updated = report.generated.or(report.period.last_alert).unwrap_or(Timestamp::from_secs(0));
    let mut out = format!(
        concat!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n",
            "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n",
            "<title>{title}</title>\n",
            "<id>tag:alertbook,2026:feed/{label}</id>\n",
            "<updated>{updated}</updated>\n",
            "<author><name>{name}</name></author>\n",
            "<link rel=\"self\" href=\"feed.xml\"/>\n",
            "<link rel=\"alternate\" type=\"text/html\" href=\"index.html\"/>\n",
        ),
        title = text(&report.title),
        label = report.period.label.replace(|c: char| !c.is_ascii_alphanumeric() && c != '-', "-"),
        updated = updated,
        name = report.generator.name,
    );
    for id in &report.attention {
        if let Some(at) = survey.incident(id) {
            entry(&mut out, &report.incidents[at], &survey.outline(at).headline);
        }
    }
    out.push_str("</feed>\n");
    out
}

fn entry(out: &mut String, incident: &Incident, headline: &str) {
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        concat!(
            "<entry>\n",
            "<title>{priority}: {rule} on {host}</title>\n",
            "<id>tag:alertbook,2026:incident/{id}</id>\n",
            "<updated>{updated}</updated>\n",
            "<link rel=\"alternate\" type=\"text/html\" href=\"{path}.html\"/>\n",
            "<summary>{headline}</summary>\n",
            "</entry>\n",
        ),
        priority = incident.priority,
        rule = text(&incident.rule),
        host = text(&incident.host),
        id = text(&incident.id),
        updated = incident.last_seen,
        path = text(&incident.path),
        headline = text(headline),
    );
}

fn text(text: &str) -> String {
    html(text, Breaks::Mark).into_owned()
}
