//! Falco's eight priorities, in Falco's order.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A rule's priority as Falco names it (falcosecurity/falco, `falco_common.h`).
///
/// The order is Falco's: `Emergency` is the highest and sorts first.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[repr(u8)]
pub enum Priority {
    /// System is unusable.
    Emergency,
    /// Action must be taken at once.
    Alert,
    /// Critical condition.
    Critical,
    /// Error condition; Falco's own rules use it for writing state.
    Error,
    /// Warning; Falco's own rules use it for reading what should not be read.
    Warning,
    /// Normal but notable behaviour.
    Notice,
    /// Bad practice worth knowing.
    Informational,
    /// Prone to false positives, or for the rule's author only.
    Debug,
}

impl Priority {
    /// All eight, highest first.
    pub const ALL: [Self; 8] = [
        Self::Emergency,
        Self::Alert,
        Self::Critical,
        Self::Error,
        Self::Warning,
        Self::Notice,
        Self::Informational,
        Self::Debug,
    ];

    /// Falco's word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Emergency => "Emergency",
            Self::Alert => "Alert",
            Self::Critical => "Critical",
            Self::Error => "Error",
            Self::Warning => "Warning",
            Self::Notice => "Notice",
            Self::Informational => "Informational",
            Self::Debug => "Debug",
        }
    }

    /// Reads a priority in any case, also the short forms `Info` and `INFO` that Falco
    /// accepts in rules and prints in its statistics, and those of syslog.
    pub fn parse(word: &str) -> Option<Self> {
        const SHORT: [(&str, Priority); 5] = [
            ("info", Priority::Informational),
            ("warn", Priority::Warning),
            ("err", Priority::Error),
            ("crit", Priority::Critical),
            ("emerg", Priority::Emergency),
        ];
        let named = Self::ALL.map(|priority| (priority.name(), priority)).into_iter();
        let mut known = named.chain(SHORT);
        known.find(|(name, _)| word.eq_ignore_ascii_case(name)).map(|(_, priority)| priority)
    }

    /// Its place in [`Priority::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Priority {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back_in_any_case() {
        for priority in Priority::ALL {
            assert_eq!(Priority::parse(priority.name()), Some(priority));
            assert_eq!(Priority::parse(&priority.name().to_uppercase()), Some(priority));
        }
        for (short, priority) in [
            ("Info", Priority::Informational),
            ("WARN", Priority::Warning),
            ("err", Priority::Error),
            ("crit", Priority::Critical),
            ("emerg", Priority::Emergency),
        ] {
            assert_eq!(Priority::parse(short), Some(priority));
        }
        assert_eq!(Priority::parse("Catastrophic"), None);
        assert_eq!(Priority::parse(""), None);
    }

    #[test]
    fn emergency_is_the_highest() {
        assert!(Priority::Emergency < Priority::Debug);
        assert_eq!(Priority::ALL.iter().min(), Some(&Priority::Emergency));
    }
}
