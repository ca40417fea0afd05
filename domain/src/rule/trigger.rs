//! What sets a rule off: something that happens, or the clock.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::command::Invalid;
use crate::value::{Offset, TimeOfDay, Weekday, words};

/// The event that a rule finds where the clock set it off.
pub const CAME_DUE: &str = "rule_run.came_due";

/// A month has no more days; two of them have every day of the month once at least.
const TWO_MONTHS: usize = 62;

/// What sets a rule off: one of the three.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = rule::Trigger)]
pub struct Trigger {
    /// Stored names of events.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!(["customer.status_changed"]))]
    pub events: Vec<String>,
    /// Again and again, for every customer that the rule is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
    /// A date of the customer's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<DateTrigger>,
}

words! {
    /// How often.
    Every {
        Day = "day",
        Week = "week",
        Month = "month",
    }
}

/// Days and a time of day, in the rule's time zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = rule::Schedule)]
pub struct Schedule {
    pub every: Every,
    /// Of a week.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weekdays: Vec<Weekday>,
    /// Of a month; where it has no such day, its last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 31)]
    pub day: Option<i8>,
    #[schema(value_type = String, example = "09:00")]
    pub at: TimeOfDay,
}

words! {
    /// A date to count from.
    DateField {
        /// Of an invoice on which something is open.
        InvoiceDueOn = "invoice.due_on",
        /// Of an open task.
        TaskDueOn = "task.due_on",
        /// Of a quote that was sent and not answered.
        QuoteValidUntil = "quote.valid_until",
    }
}

/// A date, so much before or after it, and a time of day in the rule's time zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = rule::DateTrigger)]
pub struct DateTrigger {
    pub field: DateField,
    /// In days, weeks, months or years: `-P3D`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<Offset>,
    #[schema(value_type = String, example = "09:00")]
    pub at: TimeOfDay,
}

impl Trigger {
    /// The names of the events whose fields the rule can ask for.
    pub fn event_names(&self) -> impl Iterator<Item = &str> {
        let clock = self.is_the_clock().then_some(CAME_DUE);
        self.events.iter().map(String::as_str).chain(clock)
    }

    /// Whether time alone sets the rule off.
    pub fn is_the_clock(&self) -> bool {
        self.schedule.is_some() || self.date.is_some()
    }

    /// The first moment after this one at which it looks whom the rule is for.
    pub fn next(&self, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        match (&self.schedule, &self.date) {
            (Some(schedule), _) => next_day(after, zone, schedule.at, |day| schedule.falls_on(day)),
            (None, Some(date)) => next_day(after, zone, date.at, |_| true),
            (None, None) => None,
        }
    }

    pub(super) fn summary(&self) -> String {
        match (&self.schedule, &self.date) {
            (Some(schedule), _) => format!("every {} at {}", schedule.every, schedule.at),
            (None, Some(DateTrigger { field, offset: Some(offset), at })) => {
                format!("{offset} from {field} at {at}")
            }
            (None, Some(DateTrigger { field, offset: None, at })) => format!("on {field} at {at}"),
            (None, None) => format!("on {}", self.events.join(" or ")),
        }
    }

    /// Checks what the clock sets off; events are checked where they are known.
    pub(super) fn check(&self) -> Result<(), Invalid> {
        const CODE: &str = "invalid_field";
        let kinds = [!self.events.is_empty(), self.schedule.is_some(), self.date.is_some()];
        if kinds.iter().filter(|there| **there).count() > 1 {
            let detail = "a rule is set off by events, by a schedule or by a date: by one of them";
            return Err(Invalid::new("/trigger", CODE, detail));
        }
        let at = |pointer: &str, detail: &str| {
            Err(Invalid::new(format!("/trigger/{pointer}"), CODE, detail))
        };
        if let Some(Schedule { every, weekdays, day, at: _ }) = &self.schedule {
            match every {
                Every::Week if weekdays.is_empty() => {
                    return at("schedule/weekdays", "every week on which days?");
                }
                Every::Day | Every::Month if !weekdays.is_empty() => {
                    return at("schedule/weekdays", "only a week has weekdays");
                }
                Every::Month if !day.is_some_and(|day| (1..=31).contains(&day)) => {
                    return at("schedule/day", "every month on which day, 1 to 31?");
                }
                Every::Day | Every::Week if day.is_some() => {
                    return at("schedule/day", "only a month has a day of its own");
                }
                Every::Day | Every::Week | Every::Month => {}
            }
        }
        let offset = self.date.as_ref().and_then(|date| date.offset.as_ref());
        if offset.is_some_and(|offset| !offset.is_of_days()) {
            return at("date/offset", "an offset from a date is in days, weeks, months or years");
        }
        Ok(())
    }
}

impl Schedule {
    fn falls_on(&self, day: Date) -> bool {
        match self.every {
            Every::Day => true,
            Every::Week => self.weekdays.contains(&Weekday::from(day.weekday())),
            Every::Month => {
                self.day.is_some_and(|wanted| day.day() == wanted.min(day.days_in_month()))
            }
        }
    }
}

impl DateTrigger {
    /// When a record with this date is due.
    pub fn due(&self, date: Date, zone: &TimeZone) -> Option<Timestamp> {
        let start = at(date, self.at.time(), zone)?;
        let moment = match &self.offset {
            Some(offset) => offset.from(&start)?,
            None => start,
        };
        Some(moment.timestamp())
    }

    /// The first and the last date of what can be due at this moment. Months have different
    /// lengths, so some of what is between them is not.
    pub fn dates(&self, due: Timestamp, zone: &TimeZone) -> Option<(Date, Date)> {
        let day = due.to_zoned(zone.clone()).date();
        let Some(offset) = &self.offset else { return Some((day, day)) };
        let near = offset.back(day)?;
        Some((near.checked_sub(4.days()).ok()?, near.checked_add(4.days()).ok()?))
    }
}

/// The first time after a moment that it is so late, on a day that counts. A time that a clock
/// change leaves out is as much later as the clocks were put forward; of a time that comes twice it
/// is the first.
fn next_day(
    after: Timestamp,
    zone: &TimeZone,
    time: TimeOfDay,
    counts: impl Fn(Date) -> bool,
) -> Option<Timestamp> {
    let mut day = after.to_zoned(zone.clone()).date();
    for _ in 0..=TWO_MONTHS {
        if counts(day) {
            let moment = at(day, time.time(), zone)?.timestamp();
            if moment > after {
                return Some(moment);
            }
        }
        day = day.tomorrow().ok()?;
    }
    None
}

pub(super) fn at(day: Date, time: Time, zone: &TimeZone) -> Option<Zoned> {
    day.to_datetime(time).to_zoned(zone.clone()).ok()
}

#[cfg(test)]
mod tests;
