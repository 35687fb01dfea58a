//! alertbook reads security alert logs, groups the alerts by rule and host, and writes incident
//! reports. The stages stand here in the order in which data passes them.

pub mod priority;
pub mod render;
pub mod report;
pub mod slug;
pub mod time;
