//! Messages of Amazon's SNS, in queues of SQS as well: falcosidekick sends an output as the text, and
//! the rest of the alert as attributes.

use std::borrow::Cow;

use super::{carrier, labelled::Told, pointer};
use crate::json::{Members, Reader, Value};

/// The output and the attributes of a message, if these name a rule.
pub fn told<'m>(members: &'m Members<'_>) -> Option<Told<'m>> {
    let first = |names: &[&str]| names.iter().find_map(|name| carrier::member(members, name));
    let Value::Object(attributes) = first(&["MessageAttributes", "messageAttributes"])? else {
        return None;
    };
    let Value::Text(message) = first(&["Message", "Body", "body"])? else { return None };
    let labels = labels(attributes);
    carrier::member(&labels, "rule")?;
    Some((Cow::Borrowed(message), labels))
}

/// `{"rule":{"Type":"String","Value":"…"}}`, and SQS' way of writing it. An attribute is named as its
/// field is, but for brackets: `proc.aname.2`.
fn labels(attributes: &str) -> Members<'_> {
    let mut labels = Members::new();
    let _ = Reader::new(attributes).object(|reader, name| {
        if let Value::Object(attribute) = reader.value()? {
            let mut values = ["/Value", "/StringValue", "/stringValue"].into_iter();
            let value = values.find_map(|place| pointer::at(attribute, place));
            labels.extend(value.map(|value| (Cow::Owned(name.into_owned()), value)));
        }
        Ok(())
    });
    labels
}
