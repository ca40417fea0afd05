//! What customers bought, day by day: what the models of repurchase are fitted to and asked about.
//!
//! A purchase is an invoice, a recorded order or a placed one, each counted once: an order that is
//! billed counts by its invoice, on that one's day. A cancelled order is none, nor is what credit
//! notes took back as a whole.

use std::collections::{BTreeMap, HashMap};
use std::pin::pin;

use deadpool_postgres::Transaction;
use futures_util::TryStreamExt;
use jiff::civil::Date;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use crate::error::Error;
use crate::read_model::Unfoldable;
use crate::repurchase::{Purchases, Spending};

const PURCHASES: &str = include_str!("purchases.sql");
const NEWEST: &str = include_str!("newest.sql");

/// A customer's purchases, by day.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct History {
    /// Each day once, in order.
    days: Vec<Date>,
    spent: Vec<(Date, String, f64)>,
}

/// Everybody's purchases, with customers alike taken together.
#[derive(Debug, Default)]
pub(super) struct Everybody {
    alike: HashMap<(u32, Date, Date), u32>,
    pub(super) spending: BTreeMap<String, Vec<Spending>>,
    /// Days on which somebody bought.
    pub(super) purchases: i64,
}

impl History {
    fn add(&mut self, row: &Row) -> Result<(), Error> {
        let day = date(row, "day")?;
        if self.days.last() != Some(&day) {
            self.days.push(day);
        }
        self.spent.push((day, row.try_get("currency")?, row.try_get("spent")?));
        Ok(())
    }

    pub(super) fn first(&self) -> Option<Date> {
        self.days.first().copied()
    }

    pub(super) fn last(&self) -> Option<Date> {
        self.days.last().copied()
    }

    pub(super) fn len(&self) -> usize {
        self.days.len()
    }

    fn repeats(&self) -> u32 {
        u32::try_from(self.days.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }

    /// As BG/NBD sees them, observed until this day.
    pub(super) fn purchases(&self, until: Date) -> Option<Purchases> {
        let (first, last) = (self.first()?, self.last()?);
        Some(purchases(self.repeats(), first, last, until))
    }

    /// What was spent on repeated purchases, by currency.
    pub(super) fn spending(&self) -> BTreeMap<String, Spending> {
        let mut sums: BTreeMap<String, (u32, f64)> = BTreeMap::new();
        for (day, currency, spent) in &self.spent {
            if Some(*day) > self.first() {
                let (repeats, sum) = sums.entry(currency.clone()).or_default();
                *repeats += 1;
                *sum += spent;
            }
        }
        let spending = |(currency, (repeats, sum)): (String, (u32, f64))| {
            (currency, Spending { repeats, mean: sum / f64::from(repeats) })
        };
        sums.into_iter().map(spending).collect()
    }

    /// The days between one purchase and the next, in the middle of all.
    pub(super) fn usual_gap(&self) -> Option<i32> {
        let next = self.days.iter().skip(1);
        let mut gaps: Vec<i32> =
            self.days.iter().zip(next).map(|(day, next)| days(*day, *next)).collect();
        gaps.sort_unstable();
        let upper = gaps.get(gaps.len() / 2)?;
        let lower = gaps.get(gaps.len().saturating_sub(1) / 2)?;
        Some((lower + upper + 1) / 2)
    }
}

impl Everybody {
    fn add(&mut self, history: &History) {
        let (Some(first), Some(last)) = (history.first(), history.last()) else { return };
        *self.alike.entry((history.repeats(), first, last)).or_default() += 1;
        self.purchases += i64::try_from(history.len()).unwrap_or_default();
        for (currency, spending) in history.spending() {
            self.spending.entry(currency).or_default().push(spending);
        }
    }

    /// As BG/NBD sees them, observed until this day.
    pub(super) fn customers(&self, until: Date) -> Vec<(Purchases, u32)> {
        let customer = |(&(repeats, first, last), &count): (&(u32, Date, Date), &u32)| {
            (purchases(repeats, first, last, until), count)
        };
        self.alike.iter().map(customer).collect()
    }

    /// How many customers bought again.
    pub(super) fn repeating(&self) -> u32 {
        let again = self.alike.iter().filter(|((repeats, _, _), _)| *repeats > 0);
        again.map(|(_, count)| count).sum()
    }
}

fn purchases(repeats: u32, first: Date, last: Date, until: Date) -> Purchases {
    let weeks = |to: Date| f64::from(days(first, to)) / 7.0;
    Purchases { repeats, last: weeks(last), age: weeks(until) }
}

fn days(from: Date, to: Date) -> i32 {
    (to - from).get_days()
}

/// The purchases of one customer up to this day.
pub(super) async fn of_customer(
    tx: &Transaction<'_>,
    organisation: Uuid,
    customer: Uuid,
    today: Date,
) -> Result<History, Error> {
    let statement = tx.prepare_cached(PURCHASES).await?;
    let (customer, today) = (Some(customer), today.to_string());
    let mut history = History::default();
    for row in tx.query(&statement, &[&organisation, &customer, &today]).await? {
        history.add(&row)?;
    }
    Ok(history)
}

/// The purchases of all up to this day.
pub(super) async fn of_everybody(
    tx: &Transaction<'_>,
    organisation: Uuid,
    today: Date,
) -> Result<Everybody, Error> {
    let statement = tx.prepare_cached(PURCHASES).await?;
    let (nobody, today) = (None::<Uuid>, today.to_string());
    let values: [&(dyn ToSql + Sync); 3] = [&organisation, &nobody, &today];
    let mut rows = pin!(tx.query_raw(&statement, values).await?);
    let mut everybody = Everybody::default();
    let (mut whose, mut history) = (None, History::default());
    while let Some(row) = rows.try_next().await? {
        let customer: Uuid = row.try_get("subject")?;
        if whose != Some(customer) {
            everybody.add(&history);
            (whose, history) = (Some(customer), History::default());
        }
        history.add(&row)?;
    }
    everybody.add(&history);
    Ok(everybody)
}

/// The day up to which the organisation's history goes: that of its newest purchase, not today,
/// since a history that was taken over ends before.
pub(super) async fn observed_until(
    tx: &Transaction<'_>,
    organisation: Uuid,
    today: Date,
) -> Result<Option<Date>, Error> {
    let statement = tx.prepare_cached(NEWEST).await?;
    let row = tx.query_opt(&statement, &[&organisation, &today.to_string()]).await?;
    row.map(|row| date(&row, "day")).transpose()
}

fn date(row: &Row, column: &str) -> Result<Date, Error> {
    let text: &str = row.try_get(column)?;
    text.parse().map_err(|_| Error::History(Unfoldable::Field("day")))
}
