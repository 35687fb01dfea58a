//! The techniques of one week beside those of the week before, and their layers.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::{Error, Gradient, Technique, comment, signed, write};
use crate::{
    attack,
    page::Page,
    report::{AttackTag, Report, Week, WeekRow},
    wording::count,
};

/// What a week has of ATT&CK.
#[derive(Serialize, JsonSchema)]
pub struct WeekAttack<'a> {
    /// Techniques of the rules of the week and of the one before, by id.
    pub techniques: Vec<WeekTechnique<'a>>,
    /// Rules of the week whose tags are not known, since their alerts are in no period yet.
    pub unknown: usize,
    /// Such rules of the week or the one before.
    pub unknown_of_both: usize,
    /// The layer of the week; absent where files for machines are not made, where there is no
    /// technique, and where the tags of a rule are not known.
    pub layer: Option<String>,
    /// The layer of the change since the week before; absent likewise, and where nothing is compared.
    pub change_layer: Option<String>,
}

/// A technique in a week.
#[derive(Serialize, JsonSchema)]
pub struct WeekTechnique<'a> {
    /// The technique.
    pub tag: &'static AttackTag,
    /// Incidents of the week.
    pub incidents: u64,
    /// Incidents with an alert on the days that are compared.
    pub this_week: u64,
    /// The same of the week before; absent where nothing is compared.
    pub last_week: Option<u64>,
    /// The first less the second.
    pub difference: Option<i64>,
    /// The rules that carry it.
    pub rules: Vec<&'a str>,
    #[serde(skip)]
    rows: Vec<&'a WeekRow>,
}

impl<'a> WeekAttack<'a> {
    /// What a week has. `exports` says whether files for machines are made.
    pub fn of(week: &'a Week, exports: bool) -> Self {
        let mut techniques: BTreeMap<&str, WeekTechnique<'a>> = BTreeMap::new();
        let (mut unknown, mut unknown_of_both) = (0, 0);
        for row in &week.rule_rows {
            let Some(known) = &row.techniques else {
                unknown += usize::from(row.others > 0);
                unknown_of_both += 1;
                continue;
            };
            for tag in known.iter().filter_map(|id| attack::tag(id)) {
                techniques.entry(&tag.id).or_insert_with(|| WeekTechnique::of(tag)).add(row);
            }
        }
        let compared = week.changes.is_some();
        let some = |file: &str, is: bool| {
            let folder = week.path.strip_suffix("index").unwrap_or_default();
            (exports && is).then(|| format!("{folder}{file}"))
        };
        let any = techniques.values().any(|technique| technique.incidents > 0);
        Self {
            layer: some("attack-layer.json", any && unknown == 0),
            change_layer: some(
                "attack-layer-change.json",
                compared && !techniques.is_empty() && unknown_of_both == 0,
            ),
            techniques: techniques.into_values().collect(),
            unknown,
            unknown_of_both,
        }
    }

    /// The files that the week has.
    pub fn pages(&self, report: &Report, week: &Week) -> Result<Vec<Page>, Error> {
        let mut pages = Vec::new();
        if let Some(path) = &self.layer {
            pages.push(Page { path: path.clone(), bytes: self.write(path, report, week)? });
        }
        if let Some(path) = &self.change_layer {
            pages.push(Page { path: path.clone(), bytes: self.write_change(path, report, week)? });
        }
        Ok(pages)
    }

    /// The score of a technique is its number of incidents.
    fn write(&self, path: &str, report: &Report, week: &Week) -> Result<Vec<u8>, Error> {
        let seen = self.techniques.iter().filter(|technique| technique.incidents > 0);
        let techniques: Vec<_> = seen.map(WeekTechnique::counted).collect();
        let Week { label, dates, .. } = week;
        let part = week.part.as_ref().map(|part| format!(", only {part}")).unwrap_or_default();
        let description =
            format!("Incidents by technique, from the tags of rules; {label}: {dates}{part}.");
        let gradient = Gradient::of_counts(&techniques);
        write(path, report, description, techniques, gradient)
    }

    /// The score of a technique is the difference of its incidents.
    fn write_change(&self, path: &str, report: &Report, week: &Week) -> Result<Vec<u8>, Error> {
        let techniques: Vec<_> = self.techniques.iter().map(WeekTechnique::changed).collect();
        let changes = week.changes.as_ref();
        let before = changes.map(|changes| changes.last_week.as_str()).unwrap_or_default();
        let days = changes.and_then(|changes| changes.same_days.as_ref());
        let days = days.map(|days| format!(", {days} of both")).unwrap_or_default();
        let description = format!(
            "Change of incidents by technique from {before} to {}{days}, from the tags of rules.",
            week.label
        );
        let gradient = Gradient::of_changes(&techniques);
        write(path, report, description, techniques, gradient)
    }
}

impl<'a> WeekTechnique<'a> {
    fn of(tag: &'static AttackTag) -> Self {
        Self {
            tag,
            incidents: 0,
            this_week: 0,
            last_week: None,
            difference: None,
            rules: Vec::new(),
            rows: Vec::new(),
        }
    }

    fn add(&mut self, row: &'a WeekRow) {
        self.incidents += row.others;
        self.this_week += row.incidents;
        if let Some(before) = row.incidents_last_week {
            let before = self.last_week.unwrap_or(0) + before;
            self.last_week = Some(before);
            self.difference = Some(signed(self.this_week) - signed(before));
        }
        self.rules.push(&row.name);
        self.rows.push(row);
    }

    fn counted(&self) -> Technique<'a> {
        let seen = self.rows.iter().filter(|row| row.others > 0);
        let comments: Vec<_> = seen.map(|row| comment(&row.name, row.others)).collect();
        Technique::new(&self.tag.id, signed(self.incidents), comments.join("; "))
    }

    fn changed(&self) -> Technique<'a> {
        let now = count(self.this_week, "incident", "incidents");
        let comment = format!("{now}, {} before", self.last_week.unwrap_or(0));
        Technique::new(&self.tag.id, self.difference.unwrap_or(0), comment)
    }
}
