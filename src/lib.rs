//! alertbook reads security alert logs, groups the alerts by rule and host, and writes incident
//! reports. The stages stand here in the order in which data passes them.

pub mod alert;
pub mod error;
pub mod group;
pub mod host;
pub mod intake;
pub mod json;
pub mod normalise;
pub mod priority;
pub mod read;
pub mod report;
pub mod slug;
pub mod time;
