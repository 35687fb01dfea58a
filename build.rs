//! Lists the templates and mitigations, so that the program carries them all.

use std::{env, fmt::Write as _, fs, io, path::Path};

fn main() -> io::Result<()> {
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    let mut code = String::new();
    for (name, folder) in [
        ("MITIGATIONS", "mitigations"),
        ("HTML_TEMPLATES", "templates/html"),
        ("MARKDOWN_TEMPLATES", "templates/markdown"),
    ] {
        println!("cargo::rerun-if-changed={folder}");
        list(name, &Path::new(&root).join(folder), &mut code)?;
    }
    fs::write(Path::new(&out).join("bundled.rs"), code)
}

/// Writes a constant with the name and the text of each file of a folder, ordered by name.
fn list(name: &str, folder: &Path, code: &mut String) -> io::Result<()> {
    let mut files: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    files.sort_by_key(fs::DirEntry::file_name);
    let _ = writeln!(
        code,
        "/// Every file of the folder, by name.\npub const {name}: &[(&str, &str)] = &["
    );
    for file in files {
        let file_name = file.file_name();
        let _ = writeln!(code, "    ({:?}, include_str!({:?})),", file_name, file.path());
    }
    code.push_str("];\n");
    Ok(())
}
