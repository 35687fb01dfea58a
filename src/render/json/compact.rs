//! A value as compact JSON, byte for byte as `serde_json` writes it, in a fraction of the time: a
//! report has hundreds of megabytes of strings of which few bytes need an escape.

use std::io;

use serde::{
    Serialize, Serializer,
    ser::{
        Error as _, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant,
        SerializeTuple, SerializeTupleStruct, SerializeTupleVariant,
    },
};
use serde_json::{Error, to_writer};

use crate::json::{special, specials};

/// Bytes that are held before they are passed on.
pub const ROOM: usize = 64 << 10;

/// JSON as it grows.
pub struct Text<'t> {
    /// What is held of it.
    pub held: Vec<u8>,
    /// Where it is passed on to, if it is not held whole.
    to: Option<&'t mut (dyn io::Write + Send)>,
}

impl<'t> Text<'t> {
    /// Behind what is held already.
    pub const fn held(held: Vec<u8>) -> Self {
        Self { held, to: None }
    }

    /// Of a text that is not held whole.
    pub fn passed_on(to: &'t mut (dyn io::Write + Send)) -> Self {
        Self { held: Vec::new(), to: Some(to) }
    }

    /// Adds a value.
    pub fn add(&mut self, value: &impl Serialize) -> Result<(), Error> {
        value.serialize(Compact { out: self })
    }

    /// Passes on what is held, as soon as that is much or anyhow.
    pub fn pass(&mut self, anyhow: bool) -> Result<(), Error> {
        if let Some(to) = &mut self.to
            && (anyhow || self.held.len() > ROOM)
        {
            to.write_all(&self.held).map_err(Error::io)?;
            self.held.clear();
        }
        Ok(())
    }
}

/// Writes one value.
struct Compact<'o, 't> {
    out: &'o mut Text<'t>,
}

/// Writes the members of a list or an object.
struct Members<'o, 't> {
    out: &'o mut Text<'t>,
    empty: bool,
    end: &'static [u8],
}

impl<'o, 't> Compact<'o, 't> {
    #[expect(clippy::unnecessary_wraps, reason = "that of every value")]
    fn put(self, text: &[u8]) -> Result<(), Error> {
        self.out.held.extend_from_slice(text);
        Ok(())
    }

    /// Numbers that are rare, or hard to write.
    fn rare(self, value: &impl Serialize) -> Result<(), Error> {
        to_writer(&mut self.out.held, value)
    }

    fn open(self, start: &[u8], end: &'static [u8]) -> Members<'o, 't> {
        self.out.held.extend_from_slice(start);
        Members { out: self.out, empty: true, end }
    }

    fn variant(self, variant: &str, start: u8, end: &'static [u8]) -> Members<'o, 't> {
        self.out.held.push(b'{');
        string(&mut self.out.held, variant);
        self.open(&[b':', start], end)
    }
}

impl Members<'_, '_> {
    #[inline]
    fn value(&mut self, value: &(impl Serialize + ?Sized)) -> Result<(), Error> {
        self.next();
        value.serialize(Compact { out: self.out })?;
        self.out.pass(false)
    }

    #[inline]
    fn member(&mut self, key: &str, value: &(impl Serialize + ?Sized)) -> Result<(), Error> {
        self.next();
        string(&mut self.out.held, key);
        self.out.held.push(b':');
        value.serialize(Compact { out: self.out })
    }

    fn next(&mut self) {
        if !std::mem::take(&mut self.empty) {
            self.out.held.push(b',');
        }
    }

    #[expect(clippy::unnecessary_wraps, reason = "that of every list")]
    fn close(self) -> Result<(), Error> {
        self.out.held.extend_from_slice(self.end);
        Ok(())
    }
}

