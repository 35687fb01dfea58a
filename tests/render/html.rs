//! Reads HTML back, as far as our own needs it.

use std::collections::BTreeMap;

/// How often each tag occurs, with the names of its attributes.
pub fn tags(html: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for tag in html.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap_or(tag);
        let mut name = String::new();
        for (index, part) in tag.split('"').enumerate() {
            name.push_str(if index % 2 == 0 { part } else { "…" });
        }
        *counts.entry(name).or_default() += 1;
    }
    counts
}

pub fn text(html: &str) -> String {
    let mut out = String::new();
    for (index, part) in html.split('<').enumerate() {
        out.push_str(if index == 0 {
            part
        } else {
            part.split_once('>').map_or("", |(_, text)| text)
        });
    }
    out.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}
