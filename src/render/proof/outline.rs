//! What stands in the Markdown of an advice: headings, fences, and what pages do not show or follow.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Parser, Tag, TagEnd};

use super::{
    Fence, Heading, Remark,
    traced::{Traced, VALUE},
};
use crate::render::markdown::{fence, options};

/// What was found in one variant of a template.
#[derive(Default)]
pub struct Outline {
    /// Headings, in order.
    pub headings: Vec<Heading>,
    /// Fenced code, in order.
    pub fences: Vec<Fence>,
    /// What will not be shown or followed.
    pub remarks: Vec<Remark>,
}

/// Reads a variant.
pub fn outline(variant: &Traced) -> Outline {
    let mut reader = Reader { variant, found: Outline::default(), heading: None, fence: None };
    for (event, range) in Parser::new_ext(variant.text(), options()).into_offset_iter() {
        reader.event(&event, range);
    }
    reader.found
}

struct Reader<'v> {
    variant: &'v Traced,
    found: Outline,
    heading: Option<Heading>,
    fence: Option<Fence>,
}

impl Reader<'_> {
    fn event(&mut self, event: &Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                let at = self.variant.origin(range.start);
                let level = *level as usize;
                self.heading = Some(Heading { level, words: String::new(), at });
            }
            Event::End(TagEnd::Heading(_)) => self.found.headings.extend(self.heading.take()),
            Event::Start(Tag::CodeBlock(kind)) => {
                let language = match kind {
                    CodeBlockKind::Fenced(info) => fence::language(info),
                    CodeBlockKind::Indented => String::new(),
                };
                let at = self.variant.origin(range.start);
                self.fence = Some(Fence { language, at, body: Traced::default() });
            }
            Event::End(TagEnd::CodeBlock) => self.found.fences.extend(self.fence.take()),
            Event::Start(Tag::Link { link_type, dest_url, .. }) => {
                if let Some(why) = refused(*link_type, dest_url) {
                    self.remark(&range, why);
                }
            }
            Event::Start(Tag::Image { .. }) => {
                self.remark(&range, "an image is not shown: pages load nothing; link to it".into());
            }
            Event::Html(text) | Event::InlineHtml(text) => {
                self.html(&range, text);
            }
            Event::Text(text) | Event::Code(text) => self.words(text, range),
            _ => {}
        }
    }

    fn words(&mut self, text: &str, range: Range<usize>) {
        if let Some(fence) = &mut self.fence {
            fence.body.append(&self.variant.part(range));
        } else if let Some(heading) = &mut self.heading {
            heading.words.push_str(text);
        }
    }

    /// A block of HTML comes line by line: only its first line is told of.
    fn html(&mut self, range: &Range<usize>, text: &str) {
        let trimmed = text.trim();
        let begins = trimmed.starts_with('<') && !trimmed.starts_with("</");
        if begins {
            let tag: String =
                trimmed.chars().take(20).take_while(|c| !c.is_whitespace() && *c != '>').collect();
            self.remark(range, format!("HTML is shown as text, not as what it means: {tag}"));
        }
    }

    fn remark(&mut self, range: &Range<usize>, message: String) {
        self.found.remarks.push(Remark { at: self.variant.origin(range.start), message });
    }
}

/// Why a link leads nowhere, if it does.
fn refused(kind: LinkType, target: &str) -> Option<String> {
    if target.contains(VALUE) {
        return Some(
            "the link leads nowhere: a value would decide where; write the address as text".into(),
        );
    }
    let scheme = target.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    let allowed = matches!(scheme.as_deref(), Some("http" | "https" | "mailto"))
        || target.starts_with('#')
        || kind == LinkType::Email;
    let shown: String = target.chars().take(60).collect();
    (!allowed).then(|| {
        format!("the link to {shown:?} is not followed: write https:, http:, mailto: or #anchor")
    })
}
