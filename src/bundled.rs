//! The files that the program carries: templates, mitigations, stylesheet and data.

include!(concat!(env!("OUT_DIR"), "/bundled.rs"));

/// What documents the templates.
pub const TEMPLATES_README: &str = include_str!("../templates/README.md");

/// The dictionary of output fields.
pub const FIELDS: &str = include_str!("../data/fields.toml");

/// Tactics and techniques of ATT&CK.
pub const ATTACK: &str = include_str!("../data/attack.json");

/// Falco's own rules: names, former names, priorities, tags and beginnings of messages.
pub const FALCO_RULES: &str = include_str!("../data/falco-rules.json");

/// How other detectors' records are read.
pub const SOURCES: &str = include_str!("../data/sources.toml");
