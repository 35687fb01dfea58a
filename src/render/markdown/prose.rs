//! Values in running text: which words may stand bare, and how all others are made inert.
//!
//! Markdown has many readers, and each adds something: addresses become links, `@name` and `#1`
//! references, `:name:` pictures, `{{ … }}` code of a site generator. Few words can be none of
//! these; all others stand in code, where every reader leaves them alone.

/// A run of words of a value.
#[derive(Debug, PartialEq, Eq)]
pub enum Run<'a> {
    /// Words that mean nothing to any reader, with the blanks between them.
    Bare(&'a str),
    /// Anything else.
    Inert(&'a str),
}

/// Splits a value at its blanks into runs; a blank between two runs belongs to neither.
pub fn runs(value: &str) -> Vec<Run<'_>> {
    if value.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<Run<'_>> = Vec::new();
    let (mut start, mut at) = (0, 0);
    for word in value.as_bytes().split(|byte| *byte == b' ') {
        let word = &value[at..at + word.len()];
        if word.is_empty() {
            // Readers drop blanks at an end of the value, and of several beside each other all but one.
            return vec![Run::Inert(value)];
        }
        let bare = is_bare(word, at == 0);
        // A word like the one before it makes their run longer.
        if found.pop_if(|run| matches!(run, Run::Bare(_)) == bare).is_none() {
            start = at;
        }
        let text = &value[start..at + word.len()];
        found.push(if bare { Run::Bare(text) } else { Run::Inert(text) });
        at += word.len() + 1;
    }
    found
}

/// The runs as one text, each inert one made code. A sentence's own punctuation around it stays
/// outside of the code.
pub fn joined(runs: &[Run<'_>], code: impl Fn(&str) -> String) -> String {
    if let [Run::Bare(text)] = runs {
        return (*text).to_owned();
    }
    let mut out = String::new();
    for (index, run) in runs.iter().enumerate() {
        if index > 0 {
            out.push(' ');
        }
        match run {
            Run::Bare(text) => out.push_str(text),
            Run::Inert(text) => {
                let (before, words, after) = punctuation_around(text, index == 0);
                out.extend([before, &code(words), after]);
            }
        }
    }
    out
}

/// A text without the bracket that opens before it and the signs that end a part of a sentence;
/// whole where nothing but letters would not be left at its ends. The first run of a value keeps
/// its brackets: beside a bracket of the author's they could make a link.
fn punctuation_around(text: &str, first: bool) -> (&str, &str, &str) {
    let opened = text.strip_prefix('(').filter(|rest| !first && rest.starts_with(char_is_letter));
    let inner = opened.unwrap_or(text);
    let words = inner.trim_end_matches(if first { &['.', ','][..] } else { &['.', ',', ')'] });
    let quoted = words.ends_with(['\'', '"']);
    let closed = (quoted || words.ends_with(char_is_letter)) && inner.len() - words.len() <= 2;
    let words = if closed { words } else { inner };
    (&text[..text.len() - inner.len()], words, &inner[words.len()..])
}

/// Whether a word can stand in running text without meaning anything to a Markdown reader, a
/// forge or a site generator.
fn is_bare(word: &str, first: bool) -> bool {
    let opened = if first { word } else { word.strip_prefix('(').unwrap_or(word) };
    let core = opened.trim_end_matches([',', '.', ':', ')', '%', '?', '!', ';']);
    let tail = &opened[core.len()..];
    !core.is_empty()
        && core.starts_with(char_is_letter)
        && core.ends_with(char_is_letter)
        && !(first
            && tail.starts_with(['.', ')'])
            && core.bytes().all(|byte| byte.is_ascii_digit()))
        && tail_is_bare(tail.as_bytes())
        && core_is_bare(core)
}

/// Whether the signs after a word hold no `!`, and a colon at their end only.
fn tail_is_bare(tail: &[u8]) -> bool {
    tail.split_last().is_none_or(|(last, before)| {
        *last != b'!' && !before.iter().any(|sign| matches!(sign, b':' | b'!'))
    })
}

fn char_is_letter(character: char) -> bool {
    character.is_ascii_alphanumeric() || (!character.is_ascii() && !character.is_whitespace())
}

/// The rule for a word without its punctuation at both ends.
fn core_is_bare(core: &str) -> bool {
    let mut before = None;
    for (at, character) in core.char_indices() {
        if !char_is_letter(character) {
            let rest = &core[at + character.len_utf8()..];
            let between =
                |test: fn(char) -> bool| before.is_some_and(test) && rest.starts_with(test);
            let plain = match character {
                '-' | '_' | '/' | '\'' => between(char_is_letter),
                // A dot between letters may be a domain, a colon between letters a picture's name.
                '.' | ',' => between(|neighbour| neighbour.is_ascii_digit()),
                ':' => is_clock(&core.as_bytes()[..at], rest.as_bytes()),
                _ => false,
            };
            if !plain {
                return false;
            }
        }
        before = Some(character);
    }
    !looks_like_commit(core) && !looks_like_issue(core)
}

/// Whether a colon has two digits on either side and no third after it, as in 02:04:16.
fn is_clock(before: &[u8], after: &[u8]) -> bool {
    let digits = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_digit);
    before.last_chunk::<2>().is_some_and(|two| digits(two))
        && after.first_chunk::<2>().is_some_and(|two| digits(two))
        && !after.get(2).is_some_and(u8::is_ascii_digit)
}

