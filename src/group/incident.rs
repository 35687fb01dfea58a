//! One incident as it grows.

use std::sync::Arc;

use super::{
    Kept, Sighting,
    counts::Counts,
    desk::Desk,
    held::Held,
    layouts::{Layout, Layouts},
    rank::{self, rank},
    rows::Rows,
    shapes::Shapes,
    strings::{Id, Strings, Text},
};
use crate::{
    alert::{Alert, RuleFrom},
    host::NamedBy,
};

/// What all incidents share while they grow.
#[derive(Debug, Default)]
pub struct Ground {
    /// The silence, in seconds, that ends an episode.
    pub gap: u64,
    /// Every string.
    pub strings: Strings,
    /// The columns of alerts.
    pub layouts: Layouts,
    /// Records that cannot be read again.
    pub held: Held,
}

/// An incident while alerts come in.
#[derive(Debug)]
pub struct Growing {
    /// Name of the rule.
    pub rule: Box<str>,
    /// Name of the host.
    pub host: Box<str>,
    /// Alerts.
    pub count: u64,
    /// The first alert.
    pub first: Kept,
    /// The last alert.
    pub last: Kept,
    /// Alerts by priority, in the order of `Priority::ALL`.
    pub priorities: [u64; 8],
    /// Where the host's name was taken from.
    pub named_by: [bool; NamedBy::ALL.len()],
    /// Where the rule's name was taken from.
    pub rule_from: [bool; RuleFrom::ALL.len()],
    /// The forms of its output.
    pub shapes: Shapes,
    /// The alerts that are not counted yet.
    pub rows: Rows,
    /// The others.
    pub counts: Option<Box<Counts>>,
}

impl Growing {
    /// Begins with no alert; the first that it will have is at hand.
    pub fn begin(sighting: &Sighting<'_>, kept: Kept) -> Self {
        Self {
            rule: sighting.alert.rule.as_ref().into(),
            host: sighting.host.into(),
            count: 0,
            first: kept,
            last: sighting.kept_loose(),
            priorities: [0; 8],
            named_by: [false; NamedBy::ALL.len()],
            rule_from: [false; RuleFrom::ALL.len()],
            shapes: Shapes::default(),
            rows: Rows::default(),
            counts: None,
        }
    }

    /// Counts an alert that lies on a worker's desk.
    pub fn add(&mut self, sighting: &Sighting<'_>, desk: &mut Desk, ground: &Ground) {
        let alert = sighting.alert;
        self.count += 1;
        self.priorities[alert.priority.index()] += 1;
        self.named_by[sighting.named_by as usize] = true;
        self.rule_from[alert.rule_from as usize] = true;
        let Ground { gap, strings, layouts, held } = ground;
        if sighting.is_before(&self.first) {
            self.first = desk.kept(sighting, held);
        }
        if sighting.is_after(&self.last) {
            self.last = sighting.kept_loose();
        }
        let layout = desk.layout(alert, layouts, strings);
        let shape = self.numbers(alert, desk, strings);
        let kept = || desk.kept(sighting, held);
        self.shapes.add(shape, sighting, kept, strings);
        let Some(layout) = layout else {
            let counts = self.counts.get_or_insert_default();
            let ceiling = counts.columns.names_ceiling();
            let name = |name: Text<'_>| bounded(name, ceiling, strings);
            let layout = [Arc::new(desk.make_layout(alert, name))];
            let mut rows = Rows::default();
            rows.push(0, shape, alert.time, &desk.values);
            return counts.add(&rows, &layout, *gap, strings);
        };
        self.rows.push(layout, shape, alert.time, &desk.values);
        if self.rows.is_full() {
            layouts.look(|layouts| self.fold(layouts, ground));
        }
    }

    /// Counts the alerts that are kept.
    fn fold(&mut self, layouts: &[Arc<Layout>], ground: &Ground) {
        let counts = self.counts.get_or_insert_default();
        counts.add(&self.rows, layouts, ground.gap, &ground.strings);
        self.rows.clear();
    }

    /// Gives each value of the alert that is not known by sight its number, and the shape its own. Where
    /// an incident has let values go, only what may stay becomes a string: strings do not grow with
    /// the alerts.
    fn numbers(&mut self, alert: &Alert<'_>, desk: &mut Desk, strings: &Strings) -> Id {
        let counts = self.counts.as_deref().filter(|counts| counts.is_tight());
        if counts.is_none() && self.shapes.ceiling().is_none() {
            for at in 0..desk.pending.len() {
                let at = desk.pending[at] as usize;
                desk.values[at] = desk.intern(desk.text(alert, at), strings);
            }
            return desk.intern_shape(strings);
        }
        let mut unknown = false;
        for at in 0..desk.pending.len() {
            let at = desk.pending[at] as usize;
            let found = desk.find(desk.text(alert, at).hash, strings);
            desk.values[at] = found.unwrap_or(Id::OTHER);
            unknown |= found.is_none();
        }
        let shape = desk.find_shape(strings);
        if let Some(shape) = shape.filter(|_| !unknown) {
            return shape;
        }
        let names = counts.and_then(|counts| counts.columns.names_ceiling());
        let layout = desk.make_layout(alert, |name: Text<'_>| bounded(name, names, strings));
        let (place, joint) = (desk.parts(alert, layout.place), joint_parts(alert, desk, &layout));
        let of_place = counts.is_none_or(|counts| wanted(counts.places.ceiling(), &place));
        let of_joint = counts.is_none_or(|counts| wanted(counts.joint.ceiling(), &joint));
        for at in 0..desk.pending.len() {
            let at = desk.pending[at] as usize;
            if desk.values[at] != Id::OTHER {
                continue;
            }
            let text = desk.text(alert, at);
            let ceiling = |name| counts.and_then(|counts| counts.columns.ceiling(name));
            let value = if desk.is_part(at, of_place, of_joint) {
                Some(strings.intern(text))
            } else {
                layout.columns[at].and_then(|name| bounded(text, ceiling(name), strings))
            };
            desk.values[at] = value.unwrap_or(Id::OTHER);
        }
        let ceiling = self.shapes.ceiling().filter(|_| !of_joint);
        match (shape, ceiling) {
            (Some(shape), _) => shape,
            (None, Some(ceiling)) if rank(desk.shape()) > ceiling => Id::OTHER,
            _ => desk.intern_shape(strings),
        }
    }
}

/// The values that are counted together, with the shape.
fn joint_parts<'a>(alert: &'a Alert<'_>, desk: &'a Desk, layout: &Layout) -> [Option<&'a str>; 8] {
    let [a, b, c, d, e, f, g] = desk.parts(alert, layout.joint);
    [a, b, c, d, e, f, g, Some(desk.shape())]
}

/// Whether values that stand together could stay.
fn wanted(ceiling: Option<u64>, parts: &[Option<&str>]) -> bool {
    let Some(ceiling) = ceiling else { return true };
    let mut rank = rank::Parts::default();
    for part in parts {
        rank.add(*part);
    }
    rank.finish() <= ceiling
}

/// The number of a text, unless its rank is too high for it to become a string.
fn bounded(text: Text<'_>, ceiling: Option<u64>, strings: &Strings) -> Option<Id> {
    match ceiling {
        Some(ceiling) if rank(text.text) > ceiling => strings.find(text.hash),
        _ => Some(strings.intern(text)),
    }
}
