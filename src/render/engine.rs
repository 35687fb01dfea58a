//! The two template engines: one for HTML, where every value is escaped, one for Markdown, where
//! every value is sealed.

use std::collections::BTreeMap;

use serde::Serialize;
use tera::{Context, Tera};

use super::{Error, builtin, charts, error, escape, filters, markdown::gfm, seal};
use crate::{report::Report, time::Zone};

/// Why a template may not print a value as it is.
pub const NO_SAFE: &str = "the filter `safe` is not available: every value is escaped, because \
                           whoever is on a host chooses what its alerts say";

/// Texts by name.
pub type Texts = BTreeMap<String, String>;

/// Templates that come from outside this crate's own pages.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The user's templates by name, such as `html/incident.html`; each wins over the built-in
    /// one of its name, which it can extend as `builtin/html/incident.html`.
    pub own: Texts,
    /// Pieces that advice can include, such as `_evidence.md`.
    pub partials: Texts,
    /// The user's such pieces; each wins over the one of its name.
    pub own_partials: Texts,
}

/// Templates, parsed and checked.
#[derive(Clone)]
pub struct Engine {
    html: Tera,
    markdown: Tera,
}

impl Engine {
    /// Parses and checks the built-in templates and those from outside.
    ///
    /// # Errors
    /// A template that does not parse, names what does not exist, or asks for `safe`; a name that
    /// no page is made from.
    pub fn new(sources: &Sources) -> Result<Self, Error> {
        for name in sources.own.keys() {
            check_name(name)?;
        }
        let html = builtin::html().map(built_in).chain(own(&sources.own, "html/"));
        let markdown = builtin::markdown()
            .chain(own(&sources.partials, ""))
            .map(built_in)
            .chain(own(&sources.own, "markdown/"))
            .chain(own(&sources.own_partials, ""));
        Ok(Self {
            html: filled(html_engine(), &html.collect::<Vec<_>>())?,
            markdown: filled(markdown_engine(), &markdown.collect::<Vec<_>>())?,
        })
    }

    /// The engine for one report: its zone, and its mitigations as templates.
    pub fn press(&self, report: &Report) -> Result<Press, Error> {
        let mut engine = self.clone();
        let zone = Zone::named(&report.period.timezone).unwrap_or(Zone::UTC);
        filters::register_zone(&mut engine.html, zone);
        filters::register_zone(&mut engine.markdown, zone);
        let mitigations = report
            .mitigations
            .iter()
            .map(|(file, mitigation)| (mitigation_name(file), mitigation.template.as_str()));
        let markdown = filled(engine.markdown, &mitigations.collect::<Vec<_>>())?;
        Ok(Press { html: engine.html, markdown, zone })
    }
}

/// Templates with all that one report brings.
pub struct Press {
    html: Tera,
    markdown: Tera,
    /// The zone in which the report counts and shows time.
    pub zone: Zone,
}

impl Press {
    /// An HTML page.
    pub fn html(&self, template: &str, context: &Context) -> Result<String, Error> {
        render(&self.html, template, context)
    }

    /// A page of GitHub-flavoured Markdown.
    pub fn markdown(&self, template: &str, context: &Context) -> Result<String, Error> {
        Ok(gfm::write(&self.sealed(template, context)?))
    }

    /// Markdown with every value sealed.
    pub fn sealed(&self, template: &str, context: &Context) -> Result<String, Error> {
        render(&self.markdown, template, context)
    }
}

/// The name under which a mitigation is known to the engine.
pub fn mitigation_name(file: &str) -> String {
    if ends(file, ".md") { format!("mitigations/{file}") } else { format!("mitigations/{file}.md") }
}

/// What a template gets, from a struct.
pub fn context(values: &impl Serialize) -> Result<Context, Error> {
    Context::from_serialize(values).map_err(|error| Error::from_tera(&error, &[]))
}

fn render(engine: &Tera, template: &str, context: &Context) -> Result<String, Error> {
    engine.render(template, context).map_err(|error| Error::from_tera(&error, &[]))
}

fn html_engine() -> Tera {
    let mut engine = Tera::default();
    engine.autoescape_on([".html"]);
    engine.set_escape_fn(escape::html_to);
    filters::register(&mut engine, ".html");
    charts::register(&mut engine);
    engine
}

