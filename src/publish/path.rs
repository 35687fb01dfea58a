//! Which paths a page may have: the last check before a name reaches the disk.

use super::Error;

/// Files with a leading dot that a site may need: without this one, GitHub Pages would run a site
/// generator over ours.
const DOT_FILES: [&str; 1] = [".nojekyll"];

/// Names that Windows gives to devices, whatever extension follows.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// Checks that `path` names a file inside the site on every system, and the same one everywhere.
pub fn check(path: &str) -> Result<(), Error> {
    match path.split('/').find_map(objection) {
        None => Ok(()),
        Some(reason) => Err(Error::PagePath { path: path.to_owned(), reason }),
    }
}

fn objection(component: &str) -> Option<&'static str> {
    if component.is_empty() {
        Some("it is absolute, or has an empty component")
    } else if component == "." || component == ".." {
        Some("it has a component that is not a name")
    } else if component.starts_with('.') && !DOT_FILES.contains(&component) {
        Some("a component begins with a dot")
    } else if component.ends_with(['.', ' ']) {
        Some("a component ends with a dot or a space")
    } else if component.contains(|c: char| c == '\\' || c == ':' || c.is_control()) {
        Some("it has a backslash, a colon or a control character")
    } else if is_device(component) {
        Some("a component is the name of a device on Windows")
    } else {
        None
    }
}

fn is_device(component: &str) -> bool {
    let stem = component.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    let is_port = |port: &str| {
        let number = stem.strip_prefix(port).unwrap_or_default();
        number.chars().count() == 1 && number.chars().all(|c| "0123456789¹²³".contains(c))
    };
    DEVICES.contains(&stem.as_str()) || is_port("com") || is_port("lpt")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_a_site_are_allowed() {
        let paths = [
            "index.html",
            "incidents/terminal-shell-1a2b3c4d/con-5e6f7a8b.md",
            "static/style.css",
            ".nojekyll",
            "weeks/2026-W47/index.html",
            "console.html",
            "community/com.html",
        ];
        for path in paths {
            assert!(check(path).is_ok(), "{path:?}");
        }
    }

    #[test]
    fn paths_that_leave_the_site_or_change_with_the_system_are_refused() {
        let paths = [
            "",
            "/etc/passwd",
            "a//b",
            "a/",
            ".",
            "..",
            "../x",
            "a/../../x",
            "a/./b",
            ".git/config",
            "a/.htaccess",
            ".alertbook-manifest.json",
            "..\\x",
            "a\\b",
            "C:x",
            "a:stream",
            "a\0b",
            "a\nb",
            "a\u{1b}[2J",
            "a.",
            "a /b",
            "nul",
            "NUL.txt",
            "x/com1.html",
            "LPT².log",
            "conin$",
        ];
        for path in paths {
            assert!(matches!(check(path), Err(Error::PagePath { .. })), "{path:?}");
        }
    }
}
