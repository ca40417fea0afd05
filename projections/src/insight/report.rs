//! How many risk flags of each type were raised, cleared and open over time (F79).

use std::collections::BTreeMap;

use domain::access::Scope;
use domain::organisation::Organisation;
use domain::value::RiskFlagType;
use eventstore::Store;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde_json::{Value, json};

use super::Insight;
use crate::error::Error;
use crate::page::position;
use crate::read_model::ReadModel;
use crate::reader::{Reach, connection, reading};

const REPORT: &str = include_str!("report.sql");

/// More rows than anybody reads.
const MOST: usize = 400;

/// How long a period of the report is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Step {
    Day,
    /// From Monday on.
    Week,
    #[default]
    Month,
}

/// Which time the report is about; what is not said is the time up to today.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wanted {
    pub from: Option<Date>,
    pub to: Option<Date>,
    pub step: Step,
}

/// Why there is no such report.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PeriodsError {
    #[error("to ({to}) lies before from ({from})")]
    Backwards { from: Date, to: Date },
    #[error("a report has at most {MOST} periods; ask for longer ones by `by`, or for less time")]
    TooMany,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Counts {
    raised: i64,
    cleared: i64,
    open: i64,
}

/// The counts of flags on customers within reach, by type and period, and the position of the read
/// model. Days are those of the organisation.
pub async fn risk_flags(
    store: &Store,
    scope: &Scope,
    wanted: &Wanted,
) -> Result<(Value, i64), Error> {
    let organisation = scope.organisation();
    let (_, state) = store.load::<Organisation>(organisation, organisation).await?;
    let zone = state.time_zone();
    let today = Timestamp::now().to_zoned(zone.clone()).date();
    let periods = Periods::of(wanted, today)?;
    let reach = Reach::of(scope);
    let mut client = connection(store).await?;
    let tx = reading(&mut client, scope).await?;
    let statement = tx.prepare_cached(REPORT).await?;
    let moments = periods.moments(&zone);
    let rows = tx
        .query(&statement, &[&organisation, &moments, &reach.all, &reach.folders, &reach.workers])
        .await?;
    let mut table = Table::new(periods);
    for row in rows {
        let (raised, cleared): (i32, Option<i32>) =
            (row.try_get("raised")?, row.try_get("cleared")?);
        table.count(row.try_get("risk")?, raised, cleared, row.try_get("flags")?);
    }
    let position = position(&tx, Insight::NAME, organisation).await?;
    Ok((table.body(), position))
}

/// The periods by their first days, and the last day of all.
struct Periods {
    firsts: Vec<Date>,
    to: Date,
}

impl Periods {
    fn of(wanted: &Wanted, today: Date) -> Result<Self, PeriodsError> {
        let to = wanted.to.unwrap_or(today);
        let from = wanted.from.unwrap_or_else(|| match wanted.step {
            Step::Day => to.saturating_sub(Span::new().days(29)),
            Step::Week => wanted.step.begins(to).saturating_sub(Span::new().weeks(11)),
            Step::Month => wanted.step.begins(to).saturating_sub(Span::new().months(11)),
        });
        if to < from {
            return Err(PeriodsError::Backwards { from, to });
        }
        let mut firsts = vec![from];
        let mut next = wanted.step.after(from);
        // Behind the last day of the calendar there is no other.
        while next <= to && firsts.last() < Some(&next) {
            if firsts.len() == MOST {
                return Err(PeriodsError::TooMany);
            }
            firsts.push(next);
            next = wanted.step.after(next);
        }
        Ok(Self { firsts, to })
    }

    /// When each begins where the organisation is, and when the last one has ended.
    fn moments(&self, zone: &TimeZone) -> Vec<i64> {
        let end = self.to.saturating_add(Span::new().days(1));
        let begins = |day: &Date| {
            let begins = day.to_zoned(zone.clone()).ok();
            begins.map_or(i64::MAX, |begins| begins.timestamp().as_microsecond())
        };
        self.firsts.iter().chain([&end]).map(begins).collect()
    }
}

impl Step {
    /// The first day of the period in which this day lies.
    fn begins(self, day: Date) -> Date {
        match self {
            Self::Day => day,
            Self::Week => {
                let since = day.weekday().since(Weekday::Monday);
                day.saturating_sub(Span::new().days(since))
            }
            Self::Month => day.first_of_month(),
        }
    }

    /// The first day of the period behind it.
    fn after(self, day: Date) -> Date {
        let step = match self {
            Self::Day => Span::new().days(1),
            Self::Week => Span::new().weeks(1),
            Self::Month => Span::new().months(1),
        };
        self.begins(day).saturating_add(step)
    }
}

struct Table {
    periods: Periods,
    /// Of each type, by period.
    counts: BTreeMap<String, Vec<Counts>>,
}

impl Table {
    fn new(periods: Periods) -> Self {
        let none = vec![Counts::default(); periods.firsts.len()];
        let types = RiskFlagType::ALL.iter().map(|kind| (kind.name().to_owned(), none.clone()));
        Self { counts: types.collect(), periods }
    }

    /// Flags raised and cleared in the periods of these numbers: 0 is before the first, and one
    /// more than there are is behind the last.
    fn count(&mut self, kind: &str, raised: i32, cleared: Option<i32>, flags: i64) {
        let Some(counts) = self.counts.get_mut(kind) else { return };
        for (number, counts) in (1..).zip(counts) {
            if raised == number {
                counts.raised += flags;
            }
            if cleared == Some(number) {
                counts.cleared += flags;
            }
            if raised <= number && cleared.is_none_or(|cleared| cleared > number) {
                counts.open += flags;
            }
        }
    }

    fn body(&self) -> Value {
        let Periods { firsts, to } = &self.periods;
        let ends = firsts.iter().skip(1).map(|next| next.saturating_sub(Span::new().days(1)));
        let periods = firsts.iter().zip(ends.chain([*to])).enumerate().map(|(at, (from, to))| {
            let of = |counts: &Vec<Counts>| counts.get(at).copied().unwrap_or_default();
            json!({ "from": from, "to": to, "types": self.types(of) })
        });
        let whole = |counts: &Vec<Counts>| Counts {
            raised: counts.iter().map(|counts| counts.raised).sum(),
            cleared: counts.iter().map(|counts| counts.cleared).sum(),
            open: counts.last().map_or(0, |counts| counts.open),
        };
        json!({
            "from": firsts.first(),
            "to": to,
            "types": self.types(whole),
            "periods": periods.collect::<Vec<_>>(),
        })
    }

    fn types(&self, of: impl Fn(&Vec<Counts>) -> Counts) -> Vec<Value> {
        let row = |kind: &RiskFlagType| {
            let Counts { raised, cleared, open } =
                self.counts.get(kind.name()).map(&of).unwrap_or_default();
            json!({ "type": kind, "raised": raised, "cleared": cleared, "open": open })
        };
        RiskFlagType::ALL.iter().map(row).collect()
    }
}

#[cfg(test)]
mod tests;
