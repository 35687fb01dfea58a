//! Which columns the values of an alert belong to. Alerts of one rule mostly have the same, so
//! that what is kept of an alert need not say it again.

use std::sync::{Arc, PoisonError, RwLock};

use hashbrown::HashMap;

use super::{joint::JOINT_FIELDS, names::PLACE, strings::Id};

/// Columns of all layouts together; an alert with yet another layout is counted at once.
const MOST: usize = if cfg!(test) { 1 << 12 } else { 1 << 20 };

/// The columns of an alert's values, in their order.
#[derive(Debug, Default)]
pub struct Layout {
    /// Names of the columns; `None` for a value that belongs to none and only stands for another
    /// that is too long to be compared.
    pub columns: Vec<Option<Id>>,
    /// Which of the values are the parts of a place.
    pub place: [Option<u32>; PLACE.len()],
    /// Which of the values are counted together.
    pub joint: [Option<u32>; JOINT_FIELDS.len()],
}

/// The layouts of all alerts, shared by all workers.
#[derive(Debug, Default)]
pub struct Layouts(RwLock<Known>);

#[derive(Debug, Default)]
struct Known {
    list: Vec<Arc<Layout>>,
    /// Their numbers by their hashes.
    numbers: HashMap<u64, u32>,
    columns: usize,
}

impl Layouts {
    /// The number of a layout, which becomes known if there is room.
    pub fn number(&self, hash: u64, make: impl FnOnce() -> Layout) -> Option<u32> {
        let full = {
            let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(number) = known.numbers.get(&hash) {
                return Some(*number);
            }
            known.columns >= MOST
        };
        if full {
            return None;
        }
        let layout = make();
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let Known { list, numbers, columns } = &mut *known;
        let number = numbers.entry(hash).or_insert_with(|| {
            *columns += layout.columns.len() + 1;
            list.push(Arc::new(layout));
            u32::try_from(list.len() - 1).unwrap_or(u32::MAX)
        });
        Some(*number)
    }

    /// All of them, by number.
    pub fn list(&self) -> Vec<Arc<Layout>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).list.clone()
    }

    /// Calls `with` with all of them, by number.
    pub fn look<T>(&self, with: impl FnOnce(&[Arc<Layout>]) -> T) -> T {
        with(&self.0.read().unwrap_or_else(PoisonError::into_inner).list)
    }
}
