//! An alert as the numbers of its values: made before an incident is looked at, and nearly
//! always without it.

use super::{
    Kept, Place, Sighting,
    hashes::{Hashes, join},
    held::{Held, Open, Spot},
    joint::{JOINT_FIELDS, cut},
    layouts::{Layout, Layouts},
    names::{Name, Names, PLACE, Role},
    shape,
    strings::{Id, Strings, Text},
    words::Writer,
};
use crate::alert::{Alert, is_absent};

/// Stands for the source in the hash of a layout.
const SOURCE: u64 = 0x736f_7572_6365_0001;

/// Stands for a tag in the hash of a layout.
const TAG: u64 = 0x7461_6700_0000_0001;

/// Stands for the compared part of a long value in the hash of a layout.
const CUT: u64 = 0x6375_7400_0000_0001;

/// Stands before a shape in its hash: a value that reads like a shape has another number.
const SHAPE: u64 = 0x7368_6170_6500_0001;

/// Strings that a worker knows by sight, a power of two.
const KNOWN: usize = 1 << 14;

/// A worker's place for laying out alerts.
#[derive(Debug)]
pub struct Desk {
    hashes: Hashes,
    names: Names,
    /// Strings met lately, each where its hash points to.
    known: Vec<(u64, Id)>,
    cells: Vec<Cell>,
    /// For each cell, what of [`Desk::known`] stands where its hash points to.
    found: Vec<(u64, Id)>,
    /// The values of the alert at hand.
    pub values: Vec<Id>,
    /// Which of them are not known by sight.
    pub pending: Vec<u32>,
    layout_hash: u64,
    shape_text: String,
    shape_hash: u64,
    writer: Writer,
    /// Records that cannot be read again.
    open: Open,
    /// Where the alert at hand is held, if it is.
    held: Option<Spot>,
}

/// Where a value of an alert stands.
#[derive(Clone, Copy, Debug)]
struct Cell {
    hash: u64,
    /// Its number, where that does not depend on which value it is.
    fixed: Option<Id>,
    of: Of,
    role: Role,
    joint: Option<u8>,
}

/// What a value is of.
#[derive(Clone, Copy, Debug)]
enum Of {
    Field(u32),
    Source,
    Tag(u32),
    /// The part of a field's value that is compared.
    Cut(u32),
}

impl Cell {
    const fn counted(of: Of, hash: u64) -> Self {
        Self { hash, fixed: None, of, role: Role::Counted, joint: None }
    }
}

impl Desk {
    /// A desk whose hashes agree with those of others with the same `hashes`.
    pub fn new(hashes: Hashes) -> Self {
        Self {
            writer: Writer::new(hashes.clone()),
            hashes,
            names: Names::default(),
            known: vec![(0, Id::OTHER); KNOWN],
            cells: Vec::new(),
            found: Vec::new(),
            values: Vec::new(),
            pending: Vec::new(),
            layout_hash: 0,
            shape_text: String::new(),
            shape_hash: 0,
            open: Open::default(),
            held: None,
        }
    }

    /// The hash of a rule on a host.
    pub fn incident(&self, sighting: &Sighting<'_>) -> u64 {
        join(self.hashes.of(&sighting.alert.rule), self.hashes.of(sighting.host))
    }

    /// Lays out an alert: its values where they are known by sight, and what is pending.
    pub fn lay_out(&mut self, alert: &Alert<'_>) {
        self.cells.clear();
        self.held = None;
        self.layout_hash = 0;
        let mut cuts = 0;
        for (at, (name, value)) in (0..).zip(&alert.fields) {
            let shown = value.shown();
            let Name { hash: name, role, joint } = self.names.get(name, &self.hashes);
            self.layout_hash = join(self.layout_hash, name);
            let fixed = if is_absent(shown) {
                Some(Id::ABSENT)
            } else {
                (role == Role::Uncounted).then_some(Id::OTHER)
            };
            let hash = fixed.map_or_else(|| self.hashes.of(shown), |_| 0);
            self.cells.push(Cell { hash, fixed, of: Of::Field(at), role, joint });
            cuts += usize::from(joint.is_some() && cut(shown).len() < shown.len());
        }
        if let Some(source) = alert.source.as_deref() {
            self.layout_hash = join(self.layout_hash, SOURCE);
            self.cells.push(Cell::counted(Of::Source, self.hashes.of(source)));
        }
        for (at, tag) in (0..).zip(&alert.tags) {
            self.layout_hash = join(self.layout_hash, TAG);
            self.cells.push(Cell::counted(Of::Tag(at), self.hashes.of(tag)));
        }
        if cuts > 0 {
            self.cut(alert);
        }
        self.look();
        shape::write(alert.message(), &mut self.shape_text);
        self.shape_hash = join(SHAPE, self.hashes.of(&self.shape_text));
    }

    fn cut(&mut self, alert: &Alert<'_>) {
        for (at, (_, value)) in (0..).zip(&alert.fields) {
            let Cell { joint: Some(joint), .. } = self.cells[at as usize] else { continue };
            let shown = value.shown();
            let compared = cut(shown);
            if compared.len() < shown.len() {
                self.layout_hash = join(self.layout_hash, CUT ^ u64::from(joint) << 8);
                let hash = self.hashes.of(compared);
                let (of, role, joint) = (Of::Cut(at), Role::Uncounted, Some(joint));
                self.cells.push(Cell { hash, fixed: None, of, role, joint });
            }
        }
    }

