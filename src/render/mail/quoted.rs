//! Quoted-printable (RFC 2045, section 6.7).

/// Characters of a line, with the `=` that joins it to the next.
const LINE: usize = 76;

/// Text as quoted-printable. No line is one that a mail program on the way could take for something
/// else: a lone point, which ends a message; `From `, which begins one in a mailbox.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for line in text.split_inclusive('\n') {
        let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
        let mut length = 0;
        let bytes = line.as_bytes();
        for (at, byte) in bytes.iter().enumerate() {
            let last = at + 1 == bytes.len();
            let mut plain = match byte {
                b'=' => false,
                b' ' | b'\t' => !last,
                b'!'..=b'~' => true,
                _ => false,
            };
            // A code takes three characters, and an `=` after it must fit unless the line ends here.
            let room = LINE - usize::from(!last);
            if length + if plain { 1 } else { 3 } > room {
                out.push_str("=\n");
                length = 0;
            }
            if length == 0 && (*byte == b'.' || bytes[at..].starts_with(b"From ")) {
                plain = false;
            }
            if plain {
                out.push(char::from(*byte));
                length += 1;
            } else {
                out.push_str(&format!("={byte:02X}"));
                length += 3;
            }
        }
        out.push_str(end);
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decoded(text: &str) -> Vec<u8> {
        let text = text.replace("=\n", "");
        let mut out = Vec::new();
        let mut bytes = text.bytes();
        while let Some(byte) = bytes.next() {
            if byte == b'=' {
                let code = [bytes.next(), bytes.next()].map(|digit| digit.expect("two digits"));
                let code = std::str::from_utf8(&code).expect("ASCII");
                out.push(u8::from_str_radix(code, 16).expect("hexadecimal"));
            } else {
                out.push(byte);
            }
        }
        out
    }

    #[test]
    fn lines_that_mean_something_on_the_way_are_encoded() {
        assert_eq!(quoted(".\n..\nFrom me\nFrom: me\n"), "=2E\n=2E.\n=46rom me\nFrom: me\n");
        assert_eq!(quoted("a=b \nü\t\n"), "a=3Db=20\n=C3=BC=09\n");
        assert_eq!(quoted("a\r\nb"), "a=0D\nb");
    }

    proptest! {
        #[test]
        fn any_text_comes_back_from_short_lines(text in "[ .=\tFrom üx\n\r]{0,400}|.{0,200}") {
            let coded = quoted(&text);
            for line in coded.split('\n') {
                prop_assert!(line.len() <= LINE && line.is_ascii(), "{line}");
                prop_assert!(!line.starts_with('.') && !line.starts_with("From "), "{line}");
                prop_assert!(!line.ends_with([' ', '\t']), "{line}");
            }
            prop_assert!(!coded.contains("=_"));
            prop_assert_eq!(decoded(&coded), text.as_bytes());
        }
    }
}
