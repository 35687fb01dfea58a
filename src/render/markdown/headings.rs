//! Headings of one text are fitted below those of the page that takes it in.

use pulldown_cmark::{Event, HeadingLevel, Parser, Tag};

use super::options;

/// The Markdown with its highest heading at a level, and the others as far below it as before,
/// to level six.
pub fn lowered(markdown: &str, top: HeadingLevel) -> String {
    let headings: Vec<_> = Parser::new_ext(markdown, options())
        .into_offset_iter()
        .filter_map(|(event, range)| match event {
            Event::Start(Tag::Heading { level, .. }) => Some((level, range)),
            _ => None,
        })
        .collect();
    let Some(highest) = headings.iter().map(|(level, _)| *level as usize).min() else {
        return markdown.to_owned();
    };
    let mut out = String::with_capacity(markdown.len() + headings.len());
    let mut at = 0;
    for (level, range) in headings {
        out.push_str(&markdown[at..range.start]);
        let depth = (level as usize - highest + top as usize).min(HeadingLevel::H6 as usize);
        out.push_str(&"#".repeat(depth));
        out.push(' ');
        let source = markdown[range.clone()].trim_end();
        out.push_str(heading_text(source));
        out.push('\n');
        at = range.end;
    }
    out.push_str(&markdown[at..]);
    out
}

/// The words of a heading, written with `#` before or with a line under it.
fn heading_text(source: &str) -> &str {
    if source.starts_with('#') {
        return source.trim_start_matches('#').trim();
    }
    source.lines().next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_heading_takes_the_level() {
        let source = "# A\n\n```sh\n# no heading\n```\n\n### B\ntext\n\nC\n---\n";
        assert_eq!(
            lowered(source, HeadingLevel::H3),
            "### A\n\n```sh\n# no heading\n```\n\n##### B\ntext\n\n#### C\n"
        );
        assert_eq!(lowered("###### x", HeadingLevel::H3), "### x\n");
        assert_eq!(lowered("no heading", HeadingLevel::H3), "no heading");
    }
}
