//! The report as JSON, and the schema of that JSON.

use std::{io, mem};

use rayon::prelude::*;
use serde::Serialize as _;
use serde_json::{
    ser::{Formatter, Serializer},
    to_vec,
};

use super::{Error, csv};
use crate::report::{Incident, Report};

/// Fills in the incident at a place of the report.
pub type Fill<'f> = dyn Fn(usize, &mut Incident) + Sync + 'f;

/// Incidents that are made JSON at once.
const AT_ONCE: usize = 128;

/// What opens the list of incidents: no text within the report can hold a raw line end.
const INCIDENTS: &[u8] = b"\n\"incidents\":[";

/// Writes `report.json`: compact, but for a line for each part of the report and for each entry of
/// a list in it, so that two reports can be compared by line. The incidents, which are nearly all of
/// it, are made JSON by all threads while those before them are written. Where `fill` is given, the incidents are not complete: it
/// completes each for as long as it is written.
///
/// Gives `incidents.csv`, of which each incident has a line.
pub fn write(
    report: &mut Report,
    fill: Option<&Fill<'_>>,
    out: &mut (dyn io::Write + Send),
) -> io::Result<String> {
    let incidents = mem::take(&mut report.incidents);
    let mut rest = Vec::new();
    let serialized = report.serialize(&mut Serializer::with_formatter(&mut rest, Lines::default()));
    report.incidents = incidents;
    serialized?;
    let start = memchr::memmem::find(&rest, INCIDENTS).map_or(0, |at| at + INCIDENTS.len());
    out.write_all(&rest[..start])?;
    let write = |(at, incident): (usize, &Incident)| {
        let Some(fill) = fill else { return Ok((to_vec(incident)?, csv::line(incident))) };
        let mut incident = incident.clone();
        fill(at, &mut incident);
        Ok((to_vec(&incident)?, csv::line(&incident)))
    };
    let mut csv = csv::head();
    let all: Vec<_> = report.incidents.iter().enumerate().collect();
    let mut separator: &[u8] = b"\n";
    let mut put = |texts: Vec<io::Result<(Vec<u8>, String)>>| {
        for text in texts {
            let (json, line) = text?;
            out.write_all(mem::replace(&mut separator, b",\n"))?;
            out.write_all(&json)?;
            csv += &line;
        }
        Ok::<_, io::Error>(())
    };
    let mut ready = Vec::new();
    for incidents in all.chunks(AT_ONCE) {
        let make = || incidents.par_iter().copied().map(write).collect::<Vec<_>>();
        let (written, next) = rayon::join(|| put(ready), make);
        written?;
        ready = next;
    }
    put(ready)?;
    out.write_all(&rest[start..])?;
    out.write_all(b"\n")?;
    Ok(csv)
}

/// `report.schema.json`.
pub fn schema() -> Result<Vec<u8>, Error> {
    let mut out = serde_json::to_vec_pretty(&schemars::schema_for!(Report))
        .map_err(error("report.schema.json"))?;
    out.push(b'\n');
    Ok(out)
}

/// An error about the page of a path.
pub fn error(path: &str) -> impl FnOnce(serde_json::Error) -> Error {
    move |source| Error::Data { path: path.to_owned(), source }
}

/// Begins a line for each key and value down to the second level.
#[derive(Default)]
struct Lines {
    depth: usize,
}

impl Lines {
    fn separate<W: ?Sized + io::Write>(
        &self,
        out: &mut W,
        first: bool,
        most: usize,
    ) -> io::Result<()> {
        if !first {
            out.write_all(b",")?;
        }
        if self.depth <= most { out.write_all(b"\n") } else { Ok(()) }
    }

    fn close<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        bracket: &[u8],
        most: usize,
    ) -> io::Result<()> {
        if self.depth <= most {
            out.write_all(b"\n")?;
        }
        self.depth -= 1;
        out.write_all(bracket)
    }
}

impl Formatter for Lines {
    fn begin_array<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.depth += 1;
        out.write_all(b"[")
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b"]", 2)
    }

    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.separate(out, first, 2)
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.depth += 1;
        out.write_all(b"{")
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b"}", 1)
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.separate(out, first, 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_and_each_entry_has_a_line() {
        let value = serde_json::json!({ "a": [{ "b": [1, 2] }, { "c": {} }], "d": { "e": 1, "f": 2 }, "g": [] });
        let mut out = Vec::new();
        value
            .serialize(&mut Serializer::with_formatter(&mut out, Lines::default()))
            .expect("it is JSON");
        let text = String::from_utf8(out).expect("it is UTF-8");
        assert_eq!(
            text,
            "{\n\"a\":[\n{\"b\":[1,2]},\n{\"c\":{}}\n],\n\"d\":{\"e\":1,\"f\":2},\n\"g\":[\n]\n}"
        );
    }
}
