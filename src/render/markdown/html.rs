//! HTML for advice inside our pages: no raw HTML, no link but those an author wrote out.

use std::fmt::Write as _;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Parser, Tag, TagEnd};

use super::{fence, options};
use crate::render::{
    escape,
    seal::{self, Piece},
    text::Breaks,
};

/// Writes sealed Markdown as HTML.
pub fn write(sealed: &str) -> String {
    let events: Vec<_> = Parser::new_ext(sealed, options()).collect();
    let mut writer = Writer { out: String::with_capacity(sealed.len()), ..Writer::default() };
    for (index, event) in events.iter().enumerate() {
        writer.event(event, &events[index + 1..]);
    }
    writer.out
}

#[derive(Default)]
struct Writer {
    out: String,
    /// For each open link, whether it is written.
    links: Vec<bool>,
    /// Inside a fence: its language and what was read of it.
    fence: Option<(String, String)>,
    in_head: bool,
}

impl Writer {
    fn event(&mut self, event: &Event<'_>, following: &[Event<'_>]) {
        match event {
            Event::Start(tag) => self.start(tag, following),
            Event::End(tag) => self.end(*tag),
            Event::Text(text) => match &mut self.fence {
                Some((_, body)) => body.push_str(text),
                None => self.open(text),
            },
            Event::Code(text) => {
                self.out.push_str("<code>");
                self.open(text);
                self.out.push_str("</code>");
            }
            Event::SoftBreak => self.out.push('\n'),
            Event::HardBreak => self.out.push_str("<br>\n"),
            Event::Rule => self.out.push_str("<hr>\n"),
            Event::TaskListMarker(done) => self.out.push_str(if *done { "☑ " } else { "☐ " }),
            Event::Html(text) | Event::InlineHtml(text) => self.open(text),
            Event::InlineMath(_) | Event::DisplayMath(_) | Event::FootnoteReference(_) => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, following: &[Event<'_>]) {
        match tag {
            Tag::Item if is_task(following) => self.out.push_str("<li class=\"task\">"),
            Tag::List(Some(first)) if *first != 1 => {
                let _ = writeln!(self.out, "<ol start=\"{first}\">");
            }
            Tag::List(Some(_)) => self.out.push_str("<ol>\n"),
            Tag::List(None) => self.out.push_str("<ul>\n"),
            Tag::CodeBlock(kind) => {
                let language = match kind {
                    CodeBlockKind::Fenced(info) => fence::language(info),
                    CodeBlockKind::Indented => String::new(),
                };
                self.fence = Some((language, String::new()));
            }
            Tag::TableHead => {
                self.in_head = true;
                self.out.push_str("<thead><tr>");
            }
            Tag::TableCell if self.in_head => self.out.push_str("<th scope=\"col\">"),
            Tag::Link { link_type, dest_url, .. } => self.start_link(*link_type, dest_url),
            Tag::Heading { level, .. } => {
                let _ = write!(self.out, "<{level}>");
            }
            _ => {
                if let Some(name) = element(tag.to_end()) {
                    let _ = write!(self.out, "<{name}>");
                }
            }
        }
    }

    fn start_link(&mut self, kind: LinkType, target: &str) {
        let allowed = is_allowed(target) && !matches!(kind, LinkType::Email);
        self.links.push(allowed);
        if allowed {
            let _ = write!(self.out, "<a href=\"{}\">", escape::html(target, Breaks::Mark));
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::CodeBlock => self.end_fence(),
            TagEnd::List(ordered) => self.out.push_str(if ordered { "</ol>\n" } else { "</ul>\n" }),
            TagEnd::TableHead => {
                self.in_head = false;
                self.out.push_str("</tr></thead>\n<tbody>\n");
            }
            TagEnd::TableCell if self.in_head => self.out.push_str("</th>"),
            TagEnd::Table => self.out.push_str("</tbody></table>\n"),
            TagEnd::Link => {
                if self.links.pop() == Some(true) {
                    self.out.push_str("</a>");
                }
            }
            TagEnd::Heading(level) => {
                let _ = writeln!(self.out, "</{level}>");
            }
            _ => {
                if let Some(name) = element(tag) {
                    let _ = write!(self.out, "</{name}>");
                    self.out.push_str(if is_block(tag) { "\n" } else { "" });
                }
            }
        }
    }

    /// Writes text with its seals opened.
    fn open(&mut self, text: &str) {
        for (_, piece) in seal::pieces(text) {
            match piece {
                Piece::Prose(prose) => self.out.push_str(&escape::html(prose, Breaks::Keep)),
                Piece::Value(value) => self.out.push_str(&escape::html(&value, Breaks::Mark)),
            }
        }
    }

    fn end_fence(&mut self) {
        let Some((language, body)) = self.fence.take() else { return };
        let body = fence::opened(&language, &body, "");
        let body = escape::html(&body, Breaks::Keep);
        let class = if language.is_empty() {
            String::new()
        } else {
            format!(" class=\"language-{language}\"")
        };
        let _ = writeln!(self.out, "<pre><code{class}>{body}</code></pre>");
    }
}

/// Elements that a start and an end tag of the same name are enough for.
fn element(tag: TagEnd) -> Option<&'static str> {
    Some(match tag {
        TagEnd::Paragraph | TagEnd::HtmlBlock => "p",
        TagEnd::BlockQuote(_) => "blockquote",
        TagEnd::Item => "li",
        TagEnd::Table => "table",
        TagEnd::TableRow => "tr",
        TagEnd::TableCell => "td",
        TagEnd::Emphasis => "em",
        TagEnd::Strong => "strong",
        TagEnd::Strikethrough => "del",
        _ => return None,
    })
}

