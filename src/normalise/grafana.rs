//! Lines of Loki's as Grafana gives them to be downloaded: as text, and as a table in CSV.

use super::{Emit, Envelope, Moment, Wrapper, dates, falco, loki, text};
use crate::{
    json::{Members, Reader, Value},
    time::Timestamp,
};

/// Reads a line of a download; `false` if it is none.
pub fn line(text: &str, envelope: &Envelope<'_>, emit: &mut Emit<'_>) -> bool {
    let around = envelope.inside(Wrapper::Loki, text);
    if let Some((moment, line)) = plain(text) {
        loki::entry(line, &Members::new(), &around.told(None, moment), emit);
        return true;
    }
    let Some(cells) = cells(text) else { return false };
    let moment = cells.iter().find_map(|cell| instant(cell));
    let line = cells.iter().find(|cell| is_line(cell));
    let (Some(moment), Some(line)) = (moment, line) else { return false };
    let labels = cells.iter().take_while(|cell| !is_line(cell)).find_map(|cell| labels(cell));
    loki::entry(line, &labels.unwrap_or_default(), &around.told(None, moment), emit);
    true
}

/// `1794992404500<TAB>2026-11-18T09:00:04.500Z<TAB>line`
fn plain(text: &str) -> Option<(Moment, &str)> {
    let mut columns = text.splitn(3, '\t');
    let moment = instant(columns.next()?)?;
    Timestamp::parse(columns.next()?.as_bytes())?;
    Some((moment, columns.next()?))
}

/// Milliseconds or nanoseconds since 1970.
fn instant(text: &str) -> Option<Moment> {
    let number = matches!(text.len(), 13 | 19) && text.bytes().all(|byte| byte.is_ascii_digit());
    number.then(|| dates::instant(&Value::Number(text)))
}

/// Whether a cell holds an alert, and not the labels of one.
fn is_line(cell: &str) -> bool {
    text::head(cell).is_some() || (falco::looks_like_alert(cell) && labels(cell).is_none())
}

/// The labels that a cell holds: all of them are text, as not all of an alert is.
fn labels(cell: &str) -> Option<Members<'_>> {
    let labels = Reader::new(cell).members().ok()?;
    labels.iter().all(|(_, value)| matches!(value, Value::Text(_))).then_some(labels)
}

/// The cells of a row, each in quotes.
fn cells(text: &str) -> Option<Vec<String>> {
    let (mut cells, mut rest) = (Vec::new(), text.strip_prefix('"')?);
    loop {
        let mut cell = String::new();
        let behind = loop {
            let (part, after) = rest.split_once('"')?;
            cell.push_str(part);
            let Some(more) = after.strip_prefix('"') else { break after };
            cell.push('"');
            rest = more;
        };
        cells.push(cell);
        if behind.is_empty() {
            return Some(cells);
        }
        rest = behind.strip_prefix(",\"")?;
    }
}
