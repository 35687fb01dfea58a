//! [`Report`] → pages: HTML and Markdown from templates, and the formats for machines.
//!
//! Nothing here touches a disk: templates come as texts, pages go to whoever takes them.

mod advice;
mod attack;
mod brief;
mod builtin;
mod charts;
mod checklist;
mod context;
mod csv;
mod engine;
mod error;
mod escape;
mod feed;
mod filters;
mod full;
mod json;
mod mail;
pub mod markdown;
pub mod proof;
pub mod seal;
mod survey;
pub mod text;
mod weeks;

use rayon::prelude::*;
use serde::Serialize;

use self::{
    advice::Advice,
    attack::WeekAttack,
    brief::{Links, Size},
    context::{Contexts, sheets},
    engine::{Press, context},
};
pub use self::{
    advice::blank,
    brief::Brief,
    checklist::{checklist, checklists},
    context::{
        HostPage, HostsPage, IncidentPage, IncidentsPage, IndexPage, NoisePage, QualityPage,
        RulePage, RulesPage,
    },
    engine::{Engine, Sources, Texts},
    error::Error,
    full::Fill,
    json::write as write_report,
    survey::Survey,
    weeks::WeekPage,
};
use crate::{
    address::{Mailbox, Site as SiteAddress},
    page::Page,
    report::Report,
};

/// Which kinds of page are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Formats {
    /// HTML pages, their static files, the feed, `report.eml` and `brief.txt`.
    pub html: bool,
    /// Markdown pages and `brief.txt`.
    pub markdown: bool,
    /// `report.json` and `incidents.csv`, which [`write_report`] writes, the schema, and the layers of
    /// ATT&CK.
    pub json: bool,
}

impl Formats {
    /// All of them.
    pub const ALL: Self = Self { html: true, markdown: true, json: true };
}

/// Where the site is published, and whom its mail is from and to, as far as that is known.
#[derive(Clone, Debug, Default)]
pub struct Delivery {
    /// The address of the site.
    pub site: Option<SiteAddress>,
    /// Whom the mail is from.
    pub from: Option<Mailbox>,
    /// Whom it is to.
    pub to: Vec<Mailbox>,
}

/// Takes a page; may be called from several threads at once.
pub type Emit<'a> = dyn Fn(Page) -> Result<(), Error> + Sync + 'a;

/// Makes all pages of a report that was surveyed, but those of [`exports`] and of [`briefs`], and hands
/// them over one by one, in no certain order. Where `fill` is given, the incidents are not complete:
/// it completes each for as long as its page is made.
///
/// # Errors
/// A template that cannot be filled, or whatever `emit` says.
pub fn pages(
    survey: &Survey<'_>,
    fill: Option<&Fill<'_>>,
    engine: &Engine,
    formats: Formats,
    emit: &Emit<'_>,
) -> Result<(), Error> {
    if !formats.html && !formats.markdown {
        return Ok(());
    }
    let press = engine.press(survey.report)?;
    let contexts = Contexts::new(survey, formats.json);
    Site { survey, fill, press, contexts, formats, emit }.emit()?;
    if formats.html {
        emit(Page { path: "feed.xml".to_owned(), bytes: feed::feed(survey).into_bytes() })?;
        for (path, bytes) in builtin::STATIC {
            emit(Page { path: (*path).to_owned(), bytes: bytes.to_vec() })?;
        }
    }
    Ok(())
}

/// Makes what machines read beside `report.json` and `incidents.csv`: the schema and the layers of
/// ATT&CK.
///
/// # Errors
/// Whatever `emit` says.
pub fn exports(report: &Report, emit: &Emit<'_>) -> Result<(), Error> {
    emit(Page { path: "report.schema.json".to_owned(), bytes: json::schema()? })?;
    emit(Page { path: "attack-layer.json".to_owned(), bytes: attack::layer(report)? })?;
    for week in &report.weeks {
        for page in WeekAttack::of(week, true).pages(report, week)? {
            emit(page)?;
        }
    }
    Ok(())
}

