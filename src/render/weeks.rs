//! What pages tell of weeks: the report's own week on the first page, and a page for each week.

mod columns;
mod verdicts;

use schemars::JsonSchema;
use serde::Serialize;

use self::verdicts::attention;
pub use self::{columns::Columns, verdicts::WeekVerdicts};
use super::{
    attack::WeekAttack,
    context::{ActionList, SiteHead, WeekCoverage, coverage},
};
use crate::{
    report::{
        ChangeLists, Changed, Changes, Coverage, Grid, Number, Report, Week, WeekDay, WeekFleet,
        WeekIncident, WeekRow, When,
    },
    time::Timestamp,
};

/// Entries of a list of changes that a page can hold.
const CHANGES: usize = 500;
/// Incidents that a page of a week can hold.
const INCIDENTS: usize = 500;
/// Rules and hosts shown of a week.
const ROWS: usize = 20;

/// The page of a week.
#[derive(Serialize, JsonSchema)]
pub struct WeekPage<'a> {
    /// The site.
    pub site: SiteHead<'a>,
    /// The week.
    pub week: WeekView<'a>,
    /// The week before it, if it has a page.
    pub before: Option<WeekLine<'a>>,
    /// The week after it, if it has a page.
    pub after: Option<WeekLine<'a>>,
    /// Its techniques of ATT&CK, and its layers.
    pub week_attack: WeekAttack<'a>,
    /// What could be done once for many of its incidents.
    pub actions: ActionList<'a>,
    /// A silence longer than this ends an episode, in seconds.
    pub gap_seconds: u64,
    /// When each host sent data.
    pub coverage: WeekCoverage<'a>,
}

/// A week in a list.
#[derive(Serialize, JsonSchema)]
pub struct WeekLine<'a> {
    /// The week, such as `2026-W47`.
    pub label: &'a str,
    /// Its days in words.
    pub dates: &'a str,
    /// Its page.
    pub path: &'a str,
    /// The days that the data cover, where that is not the whole week.
    pub part: Option<&'a str>,
    /// `logs`, `history`, or `logs and history`.
    pub source: &'a str,
    /// Alerts.
    pub alerts: u64,
    /// Incidents.
    pub incidents: u64,
    /// Episodes that began in it.
    pub episodes: u64,
    /// Rules with an alert.
    pub rules: u64,
    /// Hosts with an alert.
    pub hosts: u64,
    /// Incidents that were new in it; absent where nothing is compared.
    pub new: Option<usize>,
    /// Whether it is the week that the report is about.
    pub present: bool,
}

/// A week as pages show it; long lists are cut.
#[derive(Serialize, JsonSchema)]
pub struct WeekView<'a> {
    /// The week, such as `2026-W47`.
    pub label: &'a str,
    /// Its days in words.
    pub dates: &'a str,
    /// Its page.
    pub path: &'a str,
    /// Its first instant.
    pub from: Timestamp,
    /// The first instant after it.
    pub to: Timestamp,
    /// Hours in it.
    pub hours: u64,
    /// The days that the data cover, where that is not the whole week.
    pub part: Option<&'a str>,
    /// `logs`, `history`, or `logs and history`.
    pub source: &'a str,
    /// Where the history has more than the logs: one sentence.
    pub kept: Option<&'a str>,
    /// Alerts.
    pub alerts: u64,
    /// Incidents.
    pub incidents: u64,
    /// Episodes that began in it.
    pub episodes: u64,
    /// Rules with an alert.
    pub rules: u64,
    /// Hosts with an alert.
    pub hosts: u64,
    /// The week in a paragraph: one sentence each.
    pub summary: &'a [String],
    /// What changed since the week before.
    pub changes: Option<ChangesView<'a>>,
    /// Why nothing is compared, where nothing is.
    pub no_changes: Option<&'a str>,
    /// Which columns its tables have.
    pub columns: Columns,
    /// Totals beside those of the weeks before.
    pub numbers: &'a [Number],
    /// What to look at first, at most ten: incidents whose verdict has expired, then those that no
    /// verdict suppresses.
    pub attention: Vec<&'a WeekIncident>,
    /// Verdicts on its incidents, and what they come to.
    pub verdicts: WeekVerdicts<'a>,
    /// The first 500 incidents.
    pub incident_rows: &'a [WeekIncident],
    /// Incidents beyond those.
    pub more_incidents: usize,
    /// The first 20 rules.
    pub rule_rows: &'a [WeekRow],
    /// Rules beyond those.
    pub more_rules: usize,
    /// The first 20 hosts.
    pub host_rows: &'a [WeekRow],
    /// Hosts beyond those.
    pub more_hosts: usize,
    /// Episodes by rule and host.
    pub grid: &'a Grid,
    /// Its seven days, by priority.
    pub days: &'a [WeekDay],
    /// The most episodes that began on one of them.
    pub most_a_day: u64,
    /// When its episodes began; absent where the history alone knows of some of them.
    pub when: Option<&'a When>,
    /// Rules that fired on many hosts at once.
    pub fleet_wide: &'a [WeekFleet],
    /// One sentence where that is not known, or not of all of the week.
    pub fleet_wide_unknown: Option<&'a str>,
    /// Which hosts sent data.
    pub coverage: &'a Coverage,
}

/// What changed since the week before.
#[derive(Serialize, JsonSchema)]
pub struct ChangesView<'a> {
    /// The week before.
    pub last_week: &'a str,
    /// The days compared, where that is not the whole of both weeks.
    pub same_days: Option<&'a str>,
    /// One sentence on what was compared.
    pub compared: &'a str,
    /// What makes the comparison doubtful.
    pub coverage_warning: Option<&'a str>,
    /// Whether anything else is known of any row of the lists.
    pub notes: bool,
    /// The five lists.
    pub lists: Vec<ChangeList<'a>>,
}

