//! Filters that make addresses, and only such as cannot lead where a log says.

use tera::{Kwargs, State, TeraResult, Value};

/// The address of a page from the page being made. Only what is formed like the path of a page
/// becomes an address.
pub fn link(path: &str, extension: &str, state: &State) -> TeraResult<Value> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte);
    if path.is_empty() || path.contains("..") || path.starts_with('/') || !path.bytes().all(allowed)
    {
        return Ok(Value::from("#"));
    }
    let site: Option<Value> = state.get("site")?;
    let root = site.as_ref().and_then(|site| site.get_from_path("root")).and_then(Value::as_str);
    Ok(Value::safe_string(&format!("{}{path}{extension}", root.unwrap_or(""))))
}

/// The address of a page of ATT&CK, and of nothing else.
pub fn attack_link(url: &str, _: Kwargs, _: &State) -> Value {
    let page = url.strip_prefix("https://attack.mitre.org/");
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'/';
    match page {
        Some(page) if page.bytes().all(allowed) => Value::safe_string(url),
        _ => Value::from("#"),
    }
}
