//! An alert: what a detector said, checked.

use std::borrow::Cow;

use crate::{json::Members, priority::Priority, shape::Shape, time::Timestamp};

/// Where a rule's name was taken from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum RuleFrom {
    /// The record names it.
    #[default]
    Record,
    /// The message begins as that of one of Falco's rules does.
    MessagePrefix,
    /// No rule is known: the name is the constant start of the message.
    MessageStart,
}

impl RuleFrom {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Record, Self::MessagePrefix, Self::MessageStart];

    /// The word for it in `report.json`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::MessagePrefix => "message-prefix",
            Self::MessageStart => "message-start",
        }
    }
}

/// One alert, borrowed from the bytes it was read from.
#[derive(Clone, Debug)]
pub struct Alert<'a> {
    /// When the rule matched.
    pub time: Timestamp,
    /// When the wrapper around the record says that it was taken up, where the record's own time does
    /// not come from there.
    pub received: Option<Timestamp>,
    /// The rule that matched; never empty.
    pub rule: Cow<'a, str>,
    /// Where the rule's name was taken from.
    pub rule_from: RuleFrom,
    /// The rule's priority.
    pub priority: Priority,
    /// Whether the record named one of the eight priorities; if not, `priority` is Warning.
    pub priority_known: bool,
    /// The rule's output, or the message where the output is absent.
    pub output: Option<Cow<'a, str>>,
    /// Where the rule's input came from, such as `syscall`.
    pub source: Option<Cow<'a, str>>,
    /// Tags of the rule.
    pub tags: Vec<Cow<'a, str>>,
    /// The machine that Falco says it runs on.
    pub hostname: Option<Cow<'a, str>>,
    /// falcosidekick's id.
    pub uuid: Option<Cow<'a, str>>,
    /// Output fields in the order of the record.
    pub fields: Members<'a>,
    /// The machine that the wrapper around the record names, such as a syslog header.
    pub wrapper_host: Option<Cow<'a, str>>,
    /// The shape in which it was found.
    pub shape: Shape,
}

impl Alert<'_> {
    /// An output field's value as text, if it is there and not empty.
    pub fn field(&self, name: &str) -> Option<&str> {
        let (_, value) = self.fields.iter().find(|(field, _)| field == name)?;
        let shown = value.shown();
        (!is_absent(shown)).then_some(shown)
    }

    /// The output without the time and the priority at its front.
    pub fn message(&self) -> &str {
        self.output.as_deref().map_or("", without_head)
    }
}

/// Whether a value stands for "Falco had no value".
pub fn is_absent(shown: &str) -> bool {
    matches!(shown, "" | "<NA>" | "null" | "[]")
}

/// An output without `10:34:50.502309868: Notice ` or `2025-11-07T13:02:17.307548284+0000: Notice `
/// at its front.
fn without_head(output: &str) -> &str {
    let of_clock = |byte: &u8| byte.is_ascii_digit() || b"-:.TZ+".contains(byte);
    let (clock, rest) = output.split_at(output.bytes().take_while(of_clock).count());
    let is_clock = clock.len() <= 41
        && clock.ends_with(':')
        && clock.as_bytes()[0].is_ascii_digit()
        && rest.starts_with(' ');
    if !is_clock {
        return output;
    }
    let rest = &rest[1..];
    match rest.split_once(' ') {
        Some((word, message)) if Priority::parse(word).is_some() => message,
        _ => rest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_the_output_without_time_and_priority() {
        for (output, message) in [
            ("10:34:50.502309868: Notice A shell (user=root)", "A shell (user=root)"),
            ("2025-11-07T13:02:17.307548284+0000: Warning File: x", "File: x"),
            ("Falco internal: timeouts notification.", "Falco internal: timeouts notification."),
            ("10:34:50.5: no priority", "no priority"),
            ("", ""),
        ] {
            assert_eq!(without_head(output), message);
        }
    }
}
