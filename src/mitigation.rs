//! Which advice applies to a rule: found by the rule's name, then by a former name, then by the
//! ATT&CK techniques and the tags that the rule carries, and a general one in the end.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{attack, bundled, error::Error, report::MitigationRef};

/// File name of the advice that applies where none else does.
const GENERAL: &str = "general.md";

/// What stands at the head of a mitigation, between two lines of `+++`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrontMatter {
    /// Title of the advice.
    pub title: String,
    /// Rules it is for.
    #[serde(default)]
    pub rules: Vec<String>,
    /// Names that these rules had earlier.
    #[serde(default)]
    pub former_names: Vec<String>,
    /// ATT&CK techniques it is for, such as `T1059`; a sub-technique finds its technique's.
    #[serde(default)]
    pub techniques: Vec<String>,
    /// Tags it is for, such as `mitre_execution`.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Where its facts come from.
    #[serde(default)]
    pub source: Vec<String>,
}

/// An advice.
#[derive(Clone, Debug)]
pub struct Advice {
    /// What stands at its head.
    pub front: FrontMatter,
    /// The Markdown template.
    pub template: String,
    /// Whether it is the user's own.
    pub own: bool,
}

/// All advice, and the parts that pieces of advice share.
#[derive(Debug, Default)]
pub struct Library {
    advice: BTreeMap<String, Advice>,
    partials: BTreeMap<String, String>,
    own: Index,
    bundled: Index,
}

/// One way to look for a file.
type Look<'l> = dyn Fn(&Index) -> Option<String> + 'l;

/// Which file is for which name.
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

impl Library {
    /// The bundled library, in which the user's files replace those of the same name and come
    /// first where they name the same rule, technique or tag. `own` is file name → text.
    pub fn new(own: &BTreeMap<String, String>) -> Result<Self, Error> {
        let mut library = Self::default();
        for (file, text) in own {
            library.add(file, text, true)?;
        }
        for (file, text) in bundled::MITIGATIONS {
            if !own.contains_key(*file) {
                library.add(file, text, false)?;
            }
        }
        Ok(library)
    }

    fn add(&mut self, file: &str, text: &str, own: bool) -> Result<(), Error> {
        if file.starts_with('_') {
            self.partials.insert(file.into(), text.into());
            return Ok(());
        }
        let (front, template) = parse(file, text)?;
        let index = if own { &mut self.own } else { &mut self.bundled };
        index.add(file, &front);
        self.advice.insert(file.into(), Advice { front, template, own });
        Ok(())
    }

    /// The advice for a rule with these tags, and how it was found.
    pub fn find(&self, rule: &str, tags: &[String]) -> MitigationRef {
        let (file, matched_by) = self.search(rule, tags);
        let title =
            self.advice.get(file).map_or_else(String::new, |advice| advice.front.title.clone());
        MitigationRef { file: file.into(), title, matched_by: matched_by.into() }
    }

    fn search(&self, rule: &str, tags: &[String]) -> (&str, &'static str) {
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
        let found = ways.into_iter().find_map(|(way, look)| {
            let file = look(&self.own).or_else(|| look(&self.bundled))?;
            self.advice.get_key_value(&file).map(|(file, _)| (file.as_str(), way))
        });
        found.unwrap_or((GENERAL, "general"))
    }

    /// All advice, by file name.
    pub fn advice(&self) -> &BTreeMap<String, Advice> {
        &self.advice
    }

    /// The parts that advice includes, by file name.
    pub fn partials(&self) -> &BTreeMap<String, String> {
        &self.partials
    }
}

/// A rule and its advice, as `mitigations list` shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Name of the rule.
    pub rule: String,
    /// File with the advice.
    pub file: String,
    /// How it was found.
    pub matched_by: String,
}

