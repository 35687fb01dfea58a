//! The two template engines: one for HTML, where every value is escaped, one for Markdown, where
//! every value is sealed.

use std::{borrow::Cow, collections::BTreeMap};

use serde::Serialize;
use tera::{Context, Tera};

use super::{Error, builtin, charts, escape, filters, markdown::gfm, seal};
use crate::{
    mitigation::{self, Extends},
    report::Report,
    time::Zone,
};

mod refusals;

pub use self::refusals::NO_SAFE;

/// How the names of Markdown templates end.
const MARKDOWN: &str = ".md";

/// Bytes that a page has room for from the start: most fit, and need not be moved as they grow.
const PAGE: usize = 1 << 17;

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
    /// The user's advice, by file name.
    pub own_advice: Texts,
    /// What errors call the folder of the user's advice and pieces.
    pub own_folder: Option<String>,
}

/// Templates, parsed and checked.
#[derive(Clone)]
pub struct Engine {
    html: Tera,
    markdown: Tera,
    names: Names,
    made_from: blake3::Hash,
}

/// What errors call the templates of the user's advice, by the names that the engine has for them.
pub type Names = BTreeMap<String, String>;

impl Engine {
    /// Parses and checks the built-in templates and those from outside.
    ///
    /// # Errors
    /// A template that does not parse, names what does not exist, or asks for `safe`; a name that
    /// no page is made from.
    pub fn new(sources: &Sources) -> Result<Self, Error> {
        for name in sources.own.keys() {
            refusals::check_name(name)?;
        }
        let html = builtin::html().map(built_in).chain(own(&sources.own, "html/"));
        let markdown = builtin::markdown()
            .chain(own(&sources.partials, ""))
            .map(built_in)
            .chain(own(&sources.own, "markdown/"))
            .chain(own(&sources.own_partials, ""))
            .chain(sources.own_advice.iter().map(|(name, text)| (mitigation_name(name), &**text)));
        let names = names(sources);
        let renamed = |error: Error| error.renamed(&names);
        Ok(Self {
            html: filled(html_engine(), &html.collect::<Vec<_>>())?,
            markdown: filled(markdown_engine(), &markdown.collect::<Vec<_>>()).map_err(renamed)?,
            names,
            made_from: blake3::hash(format!("{sources:?}").as_bytes()),
        })
    }

    /// The digest of the templates and pieces that came from outside this crate.
    pub fn made_from(&self) -> blake3::Hash {
        self.made_from
    }

    /// The engine of Markdown.
    pub fn markdown(&self) -> &Tera {
        &self.markdown
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
            .map(|(file, mitigation)| (mitigation_name(file), mitigation.template.as_str()))
            .filter(|(name, _)| !engine.names.contains_key(name));
        let mitigations: Vec<_> = mitigations.collect();
        let extends = report.mitigations.iter().filter_map(|(file, mitigation)| {
            let how = mitigation.extends.as_deref().and_then(Extends::parse)?;
            Some((file.clone(), how))
        });
        let extends = extends.collect();
        let markdown = filled(engine.markdown, &mitigations)?;
        Ok(Press { html: engine.html, markdown, names: engine.names, extends, zone })
    }
}

/// Templates with all that one report brings.
pub struct Press {
    html: Tera,
    markdown: Tera,
    names: Names,
    extends: BTreeMap<String, Extends>,
    /// The zone in which the report counts and shows time.
    pub zone: Zone,
}

impl Press {
    /// An HTML page, in UTF-8.
    pub fn html(&self, template: &str, context: &Context) -> Result<Vec<u8>, Error> {
        render(&self.html, template, context).map_err(|error| error.renamed(&self.names))
    }

    /// What an advice does with the parts of the one that it extends.
    pub fn extends(&self, file: &str) -> Extends {
        self.extends.get(file).copied().unwrap_or(Extends::Append)
    }

    /// A page of GitHub-flavoured Markdown.
    pub fn markdown(&self, template: &str, context: &Context) -> Result<String, Error> {
        Ok(gfm::write(&text(&self.filled(template, context)?)))
    }

    /// Markdown with every value sealed.
    pub fn sealed(&self, template: &str, context: &Context) -> Result<String, Error> {
        Ok(text(&self.filled(template, context)?).into_owned())
    }

    fn filled(&self, template: &str, context: &Context) -> Result<Vec<u8>, Error> {
        render(&self.markdown, template, context).map_err(|error| error.renamed(&self.names))
    }
}

/// The name under which a mitigation is known to the engine.
pub fn mitigation_name(file: &str) -> String {
    if file.ends_with(MARKDOWN) {
        format!("mitigations/{file}")
    } else {
        format!("mitigations/{file}.md")
    }
}

/// What a template gets, from a struct.
pub fn context(values: &impl Serialize) -> Result<Context, Error> {
    Context::from_serialize(values).map_err(|error| Error::from_tera(&error, &[]))
}

/// A page from a template, in UTF-8.
pub fn render(engine: &Tera, template: &str, context: &Context) -> Result<Vec<u8>, Error> {
    let mut page = Vec::with_capacity(PAGE);
    let made = engine.render_to(template, context, &mut page);
    made.map_err(|error| Error::from_tera(&error, &[]))?;
    Ok(page)
}

/// A page as text. The standard library takes longer to see that a sealed one is UTF-8 than it took
/// to seal it.
pub fn text(page: &[u8]) -> Cow<'_, str> {
    match simdutf8::basic::from_utf8(page) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(page),
    }
}

fn names(sources: &Sources) -> Names {
    let advice = sources.own_advice.keys().map(|file| (mitigation_name(file), file));
    let partials = sources.own_partials.keys().map(|file| (file.clone(), file));
    let folder = sources.own_folder.as_deref().unwrap_or("");
    advice.chain(partials).map(|(name, file)| (name, mitigation::below(folder, file))).collect()
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
pub fn filled(mut engine: Tera, templates: &[(String, &str)]) -> Result<Tera, Error> {
    if engine.get_template_names().next().is_none() {
        engine
            .set_fallback_prefixes(["builtin/"])
            .map_err(|error| Error::from_tera(&error, &[]))?;
    }
    for (name, text) in templates {
        refusals::check_escaped(name)?;
        refusals::check_safe(name, text)?;
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
        assert!(refusals::check_escaped("x.html.tera").is_err());
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
