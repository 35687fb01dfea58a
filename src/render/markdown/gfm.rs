//! GitHub-flavoured Markdown: the author's source stays as it is, each value is opened for the
//! place where pulldown-cmark found it.

use std::{borrow::Cow, ops::Range};

use memchr::memchr3_iter;
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

use super::{around::Around, code, fence, options, prose};
use crate::render::{
    seal::{self, OPEN, Piece},
    text::{Breaks, visible},
};

/// Writes sealed Markdown as GitHub-flavoured Markdown.
pub fn write(sealed: &str) -> String {
    if !seal::holds_seal(sealed) {
        return sealed.to_owned();
    }
    let mut page =
        Page { source: sealed, edits: Vec::new(), cells: 0, code_block: None, links: Vec::new() };
    for (event, range) in Parser::new_ext(sealed, options()).into_offset_iter() {
        page.event(&event, range);
    }
    page.apply()
}

/// A link whose destination or title may hold a value.
struct OpenLink {
    range: Range<usize>,
    /// Where its text ends, as far as read.
    text_end: usize,
    sealed: bool,
}

struct Page<'a> {
    source: &'a str,
    edits: Vec<(Range<usize>, String)>,
    /// Whether inside a table cell.
    cells: usize,
    /// Inside a code block: whether it is a fence, which is written as a whole.
    code_block: Option<bool>,
    links: Vec<OpenLink>,
}

