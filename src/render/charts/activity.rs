//! How the alerts of one episode lie in time, with its bursts.

use serde::Deserialize;

use super::bars::Bars;
use crate::wording::{count, span};

/// Height of the marks of bursts.
const MARK: u64 = 3;
/// Bars beyond which none is drawn.
const BARS: usize = 200;

/// One episode in bars.
#[derive(Clone, Debug, Deserialize)]
pub struct Activity {
    /// Seconds of a bar.
    pub bar_seconds: u64,
    /// Alerts of each.
    pub counts: Vec<u64>,
    /// Places of those in which a burst lies.
    pub bursts: Vec<u64>,
}

/// Alerts of each bar, with those of a burst marked.
pub fn activity(activity: &Activity) -> String {
    let counts = &activity.counts[..activity.counts.len().min(BARS)];
    let max = counts.iter().copied().max().unwrap_or(0);
    if max == 0 {
        return String::new();
    }
    let unit = span(activity.bar_seconds);
    let desc = format!(
        "{} of {unit}; the highest stands for {}; {} in a burst.",
        count(counts.len() as u64, "bar", "bars"),
        count(max, "alert", "alerts"),
        match activity.bursts.len() as u64 {
            0 => "none lies".to_owned(),
            1 => "1 lies".to_owned(),
            many => format!("{many} lie"),
        },
    );
    let bars = Bars {
        class: "chart activity",
        title: format!("Alerts per {unit}, with bursts marked"),
        desc,
        unit: &unit,
        counts,
        marked: &|place| activity.bursts.contains(&place),
        marks: MARK,
    };
    bars.draw()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_has_a_mark_beneath_its_bars() {
        let drawn = activity(&Activity {
            bar_seconds: 10,
            counts: vec![1, 0, 30, 12, 1],
            bursts: vec![2, 3],
        });
        assert!(drawn.contains("<title>Alerts per 10 s, with bursts marked</title>"), "{drawn}");
        assert!(
            drawn.contains("5 bars of 10 s; the highest stands for 30 alerts; 2 lie in a burst."),
            "{drawn}"
        );
        assert!(drawn.contains("class=\"fill burst\""), "{drawn}");
        assert!(drawn.contains("class=\"mark\" d=\"M48 65h24v3h-24zM72 65h24v3h-24z\""), "{drawn}");
        let calm = activity(&Activity { bar_seconds: 10, counts: vec![1, 1], bursts: vec![] });
        assert!(!calm.contains("mark\"") && calm.contains("none lies in a burst"), "{calm}");
    }

    #[test]
    fn numbers_from_outside_make_no_huge_chart() {
        let wild = Activity {
            bar_seconds: u64::MAX,
            counts: vec![u64::MAX; 10_000],
            bursts: vec![u64::MAX],
        };
        assert!(activity(&wild).len() < 6_000);
        assert_eq!(activity(&Activity { bar_seconds: 1, counts: vec![], bursts: vec![] }), "");
    }
}
