//! A stream becomes blocks that begin and end with a record.

use std::io::{self, Read};

use memchr::{memchr, memrchr};

use super::{
    MAX_RECORD, UNIT,
    blocks::{Block, Layout},
    elements::{self, Damage, Large, Progress},
    lines::may_cut,
};

/// Lists within one another that are read by element.
const DEEPEST: usize = 8;

/// What the stream is read as.
enum Mode {
    /// Lines.
    Lines,
    /// Elements of the last of these lists, each of which is in an element of the one before.
    Elements(Vec<Large>),
    /// What follows the last list within its value.
    Rest(Vec<Large>),
    /// What follows within a line that is longer than any record, piece by piece.
    Long(Layout),
    /// The hole that is left where a log is cut to nothing while it is written. Its last byte is enough to
    /// tell of it, and what is behind it is no longer for it than any record.
    Hole,
}

/// Cuts a stream into blocks. What was read before an error is handed on before the error is.
pub fn blocks(
    stream: &mut dyn Read,
    seekable: bool,
    buffer: &mut Vec<u8>,
    each: &mut dyn FnMut(Block<'_>),
) -> io::Result<()> {
    buffer.clear();
    let mut mode = Mode::Lines;
    let mut offset = 0;
    loop {
        let target = (buffer.len() + 1).next_multiple_of(usize::try_from(UNIT).unwrap_or(1 << 21));
        let result = fill(stream, buffer, target);
        let ended = !matches!(result, Ok(true));
        loop {
            let [before, behind] = mode.frame();
            let step = mode.step(buffer, ended);
            if step.end > 0 {
                let frame = [before.as_str(), behind.as_str()];
                let last = ended && step.end == buffer.len();
                let bytes = &buffer[..step.end];
                let offset_here = seekable.then_some(offset);
                each(Block { bytes, offset: offset_here, last, layout: step.layout, frame });
                offset += step.end as u64;
                buffer.drain(..step.end);
            }
            if !step.again {
                break;
            }
        }
        if ended {
            return result.map(|_| ());
        }
    }
}

/// A block that can be handed on.
struct Step {
    /// Its length.
    end: usize,
    layout: Layout,
    /// There may be another before more is read.
    again: bool,
}

/// What was found in a list.
enum Within {
    /// It goes on.
    List(Step),
    /// It ended.
    Ended(Step),
    /// What follows is no part of it.
    Nothing(Step),
    /// It holds lists that are nested too deeply: each would be looked for anew.
    TooDeep,
}

/// Reads the last of the lists. An element of it that is longer than any record may hold a list of
/// its own, which is read in its place.
fn elements(lists: &mut Vec<Large>, buffer: &[u8], ended: bool) -> Within {
    let (layout, depth) = (Layout::Elements, lists.len());
    let Some(large) = lists.last_mut() else {
        return Within::Nothing(Step { end: 0, layout, again: true });
    };
    match large.read(buffer) {
        Ok(Progress::Until(end)) => {
            let blank = ended && buffer[end..].trim_ascii().is_empty();
            let end = if blank { buffer.len() } else { end };
            let stuck = end == 0 && buffer.len() >= MAX_RECORD;
            if stuck && depth >= DEEPEST {
                return Within::TooDeep;
            }
            if stuck && let Some((mut inner, start)) = Large::within(buffer) {
                inner.passed(start);
                lists.push(inner);
                return Within::List(Step { end: start, layout: Layout::Frame, again: true });
            }
            large.passed(end);
            let step = Step { end, layout, again: ended && !buffer.is_empty() };
            if stuck || ended { Within::Nothing(step) } else { Within::List(step) }
        }
        Ok(Progress::Ended(end)) => {
            large.passed(end);
            Within::Ended(Step { end, layout, again: true })
        }
        Err(Damage) => Within::Nothing(Step { end: large.whole(), layout, again: true }),
    }
}

impl Mode {
    /// What stands around an element of the last list, as far as the list needs it.
    fn frame(&self) -> [String; 2] {
        let Self::Elements(lists) = self else { return Default::default() };
        let before: String = lists.iter().map(Large::frame).collect();
        let behind = elements::closing(&before);
        [before, behind]
    }

    fn step(&mut self, buffer: &[u8], ended: bool) -> Step {
        match self {
            Self::Lines => self.lines(buffer, ended),
            Self::Elements(lists) => match elements(lists, buffer, ended) {
                Within::List(step) => step,
                Within::Ended(step) => {
                    *self = Self::Rest(std::mem::take(lists));
                    step
                }
                Within::Nothing(step) => {
                    *self = Self::Lines;
                    step
                }
                Within::TooDeep => {
                    *self = Self::long(buffer);
                    self.step(buffer, ended)
                }
            },
            Self::Rest(lists) => {
                let rest = lists.last_mut().map_or(Err(Damage), |large| large.rest(buffer));
                let (end, over) = match rest {
                    Ok(Progress::Until(end)) => (end, false),
                    Ok(Progress::Ended(end)) if lists.len() > 1 => (end, true),
                    Ok(Progress::Ended(end)) => (line_end(buffer, end), true),
                    Err(Damage) => (0, true),
                };
                if !over {
                    lists.last_mut().into_iter().for_each(|large| large.passed(end));
                } else if rest.is_ok() && lists.len() > 1 {
                    lists.pop();
                    lists.last_mut().into_iter().for_each(Large::resume);
                    *self = Self::Elements(std::mem::take(lists));
                } else {
                    *self = Self::Lines;
                }
                Step { end, layout: Layout::Frame, again: over && end < buffer.len() }
            }
            Self::Long(layout) => {
                let (layout, newline) = (*layout, memchr(b'\n', buffer));
                if newline.is_some() {
                    *self = Self::Lines;
                }
                let end = newline.map_or(buffer.len(), |newline| newline + 1);
                Step { end, layout, again: newline.is_some() && end < buffer.len() }
            }
            Self::Hole => {
                let hole = buffer.iter().take_while(|byte| **byte == 0).count();
                let over = ended || hole < buffer.len();
                if over {
                    *self = Self::Lines;
                }
                Step { end: hole.saturating_sub(1), layout: Layout::Frame, again: over }
            }
        }
    }

    /// The line that the buffer begins with.
    fn long(buffer: &[u8]) -> Self {
        Self::Long(if elements::too_deep(buffer) { Layout::Deep } else { Layout::Piece })
    }

    fn lines(&mut self, buffer: &[u8], ended: bool) -> Step {
        let layout = Layout::Lines;
        if ended {
            return Step { end: buffer.len(), layout, again: false };
        }
        let end = cut_before_end(buffer);
        if end > 0 {
            return Step { end, layout, again: false };
        }
        // No record ends in all this: it begins with a value larger than a block.
        let block = buffer.len() as u64 >= UNIT;
        if block && buffer.starts_with(&[0; 2]) {
            *self = Self::Hole;
            return self.step(buffer, ended);
        }
        if let Some((mut large, start)) = Large::begin(buffer).filter(|_| block) {
            large.passed(start);
            *self = Self::Elements(vec![large]);
            return Step { end: start, layout: Layout::Frame, again: true };
        }
        if buffer.len() < MAX_RECORD {
            return Step { end: 0, layout, again: false };
        }
        *self = Self::long(buffer);
        self.step(buffer, ended)
    }
}

/// Behind the line's end, if nothing but blanks stands before it.
fn line_end(buffer: &[u8], at: usize) -> usize {
    match memchr(b'\n', &buffer[at..]) {
        Some(length) if buffer[at..at + length].trim_ascii().is_empty() => at + length + 1,
        _ => at,
    }
}

/// Reads until the buffer holds `target` bytes; `false` at the stream's end.
fn fill(stream: &mut dyn Read, buffer: &mut Vec<u8>, target: usize) -> io::Result<bool> {
    let mut length = buffer.len();
    buffer.resize(target, 0);
    let result = loop {
        if length == target {
            break Ok(true);
        }
        match stream.read(&mut buffer[length..]) {
            Ok(0) => break Ok(false),
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => break Err(error),
        }
    };
    buffer.truncate(length);
    result
}

/// The last offset at which the buffer may be cut; nothing where more must be read first.
fn cut_before_end(buffer: &[u8]) -> usize {
    let mut end = buffer.len();
    while let Some(newline) = memrchr(b'\n', &buffer[..end]) {
        let line = memrchr(b'\n', &buffer[..newline]).map_or(0, |before| before + 1);
        let rest = &buffer[newline + 1..];
        if !rest.is_empty() && may_cut(&buffer[line..newline], rest) {
            return newline + 1;
        }
        end = newline;
    }
    0
}
