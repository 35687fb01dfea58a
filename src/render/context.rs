//! What each template gets: a struct for each page, filled from the report.

use schemars::JsonSchema;
use std::collections::BTreeMap;

use serde::Serialize;

use super::survey::Survey;
use crate::{
    priority::Priority,
    report::{
        Accounting, DayTotal, Generator, Host, Incident, Method, Period, PriorityTotal, Quality,
        Related, Report, Rule,
    },
    time::Timestamp,
};

/// Incidents shown on the first page.
const FIRST_INCIDENTS: usize = 50;
/// Rules and hosts shown on the first page.
const FIRST_OTHERS: usize = 20;
/// Incidents shown on the page of a rule or host, and lines of a page of a list.
pub const LINES: usize = 500;
/// Alerts from which on a share in percent says anything.
const ENOUGH_FOR_PERCENT: u64 = 20;

/// What stands at the head and foot of every page.
#[derive(Serialize, JsonSchema)]
pub struct SiteHead<'a> {
    /// Heading of the report.
    pub title: &'a str,
    /// Traffic Light Protocol mark, such as `TLP:AMBER`, if the user set one.
    pub tlp: Option<&'a str>,
    /// The stretch of time covered.
    pub period: &'a Period,
    /// When the report was made, if `SOURCE_DATE_EPOCH` said so.
    pub generated: Option<Timestamp>,
    /// The program that made the report.
    pub generator: &'a Generator,
    /// Version of the report's model.
    pub schema_version: u32,
    /// Totals of the report.
    pub totals: Totals,
    /// From this page to the site's root: empty, `../` or `../../`.
    pub root: &'static str,
    /// This page, relative to the site's root and without an extension.
    pub path: &'a str,
}

/// Totals of a report.
#[derive(Clone, Copy, Serialize, JsonSchema)]
pub struct Totals {
    /// Alerts reported.
    pub alerts: u64,
    /// Incidents.
    pub incidents: usize,
    /// Hosts with an alert.
    pub hosts: usize,
    /// Rules with an alert.
    pub rules: usize,
    /// Records that could not be read.
    pub rejected: u64,
    /// Files found.
    pub files: u64,
    /// Records read.
    pub records: u64,
}

/// An incident in a list.
#[derive(Serialize, JsonSchema)]
pub struct IncidentLine<'a> {
    /// Readable slug and a digest of rule and host; never changes.
    pub id: &'a str,
    /// Its page.
    pub path: &'a str,
    /// Name of the rule.
    pub rule: &'a str,
    /// The rule's page.
    pub rule_path: &'a str,
    /// Name of the host.
    pub host: &'a str,
    /// The host's page.
    pub host_path: &'a str,
    /// The highest priority seen.
    pub priority: Priority,
    /// Alerts.
    pub count: u64,
    /// Episodes.
    pub episodes: usize,
    /// Time of the first alert.
    pub first_seen: Timestamp,
    /// Time of the last alert.
    pub last_seen: Timestamp,
    /// The incident in one sentence.
    pub headline: &'a str,
    /// `closed`, `still active` or `continuous`.
    pub state: &'static str,
    /// Title of the advice that fits.
    pub mitigation_title: &'a str,
    /// Alerts of each of the last days of the data, at most 31.
    pub sparkline: &'a [u64],
}

/// A rule in a list.
#[derive(Serialize, JsonSchema)]
pub struct RuleLine<'a> {
    /// Name of the rule.
    pub rule: &'a str,
    /// Its page.
    pub path: &'a str,
    /// The highest priority seen.
    pub priority: Priority,
    /// Alerts.
    pub count: u64,
    /// Episodes.
    pub episodes: u64,
    /// Hosts with an alert of the rule.
    pub hosts: usize,
    /// Incidents of the rule.
    pub incidents: usize,
    /// Time of its first alert.
    pub first_seen: Timestamp,
    /// Time of its last alert.
    pub last_seen: Timestamp,
    /// Tags seen with the rule.
    pub tags: &'a [String],
    /// Title of the advice that fits.
    pub mitigation_title: &'a str,
    /// Its alerts in percent of all, to a tenth; absent below 20 alerts in all.
    pub share: Option<f64>,
    /// Alerts of each of the last days of the data, at most 31.
    pub sparkline: &'a [u64],
}

/// A host in a list.
#[derive(Serialize, JsonSchema)]
pub struct HostLine<'a> {
    /// Name of the host.
    pub host: &'a str,
    /// Its page.
    pub path: &'a str,
    /// The highest priority seen.
    pub priority: Priority,
    /// Alerts.
    pub count: u64,
    /// Episodes.
    pub episodes: u64,
    /// Rules with an alert on the host.
    pub rules: usize,
    /// Incidents on the host.
    pub incidents: usize,
    /// Time of its first alert.
    pub first_seen: Timestamp,
    /// Time of its last alert.
    pub last_seen: Timestamp,
    /// What the name looks like, where that makes the grouping doubtful.
    pub suspect: Option<&'a str>,
    /// Alerts of each of the last days of the data, at most 31.
    pub sparkline: &'a [u64],
}

