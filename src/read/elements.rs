//! JSON values larger than a block: a list is cut between its elements, so that no more of it
//! need be held than its largest one.

use memchr::memchr3;

use crate::json::MAX_DEPTH;

/// Members that hold lists of records.
const LISTS: [&[u8]; 20] = [
    b"hits",
    b"docs",
    b"records",
    b"Records",
    b"streams",
    b"result",
    b"results",
    b"responses",
    b"events",
    b"logEvents",
    b"resourceLogs",
    b"logRecords",
    b"items",
    b"alerts",
    b"Messages",
    b"messages",
    b"receivedMessages",
    b"data",
    b"logs",
    b"value",
];

/// Members of a record that hold records, where it is longer than any record: a stream of Loki's, a
/// resource of OpenTelemetry's.
const INNER: [&[u8]; 4] = [b"values", b"entries", b"scopeLogs", b"logRecords"];

/// Bytes of a list's frame that are kept: it is read again with each element.
const FRAME: usize = 8 << 10;

/// Reads brackets and strings, and nothing else, of JSON that comes in stretches.
#[derive(Clone, Debug, Default)]
pub struct Scanner {
    /// Bytes read since the stretch began.
    at: usize,
    depth: u32,
    in_string: bool,
    escaped: bool,
    /// A string has ended, and nothing but blanks was seen since.
    behind_string: bool,
}

/// What a scanner has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    /// A bracket opened, a bracket closed, a comma; behind this offset.
    Open(usize),
    Close(usize),
    Comma(usize),
    /// A bracket closed that none had opened; behind this offset.
    Stray(usize),
    /// A string, from its quote to behind its end.
    Text(usize, usize),
    /// An object that begins where no value may: what it interrupts was torn.
    Torn(usize),
}

/// A break within a string: this is no JSON, or not the JSON it was taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damage;

impl Scanner {
    /// The next bracket, comma or string's end.
    fn next(&mut self, text: &[u8]) -> Result<Option<Seen>, Damage> {
        let mut opened = self.at;
        while self.at < text.len() {
            if self.in_string {
                if self.rest_of_string(text)? {
                    return Ok(Some(Seen::Text(opened, self.at)));
                }
                continue;
            }
            let byte = text[self.at];
            if self.behind_string && !byte.is_ascii_whitespace() {
                self.behind_string = false;
                if let Some(begin) = self.interrupted(text) {
                    return Ok(Some(Seen::Torn(begin)));
                }
            }
            self.at += 1;
            match byte {
                b'"' => {
                    self.in_string = true;
                    opened = self.at - 1;
                }
                b'{' | b'[' => {
                    self.depth += 1;
                    return Ok(Some(Seen::Open(self.at)));
                }
                b'}' | b']' => {
                    let Some(depth) = self.depth.checked_sub(1) else {
                        return Ok(Some(Seen::Stray(self.at)));
                    };
                    self.depth = depth;
                    return Ok(Some(Seen::Close(self.at)));
                }
                b',' => return Ok(Some(Seen::Comma(self.at))),
                _ => {}
            }
        }
        Ok(None)
    }

    /// Where an object begins if what follows a string is one, or begins with the quote that was taken
    /// for the string's end.
    fn interrupted(&mut self, text: &[u8]) -> Option<usize> {
        let before = &text[..self.at];
        match text[self.at] {
            b':' | b',' | b'}' | b']' => None,
            b'{' => {
                self.at += 1;
                Some(before.len())
            }
            _ => {
                self.in_string = before.ends_with(b"{\"");
                self.in_string.then(|| before.len() - 2)
            }
        }
    }

    /// Whether the string ends here.
    fn rest_of_string(&mut self, text: &[u8]) -> Result<bool, Damage> {
        if self.escaped {
            self.escaped = false;
            self.at += 1;
            return Ok(false);
        }
        let Some(found) = memchr3(b'"', b'\\', b'\n', &text[self.at..]) else {
            self.at = text.len();
            return Ok(false);
        };
        self.at += found + 1;
        match text[self.at - 1] {
            b'"' => {
                (self.in_string, self.behind_string) = (false, true);
                Ok(true)
            }
            b'\\' => {
                self.escaped = true;
                Ok(false)
            }
            _ => Err(Damage),
        }
    }
}

