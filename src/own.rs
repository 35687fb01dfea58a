//! The user's own templates and mitigations: a folder becomes names and texts.

use std::{collections::BTreeMap, fs, path::Path};

use walkdir::WalkDir;

use crate::{bundled, error::Error, verdicts};

/// Reads every file with one of the extensions; names are relative to the folder, `/` between
/// their parts.
pub fn texts(folder: &Path, extensions: &[&str]) -> Result<BTreeMap<String, String>, Error> {
    let input = |path: &Path, source| Error::Input { path: path.into(), source };
    let mut texts = BTreeMap::new();
    for entry in WalkDir::new(folder).follow_root_links(true).sort_by_file_name() {
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(folder).to_owned();
            input(&path, error.into())
        })?;
        let extension = entry.path().extension().and_then(|extension| extension.to_str());
        let wanted = extension.is_some_and(|extension| extensions.contains(&extension));
        let readme = entry.file_name() == "README.md";
        if !entry.file_type().is_file() || !wanted || readme {
            continue;
        }
        let text = fs::read_to_string(entry.path()).map_err(|error| input(entry.path(), error))?;
        let name = entry.path().strip_prefix(folder).unwrap_or(entry.path());
        texts.insert(name.to_string_lossy().replace('\\', "/"), text);
    }
    Ok(texts)
}

/// Reads a file of verdicts.
pub fn verdicts(path: &Path) -> Result<Vec<verdicts::Entry>, Error> {
    let text =
        fs::read_to_string(path).map_err(|source| Error::Input { path: path.into(), source })?;
    verdicts::read(&path.display().to_string(), &text)
}

/// Writes a commented `alertbook.toml` into a folder that has none. Gives its path.
pub fn write_settings(folder: &Path) -> Result<std::path::PathBuf, Error> {
    let path = folder.join("alertbook.toml");
    write_new(&path, crate::config::COMMENTED)?;
    Ok(path)
}

/// Copies the built-in templates, and what documents them, into a folder. Gives their number.
pub fn write_templates(folder: &Path) -> Result<usize, Error> {
    let html = bundled::HTML_TEMPLATES.iter().map(|(name, text)| (format!("html/{name}"), *text));
    let markdown =
        bundled::MARKDOWN_TEMPLATES.iter().map(|(name, text)| (format!("markdown/{name}"), *text));
    let readme = ("README.md".to_owned(), bundled::TEMPLATES_README);
    let files: Vec<_> = html.chain(markdown).chain([readme]).collect();
    // Nothing is written if anything is in the way.
    if let Some((name, _)) = files.iter().find(|(name, _)| folder.join(name).exists()) {
        return Err(Error::Exists { path: folder.join(name) });
    }
    for (name, text) in &files {
        write_new(&folder.join(name), text)?;
    }
    Ok(files.len() - 1)
}

fn write_new(path: &Path, text: &str) -> Result<(), Error> {
    let write = |source| Error::Write { path: path.into(), source };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(write)?;
    }
    let file = fs::File::create_new(path);
    let mut file = file.map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => Error::Exists { path: path.into() },
        _ => write(error),
    })?;
    std::io::Write::write_all(&mut file, text.as_bytes()).map_err(write)
}