/// The first page.
#[derive(Serialize, JsonSchema)]
pub struct IndexPage<'a> {
    /// The site.
    pub site: SiteHead<'a>,
    /// The report in a paragraph: one sentence each.
    pub summary: &'a [String],
    /// What to look at first, at most ten.
    pub attention: Vec<IncidentLine<'a>>,
    /// Totals of each priority that occurs, highest first.
    pub priorities: &'a [PriorityTotal],
    /// Totals of each day that has an alert.
    pub days: &'a [DayTotal],
    /// The first 50 incidents.
    pub incidents: Vec<IncidentLine<'a>>,
    /// Incidents beyond those.
    pub more_incidents: usize,
    /// The first 20 rules.
    pub rules: Vec<RuleLine<'a>>,
    /// Rules beyond those.
    pub more_rules: usize,
    /// The first 20 hosts.
    pub hosts: Vec<HostLine<'a>>,
    /// Hosts beyond those.
    pub more_hosts: usize,
    /// What became of every record.
    pub accounting: &'a Accounting,
    /// Sentences on what limits the report, the weightiest first.
    pub warnings: &'a [String],
    /// The rules behind the numbers.
    pub method: &'a Method,
}

/// The page of an incident.
#[derive(Serialize, JsonSchema)]
pub struct IncidentPage<'a> {
    /// The site.
    pub site: SiteHead<'a>,
    /// The incident.
    pub incident: &'a Incident,
    /// The incident as it stands in a list.
    pub line: IncidentLine<'a>,
    /// Incidents of the same rule on other hosts, at most twelve.
    pub elsewhere: Vec<IncidentLine<'a>>,
    /// Such incidents beyond those.
    pub elsewhere_more: u64,
    /// Incidents on the same host at about the same time, at most twelve.
    pub nearby: Vec<IncidentLine<'a>>,
    /// Such incidents beyond those.
    pub nearby_more: u64,
    /// What each of the incident's fields means; null for a field that is not known.
    pub glossary: BTreeMap<&'a str, Option<&'a str>>,
    /// The advice, filled in; printed as it is, and so put in when the page is made. Its headings begin at the third level.
    pub advice: &'static str,
}

/// The page of a rule.
#[derive(Serialize, JsonSchema)]
pub struct RulePage<'a> {
    /// The site.
    pub site: SiteHead<'a>,
    /// The rule.
    pub rule: &'a Rule,
    /// The rule as it stands in a list.
    pub line: RuleLine<'a>,
    /// The first 500 incidents of the rule.
    pub incidents: Vec<IncidentLine<'a>>,
    /// Incidents beyond those.
    pub more_incidents: usize,
    /// The advice, with names in capitals for what to fill in; printed as it is.
    pub advice: &'static str,
}

/// The page of a host.
#[derive(Serialize, JsonSchema)]
pub struct HostPage<'a> {
    /// The site.
    pub site: SiteHead<'a>,
    /// The host.
    pub host: &'a Host,
    /// The host as it stands in a list.
    pub line: HostLine<'a>,
    /// The first 500 incidents on the host.
    pub incidents: Vec<IncidentLine<'a>>,
    /// Incidents beyond those.
    pub more_incidents: usize,
}

/// The page on data quality.
#[derive(Serialize, JsonSchema)]
pub struct QualityPage<'a> {
    /// The site.
    pub site: SiteHead<'a>,
    /// What was read, what was not, and what is not known.
    pub quality: &'a Quality,
    /// What became of every record.
    pub accounting: &'a Accounting,
    /// The rules behind the numbers.
    pub method: &'a Method,
}

/// A page of the list of incidents.
#[derive(Serialize, JsonSchema)]
pub struct IncidentsPage<'a> {
    /// The site.
    pub site: SiteHead<'a>,
    /// At most 500 incidents.
    pub incidents: Vec<IncidentLine<'a>>,
    /// Number of this page of the list, from 1.
    pub number: usize,
    /// Pages of the list.
    pub numbers: usize,
}

/// A page of the list of rules.
#[derive(Serialize, JsonSchema)]
pub struct RulesPage<'a> {
    /// The site.
    pub site: SiteHead<'a>,
    /// At most 500 rules.
    pub rules: Vec<RuleLine<'a>>,
    /// Number of this page of the list, from 1.
    pub number: usize,
    /// Pages of the list.
    pub numbers: usize,
}

