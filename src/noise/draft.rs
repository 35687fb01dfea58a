//! A draft of an exception for the dominant shape of a rule, as narrow as Falco can be told.

use std::collections::BTreeMap;

use super::Group;
use crate::{
    falco::{self, Comparison, Written},
    group::{Combination, JOINT_FIELDS},
    report::Exception,
    slug,
};

/// Rows of an exception.
const ROWS: usize = 5;

/// Characters of its arguments that a beginning of a command line must have.
const ARGUMENTS: usize = 4;

/// What tells alerts apart: a field for the value itself, and an anchor beside it that keeps the
/// exception narrow; the first anchor that is there is taken.
const KINDS: [(&str, &[&str]); 2] = [
    ("proc.cmdline", &["container.image.repository", "proc.pname", "proc.name"]),
    ("ka.user.name", &["ka.target.namespace", "ka.target.resource"]),
];

/// An exception before it is written out.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Shape that it is made for.
    pub shape: String,
    /// Places of its fields in [`JOINT_FIELDS`]: the anchor, and the field of the value.
    pub fields: [usize; 2],
    /// Rows; in a column all have the same comparison.
    pub rows: Vec<Row>,
}

/// One row of an exception.
#[derive(Clone, Debug)]
pub struct Row {
    /// What each field is compared with.
    pub written: [Written; 2],
    /// The value that it is made for.
    pub value: String,
}

/// Values of the two fields, with their alerts.
type Pairs<'g> = Vec<((&'g str, &'g str), u64)>;

/// Drafts an exception for a shape; the error says in a sentence why there is none.
pub fn draft(shape: &str, groups: &[Group<'_>]) -> Result<Draft, String> {
    let all = || groups.iter().flat_map(|group| &group.joint.list);
    let of_shape: Vec<_> = all().filter(|combination| *combination.shape == *shape).collect();
    if of_shape.is_empty() {
        return Err("No exception can be drafted: the alerts have more different values than are \
                    kept, and none of its dominant shape is among them."
            .into());
    }
    let total: u64 = of_shape.iter().map(|combination| combination.count).sum();
    for (field, anchors) in KINDS {
        for anchor in anchors {
            let fields = [place(anchor), place(field)];
            let pairs = pairs(&of_shape, fields);
            let covered: u64 = pairs.iter().map(|(_, count)| count).sum();
            if covered * 2 > total {
                let rows = rows(&pairs, total)?;
                return Ok(Draft { shape: shape.to_owned(), fields, rows });
            }
        }
    }
    Err(nothing_to_tell_by(&of_shape))
}

fn nothing_to_tell_by(combinations: &[&Combination<'_>]) -> String {
    let has = |field| combinations.iter().any(|one| one.values[place(field)].is_some());
    if has("proc.cmdline") {
        return "No exception can be drafted that is narrow enough: most alerts carry a command line \
                but neither an image nor a parent process; add proc.pname to the rule's output."
            .into();
    }
    "No exception can be drafted that is narrow enough: most alerts carry neither proc.cmdline nor, \
     for audit logs, ka.user.name with a namespace; add them to the rule's output."
        .into()
}

fn place(field: &str) -> usize {
    JOINT_FIELDS.iter().position(|name| *name == field).unwrap_or(0)
}

fn pairs<'g>(combinations: &[&Combination<'g>], fields: [usize; 2]) -> Pairs<'g> {
    let mut counts: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for combination in combinations {
        let [anchor, value] = fields.map(|field| combination.values[field]);
        if let (Some(anchor), Some(value)) = (anchor, value) {
            *counts.entry((anchor, value)).or_default() += combination.count;
        }
    }
    let mut pairs: Pairs<'g> = counts.into_iter().collect();
    pairs.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    pairs
}

/// The most frequent values as they are, where they make half of the shape; else the beginning
/// that all values of an anchor share; else the most frequent values after all.
fn rows(pairs: &Pairs<'_>, total: u64) -> Result<Vec<Row>, String> {
    let (rows, covered) = frequent(pairs, total);
    if covered * 2 < total
        && let Some(row) = shared_beginning(pairs, total)
    {
        return Ok(vec![row]);
    }
    if !rows.is_empty() {
        return Ok(rows);
    }
    let first = pairs.iter().map(|((anchor, value), _)| row(anchor, value)).next();
    let first = first.ok_or("No exception can be drafted: the alerts carry no values.")?;
    first.map(|row| vec![row]).map_err(|refusal| format!("No exception can be drafted: {refusal}."))
}

