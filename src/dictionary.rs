//! What Falco's output fields mean, in words for the owner of a machine.

use std::sync::LazyLock;

use hashbrown::HashMap;
use serde::Deserialize;

use crate::bundled;

/// What is known of an output field.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its name; a family of names ends in `[*]` or `.*`.
    pub name: String,
    /// The heading it stands under.
    pub group: String,
    /// Whether it is one of the few that tell most.
    #[serde(default)]
    pub key: bool,
    /// Its place in a list, lowest first.
    pub order: u32,
    /// One or two sentences.
    pub meaning: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    field: Vec<Entry>,
    key: Vec<Key>,
}

/// What is known of a top-level key of an alert.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// Its name.
    pub name: String,
    /// One or two sentences.
    pub meaning: String,
}

/// The dictionary.
#[derive(Debug)]
pub struct Dictionary {
    /// Ordered by plain name.
    entries: Vec<Entry>,
    /// Where an entry is, by its name as Falco spells it and by its plain name.
    places: HashMap<String, usize>,
    /// Families, the longest name first.
    families: Vec<(String, Entry)>,
    keys: Vec<Key>,
}

static DICTIONARY: LazyLock<Dictionary> = LazyLock::new(|| {
    let file: File = toml::from_str(bundled::FIELDS).expect("a test reads the dictionary");
    let (mut entries, mut families) = (Vec::new(), Vec::new());
    for entry in file.field {
        let family = entry.name.strip_suffix("[*]").or_else(|| entry.name.strip_suffix(".*"));
        match family {
            Some(stem) => families.push((plain(stem), entry)),
            None => entries.push(entry),
        }
    }
    entries.sort_by_cached_key(|entry| plain(&entry.name));
    families.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
    let spellings = |entry: &Entry| [entry.name.clone(), plain(&entry.name)];
    let each = (0..).zip(&entries);
    let places = each.flat_map(|(at, entry)| spellings(entry).map(|name| (name, at))).collect();
    Dictionary { entries, places, families, keys: file.key }
});

impl Dictionary {
    /// The bundled dictionary.
    pub fn bundled() -> &'static Self {
        &DICTIONARY
    }

    /// Looks a field up. Names are compared without regard to what separates their words:
    /// falcosidekick writes `container_id` and `proc.aname_2` for some stores.
    pub fn field(&self, name: &str) -> Option<&Entry> {
        if let Some(at) = self.places.get(name) {
            return self.entries.get(*at);
        }
        let name = plain(name);
        self.places.get(&name).and_then(|at| self.entries.get(*at)).or_else(|| {
            let member = |stem: &str| {
                name.strip_prefix(stem).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
            };
            self.families.iter().find(|(stem, _)| member(stem)).map(|(_, entry)| entry)
        })
    }

    /// Whether Falco has a field of exactly this name, without what stands in brackets.
    pub fn has(&self, name: &str) -> bool {
        let stem = |name: &str| name.split('[').next().unwrap_or(name).to_owned();
        self.field(name).is_some_and(|entry| {
            let family = entry.name.strip_suffix(".*").is_some_and(|start| name.starts_with(start));
            family || stem(&entry.name) == stem(name)
        })
    }

    /// Names of all fields but for families, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.name.as_str())
    }

    /// The top-level keys of an alert.
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }
}

/// A name with each run of other characters than letters and digits turned into one `_`.
fn plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for character in name.chars() {
        if character.is_ascii_alphanumeric() {
            plain.push(character);
        } else if !plain.is_empty() && !plain.ends_with('_') {
            plain.push('_');
        }
    }
    plain.truncate(plain.trim_end_matches('_').len());
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_families_are_found() {
        let dictionary = Dictionary::bundled();
        let name = |field: &str| dictionary.field(field).map(|entry| entry.name.as_str());
        assert_eq!(name("proc.cmdline"), Some("proc.cmdline"));
        assert_eq!(name("proc_cmdline"), Some("proc.cmdline"));
        assert_eq!(name("proc.aname[2]"), Some("proc.aname[*]"));
        assert_eq!(name("no.such.field"), None);
        assert!(dictionary.field("proc.cmdline").unwrap().key);
        assert!(dictionary.keys().iter().any(|key| key.name == "uuid"));
    }

    #[test]
    fn every_entry_can_be_shown() {
        const GROUPS: [&str; 10] = [
            "process",
            "user",
            "container",
            "kubernetes",
            "file",
            "network",
            "event",
            "audit",
            "cloud",
            "other",
        ];
        let dictionary = Dictionary::bundled();
        let families = dictionary.families.iter().map(|(_, entry)| entry);
        for entry in dictionary.entries.iter().chain(families) {
            assert!(GROUPS.contains(&entry.group.as_str()), "{}", entry.name);
            assert!(entry.meaning.ends_with('.') && entry.meaning.len() <= 200, "{}", entry.name);
        }
    }
}
