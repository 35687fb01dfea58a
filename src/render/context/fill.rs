//! Contexts are filled from the report.

use std::sync::Arc;

use super::{
    HostLine, HostPage, HostsPage, IncidentLine, IncidentPage, IncidentsPage, IndexPage, LINES,
    QualityPage, RuleLine, RulePage, RulesPage, Sheet, SiteHead, Totals, bursts, coverage,
    noise::first,
};
use crate::{
    render::{
        attack::WeekAttack,
        survey::Survey,
        weeks::{self, WeekPage},
    },
    report::{Incident, Related, Report, Week},
    wording,
};

/// Incidents shown on the first page.
const FIRST_INCIDENTS: usize = 50;
/// Rules and hosts shown on the first page.
const FIRST_OTHERS: usize = 20;
/// Rules worth tuning that are shown on the first page.
const FIRST_NOISE: usize = 5;

/// Makes the pages' contexts of one report.
pub struct Contexts<'a> {
    pub(super) report: &'a Report,
    pub(super) survey: &'a Survey<'a>,
    exports: bool,
}

impl<'a> Contexts<'a> {
    /// Contexts of a report that was surveyed. `exports` says whether files for machines are made.
    pub fn new(survey: &'a Survey<'a>, exports: bool) -> Self {
        Self { report: survey.report, survey, exports }
    }

    pub(super) fn site(&self, path: &'a str) -> SiteHead<'a> {
        let report = self.report;
        SiteHead {
            title: &report.title,
            tlp: report.tlp.as_deref(),
            period: &report.period,
            generated: report.generated,
            generator: &report.generator,
            schema_version: report.schema_version,
            exports: self.exports,
            totals: Totals {
                alerts: report.accounting.alerts,
                incidents: report.incidents.len(),
                hosts: report.hosts.len(),
                rules: report.rules.len(),
                rejected: report.accounting.rejected,
                files: report.accounting.files,
                records: report.accounting.records,
                weeks: report.weeks.len(),
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
        let places = |count: usize, most: usize| 0..count.min(most);
        IndexPage {
            site: self.site("index"),
            summary: &report.summary,
            week: weeks::present(report),
            weeks: weeks::lines(report),
            earlier_weeks: report.earlier_weeks,
            attention: self.incident_lines(&report.attention),
            actions: self.actions(&report.actions, report.more_actions),
            priorities: &report.priorities,
            days: &report.days,
            incidents: places(report.incidents.len(), FIRST_INCIDENTS)
                .map(|at| self.incident_line(at))
                .collect(),
            more_incidents: report.incidents.len().saturating_sub(FIRST_INCIDENTS),
            rules: places(report.rules.len(), FIRST_OTHERS).map(|at| self.rule_line(at)).collect(),
            more_rules: report.rules.len().saturating_sub(FIRST_OTHERS),
            hosts: places(report.hosts.len(), FIRST_OTHERS).map(|at| self.host_line(at)).collect(),
            more_hosts: report.hosts.len().saturating_sub(FIRST_OTHERS),
            attack: &report.attack,
            week_attack: report.present_week().map(|week| self.week_attack(week)),
            noise: first(&report.noise, FIRST_NOISE),
            more_noise: report.noise.len().saturating_sub(FIRST_NOISE),
            verdicts: &report.verdicts,
            accounting: &report.accounting,
            warnings: &report.quality.warnings,
            method: &report.method,
        }
    }

    /// The page of the week at a place in the report.
    pub fn week(&self, at: usize) -> WeekPage<'a> {
        let report = self.report;
        let week = &report.weeks[at];
        let actions = self.actions(&week.actions, week.more_actions);
        weeks::page(report, at, self.site(&week.path), actions, self.week_attack(week))
    }

    fn week_attack(&self, week: &'a Week) -> WeekAttack<'a> {
        WeekAttack::of(week, self.exports)
    }

    /// The page of the incident at a place in the report, which is told in full.
    pub fn incident<'i>(&self, at: usize, incident: &'i Incident) -> IncidentPage<'i>
    where
        'a: 'i,
    {
        let related = |related: &Related| self.incident_lines(&related.list);
        let (bursts, more_bursts) = bursts(incident);
        IncidentPage {
            site: self.site(&incident.path),
            incident,
            line: self.incident_line(at),
            elsewhere: related(&incident.elsewhere),
            elsewhere_more: incident.elsewhere.more,
            nearby: related(&incident.nearby),
            nearby_more: incident.nearby.more,
            past: self.survey.past.incident(&incident.id),
            bursts,
            more_bursts,
            glossary: incident
                .fields
                .iter()
                .map(|field| {
                    let meaning = self.report.glossary.get(&field.name);
                    (field.name.as_str(), meaning.map(String::as_str))
                })
                .collect(),
            keys: &self.report.keys,
            noise: self.noise_of(&incident.rule),
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
            incidents: self.incident_lines(first(&rule.incidents, LINES)),
            more_incidents: rule.incidents.len().saturating_sub(LINES),
            noise: self.noise_of(&rule.rule),
            past: self.survey.past.rule(&rule.rule),
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
            incidents: self.incident_lines(first(&host.incidents, LINES)),
            more_incidents: host.incidents.len().saturating_sub(LINES),
            past: self.survey.past.host(&host.host),
            weeks: self.survey.host_weeks(&host.host),
        }
    }

    /// The page on data quality.
    pub fn quality(&self) -> QualityPage<'a> {
        QualityPage {
            site: self.site("data-quality"),
            quality: &self.report.quality,
            suspects: (0..self.report.hosts.len())
                .filter(|at| self.report.hosts[*at].suspect.is_some())
                .take(LINES)
                .map(|at| self.host_line(at))
                .collect(),
            coverage: self.report.present_week().map(coverage),
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

    fn incident_lines(&self, ids: &[Arc<str>]) -> Vec<IncidentLine<'a>> {
        ids.iter()
            .filter_map(|id| self.survey.incident(id))
            .map(|at| self.incident_line(at))
            .collect()
    }

    fn incident_line(&self, at: usize) -> IncidentLine<'a> {
        let incident = &self.report.incidents[at];
        let outline = self.survey.outline(at);
        IncidentLine {
            id: &incident.id,
            path: &incident.path,
            rule: &incident.rule,
            rule_path: &incident.rule_path,
            host: &incident.host,
            host_path: &incident.host_path,
            priority: incident.priority,
            count: incident.count,
            episodes: usize::try_from(incident.episode_count).unwrap_or(usize::MAX),
            first_seen: incident.first_seen,
            last_seen: incident.last_seen,
            headline: &outline.headline,
            state: incident.state,
            edge: outline.edge.as_deref(),
            fleet_wide: incident.fleet_wide.is_some(),
            change: incident.change,
            mitigation_title: &incident.mitigation.title,
            sparkline: &outline.days,
            owner: incident.owner.as_deref(),
            host_weight: incident.host_weight,
            verdict: incident.verdict.as_deref(),
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
            unnamed: rule.rule_note.is_some(),
            mitigation_title: &rule.mitigation.title,
            fleet_wide: !rule.fleet_wide.is_empty(),
            share: wording::share(rule.count, self.report.accounting.alerts),
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
            owner: host.owner.as_deref(),
            weight: host.weight,
        }
    }
}
