//! Text that whoever is on a host may choose.

use proptest::prelude::*;

/// Each is of use somewhere.
pub const WORDS: [&str; 36] = [
    "<script>",
    "</code>",
    "<!--",
    "-->",
    "]]>",
    "](javascript:x)",
    "[a](b)",
    "[a]: b",
    "![x](y)",
    "@user",
    "a@b.example",
    "#1",
    "GH-1",
    ":smile:",
    "www.evil.example",
    "https://evil.example/",
    "{{ 7*7 }}",
    "{% x %}",
    "{{< x >}}",
    "`",
    "```",
    "~~~",
    "|",
    "\\|",
    "\\",
    "- a",
    "1. a",
    "> a",
    "# a",
    "---",
    "===",
    "    a",
    "$(touch pwned)",
    "\u{202e}",
    "\u{e100}\u{e041}\u{e101}",
    "*a*",
];

/// Together they are worse.
pub const LONG: [&str; 3] = [
    "a\n\n```\n</details></td></table>\n\n# x\n| a | b |\n",
    "'; touch pwned; '\"; touch pwned; \"`touch pwned`$(touch pwned)",
    "a | b `c` | @d \\| ``e`` {{f}} <g>",
];

const ALPHABET: &str = "<>&\"'`|\\[](){}#*_~@!/=+-%$:;.,\n\r\t 0aé\u{200b}\u{2066}";

pub fn text() -> impl Strategy<Value = String> {
    let letters: Vec<_> = ALPHABET.chars().map(String::from).collect();
    let words: Vec<_> = WORDS.iter().map(|word| (*word).to_owned()).collect();
    let piece = prop_oneof![3 => prop::sample::select(letters), 1 => prop::sample::select(words)];
    prop::collection::vec(piece, 1..10).prop_map(|pieces| pieces.concat())
}
