//! JSON documents that carry an alert within them: what stores, shippers and queues put around it.

use std::{borrow::Cow, io::Read as _};

use base64::{Engine as _, prelude::BASE64_STANDARD};

use super::{
    Emit, Envelope, Moment, Outcome, Reason, Wrapper, dates, envelope::DEEPEST, falco, fields,
    labelled, loki, otlp, payload, pointer, sources::Pointer, text, wrapper,
};
use crate::json::{Members, Reader, Value};

/// Where lists of records are found, by pointer.
const LISTS: [&str; 35] = [
    "/hits/hits",
    "/response/hits/hits",
    "/rawResponse/hits/hits",
    "/docs",
    "/data/result",
    "/data/affected_items",
    "/responses",
    "/streams",
    "/records",
    "/Records",
    "/logEvents",
    "/events",
    "/resourceLogs",
    "/scopeLogs",
    "/logRecords",
    "/hits",
    "/items",
    "/alerts",
    "/results",
    "/result",
    "/value",
    "/data",
    "/Messages",
    "/messages",
    "/receivedMessages",
    "/logs",
    "/falco",
    "/tables",
    "/entries",
    "/matches",
    "/findings",
    "/Findings",
    "/Results",
    "/Vulnerabilities",
    "/rows",
];

/// Members that hold an alert, or the line that it was; the alert itself before what tells of it.
const PAYLOADS: [&str; 51] = [
    "_source",
    "MESSAGE",
    "log",
    "log_processed",
    "line",
    "data",
    "event",
    "original",
    "falco",
    "attributes",
    "full_log",
    "message",
    "Message",
    "textPayload",
    "jsonPayload",
    "value",
    "_raw",
    "result",
    "json",
    "msg",
    "_msg",
    "@message",
    "payload",
    "body",
    "Body",
    "alert",
    "data_base64",
    "Data",
    "stringValue",
    "kvlistValue",
    "parsed",
    "full_message",
    "short_message",
    "content",
    "LogMessage",
    "LogEntry",
    "SyslogMessage",
    "properties",
    "kinesis",
    "Sns",
    "text",
    "raw",
    "rawmsg",
    "_line",
    "record",
    "doc",
    "upsert",
    "fields",
    "raw_data",
    "map",
    "awslogs",
];

/// Bytes that one packed byte may become: logs become twenty to fifty.
const RATIO: usize = 200;

/// What an action of Elasticsearch's bulk form may say.
const BULK: [&str; 16] = [
    "_index",
    "_id",
    "_type",
    "_version",
    "_routing",
    "_parent",
    "routing",
    "parent",
    "pipeline",
    "version",
    "version_type",
    "require_alias",
    "retry_on_conflict",
    "if_seq_no",
    "if_primary_term",
    "dynamic_templates",
];

/// Emits the records that a document carries; `false` if it carries none.
pub fn open(
    object: &str,
    members: &Members<'_>,
    envelope: &Envelope<'_>,
    emit: &mut Emit<'_>,
) -> bool {
    if envelope.depth >= DEEPEST {
        return false;
    }
    if is_bulk_action(members) {
        emit(envelope.record(object), Outcome::OtherText);
        return true;
    }
    loki::open(object, members, envelope, emit)
        || labelled::open(object, members, envelope, emit)
        || list(object, members, envelope, emit)
        || table(members, envelope, emit)
        || carried(object, members, envelope, emit)
        || keyed(object, members, envelope, emit)
}

/// Emits the alert that was sent to another detector and stands whole at one of some places of its
/// record; `false` if none does.
pub fn sent(
    object: &str,
    members: &Members<'_>,
    places: &[Pointer],
    envelope: &Envelope<'_>,
    emit: &mut Emit<'_>,
) -> bool {
    let host = host(object, members);
    let around = envelope.inside(wrapper(members), object).told(host.as_deref(), moment(members));
    places.iter().any(|place| match pointer::of(members, &place.0) {
        Some(Value::Object(inner)) => falco::itself(inner, &around, emit),
        Some(Value::Text(line)) => {
            let (inner, _) = wrapper::strip(super::trim(&line), around);
            let mut reader = Reader::new(inner);
            let ends = reader.value().is_ok() && reader.at_end();
            let whole = ends && falco::itself(inner, &around, &mut |_, _| {})
                || text::head(inner).is_some();
            if whole {
                payload(&line, around, emit);
            }
            whole
        }
        _ => false,
    })
}

