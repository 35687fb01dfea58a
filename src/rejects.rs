//! The rejected records as `rejected.jsonl` lists them: one JSON object a line.

use std::io::{self, Write};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::Serialize;

use crate::{
    group::Place,
    intake::{Rejected, Taken},
    read::{Again, Found},
};

/// The rejected records of a run. Each is read again where its turn comes.
#[derive(Clone, Copy, Debug)]
pub struct Rejects<'r> {
    /// Where they were read.
    pub found: &'r Found,
    /// What came of all records.
    pub taken: &'r Taken,
}

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
    /// Why it has neither.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lost: Option<&'static str>,
}

/// Rejected records of one file and one reason that are too many to be listed.
#[derive(Clone, Debug, Serialize)]
pub struct Unlisted {
    /// File, relative to the folder that was read.
    pub file: String,
    /// Short name of the reason.
    pub reason: &'static str,
    /// The reason in words.
    pub meaning: &'static str,
    /// How many there are.
    pub unlisted: u64,
}

impl<'r> Rejects<'r> {
    /// Those that are listed, in the order of reading.
    pub fn listed(self) -> impl ExactSizeIterator<Item = Reject> + 'r {
        let mut again = Again::default();
        self.taken.rejected.listed.iter().map(move |rejected| self.tell(rejected, &mut again))
    }

    /// The others, by file and reason.
    pub fn unlisted(self) -> impl Iterator<Item = Unlisted> + 'r {
        self.taken.rejected.unlisted.iter().map(move |others| Unlisted {
            file: self.found.files[others.file as usize].name.clone(),
            reason: others.reason.name(),
            meaning: others.reason.meaning(),
            unlisted: others.count,
        })
    }

    /// Writes the lines of `rejected.jsonl`.
    pub fn write(self, out: &mut dyn Write) -> io::Result<()> {
        self.listed().try_for_each(|reject| line(out, &reject))?;
        self.unlisted().try_for_each(|others| line(out, &others))
    }

    fn tell(self, rejected: &Rejected, again: &mut Again<'r>) -> Reject {
        let origin =
            self.taken.places.origin(rejected.at.unit, rejected.at.line, &self.found.files);
        let kept = self.kept(rejected, again);
        let lost = kept.as_ref().err().copied();
        let kept = kept.unwrap_or_default();
        let cut = rejected.length - kept.len() as u64;
        let (text, base64) = match String::from_utf8(kept) {
            Ok(text) => (Some(text).filter(|_| lost.is_none()), None),
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
            lost,
        }
    }

    /// The first bytes of a record, or why there are none.
    fn kept(self, rejected: &Rejected, again: &mut Again<'r>) -> Result<Vec<u8>, &'static str> {
        match (&rejected.held, rejected.place()) {
            (Some(held), _) => Ok(held.to_vec()),
            (None, Some(Place::At { offset, length })) => {
                let log = self.taken.places.file(rejected.at.unit, &self.found.files);
                let read = again.read(log, offset, length as usize);
                read.map_err(|_| "its file was moved, removed or cut before it could be read again")
            }
            (None, _) => Err("of packed files no more than 32 MiB of rejected records are kept"),
        }
    }
}

fn line(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

/// Text of which a cut took the end of the last character.
fn whole_characters(bytes: &[u8], cut: u64) -> Option<String> {
    let error = str::from_utf8(bytes).err()?;
    let only_the_end = cut > 0 && error.error_len().is_none();
    only_the_end.then(|| String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned())
}
