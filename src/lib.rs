//! alertbook reads security alert logs, groups the alerts by rule and host, and writes incident
//! reports. The stages stand here in the order in which data passes them.

pub mod alert;
pub mod attack;
pub mod bundled;
pub mod config;
pub mod dictionary;
pub mod error;
pub mod group;
pub mod host;
pub mod intake;
pub mod json;
pub mod mitigation;
pub mod normalise;
pub mod page;
pub mod period;
pub mod priority;
pub mod publish;
pub mod read;
pub mod render;
pub mod report;
pub mod samples;
pub mod slug;
pub mod time;
pub mod wording;