/// A member by its name.
pub fn member<'m, 'a>(members: &'m Members<'a>, name: &str) -> Option<&'m Value<'a>> {
    members.iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

/// The line before a document in Elasticsearch's bulk form.
fn is_bulk_action(members: &Members<'_>) -> bool {
    match members.as_slice() {
        [(name, Value::Object(action))] => {
            matches!(name.as_ref(), "create" | "index" | "update" | "delete")
                && Reader::new(action).members().is_ok_and(|action| {
                    action.iter().all(|(name, _)| BULK.contains(&name.as_ref()))
                })
        }
        _ => false,
    }
}

/// A list of records: each of its elements is one.
fn list(object: &str, members: &Members<'_>, envelope: &Envelope<'_>, emit: &mut Emit<'_>) -> bool {
    for place in LISTS {
        let first = place[1..].split('/').next().unwrap_or("");
        if member(members, first).is_none() {
            continue;
        }
        let Some(Value::Array(array)) = pointer::at(object, place) else { continue };
        let around = match place {
            "/data/result" => envelope.within(Wrapper::Loki),
            _ => envelope.within(wrapper(members)),
        };
        let host = host(object, members);
        let around = around.deeper().told(host.as_deref(), Moment::Unknown);
        if array.trim_matches(['[', ']']).trim_ascii().is_empty() {
            if aggregated(members, &around, emit) {
                return true;
            }
            // A search that found nothing.
            let known = matches!(place, "/hits/hits" | "/data/result" | "/streams" | "/records");
            if known && !object.contains("\"_source\"") {
                emit(envelope.record(object), Outcome::OtherText);
                return true;
            }
            continue;
        }
        if holds_alerts(array, &around) {
            if !around.asking {
                falco::elements(array, &around, emit);
            }
            return true;
        }
    }
    false
}

/// Emits what the aggregations of a search hold, where it was not asked for hits of its own; `false` if
/// they hold no alerts.
fn aggregated(members: &Members<'_>, envelope: &Envelope<'_>, emit: &mut Emit<'_>) -> bool {
    let mut found = false;
    for name in ["aggregations", "aggs"] {
        if let Some(Value::Object(aggregations)) = member(members, name) {
            found |= hits_within(aggregations, envelope, emit);
        }
    }
    found
}

fn hits_within(object: &str, envelope: &Envelope<'_>, emit: &mut Emit<'_>) -> bool {
    if let Some(Value::Array(hits)) = pointer::at(object, "/hits/hits") {
        let found = holds_alerts(hits, envelope);
        if found && !envelope.asking {
            falco::elements(hits, envelope, emit);
        }
        return found;
    }
    let mut found = false;
    let mut look = |value: Value<'_>| {
        if let Value::Object(inner) = value {
            found |= hits_within(inner, envelope, emit);
        }
    };
    // The buckets of an aggregation are a list, or named.
    let _ = Reader::new(object).object(|reader, _| {
        match reader.value()? {
            Value::Array(list) => {
                let _ = Reader::new(list).array(|reader| reader.value().map(&mut look));
            }
            value => look(value),
        }
        Ok(())
    });
    found
}

/// Whether a list is one of alerts: whether anything in it is known, be it that a log began with
/// something else.
fn holds_alerts(array: &str, envelope: &Envelope<'_>) -> bool {
    let asking = Envelope { asking: true, ..*envelope };
    let mut found = false;
    let _ = Reader::new(array).array(|reader| {
        let value = reader.value()?;
        found = found
            || match value {
                Value::Object(object) => falco::within(object, &asking, &mut |_, _| {}),
                Value::Array(row) => cells(row).is_some(),
                _ => false,
            };
        Ok(())
    });
    found
}

