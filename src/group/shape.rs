//! The form of an output: what is left when numbers, ids and paths are taken out.

/// Bytes of a message that make its shape; what follows is left out.
const LONGEST: usize = 600;

/// Writes the shape of a message into `shape`: each word (or value behind a `=`) that holds a
/// digit or a slash becomes `…`.
pub fn write(message: &str, shape: &mut String) {
    shape.clear();
    let message = &message[..message.floor_char_boundary(LONGEST)];
    for word in message.split_ascii_whitespace() {
        if !shape.is_empty() {
            shape.push(' ');
        }
        word_shape(word, shape);
    }
}

fn word_shape(word: &str, shape: &mut String) {
    let varies = |text: &str| text.bytes().any(|byte| byte.is_ascii_digit() || byte == b'/');
    if !varies(word) {
        shape.push_str(word);
        return;
    }
    let value = word.find('=').map_or(0, |at| at + 1);
    let name = &word[..value];
    // The name may hold a digit itself, as `proc.aname[2]=` does; it does not vary.
    shape.push_str(name);
    let rest = &word[value..];
    let core = rest.trim_end_matches([')', ',', ';', '"', '\'', ']', '.']);
    shape.push_str(if varies(core) { "…" } else { core });
    shape.push_str(&rest[core.len()..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_varies_becomes_one_mark() {
        let mut shape = String::new();
        for (message, expected) in [
            (
                "A shell (user=root pid=412 command=sh -c /tmp/x7 container_id=a0338b5d7d4f)",
                "A shell (user=root pid=… command=sh -c … container_id=…)",
            ),
            ("File below /etc opened", "File below … opened"),
            ("", ""),
            ("plain  words\there", "plain words here"),
        ] {
            write(message, &mut shape);
            assert_eq!(shape, expected);
        }
    }
}
