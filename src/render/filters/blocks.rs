//! Charts of block characters, which every reader of Markdown shows.

use tera::{Kwargs, State, Tera, TeraResult};

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
