//! Output fields that a store has nested or renamed, as Falco names them.

use std::borrow::Cow;

use crate::{
    dictionary::Dictionary,
    json::{Members, Reader, Value},
};

/// Objects within one another that are taken apart.
const DEEPEST: usize = 8;

/// Bytes of a field's name.
const LONGEST: usize = 256;

/// Takes nested objects apart (`{"proc":{"name":…}}` as Datadog and Wazuh keep fields is
/// `proc.name`), and gives names back the dots that falcosidekick replaced for Elasticsearch.
pub fn canonical(fields: Members<'_>) -> Members<'_> {
    let mut flat = Members::with_capacity(fields.len());
    for (name, value) in fields {
        match value {
            Value::Object(text) => flatten(&name, text, 1, &mut flat),
            value => {
                let name = dotted(&name).unwrap_or(name);
                flat.push((name, value));
            }
        }
    }
    flat
}

/// Adds the values within an object, each named by its path.
pub fn flatten<'a>(path: &str, object: &'a str, depth: usize, into: &mut Members<'a>) {
    let Ok(members) = Reader::new(object).members() else { return };
    for (name, value) in members {
        let path = if path.is_empty() { name.into_owned() } else { format!("{path}.{name}") };
        match value {
            Value::Object(inner) if depth < DEEPEST && path.len() < LONGEST => {
                flatten(&path, inner, depth + 1, into);
            }
            value => into.push((path.into(), value)),
        }
    }
}

/// The object of which Elasticsearch gives each field by its path, in a list of its values:
/// `{"rule":["R"],"output_fields.proc.name":["sh"]}`.
pub fn single(fields: &str) -> Option<String> {
    let (mut beside, mut within) = (Vec::new(), Vec::new());
    for (name, value) in Reader::new(fields).members().ok()? {
        let Value::Array(list) = value else { return None };
        let value = match written(list).as_slice() {
            [one] if name != "tags" => *one,
            _ => list,
        };
        let (into, name) = match name.strip_prefix("output_fields.") {
            Some(field) => (&mut within, field),
            None => (&mut beside, name.as_ref()),
        };
        // The same for searches without regard to words.
        if !name.ends_with(".keyword") {
            into.push(format!("{}:{value}", serde_json::Value::from(name)));
        }
    }
    if !within.is_empty() {
        beside.push(format!("\"output_fields\":{{{}}}", within.join(",")));
    }
    Some(format!("{{{}}}", beside.join(",")))
}

/// The elements of a list as they were written.
pub fn written(list: &str) -> Vec<&str> {
    let mut elements = Vec::new();
    let _ = Reader::new(list).array(|reader| {
        // Blanks passed.
        reader.peek();
        let start = reader.offset();
        reader.value()?;
        elements.push(&list[start..reader.offset()]);
        Ok(())
    });
    elements
}

/// The texts of a list.
pub fn texts(list: &str) -> Vec<Cow<'_, str>> {
    let mut texts = Vec::new();
    let _ = Reader::new(list).array(|reader| {
        if let Value::Text(text) = reader.value()? {
            texts.push(text);
        }
        Ok(())
    });
    texts
}

/// The output fields that a store has put beside an alert's other members, each behind the name of the
/// object that they stood in: `output_fields.proc.name`, `output_fields_proc_name`.
pub fn spread(object: &str) -> Members<'_> {
    let members = Reader::new(object).members().unwrap_or_default().into_iter();
    let fields = members.filter_map(|(name, value)| {
        let field = name.strip_prefix("output_fields")?.strip_prefix(['.', '_'])?;
        Some((Cow::Owned(field.to_owned()), value))
    });
    fields.collect()
}

/// The name of the output field that a label is, if it is one's.
pub fn labelled(name: &str) -> Option<Cow<'_, str>> {
    if name.contains('.') { Some(name.into()) } else { dotted(name) }
}

/// The field that a name without dots stands for.
fn dotted(name: &str) -> Option<Cow<'static, str>> {
    if name.contains('.') || !name.contains('_') {
        return None;
    }
    let entry = Dictionary::bundled().field(name)?;
    if let Some(stem) = entry.name.strip_suffix("[*]") {
        let index = name.get(stem.len()..)?.trim_matches('_');
        let is_index = !index.is_empty() && index.bytes().all(|byte| byte.is_ascii_digit());
        return is_index.then(|| format!("{stem}[{index}]").into());
    }
    (!entry.name.ends_with('*')).then_some(Cow::Borrowed(entry.name.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fields: &str) -> Vec<(String, String)> {
        let fields = canonical(Reader::new(fields).members().unwrap()).into_iter();
        fields.map(|(name, value)| (name.into_owned(), value.shown().to_owned())).collect()
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        expected.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
    }

    #[test]
    fn nested_fields_are_named_by_their_path() {
        let fields =
            r#"{"container":{"image":{"tag":"3"},"id":"a"},"proc":{"aname[2]":"sh"},"x":1}"#;
        let expected = pairs(&[
            ("container.image.tag", "3"),
            ("container.id", "a"),
            ("proc.aname[2]", "sh"),
            ("x", "1"),
        ]);
        assert_eq!(read(fields), expected);
    }

    #[test]
    fn flattened_names_get_their_dots_back() {
        let fields = r#"{"container_id":"a","proc_aname_2":"sh","k8s_ns_name":null,"my_field":1}"#;
        let expected = pairs(&[
            ("container.id", "a"),
            ("proc.aname[2]", "sh"),
            ("k8s.ns.name", "null"),
            ("my_field", "1"),
        ]);
        assert_eq!(read(fields), expected);
    }

    #[test]
    fn fields_in_lists_are_made_an_object() {
        let fields = r#"{"rule":["R"],"rule.keyword":["R"],"tags":["a"],"n":[1, "b"],"output_fields.proc.name":[ "s\"h" ]}"#;
        let expected =
            r#"{"rule":"R","tags":["a"],"n":[1, "b"],"output_fields":{"proc.name":"s\"h"}}"#;
        assert_eq!(single(fields).as_deref(), Some(expected));
        assert_eq!(single(r#"{"a":"b"}"#), None);
    }

    #[test]
    fn fields_beside_an_alert_are_found_by_their_prefix() {
        let object = r#"{"rule":"R","output_fields_container_id":"a","output_fields.proc.name":"sh","output":"x"}"#;
        let fields = canonical(spread(object)).into_iter();
        let found: Vec<_> =
            fields.map(|(name, value)| (name.into_owned(), value.shown().to_owned())).collect();
        assert_eq!(found, pairs(&[("container.id", "a"), ("proc.name", "sh")]));
    }

    #[test]
    fn paths_have_a_bound() {
        let deep = format!("{}1{}", r#"{"a":"#.repeat(40), "}".repeat(40));
        let fields = read(&deep);
        assert_eq!(fields.len(), 1);
        assert_eq!(fields[0].0, "a.a.a.a.a.a.a.a.a");
    }
}
