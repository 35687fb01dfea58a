//! Episodes by rule and host.

use std::{cmp::Reverse, collections::BTreeMap};

use super::{
    book::{Subject, Sum},
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
    let (rules, other_rules) = foremost(view, |subject| match subject {
        Subject::Rule(rule) => Some(rule),
        _ => None,
    });
    let (hosts, other_hosts) = foremost(view, |subject| match subject {
        Subject::Host(host) => Some(host),
        _ => None,
    });
    let (columns, lines) =
        (hosts.len() + usize::from(other_hosts > 0), rules.len() + usize::from(other_rules > 0));
    let mut rows: Vec<GridRow> = (0..lines)
        .map(|at| GridRow {
            rule: rules.get(at).map(|rule| (*rule).into()),
            cells: vec![GridCell::default(); columns],
        })
        .collect();
    let place = |names: &[&str]| -> BTreeMap<String, usize> {
        names.iter().enumerate().map(|(at, name)| ((*name).to_owned(), at)).collect()
    };
    let (row_of, column_of) = (place(&rules), place(&hosts));
    for (key, pair) in &view.this.week.pairs {
        let row = row_of.get(&key.rule).copied().unwrap_or(rules.len());
        let column = column_of.get(&key.host).copied().unwrap_or(hosts.len());
        let cell = &mut rows[row].cells[column];
        cell.incidents += 1;
        cell.new += u64::from(view.change(&Subject::Pair(key)) == Some(Change::New));
        cell.episodes += Days::WEEK.sum(&pair.episodes);
        cell.alerts += Days::WEEK.sum(&pair.alerts);
    }
    shade(&mut rows);
    Grid { hosts: hosts.into_iter().map(Into::into).collect(), other_hosts, other_rules, rows }
}

/// The names with most episodes, and how many others there are.
fn foremost<'l>(
    view: &View<'_, 'l>,
    name: impl Fn(&Subject<'l>) -> Option<&'l str>,
) -> (Vec<&'l str>, u64) {
    let named = view.this.by.iter().filter_map(|(subject, sum)| Some((name(subject)?, sum)));
    let mut all: Vec<(&str, &Sum<'_>)> = named.collect();
    let size = |sum: &Sum<'_>| (Days::WEEK.sum(&sum.episodes), Days::WEEK.sum(&sum.alerts));
    all.sort_by_key(|(name, sum)| (Reverse(size(sum)), *name));
    // One other is shown itself.
    let own = if all.len() == OWN + 1 { all.len() } else { OWN };
    let others = all.len().saturating_sub(own) as u64;
    (all.into_iter().take(own).map(|(name, _)| name).collect(), others)
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
