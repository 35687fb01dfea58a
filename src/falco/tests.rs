use proptest::prelude::*;

use super::*;

fn shown(value: &str) -> String {
    match written(value) {
        Ok(written) => format!("{} {}", written.comparison.word(), written.string()),
        Err(refusal) => format!("{refusal:?}"),
    }
}

#[test]
fn every_trap_is_written_or_refused() {
    let long = format!("{}é", "x".repeat(254));
    for (value, expected) in [
        ("sh -c uname", r#"= "sh -c uname""#),
        ("say \"hi\"", r#"= "say \"hi\"""#),
        ("it's", r#"= "it's""#),
        ("a\\b c\t\r\n\u{8}\u{c}", r#"= "a\\b c\t\r\n\b\f""#),
        ("x)\tor\t(ka.verb=create", r#"= "x)\tor\t(ka.verb=create""#),
        ("val(ka.user.name)", r#"= "val(ka.user.name)""#),
        ("shell_binaries", r#"= "shell_binaries""#),
        ("*", r#"= "*""#),
        ("", "Empty"),
        (" \t", "Empty"),
        ("a\0b", "Nul"),
        ("\u{fffd}", "TooWide"),
        ("ab\u{fffd} c", "TooWide"),
        ("dir C:\\", r#"startswith "dir C:""#),
        ("\\\\\\", "TooWide"),
        ("run shell_binaries now", r#"glob "run [s]hell_binaries now""#),
        ("f(my_list,x)", r#"glob "f[(][m]y_list,x[)]""#),
        ("--config_file /x_y", r#"= "--config_file /x_y""#),
        ("echo \u{fffd}\u{fffd}[1;31m\u{fffd}x*?", r#"glob "echo *[[]1;31m*x[*][?]""#),
        ("cat a_b \\", r#"glob "cat [a]_b ?""#),
        (&long, &format!("startswith \"{}\"", "x".repeat(254))),
        (&"x".repeat(255), &format!("= \"{}\"", "x".repeat(255))),
        (
            &format!("echo {} my_list z", "x".repeat(300)),
            &format!("startswith \"echo {}\"", "x".repeat(250)),
        ),
    ] {
        assert_eq!(shown(value), expected, "{value:?}");
    }
}

#[test]
fn a_beginning_stops_before_what_cannot_be_told() {
    for (value, expected) in [
        ("wget a_list http", Some("wget ")),
        ("wget \u{fffd}x", Some("wget ")),
        ("rm x\u{fffd}", None),
        ("copy a\\\\\u{fffd}", Some("copy a")),
    ] {
        let told = beginning(value).ok().map(|written| written.operand);
        assert_eq!(told.as_deref(), expected, "{value:?}");
    }
}

/// Reads a string of the condition language as Falco does.
fn read(string: &str) -> Option<String> {
    let inside = string.strip_prefix('"')?.strip_suffix('"')?;
    let mut out = String::new();
    let mut characters = inside.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => return None,
            '\\' => out.push(match characters.next()? {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'b' => '\u{8}',
                'f' => '\u{c}',
                own @ ('"' | '\\') => own,
                _ => return None,
            }),
            _ => out.push(character),
        }
    }
    Some(out)
}

proptest! {
    #[test]
    fn a_written_value_reads_back_and_hides_itself(
        value in "([a-z_]{1,3}|[ -~]|\\PC|[\t\n\\\\\u{fffd}*?\\[(]){0,60}",
    ) {
        if let Ok(written) = written(&value) {
            prop_assert!(written.operand.len() <= LONGEST);
            prop_assert_eq!(written.hides(&value, false), Some(true));
            let string = written.string();
            prop_assert_eq!(read(&string), Some(written.operand.clone()));
            prop_assert!(!string.ends_with("\\\""), "{}", string);
            if written.comparison == Comparison::Equal {
                prop_assert_eq!(written.operand, value);
            }
        }
    }

    #[test]
    fn yaml_reads_back_as_json_does(text in any::<String>()) {
        let text: String = text.chars().filter(|c| u32::from(*c) <= 0xffff).collect();
        let yaml = yaml(&text);
        prop_assert!(yaml.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
        prop_assert_eq!(serde_json::from_str::<String>(&yaml).ok(), Some(text));
    }
}

#[test]
fn yaml_has_its_own_form_for_the_far_planes() {
    assert_eq!(yaml("a\u{1f600}\u{202e}"), r#""a\U0001f600\u202e""#);
}
