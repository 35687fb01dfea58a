//! The forms that an incident's output takes.

use super::{
    Kept, Sighting,
    columns::SMALL_BOUND,
    rank::{self, rank},
    strings::{Id, Look},
};
use crate::time::Timestamp;

/// A shape of an incident.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Its text.
    pub text: Id,
    /// Its alerts.
    pub count: u64,
    /// The first of them.
    pub first: Kept,
    /// Time of the last.
    pub last: Timestamp,
}

/// The shapes of an incident, in no order: few, so that looking through them is quickest. Beyond
/// the bound those with the lowest ranks stay, as in a column.
#[derive(Debug, Default)]
pub struct Shapes {
    /// The texts of the shapes seen, in the same order.
    ids: Vec<Id>,
    seen: Vec<Seen>,
    /// The highest rank that stays, once shapes have been let go.
    ceiling: Option<u64>,
}

impl Shapes {
    /// Counts an alert of a shape, which is let in if its rank is low enough. `kept` is the alert, to be
    /// kept for a sample.
    pub fn add(
        &mut self,
        text: Id,
        sighting: &Sighting<'_>,
        kept: impl FnOnce() -> Kept,
        strings: &impl Look,
    ) {
        if let Some(at) = self.ids.iter().position(|known| *known == text) {
            let seen = &mut self.seen[at];
            seen.count += 1;
            seen.last = seen.last.max(sighting.alert.time);
            if sighting.is_before(&seen.first) {
                seen.first = kept();
            }
            return;
        }
        let out = |ceiling| text == Id::OTHER || strings.look(text, rank) > ceiling;
        if self.ceiling.is_some_and(out) {
            return;
        }
        let (first, last) = (kept(), sighting.alert.time);
        self.ids.push(text);
        self.seen.push(Seen { text, count: 1, first, last });
        if self.ids.len() > SMALL_BOUND + SMALL_BOUND / 2 {
            self.shrink(strings);
        }
    }

    /// The highest rank that a new shape may have; `None` for any.
    pub const fn ceiling(&self) -> Option<u64> {
        self.ceiling
    }

    /// All of them.
    pub fn list(&self) -> &[Seen] {
        &self.seen
    }

    /// Lets go of what is above the bound, and gives back the room that is not used.
    pub fn settle(&mut self, strings: &impl Look) {
        if self.ids.len() > SMALL_BOUND {
            self.shrink(strings);
        }
        self.ids = Vec::new();
        self.seen.shrink_to_fit();
    }

    fn shrink(&mut self, strings: &impl Look) {
        let ranks = self.ids.iter().map(|id| strings.look(*id, rank));
        let ceiling = rank::ceiling(ranks, SMALL_BOUND);
        self.seen.retain(|seen| strings.look(seen.text, rank) <= ceiling);
        self.ids = self.seen.iter().map(|seen| seen.text).collect();
        self.ceiling = Some(ceiling);
    }
}
