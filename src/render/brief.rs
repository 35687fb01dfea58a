//! The report in brief: what `brief.txt`, `brief.md` and the mail tell.

use super::Error;
use crate::wording::number;

mod model;
mod plain;
mod size;

pub use self::{
    model::{Brief, BriefAction, BriefChange, BriefChanges, BriefIncident, BriefList, BriefNumber},
    plain::text,
    size::{Size, cut},
};

/// A brief is shorter than this, in bytes.
pub const LIMIT: usize = 2048;

/// Where the links of a brief lead.
#[derive(Clone, Copy)]
pub struct Links<'a> {
    /// What stands before the path of a page; absent where there are no links.
    pub root: Option<&'a str>,
    /// How the pages' names end: `.html` or `.md`.
    pub extension: &'static str,
}

/// The largest brief that is short enough. `write` makes its text.
///
/// # Errors
/// What `write` says; or the text is too long with the fewest rows, as a template of the user's can
/// make it.
pub fn fitted<'a>(
    name: &str,
    brief: impl Fn(&Size) -> Brief<'a>,
    write: impl Fn(&Brief<'a>) -> Result<String, Error>,
) -> Result<String, Error> {
    let mut size = Size::FULL;
    let mut text = write(&brief(&size))?;
    for less in Size::CUTS {
        if text.len() < LIMIT {
            break;
        }
        less(&mut size);
        text = write(&brief(&size))?;
    }
    if text.len() < LIMIT {
        return Ok(text);
    }
    Err(Error::Templates(format!(
        "{name} takes {} bytes with the fewest rows, and must take fewer than {}: shorten the template markdown/{name}",
        number(text.len() as u64),
        number(LIMIT as u64),
    )))
}