    /// Finds the values that are known by sight. All places are looked at before what stands there is
    /// compared: so the memory is waited for once, and not once for each.
    fn look(&mut self) {
        let Self { known, cells, found, values, pending, .. } = self;
        found.clear();
        found.extend(cells.iter().map(|cell| known[slot(cell.hash)]));
        values.clear();
        pending.clear();
        for (at, (cell, (hash, id))) in (0..).zip(cells.iter().zip(found)) {
            values.push(match cell.fixed {
                Some(fixed) => fixed,
                None if *hash == cell.hash => *id,
                None => {
                    pending.push(at);
                    Id::OTHER
                }
            });
        }
    }

    /// The alert, to be kept for a sample; its record is held once, however often it is kept.
    pub fn kept(&mut self, sighting: &Sighting<'_>, held: &Held) -> Kept {
        let Self { open, held: known, .. } = self;
        sighting
            .kept(|record| Place::Held(Some(*known.get_or_insert_with(|| held.put(record, open)))))
    }

    /// Packs what is held, now that no more alerts come.
    pub fn close(&mut self, held: &Held) {
        held.close(&mut self.open);
    }

    /// The shape of the alert.
    pub fn shape(&self) -> &str {
        &self.shape_text
    }

    /// The number of a text, which becomes known to all and by sight.
    pub fn intern(&mut self, text: Text<'_>, strings: &Strings) -> Id {
        let (hash, id) = &mut self.known[slot(text.hash)];
        if *hash != text.hash {
            (*hash, *id) = (text.hash, strings.intern(text));
        }
        *id
    }

    /// The number of the shape, which becomes known to all and by sight.
    pub fn intern_shape(&mut self, strings: &Strings) -> Id {
        let Self { known, writer, shape_text: text, shape_hash: hash, .. } = self;
        let (theirs, id) = &mut known[slot(*hash)];
        if *theirs != *hash {
            (*theirs, *id) = (*hash, strings.intern_shape(Text { text, hash: *hash }, writer));
        }
        *id
    }

    /// The number of a text if it is known.
    pub fn find(&mut self, hash: u64, strings: &Strings) -> Option<Id> {
        self.known(hash, || strings.find(hash))
    }

    /// The number of the shape if it is known.
    pub fn find_shape(&mut self, strings: &Strings) -> Option<Id> {
        let hash = self.shape_hash;
        self.known(hash, || strings.find_shape(hash))
    }

    fn known(&mut self, hash: u64, find: impl FnOnce() -> Option<Id>) -> Option<Id> {
        let (known, id) = &mut self.known[slot(hash)];
        if *known != hash {
            (*known, *id) = (hash, find()?);
        }
        Some(*id)
    }

    /// The text of a value of the alert.
    pub fn text<'a>(&self, alert: &'a Alert<'_>, at: usize) -> Text<'a> {
        let Cell { of, hash, .. } = self.cells[at];
        let text = match of {
            Of::Field(at) => alert.fields[at as usize].1.shown(),
            Of::Source => alert.source.as_deref().unwrap_or(""),
            Of::Tag(at) => &alert.tags[at as usize],
            Of::Cut(at) => cut(alert.fields[at as usize].1.shown()),
        };
        Text { text, hash }
    }

    /// Whether a value of the alert is part of a place, or of what is counted together, if these are
    /// asked for.
    pub fn is_part(&self, at: usize, of_place: bool, of_joint: bool) -> bool {
        let Cell { role, joint, .. } = self.cells[at];
        of_joint && joint.is_some() || of_place && matches!(role, Role::Place(_))
    }

    /// The layout of the alert, if it is known or can become so.
    pub fn layout(&self, alert: &Alert<'_>, layouts: &Layouts, strings: &Strings) -> Option<u32> {
        let name = |name: Text<'_>| Some(strings.intern(name));
        layouts.number(self.layout_hash, || self.make_layout(alert, name))
    }

    /// The layout of the alert, whose names `name` gives their numbers or leaves out.
    pub fn make_layout(
        &self,
        alert: &Alert<'_>,
        mut name: impl FnMut(Text<'_>) -> Option<Id>,
    ) -> Layout {
        let mut layout = Layout::default();
        for (at, cell) in (0..).zip(&self.cells) {
            layout.columns.push(match cell.of {
                Of::Field(at) => {
                    let text = &*alert.fields[at as usize].0;
                    name(Text { text, hash: self.hashes.of(text) })
                }
                Of::Source => Some(Id::SOURCES),
                Of::Tag(_) => Some(Id::TAGS),
                Of::Cut(_) => None,
            });
            if let Role::Place(part) = cell.role {
                layout.place[usize::from(part)] = Some(at);
            }
            if let Some(part) = cell.joint {
                layout.joint[usize::from(part)] = Some(at);
            }
        }
        layout
    }

    /// The values of the alert that are parts of a place, or those that are counted together.
    pub fn parts<'a, const N: usize>(
        &self,
        alert: &'a Alert<'_>,
        places: [Option<u32>; N],
    ) -> [Option<&'a str>; N] {
        places.map(|at| {
            let at = at? as usize;
            (self.values[at] != Id::ABSENT).then(|| self.text(alert, at).text)
        })
    }
}

/// Parts of a place and of what is counted together.
const _: () = assert!(PLACE.len() == 6 && JOINT_FIELDS.len() == 7);

const fn slot(hash: u64) -> usize {
    (hash >> 20) as usize % KNOWN
}
