//! What an incident counts: the values of each field, and beside them its sources, tags, places
//! and shapes.
//!
//! A column counts different values exactly up to its bound. Beyond, those with the lowest ranks
//! stay (a rank is a digest of the value, so this is an even choice), each with its exact count:
//! a value that stays in the end was never out, whatever the order in which the values came. So
//! that not every new value costs a search for the highest rank, half as many again are let in
//! before those above the bound are let go.

use std::mem;

use hashbrown::HashMap;

use super::{
    Kept,
    hashes::join,
    interner::{Id, Interner},
    pairs::Pairs,
    rank::rank,
};
use crate::time::Timestamp;

/// Different values that are counted exactly for each field of an incident.
pub const BOUND: usize = 1024;

/// Different tags, sources, places and shapes that are counted exactly.
const SMALL_BOUND: usize = 256;

/// Different field names of an incident that are counted exactly.
const FIELD_BOUND: usize = 2048;

/// Columns that are found by looking through them.
const LOOKED_THROUGH: usize = 64;

/// The column of the sources.
pub const SOURCES: usize = 0;
/// The column of the tags.
pub const TAGS: usize = 1;
/// The column of the sets of tags met together, which only saves looking at each tag.
pub const TAG_SETS: usize = 2;
/// The column of the places.
pub const PLACES: usize = 3;
/// The column of the shapes.
pub const SHAPES: usize = 4;
/// The first column that is a field's.
const FIELDS: usize = 5;

/// A name and what was counted under it.
#[derive(Debug)]
pub struct Column {
    /// Hash of the name.
    hash: u64,
    /// The name; for the first few columns, which are no fields, any.
    pub name: Id,
    /// Values in it.
    kept: u32,
    /// The highest rank that stays, once values have been let go.
    pub ceiling: Option<u64>,
}

/// A shape, apart from its count.
#[derive(Debug)]
pub struct ShapeSeen {
    /// The shape.
    pub text: Id,
    /// The first alert of it.
    pub first: Kept,
    /// Time of the last.
    pub last: Timestamp,
}

/// Everything that an incident counts by value.
#[derive(Debug)]
pub struct Columns {
    pairs: Pairs,
    columns: Vec<Column>,
    /// Column and text of each value.
    values: Vec<(u32, Id)>,
    shapes: Vec<ShapeSeen>,
    /// The highest rank of a field's name that stays, once fields have been let go.
    ceiling: Option<u64>,
}

/// What an incident counted.
#[derive(Debug)]
pub struct Finished {
    /// The columns that are no fields.
    pub fixed: Vec<Counted>,
    /// Shapes and their counts.
    pub shapes: Vec<(ShapeSeen, u64)>,
    /// The fields by their names, in no order.
    pub fields: Vec<(Id, Counted)>,
}

/// What is counted in one column.
#[derive(Debug, Default)]
pub struct Counted {
    /// Values and their counts, in no order.
    pub list: Vec<(Id, u64)>,
    /// Alerts whose values are not told apart.
    pub other: u64,
    /// Alerts without a value.
    pub absent: u64,
    /// The highest rank that stayed, if values had to go.
    pub ceiling: Option<u64>,
}

/// What is known of a count: where its column, value or shape stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// A value.
    Value(usize),
    /// Values of a column that are not told apart.
    Other(usize),
    /// Alerts in which a column has no value.
    Absent(usize),
    /// A shape.
    Shape(usize),
}

/// A text and its hash.
#[derive(Clone, Copy, Debug)]
pub struct Text<'t> {
    /// The text.
    pub text: &'t str,
    /// Its hash.
    pub hash: u64,
}

impl Default for Columns {
    fn default() -> Self {
        let fixed = |at| Column { hash: fixed_hash(at), name: Id(0), kept: 0, ceiling: None };
        Self {
            pairs: Pairs::default(),
            columns: (0..FIELDS).map(fixed).collect(),
            values: Vec::new(),
            shapes: Vec::new(),
            ceiling: None,
        }
    }
}

impl Columns {
    /// Adds one to a count; `None` if it is not there.
    #[inline]
    pub fn bump(&mut self, key: u64) -> Option<Known> {
        self.pairs.bump(key).map(Known::unpack)
    }

    /// Adds one for a field without a value.
    pub fn absent(&mut self, key: u64, name: Text<'_>, strings: &mut Interner) {
        if let Some(column) = self.field(name, strings) {
            self.pairs.insert(key, 1, Known::Absent(column).pack());
        }
    }

    /// Adds one for a field with a value that is not looked at.
    pub fn present(&mut self, name: Text<'_>, strings: &mut Interner) {
        if let Some(column) = self.field(name, strings) {
            self.other(column, 1);
        }
    }

    /// Adds one for a new value of a field, which is let in if its rank is low enough.
    pub fn value(&mut self, name: Text<'_>, value: Text<'_>, strings: &mut Interner) {
        if let Some(column) = self.field(name, strings) {
            self.let_in(column, value, strings);
        }
    }