impl Page<'_> {
    fn event(&mut self, event: &Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range.clone()),
            Event::End(TagEnd::TableCell) => self.cells -= 1,
            Event::End(TagEnd::Link | TagEnd::Image) => self.end_link(),
            Event::Code(text) if self.is_sealed(&range) => {
                let text = seal::open_with(text, shown);
                let written = self.around(range.clone()).code(&text);
                self.edits.push((range.clone(), written));
            }
            Event::End(TagEnd::CodeBlock) => self.code_block = None,
            Event::Text(_) if self.code_block == Some(true) => {}
            Event::Text(_) if self.code_block == Some(false) => self.indented(range.clone()),
            Event::Text(_) => self.text(range.clone()),
            Event::Html(_) | Event::InlineHtml(_) => self.html(range.clone()),
            _ => {}
        }
        if !matches!(event, Event::Start(Tag::Link { .. } | Tag::Image { .. }))
            && let Some(link) = self.links.last_mut()
        {
            link.text_end = link.text_end.max(range.end);
        }
    }

    fn start(&mut self, tag: &Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::TableCell => self.cells += 1,
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => {
                self.code_block = Some(true);
                if self.is_sealed(&range) {
                    self.fence(info, range);
                }
            }
            Tag::CodeBlock(CodeBlockKind::Indented) => self.code_block = Some(false),
            Tag::Link { dest_url, title, id, .. } | Tag::Image { dest_url, title, id, .. } => {
                let sealed = [dest_url, title, id].into_iter().any(|part| seal::holds_seal(part));
                let bracket = if matches!(tag, Tag::Image { .. }) { 2 } else { 1 };
                self.links.push(OpenLink { text_end: range.start + bracket, range, sealed });
            }
            _ => {}
        }
    }

    fn is_sealed(&self, range: &Range<usize>) -> bool {
        seal::holds_seal(&self.source[range.clone()])
    }

    /// A fence is written anew: longer if a value could close it.
    fn fence(&mut self, info: &str, range: Range<usize>) {
        let block = &self.source[range.clone()];
        let (mark, byte) = if block.starts_with('~') { ('~', b'~') } else { ('`', b'`') };
        let length = block.len() - block.trim_start_matches(mark).len();
        let Some(body_start) = block.find('\n').map(|end| end + 1) else {
            return self.edits.push((range, String::new()));
        };
        let last_line = block.trim_end_matches('\n').rfind('\n').map_or(0, |end| end + 1);
        let closing = block[last_line..].find(mark).filter(|at| {
            last_line >= body_start && block[last_line + at..].trim_end().chars().all(|c| c == mark)
        });
        let (body_end, prefix) = match closing {
            Some(at) => (last_line, &block[last_line..last_line + at]),
            None => (block.len(), ""),
        };
        let language = fence::language(info);
        let mut body = fence::opened(&language, &block[body_start..body_end], prefix);
        if !body.is_empty() && !body.ends_with('\n') {
            body.push('\n');
        }
        let info = seal::open_with(info, |_| String::new());
        let marks = mark.to_string().repeat(length.max(code::longest_run(&body, byte) + 1));
        let end = if closing.is_some() && block.ends_with('\n') { "\n" } else { "" };
        self.edits.push((range, format!("{marks}{info}\n{body}{prefix}{marks}{end}")));
    }

    /// Running text, in a cell or not.
    fn text(&mut self, range: Range<usize>) {
        let text = &self.source[range.clone()];
        for at in memchr3_iter(b'<', b'`', b']', text.as_bytes()) {
            // A lone one of the author's could become a tag, a span or a link with a value.
            let at = range.start + at;
            let (sign, after) = self.source[at..].split_at(1);
            let alone = match sign {
                "<" => opens_tag(after),
                "]" => after.starts_with(['(', '[', ':']),
                _ => true,
            };
            if alone && !self.source[..at].ends_with('\\') {
                self.edits.push((at..at + 1, code::entities(sign)));
            }
        }
        for (inner, piece) in seal::pieces(text) {
            let Piece::Value(value) = piece else { continue };
            let at = range.start + inner.start..range.start + inner.end;
            let written = self.around(at.clone()).inline(&value);
            self.edits.push((at, written));
        }
    }

    /// A line of indented code.
    fn indented(&mut self, range: Range<usize>) {
        for (inner, piece) in seal::pieces(&self.source[range.clone()]) {
            if let Piece::Value(value) = piece {
                let at = range.start + inner.start..range.start + inner.end;
                self.edits.push((at, fence::plain(&value)));
            }
        }
    }

    fn around(&self, at: Range<usize>) -> Around<'_> {
        let in_link = !self.links.is_empty();
        Around { source: self.source, at, in_cell: self.cells > 0, in_link }
    }

    /// Values in raw HTML: words of an element, or the inside of a tag.
    fn html(&mut self, range: Range<usize>) {
        for (inner, piece) in seal::pieces(&self.source[range.clone()]) {
            let Piece::Value(value) = piece else { continue };
            let before = &self.source[range.start..range.start + inner.start];
            let in_tag = before.rfind('<') > before.rfind('>');
            let at = range.start + inner.start..range.start + inner.end;
            self.edits.push((at, html(&visible(&value, Breaks::Mark), in_tag)));
        }
    }

    /// A link that a value would lead is text: its words, then where it would have led.
    fn end_link(&mut self) {
        let Some(link) = self.links.pop() else { return };
        let tail = link.text_end..link.range.end;
        if !link.sealed && !self.is_sealed(&tail) {
            return;
        }
        let image = usize::from(self.source[link.range.start..].starts_with('!'));
        let open = link.range.start..link.range.start + 1 + image;
        let tail_text = &self.source[tail.clone()];
        let led = tail_text.strip_prefix("](").and_then(|led| led.strip_suffix(')'));
        let led = led.unwrap_or(tail_text);
        let led = seal::open_with(led, shown);
        self.edits.push((open, String::new()));
        let led = format!(" ({})", self.around(tail.clone()).code(&led));
        self.edits.push((tail, led));
    }

    /// The source with its edits. A seal that no event covers stands in no text of the page, but
    /// in a link's definition say, where no value has a place.
    fn apply(mut self) -> String {
        self.edits.sort_by_key(|(range, _)| (range.start, range.end));
        let mut out = String::with_capacity(self.source.len());
        let mut at = 0;
        for (range, text) in &self.edits {
            if range.start < at {
                continue;
            }
            out.push_str(&uncovered(&self.source[at..range.start]));
            out.push_str(text);
            at = range.end;
        }
        out.push_str(&uncovered(&self.source[at..]));
        out
    }
}

