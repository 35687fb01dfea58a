//! When the alerts of an incident came.

use super::{activity::Pulse, moments::Moments};
use crate::time::Timestamp;

/// Alerts by time, in as few bytes as they need: of all incidents together they would else take
/// more room than what is counted of their values.
#[derive(Clone, Debug, Default)]
pub struct Times {
    pulse: Box<[u8]>,
    moments: Box<[u8]>,
}

impl Times {
    /// Counts alerts. `gap` is the silence, in seconds, that ends an episode.
    pub fn add(&mut self, alerts: impl Iterator<Item = Timestamp>, gap: u64) {
        let (mut pulse, mut moments) = (self.pulse(), Moments::unpack(&self.moments));
        for time in alerts {
            pulse.saw(time, gap);
            moments.saw(time);
        }
        (self.pulse, self.moments) = (pulse.pack(), moments.pack());
    }

    /// By episode.
    pub fn pulse(&self) -> Pulse {
        Pulse::unpack(&self.pulse)
    }

    /// Seconds of the earliest, at most [`MOMENTS`](super::MOMENTS), in order.
    pub fn moments(&self) -> Vec<i64> {
        Moments::unpack(&self.moments).into_list()
    }
}
