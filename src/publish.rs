//! Pages into the folder that readers see, all of them or none.
//!
//! A run builds the whole site in a staging folder beside the published one, on the same file
//! system, and then exchanges the two names in one step. Whoever reads, and whenever the run is
//! killed, the published folder is the old site or the new one, whole.
//!
//! The site holds a [`Manifest`] of the files that a run wrote, and a note of what they were made from.
//! Nothing else is ever deleted: what people put into the folder is carried from each site to the next.

mod carry;
mod commit;
mod disk;
mod error;
mod folders;
mod location;
mod lock;
mod made_from;
mod manifest;
mod path;
mod recover;
mod retire;
mod staging;
mod stream;
mod swap;

pub use error::Error;
pub use manifest::{Fingerprint, Manifest};
pub use staging::Staging;

/// What a commit did to the pages of the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// Pages that are new or whose bytes differ from those that were there.
    pub written: usize,
    /// Pages that were there already, to the byte.
    pub kept: usize,
    /// Pages of the site before that this one no longer has.
    pub removed: usize,
}
