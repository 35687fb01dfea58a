//! Advice read as its author wrote it, before it is filled in: what the template engine says, what
//! pages will not show, and where each part and each fence stands.

mod names;
mod outline;
mod tags;
mod traced;
mod trial;
mod variants;

use std::collections::{BTreeMap, BTreeSet};

pub use self::traced::{Traced, VALUE};
use super::{Error, Sources, error::nearest, markdown::fence};
use crate::{bundled, keys, mitigation};

/// Something wrong at a place of a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remark {
    /// The byte.
    pub at: usize,
    /// What is wrong.
    pub message: String,
}

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// From 1.
    pub level: usize,
    /// Its words.
    pub words: String,
    /// Where it stands.
    pub at: usize,
}

/// Fenced code; a value in it is [`VALUE`].
#[derive(Clone, Debug)]
pub struct Fence {
    /// The language that it names.
    pub language: String,
    /// Where it stands.
    pub at: usize,
    /// Its inside.
    pub body: Traced,
}

impl Fence {
    /// Its inside with each value written as pages write one there. A value that the filter `falco`
    /// wrote is [`VALUE_WORD`], any other [`BARE_WORD`].
    pub fn filled(&self, source: &str) -> Traced {
        self.body.with_values(|before, origin| {
            let mut writer = fence::Writer::of(&self.language);
            writer.read(before);
            let tag = source.get(origin..).and_then(|rest| rest.split("}}").next()).unwrap_or("");
            let falco = tag.split('|').skip(1).any(|filter| filter.trim() == "falco");
            match crate::falco::string(VALUE_WORD) {
                Some(string) if falco => writer.value(&string),
                _ => writer.value(BARE_WORD),
            }
        })
    }
}

/// Stands for a value that is a string of Falco's condition language.
pub const VALUE_WORD: &str = "VALUE";
/// Stands for a value as it was logged; Falco would not take it in a condition.
pub const BARE_WORD: &str = "VALUE(S)";

/// What one way through the conditions of a template comes to.
#[derive(Clone, Debug)]
pub struct Variant {
    /// Its headings, in order.
    pub headings: Vec<Heading>,
    /// Its fences, in order.
    pub fences: Vec<Fence>,
}

/// What was found in a template.
#[derive(Clone, Debug, Default)]
pub struct Proof {
    /// What is wrong, by place.
    pub remarks: BTreeSet<Remark>,
    /// What it can come to.
    pub variants: Vec<Variant>,
}

/// Reads templates of advice, by file name; `partials` are bundled pieces that they may include.
/// Lines above a template in its file are blank ones in `texts`.
///
/// # Errors
/// The bundled pieces cannot be used.
pub fn proofs(
    texts: &BTreeMap<String, String>,
    partials: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, Proof>, Error> {
    let variables = trial::variables();
    // A piece is given what those that include it make.
    let all = texts.values().map(String::as_str);
    let all = all.chain(bundled::MITIGATIONS.iter().map(|(_, text)| *text));
    let given: BTreeSet<String> = all
        .flat_map(|text| names::made_in(text, &tags::pieces(text)))
        .map(str::to_owned)
        .chain(variables.iter().cloned())
        .collect();
    let mut proofs = BTreeMap::new();
    let mut unknown = BTreeSet::new();
    for (file, text) in texts {
        let known = if mitigation::is_partial(file) { &given } else { &variables };
        let (proof, names) = read(text, known);
        unknown.extend(names);
        proofs.insert(file.clone(), proof);
    }
    let sources = Sources { partials: partials.clone(), ..Sources::default() };
    for (file, said) in trial::trial(&sources, texts, &unknown)? {
        let (Some(proof), Some(text)) = (proofs.get_mut(&file), texts.get(&file)) else { continue };
        for (line, column, message) in said {
            proof.remarks.insert(Remark { at: keys::offset(text, line, column), message });
        }
    }
    Ok(proofs)
}

fn read(text: &str, variables: &BTreeSet<String>) -> (Proof, Vec<String>) {
    let pieces = tags::pieces(text);
    let mut proof = Proof::default();
    let mut unknown = Vec::new();
    for (at, name) in names::used(text, &pieces) {
        if variables.contains(name) {
            continue;
        }
        unknown.push(name.to_owned());
        let known = variables.iter().map(String::as_str);
        let hint =
            nearest(name, known).map_or_else(String::new, |near| format!("; did you mean {near}?"));
        proof.remarks.insert(Remark { at, message: format!("there is no variable {name}{hint}") });
    }
    for variant in variants::variants(text, &pieces) {
        let outline = outline::outline(&variant);
        proof.remarks.extend(outline.remarks);
        proof.variants.push(Variant { headings: outline.headings, fences: outline.fences });
    }
    (proof, unknown)
}
