//! What is wrong with the user's own advice, each with its place: all of it in one run.

mod code;
mod form;
mod front;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::{
    bundled, keys,
    mitigation::{self, Catalogue, Known, NO_HEAD},
    render::{
        Error,
        proof::{self, Remark},
    },
};

/// Something wrong in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Problem {
    /// The file, as it is called for the user.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// What is wrong, and what may have been meant.
    pub message: String,
}

/// What the user's advice can name, beside what is known of Falco.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Rules of the user's own.
    pub rules: BTreeSet<String>,
    /// Groups of hosts.
    pub groups: BTreeSet<String>,
}

impl Names {
    /// What is wrong with the name of a rule, if anything is.
    fn rule(&self, name: &str) -> Option<String> {
        let catalogue = Catalogue::bundled();
        if self.rules.contains(name) {
            return None;
        }
        match catalogue.know(name) {
            Known::Present => None,
            Known::Former(now) => {
                Some(format!("the rule {name} is now called {}", now.join(" and ")))
            }
            Known::Retired => Some(format!("Falco has no rule {name} any more")),
            Known::Unknown => {
                let names = catalogue.names().chain(self.rules.iter().map(String::as_str));
                let names: Vec<_> = names.collect();
                let hint = near(name, &names).map_or_else(
                    || "a rule of your own is known from --rules FILE".to_owned(),
                    |near| format!("did you mean {near}?"),
                );
                Some(format!("there is no rule {name}; {hint}"))
            }
        }
    }
}

/// The name most like another, if one is much like it.
fn near<'n>(name: &str, names: &[&'n str]) -> Option<&'n str> {
    let lower = name.to_lowercase();
    let likeness = |known: &str| strsim::jaro_winkler(&known.to_lowercase(), &lower);
    let nearest = names.iter().copied().max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    (likeness(nearest) > 0.8).then_some(nearest)
}

/// A file, and what is wrong with it at which byte.
struct File<'t> {
    name: &'t str,
    text: &'t str,
    remarks: BTreeSet<Remark>,
}

impl File<'_> {
    fn remark(&mut self, at: usize, message: impl Into<String>) {
        self.remarks.insert(Remark { at, message: message.into() });
    }
}

/// Everything that is wrong with the files of a folder; those that are no text too.
///
/// # Errors
/// See [`problems`].
pub fn of_files(
    folder: &str,
    files: &BTreeMap<String, Vec<u8>>,
    names: &Names,
) -> Result<Vec<Problem>, Error> {
    let (mut texts, mut found) = (BTreeMap::new(), Vec::new());
    for (file, bytes) in files {
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                texts.insert(file.clone(), text.to_owned());
            }
            Err(error) => {
                let before = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
                let (line, column) = keys::place(&before, before.len());
                let file = mitigation::below(folder, file);
                found.push(Problem { file, line, column, message: "it is not UTF-8".into() });
            }
        }
    }
    found.extend(problems(folder, &texts, names)?);
    found.sort();
    Ok(found)
}

/// Everything that is wrong with the files of a folder, by file and place. `texts` is file name →
/// text; `folder` is what the folder is called.
///
/// # Errors
/// The bundled advice cannot be used: a mistake in alertbook itself.
pub fn problems(
    folder: &str,
    texts: &BTreeMap<String, String>,
    names: &Names,
) -> Result<Vec<Problem>, Error> {
    let mut files: Vec<_> =
        texts.iter().map(|(name, text)| File { name, text, remarks: BTreeSet::new() }).collect();
    let mut heads = Vec::new();
    let mut templates = BTreeMap::new();
    for file in &mut files {
        let head = if mitigation::is_partial(file.name) { None } else { front::check(file, names) };
        templates.insert(file.name.to_owned(), template(file.text));
        heads.push(head);
    }
    front::check_claims(&mut files, &heads);
    let proofs = proof::proofs(&templates, &bundled_partials(texts))?;
    for (file, head) in files.iter_mut().zip(&heads) {
        let Some(proof) = proofs.get(file.name) else { continue };
        // The template has blanks where its file has the head: bytes are the same.
        file.remarks.extend(proof.remarks.iter().cloned());
        if let Some(head) = head {
            form::check(file, head, &proof.variants);
        }
        code::check(file, &proof.variants, names);
    }
    Ok(files.iter().flat_map(|file| told(folder, file)).collect())
}

/// A text with blanks in the place of its head.
fn template(text: &str) -> String {
    let start = mitigation::cut(text).map_or(0, |cut| cut.template.start);
    let blank = |character: char| match character {
        '\n' => "\n".to_owned(),
        other => " ".repeat(other.len_utf8()),
    };
    text[..start].chars().map(blank).chain([text[start..].to_owned()]).collect()
}

fn bundled_partials(own: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let partials = bundled::MITIGATIONS.iter().filter(|(file, _)| mitigation::is_partial(file));
    let partials = partials.filter(|(file, _)| !own.contains_key(*file));
    partials.map(|(file, text)| ((*file).to_owned(), (*text).to_owned())).collect()
}

fn told(folder: &str, file: &File<'_>) -> Vec<Problem> {
    let name = mitigation::below(folder, file.name);
    let tell = |remark: &Remark| {
        let (line, column) = keys::place(file.text, remark.at);
        Problem { file: name.clone(), line, column, message: remark.message.clone() }
    };
    file.remarks.iter().map(tell).collect()
}
