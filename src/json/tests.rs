use super::*;

fn read(text: &str) -> Result<Value<'_>, FaultKind> {
    let mut reader = Reader::new(text);
    let value = reader.value().map_err(|fault| fault.kind)?;
    if reader.at_end() { Ok(value) } else { Err(FaultKind::Unexpected) }
}

#[test]
fn strings_are_borrowed_unless_escaped() {
    assert_eq!(read(r#""plain é""#), Ok(Value::Text(Cow::Borrowed("plain é"))));
    assert_eq!(read(r#""a\n\u00e9\ud83d\ude00\/""#), Ok(Value::Text("a\né😀/".into())));
    for bad in [r#""\x41""#, r#""\ud800""#, r#""\udc00\ud800""#, r#""\ud800\u0041""#, r#""\u12""#] {
        assert_eq!(read(bad), Err(FaultKind::Escape), "{bad}");
    }
    assert_eq!(read("\"a\tb\""), Err(FaultKind::ControlCharacter));
    assert_eq!(read("\"a\\n\u{1}b\""), Err(FaultKind::ControlCharacter));
    assert_eq!(read("\"abc"), Err(FaultKind::Truncated));
}

#[test]
fn numbers_stay_as_written() {
    for number in
        ["0", "-0", "1730281682285310579", "1.50", "1e10", "2E-3", "12345678901234567890123"]
    {
        assert_eq!(read(number), Ok(Value::Number(number)));
    }
    for bad in ["01", "1.x", "-x", "+1", "1ex", ".5", "NaN"] {
        assert_eq!(read(bad), Err(FaultKind::Unexpected), "{bad}");
    }
    assert_eq!(read("1."), Err(FaultKind::Truncated));
    assert_eq!(read("1e999"), Err(FaultKind::NumberRange));
    assert_eq!(read(&"9".repeat(5000)), Err(FaultKind::NumberRange));
}

#[test]
fn the_last_of_two_equal_names_counts() {
    let members = Reader::new(r#"{"b":1,"a":2,"b":3}"#).members().unwrap();
    let names: Vec<_> =
        members.iter().map(|(name, value)| (name.as_ref(), value.shown())).collect();
    assert_eq!(names, [("a", "2"), ("b", "3")]);
}

#[test]
fn depth_has_a_bound() {
    let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(read(&deep(128)).is_ok());
    assert_eq!(read(&deep(129)), Err(FaultKind::TooDeep));
    assert_eq!(read(&"[".repeat(100_000)), Err(FaultKind::TooDeep));
    assert_eq!(read(&r#"{"a":"#.repeat(5000)), Err(FaultKind::TooDeep));
}

#[test]
fn several_values_follow_one_another() {
    let mut reader = Reader::new(r#" {"a":1} [2] "x""#);
    assert_eq!(reader.value(), Ok(Value::Object(r#"{"a":1}"#)));
    assert_eq!(reader.value(), Ok(Value::Array("[2]")));
    assert_eq!(reader.value(), Ok(Value::Text("x".into())));
    assert!(reader.at_end());
}

proptest::proptest! {
    /// Whatever text comes, this reader and `serde_json` agree on whether it is JSON and on what
    /// its strings are.
    #[test]
    fn agrees_with_serde_json(text in r#"[\[\]{}:,"\\ntrue0-9.eE+\-u d8é\x01-\x08]{0,24}"#) {
        agrees(&text)?;
    }

    #[test]
    fn agrees_with_serde_json_on_strings(inner in r#"([a-z0-9é"]|\\[\\"/bfnrtux0-9a-f]{1,5}|\\ud[89a-f]..){0,12}"#) {
        agrees(&format!("\"{inner}\""))?;
        agrees(&format!("{{\"{inner}\":[1,\"{inner}\"]}}"))?;
    }

    #[test]
    fn names_have_the_order_of_their_bytes(start in "[aé.]{0,20}", name in "[a-cé]{0,12}", other in "[a-cé]{0,12}") {
        let (name, other) = (format!("{start}{name}"), format!("{start}{other}"));
        proptest::prop_assert_eq!(scan::precedes(&name, &other), name < other);
    }

    #[test]
    fn the_next_special_byte_is_found(text in r#"([ -~é]{0,70}["\\\x00-\x1f]{0,2}){0,4}"#) {
        let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
        let bytes = text.as_bytes();
        let mut specials = scan::Specials::NONE;
        for at in 0..=bytes.len() {
            let expected = bytes[at..].iter().position(is_special).map_or(bytes.len(), |found| at + found);
            proptest::prop_assert_eq!(specials.next(bytes, at), expected);
        }
    }
}

fn agrees(text: &str) -> Result<(), proptest::test_runner::TestCaseError> {
    let oracle = serde_json::from_str::<serde_json::Value>(text);
    let ours = read(text);
    proptest::prop_assert_eq!(oracle.is_ok(), ours.is_ok(), "{}: {:?} {:?}", text, oracle, ours);
    if let (Ok(serde_json::Value::String(expected)), Ok(Value::Text(text))) = (oracle, ours) {
        proptest::prop_assert_eq!(expected, text);
    }
    Ok(())
}
