//! Filters that give words another form.

#![expect(clippy::needless_pass_by_value, reason = "Tera hands arguments over by value")]

use tera::{Kwargs, State, TeraResult, Value};

/// The first characters of a text, and `…` if there were more.
pub fn cut(text: &str, kwargs: Kwargs, _: &State) -> TeraResult<String> {
    let length = kwargs.get::<usize>("length")?.unwrap_or(80);
    Ok(match text.char_indices().nth(length) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    })
}

/// The lines of a text.
pub fn lines(text: &str, _: Kwargs, _: &State) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

/// A text in which words between back quotes are code, as in our dictionary of fields. Each
/// part is escaped like any value.
pub fn coded(text: &str, [open, close]: [&str; 2], state: &State) -> TeraResult<Value> {
    let mut out = String::new();
    for (index, part) in text.split('`').enumerate().filter(|(_, part)| !part.is_empty()) {
        let part = state.escape(part)?;
        let code = index % 2 == 1;
        out.extend(if code { [open, &part, close] } else { ["", &part, ""] });
    }
    Ok(Value::safe_string(&out))
}

/// A value as a string in a condition of Falco. Falco pastes the values of an exception into a
/// condition and escapes nothing, so that a bare value could switch a rule off. What it cannot
/// take in a string (NUL; a backslash at the end) is not written.
pub fn falco(text: &str) -> String {
    if text.contains('\0') || text.ends_with('\\') {
        return "UNSAFE_VALUE".to_owned();
    }
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            _ => out.push(character),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
