//! The boxes to tick of an advice, as plain data: for tickets, and to gather actions.

use std::collections::BTreeMap;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use rayon::prelude::*;

use super::{Engine, Error, advice::Advice, markdown::options, seal};
use crate::report::{Alike, Incident, Report, Step};

/// The steps of the advice for an incident, filled in, in order.
///
/// # Errors
/// A template that cannot be filled.
pub fn checklist(
    report: &Report,
    incident: &Incident,
    engine: &Engine,
) -> Result<Vec<Step>, Error> {
    Ok(Advice::of_incident(&engine.press(report)?, incident)?.steps())
}

/// The steps of all advice in a report, whose incidents are about such workloads, with names in capitals for what differs between incidents.
///
/// # Errors
/// A template that cannot be filled.
pub fn checklists(
    report: &Report,
    workloads: &[&str],
    engine: &Engine,
) -> Result<Vec<Alike>, Error> {
    let press = engine.press(report)?;
    let mut kinds: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (at, (incident, workload)) in report.incidents.iter().zip(workloads).enumerate() {
        let found = &incident.mitigation;
        let kind = (&incident.rule, &found.file, &found.extended_by, *workload);
        kinds.entry(kind).or_default().push(at);
    }
    let of = |incidents: Vec<usize>| {
        let steps = match incidents.first() {
            Some(first) => {
                Advice::of_kind(&press, &report.incidents[*first], workloads[*first])?.steps()
            }
            None => Vec::new(),
        };
        Ok(Alike { incidents, steps })
    };
    kinds.into_values().collect::<Vec<_>>().into_par_iter().map(of).collect()
}

/// Reads the steps out of a sealed advice.
pub fn steps(sealed: &str) -> Vec<Step> {
    let mut reader = Reader::default();
    for event in Parser::new_ext(sealed, options()) {
        reader.event(&event);
    }
    reader.steps
}

#[derive(Default)]
struct Reader {
    steps: Vec<Step>,
    part: String,
    in_heading: bool,
    /// The words of a step, as far as read.
    step: Option<Words>,
}

#[derive(Default)]
struct Words {
    text: String,
    /// Where bold words at its beginning end.
    bold: Option<usize>,
}

impl Reader {
    fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(Tag::Heading { .. }) => {
                self.end_step();
                self.part.clear();
                self.in_heading = true;
            }
            Event::End(TagEnd::Heading(_)) => self.in_heading = false,
            Event::TaskListMarker(_) => self.step = Some(Words::default()),
            Event::Start(Tag::List(_) | Tag::CodeBlock(_) | Tag::Table(_) | Tag::Item)
            | Event::End(TagEnd::Item | TagEnd::Paragraph) => self.end_step(),
            Event::End(TagEnd::Strong) => {
                if let Some(words) = &mut self.step {
                    words.bold.get_or_insert(words.text.len());
                }
            }
            Event::Start(Tag::Strong) => {
                // Bold words further on are no title.
                if let Some(words) = &mut self.step
                    && !words.text.trim().is_empty()
                {
                    words.bold.get_or_insert(0);
                }
            }
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.word(text, ""),
            Event::Code(text) => self.word(text, "`"),
            Event::SoftBreak | Event::HardBreak => self.word(" ", ""),
            _ => {}
        }
    }

    fn word(&mut self, text: &str, mark: &str) {
        // Between back quotes stands code of the author's: a value has none.
        let text = seal::open_with(text, |value| value.replace('`', "'"));
        let target = match (&mut self.step, self.in_heading) {
            (_, true) => &mut self.part,
            (Some(words), _) => &mut words.text,
            (None, _) => return,
        };
        target.extend([mark, &text, mark]);
    }

    fn end_step(&mut self) {
        let Some(words) = self.step.take() else { return };
        let text = words.text.trim();
        if text.is_empty() {
            return;
        }
        let lead = match words.bold {
            Some(end) if end > 0 => words.text[..end].trim(),
            _ => first_sentence(text),
        };
        let lead = lead.trim_end_matches(['.', ':']);
        self.steps.push(Step { part: self.part.clone(), lead: lead.into(), text: text.into() });
    }
}

/// Up to the first full stop, colon or semicolon before a blank that is not in code or in brackets.
fn first_sentence(text: &str) -> &str {
    let (mut code, mut depth) = (false, 0_i32);
    for (at, character) in text.char_indices() {
        match character {
            '`' => code = !code,
            '(' if !code => depth += 1,
            ')' if !code => depth -= 1,
            '.' | ':' | ';' if !code && depth <= 0 => {
                let after = &text[at + character.len_utf8()..];
                if after.is_empty() || after.starts_with(char::is_whitespace) {
                    return &text[..at];
                }
            }
            _ => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::seal::seal;

    #[test]
    fn steps_are_read_with_their_part_and_first_words() {
        let text = format!(
            "### Contain\n\n- [ ] **Cut `{}` off.** Then wait.\n  ```sh\n  id\n  ```\n  And more.\n- no step\n\n\
             ### Prevent\n\n- [ ] Use *less* of `a.b: c` (see e.g. the manual): it helps. And **more**.\n",
            seal("w`b")
        );
        let step = |part: &str, lead: &str, text: &str| Step {
            part: part.into(),
            lead: lead.into(),
            text: text.into(),
        };
        assert_eq!(
            steps(&text),
            [
                step("Contain", "Cut `w'b` off", "Cut `w'b` off. Then wait."),
                step(
                    "Prevent",
                    "Use less of `a.b: c` (see e.g. the manual)",
                    "Use less of `a.b: c` (see e.g. the manual): it helps. And more."
                ),
            ]
        );
    }
}
