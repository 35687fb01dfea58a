//! A plain reader of HTML, enough to see which tags and attributes a page has.

/// A tag: its name (with `/` before it where it closes) and its attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Name in lower case.
    pub name: String,
    /// Names and values.
    pub attributes: Vec<(String, String)>,
}

/// The tags of a page in order. Everything that begins with `<` and a letter, `/` or `!` counts.
pub fn tags(page: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!') {
            continue;
        }
        let (tag, after) = tag(rest);
        rest = after;
        tags.push(tag);
    }
    tags
}

fn tag(text: &str) -> (Tag, &str) {
    let end = text.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(text.len());
    let name = text[..end].trim_end_matches('/').to_ascii_lowercase();
    let (mut attributes, mut rest) = (Vec::new(), &text[end..]);
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() {
            break;
        }
        if let Some(after) = rest.strip_prefix('>') {
            rest = after;
            break;
        }
        let end = rest
            .find(|c: char| c.is_ascii_whitespace() || c == '=' || c == '>')
            .unwrap_or(rest.len());
        let attribute = rest[..end].to_ascii_lowercase();
        rest = &rest[end..];
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix('=') {
            let quote = after.chars().next().unwrap_or('"');
            assert!(matches!(quote, '"' | '\''), "an unquoted attribute {attribute}");
            let inner = &after[1..];
            let end = inner.find(quote).unwrap_or(inner.len());
            inner[..end].clone_into(&mut value);
            rest = inner.get(end + 1..).unwrap_or("");
        }
        attributes.push((attribute, value));
    }
    (Tag { name, attributes }, rest)
}

/// The text of a page: tags taken out, entities resolved.
pub fn text(page: &str) -> String {
    let mut out = String::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let (_, after) = tag(&rest[at + 1..]);
        rest = after;
    }
    out.push_str(rest);
    for (entity, character) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&amp;", "&"),
    ] {
        out = out.replace(entity, character);
    }
    out
}
