//! A strict JSON reader that borrows from its text and keeps every number as it was written.
//!
//! It accepts exactly the grammar of RFC 8259, refuses nesting deeper than [`MAX_DEPTH`] and
//! numbers that no double can hold, and says where and why it stopped. Where a key occurs twice,
//! the last one counts.

use std::{borrow::Cow, fmt};

mod scan;

pub(crate) use scan::{special, specials};

/// The deepest nesting that is read.
pub const MAX_DEPTH: u32 = 128;

/// A JSON value; arrays and objects are kept as the text they were written in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as written.
    Number(&'a str),
    /// A string, its escapes resolved.
    Text(Cow<'a, str>),
    /// An array, as written.
    Array(&'a str),
    /// An object, as written.
    Object(&'a str),
}

/// Members of an object in the order of the text, each name once.
pub type Members<'a> = Vec<(Cow<'a, str>, Value<'a>)>;

/// Why a text is not JSON, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub kind: FaultKind,
    /// Byte offset in the text.
    pub at: usize,
}

/// What can be wrong with a text that should be JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The text ends inside a value.
    Truncated,
    /// Something else stands where JSON asks for a value, name, colon, comma or end.
    Unexpected,
    /// A raw control character within a string.
    ControlCharacter,
    /// A backslash sequence that JSON does not have, or half of a surrogate pair.
    Escape,
    /// A number too large for a double.
    NumberRange,
    /// Nesting deeper than [`MAX_DEPTH`].
    TooDeep,
}

impl fmt::Display for FaultKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Truncated => "the JSON ends inside a value",
            Self::Unexpected => "not JSON",
            Self::ControlCharacter => "a raw control character in a JSON string",
            Self::Escape => "an escape sequence that JSON does not have",
            Self::NumberRange => "a number too large",
            Self::TooDeep => "JSON nested too deeply",
        })
    }
}

/// A place in a text from which values are read one after the other.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    text: &'a str,
    at: usize,
    specials: scan::Specials,
}

impl<'a> Reader<'a> {
    /// Starts at the beginning of a text.
    pub const fn new(text: &'a str) -> Self {
        Self::at(text, 0)
    }

    /// Starts at a byte offset of a text, which must be a character's first byte.
    pub const fn at(text: &'a str, at: usize) -> Self {
        Self { text, at, specials: scan::Specials::NONE }
    }

    /// Byte offset of what is read next.
    pub const fn offset(&self) -> usize {
        self.at
    }

    /// Passes white space; `true` at the end of the text.
    pub fn at_end(&mut self) -> bool {
        self.blanks();
        self.at == self.text.len()
    }

