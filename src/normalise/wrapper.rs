//! What stands before a record on its line: syslog headers, container log prefixes, `grep -n`.

/// Takes a wrapper's prefix off a line. Gives the rest, and the machine the prefix names.
pub fn strip(line: &str) -> (&str, Option<&str>) {
    syslog(line)
        .or_else(|| kubectl(line))
        .or_else(|| cri(line))
        .or_else(|| numbered(line))
        .unwrap_or((line, None))
}

/// Whether a line is an alert in Falco's text form: `10:34:50.502309868: Notice …`, or the same
/// with a date before it.
pub fn is_falco_text(line: &str) -> bool {
    let Some((clock, rest)) = line.split_once(": ") else { return false };
    let bytes = clock.as_bytes();
    let time = match bytes.iter().position(|byte| *byte == b'T') {
        Some(10) => &bytes[11..],
        None => bytes,
        Some(_) => return false,
    };
    let shape = time.len() >= 10
        && time[..8].iter().enumerate().all(|(at, byte)| {
            if matches!(at, 2 | 5) { *byte == b':' } else { byte.is_ascii_digit() }
        })
        && time[8] == b'.';
    let word = rest.split(' ').next().unwrap_or("");
    shape && crate::priority::Priority::ALL.iter().any(|priority| priority.name() == word)
}

/// RFC 3164 (`Nov 18 02:04:16 node-09 falco[912]: …`), and the form of Go's `log/syslog` that
/// falcosidekick writes (`<4>2024-08-07T13:49:51Z host Falco[1]: …`).
fn syslog(line: &str) -> Option<(&str, Option<&str>)> {
    let rest = match line.strip_prefix('<') {
        Some(after) => after.split_once('>').filter(|(number, _)| is_number(number))?.1,
        None => line,
    };
    let rest = match rest.get(..16) {
        Some(head) if is_bsd_clock(head.as_bytes()) => &rest[16..],
        _ => {
            let (clock, rest) = rest.split_once(' ')?;
            crate::time::Timestamp::parse(clock.as_bytes())?;
            rest
        }
    };
    let (host, rest) = rest.split_once(' ')?;
    // Docker's syslog driver leaves the host out: `Aug 30 15:24:42 tag[1737]: …`.
    if let Some(tag) = host.strip_suffix(':') {
        return is_tag(tag).then_some((rest, None));
    }
    let (tag, rest) = rest.split_once(": ")?;
    (is_tag(tag) && !host.is_empty()).then_some((rest, Some(host)))
}

/// `Nov 18 02:04:16 ` or `Nov  8 02:04:16 `
fn is_bsd_clock(head: &[u8]) -> bool {
    const MONTHS: &[u8] = b"JanFebMarAprMayJunJulAugSepOctNovDec";
    head.is_ascii()
        && MONTHS.chunks(3).any(|month| month == &head[..3])
        && head[3] == b' '
        && (head[4] == b' ' || head[4].is_ascii_digit())
        && head[5].is_ascii_digit()
        && head[6] == b' '
        && head[9] == b':'
        && head[12] == b':'
        && head[15] == b' '
}

fn is_tag(tag: &str) -> bool {
    !tag.is_empty()
        && tag.len() <= 64
        && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"[]._/-".contains(&byte))
}

/// `[pod/falco-vf8rj/falco] 2026-07-29T13:55:07.478104653Z …`
fn kubectl(line: &str) -> Option<(&str, Option<&str>)> {
    let (_, rest) = line.strip_prefix("[pod/")?.split_once("] ")?;
    let without_clock = rest
        .split_once(' ')
        .filter(|(clock, _)| crate::time::Timestamp::parse(clock.as_bytes()).is_some());
    Some((without_clock.map_or(rest, |(_, rest)| rest), None))
}

/// `2026-02-24T05:30:12.345Z stdout F …`, and `kubectl logs --timestamps` without the stream.
fn cri(line: &str) -> Option<(&str, Option<&str>)> {
    let (clock, rest) = line.split_once(' ')?;
    crate::time::Timestamp::parse(clock.as_bytes())?;
    for stream in ["stdout F ", "stderr F ", "stdout P ", "stderr P "] {
        if let Some(rest) = rest.strip_prefix(stream) {
            return Some((rest, None));
        }
    }
    Some((rest, None))
}

/// `127:…` as `grep -n` writes it.
fn numbered(line: &str) -> Option<(&str, Option<&str>)> {
    let (number, rest) = line.split_once(':')?;
    // `10:34:50.5…` is a clock, not a line number.
    let clock = rest.as_bytes().get(2) == Some(&b':');
    (is_number(number) && !clock).then_some((rest, None))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_come_off() {
        for (line, rest, host) in [
            ("Nov 18 02:04:16 node-09 falco[912]: {\"a\":1}", "{\"a\":1}", Some("node-09")),
            ("Nov  8 02:04:16 node-09 falco: x", "x", Some("node-09")),
            ("Aug 30 15:24:42 tag[1737]: msg", "msg", None),
            ("<4>2024-08-07T13:49:51Z a72f Falco[1]: {}", "{}", Some("a72f")),
            ("<14>Nov 18 02:04:16 h falco: y", "y", Some("h")),
            (
                "[pod/falco-x/falco] 2026-07-29T13:55:07.4Z 13:55:07.4: Notice A",
                "13:55:07.4: Notice A",
                None,
            ),
            ("[pod/falco-x/falco] {}", "{}", None),
            ("2026-02-24T05:30:12.345Z stdout F {}", "{}", None),
            ("127:{}", "{}", None),
            ("plain text", "plain text", None),
            ("10:34:50.5: Notice x", "10:34:50.5: Notice x", None),
        ] {
            assert_eq!(strip(line), (rest, host), "{line}");
        }
    }

    #[test]
    fn falco_text_is_known_by_its_head() {
        assert!(is_falco_text("10:34:50.502309868: Notice A shell"));
        assert!(is_falco_text("2016-08-04T16:17:57.881781397+0000: Warning An open"));
        assert!(!is_falco_text("10:34:50.502309868: Shell"));
        assert!(!is_falco_text("Notice: x"));
    }
}