/// A page of the list of hosts.
#[derive(Serialize, JsonSchema)]
pub struct HostsPage<'a> {
    /// The site.
    pub site: SiteHead<'a>,
    /// At most 500 hosts.
    pub hosts: Vec<HostLine<'a>>,
    /// Number of this page of the list, from 1.
    pub number: usize,
    /// Pages of the list.
    pub numbers: usize,
}

/// Makes the pages' contexts of one report.
pub struct Contexts<'a> {
    report: &'a Report,
    survey: &'a Survey<'a>,
}

impl<'a> Contexts<'a> {
    /// Contexts of a report.
    pub fn new(report: &'a Report, survey: &'a Survey<'a>) -> Self {
        Self { report, survey }
    }

    fn site(&self, path: &'a str) -> SiteHead<'a> {
        let report = self.report;
        SiteHead {
            title: &report.title,
            tlp: report.tlp.as_deref(),
            period: &report.period,
            generated: report.generated,
            generator: &report.generator,
            schema_version: report.schema_version,
            totals: Totals {
                alerts: report.accounting.alerts,
                incidents: report.incidents.len(),
                hosts: report.hosts.len(),
                rules: report.rules.len(),
                rejected: report.accounting.rejected,
                files: report.accounting.files,
                records: report.accounting.records,
            },
            root: match path.matches('/').count() {
                0 => "",
                1 => "../",
                _ => "../../",
            },
            path,
        }
    }

    /// The first page.
    pub fn index(&self) -> IndexPage<'a> {
        let report = self.report;
        let first = |count: usize, most: usize| 0..count.min(most);
        IndexPage {
            site: self.site("index"),
            summary: &report.summary,
            attention: self.incident_lines(&report.attention),
            priorities: &report.priorities,
            days: &report.days,
            incidents: first(report.incidents.len(), FIRST_INCIDENTS)
                .map(|at| self.incident_line(at))
                .collect(),
            more_incidents: report.incidents.len().saturating_sub(FIRST_INCIDENTS),
            rules: first(report.rules.len(), FIRST_OTHERS).map(|at| self.rule_line(at)).collect(),
            more_rules: report.rules.len().saturating_sub(FIRST_OTHERS),
            hosts: first(report.hosts.len(), FIRST_OTHERS).map(|at| self.host_line(at)).collect(),
            more_hosts: report.hosts.len().saturating_sub(FIRST_OTHERS),
            accounting: &report.accounting,
            warnings: &report.quality.warnings,
            method: &report.method,
        }
    }

    /// The page of the incident at a place in the report.
    pub fn incident(&self, at: usize) -> IncidentPage<'a> {
        let incident = &self.report.incidents[at];
        let related = |related: &'a Related| self.incident_lines(&related.list);
        IncidentPage {
            site: self.site(&incident.path),
            incident,
            line: self.incident_line(at),
            elsewhere: related(&incident.elsewhere),
            elsewhere_more: incident.elsewhere.more,
            nearby: related(&incident.nearby),
            nearby_more: incident.nearby.more,
            glossary: incident
                .fields
                .iter()
                .map(|field| {
                    let meaning = self.report.glossary.get(&field.name);
                    (field.name.as_str(), meaning.map(String::as_str))
                })
                .collect(),
            advice: "",
        }
    }

    /// The page of the rule at a place in the report.
    pub fn rule(&self, at: usize) -> RulePage<'a> {
        let rule = &self.report.rules[at];
        RulePage {
            site: self.site(&rule.path),
            rule,
            line: self.rule_line(at),
            incidents: self.incident_lines(first_lines(&rule.incidents)),
            more_incidents: rule.incidents.len().saturating_sub(LINES),
            advice: "",
        }
    }

    /// The page of the host at a place in the report.
    pub fn host(&self, at: usize) -> HostPage<'a> {
        let host = &self.report.hosts[at];
        HostPage {
            site: self.site(&host.path),
            host,
            line: self.host_line(at),
            incidents: self.incident_lines(first_lines(&host.incidents)),
            more_incidents: host.incidents.len().saturating_sub(LINES),
        }
    }

    /// The page on data quality.
    pub fn quality(&self) -> QualityPage<'a> {
        QualityPage {
            site: self.site("data-quality"),
            quality: &self.report.quality,
            accounting: &self.report.accounting,
            method: &self.report.method,
        }
    }

    /// A page of the list of incidents.
    pub fn incidents(&self, sheet: &'a Sheet) -> IncidentsPage<'a> {
        IncidentsPage {
            site: self.site(&sheet.path),
            incidents: sheet.lines.clone().map(|at| self.incident_line(at)).collect(),
            number: sheet.number,
            numbers: sheet.numbers,
        }
    }

    /// A page of the list of rules.
    pub fn rules(&self, sheet: &'a Sheet) -> RulesPage<'a> {
        RulesPage {
            site: self.site(&sheet.path),
            rules: sheet.lines.clone().map(|at| self.rule_line(at)).collect(),
            number: sheet.number,
            numbers: sheet.numbers,
        }
    }

    /// A page of the list of hosts.
    pub fn hosts(&self, sheet: &'a Sheet) -> HostsPage<'a> {
        HostsPage {
            site: self.site(&sheet.path),
            hosts: sheet.lines.clone().map(|at| self.host_line(at)).collect(),
            number: sheet.number,
            numbers: sheet.numbers,
        }
    }

    fn incident_lines(&self, ids: &[String]) -> Vec<IncidentLine<'a>> {
        ids.iter()
            .filter_map(|id| self.survey.incident(id))
            .map(|at| self.incident_line(at))
            .collect()
    }

    fn incident_line(&self, at: usize) -> IncidentLine<'a> {
        let incident = &self.report.incidents[at];
        IncidentLine {
            id: &incident.id,
            path: &incident.path,
            rule: &incident.rule,
            rule_path: &incident.rule_path,
            host: &incident.host,
            host_path: &incident.host_path,
            priority: incident.priority,
            count: incident.count,
            episodes: incident.episodes.len(),
            first_seen: incident.first_seen,
            last_seen: incident.last_seen,
            headline: &incident.headline,
            state: state(incident),
            mitigation_title: &incident.mitigation.title,
            sparkline: self.survey.incident_days(at),
        }
    }

    fn rule_line(&self, at: usize) -> RuleLine<'a> {
        let rule = &self.report.rules[at];
        RuleLine {
            rule: &rule.rule,
            path: &rule.path,
            priority: rule.priority,
            count: rule.count,
            episodes: rule.episodes,
            hosts: rule.incidents.len(),
            incidents: rule.incidents.len(),
            first_seen: rule.first_seen,
            last_seen: rule.last_seen,
            tags: &rule.tags,
            mitigation_title: &rule.mitigation.title,
            share: share(rule.count, self.report.accounting.alerts),
            sparkline: self.survey.rule_days(at),
        }
    }

    fn host_line(&self, at: usize) -> HostLine<'a> {
        let host = &self.report.hosts[at];
        HostLine {
            host: &host.host,
            path: &host.path,
            priority: host.priority,
            count: host.count,
            episodes: host.episodes,
            rules: host.incidents.len(),
            incidents: host.incidents.len(),
            first_seen: host.first_seen,
            last_seen: host.last_seen,
            suspect: host.suspect.as_deref(),
            sparkline: self.survey.host_days(at),
        }
    }
}

