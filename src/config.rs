//! What a run is asked to do: the defaults, changed by `alertbook.toml`, changed by flags.

use std::{collections::BTreeMap, path::PathBuf};

use serde::Deserialize;

pub use crate::keys::suggestion;
use crate::{
    address::{Mailbox, Site},
    error::Error,
    host::PathPattern,
    inventory::{Inventory, Machine},
    keys,
    normalise::{Source, Sources},
    period::Period,
    priority::Priority,
    read::Limits,
    render::{Delivery, Formats},
    time::Zone,
    working_hours::WorkingHours,
};

/// Everything that a run can be asked for.
#[derive(Clone, Debug)]
pub struct Config {
    /// Heading of the report.
    pub title: String,
    /// Traffic Light Protocol mark on every page, such as `TLP:AMBER`.
    pub tlp: Option<String>,
    /// The stretch of time covered.
    pub period: Period,
    /// The zone in which days and hours are counted and times shown.
    pub timezone: Zone,
    /// The lowest priority that is reported.
    pub min_priority: Priority,
    /// The silence, in seconds, that ends an episode.
    pub gap: u64,
    /// What is written.
    pub formats: Formats,
    /// Where the site is published, and whom its mail is from and to.
    pub delivery: Delivery,
    /// Whether a rejected record makes the run end with status 1.
    pub strict: bool,
    /// An incident of this priority or a higher one makes the run end with status 1.
    pub deny: Option<Priority>,
    /// Whether a report without an alert is published.
    pub allow_empty: bool,
    /// Whether a record in several files counts once.
    pub dedupe: bool,
    /// Workers; 0 stands for one for each processor.
    pub jobs: usize,
    /// An output field that names the host.
    pub host_field: Option<String>,
    /// A pattern that takes the host's name from a file's path.
    pub host_path: Option<PathPattern>,
    /// What the logs call a host → what the report calls it.
    pub hosts: BTreeMap<String, String>,
    /// Folder in which a small file of each week is kept, for the weeks that follow.
    pub history: Option<PathBuf>,
    /// When people are at work, in the zone.
    pub working_hours: WorkingHours,
    /// What people know of hosts.
    pub inventory: Inventory,
    /// File of the user's verdicts.
    pub verdicts: Option<PathBuf>,
    /// Whether exceptions are drafted for rules of Critical and above too.
    pub draft_critical: bool,
    /// Folder of the user's templates.
    pub templates: Option<PathBuf>,
    /// Folder of the user's mitigations.
    pub mitigations: Option<PathBuf>,
    /// How other detectors' records are read.
    pub sources: Sources,
    /// How far a file may expand.
    pub limits: Limits,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            title: "Security report".into(),
            tlp: None,
            period: Period::All,
            timezone: Zone::UTC,
            min_priority: Priority::Debug,
            gap: 3600,
            formats: Formats::ALL,
            delivery: Delivery::default(),
            strict: false,
            deny: None,
            allow_empty: false,
            dedupe: true,
            jobs: 0,
            host_field: None,
            host_path: None,
            hosts: BTreeMap::new(),
            history: None,
            working_hours: WorkingHours::default(),
            inventory: Inventory::default(),
            verdicts: None,
            draft_critical: false,
            templates: None,
            mitigations: None,
            sources: Sources::default(),
            limits: Limits::default(),
        }
    }
}

/// `alertbook.toml` as it is written; what is absent stays as it was.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// See [`Config::title`].
    pub title: Option<String>,
    /// See [`Config::tlp`].
    pub tlp: Option<String>,
    /// See [`Period::parse`].
    pub period: Option<String>,
    /// An IANA name.
    pub timezone: Option<String>,
    /// A priority.
    pub min_priority: Option<String>,
    /// A length of time, such as `1h`.
    pub gap: Option<String>,
    /// `html`, `markdown`, `json`.
    pub format: Option<Vec<String>>,
    /// The address of the site; see [`Site::parse`].
    pub url: Option<String>,
    /// Whom the mail is from and to.
    pub mail: Option<Mail>,
    /// See [`Config::strict`].
    pub strict: Option<bool>,
    /// A priority.
    pub deny: Option<String>,
    /// See [`Config::allow_empty`].
    pub allow_empty: Option<bool>,
    /// See [`Config::dedupe`].
    pub dedupe: Option<bool>,
    /// See [`Config::jobs`].
    pub jobs: Option<usize>,
    /// See [`Config::host_field`].
    pub host_field: Option<String>,
    /// See [`PathPattern`].
    pub host_path: Option<String>,
    /// See [`Config::hosts`].
    pub hosts: Option<BTreeMap<String, String>>,
    /// See [`Config::history`]; relative to the file.
    pub history: Option<PathBuf>,
    /// See [`WorkingHours::parse`].
    pub working_hours: Option<String>,
    /// See [`Config::inventory`].
    pub host: Option<Vec<Machine>>,
    /// See [`Config::verdicts`]; relative to the file.
    pub verdicts: Option<PathBuf>,
    /// See [`Config::draft_critical`].
    pub draft_critical: Option<bool>,
    /// See [`Config::templates`]; relative to the file.
    pub templates: Option<PathBuf>,
    /// See [`Config::mitigations`]; relative to the file.
    pub mitigations: Option<PathBuf>,
    /// A size, such as `1GiB`; see [`Limits::max_expand`].
    pub max_expand: Option<String>,
    /// See [`Config::sources`].
    pub sources: Option<Vec<Source>>,
}