fn is_block(tag: TagEnd) -> bool {
    !matches!(tag, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::TableCell)
}

/// A list item that begins with a box to tick.
fn is_task(following: &[Event<'_>]) -> bool {
    matches!(
        following,
        [Event::TaskListMarker(_), ..]
            | [Event::Start(Tag::Paragraph), Event::TaskListMarker(_), ..]
    )
}

/// A destination that an author wrote out: `http`, `https`, `mailto`, or a place in the site.
fn is_allowed(target: &str) -> bool {
    if seal::holds_seal(target) || target.starts_with("//") || target.contains('\\') {
        return false;
    }
    let end = target.find(['/', '?', '#']).unwrap_or(target.len());
    match target[..end].split_once(':') {
        Some((scheme, _)) => {
            ["http", "https", "mailto"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
        }
        None => !target.starts_with(|first: char| first.is_control() || first.is_whitespace()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::seal::seal;

    #[test]
    fn advice_becomes_plain_html() {
        let source = "### A\n\n- [ ] one\n- [x] `two`\n\n1. a\n\n> q\n\n| a |\n|--|\n| **b** |\n\n```sh title=x\nid\n```\n";
        assert_eq!(
            write(source),
            concat!(
                "<h3>A</h3>\n<ul>\n<li class=\"task\">☐ one</li>\n<li class=\"task\">☑ <code>two</code></li>\n</ul>\n",
                "<ol>\n<li>a</li>\n</ol>\n<blockquote><p>q</p>\n</blockquote>\n",
                "<table><thead><tr><th scope=\"col\">a</th></tr></thead>\n<tbody>\n<tr><td><strong>b</strong></td></tr>\n</tbody></table>\n",
                "<pre><code class=\"language-sh\">id\n</code></pre>\n",
            )
        );
    }

    #[test]
    fn raw_html_is_shown_as_text() {
        assert_eq!(write("a <b onclick=x>y</b>"), "<p>a &lt;b onclick=x&gt;y&lt;/b&gt;</p>\n");
        assert_eq!(write("<script>x</script>\n"), "<p>&lt;script&gt;x&lt;/script&gt;\n</p>\n");
    }

    #[test]
    fn only_links_an_author_wrote_out_lead_anywhere() {
        for target in [
            "https://falco.org/docs/",
            "http://x",
            "mailto:a@b.c",
            "../rules/x.html",
            "#a",
            "a?b=c:d",
        ] {
            assert!(is_allowed(target), "{target}");
        }
        for target in
            ["javascript:x", "JavaScript:x", "data:text/html,x", "//x", "\\\\x", "vbscript:x"]
        {
            assert!(!is_allowed(target), "{target}");
        }
        assert_eq!(write(&format!("[a]({})", seal("https://x"))), "<p>a</p>\n");
        assert_eq!(write("[a](javascript:x)"), "<p>a</p>\n");
    }

    #[test]
    fn values_are_text() {
        let value = seal("<b>\"'&\n@x");
        assert_eq!(write(&value), "<p>&lt;b&gt;&quot;&#39;&amp; ⏎ @x</p>\n");
        assert_eq!(
            write(&format!("`{value}`")),
            "<p><code>&lt;b&gt;&quot;&#39;&amp; ⏎ @x</code></p>\n"
        );
    }
}
