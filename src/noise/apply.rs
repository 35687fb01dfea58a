//! What an exception would have hidden: it is tried on the values that the alerts had.

use std::collections::{BTreeMap, BTreeSet};

use super::{Group, draft::Draft};
use crate::{
    group::{Combination, JOINT_FIELDS},
    report::{Hidden, Price},
};

/// Things beside what the exception was made for that are listed.
const LISTED: usize = 20;

/// What a combination comes to.
enum Fate {
    /// It stays.
    Stays,
    /// It is hidden.
    Hidden,
    /// It may be hidden: a value was cut, and what is left does not tell.
    Unknown,
}

/// Tries an exception on every alert of its rule.
pub fn price(draft: &Draft, groups: &[Group<'_>]) -> Price {
    let mut price = Price {
        alerts_removed: 0,
        alerts: groups.iter().map(|group| group.count).sum(),
        incidents_removed: 0,
        incidents_thinned: 0,
        incidents: groups.len() as u64,
        also_hidden: Vec::new(),
        also_hidden_more: 0,
        exact: true,
        untried: 0,
    };
    let mut also: BTreeMap<(String, String), (u64, BTreeSet<&str>)> = BTreeMap::new();
    for group in groups {
        let (mut removed, mut tried) = (0, 0);
        for combination in &group.joint.list {
            match fate(draft, combination) {
                Fate::Unknown => continue,
                Fate::Stays => {}
                Fate::Hidden => {
                    removed += combination.count;
                    if let Some(key) = beside(draft, combination) {
                        let (alerts, hosts) = also.entry(key).or_default();
                        *alerts += combination.count;
                        hosts.insert(group.host);
                    }
                }
            }
            tried += combination.count;
        }
        price.alerts_removed += removed;
        price.untried += group.count - tried;
        price.incidents_removed += u64::from(removed == group.count);
        price.incidents_thinned += u64::from(removed > 0 && removed < group.count);
    }
    price.exact = price.untried == 0;
    list(&mut price, also);
    price
}

fn fate(draft: &Draft, combination: &Combination<'_>) -> Fate {
    let mut unknown = false;
    for row in &draft.rows {
        let mut all = Some(true);
        for (field, written) in draft.fields.iter().zip(&row.written) {
            let told = combination.values[*field]
                .map_or(Some(false), |value| written.hides(value, Combination::is_cut(value)));
            all = match (all, told) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (None, _) | (_, None) => None,
                _ => Some(true),
            };
        }
        match all {
            Some(true) => return Fate::Hidden,
            Some(false) => {}
            None => unknown = true,
        }
    }
    if unknown { Fate::Unknown } else { Fate::Stays }
}

/// What a hidden combination is beside what the exception was made for: another shape, or another
/// value where values are not compared as a whole.
fn beside(draft: &Draft, combination: &Combination<'_>) -> Option<(String, String)> {
    if *combination.shape != *draft.shape {
        return Some(("shape".to_owned(), combination.shape.to_string()));
    }
    let [_, field] = draft.fields;
    let value = combination.values[field]?;
    let named = draft.rows.iter().any(|row| row.value == value);
    (!named).then(|| (JOINT_FIELDS[field].to_owned(), value.to_owned()))
}

fn list(price: &mut Price, also: BTreeMap<(String, String), (u64, BTreeSet<&str>)>) {
    let mut all: Vec<_> = also
        .into_iter()
        .map(|((what, text), (alerts, hosts))| Hidden {
            what,
            text,
            alerts,
            hosts: hosts.len() as u64,
        })
        .collect();
    all.sort_by(|a, b| {
        b.alerts.cmp(&a.alerts).then_with(|| (&a.what, &a.text).cmp(&(&b.what, &b.text)))
    });
    price.also_hidden_more = all.len().saturating_sub(LISTED) as u64;
    all.truncate(LISTED);
    price.also_hidden = all;
}
