use std::path::Path;

use super::*;
use crate::{
    alert::{Alert, RuleFrom},
    falco,
    group::{Combination, Combinations, Groups, JOINT_FIELDS, Position, Sighting},
    host::NamedBy,
    json::Value,
    normalise::Shape,
    priority::Priority,
    report::{Hidden, Rule},
    time::Timestamp,
};

/// Image, parent, command line, shape and number of alerts.
type Told<'t> = (&'t str, &'t str, &'t str, &'t str, u64);

/// Alerts of a rule on a host: each with its image, parent, command line, shape and number.
fn group<'t>(host: &'t str, alerts: &[Told<'t>]) -> Group<'t> {
    let place = |field| JOINT_FIELDS.iter().position(|name| *name == field).expect("known");
    let combination = |(image, parent, command, shape, count): &Told<'t>| {
        let mut values: [Option<&str>; 7] = Default::default();
        let some = |text: &'t str| (!text.is_empty()).then_some(text);
        values[place("container.image.repository")] = some(image);
        values[place("proc.pname")] = some(parent);
        values[place("proc.cmdline")] = some(command);
        Combination { values, shape: (*shape).into(), count: *count }
    };
    let list: Vec<_> = alerts.iter().map(combination).collect();
    let count = list.iter().map(|one| one.count).sum();
    Group { host, count, joint: Combinations { list, exact: true } }
}

