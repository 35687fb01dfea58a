//! Where a large plain file may be cut into units.

use std::io;

use memchr::memchr;

use super::{MAX_RECORD, extent::Extent, lines::may_cut};

/// The longest line in which no cut is made: a list on one line is cut between its elements when
/// it is read, not here.
const LONGEST_LINE: usize = 64 << 20;

/// The first offset from `nominal` on at which a unit may begin: a function of the file alone, so
/// that both neighbours find the same.
pub fn at_or_after(file: &Extent, nominal: u64) -> io::Result<u64> {
    let size = file.size();
    if nominal == 0 || nominal >= size {
        return Ok(nominal.min(size));
    }
    let mut window = Vec::new();
    let base = nominal - 1;
    let (mut searched, mut line) = (0, None);
    for length in [8 << 10, 256 << 10, 4 << 20, MAX_RECORD, LONGEST_LINE] {
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
        if base + (seen.len() as u64) >= size {
            return Ok(size);
        }
    }
    Ok((base + LONGEST_LINE as u64).min(size))
}
