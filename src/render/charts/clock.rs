//! At what time of the day: 24 bars.

use super::svg::{Svg, grouped, scaled};

const STEP: u64 = 20;
const TOP: u64 = 14;
const HEIGHT: u64 = 56;

/// Alerts by hour of the day, all days together. Nothing where all are zero.
pub fn clock(hours: &[u64]) -> String {
    let hours = &hours[..hours.len().min(24)];
    let max = hours.iter().copied().max().unwrap_or(0);
    if max == 0 {
        return String::new();
    }
    let peak = (0..).zip(hours).find(|(_, count)| **count == max).map_or(0, |(hour, _)| hour);
    let active = hours.iter().filter(|count| **count > 0).count();
    let desc =
        format!("Most alerts, {}, from {peak:02}:00; {active} of 24 hours had any.", grouped(max));
    let base = TOP + HEIGHT;
    let mut svg = Svg::new("chart clock", 24 * STEP, base + 16, "Alerts by hour of the day", &desc);
    let heights = hours.iter().map(|count| scaled(*count, max, HEIGHT));
    svg.bars("fill", base, STEP - 4, (0..).map(|hour| hour * STEP + 2).zip(heights));
    svg.base(0, 24 * STEP, base);
    for hour in (0..24).step_by(3) {
        svg.text("middle", (hour * STEP + STEP / 2, base + 13), &format!("{hour:02}"));
    }
    svg.text(
        "number middle",
        ((peak * STEP + STEP / 2).clamp(22, 24 * STEP - 22), TOP - 4),
        &grouped(max),
    );
    svg.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_hour_with_alerts_has_a_bar_and_the_peak_its_number() {
        let mut hours = [0; 24];
        hours[2] = 40;
        hours[14] = 10;
        let svg = clock(&hours);
        assert!(svg.contains("Most alerts, 40, from 02:00; 2 of 24 hours had any."), "{svg}");
        assert!(svg.contains("M42 70v-56h16v56zM282 70v-14h16v14z"), "{svg}");
        assert!(svg.contains(">40</text>"));
    }

    #[test]
    fn no_alerts_make_no_chart() {
        assert_eq!(clock(&[0; 24]), "");
        assert_eq!(clock(&[]), "");
    }
}