/// Makes the report in brief, as `brief.txt` and `brief.md`, and as the mail `report.eml`.
///
/// # Errors
/// A template that cannot be filled, or makes a brief that is too long; or whatever `emit` says.
pub fn briefs(
    survey: &Survey<'_>,
    engine: &Engine,
    formats: Formats,
    delivery: &Delivery,
    emit: &Emit<'_>,
) -> Result<(), Error> {
    if !formats.html && !formats.markdown {
        return Ok(());
    }
    let report = survey.report;
    let press = engine.press(report)?;
    let contexts = Contexts::new(survey, formats.json);
    let put =
        |path: &str, text: String| emit(Page { path: path.to_owned(), bytes: text.into_bytes() });
    let root = delivery.site.as_ref().map(SiteAddress::as_str);
    let links = Links { root, extension: if formats.html { ".html" } else { ".md" } };
    let plain = brief::fitted(
        "brief.txt",
        |size| contexts.brief(size, links),
        |brief| Ok(brief::text(brief)),
    )?;
    if formats.markdown {
        // Beside the pages it can link to them wherever they are.
        let beside = Links { root: Some(""), extension: ".md" };
        let links = if root.is_some() { links } else { beside };
        let text = brief::fitted(
            "brief.md",
            |size| contexts.brief(size, links),
            |brief| press.markdown("markdown/brief.md", &context(brief)?),
        )?;
        put("brief.md", text)?;
    }
    if formats.html {
        let brief = contexts.brief(&Size::MAIL, links);
        let page = press.html("html/mail.html", &context(&brief)?)?;
        put("report.eml", mail::mail(report, &brief, delivery, &plain, &engine::text(&page)))?;
    }
    put("brief.txt", plain)
}

/// The pages that are made from templates.
struct Site<'a> {
    survey: &'a Survey<'a>,
    fill: Option<&'a Fill<'a>>,
    press: Press,
    contexts: Contexts<'a>,
    formats: Formats,
    emit: &'a Emit<'a>,
}

impl Site<'_> {
    fn emit(&self) -> Result<(), Error> {
        let report = self.survey.report;
        self.page("index", "index", &self.contexts.index())?;
        self.page("data-quality", "data-quality", &self.contexts.quality())?;
        self.page("noise", "noise", &self.contexts.noise())?;
        for sheet in sheets("incidents", report.incidents.len()) {
            self.page("incidents", &sheet.path, &self.contexts.incidents(&sheet))?;
        }
        for sheet in sheets("rules", report.rules.len()) {
            self.page("rules", &sheet.path, &self.contexts.rules(&sheet))?;
        }
        for sheet in sheets("hosts", report.hosts.len()) {
            self.page("hosts", &sheet.path, &self.contexts.hosts(&sheet))?;
        }
        (0..report.weeks.len()).into_par_iter().try_for_each(|at| {
            self.page("week", &report.weeks[at].path, &self.contexts.week(at))
        })?;
        (0..report.incidents.len()).into_par_iter().try_for_each(|at| self.incident(at))?;
        (0..report.rules.len()).into_par_iter().try_for_each(|at| self.rule(at))?;
        (0..report.hosts.len())
            .into_par_iter()
            .try_for_each(|at| self.page("host", &report.hosts[at].path, &self.contexts.host(at)))
    }

    fn incident(&self, at: usize) -> Result<(), Error> {
        let report = self.survey.report;
        let incident = full::full(at, &report.incidents[at], self.fill);
        let advice = Advice::of_incident(&self.press, &incident)?;
        let context = context(&self.contexts.incident(at, &incident))?;
        self.advised("incident", &incident.path, &advice, context)
    }

    fn rule(&self, at: usize) -> Result<(), Error> {
        let rule = &self.survey.report.rules[at];
        let first = rule.incidents.first().and_then(|id| self.survey.incident(id));
        let workload = first.map_or("host", |first| &self.survey.outline(first).workload);
        let advice = Advice::of_rule(&self.press, rule, workload)?;
        self.advised("rule", &rule.path, &advice, context(&self.contexts.rule(at))?)
    }

    /// A page with advice, which HTML and Markdown take each in its own way.
    fn advised(
        &self,
        template: &str,
        path: &str,
        advice: &Advice,
        mut context: tera::Context,
    ) -> Result<(), Error> {
        if self.formats.html {
            context.insert_value("advice", advice.html());
            self.html(template, path, &context)?;
        }
        if self.formats.markdown {
            context.insert_value("advice", advice.markdown());
            self.markdown(template, path, &context)?;
        }
        Ok(())
    }

    fn page(&self, template: &str, path: &str, values: &impl Serialize) -> Result<(), Error> {
        let context = context(values)?;
        if self.formats.html {
            self.html(template, path, &context)?;
        }
        if self.formats.markdown {
            self.markdown(template, path, &context)?;
        }
        Ok(())
    }

    fn html(&self, template: &str, path: &str, context: &tera::Context) -> Result<(), Error> {
        let bytes = self.press.html(&format!("html/{template}.html"), context)?;
        (self.emit)(Page { path: format!("{path}.html"), bytes })
    }

    fn markdown(&self, template: &str, path: &str, context: &tera::Context) -> Result<(), Error> {
        let text = self.press.markdown(&format!("markdown/{template}.md"), context)?;
        (self.emit)(Page { path: format!("{path}.md"), bytes: text.into_bytes() })
    }
}