fn markdown_engine() -> Tera {
    let mut engine = Tera::default();
    engine.autoescape_on([".md"]);
    engine.set_escape_fn(seal::seal_to);
    filters::register(&mut engine, ".md");
    filters::register_blocks(&mut engine);
    engine
}

/// A built-in template's name, behind the prefix that lets a user's of the same name win.
fn built_in((name, text): (String, &str)) -> (String, &str) {
    (format!("builtin/{name}"), text)
}

/// Texts whose name begins so.
fn own<'a>(texts: &'a Texts, start: &'a str) -> impl Iterator<Item = (String, &'a str)> {
    let wanted = move |(name, _): &(&String, &String)| name.starts_with(start);
    texts.iter().filter(wanted).map(|(name, text)| (name.clone(), text.as_str()))
}

/// Adds templates to an engine, all of which it escapes.
fn filled(mut engine: Tera, templates: &[(String, &str)]) -> Result<Tera, Error> {
    if engine.get_template_names().next().is_none() {
        engine
            .set_fallback_prefixes(["builtin/"])
            .map_err(|error| Error::from_tera(&error, &[]))?;
    }
    for (name, text) in templates {
        check_escaped(name)?;
        check_safe(name, text)?;
    }
    let names: Vec<_> = engine.get_template_names().map(str::to_owned).collect();
    let known =
        templates.iter().map(|(name, _)| name.as_str()).chain(names.iter().map(String::as_str));
    let known: Vec<_> = known
        .map(|name| name.strip_prefix("builtin/").unwrap_or(name))
        .chain(filters::FILTERS)
        .chain(filters::FUNCTIONS)
        .collect();
    let result = engine.add_raw_templates(templates.iter().map(|(name, text)| (name, text)));
    result.map_err(|error| Error::from_tera(&error, &known))?;
    Ok(engine)
}

/// Values are escaped by the ending of a template's name alone: any other ending is refused.
fn check_escaped(name: &str) -> Result<(), Error> {
    if ends(name, ".html") || ends(name, ".md") {
        return Ok(());
    }
    Err(Error::Templates(format!(
        "the name of the template {name} ends neither with .html nor with .md"
    )))
}

/// Names of templates are compared as they are written, on every system.
fn ends(name: &str, ending: &str) -> bool {
    name.ends_with(ending)
}

/// A user's template replaces a built-in one, or is a piece whose name begins with `_`.
fn check_name(name: &str) -> Result<(), Error> {
    let known: Vec<_> =
        builtin::html().chain(builtin::markdown()).map(|(known, _)| known).collect();
    let file = name.rsplit('/').next().unwrap_or(name);
    let piece = file.starts_with('_')
        && (name.starts_with("html/") && ends(name, ".html")
            || name.starts_with("markdown/") && ends(name, ".md"));
    if piece || known.iter().any(|known| known == name) {
        return Ok(());
    }
    let nearest = error::nearest(name, known.iter().map(String::as_str));
    let nearest = nearest.unwrap_or("html/incident.html").to_owned();
    Err(Error::UnknownTemplate { name: name.to_owned(), nearest })
}

/// Refuses `| safe` and `{% filter safe %}` wherever they stand, even where they are never run.
fn check_safe(name: &str, text: &str) -> Result<(), Error> {
    let Some(at) = tags(text).find_map(|(start, tag)| Some(start + safe_in(tag)?)) else {
        return Ok(());
    };
    let before = &text[..at];
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    Err(Error::Template {
        file: name.to_owned(),
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
        message: NO_SAFE.to_owned(),
    })
}

/// The inside of each `{{ … }}` and `{% … %}`, with where it starts.
fn tags(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let (start, close) = loop {
            let found = at + text.get(at..)?.find('{')?;
            match text.as_bytes().get(found + 1) {
                Some(b'{') => break (found + 2, "}}"),
                Some(b'%') => break (found + 2, "%}"),
                Some(b'#') => at = found + 2 + text[found + 2..].find("#}")?,
                _ => at = found + 1,
            }
        };
        let end = start + text[start..].find(close)?;
        at = end;
        Some((start, &text[start..end]))
    })
}