fn first_lines(ids: &[String]) -> &[String] {
    &ids[..ids.len().min(LINES)]
}

/// Whether an incident goes on, by its last episode.
pub fn state(incident: &Incident) -> &'static str {
    match incident.episodes.last() {
        Some(last) if last.continuous => "continuous",
        Some(last) if last.touches_end => "still active",
        _ => "closed",
    }
}

#[expect(clippy::cast_precision_loss, reason = "a number below 1,001")]
fn share(count: u64, all: u64) -> Option<f64> {
    let tenths = || (u128::from(count) * 2000 / u128::from(all)).div_ceil(2);
    (all >= ENOUGH_FOR_PERCENT).then(|| tenths() as f64 / 10.0)
}

/// One page of a list that is cut into pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The page, without an extension.
    pub path: String,
    /// Its lines of the list.
    pub lines: std::ops::Range<usize>,
    /// Its number, from 1.
    pub number: usize,
    /// How many pages there are.
    pub numbers: usize,
}

/// Cuts a list into pages: `folder/index`, `folder/index-2` and so on; one page if it is empty.
pub fn sheets(folder: &str, lines: usize) -> Vec<Sheet> {
    let numbers = lines.div_ceil(LINES).max(1);
    let sheet = |number: usize| Sheet {
        path: match number {
            1 => format!("{folder}/index"),
            _ => format!("{folder}/index-{number}"),
        },
        lines: (number - 1) * LINES..(number * LINES).min(lines),
        number,
        numbers,
    };
    (1..=numbers).map(sheet).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_and_needs_enough_alerts() {
        assert_eq!(share(1, 19), None);
        assert_eq!(share(1, 20), Some(5.0));
        assert_eq!(share(1, 3000), Some(0.0));
        assert_eq!(share(2, 3000), Some(0.1));
        assert_eq!(share(1999, 2000), Some(100.0));
        assert_eq!(share(7, 21), Some(33.3));
    }

    #[test]
    fn a_long_list_is_cut_into_pages() {
        let pages = sheets("rules", 1001);
        let short: Vec<_> =
            pages.iter().map(|page| (page.path.as_str(), page.lines.clone())).collect();
        assert_eq!(
            short,
            [("rules/index", 0..500), ("rules/index-2", 500..1000), ("rules/index-3", 1000..1001)]
        );
        assert_eq!(sheets("hosts", 0).len(), 1);
    }
}
