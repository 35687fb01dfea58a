//! A week held against the one before it.

use chrono::NaiveDate;

use super::book::{Book, HISTORY, RECENT, Seen, Subject, Sums};
use crate::{days::Days, history::Calendar, period::Period, priority::Priority};

use super::trend::notable;

/// A week and what it is compared with.
pub struct View<'b, 'l> {
    /// All weeks.
    pub book: &'b Book<'l>,
    /// The week's Monday.
    pub monday: NaiveDate,
    /// The week.
    pub this: &'b Sums<'l>,
    /// The week before, where both cover some day in common.
    pub last: Option<&'b Sums<'l>>,
    /// How everything changed that is in this week, the one before, or in each of the last four; empty
    /// where nothing is compared.
    pub changes: Vec<(Subject, Change)>,
}

/// How something changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Never seen before.
    New,
    /// Seen before, but not in the last four weeks.
    Returned,
    /// Notably more.
    Louder,
    /// Notably fewer.
    Quieter,
    /// Seen in each of the last weeks, and not now.
    GoneQuiet,
    /// Seen, and neither of these.
    AboutTheSame,
}

impl Change {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Returned => "returned",
            Self::Louder => "louder",
            Self::Quieter => "quieter",
            Self::GoneQuiet => "gone quiet",
            Self::AboutTheSame => "about the same",
        }
    }
}

/// Two counts that were compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Whether they are alerts, since the incident is continuous, and not episodes.
    pub alerts: bool,
    /// Of this week.
    pub now: u64,
    /// Of the week before.
    pub before: u64,
}

impl<'b, 'l> View<'b, 'l> {
    /// Looks at a week of a book; `None` where the book does not have it.
    pub fn new(book: &'b Book<'l>, monday: NaiveDate) -> Option<Self> {
        let this = book.weeks.get(&monday)?;
        let last = book.week(Calendar::back(monday, 1));
        let last = last.filter(|last| !last.week.covered.both(this.week.covered).is_empty());
        let mut view = Self { book, monday, this, last, changes: Vec::new() };
        view.changes = view.compared();
        Some(view)
    }

    /// The days that are counted: those that both weeks cover.
    pub fn days(&self) -> Days {
        let this = self.this.week.covered;
        self.last.map_or(this, |last| last.week.covered.both(this))
    }

    /// What this week is called.
    pub fn label(&self) -> String {
        Period::week(self.monday).label().into()
    }

    /// What the week before is called.
    pub fn last_label(&self) -> String {
        Period::week(Calendar::back(self.monday, 1)).label().into()
    }

    /// Weeks of data before this one, as far as they are looked at.
    pub fn weeks_before(&self) -> u64 {
        self.book.before(self.monday, HISTORY).count() as u64
    }

    /// Where something was last seen before this week.
    pub fn last_seen(&self, subject: Subject) -> Option<NaiveDate> {
        let earlier = self.book.weeks.range(..self.monday).rev();
        earlier.into_iter().find(|(_, sums)| sums.has(subject)).map(|(week, _)| *week)
    }

    /// The counts of something in this week and the one before.
    pub fn both(&self, subject: Subject) -> [Option<Seen<'_>>; 2] {
        [self.this.get(subject), self.last.and_then(|last| last.get(subject))]
    }

    /// The two counts of something, by which it is louder or quieter.
    pub fn counts(&self, both: &[Option<Seen<'_>>; 2]) -> Counts {
        let alerts = both.iter().flatten().any(|seen| seen.continuous);
        let [now, before] = both.map(|seen| {
            seen.map_or(0, |seen| self.days().sum(if alerts { seen.alerts } else { seen.episodes }))
        });
        Counts { alerts, now, before }
    }

    /// How something changed; `None` where it is in neither week, or there is none to compare with.
    pub fn change(&self, subject: Subject) -> Option<Change> {
        let at = self.changes.binary_search_by_key(&subject, |(subject, _)| *subject).ok()?;
        Some(self.changes[at].1)
    }

    /// Compares everything, in order.
    fn compared(&self) -> Vec<(Subject, Change)> {
        if self.last.is_none() {
            return Vec::new();
        }
        let weeks = std::iter::once(self.this).chain(self.book.before(self.monday, RECENT));
        let mut subjects: Vec<Subject> = weeks.flat_map(Sums::subjects).collect();
        subjects.sort_unstable();
        subjects.dedup();
        let quiet_before = self.quiet_before();
        let change = |subject| Some((subject, self.compare(subject, quiet_before)?));
        subjects.into_iter().filter_map(change).collect()
    }

    fn compare(&self, subject: Subject, quiet_before: Option<NaiveDate>) -> Option<Change> {
        let both = self.both(subject);
        let now = both[0].is_some();
        if now {
            match self.last_seen(subject) {
                None => return Some(Change::New),
                Some(seen) if quiet_before.is_some_and(|before| seen < before) => {
                    return Some(Change::Returned);
                }
                Some(_) => {}
            }
        } else if self.was_steady(subject) {
            return Some(Change::GoneQuiet);
        }
        let Counts { now: a, before: b, .. } = self.counts(&both);
        match notable(a, b) {
            true if a > b => Some(Change::Louder),
            true => Some(Change::Quieter),
            false => both.iter().any(Option::is_some).then_some(Change::AboutTheSame),
        }
    }

    /// The first of the last four weeks, where all of them have data.
    fn quiet_before(&self) -> Option<NaiveDate> {
        let recent = self.book.before(self.monday, RECENT).count() as u64;
        (recent == RECENT).then(|| Calendar::back(self.monday, RECENT))
    }

    /// Whether something was seen, on the days that are compared, in each of the last four weeks
    /// that have data of them.
    fn was_steady(&self, subject: Subject) -> bool {
        let days = self.days();
        let mut recent = self
            .book
            .before(self.monday, RECENT)
            .filter(|sums| !sums.week.covered.both(days).is_empty())
            .peekable();
        recent.peek().is_some()
            && recent.all(|sums| sums.get(subject).is_some_and(|seen| seen.on(days)))
    }
}

/// The highest priority of something in two weeks.
pub fn priority(both: &[Option<Seen<'_>>; 2]) -> Priority {
    both.iter().flatten().map(|seen| seen.priority).min().unwrap_or(Priority::Debug)
}
