//! Values within a JSON object, found by their path (RFC 6901).

use std::borrow::Cow;

use crate::json::{Members, Reader, Value};

/// The value at a pointer such as `/alert/signature`; the object itself for an empty one.
pub fn at<'a>(object: &'a str, pointer: &str) -> Option<Value<'a>> {
    let mut reader = Reader::new(object);
    let Some(path) = pointer.strip_prefix('/') else { return reader.value().ok() };
    let (step, rest) = path.split_at(path.find('/').unwrap_or(path.len()));
    let value = match reader.peek()? {
        b'{' => member(object, &unescape(step))?,
        b'[' => element(object, step.parse().ok()?)?,
        _ => return None,
    };
    match value {
        value if rest.is_empty() => Some(value),
        Value::Object(text) | Value::Array(text) => at(text, rest),
        _ => None,
    }
}

/// The same in an object whose members are known.
pub fn of<'a>(members: &Members<'a>, pointer: &str) -> Option<Value<'a>> {
    let path = pointer.strip_prefix('/')?;
    let (first, rest) = path.split_at(path.find('/').unwrap_or(path.len()));
    let first = unescape(first);
    let (_, value) = members.iter().find(|(name, _)| *name == first)?;
    match value {
        value if rest.is_empty() => Some(value.clone()),
        Value::Object(text) | Value::Array(text) => at(text, rest),
        _ => None,
    }
}

fn member<'a>(object: &'a str, wanted: &str) -> Option<Value<'a>> {
    let mut found = None;
    let read = Reader::new(object).object(|reader, name| {
        let value = reader.value()?;
        if name == wanted {
            found = Some(value);
        }
        Ok(())
    });
    read.ok().and(found)
}

fn element(array: &str, wanted: usize) -> Option<Value<'_>> {
    let (mut found, mut at) = (None, 0);
    let read = Reader::new(array).array(|reader| {
        let value = reader.value()?;
        if at == wanted {
            found = Some(value);
        }
        at += 1;
        Ok(())
    });
    read.ok().and(found)
}

fn unescape(step: &str) -> Cow<'_, str> {
    if step.contains('~') { step.replace("~1", "/").replace("~0", "~").into() } else { step.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_lead_to_values() {
        let object = r#"{"a":{"b":[1,{"c":"x"}],"d/e":2,"f~":3},"g":null}"#;
        for (pointer, expected) in [
            ("/a/b/0", Some("1")),
            ("/a/b/1/c", Some("x")),
            ("/a/d~1e", Some("2")),
            ("/a/f~0", Some("3")),
            ("/g", Some("null")),
            ("", Some(object)),
            ("/a/b/2", None),
            ("/g/x", None),
            ("/a/b/c", None),
        ] {
            let found = at(object, pointer);
            assert_eq!(found.as_ref().map(Value::shown), expected, "{pointer}");
        }
    }
}
