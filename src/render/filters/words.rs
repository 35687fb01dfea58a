//! Filters that give words another form.

#![expect(clippy::needless_pass_by_value, reason = "Tera hands arguments over by value")]

use std::{
    collections::BTreeMap,
    sync::{PoisonError, RwLock},
};

use tera::{Kwargs, State, TeraResult, Value};

/// The first characters of a text, and `…` if there were more.
pub fn cut(text: &str, kwargs: Kwargs, _: &State) -> TeraResult<String> {
    let length = kwargs.get::<usize>("length")?.unwrap_or(80);
    if text.len() <= length {
        return Ok(text.to_owned());
    }
    Ok(match text.char_indices().nth(length) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    })
}

/// The length of a value, as Tera has it: of a text, as a reader counts characters. Those of ASCII
/// without a carriage return, which would be one with the newline after it, are its bytes.
pub fn length(value: &Value, _: Kwargs, _: &State) -> TeraResult<usize> {
    let bytes = value.as_str().filter(|text| text.is_ascii() && !text.contains('\r'));
    let length = bytes.map(str::len).or_else(|| value.len());
    let none = || tera::Error::message(format!("Value of type {} has no length", value.name()));
    length.ok_or_else(none)
}

/// The lines of a text.
pub fn lines(text: &str, _: Kwargs, _: &State) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

/// Texts of which [`Coded`] remembers what they become: more than our dictionary holds.
const REMEMBERED: usize = 1024;

/// Writes texts in which words between back quotes are code, as in our dictionary of fields. Nearly
/// every page shows some of the same texts, so that what each becomes is remembered.
pub struct Coded {
    code: [&'static str; 2],
    known: RwLock<BTreeMap<String, Value>>,
}

impl Coded {
    /// Writes code between these two.
    pub fn new(code: [&'static str; 2]) -> Self {
        Self { code, known: RwLock::default() }
    }

    /// A text with its code.
    pub fn filled(&self, text: &str, state: &State) -> TeraResult<Value> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).get(text).cloned();
        if let Some(coded) = known {
            return Ok(coded);
        }
        let coded = coded(text, self.code, state)?;
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < REMEMBERED {
            known.insert(text.to_owned(), coded.clone());
        }
        Ok(coded)
    }
}

/// A text in which words between back quotes are code. Each part is escaped like any value, but for
/// words that mean nothing to any reader: sealed ones could not be told from code beside them.
fn coded(text: &str, [open, close]: [&str; 2], state: &State) -> TeraResult<Value> {
    let mut out = String::new();
    let several = text.contains('`');
    for (index, part) in text.split('`').enumerate().filter(|(_, part)| !part.is_empty()) {
        let code = index % 2 == 1;
        if several && !code && are_words(part, index == 0) {
            out.push_str(part);
            continue;
        }
        let part = state.escape(part)?;
        out.extend(if code { [open, &part, close] } else { ["", &part, ""] });
    }
    Ok(Value::safe_string(&out))
}

/// Whether a text is words and punctuation without a meaning to HTML or Markdown; at the beginning
/// of a line too, if it is the `first` of several.
pub fn are_words(text: &str, first: bool) -> bool {
    let begins = !first || text.starts_with(|first: char| first.is_ascii_alphabetic());
    let letter = |end: Option<char>| end.is_some_and(|end| end.is_ascii_alphanumeric());
    let plain = |(at, character): (usize, char)| {
        let (before, after) =
            (text[..at].chars().next_back(), text[at + character.len_utf8()..].chars().next());
        match character {
            // Between letters these could make an address.
            '.' | ':' => !after.is_some_and(|after| after.is_ascii_graphic()),
            '-' => letter(before) && letter(after),
            _ => character.is_ascii_alphanumeric() || " (),;'/…".contains(character),
        }
    };
    begins && text.char_indices().all(plain)
}

/// A value as a string in a condition of Falco. What it cannot take in a string is not written.
pub fn falco(text: &str) -> String {
    crate::falco::string(text).unwrap_or_else(|| "UNSAFE_VALUE".to_owned())
}

/// A share from 0 to 1 in percent, to a tenth.
pub fn percent(share: f64, _: Kwargs, _: &State) -> String {
    crate::wording::percent(share)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tera::Context;

    use super::*;

    #[test]
    fn only_words_that_mean_nothing_stand_bare_beside_code() {
        for words in
            ["Edit (", "), and see; with ", "the host's own-made part: ", ". Then", " out of…"]
        {
            assert!(are_words(words, false), "{words}");
        }
        assert!(are_words("Edit (", true));
        for other in ["1. x", "- x", ") x", ""] {
            assert!(!are_words(other, true), "{other}");
        }
        for other in [
            "a <b>",
            "a*b*",
            "www.example",
            "http://x",
            "a\nb",
            "[x]",
            "a_b",
            "a@b",
            "x - y",
            "&amp;",
            "\u{202e}",
        ] {
            assert!(!are_words(other, false), "{other}");
        }
    }

    #[test]
    fn a_value_for_falco_cannot_leave_its_string() {
        for (text, expected) in [
            ("nginx", r#""nginx""#),
            ("a \"b\\c\n", r#""a \"b\\c\n""#),
            ("x)\tor\t(y=z", r#""x)\tor\t(y=z""#),
            ("it's", r#""it's""#),
            ("a\\", "UNSAFE_VALUE"),
            ("a\0b", "UNSAFE_VALUE"),
        ] {
            assert_eq!(falco(text), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn the_length_of_a_text_is_that_of_tera(text in "[a\r\né\u{301}]{0,12}") {
            let value = Value::from(&*text);
            let length = length(&value, Kwargs::default(), &State::new(&Context::new()));
            prop_assert_eq!(length.ok(), value.len());
        }

        #[test]
        fn a_text_is_cut_after_so_many_characters(text in "[aé]{0,12}", length in 0_usize..12) {
            let mut context = Context::new();
            context.insert("text", &text);
            context.insert("length", &length);
            let mut tera = tera::Tera::default();
            tera.register_filter("cut", cut);
            let cut = tera.render_str("{{ text | cut(length=length) }}", &context, false);
            let start: String = text.chars().take(length).collect();
            let expected = if start == text { start } else { format!("{start}…") };
            prop_assert_eq!(cut.ok(), Some(expected));
        }
    }
}