    /// Reads a value.
    pub fn value(&mut self) -> Result<Value<'a>, Fault> {
        self.value_within(0)
    }

    /// Reads an object's members, calling `each` with every name while the reader stands before
    /// its value: `each` must read that value.
    pub fn object<F>(&mut self, mut each: F) -> Result<(), Fault>
    where
        F: FnMut(&mut Self, Cow<'a, str>) -> Result<(), Fault>,
    {
        self.entries([b'{', b'}'], |reader| {
            reader.blanks();
            let name = reader.string()?;
            reader.expect(b':')?;
            each(reader, name)
        })
    }

    /// Reads an array's elements, calling `each` while the reader stands before one: `each` must
    /// read it.
    pub fn array<F>(&mut self, each: F) -> Result<(), Fault>
    where
        F: FnMut(&mut Self) -> Result<(), Fault>,
    {
        self.entries([b'[', b']'], each)
    }

    /// Reads what stands between two brackets, calling `each` while the reader stands before an entry.
    #[inline]
    fn entries<F>(&mut self, [open, close]: [u8; 2], mut each: F) -> Result<(), Fault>
    where
        F: FnMut(&mut Self) -> Result<(), Fault>,
    {
        self.expect(open)?;
        if self.take(close) {
            return Ok(());
        }
        loop {
            each(self)?;
            if !self.take(b',') {
                return self.expect(close);
            }
        }
    }

    /// Reads an object whole.
    pub fn members(&mut self) -> Result<Members<'a>, Fault> {
        let mut members = Members::with_capacity(24);
        let mut sorted = true;
        self.entries([b'{', b'}'], |reader| {
            sorted &= reader.member(&mut members)?;
            Ok(())
        })?;
        if !sorted {
            keep_last(&mut members);
        }
        Ok(members)
    }

    /// Reads a member. Gives whether its name is surely not among those before it, as it stands behind
    /// them in order.
    ///
    /// Nearly all names and most values are plain text. They go to their places at once: to put a member
    /// together and then to move it there takes longer than to read it.
    #[inline]
    fn member(&mut self, members: &mut Members<'a>) -> Result<bool, Fault> {
        self.blanks();
        let Some(name) = self.plain_text() else {
            let name = self.other_string()?;
            self.expect(b':')?;
            let value = self.value_within(1)?;
            members.push((name, value));
            return Ok(false);
        };
        self.expect(b':')?;
        let sorted = members.last().is_none_or(|(last, _)| scan::precedes(last, name));
        self.blanks();
        if let Some(text) = self.plain_text() {
            members.push((Cow::Borrowed(name), Value::Text(Cow::Borrowed(text))));
        } else {
            let value = self.value_within(1)?;
            members.push((Cow::Borrowed(name), value));
        }
        Ok(sorted)
    }

    /// What comes next, white space passed.
    #[inline]
    pub fn peek(&mut self) -> Option<u8> {
        self.blanks();
        self.text.as_bytes().get(self.at).copied()
    }

    #[inline]
    fn value_within(&mut self, depth: u32) -> Result<Value<'a>, Fault> {
        let start = {
            self.blanks();
            self.at
        };
        match self.text.as_bytes().get(start) {
            Some(b'"') => self.string().map(Value::Text),
            Some(b'{') => {
                self.skip_object(depth).map(|()| Value::Object(&self.text[start..self.at]))
            }
            Some(b'[') => self.skip_array(depth).map(|()| Value::Array(&self.text[start..self.at])),
            Some(b'-' | b'0'..=b'9') => self.number().map(Value::Number),
            Some(b't') => self.word("true").map(|()| Value::Bool(true)),
            Some(b'f') => self.word("false").map(|()| Value::Bool(false)),
            Some(b'n') => self.word("null").map(|()| Value::Null),
            Some(_) => Err(self.fault(FaultKind::Unexpected)),
            None => Err(self.fault(FaultKind::Truncated)),
        }
    }

    fn skip_object(&mut self, depth: u32) -> Result<(), Fault> {
        if depth >= MAX_DEPTH {
            return Err(self.fault(FaultKind::TooDeep));
        }
        self.object(|reader, _| reader.value_within(depth + 1).map(|_| ()))
    }

    fn skip_array(&mut self, depth: u32) -> Result<(), Fault> {
        if depth >= MAX_DEPTH {
            return Err(self.fault(FaultKind::TooDeep));
        }
        self.array(|reader| reader.value_within(depth + 1).map(|_| ()))
    }

    /// Reads a string.
    #[inline]
    pub fn string(&mut self) -> Result<Cow<'a, str>, Fault> {
        match self.plain_text() {
            Some(text) => Ok(Cow::Borrowed(text)),
            None => self.other_string(),
        }
    }

    /// Reads a string if one begins here that holds no escape.
    #[inline]
    fn plain_text(&mut self) -> Option<&'a str> {
        let (start, bytes) = (self.at + 1, self.text.as_bytes());
        if bytes.get(self.at) != Some(&b'"') {
            return None;
        }
        let end = self.specials.next(bytes, start);
        if bytes.get(end) != Some(&b'"') {
            return None;
        }
        self.at = end + 1;
        Some(&self.text[start..end])
    }

    /// Reads a string that holds an escape, or tells why there is none.
    #[inline(never)]
    fn other_string(&mut self) -> Result<Cow<'a, str>, Fault> {
        let bytes = self.text.as_bytes();
        match bytes.get(self.at) {
            Some(b'"') => self.at += 1,
            Some(_) => return Err(self.fault(FaultKind::Unexpected)),
            None => return Err(self.fault(FaultKind::Truncated)),
        }
        let start = self.at;
        self.at = self.specials.next(bytes, start);
        self.escaped(start).map(Cow::Owned)
    }

    /// The rest of a string from its first backslash on.
    fn escaped(&mut self, start: usize) -> Result<String, Fault> {
        let bytes = self.text.as_bytes();
        let mut text = String::with_capacity(self.at - start + 64);
        text.push_str(&self.text[start..self.at]);
        loop {
            match bytes.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => {
                    self.at += 1;
                    text.push(self.escape()?);
                }
                Some(byte) if *byte < 0x20 => return Err(self.fault(FaultKind::ControlCharacter)),
                Some(_) => {
                    let from = self.at;
                    self.at = self.specials.next(bytes, from);
                    text.push_str(&self.text[from..self.at]);
                }
                None => return Err(self.fault(FaultKind::Truncated)),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let letter = self.byte()?;
        let character = match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            _ => return Err(self.fault(FaultKind::Escape)),
        };
        Ok(character)
    }

    fn unicode(&mut self) -> Result<char, Fault> {
        let first = self.hex()?;
        let code = if (0xd800..0xdc00).contains(&first) {
            if self.byte()? != b'\\' || self.byte()? != b'u' {
                return Err(self.fault(FaultKind::Escape));
            }
            let second = self.hex()?;
            if !(0xdc00..0xe000).contains(&second) {
                return Err(self.fault(FaultKind::Escape));
            }
            0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00)
        } else {
            first
        };
        char::from_u32(code).ok_or_else(|| self.fault(FaultKind::Escape))
    }

    fn hex(&mut self) -> Result<u32, Fault> {
        (0..4).try_fold(0, |code, _| {
            let digit = char::from(self.byte()?).to_digit(16);
            digit.map(|digit| code * 16 + digit).ok_or_else(|| self.fault(FaultKind::Escape))
        })
    }

    fn number(&mut self) -> Result<&'a str, Fault> {
        let start = self.at;
        let end = scan::number(self.text.as_bytes(), start).map_err(|at| {
            let kind =
                if at == self.text.len() { FaultKind::Truncated } else { FaultKind::Unexpected };
            Fault { kind, at }
        })?;
        let number = &self.text[start..end];
        // Nothing shorter can be out of range unless it has an exponent.
        let may_overflow =
            number.len() > 300 || number.bytes().any(|byte| matches!(byte, b'e' | b'E'));
        if may_overflow && !number.parse::<f64>().is_ok_and(f64::is_finite) {
            return Err(self.fault(FaultKind::NumberRange));
        }
        self.at = end;
        Ok(number)
    }

    fn word(&mut self, word: &str) -> Result<(), Fault> {
        let rest = &self.text.as_bytes()[self.at..];
        if rest.starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(());
        }
        let truncated = word.as_bytes().starts_with(rest);
        Err(self.fault(if truncated { FaultKind::Truncated } else { FaultKind::Unexpected }))
    }

    fn byte(&mut self) -> Result<u8, Fault> {
        let byte = self.text.as_bytes().get(self.at).copied();
        let byte = byte.ok_or_else(|| self.fault(FaultKind::Truncated))?;
        self.at += 1;
        Ok(byte)
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8) -> Result<(), Fault> {
        match self.peek() {
            Some(found) if found == byte => {
                self.at += 1;
                Ok(())
            }
            Some(_) => Err(self.fault(FaultKind::Unexpected)),
            None => Err(self.fault(FaultKind::Truncated)),
        }
    }

    #[inline]
    fn blanks(&mut self) {
        let bytes = self.text.as_bytes();
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = bytes.get(self.at) {
            self.at += 1;
        }
    }

    const fn fault(&self, kind: FaultKind) -> Fault {
        Fault { kind, at: self.at }
    }
}

/// Of members with the same name only the last stays, in its own place.
fn keep_last(members: &mut Members<'_>) {
    let mut order: Vec<usize> = (0..members.len()).collect();
    order.sort_by(|a, b| members[*a].0.cmp(&members[*b].0).then(a.cmp(b)));
    let mut stays = vec![true; members.len()];
    for pair in order.windows(2) {
        stays[pair[0]] = members[pair[0]].0 != members[pair[1]].0;
    }
    let mut stays = stays.into_iter();
    members.retain(|_| stays.next() == Some(true));
}

impl Value<'_> {
    /// The value as a report shows it: text as it is, anything else as it was written.
    pub fn shown(&self) -> &str {
        match self {
            Self::Null => "null",
            Self::Bool(true) => "true",
            Self::Bool(false) => "false",
            Self::Number(text) | Self::Array(text) | Self::Object(text) => text,
            Self::Text(text) => text,
        }
    }
}

#[cfg(test)]
mod tests;