/// A value of which the beginning is seen, and which is read piece by piece.
#[derive(Clone, Debug)]
pub struct Large {
    scanner: Scanner,
    /// Depth at which elements stand.
    level: u32,
    /// Behind the last whole element.
    whole: usize,
    /// An object began where no value may, and may have been within what it seemed to interrupt.
    torn: bool,
    /// See [`Large::frame`].
    frame: String,
}

/// How far a large value has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Whole elements end here; more follow.
    Until(usize),
    /// The list ends here.
    Ended(usize),
}

impl Large {
    /// The list that a text begins with, or that stands in the object that it begins with; with
    /// the offset of its first element. A text that begins with several values is such a list
    /// without brackets.
    pub fn begin(text: &[u8]) -> Option<(Self, usize)> {
        let (mut large, at) = Self::named(text, &[])?;
        // An element of another list tells by itself what it is.
        if large.level == 1 {
            large.frame = "[".into();
        }
        Some((large, at))
    }

    /// The same in an element of a list that is longer than any record.
    pub fn within(text: &[u8]) -> Option<(Self, usize)> {
        let (large, at) = Self::named(text, &INNER)?;
        let frame = str::from_utf8(text[..at].trim_ascii_start()).ok();
        let frame = frame.filter(|frame| frame.len() <= FRAME).unwrap_or_default().into();
        Some((Self { frame, ..large }, at))
    }

    /// What must be known of the value that the list stands in: that it is an array, or in an element
    /// that was longer than any record what stands before the list, such as the labels of a stream.
    pub fn frame(&self) -> &str {
        &self.frame
    }

    fn named(text: &[u8], more: &[&[u8]]) -> Option<(Self, usize)> {
        let blanks = text.iter().take_while(|byte| b" \t\r\n\xef\xbb\xbf".contains(byte)).count();
        if !matches!(text.get(blanks), Some(b'{' | b'[')) {
            return None;
        }
        let (mut scanner, mut name) = (Scanner { at: blanks, ..Scanner::default() }, None);
        let mut values = 0;
        let found = loop {
            match scanner.next(text).ok()?? {
                Seen::Text(from, end) => name = text.get(from + 1..end - 1),
                Seen::Open(at) => {
                    let first = scanner.depth == 1 && values == 0;
                    let named =
                        name.is_some_and(|name| LISTS.contains(&name) || more.contains(&name));
                    if text[at - 1] == b'[' && (first || named) && holds_objects(&text[at..]) {
                        break at;
                    }
                }
                Seen::Close(_) if scanner.depth == 0 => {
                    values += 1;
                    if values == 2 {
                        scanner = Scanner { at: blanks, ..Scanner::default() };
                        break blanks;
                    }
                }
                Seen::Torn(_) => scanner.depth = 1,
                Seen::Stray(_) => return None,
                Seen::Close(_) | Seen::Comma(_) => name = None,
            }
        };
        let level = scanner.depth;
        Some((Self { scanner, level, whole: found, torn: false, frame: String::new() }, found))
    }

    /// Reads on; `text` begins where the last whole element ended.
    pub fn read(&mut self, text: &[u8]) -> Result<Progress, Damage> {
        while let Some(seen) = self.scanner.next(text)? {
            match seen {
                Seen::Comma(at) if self.scanner.depth == self.level => self.whole = at,
                Seen::Close(at) if self.level == 0 && self.scanner.depth == 0 => self.whole = at,
                Seen::Close(at) if self.scanner.depth < self.level => {
                    // A list does not end with a brace: it is that of an object of which the beginning
                    // was not seen as one.
                    if text[at - 1] == b'}' && self.torn {
                        (self.scanner.depth, self.torn) = (self.level, false);
                    } else {
                        return Ok(Progress::Ended(at - 1));
                    }
                }
                Seen::Torn(at) => {
                    (self.scanner.depth, self.whole, self.torn) = (self.level + 1, at, true);
                }
                Seen::Stray(_) => return Err(Damage),
                _ => {}
            }
        }
        Ok(Progress::Until(self.whole))
    }

    /// Behind the last whole element.
    pub const fn whole(&self) -> usize {
        self.whole
    }

