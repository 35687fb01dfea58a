//! Which room may name which: the arrows of ARCHITECTURE.md, checked in the source.

use std::{fs, path::Path};

use crate::support::files;

/// A room, the other rooms of this crate that it may name, and why.
const MAY_NAME: &[(&str, &[&str], &str)] = &[
    ("json", &[], "a reader of text knows nothing of alerts"),
    ("time", &[], "an instant is an instant"),
    ("priority", &[], "eight words"),
    ("slug", &[], "names from any text"),
    ("page", &[], "a path and bytes"),
    ("address", &[], "an address is a text of a certain form"),
    ("falco", &["keys"], "a value is written for Falco, whoever asks; the nearest name is offered"),
    ("shell", &[], "a script is text"),
    ("keys", &["error"], "files that people write"),
    ("inventory", &["host"], "what is known of a host"),
    ("verdicts", &["error", "host", "keys"], "what people decided, before it meets an incident"),
    (
        "noise",
        &["falco", "group", "priority", "report", "slug", "time", "wording"],
        "counts become a draft and its price",
    ),
    ("wording", &["time"], "numbers and times in words"),
    ("period", &["time"], "days between two instants"),
    ("shape", &[], "names of forms"),
    ("alert", &["json", "priority", "shape", "time"], "an alert is made of small nouns"),
    ("bundled", &[], "texts"),
    ("dictionary", &["bundled"], "what fields mean"),
    ("attack", &["bundled", "report"], "tags by id and name; the model's type for one"),
    ("read", &["json", "error", "time"], "reading knows no alert; a file has a date"),
    (
        "normalise",
        &[
            "alert",
            "json",
            "priority",
            "time",
            "read",
            "shape",
            "bundled",
            "dictionary",
            "error",
            "config",
            "wording",
        ],
        "records become alerts, and nothing is counted",
    ),
    ("host", &["alert"], "which machine an alert is about"),
    ("group", &["alert", "host", "priority", "time"], "alerts are counted, whoever read them"),
    (
        "intake",
        &["alert", "group", "host", "normalise", "priority", "read", "report", "time"],
        "runs the first four stages",
    ),
    ("days", &["wording"], "a set of days"),
    ("hours", &[], "a set of hours"),
    ("working_hours", &["days"], "days and hours"),
    (
        "history",
        &["days", "error", "group", "hours", "intake", "period", "priority", "time", "wording"],
        "weeks are counted and recorded; what they mean is the report's",
    ),
    (
        "samples",
        &["alert", "group", "intake", "normalise", "priority", "read", "report", "time"],
        "reads records again",
    ),
    (
        "mitigation",
        &["attack", "bundled", "error", "host", "keys", "report"],
        "which advice fits; it does not fill it in",
    ),
    (
        "review",
        &["attack", "bundled", "dictionary", "falco", "keys", "mitigation", "render", "shell"],
        "advice as its author wrote it, beside all that it can name",
    ),
    ("publish", &["page"], "pages become files, whatever they hold"),
];

/// Names that may occur only in these files, and why.
const ONLY_IN: &[(&str, &[&str], &str)] = &[
    ("tera::", &["render"], "only rendering knows templates"),
    ("pulldown_cmark", &["render"], "only rendering knows Markdown"),
    ("SystemTime", &["main.rs"], "the clock is read once"),
    ("current_exe", &["main.rs"], "the program is an argument"),
    ("Utc::now", &[], "the clock is read once, in main"),
    ("println!", &["main.rs"], "results go through `print`"),
    (
        "crate::config",
        &["cli.rs", "own.rs", "lib.rs", "normalise", "intake"],
        "a stage gets values, not the settings",
    ),
];

/// The room that a source file is in, and its text without tests and comments.
fn sources() -> Vec<(String, String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    files(&root)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| {
            let name = path.strip_prefix(&root).expect("below src").display().to_string();
            let room = name.split(['/', '.']).next().expect("a name").to_owned();
            let text = fs::read_to_string(&path).expect("a source file");
            let code = text.split("#[cfg(test)]").next().unwrap_or("");
            let code: Vec<_> =
                code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            (room, name, code.join("\n"))
        })
        .filter(|(_, name, _)| !name.ends_with("tests.rs"))
        .collect()
}

/// The rooms that a text names after `crate::`, also in braces.
fn named(code: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for rest in code.split("crate::").skip(1) {
        let word = |text: &str| -> String {
            text.trim_start()
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                .collect()
        };
        match rest.strip_prefix('{') {
            None => rooms.push(word(rest)),
            Some(list) => {
                let (mut depth, mut item) = (0, String::new());
                for character in list.chars() {
                    match character {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => rooms.push(word(&std::mem::take(&mut item))),
                        _ if depth == 0 => item.push(character),
                        _ => {}
                    }
                }
                rooms.push(word(&item));
            }
        }
    }
    rooms.retain(|room| room.starts_with(|c: char| c.is_ascii_lowercase()));
    rooms
}

#[test]
fn arrows_run_one_way() {
    let mut wrong = Vec::new();
    let sources = sources();
    for (room, allowed, why) in MAY_NAME {
        assert!(sources.iter().any(|(known, ..)| known == room), "there is no room {room}");
        for (_, file, code) in sources.iter().filter(|(known, ..)| known == room) {
            for other in named(code) {
                if other != *room && !allowed.contains(&other.as_str()) {
                    wrong.push(format!("{file} names {other}: {why}"));
                }
            }
        }
    }
    for (_, file, code) in sources.iter().filter(|(room, ..)| room == "report") {
        for other in named(code) {
            if ["render", "publish", "cli", "print"].contains(&other.as_str()) {
                wrong.push(format!("{file} names {other}: the model does not know its pages"));
            }
        }
    }
    for (_, file, code) in sources.iter().filter(|(room, ..)| room == "render") {
        for other in named(code) {
            if ["read", "normalise", "group", "intake", "samples", "publish"]
                .contains(&other.as_str())
            {
                wrong.push(format!("{file} names {other}: pages are made from the report alone"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn some_names_have_one_place() {
    let mut wrong = Vec::new();
    for (name, places, why) in ONLY_IN {
        for (room, file, code) in sources() {
            let allowed = places.iter().any(|place| *place == room || *place == file);
            if code.contains(name) && !allowed {
                wrong.push(format!("{file} holds {name}: {why}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
