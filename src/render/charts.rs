//! Charts for HTML pages: inline SVG drawn from numbers and dates only.
//!
//! No text from a log can reach a chart: what is printed is a number, a date that was read as one,
//! or a word of ours. Colours and sizes of type come from the stylesheet by class; coordinates are
//! whole numbers, so that the same data give the same bytes. Zero is blank.

mod activity;
mod bars;
mod clock;
mod coverage;
mod days;
mod grid;
mod priorities;
mod sparkline;
mod starts;
mod strip;
mod svg;

use serde::{Deserialize, de::DeserializeOwned};
use tera::{Kwargs, State, Tera, TeraResult, Value};

pub use self::{
    activity::{Activity, activity},
    clock::clock,
    coverage::coverage,
    days::days,
    grid::hours,
    priorities::{PrioritiesOfDay, priorities},
    sparkline::{bar, sparkline, week_sparkline},
    starts::{StartsOfDay, starts},
    strip::strip,
};

/// One day of [`days`] and [`hours`].
#[derive(Clone, Debug, Deserialize)]
pub struct DayCount {
    /// The day, `YYYY-MM-DD`; anything else is left out.
    pub day: String,
    /// Alerts of the day.
    pub alerts: u64,
    /// Episodes that began on the day.
    pub episodes: u64,
    /// Alerts in each of its hours.
    pub hours: Vec<u64>,
}

/// Alerts of one hour of [`strip`].
#[derive(Clone, Debug, Deserialize)]
pub struct HourCount {
    /// The hour's first instant, RFC 3339; anything else is left out.
    pub hour: String,
    /// Alerts of the hour.
    pub count: u64,
}

/// Makes the charts known to an engine for HTML: `chart_days(days=)`, `chart_hours(days=)`,
/// `chart_clock(hours=)`, `chart_strip(hours=)`, `chart_activity(of=)`, `chart_coverage(hours=, within=,
/// total=)`, `chart_starts(days=)`, `chart_priorities(days=)`, `sparkline(values=)`, `week_sparkline(values=, median=)` and `bar(value=, max=)`.
pub fn register(tera: &mut Tera) {
    tera.register_function("chart_days", |args: Kwargs, _: &State| {
        draw(&args, |args: DaysArgs| days(&args.days))
    });
    tera.register_function("chart_hours", |args: Kwargs, _: &State| {
        draw(&args, |args: DaysArgs| hours(&args.days))
    });
    tera.register_function("chart_clock", |args: Kwargs, _: &State| {
        draw(&args, |args: ClockArgs| clock(&args.hours))
    });
    tera.register_function("chart_strip", |args: Kwargs, _: &State| {
        draw(&args, |args: StripArgs| strip(&args.hours))
    });
    tera.register_function("chart_activity", |args: Kwargs, _: &State| {
        draw(&args, |args: ActivityArgs| activity(&args.of))
    });
    tera.register_function("chart_coverage", |args: Kwargs, _: &State| {
        draw(&args, |args: CoverageArgs| coverage(&args.hours, &args.within, args.total))
    });
    tera.register_function("chart_starts", |args: Kwargs, _: &State| {
        draw(&args, |args: StartsArgs| starts(&args.days))
    });
    tera.register_function("chart_priorities", |args: Kwargs, _: &State| {
        draw(&args, |args: PrioritiesArgs| priorities(&args.days))
    });
    tera.register_function("week_sparkline", |args: Kwargs, _: &State| {
        draw(&args, |args: WeeksArgs| week_sparkline(&args.values, args.median))
    });
    tera.register_function("sparkline", |args: Kwargs, _: &State| {
        draw(&args, |args: SparklineArgs| sparkline(&args.values))
    });
    tera.register_function("bar", |args: Kwargs, _: &State| {
        draw(&args, |args: BarArgs| bar(args.value, args.max))
    });
}

#[derive(Deserialize)]
struct DaysArgs {
    days: Vec<DayCount>,
}

#[derive(Deserialize)]
struct StartsArgs {
    days: Vec<StartsOfDay>,
}

#[derive(Deserialize)]
struct PrioritiesArgs {
    days: Vec<PrioritiesOfDay>,
}

#[derive(Deserialize)]
struct ClockArgs {
    hours: Vec<u64>,
}

#[derive(Deserialize)]
struct StripArgs {
    hours: Vec<HourCount>,
}

#[derive(Deserialize)]
struct ActivityArgs {
    of: Activity,
}

#[derive(Deserialize)]
struct CoverageArgs {
    hours: String,
    within: String,
    total: u64,
}

#[derive(Deserialize)]
struct SparklineArgs {
    values: Vec<u64>,
}

#[derive(Deserialize)]
struct WeeksArgs {
    values: Vec<u64>,
    median: Option<f64>,
}

#[derive(Deserialize)]
struct BarArgs {
    value: u64,
    max: u64,
}

fn draw<Args: DeserializeOwned>(
    args: &Kwargs,
    chart: impl FnOnce(Args) -> String,
) -> TeraResult<Value> {
    Ok(Value::safe_string(&chart(args.deserialize()?)))
}

#[cfg(test)]
mod tests {
    use tera::Context;

    use super::*;

    #[test]
    fn a_template_gets_a_chart_unescaped_and_its_hostile_days_dropped() {
        let mut tera = Tera::new();
        register(&mut tera);
        tera.add_raw_template("page.html", "{{ chart_days(days=days) }}{{ bar(value=1, max=2) }}")
            .expect("the template is sound");
        let mut context = Context::new();
        context.insert(
            "days",
            &serde_json::json!([
                { "day": "2026-11-18", "alerts": 3, "episodes": 1, "hours": [3] },
                { "day": "<script>", "alerts": 9, "episodes": 1, "hours": [9] },
            ]),
        );
        let page = tera.render("page.html", &context).expect("the page renders");
        assert!(page.starts_with("<svg "), "{page}");
        assert!(!page.contains("script") && !page.contains("&lt;"), "{page}");
        assert_eq!(page.matches("</svg>").count(), 2);
    }
}
