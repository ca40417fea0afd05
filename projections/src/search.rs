//! Records by what somebody typed: orders, quotes and invoices by the beginning of their number,
//! open tasks by a part of their title.

use domain::access::Scope;
use eventstore::Store;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio_postgres::types::Json;

use crate::error::Error;
use crate::ledger::{Invoice, Ledger};
use crate::orders::{self, Order, Orders};
use crate::page::position;
use crate::quotes::{self, Quote, Quotes};
use crate::read_model::ReadModel;
use crate::reader::{Ids, Reach, connection, reading, today};
use crate::tasks::{self, Task, Tasks};

const ORDERS: &str = include_str!("search/orders.sql");
const QUOTES: &str = include_str!("search/quotes.sql");
const INVOICES: &str = include_str!("search/invoices.sql");
const TASKS: &str = include_str!("search/tasks.sql");

/// The first records that were found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hits<R = Value> {
    pub data: Vec<R>,
    pub has_more: bool,
    /// The sequence up to which the read model has folded the organisation.
    pub position: i64,
}

/// Orders and documents of order histories.
pub async fn orders(store: &Store, scope: &Scope, text: &str, limit: u16) -> Result<Hits, Error> {
    let found: Hits<Order> = rows(store, scope, Orders::NAME, ORDERS, text, limit).await?;
    Ok(found.shown(orders::body))
}

/// Quotes.
pub async fn quotes(store: &Store, scope: &Scope, text: &str, limit: u16) -> Result<Hits, Error> {
    let today = today(store, scope.organisation(), Timestamp::now()).await?;
    let found: Hits<Quote> = rows(store, scope, Quotes::NAME, QUOTES, text, limit).await?;
    let mut ids = Ids::default();
    found.data.iter().for_each(|quote| ids.actor(&quote.drafted_by));
    let names = ids.names(store, scope.organisation()).await?;
    Ok(found.shown(|quote| quotes::body(quote, today, &names)))
}

/// Invoices.
pub async fn invoices(store: &Store, scope: &Scope, text: &str, limit: u16) -> Result<Hits, Error> {
    let today = today(store, scope.organisation(), Timestamp::now()).await?;
    let found: Hits<Invoice> = rows(store, scope, Ledger::NAME, INVOICES, text, limit).await?;
    Ok(found.shown(|invoice| invoice.body(today)))
}

/// Tasks that are not done, by the day on which they are due.
pub async fn open_tasks(
    store: &Store,
    scope: &Scope,
    text: &str,
    limit: u16,
) -> Result<Hits, Error> {
    let literal = text.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    let found: Hits<Task> =
        rows(store, scope, Tasks::NAME, TASKS, &format!("%{literal}%"), limit).await?;
    let mut ids = Ids::default();
    found.data.iter().for_each(|task| tasks::people(task, &mut ids));
    let names = ids.names(store, scope.organisation()).await?;
    Ok(found.shown(|task| tasks::body(task, &names)))
}

impl<R> Hits<R> {
    fn shown(self, body: impl Fn(&R) -> Value) -> Hits {
        let Self { data, has_more, position } = self;
        Hits { data: data.iter().map(body).collect(), has_more, position }
    }
}

async fn rows<R: DeserializeOwned>(
    store: &Store,
    scope: &Scope,
    model: &'static str,
    query: &'static str,
    text: &str,
    limit: u16,
) -> Result<Hits<R>, Error> {
    let reach = Reach::of(scope);
    let mut client = connection(store).await?;
    let tx = reading(&mut client, scope).await?;
    let statement = tx.prepare_cached(query).await?;
    let found = tx
        .query(
            &statement,
            &[
                &scope.organisation(),
                &text,
                &(i64::from(limit) + 1),
                &reach.all,
                &reach.folders,
                &reach.workers,
            ],
        )
        .await?;
    let position = position(&tx, model, scope.organisation()).await?;
    let has_more = found.len() > usize::from(limit);
    let data = found.iter().take(usize::from(limit));
    let data = data.map(|row| row.try_get("body").map(|Json(body)| body));
    Ok(Hits { data: data.collect::<Result<_, _>>()?, has_more, position })
}
