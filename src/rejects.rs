//! The rejected records as `rejected.jsonl` lists them: one JSON object a line.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::Serialize;

use crate::{
    group::Place,
    intake::{Rejected, Taken},
    page::Page,
    read::{Again, Found},
};

/// A rejected record.
#[derive(Clone, Debug, Serialize)]
pub struct Reject {
    /// File, relative to the folder that was read.
    pub file: String,
    /// Line on which the record begins, from 1.
    pub line: u64,
    /// Short name of the reason.
    pub reason: &'static str,
    /// The reason in words.
    pub meaning: &'static str,
    /// Length of the record in bytes.
    pub bytes: u64,
    /// Bytes of it that are not in `text` or `base64`.
    pub cut: u64,
    /// Its first 4 KiB, if they are UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Its first 4 KiB in Base64, if they are not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base64: Option<String>,
}

/// All of them, in the order of reading.
pub fn all(found: &Found, taken: &Taken) -> Vec<Reject> {
    let mut again = Again::default();
    taken.rejected.iter().map(|rejected| tell(rejected, found, taken, &mut again)).collect()
}

/// The file of them.
pub fn page(found: &Found, taken: &Taken) -> Page {
    let mut bytes = Vec::new();
    for reject in all(found, taken) {
        // Strings and numbers can always be written.
        if let Ok(line) = serde_json::to_vec(&reject) {
            bytes.extend_from_slice(&line);
            bytes.push(b'\n');
        }
    }
    Page { path: "rejected.jsonl".into(), bytes }
}

fn tell<'f>(rejected: &Rejected, found: &'f Found, taken: &Taken, again: &mut Again<'f>) -> Reject {
    let origin = taken.places.origin(rejected.at.unit, rejected.at.line, &found.files);
    let kept = kept(rejected, found, taken, again);
    let cut = rejected.length - kept.len() as u64;
    let (text, base64) = match String::from_utf8(kept) {
        Ok(text) => (Some(text), None),
        Err(error) => match whole_characters(error.as_bytes(), cut) {
            Some(text) => (Some(text), None),
            None => (None, Some(BASE64_STANDARD.encode(error.as_bytes()))),
        },
    };
    let shown = text.as_ref().map_or(rejected.length - cut, |text| text.len() as u64);
    Reject {
        file: origin.file,
        line: origin.line,
        reason: rejected.reason.name(),
        meaning: rejected.reason.meaning(),
        bytes: rejected.length,
        cut: rejected.length - shown,
        text,
        base64,
    }
}

/// The bytes of a record that are kept. A file that is gone by now leaves none.
fn kept<'f>(
    rejected: &Rejected,
    found: &'f Found,
    taken: &Taken,
    again: &mut Again<'f>,
) -> Vec<u8> {
    match (&rejected.held, rejected.place()) {
        (Some(held), _) => held.clone(),
        (None, Some(Place::At { offset, length })) => {
            let log = taken.places.file(rejected.at.unit, &found.files);
            again.read(log, offset, length as usize).unwrap_or_default()
        }
        (None, _) => Vec::new(),
    }
}

/// Text of which a cut took the end of the last character.
fn whole_characters(bytes: &[u8], cut: u64) -> Option<String> {
    let error = str::from_utf8(bytes).err()?;
    let only_the_end = cut > 0 && error.error_len().is_none();
    only_the_end.then(|| String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned())
}
