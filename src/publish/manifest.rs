//! The list of the files that a run wrote, kept in the site so that the next run knows them.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use serde::Deserialize;

use super::{Error, path};

/// The manifest's name in the site's folder.
pub const NAME: &str = ".alertbook-manifest.json";

const VERSION: u32 = 1;

/// What a site holds of ours, by path. Its text depends on the pages alone, never on the time or on
/// the order in which they were put.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manifest {
    files: BTreeMap<String, Fingerprint>,
}

/// What the bytes of a file are known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint {
    /// Their number.
    pub size: u64,
    /// Their digest.
    pub blake3: blake3::Hash,
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

#[derive(Deserialize)]
struct Raw {
    files: Vec<Line>,
}

#[derive(Deserialize)]
struct Line {
    path: String,
    size: u64,
    blake3: String,
}

impl Fingerprint {
    /// The fingerprint of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self { size: bytes.len() as u64, blake3: blake3::hash(bytes) }
    }
}

impl Manifest {
    /// Reads the manifest of the site in `folder`; `None` where there is none.
    pub fn read(folder: &Path) -> Result<Option<Self>, Error> {
        let file = folder.join(NAME);
        match fs::read_to_string(&file) {
            Ok(text) => Self::parse(&text)
                .map(Some)
                .map_err(|reason| Error::Damaged { manifest: file, reason }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::Damaged { manifest: file, reason: error.to_string() }),
        }
    }

    /// The files and their fingerprints, by path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &Fingerprint)> {
        self.files.iter().map(|(path, fingerprint)| (path.as_str(), fingerprint))
    }

    /// What is known of the file at `path`.
    pub fn get(&self, path: &str) -> Option<&Fingerprint> {
        self.files.get(path)
    }

    /// Whether there is a file under the folder `path`.
    pub(super) fn has_below(&self, path: &str) -> bool {
        let folder = format!("{path}/");
        self.files.range(folder.clone()..).next().is_some_and(|(file, _)| file.starts_with(&folder))
    }

    /// The manifest as it stands in the site: JSON, one file a line, so that two can be compared.
    pub(super) fn to_json(&self) -> String {
        let lines: Vec<String> = self.files.iter().map(|(path, known)| line(path, known)).collect();
        format!("{{\"version\":{VERSION},\"files\":[\n{}\n]}}\n", lines.join(",\n"))
    }

    fn parse(text: &str) -> Result<Self, String> {
        let Version { version } = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if version != VERSION {
            return Err(format!(
                "it has version {version}, and this alertbook knows version {VERSION}"
            ));
        }
        let Raw { files } = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let mut manifest = Self::default();
        for line in files {
            let (path, fingerprint) = checked(line)?;
            if manifest.files.insert(path.clone(), fingerprint).is_some() {
                return Err(format!("it lists {path:?} twice"));
            }
        }
        Ok(manifest)
    }
}

impl FromIterator<(String, Fingerprint)> for Manifest {
    fn from_iter<I: IntoIterator<Item = (String, Fingerprint)>>(files: I) -> Self {
        Self { files: files.into_iter().collect() }
    }
}

fn line(path: &str, known: &Fingerprint) -> String {
    let Fingerprint { size, blake3 } = known;
    let path = serde_json::Value::from(path);
    format!("{{\"path\":{path},\"size\":{size},\"blake3\":\"{blake3}\"}}")
}

fn checked(line: Line) -> Result<(String, Fingerprint), String> {
    path::check(&line.path).map_err(|error| error.to_string())?;
    let blake3 = blake3::Hash::from_hex(&line.blake3)
        .map_err(|error| format!("the digest of {:?} is wrong: {error}", line.path))?;
    Ok((line.path, Fingerprint { size: line.size, blake3 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        ["index.html", "hosts/web-1.html", "hosts.csv", "ünï \"quoted\".md"]
            .map(|path| (path.to_owned(), Fingerprint::of(path.as_bytes())))
            .into_iter()
            .collect()
    }

    #[test]
    fn the_text_is_read_back_and_does_not_depend_on_the_order() {
        let mut files: Vec<_> = manifest().files.into_iter().collect();
        files.reverse();
        let text = files.into_iter().collect::<Manifest>().to_json();
        assert_eq!(text, manifest().to_json());
        assert_eq!(Manifest::parse(&text), Ok(manifest()));
        assert_eq!(Manifest::parse(&Manifest::default().to_json()), Ok(Manifest::default()));
    }

    #[test]
    fn a_folder_holds_what_lies_below_it_and_not_its_namesakes() {
        assert!(manifest().has_below("hosts"));
        assert!(!manifest().has_below("hosts/web-1.html"));
        assert!(!manifest().has_below("host"));
        assert!(!manifest().has_below("index"));
    }

    #[test]
    fn a_manifest_that_is_not_whole_is_refused() {
        let whole = manifest().to_json();
        for end in (0..whole.trim_end().len()).filter(|end| whole.is_char_boundary(*end)) {
            assert!(Manifest::parse(&whole[..end]).is_err(), "cut after {end} bytes");
        }
        let digest = Fingerprint::of(b"").blake3.to_hex();
        let line = |path: &str| format!(r#"{{"path":"{path}","size":0,"blake3":"{digest}"}}"#);
        let twice = format!("{},{}", line("a"), line("a"));
        for files in [&line("../a"), &line("/a"), &twice, r#"{"path":"a","size":0,"blake3":"0"}"#] {
            let text = format!(r#"{{"version":1,"files":[{files}]}}"#);
            assert!(Manifest::parse(&text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_manifest_of_a_later_version_is_named_as_such() {
        let reason = Manifest::parse(r#"{"version":2,"pages":{}}"#).unwrap_err();
        assert!(reason.contains("version 2"), "{reason}");
    }
}