/// The part of `alertbook.toml` on the mail.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// See [`Mailbox::parse`].
    pub from: Option<String>,
    /// Each as in [`Mailbox::parse`].
    #[serde(default)]
    pub to: Vec<String>,
}

impl File {
    /// Reads the text of a file called `name`. An unknown key is an error that names it, its
    /// place and the nearest key that there is.
    pub fn parse(name: &str, text: &str) -> Result<Self, Error> {
        keys::read(name, text)
    }
}

/// Reads a length of time: `90s`, `30m`, `1h`, `2d`; a number alone is seconds.
pub fn seconds(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "" | "s" => 1,
        "m" | "min" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return Err(format!("{text} is no length of time; write 90s, 30m, 1h or 2d")),
    };
    digits
        .parse::<u64>()
        .ok()
        .and_then(|number| number.checked_mul(unit))
        .filter(|seconds| *seconds > 0)
        .ok_or_else(|| format!("{text} is no length of time; write 90s, 30m, 1h or 2d"))
}

/// Reads a size: `512MiB`, `2GiB`, `1GB`; a number alone is bytes.
pub fn bytes(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match text[digits.len()..].to_ascii_lowercase().as_str() {
        "" | "b" => Some(1),
        "k" | "kib" => Some(1 << 10),
        "kb" => Some(1000),
        "m" | "mib" => Some(1 << 20),
        "mb" => Some(1_000_000),
        "g" | "gib" => Some(1 << 30),
        "gb" => Some(1_000_000_000),
        "t" | "tib" => Some(1 << 40),
        "tb" => Some(1_000_000_000_000),
        _ => None,
    };
    unit.and_then(|unit: u64| digits.parse::<u64>().ok()?.checked_mul(unit))
        .filter(|bytes| *bytes > 0)
        .ok_or_else(|| format!("{text} is no size; write 512MiB or 2GiB"))
}

/// Reads a priority by its name.
pub fn priority(text: &str) -> Result<Priority, String> {
    let names = Priority::ALL.map(Priority::name);
    Priority::parse(text)
        .ok_or_else(|| format!("{text} is no priority; {}", suggestion(text, &names)))
}

/// Reads names of formats.
pub fn formats<'n>(names: impl IntoIterator<Item = &'n str>) -> Result<Formats, String> {
    let mut formats = Formats { html: false, markdown: false, json: false };
    for name in names {
        match name {
            "html" => formats.html = true,
            "markdown" => formats.markdown = true,
            "json" => formats.json = true,
            _ => {
                return Err(format!(
                    "{name} is no format; {}",
                    suggestion(name, &["html", "markdown", "json"])
                ));
            }
        }
    }
    Ok(formats)
}

/// Finds a zone by its IANA name.
pub fn timezone(name: &str) -> Result<Zone, String> {
    Zone::named(name).ok_or_else(|| {
        format!("{name} is no IANA time zone; write one such as Europe/Berlin or UTC")
    })
}

/// Reads where the site is published, and whom its mail is from and to.
pub fn delivery(url: Option<&str>, mail: Option<&Mail>) -> Result<Delivery, String> {
    let mailbox = |key: &'static str| {
        move |text: &str| Mailbox::parse(text).map_err(|wrong| format!("{key}: {wrong}"))
    };
    let to = mail.map_or(&[][..], |mail| &mail.to).iter();
    Ok(Delivery {
        site: url.map(Site::parse).transpose().map_err(|wrong| format!("url: {wrong}"))?,
        from: mail.and_then(|mail| mail.from.as_deref()).map(mailbox("mail.from")).transpose()?,
        to: to.map(|text| mailbox("mail.to")(text)).collect::<Result<_, _>>()?,
    })
}

/// Reads a pattern for paths.
pub fn host_path(pattern: &str) -> Result<PathPattern, String> {
    PathPattern::parse(pattern).ok_or_else(|| {
        format!(
            "{pattern} does not hold {{host}} once; write a pattern such as '{{host}}/falco.log'"
        )
    })
}

