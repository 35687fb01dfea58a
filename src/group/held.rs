//! Records that cannot be read again, since they came from a stream, and may be shown. They are
//! packed, many together: one alone is short, and like the others.

use std::{
    cell::RefCell,
    sync::{Arc, Mutex, PoisonError},
};

use zstd::bulk::{Compressor, Decompressor};

/// Bytes from which on a box is packed: of more, less would be left; of fewer, one is found sooner.
const BOX: usize = 16 << 10;

/// The fastest that still halves what logs hold, and more.
const LEVEL: i32 = 1;

thread_local! {
    /// What packs and unpacks, made once a thread: to make it takes as long as to use it.
    static PACKER: RefCell<Option<Compressor<'static>>> =
        RefCell::new(Compressor::new(LEVEL).ok());
    static UNPACKER: RefCell<Option<Decompressor<'static>>> =
        RefCell::new(Decompressor::new().ok());
}

/// Where a record lies.
#[derive(Clone, Copy, Debug)]
pub struct Spot {
    number: u32,
    start: u32,
    length: u32,
}

/// The boxes of all workers.
#[derive(Debug, Default)]
pub struct Held(Mutex<Vec<Packed>>);

#[derive(Clone, Debug, Default)]
struct Packed {
    bytes: Arc<[u8]>,
    /// Bytes once unpacked.
    length: usize,
}

/// The box that a worker fills.
#[derive(Debug, Default)]
pub struct Open {
    number: u32,
    bytes: Vec<u8>,
}

impl Held {
    /// Puts a record into a worker's box.
    pub fn put(&self, record: &[u8], open: &mut Open) -> Spot {
        if open.bytes.is_empty() {
            let mut boxes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            open.number = short(boxes.len());
            boxes.push(Packed::default());
        }
        let Open { number, bytes } = open;
        let (number, start) = (*number, short(bytes.len()));
        bytes.extend_from_slice(record);
        if bytes.len() >= BOX {
            self.close(open);
        }
        Spot { number, start, length: short(record.len()) }
    }

    /// Packs a worker's box.
    pub fn close(&self, open: &mut Open) {
        if open.bytes.is_empty() {
            return;
        }
        // What cannot be packed is lost, and a sample left without its text.
        let bytes = PACKER.with_borrow_mut(|packer| packer.as_mut()?.compress(&open.bytes).ok());
        let bytes = bytes.unwrap_or_default().into();
        let mut boxes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(packed) = boxes.get_mut(open.number as usize) {
            *packed = Packed { bytes, length: open.bytes.len() };
        }
        open.bytes.clear();
    }

    /// The record at a spot, once all boxes are packed.
    pub fn get(&self, spot: Spot) -> Vec<u8> {
        let found = || {
            let boxes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            boxes.get(spot.number as usize).cloned()
        };
        let Packed { bytes, length } = found().unwrap_or_default();
        let unpacked =
            UNPACKER.with_borrow_mut(|unpacker| unpacker.as_mut()?.decompress(&bytes, length).ok());
        let mut bytes = unpacked.unwrap_or_default();
        bytes.truncate(spot.start as usize + spot.length as usize);
        bytes.split_off(bytes.len().min(spot.start as usize))
    }
}

fn short(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_put_is_found(records in prop::collection::vec(("[a-c]{0,9}", 0_usize..9000, 0_usize..2), 0..60)) {
            let held = Held::default();
            let mut open = [Open::default(), Open::default()];
            let records: Vec<_> =
                records.into_iter().map(|(text, times, worker)| (text.repeat(times), worker)).collect();
            let put = |(text, worker): &(String, usize)| held.put(text.as_bytes(), &mut open[*worker]);
            let spots: Vec<_> = records.iter().map(put).collect();
            for open in &mut open {
                held.close(open);
            }
            for ((text, _), spot) in records.iter().zip(spots) {
                prop_assert_eq!(held.get(spot), text.as_bytes());
            }
        }
    }
}
