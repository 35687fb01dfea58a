//! The parts of an advice: all there, and in order.

use super::{File, front::Head, near};
use crate::{
    mitigation::PARTS,
    render::proof::{Heading, Variant},
};

/// Checks the parts of a file, whatever way its conditions go.
pub fn check(file: &mut File<'_>, head: &Head, variants: &[Variant]) {
    let extends = head.front.extends.is_some();
    let mut missing: Vec<usize> = Vec::new();
    for variant in variants {
        let top = variant.headings.iter().map(|heading| heading.level).min();
        let parts: Vec<_> =
            variant.headings.iter().filter(|heading| Some(heading.level) == top).collect();
        check_order(file, &parts);
        let has = |part: &&str| parts.iter().any(|heading| heading.words == **part);
        let lacks = PARTS.iter().enumerate().filter(|(_, part)| !has(part)).map(|(at, _)| at);
        missing.extend(lacks.filter(|_| !extends));
        if extends && parts.is_empty() {
            file.remark(
                file.text.len(),
                "it extends, and has no part to do so: write ### and a part's name",
            );
        }
    }
    missing.sort_unstable();
    missing.dedup();
    for part in missing {
        let next = PARTS[part + 1..].iter().find_map(|next| {
            let headings = variants.iter().flat_map(|variant| &variant.headings);
            headings.into_iter().find(|heading| heading.words == **next)
        });
        let (at, place) = match next {
            Some(next) => (next.at, format!(", before {}", next.words)),
            None => (file.text.trim_end().len(), ", at the end".to_owned()),
        };
        file.remark(at, format!("the part {} is missing{place}", PARTS[part]));
    }
}

fn check_order(file: &mut File<'_>, parts: &[&Heading]) {
    let mut last: Option<usize> = None;
    let mut seen: Vec<&str> = Vec::new();
    for heading in parts {
        let Some(place) = PARTS.iter().position(|part| *part == heading.words) else {
            let hint = near(&heading.words, &PARTS).map_or_else(
                || format!("there are {}", PARTS.join(", ")),
                |near| format!("did you mean {near}?"),
            );
            file.remark(heading.at, format!("there is no part {}; {hint}", heading.words));
            continue;
        };
        if seen.contains(&heading.words.as_str()) {
            file.remark(heading.at, format!("the part {} stands here twice", heading.words));
        } else if let Some(last) = last.filter(|last| place < *last) {
            file.remark(
                heading.at,
                format!("the part {} belongs before {}", heading.words, PARTS[last]),
            );
        }
        last = last.max(Some(place));
        seen.push(&heading.words);
    }
}
