//! `templates/README.md` lists every variable of every template, and no other.

use std::collections::BTreeSet;

use alertbook::render::{
    Brief, HostPage, HostsPage, IncidentPage, IncidentsPage, IndexPage, NoisePage, QualityPage,
    RulePage, RulesPage, WeekPage,
};
use schemars::{JsonSchema, schema_for};
use serde_json::Value;

const README: &str = include_str!("../../templates/README.md");

/// Pages, each with the variables it has at the top.
fn pages() -> Vec<(&'static str, Value)> {
    fn of<T: JsonSchema>() -> Value {
        schema_for!(T).to_value()
    }
    vec![
        ("index", of::<IndexPage<'_>>()),
        ("week", of::<WeekPage<'_>>()),
        ("incident", of::<IncidentPage<'_>>()),
        ("rule", of::<RulePage<'_>>()),
        ("host", of::<HostPage<'_>>()),
        ("data-quality", of::<QualityPage<'_>>()),
        ("noise", of::<NoisePage<'_>>()),
        ("incidents", of::<IncidentsPage<'_>>()),
        ("rules", of::<RulesPage<'_>>()),
        ("hosts", of::<HostsPage<'_>>()),
        ("brief", of::<Brief<'_>>()),
    ]
}

/// A heading and a line for each of an object's fields: its name, its type, what it means.
fn table(heading: &str, schema: &Value, all: &Value) -> String {
    let mut out = format!("### {heading}\n\n| Name | Type | Meaning |\n| --- | --- | --- |\n");
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        let meaning = field["description"].as_str().unwrap_or_default();
        let meaning = meaning.replace('\n', " ").replace('|', "\\|");
        let any = heading == "Counted" && name == "list";
        let kind = if any { "list".to_owned() } else { kind(field, all) };
        out.push_str(&["| `", name, "` | ", &kind, " | ", &meaning, " |\n"].concat());
    }
    out
}

/// The type of a field in words.
fn kind(field: &Value, all: &Value) -> String {
    if let Some(name) = field["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return named(name, all);
    }
    if let Some(choices) = field["anyOf"].as_array() {
        let kinds = choices.iter().filter(|choice| choice["type"] != "null");
        let kinds: Vec<_> = kinds.map(|choice| kind(choice, all)).collect();
        return format!("{}, or none", kinds.join(" or "));
    }
    match &field["type"] {
        Value::String(name) if name == "array" => format!("list of {}", kind(&field["items"], all)),
        Value::String(name) => word(name).to_owned(),
        Value::Array(kinds) => {
            let kinds = kinds.iter().filter_map(Value::as_str).filter(|kind| *kind != "null");
            format!("{}, or none", kinds.map(word).collect::<Vec<_>>().join(" or "))
        }
        _ => "text".to_owned(),
    }
}

fn named(name: &str, all: &Value) -> String {
    match name {
        "Timestamp" => "time".to_owned(),
        "Priority" => "priority".to_owned(),
        _ if name.starts_with("Counted") => {
            let items = &all["$defs"][name]["properties"]["list"]["items"];
            format!("[Counted](#counted) of {}", kind(items, all))
        }
        _ => format!("[{name}](#{})", name.to_lowercase()),
    }
}

fn word(kind: &str) -> &'static str {
    match kind {
        "integer" | "number" => "number",
        "boolean" => "yes or no",
        _ => "text",
    }
}

/// All tables, the pages' first.
fn tables() -> String {
    let pages = pages();
    let mut parts: Vec<_> = pages
        .iter()
        .map(|(name, schema)| table(&format!("Page `{name}`"), schema, schema))
        .collect();
    let mut seen = BTreeSet::new();
    for (_, schema) in &pages {
        for (name, definition) in schema["$defs"].as_object().into_iter().flatten() {
            let name = if name.starts_with("Counted") { "Counted" } else { name };
            if definition["properties"].is_object() && seen.insert(name.to_owned()) {
                parts.push(table(name, definition, schema));
            }
        }
    }
    parts.join("\n")
}

#[test]
fn the_document_lists_what_templates_get() {
    let tables = tables();
    let mut parts = README.split("<!-- variables -->\n");
    let (head, listed) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    if std::env::var_os("BLESS").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/templates/README.md");
        let mark = "<!-- variables -->\n";
        std::fs::write(path, format!("{head}{mark}\n{tables}\n{mark}")).expect("the file is ours");
        return;
    }
    assert!(
        listed.trim() == tables.trim(),
        "templates/README.md lists other variables than templates get; BLESS=1 rewrites the list"
    );
}
