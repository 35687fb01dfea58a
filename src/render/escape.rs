//! The one way in which text becomes HTML.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use super::text::{Breaks, visible};

/// Writes text for an HTML element or a quoted attribute; the escape function of the HTML engine.
pub fn html_to(text: &str, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(html(text, Breaks::Keep).as_bytes())
}

/// Text for an HTML element or a quoted attribute.
pub fn html(text: &str, breaks: Breaks) -> Cow<'_, str> {
    let text = visible(text, breaks);
    let entity = |(at, byte)| Some((at, entity(byte)?));
    let mut entities = text.bytes().enumerate().filter_map(entity).peekable();
    if entities.peek().is_none() {
        return text;
    }
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut end = 0;
    for (at, entity) in entities {
        out.push_str(&text[end..at]);
        out.push_str(entity);
        end = at + 1;
    }
    out.push_str(&text[end..]);
    Cow::Owned(out)
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
        fn each_sign_of_markup_is_an_entity(text in "[a&<>\"'é]{0,12}") {
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
