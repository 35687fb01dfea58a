//! Bars on one line, of which the highest has its number above it.

use super::svg::{Svg, grouped, scaled};

const WIDTH: u64 = 720;
const TOP: u64 = 14;
const HEIGHT: u64 = 48;

/// What is drawn; all texts are ours.
pub(super) struct Bars<'b> {
    /// Class of the drawing.
    pub class: &'b str,
    /// Its name.
    pub title: String,
    /// What it says, for those who do not see it.
    pub desc: String,
    /// The time that one bar stands for.
    pub unit: &'b str,
    /// The number that each bar stands for; at least one bar.
    pub counts: &'b [u64],
    /// Whether the bar at a place is marked.
    pub marked: &'b dyn Fn(u64) -> bool,
    /// Height of the marks beneath the line.
    pub marks: u64,
}

impl Bars<'_> {
    /// Draws them. Marked bars are dark and have a mark beneath, so that they are told by more than
    /// their colour. There are no times on it: those depend on the report's zone, and the page prints
    /// them beneath.
    pub(super) fn draw(&self) -> String {
        let max = self.counts.iter().copied().max().unwrap_or(0);
        let bars = self.counts.len() as u64;
        let step = (WIDTH / bars).min(24);
        let (base, width) = (TOP + HEIGHT, bars * step);
        let beneath = if self.marks > 0 { self.marks + 5 } else { 1 };
        let size = (width.max(160), base + beneath);
        let mut svg = Svg::new(self.class, size.0, size.1, &self.title, &self.desc);
        let heights =
            || (0..).zip(self.counts).map(|(at, value)| (at, scaled(*value, max, HEIGHT)));
        let gap = u64::from(step > 3);
        for (class, marked) in [("fill", false), ("fill burst", true)] {
            let bars = heights().filter(|(at, _)| (self.marked)(*at) == marked);
            svg.bars(class, base, step - gap, bars.map(|(at, height)| (at * step, height)));
        }
        svg.base(0, width, base);
        let marks = (0..bars).filter(|at| (self.marked)(*at));
        let marks: Vec<_> = marks.map(|at| (at * step, base + 3)).collect();
        svg.cells("mark", &marks, (step, self.marks));
        let peak = (0..).zip(self.counts).find(|(_, value)| **value == max).map_or(0, |(at, _)| at);
        let label = format!("{} in {}", grouped(max), self.unit);
        let from_end = peak * step > width / 2;
        let x = if from_end { peak * step + step } else { peak * step };
        svg.text(if from_end { "number end" } else { "number" }, (x, TOP - 4), &label);
        svg.finish()
    }
}
