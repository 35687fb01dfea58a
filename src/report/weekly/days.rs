//! The days of a week, by priority.

use super::view::View;
use crate::{history::Calendar, priority::Priority, report::WeekDay};

/// Its seven days. An episode counts on the day on which it began, under the priority of its incident.
pub fn days(view: &View<'_, '_>) -> Vec<WeekDay> {
    let calendar = Calendar::of(view.monday, view.book.zone);
    let mut days: Vec<WeekDay> = (0..7)
        .map(|day| WeekDay {
            day: calendar.day(day).to_string(),
            covered: view.this.week.covered.contains(day),
            ..WeekDay::default()
        })
        .collect();
    for pair in view.this.pairs.values() {
        for (day, (alerts, episodes)) in days.iter_mut().zip(pair.alerts.iter().zip(pair.episodes))
        {
            day.alerts += alerts;
            day.episodes += episodes;
            *class(day, pair.priority) += episodes;
        }
    }
    days
}

fn class(day: &mut WeekDay, priority: Priority) -> &mut u64 {
    match priority {
        Priority::Emergency | Priority::Alert | Priority::Critical => &mut day.critical,
        Priority::Error => &mut day.error,
        Priority::Warning => &mut day.warning,
        Priority::Notice | Priority::Informational | Priority::Debug => &mut day.notice,
    }
}
