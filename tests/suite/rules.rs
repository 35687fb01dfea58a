//! What a report says of rules that the records do not name.

use crate::program::Desk;

/// Falco's text output, whose records name no rule: one message of Falco's own, one of nobody's.
const LOG: &str = "\
2026-11-18T10:00:00.000000000+0000: Notice A shell was spawned in a container with an attached \
terminal | evt_type=execve user=root container_id=4f1c0a2b9d33
2026-11-18T10:01:00.000000000+0000: Warning Purple elephants danced on the host user=root
";

#[test]
fn a_name_that_no_record_has_is_marked_as_such() {
    let desk = Desk::with_log(LOG);
    let report = desk.build(&["--host-field", "container.id"]);
    let mut rules: Vec<_> = report["rules"]
        .as_array()
        .expect("rules")
        .iter()
        .map(|rule| {
            [&rule["rule"], &rule["rule_from"][0]].map(|value| value.as_str().unwrap_or(""))
        })
        .collect();
    rules.sort_unstable();
    assert_eq!(
        rules,
        [
            ["Purple elephants danced on the host", "message-start"],
            ["Terminal shell in container", "message-prefix"],
        ]
    );
    for incident in report["incidents"].as_array().expect("incidents") {
        let note = incident["rule_note"].as_str().expect("a note");
        let (note, _) = note.split_once(':').expect("what is said of both comes first");
        assert_eq!(note, "The records do not name the rule");
        for path in [&incident["path"], &incident["rule_path"]] {
            let path = path.as_str().expect("a path");
            for page in [format!("site/{path}.html"), format!("site/{path}.md")] {
                assert!(desk.read(&page).contains(note), "{page}");
            }
        }
    }
    assert!(desk.read("site/rules/index.html").contains("name from its message"));
    assert!(desk.read("site/rules/index.md").contains("(name from its message)"));
}
