//! What an incident counts: the values of each field, its sources and its tags.
//!
//! A column counts different values exactly up to its bound. Beyond, those with the lowest ranks
//! stay (a rank is a digest of the value, so this is an even choice), each with its exact count:
//! a value that stays in the end was never out, whatever the order in which the values came. So
//! that not every new value costs a search for the highest rank, half as many again are let in
//! before those above the bound are let go.

use hashbrown::HashMap;

use super::{
    rank::{self, rank},
    strings::{Id, Look},
    tally::Tally,
};

/// Different values that are counted exactly for each field of an incident.
pub const BOUND: usize = 1024;

/// Different tags, sources, places and shapes that are counted exactly.
pub const SMALL_BOUND: usize = 256;

/// Different field names of an incident that are counted exactly.
const FIELD_BOUND: usize = 2048;

/// Everything that an incident counts by value.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// Alerts by column and value.
    counts: Tally<2>,
    /// The columns by name, in order.
    columns: Vec<(Id, Column)>,
    /// The highest rank of a field's name that stays, once fields have been let go.
    ceiling: Option<u64>,
    /// Whether any value or field has been let go.
    tight: bool,
}

#[derive(Clone, Copy, Debug, Default)]
struct Column {
    /// Different values in it.
    kept: usize,
    /// Alerts whose values are not told apart.
    other: u64,
    /// Alerts without a value.
    absent: u64,
    /// The highest rank that stays, once values have been let go.
    ceiling: Option<u64>,
}

/// What was counted in one column.
#[derive(Clone, Debug, Default)]
pub struct Counted {
    /// Each of its values, and their counts, in no order.
    pub list: Vec<(Id, u64)>,
    /// Alerts whose values are not told apart.
    pub other: u64,
    /// Alerts without a value.
    pub absent: u64,
    /// The highest rank that stayed, if values had to go.
    pub ceiling: Option<u64>,
}

impl Columns {
    /// Adds alerts by column and value, in order, which both are let in if their ranks are low enough.
    pub fn add(&mut self, alerts: &[([Id; 2], u64)], strings: &impl Look) {
        let mut told_apart = Vec::with_capacity(alerts.len());
        for same in alerts.chunk_by(|a, b| a.0[0] == b.0[0]) {
            let [name, _] = same[0].0;
            if !self.has_room(name, strings) {
                continue;
            }
            let column = self.column(name);
            for (key, count) in same {
                match key[1] {
                    Id::ABSENT => column.absent += count,
                    Id::OTHER => column.other += count,
                    _ => told_apart.push((*key, *count)),
                }
            }
        }
        // A field may have been let go since its name was looked at.
        if self.ceiling.is_some() {
            told_apart.retain(|([name, _], _)| self.place(*name).is_ok());
        }
        let Self { counts, columns, .. } = self;
        let (mut full, mut rest) = (Vec::new(), columns.iter_mut().peekable());
        // Columns and values come in the same order.
        counts.add(told_apart, |[name, value], count| {
            while rest.next_if(|(theirs, _)| *theirs < name).is_some() {}
            let Some((_, column)) = rest.peek_mut() else { return false };
            if column.ceiling.is_some_and(|ceiling| strings.look(value, rank) > ceiling) {
                column.other += count;
                return false;
            }
            column.kept += 1;
            if column.kept == bound(name) + bound(name) / 2 + 1 {
                full.push(name);
            }
            true
        });
        for name in full {
            self.shrink(name, strings);
        }
    }

    /// The highest rank that a new value of a column may have; `None` for any.
    pub fn ceiling(&self, name: Id) -> Option<u64> {
        self.place(name).ok().and_then(|at| self.columns[at].1.ceiling)
    }

    /// The highest rank that the name of a new column may have; `None` for any.
    pub const fn names_ceiling(&self) -> Option<u64> {
        self.ceiling
    }

    /// Where a column is, or would be.
    fn place(&self, name: Id) -> Result<usize, usize> {
        self.columns.binary_search_by_key(&name, |(name, _)| *name)
    }

