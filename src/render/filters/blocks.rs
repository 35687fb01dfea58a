//! Charts of block characters, which every reader of Markdown shows.

use tera::{Kwargs, State, Tera, TeraResult};

use crate::hours::Hours;

/// Steps of a block that is filled from its left.
const EIGHTHS: [char; 8] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];
/// Steps of a block that is filled from its foot.
const STEPS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// Width of a bar in characters.
const BAR: u8 = 12;

/// Registers the charts of block characters.
pub fn register(engine: &mut Tera) {
    engine.register_function("block_bar", |kwargs: Kwargs, _: &State| -> TeraResult<String> {
        Ok(block_bar(kwargs.must_get("value")?, kwargs.must_get("max")?))
    });
    engine.register_function(
        "block_sparkline",
        |kwargs: Kwargs, _: &State| -> TeraResult<String> {
            Ok(block_sparkline(&kwargs.must_get::<Vec<u64>>("values")?))
        },
    );
    engine.register_function("block_hours", |kwargs: Kwargs, _: &State| -> TeraResult<String> {
        let (hours, within) = (kwargs.must_get("hours")?, kwargs.must_get("within")?);
        Ok(block_hours(hours, within, kwargs.must_get("total")?))
    });
    engine.register_function("block_marks", |kwargs: Kwargs, _: &State| -> TeraResult<String> {
        Ok(block_marks(&kwargs.must_get::<Vec<u64>>("places")?, kwargs.must_get("of")?))
    });
}

/// Eight blocks for each day of a week, of three hours each: as high as hours of it have data, a point
/// where none has, a light block where there are no data of any host.
fn block_hours(hours: &str, within: &str, total: u64) -> String {
    let (spoke, within) = (Hours::flags(hours, total), Hours::flags(within, total));
    let block = |at: usize| {
        let (spoke, within) = (&spoke[at..], &within[at..]);
        match (spoke.iter().take(3).filter(|hour| **hour).count(), within.first()) {
            (0, Some(false)) => '░',
            (0, _) => '·',
            (1, _) => STEPS[2],
            (2, _) => STEPS[5],
            _ => STEPS[7],
        }
    };
    let mut out = String::new();
    for at in (0..spoke.len()).step_by(3) {
        if at > 0 && at % 24 == 0 {
            out.push(' ');
        }
        out.push(block(at));
    }
    out
}

/// A mark under each bar at one of the places, to stand beneath a sparkline of so many.
fn block_marks(places: &[u64], of: u64) -> String {
    let mark = |place| if places.contains(&place) { '^' } else { ' ' };
    let marks: String = (0..of.min(1000)).map(mark).collect();
    marks.trim_end().to_owned()
}

fn block_bar(value: u64, max: u64) -> String {
    let eighths = usize::try_from(u128::from(value) * u128::from(BAR) * 8 / u128::from(max.max(1)));
    let eighths = eighths.unwrap_or(0).clamp(usize::from(value > 0), 8 * usize::from(BAR));
    let mut bar = String::from(STEPS[7]).repeat(eighths / 8);
    if let Some(part) = (eighths % 8).checked_sub(1) {
        bar.push(EIGHTHS[part]);
    }
    if bar.is_empty() { "·".to_owned() } else { bar }
}

fn block_sparkline(values: &[u64]) -> String {
    let max = values.iter().copied().max().unwrap_or(0).max(1);
    let step = |value: &u64| match value {
        0 => '·',
        value => STEPS[usize::try_from(u128::from(*value) * 7 / u128::from(max)).unwrap_or(7)],
    };
    values.iter().map(step).collect()
}
