//! Names for files and anchors, made from strings that an attacker may have chosen.

/// The longest readable part of a slug, in bytes.
const READABLE: usize = 60;

/// A name that is safe as a path component, URL part and HTML id on every system: the ASCII
/// letters and digits of `text` in lower case joined by hyphens, and always eight hexadecimal
/// digits of a digest of the exact bytes. Never empty, never a reserved name, and two texts that
/// differ (in case only, say) have two slugs.
pub fn slug(text: &str) -> String {
    let mut name = readable(text);
    if !name.is_empty() {
        name.push('-');
    }
    name.push_str(&digest(&[text]));
    name
}

/// The readable part alone; may be empty, and two texts may share it.
pub fn readable(text: &str) -> String {
    let mut name = String::new();
    for character in text.chars() {
        if name.len() >= READABLE {
            break;
        }
        if character.is_ascii_alphanumeric() {
            name.push(character.to_ascii_lowercase());
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    name.truncate(name.trim_end_matches('-').len());
    name
}

/// Eight hexadecimal digits of the BLAKE3 digest of the parts, each ended by a NUL so that
/// `["ab", "c"]` and `["a", "bc"]` differ.
pub fn digest(parts: &[&str]) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(part.as_bytes()).update(&[0]);
    }
    hasher.finalize().to_hex().as_str()[..8].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_reads_like_its_text() {
        assert!(slug("Terminal shell in container").starts_with("terminal-shell-in-container-"));
        assert!(slug("Redirect STDOUT/STDIN").starts_with("redirect-stdout-stdin-"));
    }

    #[test]
    fn hostile_names_stay_plain_components() {
        let hostile = [
            "",
            "..",
            "../../etc/passwd",
            "CON",
            "con",
            "a/b",
            "a\\b",
            "<svg>",
            "\u{202e}x",
            "nul.txt",
        ];
        for text in hostile {
            let name = slug(text);
            assert!(name.len() >= 8 && name.len() <= READABLE + 9, "{text:?} → {name}");
            assert!(
                name.bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'),
                "{text:?} → {name}"
            );
        }
        assert_ne!(slug("CON"), slug("con"));
        assert_ne!(slug("a/b"), slug("a\\b"));
        assert!(slug(&"x".repeat(4000)).len() <= READABLE + 9);
    }
}
