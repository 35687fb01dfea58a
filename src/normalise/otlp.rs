//! Log records of OpenTelemetry in JSON, as its collector's file exporter writes them.
//!
//! falcosidekick puts the output into the body and all but the output fields into attributes.

use serde_json::Value as Json;

use super::{carrier, labelled::Told, pointer};
use crate::json::{Members, Reader, Value};

/// The body and the attributes of a log record, if these name a rule.
pub fn told<'m>(members: &'m Members<'_>) -> Option<Told<'m>> {
    let Value::Array(attributes) = carrier::member(members, "attributes")? else { return None };
    let Value::Text(body) = pointer::of(members, "/body/stringValue")? else { return None };
    let labels = labels(attributes);
    carrier::member(&labels, "rule")?;
    Some((body, labels))
}

/// The machine that a resource names.
pub fn host(attributes: &str) -> Option<String> {
    let labels = labels(attributes);
    ["k8s.node.name", "host.name"].into_iter().find_map(|name| {
        match carrier::member(&labels, name) {
            Some(Value::Text(host)) if !host.is_empty() => Some(host.to_string()),
            _ => None,
        }
    })
}

/// `{"values":[{"key":"rule","value":{"stringValue":"…"}}]}` as an object like any other.
pub fn pairs(list: &str) -> Option<String> {
    let Value::Array(pairs) = pointer::at(list, "/values")? else { return None };
    let mut object = String::from("{");
    let read = Reader::new(pairs).array(|reader| {
        if let Value::Object(pair) = reader.value()?
            && let Some(Value::Text(key)) = pointer::at(pair, "/key")
        {
            let value = pointer::at(pair, "/value").and_then(|value| plain(&value));
            if object.len() > 1 {
                object.push(',');
            }
            object += &Json::from(key.as_ref()).to_string();
            object.push(':');
            object += value.as_deref().unwrap_or("null");
        }
        Ok(())
    });
    object.push('}');
    read.is_ok().then_some(object)
}

/// The JSON of `{"intValue":"1"}`.
fn plain(value: &Value<'_>) -> Option<String> {
    let Value::Object(value) = value else { return None };
    let (kind, value) = Reader::new(value).members().ok()?.into_iter().next()?;
    match (kind.as_ref(), value) {
        ("intValue" | "doubleValue" | "boolValue", value) => Some(value.shown().to_owned()),
        ("stringValue" | "bytesValue", Value::Text(text)) => {
            Some(Json::from(text.as_ref()).to_string())
        }
        ("kvlistValue", Value::Object(list)) => pairs(list),
        ("arrayValue", Value::Object(list)) => {
            let Value::Array(list) = pointer::at(list, "/values")? else { return None };
            let mut elements = Vec::new();
            let read = Reader::new(list).array(|reader| {
                elements.push(plain(&reader.value()?).unwrap_or_else(|| "null".into()));
                Ok(())
            });
            read.ok().map(|()| format!("[{}]", elements.join(",")))
        }
        _ => None,
    }
}

/// `[{"key":"rule","value":{"stringValue":"…"}}]`
fn labels(attributes: &str) -> Members<'_> {
    let mut labels = Members::new();
    let _ = Reader::new(attributes).array(|reader| {
        if let Value::Object(pair) = reader.value()?
            && let Some(Value::Text(key)) = pointer::at(pair, "/key")
            && let Some(value) = pointer::at(pair, "/value/stringValue")
        {
            labels.push((key, value));
        }
        Ok(())
    });
    labels
}
