//! The templates and static files that come with the program, by the names that pages know.

use crate::bundled::{HTML_TEMPLATES, MARKDOWN_TEMPLATES};

/// Files that are published as they stand, by path in the site.
pub const STATIC: &[(&str, &[u8])] = &[
    ("static/site.js", include_bytes!("../../static/site.js")),
    ("static/style.css", include_bytes!("../../static/style.css")),
];

/// Templates of the HTML pages.
pub fn html<'a>() -> impl Iterator<Item = (String, &'a str)> {
    HTML_TEMPLATES.iter().map(|(file, text)| (format!("html/{file}"), *text))
}

/// Templates of the Markdown pages.
pub fn markdown<'a>() -> impl Iterator<Item = (String, &'a str)> {
    MARKDOWN_TEMPLATES.iter().map(|(file, text)| (format!("markdown/{file}"), *text))
}
