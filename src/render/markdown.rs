//! Sealed Markdown, written out in a dialect. A dialect is one file with one way to escape.

use pulldown_cmark::Options;

mod around;
pub mod code;
mod data;
pub mod fence;
pub mod gfm;
pub mod headings;
pub mod html;
pub mod prose;
mod shell;

/// The Markdown that templates are written in.
pub fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH
}
