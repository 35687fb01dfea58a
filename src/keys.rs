//! Files that people write by hand, in TOML: what is wrong with one is said with its place and
//! with the nearest name that there is.

use std::ops::Range;

use serde::de::DeserializeOwned;

use crate::error::Error;

/// Reads the text of a file called `name`. An unknown key is an error that names it, its place
/// and the nearest key that there is.
pub fn read<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, Error> {
    read_part(name, text, 0..text.len())
}

/// The same of a part of a file, with places in the whole of it.
pub fn read_part<T: DeserializeOwned>(
    name: &str,
    text: &str,
    part: Range<usize>,
) -> Result<T, Error> {
    toml::from_str(&text[part.clone()]).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        fault(name, text, part.start + at, &explained(error.message()))
    })
}

/// An error at a byte of a file.
pub fn fault(name: &str, text: &str, at: usize, message: &str) -> Error {
    let (line, column) = place(text, at);
    Error::Config(format!("{name}:{line}:{column}: {message}"))
}

/// Line and column of a byte, both from 1; the column counts characters.
pub fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or("");
    let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
    (before.matches('\n').count() + 1, column)
}

/// The byte at a line and a column, both from 1; the column counts characters.
pub fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = &text[start..];
    let length = rest.find('\n').unwrap_or(rest.len());
    let mut within = rest[..length].char_indices().map(|(at, _)| at);
    start + within.nth(column.saturating_sub(1)).unwrap_or(length)
}

/// What the parser says, in the words of TOML, and of an unknown name with the nearest that it knows.
pub fn explained(message: &str) -> String {
    for (start, no) in
        [("unknown field `", "there is no key"), ("unknown variant `", "there is no")]
    {
        let Some((name, rest)) = message.strip_prefix(start).and_then(|rest| rest.split_once('`'))
        else {
            continue;
        };
        let known: Vec<_> = rest.split('`').skip(1).step_by(2).collect();
        return format!("{no} {name}; {}", suggestion(name, &known));
    }
    let missing = message.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`'));
    match missing {
        Some(name) => format!("the key {name} is missing"),
        None => of_another_kind(message).unwrap_or_else(|| message.to_owned()),
    }
}

/// The same of a value of another kind than is read.
fn of_another_kind(message: &str) -> Option<String> {
    let (found, wanted) = message.strip_prefix("invalid type: ")?.split_once(", expected ")?;
    if (found, wanted) == ("map", "a sequence") {
        let list = "a list of tables is expected here";
        return Some(format!("{list}: write its name in double brackets, as in [[sources]]"));
    }
    let wanted = match wanted {
        "a sequence" => "a list",
        "a map" => "a table, such as { name = \"value\" }",
        "a string" | "path string" => "a text",
        "a boolean" => "true or false",
        "u64" | "usize" | "i64" => "a number",
        wanted if wanted.starts_with("struct ") => "a table",
        wanted => wanted,
    };
    let found = match found.split_once(['`', '"']) {
        None if found == "map" => "a table",
        None if found == "sequence" => "a list",
        None => found,
        Some((_, value)) => value.trim_end_matches(['`', '"']),
    };
    Some(format!("{wanted} is expected here, not {found}"))
}

/// "did you mean …?", or all names where none is near.
pub fn suggestion(name: &str, names: &[&str]) -> String {
    let nearest = names
        .iter()
        .max_by(|a, b| strsim::jaro_winkler(a, name).total_cmp(&strsim::jaro_winkler(b, name)));
    match nearest {
        Some(nearest) if strsim::jaro_winkler(nearest, name) > 0.75 => {
            format!("did you mean {nearest}?")
        }
        _ => format!("there are {}", names.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parser_names_what_it_knows() {
        assert_eq!(
            explained("unknown field `nmae`, expected one of `name`, `owner`"),
            "there is no key nmae; did you mean name?"
        );
        assert_eq!(
            explained("unknown variant `huge`, expected `high` or `low`"),
            "there is no huge; there are high, low"
        );
        for (message, expected) in [
            ("invalid type", "invalid type"),
            ("missing field `to`", "the key to is missing"),
            ("invalid type: integer `3`, expected a string", "a text is expected here, not 3"),
            (
                "invalid type: string \"/door\", expected a sequence",
                "a list is expected here, not /door",
            ),
            (
                "invalid type: map, expected a text or a list of texts",
                "a text or a list of texts is expected here, not a table",
            ),
            (
                "invalid type: map, expected a sequence",
                "a list of tables is expected here: write its name in double brackets, as in [[sources]]",
            ),
        ] {
            assert_eq!(explained(message), expected);
        }
    }
}
