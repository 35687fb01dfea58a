//! The text that Falco, its container and the tools around it print beside alerts.

use super::{Outcome, Reason};

/// Beginnings of lines that Falco prints at start, on reload and at its end
/// (falcosecurity/falco `app/actions`, `logger.cpp`, `stats_manager.cpp`).
const KNOWN_STARTS: &[&str] = &[
    "Falco version",
    "Falco initialized with",
    "Falco internal:",
    "System info:",
    "Loading rules from",
    "Loading plugin",
    "Loaded plugin",
    "Loaded event sources",
    "Enabled event sources",
    "Disabled event sources",
    "Opening '",
    "Opening capture",
    "Closing '",
    "Hostname value has been overridden",
    "Starting health webserver",
    "Starting internal webserver",
    "Starting gRPC server",
    "The chosen syscall buffer dimension",
    "Setting metadata download",
    "Configured rules filenames",
    "Command line:",
    "Watching file",
    "SIGHUP received",
    "SIGINT received",
    "SIGTERM received",
    "Terminating",
    "Events detected:",
    "Rule counts by severity:",
    "Triggered rules by rule name:",
    "Syscall event drop monitoring:",
    "- event drop detected:",
    "- num times actions taken:",
    "Driver loaded",
    "Defaulted container",
    "One ring buffer every",
    "At line:",
    "+ CategoryInfo",
    "+ FullyQualifiedErrorId",
    "+ ~~~",
    "docker : ",
    "Unable to",
    "Warning: ",
    "Error: ",
    "Trying to open the right engine",
    "[libs]:",
    "* ",
    "-- Logs begin at ",
    "-- Journal begins at ",
    "-- Boot ",
    "-- Reboot --",
    "-- No entries --",
    "% Total",
    "Dload",
];

/// What a line without an alert is.
pub fn classify(text: &str) -> Outcome<'static> {
    if torn(text) {
        Outcome::Rejected(Reason::Torn)
    } else if json_scalar(text) {
        Outcome::Rejected(Reason::NotObject)
    } else if known(without_clock(text)) {
        Outcome::OtherText
    } else {
        Outcome::UnknownText
    }
}

/// Whether what follows a JSON value on its line may stand there: the comma or the closing
/// bracket of an array written one element a line, or the end of a colour.
pub fn may_trail(text: &str) -> bool {
    let rest = text.trim_start_matches(may_separate);
    rest.is_empty() || (rest.starts_with("\u{1b}[") && rest.ends_with('m') && rest.len() < 12)
}

/// Whether a sign may stand between values without being a record: lists that broke off leave it.
pub fn may_separate(sign: char) -> bool {
    sign.is_ascii_whitespace() || ",]".contains(sign)
}

/// Whether a line of falcosidekick's debug log shows what it sends to an output, `[DEBUG] : Webhook -
/// payload : {…}`: it has shown the alert itself before, as `Falco's payload`.
pub fn is_copy(text: &str) -> bool {
    const CLOCK: usize = "2026/11/18 09:00:01 ".len();
    let level = "[DEBUG] : ";
    let log = text.strip_prefix(level).or_else(|| text.get(CLOCK..)?.strip_prefix(level));
    let Some((output, _)) = log.and_then(|log| log.split_once(" - payload : ")) else {
        return false;
    };
    output.len() <= 40 && !output.contains(['{', '"'])
}

fn known(text: &str) -> bool {
    let text = text.trim_start();
    KNOWN_STARTS.iter().any(|start| text.starts_with(start))
        || schema_line(text)
        || statistics_line(text)
        || progress_line(text)
        // Also what `grep -A` puts between what it found.
        || text.bytes().all(|byte| b"[]{},".contains(&byte)) || text == "--"
}

/// Falco's logger puts `Sun May 18 10:05:56 2025: ` or `2025-11-16T16:22:21+0000: ` before a line.
fn without_clock(text: &str) -> &str {
    let Some((clock, rest)) = text.split_once(": ") else { return text };
    let digits = clock.bytes().filter(u8::is_ascii_digit).count();
    let is_clock = clock.len() <= 32 && digits >= 10 && clock.contains(':');
    if is_clock { rest } else { text }
}

/// `   /etc/falco/falco.yaml | schema validation: ok`
fn schema_line(text: &str) -> bool {
    text.starts_with('/')
        && (text.contains("schema validation:")
            || text.ends_with(".yaml")
            || text.ends_with(".yml"))
}

/// `   Terminal shell in container: 1`, `   WARNING: 1`
fn statistics_line(text: &str) -> bool {
    let Some((name, count)) = text.rsplit_once(": ") else { return false };
    !count.is_empty()
        && count.bytes().all(|byte| byte.is_ascii_digit())
        && name.len() < 120
        && !name.contains(['{', '"', '='])
}

/// curl's table of progress, which `program_output` leaves in the log.
fn progress_line(text: &str) -> bool {
    text.contains("--:--:--")
        || (text.len() > 20
            && text.bytes().all(|byte| byte.is_ascii_digit() || b" \r:-".contains(&byte)))
}

/// A piece of a JSON record: it begins with a name and its colon, has several, or ends as a record
/// does. One alone may stand in a command that an alert in text shows on lines of its own.
fn torn(text: &str) -> bool {
    let names = text.matches("\":").take(2).count();
    names == 2
        || (names == 1 && (text.starts_with('"') || text.ends_with(['}', ','])))
        || text.ends_with("\"}")
        || text.ends_with("}}")
}

/// Text that is JSON, but neither an object nor an array.
fn json_scalar(text: &str) -> bool {
    let mut reader = crate::json::Reader::new(text);
    reader.value().is_ok() && reader.at_end()
}
