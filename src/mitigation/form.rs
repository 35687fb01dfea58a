//! The nine parts of an advice, in their order, and how one text is put into another by parts.

use super::Extends;

/// The headings of an advice, in order.
pub const PARTS: [&str; 9] = [
    "Why this fires",
    "Confirm",
    "Known benign causes",
    "Contain",
    "Eradicate and recover",
    "Prevent",
    "Tune",
    "Close when",
    "References",
];

/// A part of a text: the line of its heading, and what stands below.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part<'t> {
    /// Words of the heading; empty for what stands before the first.
    name: &'t str,
    heading: &'t str,
    body: &'t str,
}

/// Cuts a text at its headings of the third level, but for those in fences.
fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut name, mut heading) = ("", 0..0);
    let (mut at, mut fence): (usize, Option<&str>) = (0, None);
    for line in text.split_inclusive('\n') {
        let start = line.trim_start();
        match fence {
            Some(mark) if start.starts_with(mark) => fence = None,
            Some(_) => {}
            None => {
                fence = ["```", "~~~"].into_iter().find(|mark| start.starts_with(mark));
                if let Some(words) = line.strip_prefix("### ") {
                    let body = &text[heading.end..at];
                    parts.push(Part { name, heading: &text[heading], body });
                    (name, heading) = (words.trim(), at..at + line.len());
                }
            }
        }
        at += line.len();
    }
    let body = &text[heading.end..];
    parts.push(Part { name, heading: &text[heading], body });
    parts
}

/// An advice with the parts of another appended to its own, or in their place. A part that the
/// advice does not have is put at its end.
pub fn extended(advice: &str, by: &str, how: Extends) -> String {
    let mut blocks: Vec<(&str, String)> = parts(advice)
        .into_iter()
        .map(|part| (part.name, [part.heading, part.body].concat()))
        .collect();
    for part in parts(by).iter().filter(|part| !part.body.trim().is_empty()) {
        let body = part.body.trim();
        let block = blocks.iter_mut().find(|(name, _)| *name == part.name);
        match (block, how) {
            (Some((_, text)), Extends::Append) => *text = join(text.trim_end(), body),
            (Some((_, text)), Extends::Replace) => *text = join(part.heading.trim_end(), body),
            (None, _) => blocks.push((part.name, join(part.heading.trim_end(), body))),
        }
    }
    let texts = blocks.iter().map(|(_, text)| text.trim()).filter(|text| !text.is_empty());
    texts.collect::<Vec<_>>().join("\n\n")
}

/// Two texts with a blank line between them; none between the items of one list.
fn join(above: &str, below: &str) -> String {
    let last = above.lines().next_back().unwrap_or_default();
    let in_list = last.starts_with("- ") || last.starts_with("  ");
    let between = match (above.is_empty(), in_list && below.starts_with("- ")) {
        (true, _) => "",
        (false, true) => "\n",
        (false, false) => "\n\n",
    };
    format!("{above}{between}{below}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADVICE: &str =
        "### Confirm\n\n- [ ] a\n  ```sh\n### no heading\n  ```\n\n### Contain\n\nb\n";

    #[test]
    fn parts_are_appended() {
        assert_eq!(
            extended(ADVICE, "### Contain\nc\n### Confirm\n- [ ] d\n", Extends::Append),
            "### Confirm\n\n- [ ] a\n  ```sh\n### no heading\n  ```\n- [ ] d\n\n### Contain\n\nb\n\nc"
        );
    }

    #[test]
    fn parts_are_replaced_and_others_stay() {
        assert_eq!(
            extended(
                "before\n\n### Contain\n\nb\n",
                "### Contain\n\nc\n### Tune\n\nd",
                Extends::Replace
            ),
            "before\n\n### Contain\n\nc\n\n### Tune\n\nd"
        );
    }

    #[test]
    fn a_part_without_text_changes_nothing() {
        assert_eq!(extended("### Tune\n\na", "### Tune\n\n", Extends::Replace), "### Tune\n\na");
    }
}
