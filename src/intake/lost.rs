//! What Falco says that it lost: system calls that it could not look at, and alerts that it could
//! not hand out.

use std::collections::BTreeMap;

use crate::alert::Alert;

/// Counters of Falco's metrics, which rise from its start on.
const SYSTEM_CALLS: &str = "scap.n_drops";
const ALERTS: &str = "falco.outputs_queue_num_drops";

/// What a message on dropped system calls counts, of the second before it.
const DROPPED: &str = "n_drops";

/// What one host lost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loss {
    /// System calls, summed over messages that each tell of a second.
    pub in_messages: u64,
    /// System calls, the highest that a counter stood at.
    pub system_calls: u64,
    /// Alerts, the highest that a counter stood at.
    pub alerts: u64,
}

/// What each host lost, of those that say anything of it.
#[derive(Clone, Debug, Default)]
pub struct Lost(pub BTreeMap<String, Loss>);

impl Lost {
    /// Takes up one of Falco's messages on its health.
    pub fn saw(&mut self, host: &str, message: &Alert<'_>) {
        let count = |name: &str| {
            let shown = message.field(name)?;
            shown.parse::<u64>().ok().filter(|count| *count > 0)
        };
        let found = [DROPPED, SYSTEM_CALLS, ALERTS].map(count);
        if found == [None; 3] {
            return;
        }
        let [in_messages, system_calls, alerts] = found.map(|count| count.unwrap_or(0));
        self.add(host, Loss { in_messages, system_calls, alerts });
    }

    /// Adds another's.
    pub fn absorb(&mut self, other: Self) {
        for (host, loss) in other.0 {
            self.add(&host, loss);
        }
    }

    fn add(&mut self, host: &str, loss: Loss) {
        let known = self.0.entry(host.to_owned()).or_default();
        known.in_messages = known.in_messages.saturating_add(loss.in_messages);
        known.system_calls = known.system_calls.max(loss.system_calls);
        known.alerts = known.alerts.max(loss.alerts);
    }
}
