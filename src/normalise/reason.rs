//! Why a record was rejected.

use crate::json::FaultKind;

macro_rules! reasons {
    ($($variant:ident $name:literal $meaning:literal,)*) => {
        /// Why a record was rejected. The names are stable: they stand in `rejected.jsonl`,
        /// `report.json` and `check --json`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Reason {
            $(#[doc = $meaning] $variant,)*
        }

        impl Reason {
            /// Every reason.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Short name.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The reason in words.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }
        }
    };
}

reasons! {
    Truncated "truncated" "The record ends in the middle of a JSON value.",
    Unfinished "unfinished" "The last line of the file has no end yet; it may still be written to.",
    Torn "torn" "A piece of a JSON record without its beginning.",
    TrailingData "trailing-data" "Something else follows the JSON value on its line.",
    NotJson "not-json" "The line looks like JSON and is not.",
    BadEscape "bad-escape" "A string holds an escape sequence that JSON does not have.",
    ControlCharacter "control-character" "A string holds a raw control character.",
    NumberRange "number-range" "A number is too large.",
    TooDeep "too-deep" "The JSON is nested deeper than 128 levels.",
    TooLong "too-long" "The record is longer than 16 MiB.",
    Nul "nul" "The record holds NUL bytes, as a hole in a rotated file does.",
    InvalidUtf8 "invalid-utf8" "The record is not UTF-8.",
    NotObject "not-object" "A JSON value that is not an object.",
    MissingRule "missing-rule" "A JSON object without a rule.",
    NothingDeclared "nothing-declared" "A declared source claims the record, and there is nothing where it says that the rule is.",
    LeftOut "left-out" "journalctl wrote null for a message longer than 4 KiB; with `--all` it writes the message.",
    MissingPriority "missing-priority" "A JSON object with a rule and a time, and without a known priority, an output or output fields.",
    MissingTime "missing-time" "An alert without a time.",
    BadTime "bad-time" "An alert whose time cannot be read.",
    BadType "bad-type" "An alert in which rule, time or priority is not text.",
    TextAlert "text-alert" "A Falco alert in text form without a date; with one in the file's name, as in falco-2026-11-18.log, it is read.",
}

impl Reason {
    /// Whether such a record has nothing of an alert, so that it may be of something else altogether.
    pub const fn is_foreign(self) -> bool {
        matches!(
            self,
            Self::MissingRule
                | Self::MissingPriority
                | Self::NotObject
                | Self::Nul
                | Self::InvalidUtf8
        )
    }
}

impl From<FaultKind> for Reason {
    fn from(kind: FaultKind) -> Self {
        match kind {
            FaultKind::Truncated => Self::Truncated,
            FaultKind::Unexpected => Self::NotJson,
            FaultKind::ControlCharacter => Self::ControlCharacter,
            FaultKind::Escape => Self::BadEscape,
            FaultKind::NumberRange => Self::NumberRange,
            FaultKind::TooDeep => Self::TooDeep,
        }
    }
}
