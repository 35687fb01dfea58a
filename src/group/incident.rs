//! One incident as it grows.

use super::{
    Kept, Sighting,
    columns::{Columns, Finished, Known, PLACES, SHAPES, SOURCES, TAG_SETS, TAGS, Text, key},
    episodes::{Episodes, Span},
    grouped::{FieldValues, Grouped, Values},
    interner::{Id, Interner, Shared},
    joint::Joint,
    moments::Moments,
    names::{Name, Role},
    quarters::Quarters,
    row::{self, Row},
};
use crate::{alert::is_absent, host::NamedBy};

/// An incident while alerts come in.
#[derive(Debug)]
pub struct Growing {
    rule: Box<str>,
    host: Box<str>,
    count: u64,
    first: Kept,
    last: Kept,
    priorities: [u64; 8],
    named_by: [bool; NamedBy::ALL.len()],
    quarters: Quarters,
    episodes: Episodes,
    columns: Columns,
    joint: Joint,
    moments: Moments,
}

impl Growing {
    /// Begins with no alert; the first that it will have is at hand.
    pub fn begin(sighting: &Sighting<'_>) -> Self {
        let kept = sighting.kept();
        Self {
            rule: sighting.alert.rule.as_ref().into(),
            host: sighting.host.into(),
            count: 0,
            first: kept.clone(),
            last: kept,
            priorities: [0; 8],
            named_by: [false; NamedBy::ALL.len()],
            quarters: Quarters::default(),
            episodes: Episodes::default(),
            columns: Columns::default(),
            joint: Joint::default(),
            moments: Moments::default(),
        }
    }

    /// Counts an alert.
    pub fn add(
        &mut self,
        sighting: &Sighting<'_>,
        row: &Row<'_>,
        gap: u64,
        strings: &mut Interner,
    ) {
        let alert = sighting.alert;
        for (at, key) in row.fields.iter().enumerate() {
            if self.columns.bump(*key).is_none() {
                self.add_field(*key, at, sighting, row, strings);
            }
        }
        self.add_fixed(sighting, row, strings);
        self.add_shape(sighting, row, strings);
        self.joint.add(alert, row, strings);
        self.moments.saw(alert.time);
        self.count += 1;
        self.keep(sighting);
        self.priorities[alert.priority.index()] += 1;
        self.named_by[sighting.named_by as usize] = true;
        self.quarters.saw(alert.time);
        self.episodes.add(Span { first: alert.time, last: alert.time, count: 1 }, gap);
    }

    fn keep(&mut self, sighting: &Sighting<'_>) {
        if sighting.is_before(&self.first) {
            self.first = sighting.kept();
        }
        if sighting.is_after(&self.last) {
            self.last = sighting.kept();
        }
    }

    /// Counts a field with a value that was not met before, or is not kept.
    fn add_field(
        &mut self,
        key: u64,
        at: usize,
        sighting: &Sighting<'_>,
        row: &Row<'_>,
        strings: &mut Interner,
    ) {
        let (name, value) = &sighting.alert.fields[at];
        let Name { hash, role, .. } = Name::of(name, row.hashes);
        let name = Text { text: name, hash };
        let shown = value.shown();
        if is_absent(shown) {
            self.columns.absent(key, name, strings);
        } else if role == Role::Uncounted {
            self.columns.present(name, strings);
        } else {
            self.columns.value(name, row.text(shown), strings);
        }
    }

    fn add_fixed(&mut self, sighting: &Sighting<'_>, row: &Row<'_>, strings: &mut Interner) {
        let alert = sighting.alert;
        let columns = &mut self.columns;
        if let (Some(hash), Some(text)) = (row.source, alert.source.as_deref())
            && columns.bump(key(SOURCES, hash)).is_none()
        {
            columns.fixed(SOURCES, Text { text, hash }, strings);
        }
        if !alert.tags.is_empty() && columns.bump(key(TAG_SETS, row.tags)).is_none() {
            columns.tags(row.tags, alert.tags.iter().map(|tag| row.text(tag)), strings);
        }
        if let Some(hash) = row.place
            && columns.bump(key(PLACES, hash)).is_none()
        {
            columns.fixed(PLACES, Text { text: &row::place(alert), hash }, strings);
        }
    }

    fn add_shape(&mut self, sighting: &Sighting<'_>, row: &Row<'_>, strings: &mut Interner) {
        let Some(known) = self.columns.bump(key(SHAPES, row.shape)) else {
            let text = Text { text: row.shape_text, hash: row.shape };
            return self.columns.shape(text, || sighting.kept(), strings);
        };
        let Known::Shape(at) = known else { return };
        let seen = self.columns.shape_seen(at);
        seen.last = seen.last.max(sighting.alert.time);
        if sighting.is_before(&seen.first) {
            seen.first = sighting.kept();
        }
    }

    /// The incident with all its alerts in.
    pub fn finish(self, strings: &Interner, shared: &mut Shared) -> Grouped {
        let Finished { fixed, shapes, fields } = self.columns.finish(strings);
        let text = |id: Id| strings.text(id).to_owned();
        let mut tags: Vec<_> = fixed[TAGS].list.iter().map(|(id, _)| text(*id)).collect();
        tags.sort();
        let mut fields: Vec<_> = fields
            .into_iter()
            .map(|(name, counted)| FieldValues::of(text(name), &counted, strings))
            .collect();
        fields.sort_by(|a, b| a.name.cmp(&b.name));
        Grouped {
            rule: self.rule.into(),
            host: self.host.into(),
            count: self.count,
            named_by: NamedBy::ALL.into_iter().filter(|by| self.named_by[*by as usize]).collect(),
            priorities: self.priorities,
            sources: Values::of(&fixed[SOURCES], self.count, strings),
            tags,
            quarters: self.quarters.into_list(),
            episodes: self.episodes.into_spans(),
            fields,
            places: Values::of(&fixed[PLACES], self.count, strings),
            shapes: Values::of_shapes(&fixed[SHAPES], shapes, self.count, strings),
            joint: self.joint.finish(strings, shared),
            moments: self.moments.into_list(),
            first: self.first,
            last: self.last,
        }
    }
}
