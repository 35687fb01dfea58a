//! The user's own templates and mitigations: a folder becomes names and texts.

use std::{collections::BTreeMap, fs, path::Path};

use walkdir::WalkDir;

use crate::{bundled, error::Error, falco::rules::RulesFile, verdicts};

/// Reads every file with one of the extensions; names are relative to the folder, `/` between
/// their parts.
pub fn texts(folder: &Path, extensions: &[&str]) -> Result<BTreeMap<String, String>, Error> {
    let text = |(name, bytes): (String, Vec<u8>)| {
        let text = String::from_utf8(bytes).map_err(|_| Error::Input {
            path: folder.join(&name),
            source: std::io::Error::new(std::io::ErrorKind::InvalidData, "it is not UTF-8"),
        })?;
        Ok((name, text))
    };
    files(folder, extensions)?.into_iter().map(text).collect()
}

/// The same, whatever the files hold.
pub fn files(folder: &Path, extensions: &[&str]) -> Result<BTreeMap<String, Vec<u8>>, Error> {
    let input = |path: &Path, source| Error::Input { path: path.into(), source };
    let mut files = BTreeMap::new();
    fs::read_dir(folder).map_err(|error| input(folder, error))?;
    for entry in WalkDir::new(folder).follow_root_links(true).sort_by_file_name() {
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(folder).to_owned();
            let loops = || std::io::Error::other("it leads back to itself");
            input(&path, error.into_io_error().unwrap_or_else(loops))
        })?;
        let extension = entry.path().extension().and_then(|extension| extension.to_str());
        let wanted = extension.is_some_and(|extension| extensions.contains(&extension));
        let readme = entry.file_name() == "README.md";
        if !entry.file_type().is_file() || !wanted || readme {
            continue;
        }
        let bytes = fs::read(entry.path()).map_err(|error| input(entry.path(), error))?;
        let name = entry.path().strip_prefix(folder).unwrap_or(entry.path());
        files.insert(name.to_string_lossy().replace('\\', "/"), bytes);
    }
    Ok(files)
}

/// Names of the rules in a file of Falco's.
pub fn rules(path: &Path) -> Result<Vec<String>, Error> {
    let text =
        fs::read_to_string(path).map_err(|source| Error::Input { path: path.into(), source })?;
    let file = RulesFile::read(&text).map_err(|fault| {
        let place = format!("{}:{}:{}", path.display(), fault.line + 1, fault.column + 1);
        Error::Config(format!("{place}: {}", fault.message))
    })?;
    Ok(file.rules(false).into_iter().map(|rule| rule.name).collect())
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