/// The advice for every rule of Falco's own files, for the names that rules once had, and for the
/// rules that the user's advice names.
pub fn catalogue(library: &Library) -> Vec<Row> {
    #[derive(Deserialize)]
    struct Catalogue {
        rules: Vec<Rule>,
        renamed: Vec<Old>,
        retired: Vec<Old>,
    }
    #[derive(Deserialize)]
    struct Rule {
        name: String,
        tags: Vec<String>,
    }
    #[derive(Deserialize)]
    struct Old {
        name: String,
    }
    let catalogue: Catalogue =
        serde_json::from_str(bundled::FALCO_RULES).expect("a test reads the catalogue");
    let old = catalogue.renamed.into_iter().chain(catalogue.retired);
    let old = old.map(|old| Rule { name: old.name, tags: Vec::new() });
    let mut rules: Vec<_> = catalogue.rules.into_iter().chain(old).collect();
    let own = library.own.rules.keys().filter(|own| rules.iter().all(|rule| rule.name != **own));
    let own: Vec<_> = own.map(|name| Rule { name: name.clone(), tags: Vec::new() }).collect();
    rules.extend(own);
    let mut rows: Vec<_> = rules
        .into_iter()
        .map(|rule| {
            let found = library.find(&rule.name, &rule.tags);
            Row { rule: rule.name, file: found.file, matched_by: found.matched_by }
        })
        .collect();
    rows.sort_by(|a, b| a.rule.cmp(&b.rule));
    rows.dedup();
    rows
}

/// Takes the front matter off a mitigation.
fn parse(file: &str, text: &str) -> Result<(FrontMatter, String), Error> {
    let problem = |message: String| Error::Mitigation(format!("{file}: {message}"));
    let text = text.replace("\r\n", "\n");
    let (front, body) = text
        .strip_prefix("+++\n")
        .and_then(|rest| rest.split_once("\n+++\n"))
        .ok_or_else(|| problem("it must begin with a head between two lines of +++".into()))?;
    let front = toml::from_str(front).map_err(|error| {
        let line = error.span().map_or(0, |span| front[..span.start].matches('\n').count()) + 2;
        problem(format!("line {line}: {}", error.message()))
    })?;
    Ok((front, body.trim_start().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(files: &[(&str, &str)]) -> BTreeMap<String, String> {
        files.iter().map(|(file, text)| ((*file).into(), (*text).into())).collect()
    }

    fn tags(tags: &[&str]) -> Vec<String> {
        tags.iter().map(|tag| (*tag).into()).collect()
    }

    #[test]
    fn name_comes_before_former_name_technique_tag_and_general() {
        let library = Library::new(&own(&[
            ("a.md", "+++\ntitle='A'\nrules=['Rule X']\nformer_names=['Old X']\n+++\nbody"),
            ("b.md", "+++\ntitle='B'\ntechniques=['T1059']\n+++\nbody"),
            ("c.md", "+++\ntitle='C'\ntags=['mitre_execution','shop']\n+++\nbody"),
        ]))
        .unwrap();
        let found = |rule: &str, given: &[&str]| {
            let found = library.find(rule, &tags(given));
            (found.file, found.matched_by)
        };
        let expect = |file: &str, by: &str| (file.to_owned(), by.to_owned());
        assert_eq!(found("Rule X", &["T1059"]), expect("a.md", "rule"));
        assert_eq!(found("Old X", &["T1059"]), expect("a.md", "former_name"));
        assert_eq!(found("Own", &["T1059.004", "mitre_execution"]), expect("b.md", "technique"));
        assert_eq!(found("Own", &["mitre_execution"]), expect("c.md", "tactic"));
        assert_eq!(found("Own", &["shop"]), expect("c.md", "tag"));
        assert_eq!(found("Own", &[]), expect("general.md", "general"));
    }

    #[test]
    fn a_bad_head_is_named_with_its_line() {
        let error = Library::new(&own(&[("x.md", "+++\ntitle='A'\nrulez=[]\n+++\n")])).unwrap_err();
        assert!(error.to_string().starts_with("x.md: line 3: unknown field `rulez`"), "{error}");
        let error = Library::new(&own(&[("x.md", "no head")])).unwrap_err();
        assert!(error.to_string().contains("between two lines of +++"), "{error}");
    }
}