/// A table, as Splunk and Azure Monitor give what they found: the names of its columns, and rows of what
/// stands in them.
fn table(members: &Members<'_>, envelope: &Envelope<'_>, emit: &mut Emit<'_>) -> bool {
    let columns = [("fields", Wrapper::Splunk), ("columns", Wrapper::Json)];
    let columns = columns.iter().find_map(|(name, kind)| Some((member(members, name)?, *kind)));
    let (Some((Value::Array(names), kind)), Some(Value::Array(rows))) =
        (columns, member(members, "rows"))
    else {
        return false;
    };
    let name = |column: &str| match pointer::at(column, "/name") {
        Some(Value::Text(name)) => serde_json::Value::from(name.as_ref()).to_string(),
        _ => column.to_owned(),
    };
    let names: Vec<String> = fields::written(names).into_iter().map(name).collect();
    let around = envelope.within(kind).deeper();
    let record = |row: &str| {
        let members = names.iter().zip(fields::written(row));
        let members: Vec<_> = members.map(|(name, value)| format!("{name}:{value}")).collect();
        format!("{{{}}}", members.join(","))
    };
    let each = |emit: &mut Emit<'_>| {
        let mut found = false;
        let _ = Reader::new(rows).array(|reader| {
            let Value::Array(row) = reader.value()? else { return Ok(()) };
            let inside = around.inside(kind, row);
            if falco::within(&record(row), &inside, emit) {
                found = true;
            } else {
                emit(inside.record(row), Outcome::Rejected(Reason::MissingRule));
            }
            Ok(())
        });
        found
    };
    each(&mut |_, _| {}) && (envelope.asking || each(emit))
}

/// The message and the time of `[{"field":"@message","value":"…"},…]`, a row of a query in
/// `CloudWatch`.
fn cells(row: &str) -> Option<(Cow<'_, str>, Moment)> {
    let (mut message, mut moment) = (None, Moment::Unknown);
    let read = Reader::new(row).array(|reader| {
        if let Value::Object(cell) = reader.value()?
            && let Some(Value::Text(field)) = pointer::at(cell, "/field")
        {
            match (field.as_ref(), pointer::at(cell, "/value")) {
                ("@message", Some(Value::Text(text))) => message = Some(text),
                ("@timestamp", Some(time)) => moment = dates::instant(&time),
                _ => {}
            }
        }
        Ok(())
    });
    read.ok()?;
    Some((message?, moment))
}

/// Emits the record of a row of a table; `false` if an array is none.
pub fn row(array: &str, envelope: &Envelope<'_>, emit: &mut Emit<'_>) -> bool {
    let Some((message, moment)) = cells(array) else { return loki::pair(array, envelope, emit) };
    let around = envelope.inside(Wrapper::CloudWatch, array).told(None, moment);
    payload(&message, around, emit);
    true
}

/// Whether an object is or holds an alert, or what is known to be none.
fn is_alert(object: &str, envelope: &Envelope<'_>) -> bool {
    let telling = Envelope { asking: false, ..*envelope };
    let mut found = false;
    falco::within(object, &telling, &mut |_, outcome| {
        let known = matches!(outcome, Outcome::Alert(_) | Outcome::Sensor(_) | Outcome::OtherText);
        found |= known;
    });
    found
}

/// A document around one record.
fn carried(
    object: &str,
    members: &Members<'_>,
    envelope: &Envelope<'_>,
    emit: &mut Emit<'_>,
) -> bool {
    let mut present =
        PAYLOADS.iter().filter_map(|name| Some((*name, member(members, name)?))).peekable();
    if present.peek().is_none() {
        return false;
    }
    let host = host(object, members);
    let around = envelope.inside(wrapper(members), object).told(host.as_deref(), moment(members));
    for (name, value) in present {
        let found = match value {
            Value::Object(inner) if name == "kvlistValue" => {
                otlp::pairs(inner).is_some_and(|object| falco::within(&object, &around, emit))
            }
            Value::Object(inner) if name == "fields" => {
                fields::single(inner).is_some_and(|object| falco::within(&object, &around, emit))
            }
            Value::Object(inner) => falco::within(inner, &around, emit),
            Value::Text(line) => text_within(line, is_line(name, members), &around, emit),
            Value::Array(bytes) if name == "MESSAGE" => match from_bytes(bytes) {
                Some(line) => text_within(&line, true, &around, emit),
                None => false,
            },
            _ => false,
        };
        if found {
            return true;
        }
    }
    let left_out = member(members, "MESSAGE") == Some(&Value::Null) && is_line("MESSAGE", members);
    if left_out {
        emit(envelope.record(object), Outcome::Rejected(Reason::LeftOut));
    }
    left_out
}

