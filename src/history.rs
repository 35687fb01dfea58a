//! What each week held: alerts and episodes by rule and host, and which hosts spoke in which hours.
//!
//! A [`Ledger`] comes from the logs, from the files of a history folder, or from both; joining two
//! never loses what either has counted.

mod all;
mod folder;
mod ledger;
mod pairs;
mod record;
mod week;

pub use all::History;
pub use folder::{is_ours, read, write};
pub use ledger::{Kept, Ledger};
pub use pairs::{Joined, joined};
pub use record::{FORMAT, Settings};
pub use week::{Calendar, Key, Pair, Spoke, Week};
