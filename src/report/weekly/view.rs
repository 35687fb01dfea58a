//! A week held against the one before it.

use chrono::NaiveDate;

use super::book::{Book, HISTORY, RECENT, Subject, Sum, Sums};
use crate::{days::Days, history::Calendar, period::Period};

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
        Some(Self { book, monday, this, last })
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
    pub fn last_seen(&self, subject: &Subject<'_>) -> Option<NaiveDate> {
        let earlier = self.book.weeks.range(..self.monday).rev();
        earlier.into_iter().find(|(_, sums)| sums.by.contains_key(subject)).map(|(week, _)| *week)
    }

    /// The two counts of something, by which it is louder or quieter.
    pub fn counts(&self, subject: &Subject<'_>) -> Counts {
        let now = self.this.by.get(subject);
        let before = self.last.and_then(|last| last.by.get(subject));
        let alerts = [now, before].into_iter().flatten().any(|sum| sum.continuous);
        let count = |sum: Option<&Sum<'_>>| {
            sum.map_or(0, |sum| self.days().sum(if alerts { &sum.alerts } else { &sum.episodes }))
        };
        Counts { alerts, now: count(now), before: count(before) }
    }

    /// How something changed; `None` where it is in neither week, or there is none to compare with.
    pub fn change(&self, subject: &Subject<'_>) -> Option<Change> {
        let last = self.last?;
        let now = self.this.by.contains_key(subject);
        if now {
            match self.last_seen(subject) {
                None => return Some(Change::New),
                Some(seen) if self.quiet_since(seen) => return Some(Change::Returned),
                Some(_) => {}
            }
        } else if self.was_steady(subject) {
            return Some(Change::GoneQuiet);
        }
        let Counts { now: a, before: b, .. } = self.counts(subject);
        match notable(a, b) {
            true if a > b => Some(Change::Louder),
            true => Some(Change::Quieter),
            false => (now || last.by.contains_key(subject)).then_some(Change::AboutTheSame),
        }
    }

    /// Whether the last four weeks have data, and come after a week.
    fn quiet_since(&self, seen: NaiveDate) -> bool {
        let recent = self.book.before(self.monday, RECENT).count() as u64;
        recent == RECENT && seen < Calendar::back(self.monday, RECENT)
    }

    /// Whether something was seen, on the days that are compared, in each of the last four weeks
    /// that have data of them.
    fn was_steady(&self, subject: &Subject<'_>) -> bool {
        let days = self.days();
        let mut recent = self
            .book
            .before(self.monday, RECENT)
            .filter(|sums| !sums.week.covered.both(days).is_empty())
            .peekable();
        recent.peek().is_some()
            && recent.all(|sums| sums.by.get(subject).is_some_and(|sum| sum.seen(days)))
    }
}
