//! What can go wrong while pages are made.

use std::collections::BTreeMap;

use strsim::damerau_levenshtein;

/// Why a page could not be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A template does not parse, names what does not exist, or cannot be filled.
    #[error("{file}:{line}:{column}: {message}")]
    Template {
        /// Name of the template, such as `html/incident.html`.
        file: String,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What is wrong, and what may have been meant.
        message: String,
    },
    /// Templates that do not fit together, such as one that extends itself.
    #[error("{0}")]
    Templates(String),
    /// A template that no page is made from.
    #[error("no page is made from the template {name}; did you mean {nearest}?")]
    UnknownTemplate {
        /// Name of the template.
        name: String,
        /// The known name most like it.
        nearest: String,
    },
    /// Data that cannot be written in a format.
    #[error("cannot write {path}: {source}")]
    Data {
        /// Page that was being made.
        path: String,
        /// What the format says.
        source: serde_json::Error,
    },
    /// A page that was made could not be handed over.
    #[error("{source}")]
    Emit {
        /// Page that was made.
        path: String,
        /// What the receiver says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Error {
    /// The same error with the template called as its author knows it.
    pub(super) fn renamed(mut self, names: &BTreeMap<String, String>) -> Self {
        if let Self::Template { file, .. } = &mut self
            && let Some(name) = names.get(file)
        {
            file.clone_from(name);
        }
        self
    }

    /// Whether it is about a template.
    pub(super) fn is_in(&self, name: &str) -> bool {
        matches!(self, Self::Template { file, .. } if file == name)
    }

    /// An error of the template engine. `known` are names that may have been meant.
    pub(super) fn from_tera(error: &tera::Error, known: &[&str]) -> Self {
        match error.kind() {
            tera::ErrorKind::SyntaxError(report) | tera::ErrorKind::RenderingError(report) => {
                Self::Template {
                    file: own_name(report.filename()),
                    line: report.span().start_line,
                    column: report.span().start_col + 1,
                    message: with_nearest(report.message(), known),
                }
            }
            _ => Self::from_report(&error.to_string(), known),
        }
    }

    /// The first of the reports that the engine writes about references to unknown names:
    /// a line `error: …`, then a line `--> file:line:column`.
    fn from_report(report: &str, known: &[&str]) -> Self {
        let parsed = || {
            let mut lines = report.lines();
            let message = lines.next()?.strip_prefix("error: ")?;
            let mut place = lines.next()?.trim_start().strip_prefix("--> ")?.rsplitn(3, ':');
            let column = place.next()?.parse().ok()?;
            let line = place.next()?.parse().ok()?;
            let file = own_name(place.next()?);
            Some(Self::Template { file, line, column, message: with_nearest(message, known) })
        };
        parsed().unwrap_or_else(|| Self::Templates(with_nearest(report, known)))
    }
}

/// A template's name without the mark of those built in.
fn own_name(name: &str) -> String {
    name.strip_prefix("builtin/").map_or_else(|| name.to_owned(), |name| format!("built-in {name}"))
}

/// Adds to a message about an unknown name the known name most like it.
fn with_nearest(message: &str, known: &[&str]) -> String {
    let message = message.trim_end();
    let Some(name) = message.split(['`', '\'']).nth(1) else { return message.to_owned() };
    if !(message.contains("nknown") || message.contains("not defined") || message.contains("exist"))
    {
        return message.to_owned();
    }
    let listed = message.split(" Available ").nth(1).and_then(|list| list.split_once(": "));
    let candidates = listed.into_iter().flat_map(|(_, list)| list.split(", "));
    match nearest(name, candidates.chain(known.iter().copied())) {
        Some(nearest) => {
            let first = message.split(" Available ").next().unwrap_or(message);
            format!("{}; did you mean `{nearest}`?", first.trim_end_matches('.'))
        }
        None => message.to_owned(),
    }
}

/// The name most like another, if one is like it at all.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|candidate| (damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, candidate)| {
            *distance > 0 && distance * 2 < name.len().max(candidate.len())
        })
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_offered() {
        assert_eq!(nearest("plurl", ["number", "plural"].into_iter()), Some("plural"));
        assert_eq!(nearest("zzzzz", ["number", "plural"].into_iter()), None);
        assert_eq!(
            with_nearest("Field `hots` is not defined. Available fields: host, rule", &[]),
            "Field `hots` is not defined; did you mean `host`?"
        );
        assert_eq!(with_nearest("Unknown filter `qqq`", &["cut"]), "Unknown filter `qqq`");
    }
}
