//! One file of the site, still in memory.

/// A file that the site is to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Where it goes, relative to the site's folder, with `/` between components.
    pub path: String,
    /// What it holds, to the byte.
    pub bytes: Vec<u8>,
}