    /// Reads on behind an element whose inside was read as a list of its own.
    pub fn resume(&mut self) {
        self.scanner = Scanner { depth: self.level, ..Scanner::default() };
        self.whole = 0;
    }

    /// That many bytes were handed on, and do not stand at the text's beginning any more.
    pub const fn passed(&mut self, bytes: usize) {
        self.scanner.at = self.scanner.at.saturating_sub(bytes);
        self.whole = self.whole.saturating_sub(bytes);
    }

    /// Reads what follows the list's elements, to the end of the value that it stands in.
    pub fn rest(&mut self, text: &[u8]) -> Result<Progress, Damage> {
        loop {
            if self.scanner.depth == 0 {
                return Ok(Progress::Ended(self.scanner.at));
            }
            match self.scanner.next(text)? {
                None => return Ok(Progress::Until(text.len())),
                Some(Seen::Stray(_)) => return Err(Damage),
                Some(_) => {}
            }
        }
    }
}

/// Whether a text is nested deeper than JSON is read.
pub fn too_deep(text: &[u8]) -> bool {
    let mut scanner = Scanner::default();
    while let Ok(Some(_)) = scanner.next(text) {
        if scanner.depth > MAX_DEPTH {
            return true;
        }
    }
    false
}

/// The brackets that close what a text leaves open.
pub fn closing(text: &str) -> String {
    let (mut scanner, mut open) = (Scanner::default(), Vec::new());
    while let Ok(Some(seen)) = scanner.next(text.as_bytes()) {
        match seen {
            Seen::Open(at) if text.as_bytes()[at - 1] == b'[' => open.push(']'),
            Seen::Open(_) => open.push('}'),
            Seen::Close(_) => drop(open.pop()),
            Seen::Comma(_) | Seen::Text(..) | Seen::Torn(_) | Seen::Stray(_) => {}
        }
    }
    open.iter().rev().collect()
}

fn holds_objects(text: &[u8]) -> bool {
    matches!(text.trim_ascii_start().first(), Some(b'{' | b'['))
}

/// Hands each element of a stretch of a list to `each`, without what stands between.
pub fn each<'b>(text: &'b [u8], each: &mut dyn FnMut(&'b [u8])) {
    let (mut scanner, mut from) = (Scanner::default(), 0);
    let (mut torn, mut member) = (false, false);
    while let Ok(Some(seen)) = scanner.next(text) {
        let (end, next) = match seen {
            Seen::Close(_) if member => continue,
            Seen::Comma(at) if member && !text[at..].trim_ascii_start().starts_with(b"{") => {
                continue;
            }
            Seen::Comma(at) if scanner.depth == 0 => (at - 1, at),
            Seen::Close(at) if scanner.depth == 0 => (at, at),
            Seen::Stray(at) => {
                torn = false;
                (at, at)
            }
            Seen::Torn(at) => {
                (scanner.depth, torn) = (1, true);
                (at, at)
            }
            _ => continue,
        };
        give(&text[from..end], each);
        from = next;
        member = torn && is_member(&text[from..]);
    }
    give(&text[from..], each);
}

/// Whether what follows is a member of an object of which the beginning was not seen as one.
fn is_member(text: &[u8]) -> bool {
    let behind = text.trim_ascii_start().strip_prefix(b",");
    behind.is_some_and(|behind| behind.trim_ascii_start().starts_with(b"\""))
}

