//! Fenced code: shell that a shell can read, rules that Falco takes.

use super::{File, Names, near};
use crate::{
    dictionary::Dictionary,
    falco::rules::{Named, RulesFile},
    mitigation::{Catalogue, Known},
    render::proof::{BARE_WORD, Fence, Traced, VALUE_WORD, Variant},
    shell,
};

/// Checks the fences of a file, whatever way its conditions go.
pub fn check(file: &mut File<'_>, variants: &[Variant], names: &Names) {
    for fence in variants.iter().flat_map(|variant| &variant.fences) {
        match fence.language.as_str() {
            "sh" | "bash" | "shell" | "zsh" => check_shell(file, fence),
            "yaml" | "yml" => check_yaml(file, fence, names),
            _ => {}
        }
    }
}

fn check_shell(file: &mut File<'_>, fence: &Fence) {
    let script = fence.filled(file.text);
    if let Some((at, message)) = shell::fault(script.text()) {
        file.remark(script.origin(at), format!("a shell cannot read this: {message}"));
    }
}

fn check_yaml(file: &mut File<'_>, fence: &Fence, names: &Names) {
    let yaml = fence.filled(file.text);
    let rules = match RulesFile::read(yaml.text()) {
        Ok(rules) => rules,
        Err(fault) => return file.remark(yaml.origin_of(fault.line, fault.column), fault.message),
    };
    if !rules.is_one() {
        return;
    }
    for fault in rules.faults() {
        file.remark(yaml.origin_of(fault.line, fault.column), fault.message);
    }
    let is_value =
        |named: &Named| [VALUE_WORD, BARE_WORD].iter().any(|word| named.name.contains(word));
    for rule in rules.rules(true).iter().filter(|rule| !is_value(rule)) {
        if let Some(message) = names.rule(&rule.name) {
            let end = if message.ends_with('?') { "" } else { "." };
            let message = format!(
                "{message}{end} Falco stops at an override of a rule that it does not have"
            );
            remark(file, &yaml, rule, message);
        }
    }
    for rule in rules.without_fields() {
        if Catalogue::bundled().know(&rule.name) == Known::Present {
            let message =
                format!("{} has no exceptions to add rows to: name fields and comps", rule.name);
            remark(file, &yaml, &rule, message);
        }
    }
    for field in rules.fields().iter().filter(|field| !is_value(field)) {
        if !Dictionary::bundled().has(&field.name) {
            let known: Vec<_> = Dictionary::bundled().names().collect();
            let hint = near(&field.name, &known)
                .map_or_else(String::new, |near| format!("; did you mean {near}?"));
            remark(file, &yaml, field, format!("there is no field {}{hint}", field.name));
        }
    }
}

fn remark(file: &mut File<'_>, yaml: &Traced, named: &Named, message: String) {
    file.remark(yaml.origin_of(named.line, named.column), message);
}
