//! What people decided about incidents: `verdicts.toml`, read and checked.

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, de::Error as _};

use crate::{error::Error, host::matches, keys};

/// What a person says that an incident was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Judgement {
    /// What the rule looks for.
    TruePositive,
    /// Not what the rule looks for.
    FalsePositive,
    /// What the rule looks for, and harmless.
    Benign,
    /// An exercise.
    Test,
    /// Told of elsewhere.
    Duplicate,
    /// Known, and lived with.
    Accepted,
}

impl Judgement {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::TruePositive => "true-positive",
            Self::FalsePositive => "false-positive",
            Self::Benign => "benign",
            Self::Test => "test",
            Self::Duplicate => "duplicate",
            Self::Accepted => "accepted",
        }
    }
}

/// One entry of the file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Id of the incident that it is about.
    pub incident: Option<String>,
    /// Rules that it is about; a `*` stands for any text.
    pub rule: Option<String>,
    /// Hosts that it is about; a `*` stands for any text.
    pub host: Option<String>,
    /// What was decided.
    pub verdict: Judgement,
    /// Why.
    pub note: Option<String>,
    /// Who decided.
    pub who: Option<String>,
    /// Where it is followed up.
    pub ticket: Option<String>,
    /// The last day on which it holds.
    #[serde(default, deserialize_with = "day")]
    pub until: Option<NaiveDate>,
    /// Whether its incidents are taken out of what needs attention.
    #[serde(default)]
    pub suppress: bool,
}

impl Entry {
    /// Whether it is about an incident.
    pub fn is_about(&self, id: &str, rule: &str, host: &str) -> bool {
        let fits = |pattern: &Option<String>, text| {
            pattern.as_deref().is_none_or(|pattern| matches(pattern, text))
        };
        match &self.incident {
            Some(own) => own == id,
            None => fits(&self.rule, rule) && fits(&self.host, host),
        }
    }

    /// Whether it no longer holds on a day.
    pub fn is_over(&self, day: NaiveDate) -> bool {
        self.until.is_some_and(|until| until < day)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    verdict: Vec<toml::Spanned<Entry>>,
}

/// Reads the text of a file called `name`.
pub fn read(name: &str, text: &str) -> Result<Vec<Entry>, Error> {
    let file: File = keys::read(name, text)?;
    let entries = file.verdict.into_iter().map(|entry| {
        let at = entry.span().start;
        let entry = entry.into_inner();
        match fault(&entry) {
            Some(message) => Err(keys::fault(name, text, at, message)),
            None => Ok(entry),
        }
    });
    entries.collect()
}

fn fault(entry: &Entry) -> Option<&'static str> {
    let by_name = entry.rule.is_some() || entry.host.is_some();
    if entry.incident.is_some() && by_name {
        return Some("a verdict is about an incident or about rules and hosts, not both");
    }
    if entry.incident.is_none() && !by_name {
        return Some("a verdict needs incident (an id), or rule or host (names; * for any text)");
    }
    let lived_with = matches!(entry.verdict, Judgement::Benign | Judgement::Accepted);
    (entry.suppress && !lived_with)
        .then_some("suppress goes with the verdict benign or accepted alone")
}

/// A day, in quotes or without.
fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveDate>, D::Error> {
    let text = match toml::Value::deserialize(deserializer)? {
        toml::Value::String(text) => text,
        other => other.to_string(),
    };
    let day = text
        .parse()
        .map_err(|_| D::Error::custom(format!("{text} is no day; write one such as 2026-12-31")))?;
    Ok(Some(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_about_ids_or_names() {
        let text = "[[verdict]]\nincident = \"a-1\"\nverdict = \"benign\"\nuntil = 2026-12-31\n\
                    [[verdict]]\nrule = \"Terminal*\"\nhost = \"db-*\"\nverdict = \"accepted\"\n\
                    until = \"2026-01-02\"\nsuppress = true\n";
        let entries = read("v.toml", text).expect("it is read");
        assert!(entries[0].is_about("a-1", "x", "y") && !entries[0].is_about("a-2", "x", "y"));
        assert!(entries[1].is_about("", "Terminal shell", "db-1"));
        assert!(!entries[1].is_about("", "Terminal shell", "web"));
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        assert!(!entries[0].is_over(day("2026-12-31")) && entries[0].is_over(day("2027-01-01")));
        assert_eq!(entries[1].until, Some(day("2026-01-02")));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        for (text, expected) in [
            (
                "[[verdict]]\nincidnet = 'a'\nverdict = 'test'",
                "v:2:1: there is no key incidnet; did you mean incident?",
            ),
            (
                "[[verdict]]\nrule = 'a'\nverdict = 'begnin'",
                "v:3:11: there is no begnin; did you mean benign?",
            ),
            ("\n[[verdict]]\nverdict = 'test'", "v:2:1: a verdict needs incident"),
            (
                "[[verdict]]\nrule = 'a'\nincident = 'b'\nverdict = 'test'",
                "v:1:1: a verdict is about",
            ),
            (
                "[[verdict]]\nrule = 'a'\nsuppress = true\nverdict = 'test'",
                "v:1:1: suppress goes with",
            ),
            ("[[verdict]]\nrule = 'a'\nuntil = 'soon'\nverdict = 'test'", "v:3:9: soon is no day"),
        ] {
            let error = read("v", text).expect_err("it is wrong").to_string();
            assert!(error.starts_with(expected), "{error}");
        }
    }
}