/// Forges link words that may be a commit.
fn looks_like_commit(core: &str) -> bool {
    core.len() >= 7
        && core
            .as_bytes()
            .split(|byte| b"-/_.,".contains(byte))
            .any(|part| part.len() >= 7 && part.iter().all(u8::is_ascii_hexdigit))
}

/// GitHub links `GH-1`.
fn looks_like_issue(core: &str) -> bool {
    core.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("gh-"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bare(word: &str) -> bool {
        matches!(runs(word)[..], [Run::Bare(_)])
    }

    #[test]
    fn plain_words_stand_bare() {
        for text in [
            "Terminal shell in container",
            "Redirect STDOUT/STDIN to Network Connection in Container",
            "2026-11-18 02:04:16",
            "2,310 alerts on web-01 (43 in the last hour), 12%.",
            "node_7",
            "10.0.0.5",
            "Error: something",
            "▁▂▃█",
            "café",
            "the pod's user",
            "two hosts (one of them new): look",
        ] {
            assert!(bare(text), "{text:?} {:?}", runs(text));
        }
    }

    #[test]
    fn whatever_a_reader_may_take_up_does_not() {
        for text in [
            "@user",
            "a@b.c",
            "#1",
            "GH-12",
            "gh-12",
            "www.evil.example",
            "evil.com",
            ":smile:",
            "(a):b:",
            "a):)",
            "a:100:b",
            "http://x",
            "<b>",
            "*a*",
            "_a_",
            "a_",
            "~a~",
            "1.",
            "1)",
            "-",
            "--",
            "a--b",
            "[x]",
            "(x)",
            "!x",
            "/close",
            "//",
            "{{",
            "a|b",
            "`",
            "\\",
            "&amp;",
            "deadbeef",
            "user@0123456789abcdef",
            "$x$",
            "%1",
            "=",
            "+",
            " a",
            "a ",
            "a  b",
            "\u{a0}a",
            "a!",
        ] {
            assert!(!bare(text), "{text:?}");
        }
    }

    #[test]
    fn neighbouring_words_share_a_run() {
        assert_eq!(
            runs("sent by a@b.c | #x to web-01"),
            [Run::Bare("sent by"), Run::Inert("a@b.c | #x"), Run::Bare("to web-01")]
        );
    }

    /// The rule for a word's inside, by the characters' numbers.
    fn plainly_bare(core: &str) -> bool {
        let characters: Vec<char> = core.chars().collect();
        let is = |at: Option<usize>, test: fn(&char) -> bool| {
            at.and_then(|at| characters.get(at)).is_some_and(test)
        };
        let digit = |at| is(at, char::is_ascii_digit);
        let plain = (0..characters.len()).all(|at| {
            let (before, after) = (at.checked_sub(1), Some(at + 1));
            let letter = |at| is(at, |character| char_is_letter(*character));
            match characters[at] {
                '-' | '_' | '/' | '\'' => letter(before) && letter(after),
                '.' | ',' => digit(before) && digit(after),
                ':' => {
                    let two = digit(before) && digit(at.checked_sub(2));
                    two && digit(after) && digit(Some(at + 2)) && !digit(Some(at + 3))
                }
                _ => letter(Some(at)),
            }
        });
        plain && !looks_like_commit(core) && !looks_like_issue(core)
    }

    proptest! {
        #[test]
        fn a_words_inside_is_judged_by_its_neighbours(core in "[0-9a:.,_é\u{a0}/-]{0,10}") {
            prop_assert_eq!(core_is_bare(&core), plainly_bare(&core));
        }

        #[test]
        fn runs_are_the_value_with_blanks_between(value in "[a@ .]{0,12}") {
            let found = runs(&value);
            let text = |run: &Run<'_>| match run {
                Run::Bare(text) | Run::Inert(text) => (*text).to_owned(),
            };
            prop_assert_eq!(found.iter().map(text).collect::<Vec<_>>().join(" "), &*value);
            let bare = |run: &Run<'_>| matches!(run, Run::Bare(_));
            prop_assert!(found.windows(2).all(|two| bare(&two[0]) != bare(&two[1])));
        }
    }
}