    /// Adds one for a new value of a column that is no field.
    pub fn fixed(&mut self, column: usize, value: Text<'_>, strings: &mut Interner) {
        self.let_in(column, value, strings);
    }

    /// Adds one for each tag of a set that was not met before.
    pub fn tags<'t>(
        &mut self,
        set: u64,
        tags: impl Iterator<Item = Text<'t>>,
        strings: &mut Interner,
    ) {
        for tag in tags {
            if self.bump(key(TAGS, tag.hash)).is_none() {
                self.let_in(TAGS, tag, strings);
            }
        }
        let sets = &mut self.columns[TAG_SETS];
        if (sets.kept as usize) < SMALL_BOUND {
            sets.kept += 1;
            self.pairs.insert(key(TAG_SETS, set), 1, Known::Other(TAG_SETS).pack());
        }
    }

    /// Adds one for a new shape.
    pub fn shape(&mut self, shape: Text<'_>, first: impl FnOnce() -> Kept, strings: &mut Interner) {
        if self.is_out(SHAPES, shape.text) {
            return;
        }
        let (first, text) = (first(), strings.intern(shape.text, shape.hash));
        let at = Known::Shape(self.shapes.len());
        self.shapes.push(ShapeSeen { text, last: first.time, first });
        self.pairs.insert(key(SHAPES, shape.hash), 1, at.pack());
        self.columns[SHAPES].kept += 1;
        self.shrink_if_full(SHAPES, strings);
    }

    /// What is known of a shape beside its count.
    pub fn shape_seen(&mut self, at: usize) -> &mut ShapeSeen {
        &mut self.shapes[at]
    }

    /// The column of a field, which becomes one if there is room or its name's rank is low enough.
    fn field(&mut self, name: Text<'_>, strings: &mut Interner) -> Option<usize> {
        let near = self.columns.iter().take(LOOKED_THROUGH);
        if let Some(at) = near.skip(FIELDS).position(|column| column.hash == name.hash) {
            return Some(at + FIELDS);
        }
        if self.columns.len() >= LOOKED_THROUGH
            && let Some(Known::Other(column)) = self.pairs.at(name.hash).map(Known::unpack)
        {
            return Some(column);
        }
        if self.ceiling.is_some_and(|ceiling| rank(name.text) > ceiling) {
            return None;
        }
        if self.columns.len() - FIELDS >= FIELD_BOUND + FIELD_BOUND / 2 {
            self.shrink_fields(strings);
            return self.field(name, strings);
        }
        let at = self.columns.len();
        let text = strings.intern(name.text, name.hash);
        self.columns.push(Column { hash: name.hash, name: text, kept: 0, ceiling: None });
        if at >= LOOKED_THROUGH {
            self.pairs.insert(name.hash, 0, Known::Other(at).pack());
        }
        Some(at)
    }

    /// Adds to the alerts of a column whose values are not told apart.
    fn other(&mut self, column: usize, count: u64) {
        let key = self.columns[column].hash;
        if self.pairs.at(key).is_some() {
            self.pairs.add(key, count);
        } else {
            self.pairs.insert(key, count, Known::Other(column).pack());
        }
    }

    fn is_out(&self, column: usize, text: &str) -> bool {
        self.columns[column].ceiling.is_some_and(|ceiling| rank(text) > ceiling)
    }

    fn let_in(&mut self, column: usize, value: Text<'_>, strings: &mut Interner) {
        if self.is_out(column, value.text) {
            // Only what is let in is kept as a string: strings do not grow with the alerts.
            return self.other(column, 1);
        }
        let at = Known::Value(self.values.len());
        self.values.push((number_of(column), strings.intern(value.text, value.hash)));
        self.pairs.insert(join(self.columns[column].hash, value.hash), 1, at.pack());
        self.columns[column].kept += 1;
        self.shrink_if_full(column, strings);
    }

    fn shrink_if_full(&mut self, column: usize, strings: &Interner) {
        let bound = bound(column);
        if self.columns[column].kept as usize > bound + bound / 2 {
            self.shrink(column, strings);
        }
    }

    /// Lets the values with the highest ranks go until the bound holds.
    fn shrink(&mut self, column: usize, strings: &Interner) {
        let text_of = |known| match known {
            Known::Value(at) => {
                let (theirs, text) = self.values[at];
                (theirs as usize == column).then_some(text)
            }
            Known::Shape(at) => (column == SHAPES).then(|| self.shapes[at].text),
            _ => None,
        };
        let rank_of = |known| text_of(known).map(|text| rank(strings.text(text)));
        let ranks = self.pairs.iter().map(|(key, _, at)| (key, rank_of(Known::unpack(at))));
        let ranks: HashMap<u64, u64> = ranks.filter_map(|(key, rank)| Some((key, rank?))).collect();
        let mut order: Vec<u64> = ranks.values().copied().collect();
        let (_, ceiling, _) = order.select_nth_unstable(bound(column) - 1);
        let ceiling = *ceiling;
        let mut gone = 0;
        self.retain(|key, count, of| {
            let stays = ranks.get(&key).is_none_or(|rank| *rank <= ceiling);
            gone += if stays { 0 } else { count };
            stays.then_some(of)
        });
        let this = &mut self.columns[column];
        this.ceiling = Some(ceiling);
        this.kept = u32::try_from(bound(column)).unwrap_or(u32::MAX);
        if column >= FIELDS {
            self.other(column, gone);
        }
    }

    /// Lets the fields whose names have the highest ranks go until their bound holds.
    fn shrink_fields(&mut self, strings: &Interner) {
        let names = self.columns[FIELDS..].iter().map(|field| rank(strings.text(field.name)));
        let mut ranks: Vec<u64> = names.collect();
        if ranks.len() <= FIELD_BOUND {
            return;
        }
        let (_, ceiling, _) = ranks.select_nth_unstable(FIELD_BOUND - 1);
        let ceiling = *ceiling;
        self.ceiling = Some(ceiling);
        let mut numbers: Vec<Option<usize>> = (0..FIELDS).map(Some).collect();
        let mut next = FIELDS..;
        numbers.extend(self.columns[FIELDS..].iter().map(|field| {
            let stays = rank(strings.text(field.name)) <= ceiling;
            if stays { next.next() } else { None }
        }));
        let mut flags = numbers.iter();
        self.columns.retain(|_| flags.next().is_some_and(Option::is_some));
        self.retain(|_, _, column| numbers[column]);
    }

    /// What was counted: in the columns that are no fields, the shapes beside their counts, and in
    /// each field by its name.
    pub fn finish(mut self, strings: &Interner) -> Finished {
        for column in 0..self.columns.len() {
            if self.columns[column].kept as usize > bound(column) && column != TAG_SETS {
                self.shrink(column, strings);
            }
        }
        self.shrink_fields(strings);
        let mut counted: Vec<Counted> = self
            .columns
            .iter()
            .map(|column| Counted { ceiling: column.ceiling, ..Counted::default() })
            .collect();
        let mut shapes: Vec<_> = self.shapes.into_iter().map(|shape| (shape, 0)).collect();
        for (_, count, at) in self.pairs.iter() {
            match Known::unpack(at) {
                Known::Value(at) => {
                    let (column, text) = self.values[at];
                    counted[column as usize].list.push((text, count));
                }
                Known::Other(column) => counted[column].other = count,
                Known::Absent(column) => counted[column].absent = count,
                Known::Shape(at) => {
                    counted[SHAPES].list.push((shapes[at].0.text, count));
                    shapes[at].1 = count;
                }
            }
        }
        let names = self.columns[FIELDS..].iter().map(|column| column.name);
        let fields = names.zip(counted.split_off(FIELDS)).collect();
        Finished { fixed: counted, shapes, fields }
    }

    /// Keeps the counts to whose column `number` gives a number, told of key, count and column.
    fn retain(&mut self, mut number: impl FnMut(u64, u64, usize) -> Option<usize>) {
        let values = mem::take(&mut self.values);
        let mut seen: Vec<_> = mem::take(&mut self.shapes).into_iter().map(Some).collect();
        let Self { pairs, values: kept, shapes, .. } = self;
        pairs.retain(|key, count, at| {
            let known = Known::unpack(*at);
            let column = match known {
                Known::Value(at) => values[at].0 as usize,
                Known::Other(column) | Known::Absent(column) => column,
                Known::Shape(_) => SHAPES,
            };
            let Some(column) = number(key, count, column) else { return false };
            *at = match known {
                Known::Value(at) => {
                    kept.push((number_of(column), values[at].1));
                    Known::Value(kept.len() - 1)
                }
                Known::Other(_) => Known::Other(column),
                Known::Absent(_) => Known::Absent(column),
                Known::Shape(at) => {
                    shapes.extend(seen[at].take());
                    Known::Shape(shapes.len() - 1)
                }
            }
            .pack();
            true
        });
    }
}

/// The key of a value in one of the columns that are no fields.
#[inline]
pub const fn key(column: usize, hash: u64) -> u64 {
    join(fixed_hash(column), hash)
}

/// Any hashes will do that are no texts' and stay apart.
const fn fixed_hash(column: usize) -> u64 {
    (column as u64 + 1) << 32
}

impl Known {
    const BITS: u32 = 30;

    fn pack(self) -> u32 {
        let (kind, at) = match self {
            Self::Value(at) => (0, at),
            Self::Other(at) => (1, at),
            Self::Absent(at) => (2, at),
            Self::Shape(at) => (3, at),
        };
        kind << Self::BITS | number_of(at)
    }

    #[inline]
    const fn unpack(packed: u32) -> Self {
        let at = (packed & ((1 << Self::BITS) - 1)) as usize;
        match packed >> Self::BITS {
            0 => Self::Value(at),
            1 => Self::Other(at),
            2 => Self::Absent(at),
            _ => Self::Shape(at),
        }
    }
}

/// Bounds keep all numbers far below what does not fit.
fn number_of(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

const fn bound(column: usize) -> usize {
    if column < FIELDS { SMALL_BOUND } else { BOUND }
}
