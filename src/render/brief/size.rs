//! How much of a report a brief tells, and in which order it tells less.

/// How many rows a brief has, and how long a name in it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Sentences of the summary.
    pub sentences: usize,
    /// Rows of each list of changes.
    pub changes: usize,
    /// Incidents that need attention.
    pub attention: usize,
    /// Of these, such with a link.
    pub links: usize,
    /// Numbers.
    pub numbers: usize,
    /// Actions.
    pub actions: usize,
    /// Sentences on what limits the report.
    pub limits: usize,
    /// Characters of a name.
    pub name: usize,
    /// Characters of a sentence.
    pub sentence: usize,
}

/// What is longer than this is no name.
const SENTENCE: usize = 60;

/// One step towards less.
pub type Cut = fn(&mut Size);

impl Size {
    /// The most that a brief tells.
    pub const FULL: Self = Self {
        sentences: 12,
        changes: 3,
        attention: 5,
        links: 5,
        numbers: 16,
        actions: 3,
        limits: 2,
        name: 60,
        sentence: 300,
    };

    /// What a mail tells.
    pub const MAIL: Self = Self {
        sentences: 12,
        changes: 7,
        attention: 10,
        links: 10,
        numbers: 16,
        actions: 10,
        limits: 5,
        name: 120,
        sentence: 600,
    };

    /// What a brief that is too long gives up, one after the other. After the last step even the
    /// most hostile report fits: what is left is a count for each part and one incident, in few
    /// characters, each of which takes at most six bytes.
    pub const CUTS: [Cut; 24] = [
        |size| size.links = 3,
        |size| size.limits = 1,
        |size| size.actions = 2,
        |size| size.changes = 2,
        |size| size.links = 1,
        |size| size.numbers = 6,
        |size| size.attention = 4,
        |size| size.actions = 1,
        |size| size.changes = 1,
        |size| size.sentence = 200,
        |size| size.attention = 3,
        |size| size.links = 0,
        |size| size.name = 40,
        |size| size.limits = 0,
        |size| size.numbers = 3,
        |size| size.sentences = 5,
        |size| size.actions = 0,
        |size| size.attention = 2,
        |size| size.sentence = 120,
        |size| size.sentences = 2,
        |size| size.changes = 0,
        |size| size.attention = 1,
        |size| size.sentences = 1,
        |size| (size.name, size.sentence, size.numbers) = (20, 40, 0),
    ];
}

/// A text of at most so many characters as it is displayed, and `…` where there were more.
pub fn cut(text: &str, length: usize) -> String {
    use crate::render::text::{Breaks, visible};
    let shown = |text: &str| visible(text, Breaks::Mark).chars().count();
    let mut kept = text.char_indices().nth(length).map_or(text, |(end, _)| &text[..end]);
    while shown(kept) > length {
        kept = kept.char_indices().next_back().map_or("", |(end, _)| &kept[..end]);
    }
    if kept.len() == text.len() {
        return text.to_owned();
    }
    // A sentence is cut between words, if it has any.
    let words = kept.rfind(' ').filter(|end| length > SENTENCE && kept.len() - end < SENTENCE);
    format!("{}…", kept[..words.unwrap_or(kept.len())].trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(cut("café", 4), "café");
        assert_eq!(cut("café au lait", 5), "café…");
        assert_eq!(cut("東京都", 2), "東京…");
        assert_eq!(cut(&"word ".repeat(30), 73), format!("{}word…", "word ".repeat(13)));
        assert_eq!(cut(&"w".repeat(80), 70), format!("{}…", "w".repeat(70)));
        // A hidden character is displayed as eight.
        assert_eq!(cut("a\u{202e}b", 9), "a\u{202e}…");
        assert_eq!(cut("a\u{202e}b", 8), "a…");
        assert_eq!(cut(&"\u{e041}".repeat(1000), 20), "\u{e041}\u{e041}…");
    }

    #[test]
    fn every_step_takes_something_away() {
        let mut size = Size::FULL;
        for (index, cut) in Size::CUTS.iter().enumerate() {
            let before = size;
            cut(&mut size);
            let all = |size: &Size| {
                [
                    size.sentences,
                    size.changes,
                    size.attention,
                    size.links,
                    size.numbers,
                    size.actions,
                    size.limits,
                    size.name,
                    size.sentence,
                ]
            };
            let (now, then) = (all(&size), all(&before));
            assert!(now.iter().zip(&then).all(|(now, then)| now <= then), "step {index}");
            assert!(now.iter().sum::<usize>() < then.iter().sum(), "step {index}");
        }
    }
}