    /// A column, which becomes one if it is not there.
    fn column(&mut self, name: Id) -> &mut Column {
        let at = self.place(name).unwrap_or_else(|at| {
            self.columns.insert(at, (name, Column::default()));
            at
        });
        &mut self.columns[at].1
    }

    /// Whether a column is there or may become one.
    fn has_room(&mut self, name: Id, strings: &impl Look) -> bool {
        if self.place(name).is_ok() {
            return true;
        }
        let out = |ceiling| name.is_text() && strings.look(name, rank) > ceiling;
        if self.ceiling.is_some_and(out) {
            return false;
        }
        if self.columns.len() < FIELD_BOUND + FIELD_BOUND / 2 {
            return true;
        }
        self.shrink_fields(strings);
        !self.ceiling.is_some_and(out)
    }

    /// Lets the values with the highest ranks go until the bound holds.
    fn shrink(&mut self, name: Id, strings: &impl Look) {
        let own = self.list(name).into_iter();
        let ranks: HashMap<Id, u64> =
            own.map(|(value, _)| (value, strings.look(value, rank))).collect();
        let ceiling = rank::ceiling(ranks.values().copied(), bound(name));
        let (mut gone, mut kept) = (0, 0);
        self.counts.retain(|[column, value], count| {
            let stays = column != name || ranks[&value] <= ceiling;
            gone += if stays { 0 } else { count };
            kept += usize::from(stays && column == name);
            stays
        });
        self.tight = true;
        let column = self.column(name);
        column.other += gone;
        column.ceiling = Some(ceiling);
        column.kept = kept;
    }

    /// Lets the fields whose names have the highest ranks go until their bound holds.
    fn shrink_fields(&mut self, strings: &impl Look) {
        let fields = || self.columns.iter().map(|(name, _)| *name).filter(|name| name.is_text());
        if fields().count() <= FIELD_BOUND {
            return;
        }
        let ranks: HashMap<Id, u64> =
            fields().map(|name| (name, strings.look(name, rank))).collect();
        let ceiling = rank::ceiling(ranks.values().copied(), FIELD_BOUND);
        (self.ceiling, self.tight) = (Some(ceiling), true);
        let stays = |name: &Id| ranks.get(name).is_none_or(|rank| *rank <= ceiling);
        self.columns.retain(|(name, _)| stays(name));
        self.counts.retain(|[name, _], _| stays(&name));
    }

    /// Lets go of all that is above a bound.
    pub fn settle(&mut self, strings: &impl Look) {
        let full = self.columns.iter().filter(|(name, column)| column.kept > bound(*name));
        for name in full.map(|(name, _)| *name).collect::<Vec<_>>() {
            self.shrink(name, strings);
        }
        self.shrink_fields(strings);
    }

    /// The values of a column, and their counts, in no order.
    pub fn list(&self, name: Id) -> Vec<(Id, u64)> {
        let own = self.counts.iter().filter(|([column, _], _)| *column == name);
        own.map(|([_, value], count)| (value, count)).collect()
    }

    /// The names of the columns, in no order.
    pub fn names(&self) -> impl Iterator<Item = Id> {
        self.columns.iter().map(|(name, _)| *name)
    }

    /// Whether any value or field has been let go.
    pub const fn is_tight(&self) -> bool {
        self.tight
    }

    /// What was counted in each column, by its name.
    pub fn counted(&self) -> impl Iterator<Item = (Id, Counted)> {
        // Columns and values come in the same order.
        let mut counts = self.counts.iter().peekable();
        self.columns.iter().map(move |(name, column)| {
            let Column { kept, other, absent, ceiling } = *column;
            let mut list = Vec::with_capacity(kept);
            while let Some(([_, value], count)) = counts.next_if(|([of, _], _)| of == name) {
                list.push((value, count));
            }
            (*name, Counted { list, other, absent, ceiling })
        })
    }
}

fn bound(name: Id) -> usize {
    if name.is_text() { BOUND } else { SMALL_BOUND }
}
