//! The one way in which text becomes HTML.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use super::text::{Breaks, visible};

/// Bytes that are looked through at a time.
const BLOCK: usize = 32;

/// Writes text for an HTML element or a quoted attribute; the escape function of the HTML engine.
pub fn html_to(text: &str, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(html(text, Breaks::Keep).as_bytes())
}

/// Text for an HTML element or a quoted attribute.
pub fn html(text: &str, breaks: Breaks) -> Cow<'_, str> {
    let text = visible(text, breaks);
    let bytes = text.as_bytes();
    if !bytes.chunks(BLOCK).any(holds_markup) {
        return text;
    }
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    let mut end = 0;
    for (start, block) in (0..).step_by(BLOCK).zip(bytes.chunks(BLOCK)) {
        if !holds_markup(block) {
            continue;
        }
        for (at, byte) in (start..).zip(block) {
            if let Some(entity) = entity(*byte) {
                out.push_str(&text[end..at]);
                out.push_str(entity);
                end = at + 1;
            }
        }
    }
    out.push_str(&text[end..]);
    Cow::Owned(out)
}

/// Whether a byte of a block means something to HTML; many are looked at at once.
fn holds_markup(block: &[u8]) -> bool {
    let is_markup = |byte: u8| matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'');
    block.iter().fold(false, |any, byte| any | is_markup(*byte))
}

/// What stands for a character that means something to HTML.
fn entity(byte: u8) -> Option<&'static str> {
    Some(match byte {
        b'&' => "&amp;",
        b'<' => "&lt;",
        b'>' => "&gt;",
        b'"' => "&quot;",
        b'\'' => "&#39;",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn neither_markup_nor_an_attribute_can_be_left() {
        assert_eq!(html("<a b=\"'&\u{202e}\n", Breaks::Keep), "&lt;a b=&quot;&#39;&amp;⟦U+202E⟧\n");
        assert_eq!(html("a\nb", Breaks::Mark), "a ⏎ b");
    }

    proptest! {
        #[test]
        fn each_sign_of_markup_is_an_entity(text in "([a&<>\"'é]|[a-zé]{20}){0,12}") {
            let plain = text
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;")
                .replace('"', "&quot;")
                .replace('\'', "&#39;");
            prop_assert_eq!(html(&text, Breaks::Keep), plain);
        }
    }
}