fn give<'b>(element: &'b [u8], each: &mut dyn FnMut(&'b [u8])) {
    let element = element.trim_ascii();
    let element = element.strip_prefix(b",").unwrap_or(element).trim_ascii_start();
    if !element.is_empty() {
        each(element);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn elements(text: &str) -> Vec<&str> {
        let mut seen = Vec::new();
        each(text.as_bytes(), &mut |element| seen.push(str::from_utf8(element).unwrap()));
        seen
    }

    #[test]
    fn a_stretch_of_a_list_is_its_elements() {
        assert_eq!(elements("{\"a\":\"]}\"}, [1,2] ,\n3,"), ["{\"a\":\"]}\"}", "[1,2]", "3"]);
        assert_eq!(elements("{}{} {}"), ["{}", "{}", "{}"]);
        let spoilt = r#"{"ho"st":"a","b":{"c":1},"d":["e"],"f":"g"},{"h":2}"#;
        let pieces = [r#"{"ho"st":"a","b":"#, r#"{"c":1}"#, r#""d":["e"],"f":"g"}"#, r#"{"h":2}"#];
        assert_eq!(elements(spoilt), pieces);
        let strings = r#"{"o"k":{"c":1},"d","e",{"h":2}"#;
        let pieces = [r#"{"o"k":"#, r#"{"c":1}"#, r#""d","e""#, r#"{"h":2}"#];
        assert_eq!(elements(strings), pieces);
        assert_eq!(elements(" \n"), [""; 0]);
        assert_eq!(elements("{\"a"), ["{\"a"]);
        for torn in ["{\"a\":[{\"b\":\"x", "{\"a\":{\"b", "{\"a\":[\"b\""] {
            let whole = "{\"c\":\"],[{,\"}";
            assert_eq!(elements(&format!("{torn}{whole},{whole}")), [torn, whole, whole]);
        }
    }

    #[test]
    fn lists_are_found_where_records_stand() {
        for (text, start) in [
            ("[{\"a\":1}", Some("{\"a\":1}")),
            ("\u{feff} [\n {\"a\":1}", Some("\n {\"a\":1}")),
            ("{\"took\":1,\"_shards\":{\"x\":[1]},\"hits\":{\"total\":2,\"hits\":[{}", Some("{}")),
            ("{\"data\":{\"result\" : [ {", Some(" {")),
            ("{\"records\":[{", Some("{")),
            ("{\"a\":1}{\"a\":2}", Some("{\"a\":1}{\"a\":2}")),
            ("{\"tags\":[{", None),
            ("[libs]: x", None),
            ("plain", None),
        ] {
            let found = Large::begin(text.as_bytes()).map(|(_, at)| &text[at..]);
            assert_eq!(found, start, "{text}");
        }
    }

    #[test]
    fn a_list_is_read_in_stretches_of_any_length() {
        let text =
            br#"{"took":1,"hits":{"hits":[{"a":"x,]\"}"},{"b":[1,2]},{"c":3}]},"x":[1]} tail"#;
        for step in 1..text.len() {
            let (mut large, start) = Large::begin(text).unwrap();
            let (mut from, mut end, mut seen) = (start, start, Vec::new());
            let ended = loop {
                end = (end + step).min(text.len());
                match large.read(&text[..end]).unwrap() {
                    Progress::Until(at) => {
                        each(&text[from..at], &mut |element| seen.push(element));
                        from = at;
                    }
                    Progress::Ended(at) => {
                        each(&text[from..at], &mut |element| seen.push(element));
                        break at;
                    }
                }
            };
            assert_eq!(seen, [&br#"{"a":"x,]\"}"}"#[..], br#"{"b":[1,2]}"#, br#"{"c":3}"#]);
            assert_eq!(&text[ended..=ended], b"]");
            assert_eq!(large.rest(text), Ok(Progress::Ended(text.len() - 5)));
        }
    }

    #[test]
    fn what_is_left_open_is_closed() {
        assert_eq!(closing(r#"[{"stream":{"a":"[{\""},"values":["#), "]}]");
        assert_eq!(closing(""), "");
    }

    #[test]
    fn a_list_keeps_what_its_elements_lack() {
        let frame = |found: Option<(Large, usize)>| found.unwrap().0.frame;
        assert_eq!(frame(Large::begin(b" [{\"a\":1},")), "[");
        assert_eq!(frame(Large::begin(b"{\"hits\":{\"hits\":[{}")), "");
        assert_eq!(frame(Large::begin(b"{\"a\":1}{\"b\":2}")), "");
        let stream = r#"{"stream":{"rule":"R"},"values":[["1","#;
        assert_eq!(frame(Large::within(stream.as_bytes())), &stream[..stream.len() - 5]);
        let long = stream.replace('R', &"R".repeat(FRAME));
        assert_eq!(frame(Large::within(long.as_bytes())), "");
    }

    #[test]
    fn a_break_within_a_string_is_damage() {
        let text = b"[{\"a\":1},{\"b\":\"x\n\"}]";
        let (mut large, _) = Large::begin(text).unwrap();
        assert_eq!(large.read(text), Err(Damage));
    }
}
