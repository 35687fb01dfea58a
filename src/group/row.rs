//! An alert as the hashes of its parts: made before an incident is looked at, and without it.

use super::{
    Sighting,
    columns::Text,
    hashes::{Hashes, join},
    joint::{JOINT_FIELDS, cut},
    names::{Names, PLACE, Role},
    shape,
};
use crate::alert::{Alert, is_absent};

/// Stands for the absence of a value.
const ABSENT: u64 = 0x6162_7365_6e74_0001;

/// Separates the parts of a place; a control character that no name of a workload holds.
pub const PART: char = '\u{1f}';

/// A worker's place for laying out rows.
#[derive(Debug, Default)]
pub struct Desk {
    hashes: Hashes,
    names: Names,
    fields: Vec<u64>,
    shape: String,
}

/// The hashes of an alert's parts.
#[derive(Clone, Copy, Debug)]
pub struct Row<'d> {
    /// Made with these.
    pub hashes: &'d Hashes,
    /// Of the rule and of the host.
    pub incident: u64,
    /// Of each field with its value, in the order of the alert.
    pub fields: &'d [u64],
    /// Of the source.
    pub source: Option<u64>,
    /// Of all tags together; 0 for none.
    pub tags: u64,
    /// Of the place, if the alert names one.
    pub place: Option<u64>,
    /// Of the values that are counted together, and of the shape.
    pub joint: u64,
    /// Of the shape.
    pub shape: u64,
    /// The shape.
    pub shape_text: &'d str,
}

impl Row<'_> {
    /// A text with its hash.
    pub fn text<'t>(&self, text: &'t str) -> Text<'t> {
        Text { text, hash: self.hashes.of(text) }
    }
}

impl Desk {
    /// A desk whose hashes agree with those of others with the same `hashes`.
    pub fn new(hashes: Hashes) -> Self {
        Self { hashes, ..Self::default() }
    }

    /// Lays out an alert.
    pub fn row(&mut self, sighting: &Sighting<'_>) -> Row<'_> {
        let alert = sighting.alert;
        let (place, joint) = self.fields(alert);
        shape::write(alert.message(), &mut self.shape);
        let shape = self.hashes.of(&self.shape);
        let tags = alert.tags.iter().fold(0, |all, tag| join(all, self.hashes.of(tag)));
        Row {
            hashes: &self.hashes,
            incident: join(self.hashes.of(&alert.rule), self.hashes.of(sighting.host)),
            fields: &self.fields,
            source: alert.source.as_deref().map(|source| self.hashes.of(source)),
            tags,
            place,
            joint: join(joint, shape),
            shape,
            shape_text: &self.shape,
        }
    }

    /// Hashes the fields, and gives the hash of the place and of what is counted together.
    fn fields(&mut self, alert: &Alert<'_>) -> (Option<u64>, u64) {
        let (mut place, mut joint) = ([0; PLACE.len()], [0; JOINT_FIELDS.len()]);
        self.fields.clear();
        for (name, value) in &alert.fields {
            let shown = value.shown();
            let name = self.names.get(name, &self.hashes);
            let key = if is_absent(shown) {
                join(name.hash, ABSENT)
            } else if name.role == Role::Uncounted {
                name.hash
            } else {
                let hash = self.hashes.of(shown);
                if let Role::Place(part) = name.role {
                    place[part] = hash;
                }
                if let Some(part) = name.joint {
                    let compared = cut(shown);
                    let whole = compared.len() == shown.len();
                    joint[part] = if whole { hash } else { self.hashes.of(compared) };
                }
                join(name.hash, hash)
            };
            self.fields.push(key);
        }
        let all = |parts: &[u64]| parts.iter().fold(0, |all, part| join(all, *part));
        let named = place.iter().any(|part| *part != 0);
        (named.then(|| all(&place)), all(&joint))
    }
}

/// The place of an alert as one text.
pub fn place(alert: &Alert<'_>) -> String {
    let mut text = String::new();
    for name in PLACE {
        text.push_str(alert.field(name).unwrap_or(""));
        text.push(PART);
    }
    text
}
