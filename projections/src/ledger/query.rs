//! Reads of the books. What is overdue is so on today's date where the organisation is.

use std::cmp::Reverse;
use std::collections::HashMap;

use domain::access::Scope;
use eventstore::Store;
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio_postgres::types::{Json, ToSql};
use uuid::Uuid;

use super::rows::sum;
use super::{Entry, Funds, FundsKind, Invoice, Ledger, Row};
use crate::error::Error;
use crate::page::{Page, PageQuery, page, page_of, position};
use crate::past::Past;
use crate::read_model::ReadModel;
use crate::reader::{Reach, connection, reading, today};

const INVOICES: &str = include_str!("invoices.sql");
const FUNDS: &str = include_str!("funds.sql");
const ENTRIES: &str = include_str!("entries.sql");
const GET: &str = include_str!("get.sql");

/// Sorts behind every date.
const LAST_DAY: &str = "9999-12-31";

/// Which invoices; what is `None` restricts nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Invoices {
    pub customer: Option<Uuid>,
    pub state: Option<InvoiceState>,
}

/// How an invoice stands. Those unpaid are open or overdue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvoiceState {
    Open,
    Overdue,
    Paid,
    Unpaid,
}

impl InvoiceState {
    fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Overdue => "overdue",
            Self::Paid => "paid",
            Self::Unpaid => "unpaid",
        }
    }

    /// Whether an invoice that stands so is meant.
    fn is_of(self, state: &str) -> bool {
        match self {
            Self::Unpaid => state != Self::Paid.name(),
            Self::Open | Self::Overdue | Self::Paid => state == self.name(),
        }
    }
}

/// Where a page begins: the day and the sequence of the row before.
fn begins(query: &PageQuery) -> Result<(String, i64), Error> {
    Ok(query.key()?.unwrap_or_else(|| (LAST_DAY.to_owned(), i64::MAX)))
}

/// Invoices, the last issued first.
pub async fn invoices(
    store: &Store,
    scope: &Scope,
    wanted: &Invoices,
    query: &PageQuery,
) -> Result<Page, Error> {
    let (day, sequence) = begins(query)?;
    let reach = Reach::of(scope);
    let organisation = scope.organisation();
    let today = today(store, organisation, Timestamp::now()).await?;
    let mut client = connection(store).await?;
    let tx = reading(&mut client, scope).await?;
    let statement = tx.prepare_cached(&query.statement(INVOICES)).await?;
    let state = wanted.state.map(InvoiceState::name);
    let found = tx
        .query(
            &statement,
            &[
                &organisation,
                &wanted.customer,
                &state,
                &today.to_string(),
                &day,
                &sequence,
                &query.rows(),
                &reach.all,
                &reach.folders,
                &reach.workers,
            ],
        )
        .await?;
    let rows: Vec<Invoice> = bodies(&found)?;
    let (rows, turns) = page(rows, query, |row| (row.issued_on.to_string(), row.sequence));
    let position = position(&tx, Ledger::NAME, organisation).await?;
    Ok(Page { data: rows.iter().map(|row| row.body(today)).collect(), turns, position })
}

/// A customer's invoices as they were, on the day of the moment.
pub fn invoices_as_of(past: &Past, wanted: &Invoices, query: &PageQuery) -> Result<Page, Error> {
    let invoice = |row| if let Row::Invoice(invoice) = row { Some(*invoice) } else { None };
    let rows = past.rows::<Ledger>()?.into_iter().filter_map(invoice);
    let fits = |row: &Invoice| wanted.state.is_none_or(|state| state.is_of(row.state(past.day)));
    let rows: Vec<Invoice> = rows.filter(fits).collect();
    let key = |row: &Invoice| Reverse((row.issued_on.to_string(), row.sequence));
    let (rows, turns) = page_of(rows, query, key)?;
    let data = rows.iter().map(|row| row.body(past.day)).collect();
    Ok(Page { data, turns, position: past.position })
}

/// A customer's payments, or credit and credit notes, the last first.
pub async fn list_funds(
    store: &Store,
    scope: &Scope,
    customer: Uuid,
    kinds: &[FundsKind],
    query: &PageQuery,
) -> Result<Page, Error> {
    let (day, sequence) = begins(query)?;
    let kinds: Vec<&str> = kinds.iter().map(|kind| kind_name(*kind)).collect();
    let reach = Reach::of(scope);
    let organisation = scope.organisation();
    let mut client = connection(store).await?;
    let tx = reading(&mut client, scope).await?;
    let statement = tx.prepare_cached(&query.statement(FUNDS)).await?;
    let found = tx
        .query(
            &statement,
            &[
                &organisation,
                &customer,
                &kinds,
                &day,
                &sequence,
                &query.rows(),
                &reach.all,
                &reach.folders,
                &reach.workers,
            ],
        )
        .await?;
    let rows: Vec<Funds> = bodies(&found)?;
    let (rows, turns) = page(rows, query, |row| (row.on.to_string(), row.sequence));
    let position = position(&tx, Ledger::NAME, organisation).await?;
    Ok(Page { data: rows.iter().map(Funds::body).collect(), turns, position })
}

