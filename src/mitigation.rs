//! Which advice applies to a rule: the user's own before the bundled; found by the rule's name, then
//! by a former name, then by the ATT&CK techniques and the tags that the rule carries, then by where
//! it fired, and a general one in the end. Advice of the user's can also extend what was found.

mod catalogue;
mod choice;
mod form;
mod front;

use std::collections::BTreeMap;

pub use self::{
    catalogue::{Catalogue, Known, Row, catalogue},
    choice::{Only, Place},
    form::{PARTS, extended},
    front::{Cut, Extends, FrontMatter, NO_HEAD, cut},
};
use crate::{attack, bundled, error::Error, report::MitigationRef};

/// File name of the advice that applies where none else does.
pub const GENERAL: &str = "general.md";

/// An advice.
#[derive(Clone, Debug)]
pub struct Advice {
    /// What stands at its head.
    pub front: FrontMatter,
    /// The Markdown template.
    pub template: String,
    /// Lines of the file above the template.
    pub lines_above: usize,
    /// Whether it is the user's own.
    pub own: bool,
}

/// All advice, and the parts that pieces of advice share.
#[derive(Debug, Default)]
pub struct Library {
    advice: BTreeMap<String, Advice>,
    partials: BTreeMap<String, String>,
    own_partials: BTreeMap<String, String>,
    bundled: Index,
}

/// One way to look for a file.
type Look<'l> = dyn Fn(&Index) -> Option<String> + 'l;

/// Which bundled file is for which name.
#[derive(Debug, Default)]
struct Index {
    rules: BTreeMap<String, String>,
    former_names: BTreeMap<String, String>,
    techniques: BTreeMap<String, String>,
    tags: BTreeMap<String, String>,
}

impl Index {
    fn add(&mut self, file: &str, front: &FrontMatter) {
        for (index, names) in [
            (&mut self.rules, &front.rules),
            (&mut self.former_names, &front.former_names),
            (&mut self.techniques, &front.techniques),
            (&mut self.tags, &front.tags),
        ] {
            for name in names {
                index.entry(name.clone()).or_insert_with(|| file.into());
            }
        }
    }

    /// The file for a technique, or for the one that it is a part of.
    fn technique(&self, id: &str) -> Option<&String> {
        let parent = id.split('.').next().unwrap_or(id);
        self.techniques.get(id).or_else(|| self.techniques.get(parent))
    }
}

/// Whether a file is a part that pieces of advice include.
pub fn is_partial(file: &str) -> bool {
    file.rsplit('/').next().unwrap_or(file).starts_with('_')
}

impl Library {
    /// The bundled library, in which the user's files replace those of the same name and come
    /// first. `own` is file name → text; `folder` is what its files are called by in errors.
    pub fn new(folder: &str, own: &BTreeMap<String, String>) -> Result<Self, Error> {
        let mut library = Self::default();
        for (file, text) in own {
            if is_partial(file) {
                library.own_partials.insert(file.clone(), text.clone());
            } else {
                library.add(file, &below(folder, file), text, true)?;
            }
        }
        for (file, text) in bundled::MITIGATIONS {
            if own.contains_key(*file) {
                continue;
            }
            if is_partial(file) {
                library.partials.insert((*file).into(), (*text).into());
            } else {
                library.add(file, file, text, false)?;
            }
        }
        Ok(library)
    }

    fn add(&mut self, file: &str, name: &str, text: &str, own: bool) -> Result<(), Error> {
        let (front, cut) = front::parse(name, text)?;
        if !own {
            self.bundled.add(file, &front);
        }
        let lines_above = text[..cut.template.start].matches('\n').count();
        let template = text[cut.template].replace("\r\n", "\n");
        self.advice.insert(file.into(), Advice { front, template, lines_above, own });
        Ok(())
    }

    /// The advice for a rule with these tags, and how it was found: at a place, or wherever it
    /// fires.
    pub fn find(&self, rule: &str, tags: &[String], place: Option<&Place<'_>>) -> MitigationRef {
        let (file, matched_by) = self
            .own_choice(rule, tags, place)
            .or_else(|| self.bundled_choice(rule, tags))
            .unwrap_or((GENERAL, "general"));
        let title = self.advice.get(file).map_or("", |advice| &advice.front.title);
        MitigationRef {
            file: file.into(),
            title: title.into(),
            matched_by: matched_by.into(),
            extended_by: self.extensions(rule, tags, place),
        }
    }

    fn bundled_choice(&self, rule: &str, tags: &[String]) -> Option<(&str, &'static str)> {
        let attack = attack::among(tags);
        let techniques = || attack.iter().filter(|tag| tag.kind == "technique");
        let ways: [(&'static str, &Look<'_>); 5] = [
            ("rule", &|index| index.rules.get(rule).cloned()),
            ("former_name", &|index| index.former_names.get(rule).cloned()),
            ("technique", &|index| techniques().find_map(|tag| index.technique(&tag.id)).cloned()),
            ("tag", &|index| {
                let plain = tags.iter().filter(|tag| attack::tag(tag).is_none());
                plain.into_iter().find_map(|tag| index.tags.get(tag)).cloned()
            }),
            ("tactic", &|index| tags.iter().find_map(|tag| index.tags.get(tag)).cloned()),
        ];
        ways.into_iter().find_map(|(way, look)| {
            let file = look(&self.bundled)?;
            self.advice.get_key_value(&file).map(|(file, _)| (file.as_str(), way))
        })
    }

    /// All advice, by file name.
    pub fn advice(&self) -> &BTreeMap<String, Advice> {
        &self.advice
    }

    /// The user's own advice, by file name.
    pub fn own(&self) -> impl Iterator<Item = (&str, &Advice)> {
        let own = self.advice.iter().filter(|(_, advice)| advice.own);
        own.map(|(file, advice)| (file.as_str(), advice))
    }

    /// Names of rules that the user's advice is for.
    pub fn own_rules(&self) -> impl Iterator<Item = &str> {
        self.own().flat_map(|(_, advice)| advice.front.rules.iter().map(String::as_str))
    }

    /// The bundled parts that advice includes, by file name.
    pub fn partials(&self) -> &BTreeMap<String, String> {
        &self.partials
    }

    /// The user's such parts.
    pub fn own_partials(&self) -> &BTreeMap<String, String> {
        &self.own_partials
    }
}

/// What a file of a folder is called in messages.
pub fn below(folder: &str, file: &str) -> String {
    match folder {
        "" => file.to_owned(),
        _ => format!("{}/{file}", folder.trim_end_matches('/')),
    }
}

#[cfg(test)]
mod tests;
