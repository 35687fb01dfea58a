//! Long lists are cut into pages.

use super::LINES;

/// One page of a list that is cut into pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The page, without an extension.
    pub path: String,
    /// Its lines of the list.
    pub lines: std::ops::Range<usize>,
    /// Its number, from 1.
    pub number: usize,
    /// How many pages there are.
    pub numbers: usize,
}

/// Cuts a list into pages: `folder/index`, `folder/index-2` and so on; one page if it is empty.
pub fn sheets(folder: &str, lines: usize) -> Vec<Sheet> {
    let numbers = lines.div_ceil(LINES).max(1);
    let sheet = |number: usize| Sheet {
        path: match number {
            1 => format!("{folder}/index"),
            _ => format!("{folder}/index-{number}"),
        },
        lines: (number - 1) * LINES..(number * LINES).min(lines),
        number,
        numbers,
    };
    (1..=numbers).map(sheet).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_is_cut_into_pages() {
        let pages = sheets("rules", 1001);
        let short: Vec<_> =
            pages.iter().map(|page| (page.path.as_str(), page.lines.clone())).collect();
        assert_eq!(
            short,
            [("rules/index", 0..500), ("rules/index-2", 500..1000), ("rules/index-3", 1000..1001)]
        );
        assert_eq!(sheets("hosts", 0).len(), 1);
    }
}
