//! What stands at the head of a mitigation, between two lines of `+++`.

use std::ops::Range;

use serde::Deserialize;

use crate::{error::Error, keys};

/// The line above and below the head.
const FENCE: &str = "+++";

/// What a mitigation says of itself.
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
    /// Kubernetes namespaces it is for; a `*` stands for any text.
    #[serde(default)]
    pub namespaces: Vec<String>,
    /// Hosts it is for, by their names in the report; a `*` stands for any text.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// Groups of hosts it is for, as the settings name them.
    #[serde(default)]
    pub groups: Vec<String>,
    /// Whether it changes the advice that applies otherwise, and how; if not, it takes its place.
    pub extends: Option<Extends>,
    /// Where its facts come from.
    #[serde(default)]
    pub source: Vec<String>,
}

/// What becomes of a part of the advice that is extended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Extends {
    /// Each part is put at the end of the same part.
    Append,
    /// Each part takes the place of the same part.
    Replace,
}

impl Extends {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Append => "append",
            Self::Replace => "replace",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Append, Self::Replace].into_iter().find(|how| how.word() == word)
    }
}

impl FrontMatter {
    /// Whether it is for certain rules, tags or techniques.
    pub fn names_a_rule(&self) -> bool {
        let lists = [&self.rules, &self.former_names, &self.techniques, &self.tags];
        lists.iter().any(|list| !list.is_empty())
    }

    /// Whether it is for certain namespaces or hosts.
    pub fn names_a_place(&self) -> bool {
        [&self.namespaces, &self.hosts, &self.groups].iter().any(|list| !list.is_empty())
    }
}

/// Where the head and the template stand in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The TOML between the two lines.
    pub head: Range<usize>,
    /// What follows, from its first line that is not blank.
    pub template: Range<usize>,
}

/// Finds the head of a mitigation; `None` where there is none.
pub fn cut(text: &str) -> Option<Cut> {
    let mut ends = text.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, *at, line.trim_end()))
    });
    let (_, head_start, first) = ends.next()?;
    if first != FENCE {
        return None;
    }
    let (head_end, body_start, _) = ends.find(|(.., line)| *line == FENCE)?;
    let body = &text[body_start..];
    let blank = body.len() - body.trim_start().len();
    // Indentation of the first line belongs to it.
    let line_start = body[..blank].rfind('\n').map_or(0, |end| end + 1);
    Some(Cut { head: head_start..head_end, template: body_start + line_start..text.len() })
}

/// Reads the head of a mitigation, which is called `name` in errors; and cuts it off.
pub fn parse(name: &str, text: &str) -> Result<(FrontMatter, Cut), Error> {
    let cut = cut(text).ok_or_else(|| keys::fault(name, text, 0, NO_HEAD))?;
    let front = keys::read_part(name, text, cut.head.clone())?;
    Ok((front, cut))
}

/// What is said of a text without a head.
pub const NO_HEAD: &str = "it must begin with a head between two lines of +++";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_is_cut_off() {
        let text = "+++\r\ntitle = 'x'\r\n+++\r\n\r\n  - body\n";
        let cut = cut(text).expect("a head");
        assert_eq!(&text[cut.head], "title = 'x'\r\n");
        assert_eq!(&text[cut.template], "  - body\n");
        assert!(super::cut("+++\ntitle = 'x'\n").is_none());
        assert!(super::cut("title").is_none());
        assert_eq!(super::cut("+++\n+++").map(|cut| cut.template.len()), Some(0));
    }

    #[test]
    fn a_bad_head_is_named_with_its_place() {
        let said = |text: &str| match parse("own/x.md", text) {
            Ok(_) => "nothing".to_owned(),
            Err(error) => error.to_string(),
        };
        assert_eq!(
            said("+++\ntitle='A'\nrulez=[]\n+++\n"),
            "own/x.md:3:1: there is no key rulez; did you mean rules?"
        );
        assert_eq!(
            said("+++\ntitle='A'\nextends='apend'\n+++\n"),
            "own/x.md:3:9: there is no apend; did you mean append?"
        );
        assert_eq!(said("no head"), format!("own/x.md:1:1: {NO_HEAD}"));
    }
}