/// The text of a new `alertbook.toml`: every key with its default, commented out.
pub const COMMENTED: &str = include_str!("config/alertbook.toml");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_named_with_the_nearest() {
        let error = File::parse("alertbook.toml", "title = 'x'\ntimezon = 'UTC'\n").unwrap_err();
        let text = "alertbook.toml:2:1: there is no key timezon; did you mean timezone?";
        assert_eq!(error.to_string(), text);
        let error = File::parse("a.toml", "gap = 3\n").unwrap_err();
        assert_eq!(error.to_string(), "a.toml:1:7: a text is expected here, not 3");
    }

    #[test]
    fn lengths_of_time_are_read() {
        assert_eq!(seconds("1h"), Ok(3600));
        assert_eq!(seconds("90"), Ok(90));
        assert_eq!(seconds("2d"), Ok(172_800));
        for bad in ["", "h", "1w", "-1h", "0s", "99999999999999999999d"] {
            assert!(seconds(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn sizes_are_read() {
        assert_eq!(bytes("1GiB"), Ok(1 << 30));
        assert_eq!(bytes("2gb"), Ok(2_000_000_000));
        assert_eq!(bytes("77"), Ok(77));
        for bad in ["", "GiB", "1XB", "-1", "0", "99999999999TiB"] {
            assert!(bytes(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_wrong_key_of_a_source_is_named_with_its_place() {
        let text = "[[sources]]\nname = 'x'\nwen = [{ pointer = '/a' }]\nignore = true\n";
        let error = File::parse("a.toml", text).unwrap_err().to_string();
        assert_eq!(error, "a.toml:3:1: there is no key wen; did you mean when?");
    }

    #[test]
    fn what_is_wrong_with_a_source_is_said_where_it_stands() {
        let good = "[[sources]]\nname = 'Gate'\nwhen = [{ pointer = '/gate' }]\nignore = true\n\n";
        let door = "[[sources]]\nname = 'Door'\nwhen = [{ pointer = '/kind', equals = 'door' }]\n\
                    time = '/at'\nrule = '/what'\npriority = ['/level', 'Warning']\n\
                    output = '{/who} came'\nflatten = '/door'\n";
        File::parse("a.toml", &format!("{good}{door}")).expect("both can be read");
        for (change, to, says) in [
            ("'Warning'", "'Dreadful'", "11:12: Dreadful is no priority; there are Emergency, "),
            ("rule = '/what'\n", "", "6:1: the source Door needs rule, or ignore = true"),
            (
                "when = [{ pointer = '/kind', equals = 'door' }]\n",
                "",
                "6:1: the source Door needs a ",
            ),
            ("'Door'", "' '", "6:1: a source needs a name"),
            ("time = '/at'", "ignore = true", "6:1: the source Door takes no alerts, since ignore"),
            ("'/at'", "'at'", "9:8: at is no time, and no JSON pointer such as /timestamp"),
            (
                "'/what'",
                "'/wh~at'",
                "10:8: /wh~at is no JSON pointer; within a name ~ is written as",
            ),
            ("'/kind'", "'/'", "8:21: / is no JSON pointer; write one such as /alert/signature"),
            ("'door'", "[]", "8:39: an empty list; "),
            ("{/who} came", "came: {/who", "12:10: came: {/who has no } behind its last {/"),
            ("[[sources]]\nname = 'D", "[sources]\nname = 'D", "6:"),
        ] {
            let text = format!("{good}{}", door.replace(change, to));
            let error = File::parse("a.toml", &text).expect_err(change).to_string();
            assert!(error.starts_with(&format!("a.toml:{says}")), "{error}");
        }
        let error = File::parse("a.toml", "[sources]\nname = 'Door'\n").unwrap_err().to_string();
        assert!(error.ends_with("write its name in double brackets, as in [[sources]]"), "{error}");
    }

    #[test]
    fn the_commented_file_holds_every_key_with_a_value_that_is_read() {
        let live: String = COMMENTED
            .lines()
            .map(|line| {
                line.strip_prefix("# ")
                    .filter(|rest| rest.contains(" = ") || rest.starts_with('['))
                    .unwrap_or("")
            })
            .fold(String::new(), |text, line| text + line + "\n");
        let table: toml::Table = live.parse().expect(&live);
        let error = toml::from_str::<File>("no_key = 1").expect_err("there is no such key");
        let keys: Vec<_> = error.message().split('`').skip(3).step_by(2).collect();
        assert!(keys.len() > 15, "{error}");
        for key in keys {
            assert!(table.contains_key(key), "{key} is missing");
        }
        File::parse("alertbook.toml", &live).expect("every example value is valid");
        File::parse("alertbook.toml", COMMENTED).expect("as it is written it changes nothing");
    }
}