/// Rows for values that each make a twentieth of the shape, all with the comparisons of the
/// first; and their alerts.
fn frequent(pairs: &Pairs<'_>, total: u64) -> (Vec<Row>, u64) {
    let (mut rows, mut covered): (Vec<Row>, u64) = (Vec::new(), 0);
    for ((anchor, value), count) in pairs.iter().filter(|(_, count)| *count * 20 >= total) {
        let Ok(row) = row(anchor, value) else { continue };
        let alike = rows.first().is_none_or(|first| first.comparisons() == row.comparisons());
        if alike && rows.len() < ROWS {
            rows.push(row);
            covered += count;
        }
    }
    (rows, covered)
}

fn row(anchor: &str, value: &str) -> Result<Row, falco::Refusal> {
    let written = [falco::written(anchor)?, falco::written(value)?];
    Ok(Row { written, value: value.to_owned() })
}

impl Row {
    fn comparisons(&self) -> [Comparison; 2] {
        self.written.each_ref().map(|written| written.comparison)
    }
}

/// The anchor with the most alerts, and the beginning that its values share, if it is long enough
/// to tell one job from another.
fn shared_beginning(pairs: &Pairs<'_>, total: u64) -> Option<Row> {
    let mut anchors: BTreeMap<&str, u64> = BTreeMap::new();
    for ((anchor, _), count) in pairs {
        *anchors.entry(anchor).or_default() += count;
    }
    let (anchor, count) = anchors.into_iter().max_by_key(|(_, count)| *count)?;
    if count * 2 < total {
        return None;
    }
    let mut values =
        pairs.iter().filter(|((of, _), _)| *of == anchor).map(|((_, value), _)| *value);
    let first = values.next()?;
    let end = values.fold(first.len(), |end, value| end.min(common(first, value)));
    let beginning = falco::beginning(first.get(..end)?).ok()?;
    let written = [falco::written(anchor).ok()?, beginning];
    let value = first.to_owned();
    tells_a_job(&written[1].operand).then_some(Row { written, value })
}

/// Bytes that two texts begin with in common, to the end of a character.
fn common(a: &str, b: &str) -> usize {
    let same = a.char_indices().zip(b.chars()).find(|((_, a), b)| a != b);
    same.map_or(a.len().min(b.len()), |((at, _), _)| at)
}

/// Whether the beginning of a command line says more than which program runs: `sh -c` would let
/// everything through.
fn tells_a_job(beginning: &str) -> bool {
    let arguments = beginning.split_ascii_whitespace().skip(1);
    let telling = arguments.filter(|word| !word.starts_with('-')).map(|word| word.chars().count());
    telling.sum::<usize>() >= ARGUMENTS
}

impl Draft {
    /// The exception as the report tells of it.
    pub fn exception(&self, rule: &str) -> Exception {
        let fields: Vec<_> = self.fields.iter().map(|at| JOINT_FIELDS[*at].to_owned()).collect();
        let first = self.rows.first().map(Row::comparisons);
        let comps: Vec<_> =
            first.iter().flatten().map(|comparison| comparison.word().to_owned()).collect();
        let row = |row: &Row| row.written.each_ref().map(Written::string).to_vec();
        let values: Vec<_> = self.rows.iter().map(row).collect();
        let mut parts = vec![rule];
        parts.extend(fields.iter().chain(&comps).map(String::as_str));
        parts.extend(values.iter().flatten().map(String::as_str));
        Exception { name: format!("tune_{}", slug::digest(&parts)), fields, comps, values }
    }
}

/// A rules file with an exception, as Falco loads it after the file that has the rule.
pub fn yaml(rule: &str, exception: &Exception) -> String {
    let list = |items: &[String]| {
        items.iter().map(|item| falco::yaml(item)).collect::<Vec<_>>().join(", ")
    };
    let rows: String =
        exception.values.iter().map(|row| format!("        - [{}]\n", list(row))).collect();
    format!(
        "# A draft: read it and what it would have hidden before you load it.\n\
         - rule: {}\n  exceptions:\n    - name: {}\n      fields: [{}]\n      comps: [{}]\n      \
         values:\n{rows}  override:\n    exceptions: append\n",
        falco::yaml(rule),
        exception.name,
        list(&exception.fields),
        list(&exception.comps),
    )
}
