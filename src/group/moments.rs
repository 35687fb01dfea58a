//! When the first alerts of an incident came, to the second: enough to tell a timer from chance.

use super::numbers::{Numbers, put_signed};
use crate::time::Timestamp;

/// Alerts of an incident whose seconds are kept.
pub const MOMENTS: usize = 1000;

/// The earliest seconds at which an alert came, in order, a second as often as it had alerts.
#[derive(Clone, Debug, Default)]
pub struct Moments(Vec<i64>);

impl Moments {
    /// Takes up an alert.
    pub fn saw(&mut self, time: Timestamp) {
        self.add(time.secs);
    }

    /// The seconds in few bytes.
    pub fn pack(&self) -> Box<[u8]> {
        let (mut out, mut before) = (Vec::new(), 0);
        for secs in &self.0 {
            put_signed(&mut out, secs.wrapping_sub(before));
            before = *secs;
        }
        out.into_boxed_slice()
    }

    /// Seconds that were packed.
    pub fn unpack(packed: &[u8]) -> Self {
        let (mut packed, mut secs, mut all) = (Numbers(packed), 0_i64, Vec::new());
        while !packed.is_empty() {
            secs = secs.wrapping_add(packed.take_signed());
            all.push(secs);
        }
        Self(all)
    }

    /// The seconds.
    pub fn into_list(self) -> Vec<i64> {
        self.0
    }

    fn add(&mut self, secs: i64) {
        // Alerts come nearly in order: most of those beyond the bound are later than all kept.
        let late = self.0.last().is_none_or(|last| secs >= *last);
        match (late, self.0.len() < MOMENTS) {
            (true, true) => self.0.push(secs),
            (true, false) => {}
            (false, room) => {
                let at = self.0.partition_point(|known| *known <= secs);
                if !room {
                    self.0.pop();
                }
                self.0.insert(at, secs);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_earliest_stay_in_order(secs in prop::collection::vec(0_i64..5000, 900..1300)) {
            let mut moments = Moments::default();
            for secs in &secs {
                moments.add(*secs);
            }
            let mut sorted = secs.clone();
            sorted.sort_unstable();
            sorted.truncate(MOMENTS);
            prop_assert_eq!(Moments::unpack(&moments.pack()).into_list(), sorted);
        }
    }
}
