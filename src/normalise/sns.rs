//! Messages of Amazon's SNS, in queues of SQS as well: falcosidekick sends an output as the text, and
//! the rest of the alert as attributes.

use std::borrow::Cow;

use super::{Emit, Envelope, Wrapper, carrier, loki, pointer};
use crate::json::{Members, Reader, Value};

/// Reads one message; `false` if it is none, or its attributes do not name a rule.
pub fn open(
    object: &str,
    members: &Members<'_>,
    envelope: &Envelope<'_>,
    emit: &mut Emit<'_>,
) -> bool {
    let first = |names: &[&str]| names.iter().find_map(|name| carrier::member(members, name));
    let Some(Value::Object(attributes)) = first(&["MessageAttributes", "messageAttributes"]) else {
        return false;
    };
    let Some(Value::Text(message)) = first(&["Message", "Body", "body"]) else { return false };
    let labels = labels(attributes);
    if carrier::member(&labels, "rule").is_none() {
        return false;
    }
    let around = envelope.inside(Wrapper::Json, object).told(None, carrier::moment(members));
    loki::entry(message, &labels, &around, emit);
    true
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