fn uncovered(source: &str) -> Cow<'_, str> {
    seal::open_with(source, |_| "…".to_owned())
}

/// A value as it may be displayed on a line.
fn shown(value: String) -> String {
    match visible(&value, Breaks::Mark) {
        Cow::Borrowed(_) => value,
        Cow::Owned(text) => text,
    }
}

/// A value inside raw HTML, where Markdown is not read.
fn html(value: &str, in_tag: bool) -> String {
    if in_tag {
        return code::entities(value);
    }
    prose::joined(&prose::runs(value), |text| format!("<code>{}</code>", code::entities(text)))
}

/// Whether text after a `<` could make it a tag, perhaps together with a value.
fn opens_tag(text: &str) -> bool {
    text.starts_with(|first: char| {
        first.is_ascii_alphabetic() || matches!(first, '/' | '!' | '?' | OPEN)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::seal::seal;

    fn written(before: &str, value: &str, after: &str) -> String {
        write(&format!("{before}{}{after}", seal(value)))
    }

    #[test]
    fn the_authors_source_stays() {
        let source = "# A *b* `c`\n\n- [ ] <b>x</b>\n\n| a |\n|--|\n| \\| |\n";
        assert_eq!(write(source), source);
        assert_eq!(write(&format!("{source}\n{}\n", seal("x"))), format!("{source}\nx\n"));
    }

    #[test]
    fn values_fit_their_place() {
        for (before, value, after, expected) in [
            ("# ", "Terminal shell", " on\n", "# Terminal shell on\n"),
            ("a ", "<script>", " b", "a `<script>` b"),
            ("", "- x", "\n", "`- x`\n"),
            ("a @", "user", " b", "a @`user` b"),
            ("| a |\n|--|\n| ", "x|y", " |\n", "| a |\n|--|\n| <code>x&#124;y</code> |\n"),
            ("| a |\n|--|\n| `", "x`y", "` |\n", "| a |\n|--|\n| ``x`y`` |\n"),
            ("`a ", "`", "`", "`` a ` ``"),
            ("[", "a]b", "](x.md)", "[<code>a&#93;b</code>](x.md)"),
            ("[a](", "javascript:x", ")", "a (`javascript:x`)"),
            ("![a](x \"", "t", "\")", "a (`x \"t\"`)"),
            ("<b>", "@user", "</b>", "<b>`@user`</b>"),
            ("<div title=\"", "\"x", "\">\n", "<div title=\"&#34;x\">\n"),
            (
                "<summary>",
                "on @user",
                "</summary>\n",
                "<summary>on <code>&#64;user</code></summary>\n",
            ),
            ("a <", "b", ">", "a &#60;`b`>"),
            ("**", "", "**", "**` `**"),
            ("it`s ", "`x", ".", "it&#96;s `` `x ``."),
            ("[a ", "x]: y", "]\n", "[a <code>x&#93;&#58; y</code>]\n"),
        ] {
            assert_eq!(written(before, value, after), expected, "{before}{value}{after}");
        }
        assert_eq!(
            write(&format!("{}{}", seal("@a"), seal("@b"))),
            "<code>`@`a</code><code>`@`b</code>"
        );
    }

    #[test]
    fn fences_grow_past_what_they_hold() {
        assert_eq!(written("```text\n", "```x", "\n```\n"), "````text\n```x\n````\n");
        assert_eq!(written("~~~\n", "~~~~", "\n~~~\n"), "~~~~~\n~~~~\n~~~~~\n");
        assert_eq!(written("```", "x", "\na\n```\nb\n"), "```\na\n```\nb\n");
        assert_eq!(
            written("> ```sh\n> rm ", "-a", "\n> ```\n"),
            concat!(
                "> ```sh\n> rm UNSAFE_VALUE\n",
                "> # UNSAFE_VALUE: check this value before you use it: '-a'\n> ```\n"
            )
        );
        assert_eq!(
            written("- a\n\n  ```sh\n  cat ", "a b", "\n  ```\n"),
            "- a\n\n  ```sh\n  cat 'a b'\n  ```\n"
        );
    }
}