impl<'o, 't> Serializer for Compact<'o, 't> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Members<'o, 't>;
    type SerializeTuple = Members<'o, 't>;
    type SerializeTupleStruct = Members<'o, 't>;
    type SerializeTupleVariant = Members<'o, 't>;
    type SerializeMap = Members<'o, 't>;
    type SerializeStruct = Members<'o, 't>;
    type SerializeStructVariant = Members<'o, 't>;

    fn serialize_bool(self, value: bool) -> Result<(), Error> {
        self.put(if value { b"true" } else { b"false" })
    }

    fn serialize_u8(self, value: u8) -> Result<(), Error> {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<(), Error> {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<(), Error> {
        self.serialize_u64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<(), Error> {
        let (mut digits, mut rest) = ([b'0'; 20], value);
        let mut start = digits.len();
        while rest > 0 || start == digits.len() {
            start -= 1;
            digits[start] += (rest % 10) as u8;
            rest /= 10;
        }
        self.put(&digits[start..])
    }

    fn serialize_i8(self, value: i8) -> Result<(), Error> {
        self.rare(&value)
    }

    fn serialize_i16(self, value: i16) -> Result<(), Error> {
        self.rare(&value)
    }

    fn serialize_i32(self, value: i32) -> Result<(), Error> {
        self.rare(&value)
    }

    fn serialize_i64(self, value: i64) -> Result<(), Error> {
        self.rare(&value)
    }

    fn serialize_f32(self, value: f32) -> Result<(), Error> {
        self.rare(&value)
    }

    fn serialize_f64(self, value: f64) -> Result<(), Error> {
        self.rare(&value)
    }

    fn serialize_char(self, value: char) -> Result<(), Error> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), Error> {
        string(&mut self.out.held, value);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Error> {
        self.collect_seq(value)
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.put(b"null")
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.put(b"null")
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.put(b"null")
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        let mut members = self.open(b"{", b"}");
        members.member(variant, value)?;
        members.close()
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Members<'o, 't>, Error> {
        Ok(self.open(b"[", b"]"))
    }

    fn serialize_tuple(self, _: usize) -> Result<Members<'o, 't>, Error> {
        Ok(self.open(b"[", b"]"))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Members<'o, 't>, Error> {
        Ok(self.open(b"[", b"]"))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Members<'o, 't>, Error> {
        Ok(self.variant(variant, b'[', b"]}"))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Members<'o, 't>, Error> {
        Ok(self.open(b"{", b"}"))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Members<'o, 't>, Error> {
        Ok(self.open(b"{", b"}"))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Members<'o, 't>, Error> {
        Ok(self.variant(variant, b'{', b"}}"))
    }
}

impl SerializeMap for Members<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.next();
        let start = self.out.held.len();
        key.serialize(Compact { out: self.out })?;
        let is_text = self.out.held.get(start) == Some(&b'"');
        if is_text { Ok(()) } else { Err(Error::custom("a key is a text")) }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.out.held.push(b':');
        value.serialize(Compact { out: self.out })
    }

    fn end(self) -> Result<(), Error> {
        self.close()
    }
}

/// The kinds of list and of object that differ by their names alone.
macro_rules! members {
    ($($kind:ident $put:ident $(($key:ident))? $with:ident,)*) => {
        $(impl $kind for Members<'_, '_> {
            type Ok = ();
            type Error = Error;

            fn $put<T: Serialize + ?Sized>(
                &mut self,
                $($key: &'static str,)?
                value: &T,
            ) -> Result<(), Error> {
                self.$with($($key,)? value)
            }

            fn end(self) -> Result<(), Error> {
                self.close()
            }
        })*
    };
}

members! {
    SerializeSeq serialize_element value,
    SerializeTuple serialize_element value,
    SerializeTupleStruct serialize_field value,
    SerializeTupleVariant serialize_field value,
    SerializeStruct serialize_field (key) member,
    SerializeStructVariant serialize_field (key) member,
}

/// Adds a string: sixteen bytes at a time, and where one of them needs an escape, those before it.
fn string(out: &mut Vec<u8>, text: &str) {
    let mut rest = text.as_bytes();
    out.push(b'"');
    while let Some((chunk, behind)) = rest.split_first_chunk::<16>() {
        out.extend_from_slice(chunk);
        let found = specials(chunk);
        if found == 0 {
            rest = behind;
            continue;
        }
        let plain = found.trailing_zeros() as usize;
        out.truncate(out.len() - chunk.len() + plain);
        escape(out, chunk[plain]);
        rest = &rest[plain + 1..];
    }
    end_of_string(out, rest, text.as_bytes());
    out.push(b'"');
}

/// Adds the last bytes of a string, fewer than sixteen.
#[inline]
fn end_of_string(out: &mut Vec<u8>, rest: &[u8], text: &[u8]) {
    if let Some(last) = text.last_chunk::<16>().filter(|last| specials(last) == 0) {
        // Some of them are there already, as they stand.
        out.truncate(out.len() + rest.len() - last.len());
        return out.extend_from_slice(last);
    }
    let is_plain = |eight: &[u8; 8]| special(u64::from_le_bytes(*eight)) == 0;
    if let (Some(first), Some(last)) = (rest.first_chunk(), rest.last_chunk())
        && is_plain(first)
        && is_plain(last)
    {
        out.extend_from_slice(first);
        out.truncate(out.len() + rest.len() - first.len() - last.len());
        return out.extend_from_slice(last);
    }
    for byte in rest {
        match byte {
            b'"' | b'\\' | ..=0x1f => escape(out, *byte),
            byte => out.push(*byte),
        }
    }
}

#[inline]
fn escape(out: &mut Vec<u8>, byte: u8) {
    let letter = match byte {
        b'"' | b'\\' => byte,
        0x08 => b'b',
        b'\t' => b't',
        b'\n' => b'n',
        0x0c => b'f',
        b'\r' => b'r',
        _ => {
            let [high, low] =
                [byte >> 4, byte & 15].map(|digit| b"0123456789abcdef"[usize::from(digit)]);
            return out.extend_from_slice(&[b'\\', b'u', b'0', b'0', high, low]);
        }
    };
    out.extend_from_slice(&[b'\\', letter]);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    #[derive(Serialize)]
    enum Kind {
        Unit,
        New(u8),
        Tuple(i64, f64),
        Struct { key: char, none: Option<()> },
    }

    fn written(value: &impl Serialize) -> String {
        let mut text = Text::held(Vec::new());
        text.add(value).unwrap();
        String::from_utf8(text.held).unwrap()
    }

    #[test]
    fn every_kind_of_value_is_as_serde_json_writes_it() {
        let kinds =
            [Kind::Unit, Kind::New(7), Kind::Tuple(-3, 0.1), Kind::Struct { key: '"', none: None }];
        let numbers = [0, 9, 10, 100, u64::MAX];
        let value = (
            kinds,
            numbers,
            (),
            [false, true],
            BTreeMap::from([("a\n", Some(1.5)), ("b", None)]),
            "",
        );
        assert_eq!(written(&value), serde_json::to_string(&value).unwrap());
        assert!(Text::held(Vec::new()).add(&BTreeMap::from([(1, 2)])).is_err());
    }

    #[test]
    fn a_text_that_is_passed_on_is_the_same() {
        let value: Vec<_> =
            (0..9000).map(|number| [format!("{number:x<30}"), "y".into()]).collect();
        let mut passed = Vec::new();
        let mut text = Text::passed_on(&mut passed);
        text.add(&value).unwrap();
        assert!(text.held.len() < 2 * ROOM);
        text.pass(true).unwrap();
        assert_eq!(String::from_utf8(passed).unwrap(), serde_json::to_string(&value).unwrap());
    }

    #[test]
    fn every_ascii_character_is_escaped_as_by_serde_json() {
        for byte in 0..=0x7f_u8 {
            for before in ["", "é", "1234567", "12345678901", "123456789012345", "1234567890123456"]
            {
                let text = format!("{before}{}x{}!\"!!!!!!!", char::from(byte), char::from(byte));
                assert_eq!(written(&text), serde_json::to_string(&text).unwrap());
            }
        }
    }

    proptest! {
        #[test]
        fn strings_are_as_serde_json_writes_them(text in "([!\"\\\\\u{0}-\u{7f}]|é|…|.){0,70}") {
            prop_assert_eq!(written(&text), serde_json::to_string(&text).unwrap());
        }
    }
}