/// A hash of Redis' and the like: each of its members is an alert, under a name of its own.
fn keyed(
    object: &str,
    members: &Members<'_>,
    envelope: &Envelope<'_>,
    emit: &mut Emit<'_>,
) -> bool {
    let around = envelope.inside(Wrapper::Json, object);
    let each = |emit: &mut Emit<'_>| {
        members.iter().all(|(_, value)| match value {
            Value::Object(inner) => falco::itself(inner, &around, emit),
            Value::Text(text) => falco::itself(text, &around, emit),
            _ => false,
        })
    };
    !members.is_empty() && each(&mut |_, _| {}) && each(emit)
}

/// Whether a member is a line of a log whatever it holds, and not perhaps something else.
fn is_line(name: &str, members: &Members<'_>) -> bool {
    let has = |other: &str| member(members, other).is_some();
    match name {
        "MESSAGE" => has("__REALTIME_TIMESTAMP") || has("_HOSTNAME") || has("SYSLOG_IDENTIFIER"),
        "log" => has("stream") || has("time") || has("kubernetes") || has("tag") || has("date"),
        "textPayload" | "_raw" => true,
        // A body in OpenTelemetry's form.
        "stringValue" => members.len() == 1,
        "LogEntry" | "LogMessage" => has("TimeGenerated"),
        "short_message" => has("version"),
        "message" => {
            let cloudwatch =
                has("ingestionTime") || has("id") && has("timestamp") && members.len() == 3;
            cloudwatch || has("@timestamp") && !has("rule")
        }
        _ => false,
    }
}

/// Emits the records of a text within a document; `false` if it holds none.
pub fn text_within(text: &str, is_line: bool, around: &Envelope<'_>, emit: &mut Emit<'_>) -> bool {
    let line = super::trim(text);
    let is_json = line.starts_with(['{', '[']);
    let alert = if is_json {
        falco::looks_like_alert(line) || is_alert(line, around)
    } else {
        text::head(line).is_some() || line.starts_with("CEF:") || text::find(line).is_some()
    };
    if alert || is_line || line.contains("{\"") && falco::next_alert(line, 0).is_some() {
        payload(line, *around, emit);
        return true;
    }
    if around.depth >= DEEPEST {
        return false;
    }
    match decoded(line, around.unpacked) {
        Some((inner, unpacked)) => {
            let around = Envelope { unpacked: around.unpacked || unpacked, ..around.deeper() };
            text_within(&inner, false, &around, emit)
        }
        None => false,
    }
}

/// What a queue's interface has put into Base64. A subscription to `CloudWatch` packs it before; nobody
/// packs it twice, and a bomb would be.
fn decoded(text: &str, unpacked: bool) -> Option<(String, bool)> {
    let plausible = text.len() >= 16 && text.len().is_multiple_of(4) && !text.contains([' ', '{']);
    let bytes = plausible.then(|| BASE64_STANDARD.decode(text).ok()).flatten()?;
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Some((String::from_utf8(bytes).ok()?, false));
    }
    if unpacked {
        return None;
    }
    let most = RATIO * bytes.len();
    let mut inner = Vec::new();
    let mut reader = flate2::read::MultiGzDecoder::new(&*bytes).take(most as u64 + 1);
    reader.read_to_end(&mut inner).ok().filter(|length| *length <= most)?;
    Some((String::from_utf8(inner).ok()?, true))
}

/// journald writes a message that is not printable text as an array of bytes.
fn from_bytes(array: &str) -> Option<String> {
    let inner = array.strip_prefix('[')?.strip_suffix(']')?;
    let bytes: Option<Vec<u8>> = inner.split(',').map(|byte| byte.trim().parse().ok()).collect();
    Some(String::from_utf8_lossy(&bytes?).into_owned())
}

