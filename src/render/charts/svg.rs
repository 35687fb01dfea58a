//! The few shapes that a chart is made of, written as SVG.

use std::fmt::Write as _;

pub(super) use crate::wording::number as grouped;

/// A drawing under way.
pub(super) struct Svg(String);

impl Svg {
    /// Begins a drawing of so many units, with its name and, if not empty, its description for
    /// those who do not see it. Both are ours: they are not escaped.
    pub(super) fn new(class: &str, width: u64, height: u64, title: &str, desc: &str) -> Self {
        let mut out = format!(
            "<svg class=\"{class}\" role=\"img\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\"><title>{title}</title>"
        );
        if !desc.is_empty() {
            let _ = write!(out, "<desc>{desc}</desc>");
        }
        Self(out)
    }

    /// Begins a drawing of the size of a word, which is never scaled.
    pub(super) fn word(class: &str, (width, height): (u64, u64), title: &str, desc: &str) -> Self {
        let mut out = format!(
            "<svg class=\"{class}\" role=\"img\" width=\"{width}\" height=\"{height}\">\
             <title>{title}</title>"
        );
        if !desc.is_empty() {
            let _ = write!(out, "<desc>{desc}</desc>");
        }
        Self(out)
    }

    /// Begins a drawing that only repeats what stands beside it as text.
    pub(super) fn decoration(class: &str, (width, height): (u64, u64)) -> Self {
        Self(format!(
            "<svg class=\"{class}\" aria-hidden=\"true\" width=\"{width}\" height=\"{height}\">"
        ))
    }

    /// Bars of one width that stand on a line, as a single path; those without height are blank.
    pub(super) fn bars(
        &mut self,
        class: &str,
        base: u64,
        width: u64,
        bars: impl IntoIterator<Item = (u64, u64)>,
    ) {
        let mut path = String::new();
        for (x, height) in bars {
            if height > 0 {
                let steps = [("M", x), (" ", base), ("v-", height), ("h", width), ("v", height)];
                for (step, number) in steps {
                    path.push_str(step);
                    push_number(&mut path, number);
                }
                path.push('z');
            }
        }
        self.path(class, &path);
    }

    /// Words or a number of ours on a base line. An empty class is left out.
    pub(super) fn text(&mut self, class: &str, (x, y): (u64, u64), text: &str) {
        self.0.push_str("<text");
        if !class.is_empty() {
            let _ = write!(self.0, " class=\"{class}\"");
        }
        let _ = write!(self.0, " x=\"{x}\" y=\"{y}\">{text}</text>");
    }

    /// Boxes of one size as a single path; nothing where there are none.
    pub(super) fn cells(&mut self, class: &str, at: &[(u64, u64)], (width, height): (u64, u64)) {
        let mut path = String::new();
        for (x, y) in at {
            let _ = write!(path, "M{x} {y}h{width}v{height}h-{width}z");
        }
        self.path(class, &path);
    }

    /// Boxes of one size with slanted lines in them, as a single path.
    pub(super) fn hatched(&mut self, at: &[(u64, u64)], (width, height): (u64, u64)) {
        let mut path = String::new();
        let slant = height / 2;
        for (x, y) in at {
            for start in (0..width.saturating_sub(slant)).step_by(6) {
                let _ = write!(path, "M{} {}l{slant} -{height}", x + start, y + height);
            }
        }
        self.path("hatch", &path);
    }

    /// Upright lines of one height, as a single path.
    pub(super) fn ticks(&mut self, class: &str, at: impl Iterator<Item = u64>, height: u64) {
        let path: String = at.map(|x| format!("M{x} 0v{height}")).collect();
        self.path(class, &path);
    }

    /// What is drawn inside takes the colour of a class.
    pub(super) fn group(&mut self, class: &str, draw: impl FnOnce(&mut Self)) {
        let _ = write!(self.0, "<g class=\"{class}\">");
        draw(self);
        self.0.push_str("</g>");
    }

    fn path(&mut self, class: &str, path: &str) {
        if !path.is_empty() {
            let _ = write!(self.0, "<path class=\"{class}\" d=\"{path}\"/>");
        }
    }

    /// Numbers of ours in one style; nothing where there are none.
    pub(super) fn texts(&mut self, class: &str, texts: &[((u64, u64), String)]) {
        if texts.is_empty() {
            return;
        }
        let _ = write!(self.0, "<g class=\"{class}\">");
        for ((x, y), text) in texts {
            let _ = write!(self.0, "<text x=\"{x}\" y=\"{y}\">{text}</text>");
        }
        self.0.push_str("</g>");
    }

    /// A level line that bars stand on.
    pub(super) fn base(&mut self, from: u64, to: u64, y: u64) {
        self.level("base", (from, to), y);
    }

    /// A level line.
    pub(super) fn level(&mut self, class: &str, (from, to): (u64, u64), y: u64) {
        self.path(class, &format!("M{from} {y}H{to}"));
    }

    pub(super) fn finish(mut self) -> String {
        self.0.push_str("</svg>");
        self.0
    }
}

/// Writes a number. A page has thousands in its drawings, and a formatter takes longer for each than
/// all else about them.
fn push_number(out: &mut String, number: u64) {
    if number >= 10 {
        push_number(out, number / 10);
    }
    out.extend(char::from_digit(u32::try_from(number % 10).unwrap_or(0), 10));
}

/// The length that stands for a value: proportional, at least one for what is not zero.
pub(super) fn scaled(value: u64, max: u64, length: u64) -> u64 {
    if value == 0 {
        return 0;
    }
    let share = u128::from(value.min(max)) * u128::from(length) / u128::from(max.max(1));
    u64::try_from(share).unwrap_or(length).max(1)
}

/// A number in at most four characters, rounded down.
pub(super) fn short(number: u64) -> String {
    const UNITS: [(u64, char); 6] = [
        (1_000_000_000_000_000_000, 'E'),
        (1_000_000_000_000_000, 'P'),
        (1_000_000_000_000, 'T'),
        (1_000_000_000, 'G'),
        (1_000_000, 'M'),
        (1_000, 'k'),
    ];
    match UNITS.into_iter().find(|(unit, _)| number >= *unit) {
        Some((unit, sign)) if number / unit < 10 => {
            format!("{}.{}{sign}", number / unit, number % unit / (unit / 10))
        }
        Some((unit, sign)) => format!("{}{sign}", number / unit),
        None => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_zero_has_no_length() {
        assert_eq!(scaled(0, 10, 96), 0);
        assert_eq!(scaled(1, u64::MAX, 96), 1);
        assert_eq!(scaled(u64::MAX, u64::MAX, 96), 96);
        assert_eq!(scaled(5, 0, 96), 1);
    }

    #[test]
    fn numbers_are_set_apart_or_shortened() {
        assert_eq!(grouped(999_u64), "999");
        assert_eq!(grouped(1_234_567_u64), "1,234,567");
        let all = [0, 999, 1_000, 9_999, 29_465, 999_999, 1_200_000, u64::MAX];
        let texts = all.map(short);
        assert_eq!(texts, ["0", "999", "1.0k", "9.9k", "29k", "999k", "1.2M", "18E"]);
    }

    #[test]
    fn a_bar_without_height_is_not_drawn() {
        let mut svg = Svg::decoration("bar", (10, 10));
        svg.bars("a", 10, 4, [(0, 0)]);
        svg.bars("b", 10, 4, [(0, 3), (5, 0)]);
        let drawn = svg.finish();
        assert!(drawn.ends_with("><path class=\"b\" d=\"M0 10v-3h4v3z\"/></svg>"), "{drawn}");
    }
}