fn drafted_for(groups: &[Group<'_>], shape: &str) -> Result<(Exception, Price), String> {
    let draft = draft::draft(shape, groups)?;
    Ok((draft.exception("A rule"), apply::price(&draft, groups)))
}

#[test]
fn one_command_line_is_compared_as_it_is_and_its_price_is_told() {
    let groups = [
        group(
            "a",
            &[
                ("img", "cron", "sh -c \"date\"", "shell …", 90),
                ("img", "cron", "sh -c \"date\"", "shell … other", 3),
                ("img", "cron", "sh -c id", "shell …", 2),
            ],
        ),
        group("b", &[("img", "cron", "sh -c \"date\"", "shell …", 10)]),
        group("c", &[("other", "cron", "sh -c \"date\"", "shell …", 5)]),
    ];
    let (exception, price) = drafted_for(&groups, "shell …").expect("a draft");
    assert_eq!(exception.fields, ["container.image.repository", "proc.cmdline"]);
    assert_eq!(exception.comps, ["=", "="]);
    assert_eq!(exception.values, [[r#""img""#, r#""sh -c \"date\"""#]]);
    assert_eq!((price.alerts_removed, price.alerts), (103, 110));
    assert_eq!((price.incidents_removed, price.incidents_thinned, price.incidents), (1, 1, 3));
    let other =
        Hidden { what: "shape".into(), text: "shell … other".into(), alerts: 3, hosts: 1 };
    assert_eq!(price.also_hidden, [other]);
    assert!(price.exact);
}

#[test]
fn many_command_lines_are_compared_by_what_they_begin_with() {
    let commands: Vec<_> = (0..40).map(|n| format!("sh -c /opt/jobs/backup-{n}")).collect();
    let mut alerts: Vec<_> =
        commands.iter().map(|command| ("", "cron", command.as_str(), "job …", 3)).collect();
    alerts.push(("", "bash", "sh -c /opt/jobs/backup-9", "job …", 1));
    let (exception, price) = drafted_for(&[group("a", &alerts)], "job …").expect("a draft");
    assert_eq!(exception.fields, ["proc.pname", "proc.cmdline"]);
    assert_eq!(exception.comps, ["=", "startswith"]);
    assert_eq!(exception.values, [[r#""cron""#, r#""sh -c /opt/jobs/backup-""#]]);
    assert_eq!((price.alerts_removed, price.alerts), (120, 121));
    // All but the one that it was made for.
    assert_eq!(price.also_hidden.len() as u64 + price.also_hidden_more, 39);
    assert!(price.also_hidden.iter().all(|hidden| hidden.what == "proc.cmdline"));
}

#[test]
fn a_beginning_that_lets_everything_through_is_not_drafted() {
    let commands: Vec<_> = (0..40).map(|n| format!("sh -c {n} x")).collect();
    let alerts: Vec<_> =
        commands.iter().map(|command| ("", "cron", command.as_str(), "job …", 3)).collect();
    let (exception, price) = drafted_for(&[group("a", &alerts)], "job …").expect("a draft");
    assert_eq!(exception.comps, ["=", "="]);
    assert_eq!(price.alerts_removed, 3);
}

#[test]
fn what_cannot_be_expressed_is_said() {
    let refused = |alerts| drafted_for(&[group("a", alerts)], "s").expect_err("no draft");
    assert!(refused(&[("img", "p", "\u{fffd}\u{fffd}", "s", 9)]).contains("hide much else"));
    assert!(refused(&[("img", "p", "a\0b", "s", 9)]).contains("NUL"));
    assert!(refused(&[("img", "p", "", "s", 9)]).contains("neither proc.cmdline"));
    assert!(refused(&[("", "", "a b", "s", 9)]).contains("add proc.pname"));
    assert!(refused(&[("img", "p", "a b", "other", 9)]).contains("more different values"));
}

#[test]
fn what_was_not_counted_is_said() {
    let mut group = group("a", &[("img", "p", "cmd x", "s", 9)]);
    group.count = 12;
    group.joint.exact = false;
    let (_, price) = drafted_for(&[group], "s").expect("a draft");
    assert_eq!((price.alerts_removed, price.untried, price.exact), (9, 3, false));
    assert_eq!((price.incidents_removed, price.incidents_thinned), (0, 1));
}

/// Reads a draft as YAML is read, as far as drafts go, and checks it against what the schema of
/// Falco's rules asks for. Gives fields, comparisons and rows.
fn parsed(text: &str) -> (Vec<String>, Vec<String>, Vec<Vec<String>>) {
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    let mut next = |start: &str| {
        let line = lines.next().unwrap_or_default();
        line.strip_prefix(start).unwrap_or_else(|| panic!("{line:?} is no {start:?}")).to_owned()
    };
    let list = |text: &str| serde_json::from_str::<Vec<String>>(text).expect("a list");
    let rule: String = serde_json::from_str(&next("- rule: ")).expect("a string");
    assert!(!rule.is_empty());
    next("  exceptions:");
    let name = next("    - name: ");
    assert!(name.starts_with("tune_") && name.len() == 13, "{name}");
    let fields = list(&next("      fields: "));
    let comps = list(&next("      comps: "));
    next("      values:");
    let mut rows = Vec::new();
    let mut rest = lines.collect::<Vec<_>>();
    while let Some(row) = rest.first().and_then(|line| line.strip_prefix("        - ")) {
        rows.push(list(row));
        rest.remove(0);
    }
    assert_eq!(rest, ["  override:", "    exceptions: append"]);
    assert!(!rows.is_empty() && fields.len() == comps.len());
    assert!(comps.iter().all(|comp| ["=", "startswith", "glob"].contains(&comp.as_str())));
    for row in &rows {
        assert_eq!(row.len(), fields.len());
        assert!(row.iter().all(|value| value.starts_with('"') && value.ends_with('"')));
    }
    (fields, comps, rows)
}

#[test]
fn a_draft_has_the_form_that_falco_loads() {
    let alerts =
        [("img", "cron", "sh -c \"x\"\t\\ y", "s", 9), ("img", "cron", "z_1 caf\u{e9}", "s", 8)];
    let (exception, _) = drafted_for(&[group("a", &alerts)], "s").expect("a draft");
    let text = yaml("A \"rule\"\n- rule: x", &exception);
    let (fields, comps, rows) = parsed(&text);
    assert_eq!((&fields, &comps, &rows), (&exception.fields, &exception.comps, &exception.values));
    assert_eq!(rows[0][1], r#""sh -c \"x\"\t\\ y""#);
    assert!(text.is_ascii());
}

#[test]
fn two_drafts_differ_in_name_where_they_differ_in_anything() {
    let name = |command| {
        let (exception, _) =
            drafted_for(&[group("a", &[("img", "p", command, "s", 9)])], "s").expect("a draft");
        exception.name
    };
    assert_eq!(name("a b"), name("a b"));
    assert_ne!(name("a b"), name("a c"));
}

/// Values that were tried on a real Falco: where it took the quoted form and silenced one event
/// alone, that form is written; where it did not, something else is, or nothing.
#[test]
#[expect(
    clippy::print_stderr,
    clippy::disallowed_macros,
    reason = "a test looks at its surroundings and says what it did not see"
)]
fn drafts_agree_with_what_a_real_falco_did() {
    let root = std::env::var_os("ALERTBOOK_CORPUS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"), Into::into);
    let path = root.join("hostile/exception-values.jsonl");
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("not present: {}", path.display());
        return;
    };
    for line in text.lines() {
        let row: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let value = row["value"].as_str().expect("a value");
        let alerts = [("img", "p", value, "s", 9)];
        let drafted = drafted_for(&[group("a", &alerts)], "s").map(|(exception, _)| exception);
        if row["condition_quoted"] == "exact" && !value.trim().is_empty() {
            let exception = drafted.expect("a draft");
            assert_eq!(exception.comps, ["=", "="], "{value:?}");
            assert_eq!(Some(&exception.values[0][1]), falco::string(value).as_ref());
        } else if let Ok(exception) = drafted {
            assert_ne!(exception.comps[1], "=", "{value:?}");
        }
    }
}

/// All alike, half of them a day after the others.
fn sixty_alerts_of_a_day() -> Vec<Grouped> {
    let groups = Groups::new(3600);
    let mut desk = groups.desk();
    for ordinal in 0..60 {
        let field =
            |name: &'static str, value: &'static str| (name.into(), Value::Text(value.into()));
        let alert = Alert {
            time: Timestamp::from_secs(if ordinal < 30 { 0 } else { 86_400 }),
            received: None,
            rule: "A rule".into(),
            rule_from: RuleFrom::default(),
            priority: Priority::Notice,
            priority_known: true,
            output: Some("s".into()),
            source: None,
            tags: Vec::new(),
            hostname: None,
            uuid: None,
            fields: vec![
                field("container.image.repository", "img"),
                field("proc.pname", "p"),
                field("proc.cmdline", "cmd x"),
            ],
            wrapper_host: None,
            shape: Shape::default(),
        };
        let at = Position { unit: 0, ordinal, line: ordinal, offset: Some(0) };
        let named_by = NamedBy::Hostname;
        groups.add(&Sighting { alert: &alert, host: "a", named_by, record: b"{}", at }, &mut desk);
    }
    groups.finish()
}

#[test]
fn two_reasons_make_a_candidate_and_critical_rules_get_no_draft_unasked() {
    let rule = |priority| Rule {
        rule: "A rule".into(),
        path: "rules/a".into(),
        priority,
        count: 60,
        episodes: 1,
        first_seen: Timestamp::from_secs(0),
        last_seen: Timestamp::from_secs(0),
        incidents: Vec::new(),
        tags: Vec::new(),
        attack: Vec::new(),
        fleet_wide: Vec::new(),
        rule_from: Vec::new(),
        rule_note: None,
        mitigation: crate::report::MitigationRef {
            file: String::new(),
            title: String::new(),
            matched_by: String::new(),
            extended_by: Vec::new(),
        },
    };
    let groups = sixty_alerts_of_a_day();
    let noise = |priority, draft_critical| {
        let options = Options { zone: Zone::UTC, draft_critical };
        build(&groups, &[], &[], &[rule(priority)], options).1.remove(0)
    };
    let found = noise(Priority::Notice, false);
    assert_eq!(
        found.candidate_because,
        [
            "60.0 alerts a day (over 50)",
            "100% of all alerts (over half)",
            "one shape makes 100% of its alerts (over 80%)"
        ]
    );
    assert_eq!(found.price.map(|price| price.incidents_removed), Some(1));
    assert!(noise(Priority::Critical, false).no_draft.is_some_and(|no| no.contains("Critical")));
    assert!(noise(Priority::Critical, true).draft.is_some());
}