/// What changed in one way.
#[derive(Serialize, JsonSchema)]
pub struct ChangeList<'a> {
    /// The way: `new`, `returned`, `louder`, `quieter` or `gone quiet`.
    pub word: &'a str,
    /// What that means, in words.
    pub meaning: String,
    /// How many rules, hosts, and incidents of other rules and hosts.
    pub count: usize,
    /// The rules, then the hosts, then the incidents whose rule and host are not among these; at most
    /// 500.
    pub rows: Vec<&'a Changed>,
    /// Such rows beyond those.
    pub more: usize,
    /// Incidents whose rule or host is among these.
    pub within: usize,
}

/// The week that a report is about.
pub fn present(report: &Report) -> Option<WeekView<'_>> {
    report.present_week().map(view)
}

/// All weeks, the newest first.
pub fn lines(report: &Report) -> Vec<WeekLine<'_>> {
    report.weeks.iter().rev().map(|week| line(report, week)).collect()
}

/// The page of the week at a place in the report.
pub fn page<'a>(
    report: &'a Report,
    at: usize,
    site: SiteHead<'a>,
    actions: ActionList<'a>,
    week_attack: WeekAttack<'a>,
) -> WeekPage<'a> {
    let beside = |at: Option<usize>| at.and_then(|at| report.weeks.get(at));
    WeekPage {
        site,
        week: view(&report.weeks[at]),
        before: beside(at.checked_sub(1)).map(|week| line(report, week)),
        after: beside(Some(at + 1)).map(|week| line(report, week)),
        week_attack,
        actions,
        gap_seconds: report.method.gap_seconds,
        coverage: coverage(&report.weeks[at]),
    }
}

fn line<'a>(report: &Report, week: &'a Week) -> WeekLine<'a> {
    WeekLine {
        label: &week.label,
        dates: &week.dates,
        path: &week.path,
        part: week.part.as_deref(),
        source: &week.source,
        alerts: week.alerts,
        incidents: week.incidents,
        episodes: week.episodes,
        rules: week.rules,
        hosts: week.hosts,
        new: week.changes.as_ref().map(|changes| changes.new.pairs.len()),
        present: report.week.as_deref() == Some(&week.label),
    }
}

fn view(week: &Week) -> WeekView<'_> {
    let first = |count: usize, most: usize| (count.min(most), count.saturating_sub(most));
    let (incidents, more_incidents) = first(week.incident_rows.len(), INCIDENTS);
    let (rules, more_rules) = first(week.rule_rows.len(), ROWS);
    let (hosts, more_hosts) = first(week.host_rows.len(), ROWS);
    WeekView {
        label: &week.label,
        dates: &week.dates,
        path: &week.path,
        from: week.from,
        to: week.to,
        hours: week.hours,
        part: week.part.as_deref(),
        source: &week.source,
        kept: week.kept.as_deref(),
        alerts: week.alerts,
        incidents: week.incidents,
        episodes: week.episodes,
        rules: week.rules,
        hosts: week.hosts,
        summary: &week.summary,
        changes: week.changes.as_ref().map(changes),
        no_changes: week.no_changes.as_deref(),
        columns: Columns::of(week),
        numbers: &week.numbers,
        attention: attention(week),
        verdicts: WeekVerdicts::of(week),
        incident_rows: &week.incident_rows[..incidents],
        more_incidents,
        rule_rows: &week.rule_rows[..rules],
        more_rules,
        host_rows: &week.host_rows[..hosts],
        more_hosts,
        grid: &week.grid,
        days: &week.days,
        most_a_day: week.days.iter().map(|day| day.episodes).max().unwrap_or(0),
        when: week.when.as_ref(),
        fleet_wide: &week.fleet_wide,
        fleet_wide_unknown: week.fleet_wide_unknown.as_deref(),
        coverage: &week.coverage,
    }
}

fn changes(changes: &Changes) -> ChangesView<'_> {
    let usual = match changes.weeks_before {
        0 | 1 => "in the week before".to_owned(),
        weeks => format!("in each of the {} weeks before", weeks.min(4)),
    };
    let by = "by the count of episodes, or of alerts where it goes on without a break";
    let new = match changes.new_means.as_str() {
        "new" => "never seen before in the data".to_owned(),
        first => first.to_owned(),
    };
    let lists = vec![
        list("new", new, &changes.new),
        list("returned", "seen before, but not in the four weeks before".into(), &changes.returned),
        list("louder", format!("notably more, {by}"), &changes.louder),
        list("quieter", format!("notably fewer, {by}"), &changes.quieter),
        list("gone quiet", format!("seen {usual}, and not in this"), &changes.gone_quiet),
    ];
    ChangesView {
        last_week: &changes.last_week,
        same_days: changes.same_days.as_deref(),
        compared: &changes.compared,
        coverage_warning: changes.coverage_warning.as_deref(),
        notes: lists.iter().flat_map(|list| &list.rows).any(|row| row.note.is_some()),
        lists,
    }
}

fn list<'a>(word: &'a str, meaning: String, lists: &'a ChangeLists) -> ChangeList<'a> {
    let others = lists.pairs.iter().filter(|pair| pair.within.is_none());
    let mut rows: Vec<&Changed> = lists.rules.iter().chain(&lists.hosts).chain(others).collect();
    let count = rows.len();
    rows.truncate(CHANGES);
    ChangeList {
        word,
        meaning,
        count,
        more: count - rows.len(),
        within: lists.pairs.iter().filter(|pair| pair.within.is_some()).count(),
        rows,
    }
}
