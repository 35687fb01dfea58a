//! The one way in which text becomes HTML.

use std::io::{self, Write};

use super::text::{Breaks, visible};

/// Writes text for an HTML element or a quoted attribute; the escape function of the HTML engine.
pub fn html_to(text: &str, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(html(text, Breaks::Keep).as_bytes())
}

/// Text for an HTML element or a quoted attribute.
pub fn html(text: &str, breaks: Breaks) -> String {
    let text = visible(text, breaks);
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut rest = &*text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_markup_nor_an_attribute_can_be_left() {
        assert_eq!(html("<a b=\"'&\u{202e}\n", Breaks::Keep), "&lt;a b=&quot;&#39;&amp;⟦U+202E⟧\n");
        assert_eq!(html("a\nb", Breaks::Mark), "a ⏎ b");
    }
}
