//! Whether a shell could read a script: quotes, brackets, here-documents and the words that open and
//! close a command. It is a reading of what stands there, not a shell: nothing is run.

/// What is open at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Double,
    Back,
    /// `$(` or `(`
    Round,
    /// `${`
    Curly,
    /// A word that begins a command, and the one that ends it.
    Word(&'static str, &'static str),
}

/// Words that open a command, and what ends each.
const PAIRS: [(&str, &str); 5] =
    [("if", "fi"), ("case", "esac"), ("do", "done"), ("{", "}"), ("[[", "]]")];

/// The first thing in a script that keeps a shell from reading it: where, and what.
pub fn fault(script: &str) -> Option<(usize, String)> {
    let mut reader = Reader { script, ..Reader::default() };
    reader.read().or_else(|| reader.at_end())
}

#[derive(Default)]
struct Reader<'s> {
    script: &'s str,
    at: usize,
    open: Vec<(Open, usize)>,
    /// Whether the next word begins a command.
    begins: bool,
    /// Delimiters of here-documents that begin on the next line.
    heredocs: Vec<(String, usize)>,
    /// The operator that the last line ended with, and wants more.
    wants: Option<(usize, &'static str)>,
}

impl Reader<'_> {
    fn read(&mut self) -> Option<(usize, String)> {
        self.begins = true;
        while let Some(character) = self.script[self.at..].chars().next() {
            let at = self.at;
            self.at += character.len_utf8();
            let quoted = matches!(self.inside(), Some(Open::Double));
            let fault = match character {
                '\\' => {
                    self.at += self.script[self.at..].chars().next().map_or(0, char::len_utf8);
                    self.word_goes_on();
                    None
                }
                '"' if quoted => self.close(),
                '"' => self.push(Open::Double, at),
                '`' if self.inside() == Some(Open::Back) => self.close(),
                '`' => self.push(Open::Back, at),
                '$' => self.dollar(at),
                '}' if self.inside() == Some(Open::Curly) => self.close(),
                _ if quoted || self.inside() == Some(Open::Curly) => None,
                '\'' => self.single(at),
                '(' => self.push(Open::Round, at),
                ')' => self.round(at),
                '#' if self.starts_word(at) => {
                    self.skip_line();
                    None
                }
                '\n' => self.line(),
                '<' if self.script[at..].starts_with("<<") => self.heredoc(at),
                ';' | '&' | '|' => self.operator(at, character),
                _ if character.is_whitespace() => None,
                _ => self.word(at),
            };
            if fault.is_some() {
                return fault;
            }
        }
        None
    }

    fn inside(&self) -> Option<Open> {
        self.open.last().map(|(open, _)| *open)
    }

    fn push(&mut self, open: Open, at: usize) -> Option<(usize, String)> {
        self.word_goes_on();
        self.begins = matches!(open, Open::Round | Open::Back);
        self.open.push((open, at));
        None
    }

    fn close(&mut self) -> Option<(usize, String)> {
        self.open.pop();
        self.word_goes_on();
        None
    }

    fn word_goes_on(&mut self) {
        self.begins = false;
        self.wants = None;
    }

    fn starts_word(&self, at: usize) -> bool {
        let before = self.script[..at].chars().next_back();
        before.is_none_or(|before| before.is_whitespace() || ";&|(".contains(before))
    }

    fn dollar(&mut self, at: usize) -> Option<(usize, String)> {
        let rest = &self.script[self.at..];
        let quoted = matches!(self.inside(), Some(Open::Double));
        self.word_goes_on();
        if rest.starts_with('(') {
            self.at += 1;
            return self.push(Open::Round, at);
        }
        if rest.starts_with('{') {
            self.at += 1;
            return self.push(Open::Curly, at);
        }
        if rest.starts_with('\'') && !quoted {
            self.at += 1;
            return self.ansi(at);
        }
        None
    }

    fn single(&mut self, at: usize) -> Option<(usize, String)> {
        self.word_goes_on();
        match self.script[self.at..].find('\'') {
            Some(end) => {
                self.at += end + 1;
                None
            }
            None => Some((at, "the single quote is not closed".into())),
        }
    }

    /// `$'…'`, in which a backslash hides what follows.
    fn ansi(&mut self, at: usize) -> Option<(usize, String)> {
        let mut hidden = false;
        for (offset, character) in self.script[self.at..].char_indices() {
            match character {
                _ if hidden => hidden = false,
                '\\' => hidden = true,
                '\'' => {
                    self.at += offset + 1;
                    return None;
                }
                _ => {}
            }
        }
        Some((at, "the quote is not closed".into()))
    }

    fn round(&mut self, at: usize) -> Option<(usize, String)> {
        match self.inside() {
            Some(Open::Round) => self.close(),
            // The end of a pattern, after which a command begins.
            Some(Open::Word("case", _)) => {
                self.begins = true;
                None
            }
            _ => Some((at, "there is no ( to this )".into())),
        }
    }

    fn skip_line(&mut self) {
        let rest = &self.script[self.at..];
        self.at += rest.find('\n').unwrap_or(rest.len());
    }

    fn line(&mut self) -> Option<(usize, String)> {
        self.begins = true;
        for (delimiter, at) in std::mem::take(&mut self.heredocs) {
            let rest = &self.script[self.at..];
            let mut length = 0;
            let ended = rest.split_inclusive('\n').any(|line| {
                length += line.len();
                line.trim() == delimiter
            });
            if !ended {
                return Some((at, format!("the here-document has no line {delimiter} at its end")));
            }
            self.at += length;
        }
        None
    }

    fn heredoc(&mut self, at: usize) -> Option<(usize, String)> {
        let rest = &self.script[at + 2..];
        // A here-string takes a word.
        if rest.starts_with('<') {
            self.at = at + 3;
            return None;
        }
        // Inside an arithmetic expression it shifts.
        if self.script[..at].rfind("$((").is_some_and(|open| !self.script[open..at].contains("))"))
        {
            self.at = at + 2;
            return None;
        }
        let word = rest.trim_start_matches('-').trim_start_matches(' ');
        let skipped = rest.len() - word.len();
        let length =
            word.find(|c: char| c.is_whitespace() || ";|&<>)".contains(c)).unwrap_or(word.len());
        let delimiter = word[..length].replace(['\'', '"', '\\'], "");
        self.at = at + 2 + skipped + length;
        if delimiter.is_empty() {
            return Some((at, "<< names no end of the here-document".into()));
        }
        self.heredocs.push((delimiter, at));
        None
    }

    fn operator(&mut self, at: usize, character: char) -> Option<(usize, String)> {
        let before = self.script[..at].chars().next_back();
        let rest = &self.script[at..];
        // `>&`, `&>`, `>|` and `2>&1` are about files.
        if before == Some('>') || before == Some('<') || rest.starts_with("&>") {
            return None;
        }
        let double = ["&&", "||", ";;", "|&"].into_iter().find(|sign| rest.starts_with(sign));
        self.at = at + double.map_or(character.len_utf8(), str::len);
        let only = self.begins && double != Some(";;");
        let nothing = self.script[..at].trim_end();
        if only && !nothing.ends_with(')') && !nothing.ends_with(";;") {
            return Some((
                at,
                format!("there is no command before {}", double.unwrap_or(&rest[..1])),
            ));
        }
        self.begins = true;
        self.wants = match double.unwrap_or(&rest[..1]) {
            "&&" => Some((at, "&&")),
            "||" => Some((at, "||")),
            "|" | "|&" => Some((at, "|")),
            _ => None,
        };
        None
    }

    fn word(&mut self, at: usize) -> Option<(usize, String)> {
        let rest = &self.script[at..];
        let length = rest
            .find(|c: char| c.is_whitespace() || "\\\"'`$();&|<>".contains(c))
            .unwrap_or(rest.len());
        let word = &rest[..length.max(1)];
        self.at = at + word.len().max(rest.chars().next().map_or(1, char::len_utf8));
        let begins = std::mem::take(&mut self.begins) && self.starts_word(at);
        self.wants = None;
        let closes = PAIRS.iter().find(|(_, close)| *close == word);
        if let Some((open, close)) = closes.filter(|_| begins || word == "]]") {
            if self.inside() == Some(Open::Word(open, close)) {
                self.open.pop();
                return None;
            }
            return (*close != "}" && *close != "]]")
                .then(|| (at, format!("there is no {open} to this {close}")));
        }
        if !begins {
            return None;
        }
        if let Some((open, close)) = PAIRS.iter().find(|(open, _)| *open == word) {
            self.open.push((Open::Word(open, close), at));
        }
        // A command follows these.
        self.begins = matches!(
            word,
            "if" | "then" | "else" | "elif" | "do" | "while" | "until" | "!" | "{" | "time"
        );
        None
    }

    fn at_end(&self) -> Option<(usize, String)> {
        if let Some((open, at)) = self.open.last() {
            let message = match open {
                Open::Double => "the double quote is not closed".to_owned(),
                Open::Back => "the back quote is not closed".into(),
                Open::Round => "the ( is not closed".into(),
                Open::Curly => "the ${ is not closed".into(),
                Open::Word(open, close) => format!("{open} has no {close}"),
            };
            return Some((*at, message));
        }
        if let Some((delimiter, at)) = self.heredocs.first() {
            return Some((*at, format!("the here-document has no line {delimiter} at its end")));
        }
        self.wants.map(|(at, sign)| (at, format!("no command follows {sign}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_shell_cannot_read_is_told_of() {
        for (script, at, message) in [
            ("echo 'a", 5, "the single quote is not closed"),
            ("echo \"a $(id \" b", 13, "the double quote is not closed"),
            ("echo \"a", 5, "the double quote is not closed"),
            ("echo `id", 5, "the back quote is not closed"),
            ("echo $(id", 5, "the ( is not closed"),
            ("echo ${a", 5, "the ${ is not closed"),
            ("echo a)", 6, "there is no ( to this )"),
            ("if true; then id", 0, "if has no fi"),
            ("for x in a b; do id", 14, "do has no done"),
            ("id; done", 4, "there is no do to this done"),
            ("cat <<EOF\na\n", 4, "the here-document has no line EOF at its end"),
            ("id |", 3, "no command follows |"),
            ("id &&\n", 3, "no command follows &&"),
            ("| id", 0, "there is no command before |"),
            ("echo $'a\\'", 5, "the quote is not closed"),
        ] {
            assert_eq!(fault(script), Some((at, message.to_owned())), "{script}");
        }
    }

    #[test]
    fn what_a_shell_can_read_is_sound() {
        for script in [
            "kubectl get pod -o jsonpath='{.spec.containers[*].name}' # it's fine\n",
            "for x in $(ls *.log); do echo \"$x ${y:-(}\"; done | sort > a 2>&1",
            "case \"$1\" in\n a) id ;;\n b|c) ls ;;\nesac",
            "cat <<'EOF' > file\nit's \"fine\nEOF\nid",
            "journalctl --since @$(( $(date -d now +%s) - 3600 )) > journal.txt",
            "if [ -f a ]; then id; elif ! b; then ls; else true; fi && {\n id; }",
            "a \\\n  b && \\\n  c &",
            "echo $'it\\'s' \"a\\\"b\" \\' && [[ a == b ]] || exit",
            "find . -exec ls {} \\; -o -name '*.x'",
            "echo done if fi; (cd /tmp && ls)",
            "cat <<< \"a b\"",
            "ls &> a; id 2>&1 >&2 | tee b",
            "",
        ] {
            assert_eq!(fault(script), None, "{script}");
        }
    }
}