/// Where a tag applies the filter `safe`, outside its strings.
fn safe_in(tag: &str) -> Option<usize> {
    let mut quote = None;
    let mut word_start = 0;
    let mut before = "";
    for (at, character) in tag.char_indices().chain([(tag.len(), ' ')]) {
        match quote {
            Some(open) if open == character => quote = None,
            Some(_) => {}
            None if character.is_alphanumeric() || character == '_' => continue,
            None => {
                let word = &tag[word_start..at];
                if word == "safe" && matches!(before, "|" | "filter") {
                    return Some(word_start);
                }
                if !word.is_empty() {
                    before = word;
                }
                if matches!(character, '"' | '\'' | '`') {
                    quote = Some(character);
                }
                if !character.is_whitespace() {
                    before = &tag[at..at + character.len_utf8()];
                }
            }
        }
        word_start = at + character.len_utf8();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error_of(name: &str, text: &str) -> String {
        let own = [(name.to_owned(), text.to_owned())].into();
        match Engine::new(&Sources { own, ..Sources::default() }) {
            Ok(_) => "none".to_owned(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn errors_name_file_line_and_column() {
        for (text, expected) in [
            (
                "a\n  {{ x | nubmer }}",
                "markdown/rule.md:2:10: Unknown filter `nubmer`; did you mean `number`?",
            ),
            ("{% if x %}", "markdown/rule.md:1:"),
            ("{% include \"markdown/_haed.md\" %}", "did you mean `markdown/_head.md`?"),
            ("{{ span_betwen(from=1) }}", "did you mean `span_between`?"),
        ] {
            let error = error_of("markdown/rule.md", text);
            assert!(error.contains(expected), "{text}: {error}");
        }
        assert_eq!(
            error_of("markdown/incidnet.md", ""),
            "no page is made from the template markdown/incidnet.md; did you mean markdown/incident.md?"
        );
        assert!(error_of("markdown/index.markdown", "").contains("markdown/index.md"));
        assert_eq!(error_of("markdown/_own.md", "a"), "none");
    }

    #[test]
    fn no_template_may_ask_for_safe() {
        for (text, column) in [
            ("{{ x | safe }}", 8),
            ("{{ x|safe|upper }}", 6),
            ("{% filter safe %}{% endfilter %}", 11),
            ("{% if false %}{{ x | safe }}{% endif %}", 22),
            ("{{ '}' ~ x | safe }}", 14),
        ] {
            let error = error_of("markdown/_own.md", text);
            assert!(
                error.starts_with(&format!("markdown/_own.md:1:{column}: {NO_SAFE}")),
                "{text}: {error}"
            );
        }
        for text in [
            "{{ safe }}",
            "{{ '| safe' }}",
            "{# {{ x | safe }} #}",
            "| safe",
            "{{ x | upper }} safe",
        ] {
            assert_eq!(error_of("markdown/_own.md", text), "none", "{text}");
        }
    }

    #[test]
    fn every_template_is_escaped() {
        for (mut engine, marker) in [(html_engine(), "&lt;"), (markdown_engine(), "\u{e100}")] {
            let suffix = if marker == "&lt;" { ".html" } else { ".md" };
            let name = format!("x{suffix}");
            engine
                .add_raw_template(&name, "{{ x }}{{ [x] }}{{ 'a' ~ x }}{% set y = x %}{{ y }}")
                .expect("parses");
            let mut context = Context::new();
            context.insert("x", "<");
            let text = engine.render(&name, &context).expect("renders");
            assert_eq!(text.matches(marker).count(), 4, "{text}");
        }
        assert!(check_escaped("x.html.tera").is_err());
    }

    #[test]
    fn an_unknown_variable_is_an_error() {
        let own = [("markdown/rules.md".to_owned(), "{{ rulse }}".to_owned())].into();
        let engine = Engine::new(&Sources { own, ..Sources::default() }).expect("parses");
        let mut context = Context::new();
        context.insert("rules", "x");
        let error =
            render(&engine.markdown, "markdown/rules.md", &context).expect_err("no such variable");
        assert_eq!(
            error.to_string(),
            "markdown/rules.md:1:4: Variable `rulse` is not defined; did you mean `rules`?"
        );
    }
}
