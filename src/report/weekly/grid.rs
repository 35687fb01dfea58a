//! Episodes by rule and host.

use std::cmp::Reverse;

use hashbrown::HashMap;

use super::{
    book::{Subject, Sum},
    numbered::Numbered,
    view::{Change, View},
};
use crate::{
    days::Days,
    report::{Grid, GridCell, GridRow},
};

/// Rules, and hosts, that have a row or column of their own.
const OWN: usize = 12;

/// Shades of a cell.
const SHADES: u64 = 5;

/// The grid of a week.
pub fn grid(view: &View<'_, '_>) -> Grid {
    let names = view.book.names;
    let (rules, other_rules) = foremost(&view.this.rules);
    let (hosts, other_hosts) = foremost(&view.this.hosts);
    let (columns, lines) =
        (hosts.len() + usize::from(other_hosts > 0), rules.len() + usize::from(other_rules > 0));
    let mut rows: Vec<GridRow> = (0..lines)
        .map(|at| GridRow {
            rule: rules.get(at).map(|rule| names.rules.name(*rule).to_string()),
            cells: vec![GridCell::default(); columns],
        })
        .collect();
    let place = |numbers: &[u32]| -> HashMap<u32, usize> {
        numbers.iter().enumerate().map(|(at, number)| (*number, at)).collect()
    };
    let (row_of, column_of) = (place(&rules), place(&hosts));
    for (number, pair) in view.this.pairs.iter() {
        let (rule, host) = names.of_pair(number);
        let row = row_of.get(&rule).copied().unwrap_or(rules.len());
        let column = column_of.get(&host).copied().unwrap_or(hosts.len());
        let cell = &mut rows[row].cells[column];
        cell.incidents += 1;
        cell.new += u64::from(view.change(Subject::Pair(number)) == Some(Change::New));
        cell.episodes += Days::WEEK.sum(&pair.episodes);
        cell.alerts += Days::WEEK.sum(&pair.alerts);
    }
    shade(&mut rows);
    let hosts = hosts.into_iter().map(|host| names.hosts.name(host).to_string()).collect();
    Grid { hosts, other_hosts, other_rules, rows }
}

/// Those with most episodes, and how many others there are.
fn foremost(sums: &Numbered<Sum>) -> (Vec<u32>, u64) {
    let size = |sum: &Sum| (Days::WEEK.sum(&sum.episodes), Days::WEEK.sum(&sum.alerts));
    let mut all: Vec<_> = sums.iter().map(|(number, sum)| (Reverse(size(sum)), number)).collect();
    all.sort_unstable();
    // One other is shown itself.
    let own = if all.len() == OWN + 1 { all.len() } else { OWN };
    let others = all.len().saturating_sub(own) as u64;
    (all.into_iter().take(own).map(|(_, number)| number).collect(), others)
}

fn shade(rows: &mut [GridRow]) {
    let all = rows.iter().flat_map(|row| &row.cells);
    let most = all.map(|cell| cell.episodes).max().unwrap_or(0).max(1);
    for cell in rows.iter_mut().flat_map(|row| &mut row.cells).filter(|cell| cell.incidents > 0) {
        // The square root keeps small counts apart where one cell holds nearly all.
        let share = (cell.episodes.saturating_sub(1) * SHADES * SHADES / most).isqrt();
        cell.shade = u8::try_from(share.min(SHADES - 1) + 1).unwrap_or(1);
    }
}