/// Which of the known wrappers a document is.
fn wrapper(members: &Members<'_>) -> Wrapper {
    const MARKS: [(&str, Wrapper); 20] = [
        ("_source", Wrapper::Elasticsearch),
        ("hits", Wrapper::Elasticsearch),
        ("responses", Wrapper::Elasticsearch),
        ("streams", Wrapper::Loki),
        ("resultType", Wrapper::Loki),
        ("specversion", Wrapper::CloudEvents),
        ("ddsource", Wrapper::Datadog),
        ("MESSAGE", Wrapper::Journald),
        ("sourcetype", Wrapper::Splunk),
        ("_raw", Wrapper::Splunk),
        ("preview", Wrapper::Splunk),
        ("outputs", Wrapper::WebUi),
        ("records", Wrapper::KafkaRest),
        ("logEvents", Wrapper::CloudWatch),
        ("ingestionTime", Wrapper::CloudWatch),
        ("resourceLogs", Wrapper::Otlp),
        ("scopeLogs", Wrapper::Otlp),
        ("agent", Wrapper::Wazuh),
        ("kubernetes", Wrapper::Fluent),
        ("log", Wrapper::Docker),
    ];
    let has = |name: &str| member(members, name).is_some();
    let found = MARKS.iter().find(|(mark, _)| has(mark)).map(|(_, wrapper)| *wrapper);
    match found {
        // Elastic's shippers name an agent too.
        Some(Wrapper::Wazuh) if !has("decoder") && !has("manager") => Wrapper::Elasticsearch,
        Some(wrapper) => wrapper,
        None => Wrapper::Json,
    }
}

/// The machine that an object names, and the time, which stand beside an alert's own members where
/// a shipper has put both into one.
pub fn beside(object: &str) -> (Option<String>, Moment) {
    match Reader::new(object).members() {
        Ok(members) => (host(object, &members), moment(&members)),
        Err(_) => (None, Moment::Unknown),
    }
}

/// The machine that a document names.
pub fn host(object: &str, members: &Members<'_>) -> Option<String> {
    const PLACES: [&str; 19] = [
        "/_HOSTNAME",
        "/agent/name",
        "/kubernetes/host",
        "/kubernetes/node/name",
        "/kubernetes/node_name",
        "/host/name",
        "/host/hostname",
        "/hostname",
        "/host",
        "/agent/hostname",
        "/resource/labels/node_name",
        "/node_name",
        "/nodeName",
        "/HOSTNAME",
        "/HOST",
        "/Computer",
        "/kubernetes/pod_node_name",
        "/labels/compute.googleapis.com~1resource_name",
        "/predecoder/hostname",
    ];
    if let Some(Value::Array(attributes)) = pointer::of(members, "/resource/attributes") {
        return otlp::host(attributes);
    }
    // Graylog calls the sender so, and others a file.
    if member(members, "gl2_remote_ip").is_some()
        && let Some(Value::Text(name)) = member(members, "source")
    {
        return Some(name.to_string());
    }
    PLACES.iter().find_map(|place| {
        let first = place[1..].split('/').next()?;
        member(members, first)?;
        match pointer::at(object, place)? {
            Value::Text(name) if !name.is_empty() => Some(name.into_owned()),
            _ => None,
        }
    })
}

/// The time that a document names.
pub fn moment(members: &Members<'_>) -> Moment {
    const NAMES: [&str; 17] = [
        "__REALTIME_TIMESTAMP",
        "time",
        "timestamp",
        "@timestamp",
        "ts",
        "timeUnixNano",
        "Timestamp",
        "ingestionTime",
        "date",
        "_time",
        "TimeGenerated",
        "publishTime",
        "timereported",
        "startsAt",
        "createdAt",
        "ISODATE",
        "DATE",
    ];
    let found = NAMES.iter().filter_map(|name| member(members, name)).map(dates::instant);
    let mut known = found.filter(|moment| !matches!(moment, Moment::Unknown));
    known.next().unwrap_or_default()
}

#[cfg(test)]
mod tests;
