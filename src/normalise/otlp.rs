//! Log records of OpenTelemetry in JSON, as its collector's file exporter writes them.
//!
//! falcosidekick puts the output into the body and all but the output fields into attributes.

use super::{Emit, Envelope, Wrapper, carrier, loki, pointer};
use crate::json::{Members, Reader, Value};

/// Reads one log record; `false` if it is none.
pub fn open(
    object: &str,
    members: &Members<'_>,
    envelope: &Envelope<'_>,
    emit: &mut Emit<'_>,
) -> bool {
    let Some(Value::Array(attributes)) = carrier::member(members, "attributes") else {
        return false;
    };
    let Some(Value::Text(body)) = pointer::at(object, "/body/stringValue") else { return false };
    let labels = labels(attributes);
    if carrier::member(&labels, "rule").is_none() {
        return false;
    }
    let around = envelope.inside(Wrapper::Otlp, object).told(None, carrier::moment(members));
    loki::entry(&body, &labels, &around, emit);
    true
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
