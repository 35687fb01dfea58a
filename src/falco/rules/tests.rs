use super::*;

/// What is said of a file, each with line and column from 1.
fn said(text: &str) -> Vec<String> {
    match RulesFile::read(text) {
        Ok(file) => file
            .faults()
            .iter()
            .map(|fault| format!("{}:{}: {}", fault.line + 1, fault.column + 1, fault.message))
            .collect(),
        Err(fault) => vec![fault.message],
    }
}

fn with_exception(exception: &str) -> String {
    format!("- rule: R\n  exceptions:\n    - {exception}\n  override:\n    exceptions: append\n")
}

#[test]
fn what_falco_takes_is_sound() {
    for text in [
        "- rule: R\n  condition: a\n  desc: d\n  output: o\n  priority: WARNING\n  enabled: false\n  tags: [a]\n",
        "- rule: R\n  enabled: false\n  override:\n    enabled: replace\n",
        "- rule: R\n  condition: and not (k8s.ns.name = \"dev\")\n  override: {condition: append}\n",
        "- macro: m\n  condition: (never_true)\n  override:\n    condition: replace\n",
        "- list: l\n  items: [a, 1]\n  override:\n    items: append\n- required_engine_version: 0.35.0\n",
        &with_exception(
            "{name: n, fields: [a.b, c], comps: ['=', startswith], values: [[x, '\"a b\\n\"']]}",
        ),
        &with_exception("{name: n, fields: a.b, comps: in, values: [[x, y]]}"),
        &with_exception("{name: n, fields: [a], values: [[\"\\\"(x)\\\"\"]]}"),
        &with_exception("{name: n, values: [[x]]}"),
    ] {
        assert_eq!(said(text), [""; 0], "{text}");
    }
}

#[test]
fn what_falco_does_not_take_is_told_of() {
    for (text, message) in [
        (
            "- rule: R\n  enabled: false\n",
            "1:3: a rule that overrides nothing needs condition, desc, output, priority",
        ),
        (
            "- rule: R\n  reason: x\n  enabled: false\n  override: {enabled: replace}\n",
            "2:3: Falco knows no key reason",
        ),
        ("- rule: R\n  condition: and x\n  append: true\n", "append is deprecated"),
        (
            "- rule: R\n  condition: not x\n  override: {condition: append}\n",
            "2:14: a condition that is appended begins",
        ),
        (
            "- rule: R\n  priority: NOTICE\n  override: {priority: append}\n",
            "priority cannot be appended to",
        ),
        (
            "- rule: R\n  priority: WARN\n  override: {priority: replace}\n",
            "there is no priority WARN; did you mean WARNING?",
        ),
        (
            "- rule: R\n  output: x\n  override: {outptu: replace}\n",
            "there is no key outptu to override; did you mean output?",
        ),
        (
            "- rule: R\n  output: x\n  override: {output: add}\n",
            "output can be overridden by append or by replace",
        ),
        (
            "- rule: R\n  output: x\n  desc: y\n  override: {output: replace}\n",
            "3:3: desc is not named under override",
        ),
        (
            "- rule: R\n  output: x\n  override: {output: replace, desc: replace}\n",
            "override names desc, and the item has none",
        ),
        ("- rulez: R\n- list: l\n  items: []\n", "1:3: an item is a rule, a macro or a list"),
        ("- rule: R\n  enabled: 0\n  override: {enabled: replace}\n", "enabled is true or false"),
        ("- macro: m\n", "a macro that overrides nothing needs condition"),
        ("- rule: a: b\n", "this is no YAML"),
        ("- rule: R\n\toutput: x\n", "this is no YAML"),
        (&with_exception("{fields: [a], values: [[x]]}"), "an exception has a name"),
        (&with_exception("{name: n, fields: [a]}"), "an exception needs values"),
        (
            &with_exception("{name: n, fields: [a, b], comps: ['='], values: [[x, y]]}"),
            "2 fields and 1 comps",
        ),
        (&with_exception("{name: n, fields: [a, b], values: [[x]]}"), "2 fields and 1 values"),
        (&with_exception("{name: n, fields: [a], values: [x]}"), "a row is a list"),
        (
            &with_exception("{name: n, fields: [a], comps: [equals], values: [[x]]}"),
            "there is no comparison \"equals\"",
        ),
        (
            &with_exception("{name: n, fields: [a], comps: [exists], values: [[x]]}"),
            "exists takes no value",
        ),
        (&with_exception("{name: n, fields: a, comps: '=', values: [x]}"), "with a single field"),
        (
            &with_exception("{name: n, fields: [a], values: [['x)\tor\t(y']]}"),
            "write it as a string of the condition language",
        ),
        (&with_exception("{name: n, fields: [a], values: [['\"a\\x\"']]}"), "Falco knows \\\\"),
        (
            &with_exception("{name: n, fields: [a], values: [['\"a\\\\\"']]}"),
            "cannot end in a backslash",
        ),
        (
            &with_exception("{name: n, fields: [a], comps: [startswith], values: [['\"\"']]}"),
            "matches everything",
        ),
        (&with_exception("{name: n, fields: [a], values: [[null]]}"), "never matches"),
        (
            &with_exception(&format!("{{name: n, fields: [a], values: [[{}]]}}", "x".repeat(256))),
            "at most 255 bytes",
        ),
        (
            "- rule: R\n  exceptions:\n    - {name: n, values: [[x]]}\n  override: {exceptions: replace}\n",
            "needs its fields",
        ),
        (
            "- rule: R\n  exceptions:\n    - {name: n, fields: [a], values: [[x]]}\n    - {name: n, fields: [a], values: [[y]]}\n  override: {exceptions: append}\n",
            "only rows can be added",
        ),
    ] {
        let said = said(text);
        assert!(said.iter().any(|said| said.contains(message)), "{text}\n{said:#?}");
    }
}

#[test]
fn names_are_found_with_their_places() {
    let text = "- rule: A\n  exceptions:\n    - {name: n, fields: [x.y, z], values: [[a, b]]}\n  override: {exceptions: append}\n- rule: B\n";
    let file = RulesFile::read(text).expect("YAML");
    let place = |named: &Named| (named.line, named.column, named.name.clone());
    assert_eq!(file.rules(true).iter().map(place).collect::<Vec<_>>(), [(0, 8, "A".to_owned())]);
    assert_eq!(file.rules(false).len(), 2);
    assert_eq!(
        file.fields().iter().map(place).collect::<Vec<_>>(),
        [(2, 25, "x.y".to_owned()), (2, 30, "z".to_owned())]
    );
    assert!(file.is_one() && !RulesFile::read("a: 1").expect("YAML").is_one());
}
