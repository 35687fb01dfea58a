//! Where a large plain file may be cut into units.

use std::{
    io,
    sync::{Mutex, PoisonError},
};

use memchr::memchr;

use super::{MAX_RECORD, UNIT, extent::Extent, lines::may_cut};

/// Bytes that are looked through at once for the end of a line longer than any record.
const STRETCH: usize = 1 << 20;

/// The cuts of a file that were looked for so far, in their order. One that is found far behind its
/// place, since a value or a line is that long, is the cut of all places before it: no byte is looked
/// through for each of them anew.
#[derive(Debug, Default)]
pub struct Cuts(Mutex<Vec<u64>>);

impl Cuts {
    /// The offset at which the records begin that stand behind `nominal`, a multiple of [`UNIT`] or the
    /// end of the file: a function of the file alone, so that both neighbours find the same.
    pub fn at(&self, file: &Extent, nominal: u64) -> io::Result<u64> {
        let (size, number) = (file.size(), nominal / UNIT);
        if nominal >= size {
            return Ok(size);
        }
        let Some(last) = number.checked_sub(1) else { return Ok(0) };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Ok(last) = usize::try_from(last)
                && let Some(cut) = known.get(last)
            {
                return Ok(*cut);
            }
            let next = (known.len() as u64 + 1) * UNIT;
            let cut = match known.last() {
                Some(before) if *before >= next => *before,
                _ => at_or_after(file, next)?,
            };
            known.push(cut);
        }
    }
}

/// The first offset from `nominal` on at which a unit may begin.
fn at_or_after(file: &Extent, nominal: u64) -> io::Result<u64> {
    let size = file.size();
    let mut window = Vec::new();
    let mut base = nominal - 1;
    loop {
        let (mut searched, mut line) = (0, None);
        for length in [8 << 10, 256 << 10, 4 << 20, MAX_RECORD] {
            window.resize(length, 0);
            let read = file.fill(&mut window, base)?;
            let seen = &window[..read];
            while let Some(found) = seen.get(searched..).and_then(|rest| memchr(b'\n', rest)) {
                let newline = searched + found;
                if newline + 1 == seen.len() && base + (seen.len() as u64) < size {
                    break;
                }
                // A line that is not seen from its beginning may be a piece of a longer one.
                if let Some(begin) = line
                    && may_cut(&seen[begin..newline], &seen[newline + 1..])
                {
                    return Ok(base + newline as u64 + 1);
                }
                searched = newline + 1;
                line = Some(searched);
            }
            if read < length || base + (read as u64) >= size {
                return Ok(size);
            }
        }
        // No line ends here that may be the last: it is looked for behind the one that is so long.
        match newline(file, base + MAX_RECORD as u64)? {
            Some(newline) => base = newline,
            None => return Ok(size),
        }
    }
}

/// The first line end at or behind an offset.
fn newline(file: &Extent, mut from: u64) -> io::Result<Option<u64>> {
    let mut stretch = vec![0; STRETCH];
    loop {
        let read = file.fill(&mut stretch, from)?;
        if let Some(found) = memchr(b'\n', &stretch[..read]) {
            return Ok(Some(from + found as u64));
        }
        if read < stretch.len() {
            return Ok(None);
        }
        from += read as u64;
    }
}