/// The same as they were.
pub fn list_funds_as_of(
    past: &Past,
    kinds: &[FundsKind],
    query: &PageQuery,
) -> Result<Page, Error> {
    let funds = |row| if let Row::Funds(funds) = row { Some(*funds) } else { None };
    let rows = past.rows::<Ledger>()?.into_iter().filter_map(funds);
    let rows: Vec<Funds> = rows.filter(|row| kinds.contains(&row.what)).collect();
    let (rows, turns) = page_of(rows, query, |row| Reverse((row.on.to_string(), row.sequence)))?;
    let data = rows.iter().map(Funds::body).collect();
    Ok(Page { data, turns, position: past.position })
}

fn kind_name(kind: FundsKind) -> &'static str {
    match kind {
        FundsKind::Payment => "payment",
        FundsKind::Credit => "credit",
        FundsKind::CreditNote => "credit_note",
    }
}

/// A customer's ledger with its running balances, the last entry first.
pub async fn entries(
    store: &Store,
    scope: &Scope,
    customer: Uuid,
    query: &PageQuery,
) -> Result<Page, Error> {
    let (day, sequence) = begins(query)?;
    let reach = Reach::of(scope);
    let organisation = scope.organisation();
    let mut client = connection(store).await?;
    let tx = reading(&mut client, scope).await?;
    let statement = tx.prepare_cached(&query.statement(ENTRIES)).await?;
    let found = tx
        .query(
            &statement,
            &[
                &organisation,
                &customer,
                &day,
                &sequence,
                &query.rows(),
                &reach.all,
                &reach.folders,
                &reach.workers,
            ],
        )
        .await?;
    let rows: Vec<(Entry, Decimal, Decimal)> = found
        .iter()
        .map(|row| {
            let Json(entry) = row.try_get("body")?;
            Ok((entry, row.try_get("balance")?, row.try_get("credit")?))
        })
        .collect::<Result<_, tokio_postgres::Error>>()?;
    let (rows, turns) = page(rows, query, |(entry, ..)| (entry.on.to_string(), entry.sequence));
    let position = position(&tx, Ledger::NAME, organisation).await?;
    let data = rows.iter().map(|(entry, balance, credit)| entry.body(*balance, *credit));
    Ok(Page { data: data.collect(), turns, position })
}

/// The same as it was.
pub fn entries_as_of(past: &Past, query: &PageQuery) -> Result<Page, Error> {
    let entry = |row| if let Row::Entry(entry) = row { Some(*entry) } else { None };
    let mut entries: Vec<Entry> = past.rows::<Ledger>()?.into_iter().filter_map(entry).collect();
    entries.sort_by_key(|entry| (entry.on, entry.sequence));
    let mut sums: HashMap<String, (Decimal, Decimal)> = HashMap::new();
    let mut rows = Vec::with_capacity(entries.len());
    for entry in entries {
        let (balance, credit) = sums.entry(entry.currency.clone()).or_default();
        *balance = sum(*balance, entry.balance_change)?;
        *credit = sum(*credit, entry.credit_change)?;
        rows.push((entry, *balance, *credit));
    }
    let key =
        |(entry, ..): &(Entry, Decimal, Decimal)| Reverse((entry.on.to_string(), entry.sequence));
    let (rows, turns) = page_of(rows, query, key)?;
    let data = rows.iter().map(|(entry, balance, credit)| entry.body(*balance, *credit));
    Ok(Page { data: data.collect(), turns, position: past.position })
}

/// One invoice, if it is within reach, and the position of the read model.
pub async fn invoice(
    store: &Store,
    scope: &Scope,
    id: Uuid,
) -> Result<(Option<Value>, i64), Error> {
    let (found, position) = get::<Invoice>(store, scope, id, "invoice").await?;
    let today = today(store, scope.organisation(), Timestamp::now()).await?;
    Ok((found.map(|invoice| invoice.body(today)), position))
}

/// A payment, credit or credit note, if it is within reach, and the position of the read model.
pub async fn funds(
    store: &Store,
    scope: &Scope,
    id: Uuid,
    kinds: &[FundsKind],
) -> Result<(Option<Value>, i64), Error> {
    let (found, position) = get::<Funds>(store, scope, id, "funds").await?;
    let found = found.filter(|funds| kinds.contains(&funds.what));
    Ok((found.map(|funds| funds.body()), position))
}

/// On whose account a payment, credit or credit note is.
pub async fn owner_of_funds(store: &Store, scope: &Scope, id: Uuid) -> Result<Option<Uuid>, Error> {
    let (found, _) = get::<Funds>(store, scope, id, "funds").await?;
    Ok(found.map(|funds| funds.customer))
}

async fn get<R: DeserializeOwned>(
    store: &Store,
    scope: &Scope,
    id: Uuid,
    kind: &str,
) -> Result<(Option<R>, i64), Error> {
    let reach = Reach::of(scope);
    let mut client = connection(store).await?;
    let tx = reading(&mut client, scope).await?;
    let statement = tx.prepare_cached(GET).await?;
    let own: [&(dyn ToSql + Sync); 6] =
        [&scope.organisation(), &id, &kind, &reach.all, &reach.folders, &reach.workers];
    let row = tx.query_opt(&statement, &own).await?;
    let position = position(&tx, Ledger::NAME, scope.organisation()).await?;
    let found = row.map(|row| row.try_get("body").map(|Json(body)| body)).transpose()?;
    Ok((found, position))
}

fn bodies<R: DeserializeOwned>(
    rows: &[tokio_postgres::Row],
) -> Result<Vec<R>, tokio_postgres::Error> {
    rows.iter().map(|row| row.try_get("body").map(|Json(body)| body)).collect()
}
