//! Addresses that people write in the settings: where a site is published, whom a mail is from and to.

/// The longest address of a site, in bytes: it stands before every link of a brief, which is short.
const LONGEST_SITE: usize = 200;
/// The longest mail address, in bytes (RFC 5321).
const LONGEST_MAILBOX: usize = 254;
/// The longest name before a mail address, in characters.
const LONGEST_NAME: usize = 100;

/// Where a site is published; ends with `/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site(String);

impl Site {
    /// Reads an address with `http` or `https`, of the site's folder or its first page. It holds nothing
    /// that HTML, Markdown or a mail could take for anything but an address.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "{text} is no address of a site; write one with http or https and without ? and #, \
                 such as https://reports.example.org/falco/, of at most {LONGEST_SITE} characters"
            )
        };
        let rest = ["https://", "http://"].iter().find_map(|scheme| text.strip_prefix(scheme));
        let rest = rest.ok_or_else(wrong)?;
        let host = rest.split(['/', ':']).next().unwrap_or("");
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%:/".contains(&byte);
        if !is_domain(host) || !rest.bytes().all(plain) || text.len() > LONGEST_SITE {
            return Err(wrong());
        }
        let folder = text.strip_suffix("index.html").unwrap_or(text).trim_end_matches('/');
        Ok(Self(format!("{folder}/")))
    }

    /// The address, with its `/` at the end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A mail address, with a name or without.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    /// Whose it is.
    pub name: Option<String>,
    /// `local@domain`, in ASCII.
    pub address: String,
}

impl Mailbox {
    /// Reads `security@example.org` or `Security team <security@example.org>`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "{} is no mail address; write one such as security@example.org or Security team \
                 <security@example.org>",
                text.escape_debug()
            )
        };
        let (name, address) = match text.trim().strip_suffix('>') {
            None => ("", text.trim()),
            Some(named) => named.rsplit_once('<').ok_or_else(wrong)?,
        };
        let name = name.trim();
        let name = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap_or(name);
        let (local, domain) = address.rsplit_once('@').ok_or_else(wrong)?;
        let letter =
            |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
        let atom = |part: &str| !part.is_empty() && part.bytes().all(letter);
        let sound = local.split('.').all(atom) && is_domain(domain) && local.len() <= 64;
        let named = name.chars().count() <= LONGEST_NAME && !name.chars().any(char::is_control);
        if !sound || !named || address.len() > LONGEST_MAILBOX {
            return Err(wrong());
        }
        let name = (!name.is_empty()).then(|| name.to_owned());
        Ok(Self { name, address: address.to_owned() })
    }

    /// What stands after the `@`.
    pub fn domain(&self) -> &str {
        self.address.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

/// Whether a text is the name of a machine or a domain: labels of letters, digits and hyphens.
fn is_domain(text: &str) -> bool {
    text.split('.').all(|label| {
        let plain = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        plain && !label.is_empty() && !label.starts_with('-') && !label.ends_with('-')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_a_site_ends_with_its_folder() {
        for (text, expected) in [
            ("https://reports.example.org", "https://reports.example.org/"),
            ("http://wiki:8080/a%20b/~c/", "http://wiki:8080/a%20b/~c/"),
            ("https://x.example/falco/index.html", "https://x.example/falco/"),
        ] {
            assert_eq!(Site::parse(text).unwrap().as_str(), expected);
        }
        let long = format!("https://x.example/{}", "a".repeat(200));
        for wrong in [
            "",
            "reports.example.org",
            "ftp://x.example",
            "javascript:alert(1)",
            "https://",
            "https:///x",
            "https://user@x.example/",
            "https://x.example/?a=b",
            "https://x.example/#a",
            "https://x.example/a b",
            "https://x.example/\"onclick=",
            "https://x.example/a)b",
            "https://x.example/\r\nBcc:",
            long.as_str(),
        ] {
            assert!(Site::parse(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_mail_address_may_have_a_name() {
        let read = |text| Mailbox::parse(text).map(|mailbox| (mailbox.name, mailbox.address));
        let address =
            |name: Option<&str>| Ok((name.map(str::to_owned), "a.b@x.example".to_owned()));
        assert_eq!(read("a.b@x.example"), address(None));
        assert_eq!(read(" <a.b@x.example>"), address(None));
        assert_eq!(read("Jörg, \"J\" <a.b@x.example>"), address(Some("Jörg, \"J\"")));
        assert_eq!(read("\"Team, red\" <a.b@x.example>"), address(Some("Team, red")));
        assert_eq!(Mailbox::parse("root@localhost").unwrap().domain(), "localhost");
        for wrong in [
            "",
            "a",
            "a@",
            "@b",
            "a@b@c",
            "a b@c.example",
            ".a@c.example",
            "a@-c.example",
            "a@c..example",
            "a@c.example, b@c.example",
            "x <a@c.example",
            "x\r\nBcc: b@c.example <a@c.example>",
            "a@c.example\nBcc: b@c.example",
            "a@b\u{f6}.example",
        ] {
            assert!(Mailbox::parse(wrong).is_err(), "{wrong:?}");
        }
    }
}
