//! The report as JSON, and the schema of that JSON.

mod compact;

use std::{io, mem};

use memchr::memmem;
use rayon::prelude::*;
use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use self::compact::{ROOM, Text};
use super::{
    Error, csv,
    full::{Fill, full},
};
use crate::report::{Incident, Report};

/// Incidents that one thread makes JSON before it looks for more to do.
const AT_ONCE: usize = 4;

/// Pieces of so many incidents that are made while those before them are written.
const PIECES: usize = 16;

/// What opens the list of incidents: no text within the report can hold a raw line end.
const INCIDENTS: &[u8] = b"\n\"incidents\":[";

/// What opens the list of weeks, which stands behind that of incidents.
const WEEKS: &[u8] = b"\n\"weeks\":[";

/// Writes `report.json`: compact, but for a line for each part of the report and for each entry of
/// a list in it, so that two reports can be compared by line. The incidents, which are nearly all of
/// it, are made JSON by all threads while those before them are written. Where `fill` is given, they
/// are not complete: it completes each for as long as it is written.
///
/// `csv` is for `incidents.csv`, of which each incident has a line.
pub fn write(
    report: &mut Report,
    fill: Option<&Fill<'_>>,
    out: &mut (dyn io::Write + Send),
    csv: &mut (dyn io::Write + Send),
) -> io::Result<()> {
    let (incidents, weeks) = (mem::take(&mut report.incidents), mem::take(&mut report.weeks));
    let put_incidents = |out: Out<'_>| all(&incidents, fill, out, csv);
    let put_weeks = |out: Out<'_>| each(&weeks, out);
    let put: Vec<(_, Put<'_>)> =
        vec![(WEEKS, Box::new(put_weeks)), (INCIDENTS, Box::new(put_incidents))];
    let mut splice = Splice { out, held: Vec::new(), put };
    let serialized =
        report.serialize(&mut Serializer::with_formatter(&mut splice, Lines::default()));
    let ended = serialized.map_err(io::Error::from).and_then(|()| splice.end());
    (report.incidents, report.weeks) = (incidents, weeks);
    ended
}

/// Where JSON goes.
type Out<'o> = &'o mut (dyn io::Write + Send);

/// Writes the entries of a list.
type Put<'p> = Box<dyn FnOnce(Out<'_>) -> io::Result<()> + 'p>;

/// A few incidents in both formats.
#[derive(Default)]
struct Piece {
    json: Vec<u8>,
    csv: String,
}

impl Piece {
    /// Makes the incidents that stand in the report from a place on.
    fn make(&mut self, first: usize, some: &[Incident], fill: Option<&Fill<'_>>) -> io::Result<()> {
        self.json.clear();
        self.csv.clear();
        let mut json = Text::held(mem::take(&mut self.json));
        for (at, incident) in (first..).zip(some) {
            let incident = full(at, incident, fill);
            entry(&mut json, at, &*incident)?;
            csv::line(&mut self.csv, &incident);
        }
        self.json = json.held;
        Ok(())
    }
}

/// Adds the entry at a place of a list.
fn entry(out: &mut Text<'_>, at: usize, value: &impl Serialize) -> io::Result<()> {
    out.held.extend_from_slice(if at == 0 { b"\n" } else { b",\n" });
    Ok(out.add(value)?)
}

/// Writes the entries of a list, which may be large.
fn each(list: &[impl Serialize], out: Out<'_>) -> io::Result<()> {
    let mut out = Text::passed_on(out);
    let mut entries = list.iter().enumerate();
    entries.try_for_each(|(at, value)| entry(&mut out, at, value))?;
    Ok(out.pass(true)?)
}

/// Writes all incidents, and their lines of `incidents.csv`.
fn all(
    incidents: &[Incident],
    fill: Option<&Fill<'_>>,
    out: Out<'_>,
    csv: &mut (dyn io::Write + Send),
) -> io::Result<()> {
    csv.write_all(csv::head().as_bytes())?;
    let mut put = |pieces: &[Piece]| {
        pieces.iter().try_for_each(|piece| {
            out.write_all(&piece.json)?;
            csv.write_all(piece.csv.as_bytes())
        })
    };
    let [mut ready, mut next]: [[Piece; PIECES]; 2] = Default::default();
    let mut used = 0;
    for (number, some) in incidents.chunks(AT_ONCE * PIECES).enumerate() {
        let first = number * AT_ONCE * PIECES;
        let make = || {
            let pieces = next.par_iter_mut().zip(some.par_chunks(AT_ONCE)).enumerate();
            pieces.try_for_each(|(at, (piece, few))| piece.make(first + at * AT_ONCE, few, fill))
        };
        let (written, all_made) = rayon::join(|| put(&ready[..used]), make);
        written.and(all_made)?;
        used = some.len().div_ceil(AT_ONCE);
        mem::swap(&mut ready, &mut next);
    }
    put(&ready[..used])
}

/// Passes text on, and has entries put where the lists are opened that they belong to.
struct Splice<'o> {
    out: Out<'o>,
    held: Vec<u8>,
    /// What opens each list and puts its entries, the last list first.
    put: Vec<(&'static [u8], Put<'o>)>,
}

impl Splice<'_> {
    /// Passes on what is held but for its last bytes, which may begin what is looked for.
    fn pass(&mut self, last: usize) -> io::Result<()> {
        while let Some(end) = self.opened()
            && let Some((_, put)) = self.put.pop()
        {
            self.out.write_all(&self.held[..end])?;
            put(self.out)?;
            self.held.drain(..end);
        }
        let end = self.held.len().saturating_sub(last);
        self.out.write_all(&self.held[..end])?;
        self.held.drain(..end);
        Ok(())
    }

    /// Where the entries of the next list begin, if it is opened.
    fn opened(&self) -> Option<usize> {
        let (start, _) = self.put.last()?;
        memmem::find(&self.held, start).map(|at| at + start.len())
    }

    fn end(mut self) -> io::Result<()> {
        self.pass(0)?;
        self.out.write_all(b"\n")
    }
}

impl io::Write for Splice<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.held.extend_from_slice(bytes);
        if self.held.len() > ROOM {
            self.pass(INCIDENTS.len() - 1)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
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
