//! Templates that are refused before they are parsed.

use crate::render::{Error, builtin, error};

/// Why a template may not print a value as it is.
pub const NO_SAFE: &str = "the filter `safe` is not available: every value is escaped, because \
                           whoever is on a host chooses what its alerts say";

/// Values are escaped by the ending of a template's name alone: any other ending is refused.
pub fn check_escaped(name: &str) -> Result<(), Error> {
    if ends(name, ".html") || ends(name, ".md") {
        return Ok(());
    }
    Err(Error::Templates(format!(
        "the name of the template {name} ends neither with .html nor with .md"
    )))
}

/// Names of templates are compared as they are written, on every system.
fn ends(name: &str, ending: &str) -> bool {
    name.ends_with(ending)
}

/// A user's template replaces a built-in one, or is a piece whose name begins with `_`.
pub fn check_name(name: &str) -> Result<(), Error> {
    let known: Vec<_> =
        builtin::html().chain(builtin::markdown()).map(|(known, _)| known).collect();
    let file = name.rsplit('/').next().unwrap_or(name);
    let piece = file.starts_with('_')
        && (name.starts_with("html/") && ends(name, ".html")
            || name.starts_with("markdown/") && ends(name, ".md"));
    if piece || known.iter().any(|known| known == name) {
        return Ok(());
    }
    let nearest = error::nearest(name, known.iter().map(String::as_str));
    let nearest = nearest.unwrap_or("html/incident.html").to_owned();
    Err(Error::UnknownTemplate { name: name.to_owned(), nearest })
}

/// Refuses `| safe` and `{% filter safe %}` wherever they stand, even where they are never run.
pub fn check_safe(name: &str, text: &str) -> Result<(), Error> {
    let Some(at) = tags(text).find_map(|(start, tag)| Some(start + safe_in(tag)?)) else {
        return Ok(());
    };
    let before = &text[..at];
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    Err(Error::Template {
        file: name.to_owned(),
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
        message: NO_SAFE.to_owned(),
    })
}

/// The inside of each `{{ … }}` and `{% … %}`, with where it starts.
fn tags(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let (start, close) = loop {
            let found = at + text.get(at..)?.find('{')?;
            match text.as_bytes().get(found + 1) {
                Some(b'{') => break (found + 2, "}}"),
                Some(b'%') => break (found + 2, "%}"),
                Some(b'#') => at = found + 2 + text[found + 2..].find("#}")?,
                _ => at = found + 1,
            }
        };
        let end = start + text[start..].find(close)?;
        at = end;
        Some((start, &text[start..end]))
    })
}

/// Where a tag applies the filter `safe`, outside its strings.
fn safe_in(tag: &str) -> Option<usize> {
    let mut quote = None;
    let mut word_start = 0;
    let mut before = "";
    for (at, character) in tag.char_indices().chain([(tag.len(), ' ')]) {
        match quote {
            Some(open) if open == character => quote = None,
            Some(_) => {}
            None if character.is_alphanumeric() || character == '_' => continue,
            None => {
                let word = &tag[word_start..at];
                if word == "safe" && matches!(before, "|" | "filter") {
                    return Some(word_start);
                }
                if !word.is_empty() {
                    before = word;
                }
                if matches!(character, '"' | '\'' | '`') {
                    quote = Some(character);
                }
                if !character.is_whitespace() {
                    before = &tag[at..at + character.len_utf8()];
                }
            }
        }
        word_start = at + character.len_utf8();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error_of(text: &str) -> String {
        match check_safe("markdown/_own.md", text) {
            Ok(()) => "none".to_owned(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn no_template_may_ask_for_safe() {
        for (text, column) in [
            ("{{ x | safe }}", 8),
            ("{{ x|safe|upper }}", 6),
            ("{% filter safe %}{% endfilter %}", 11),
            ("{% if false %}{{ x | safe }}{% endif %}", 22),
            ("{{ '}' ~ x | safe }}", 14),
        ] {
            let error = error_of(text);
            assert!(
                error.starts_with(&format!("markdown/_own.md:1:{column}: {NO_SAFE}")),
                "{text}: {error}"
            );
        }
        for text in [
            "{{ safe }}",
            "{{ '| safe' }}",
            "{# {{ x | safe }} #}",
            "| safe",
            "{{ x | upper }} safe",
        ] {
            assert_eq!(error_of(text), "none", "{text}");
        }
    }
}
