//! A folder of logs becomes blocks of records. The only room that opens logs.
//!
//! The unit of work is a file, or a stretch of a large plain file cut where a record ends; the
//! cuts depend on the file alone, so the result does not depend on the number of threads.

mod again;
mod archive;
mod blocks;
mod cut;
mod elements;
mod extent;
mod format;
mod gzip;
mod limits;
mod lines;
mod open;
mod pieces;
mod stream;
mod unpack;
mod utf16;
mod walk;

pub use again::Again;
pub use blocks::{Block, Done, Layout, Part, Scratch, Unit, read, units};
pub use format::{Encoding, Format, Packing};
pub use limits::Limits;
pub use lines::records;
pub use pieces::{JOB, begins_anew, numbering, of_job};
pub use walk::{Found, LogFile, Passed, find, standard_input};

/// The longest record that is read; a longer one is passed piece by piece and rejected.
pub const MAX_RECORD: usize = 16 << 20;

/// Bytes in a unit of a large file.
const UNIT: u64 = 2 << 20;

#[cfg(test)]
mod tests;
