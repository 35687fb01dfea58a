//! The folder of the history: a file for each week.

use std::{
    collections::BTreeSet,
    fs,
    io::{self, Write as _},
    path::Path,
};

use chrono::NaiveDate;

use super::{Ledger, Settings, Week, record};
use crate::{error::Error, period::Period};

/// Reads all weeks of a folder; none where there is no folder yet. A file that cannot be read, or
/// was recorded with other settings, is an error that names it.
pub fn read(folder: &Path, settings: &Settings) -> Result<Ledger, Error> {
    let failed = |source: io::Error| Error::Input { path: folder.into(), source };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Ledger::default()),
        Err(error) => return Err(failed(error)),
    };
    let mut names = BTreeSet::new();
    for entry in entries {
        names.insert(entry.map_err(failed)?.file_name());
    }
    let mut ledger = Ledger::default();
    for name in names.iter().filter_map(|name| name.to_str()) {
        if let Some(monday) = week_of(name) {
            ledger.weeks.insert(monday, read_week(&folder.join(name), monday, settings)?);
        }
    }
    Ok(ledger)
}

/// Whether a path, without links, is a week of the history in a folder: it may stand among the logs.
pub fn is_ours(folder: &Path, path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| week_of(name).is_some())
        && fs::canonicalize(folder).is_ok_and(|folder| path.parent() == Some(&folder))
}

fn read_week(path: &Path, monday: NaiveDate, settings: &Settings) -> Result<Week, Error> {
    let bytes = fs::read(path).map_err(|source| Error::Input { path: path.into(), source })?;
    let text = String::from_utf8(bytes);
    let week = match &text {
        Ok(text) => record::read(monday, text, settings),
        Err(_) => Err((0, "it is no text".into())),
    };
    week.map_err(|(line, message)| Error::History { path: path.into(), line, message })
}

/// Writes these weeks, each file whole or not at all; what has not changed is not touched.
pub fn write(
    folder: &Path,
    ledger: &Ledger,
    weeks: &BTreeSet<NaiveDate>,
    settings: &Settings,
) -> Result<(), Error> {
    let failed = |path: &Path, source: io::Error| Error::Write { path: path.into(), source };
    fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    for (monday, week) in ledger.weeks.iter().filter(|(monday, _)| weeks.contains(monday)) {
        let path = folder.join(format!("{}.jsonl", Period::week(*monday).label()));
        let text = record::write(*monday, week, settings);
        if fs::read(&path).is_ok_and(|present| present == text.as_bytes()) {
            continue;
        }
        put(folder, &path, &text).map_err(|error| failed(&path, error))?;
    }
    Ok(())
}

fn put(folder: &Path, path: &Path, text: &str) -> io::Result<()> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".alertbook-");
    #[cfg(unix)]
    {
        // As any other file would be made, less what the user's mask takes away.
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// The Monday of the week that a file is of, by its name.
fn week_of(name: &str) -> Option<NaiveDate> {
    Period::monday_of(name.strip_suffix(".jsonl")?)
}
