//! Bytes that are nearly text.

/// Bytes as text, in which U+FFFD stands for those that are none.
pub struct Lossy<'b> {
    bytes: &'b [u8],
    text: String,
    /// Where each U+FFFD ends: in the text, and what it stands for in the bytes.
    marks: Vec<(usize, usize)>,
}

impl<'b> Lossy<'b> {
    /// Reads bytes as text.
    pub fn new(bytes: &'b [u8]) -> Self {
        let (mut text, mut marks, mut at) = (String::with_capacity(bytes.len()), Vec::new(), 0);
        for chunk in bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            at += chunk.valid().len() + chunk.invalid().len();
            if !chunk.invalid().is_empty() {
                text.push(char::REPLACEMENT_CHARACTER);
                marks.push((text.len(), at));
            }
        }
        Self { bytes, text, marks }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The bytes of which a part of the text was read.
    pub fn original(&self, part: &str) -> &'b [u8] {
        let from = part.as_ptr().addr() - self.text.as_ptr().addr();
        &self.bytes[self.offset(from)..self.offset(from + part.len())]
    }

    fn offset(&self, at: usize) -> usize {
        let before = self.marks.partition_point(|(text, _)| *text <= at);
        let (text, bytes) = before.checked_sub(1).map_or((0, 0), |last| self.marks[last]);
        bytes + (at - text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_the_text_stands_for_its_bytes() {
        let bytes = b"\xffab\xe2\x82 \xc3\xa9\xc3";
        let lossy = Lossy::new(bytes);
        assert_eq!(lossy.text(), "\u{fffd}ab\u{fffd} \u{e9}\u{fffd}");
        let part = |from, to| lossy.original(&lossy.text()[from..to]);
        assert_eq!(part(0, 14), bytes);
        assert_eq!(part(0, 3), b"\xff");
        assert_eq!(part(3, 8), b"ab\xe2\x82");
        assert_eq!(part(8, 14), b" \xc3\xa9\xc3");
        assert_eq!(part(14, 14), b"");
    }
}
