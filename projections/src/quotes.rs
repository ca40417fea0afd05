//! Quotes: what customers were offered, newest first.

use std::cmp::Reverse;

use domain::access::Scope;
use domain::order::Line;
use domain::quote::{self, Event, Status, Terms};
use domain::{Actor, Decider};
use eventstore::Store;
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_postgres::types::Json;
use uuid::Uuid;

use crate::customer_360::time;
use crate::document::stored_as_documents;
use crate::error::Error;
use crate::item::Item;
use crate::orders::lines;
use crate::page::{Page, PageQuery, page, page_of, position};
use crate::past::Past;
use crate::read_model::{Key, ReadModel, Touch, Unfoldable};
use crate::reader::{Ids, Names, Reach, connection, one, reading, today};
use crate::shown::{Shown, shown};

const LIST: &str = include_str!("quotes/list.sql");
const GET: &str = include_str!("quotes/get.sql");

/// The read model.
#[derive(Debug, Clone, Copy)]
pub struct Quotes;

/// A quote as it is now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quote {
    pub id: Uuid,
    pub customer: Uuid,
    pub number: Option<String>,
    pub status: Status,
    pub valid_until: Date,
    pub currency: String,
    pub total: Decimal,
    pub lines: Vec<Line>,
    /// The order that its acceptance placed.
    pub order: Option<Uuid>,
    pub rejected_because: Option<Shown<String>>,
    pub drafted_by: Actor,
    pub drafted_at: Timestamp,
    /// The same in microseconds: what the list is sorted by.
    pub drafted_us: i64,
    pub sent_at: Option<Timestamp>,
    pub decided_at: Option<Timestamp>,
    pub version: i64,
    /// The sequence that added it: its place among those of one moment.
    pub added: i64,
    /// The last sequence that changed it.
    pub position: i64,
}

impl ReadModel for Quotes {
    type Row = Quote;

    const NAME: &'static str = "quotes";
    const VERSION: i32 = 2;
    const TABLES: &'static str = include_str!("quotes/tables.sql");
    const INDEXES: &'static str = include_str!("quotes/indexes.sql");
    const EVENTS: &'static [&'static str] = &["quote", "customer.erased"];

    /// What the customer said about a quote goes with their personal data.
    fn touches(item: &Item) -> Touch {
        if item.kind() == quote::Quote::KIND { Touch::Row(item.stream_id) } else { Touch::Subject }
    }

    fn fold(key: Key, row: &mut Option<Quote>, item: &Item) -> Result<(), Unfoldable> {
        let domain::Event::Quote(event) = item.event()? else {
            if let Some(quote) = row {
                quote.rejected_because = None;
            }
            return Ok(());
        };
        if let Event::Drafted(drafted) = event {
            *row = Some(Quote::begun(key.id, drafted, item));
        } else if let Some(quote) = row {
            quote.apply(event, item);
        }
        Ok(())
    }

    fn subject(_key: Key, row: &Quote) -> Uuid {
        row.customer
    }

    stored_as_documents!();
}

impl Quote {
    fn begun(id: Uuid, drafted: &quote::Drafted, item: &Item) -> Self {
        let Terms { valid_until, currency, lines, total } = &drafted.terms;
        Self {
            id,
            customer: drafted.customer,
            number: drafted.number.clone(),
            status: Status::Draft,
            valid_until: *valid_until,
            currency: currency.clone(),
            total: *total,
            lines: lines.clone(),
            order: None,
            rejected_because: None,
            drafted_by: item.metadata.actor.clone(),
            drafted_at: item.effective_at(),
            drafted_us: item.effective_at().as_microsecond(),
            sent_at: None,
            decided_at: None,
            version: item.version,
            added: item.sequence,
            position: item.sequence,
        }
    }

    fn apply(&mut self, event: &Event, item: &Item) {
        self.version = item.version;
        self.position = item.sequence;
        match event {
            // It begins a row.
            Event::Drafted(_) => {}
            Event::Edited { to, .. } => {
                self.valid_until = to.valid_until;
                self.currency.clone_from(&to.currency);
                self.lines.clone_from(&to.lines);
                self.total = to.total;
            }
            Event::Sent { .. } => {
                self.status = Status::Sent;
                self.sent_at = Some(item.effective_at());
            }
            Event::Accepted(accepted) => {
                self.status = Status::Accepted;
                self.order = Some(accepted.order);
                self.decided_at = Some(item.effective_at());
            }
            Event::Rejected { reason, .. } => {
                self.status = Status::Rejected;
                self.rejected_because = shown(reason.as_ref());
                self.decided_at = Some(item.effective_at());
            }
        }
    }

    /// What was sent and not decided in time has expired.
    fn state(&self, today: Date) -> &'static str {
        if self.status == Status::Sent && self.valid_until < today {
            "expired"
        } else {
            self.status.name()
        }
    }
}

/// Which quotes; what is `None` restricts nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    pub customer: Option<Uuid>,
    /// `draft`, `sent`, `expired`, `accepted` or `rejected`.
    pub state: Option<String>,
}

/// Quotes, newest first.
pub async fn list(
    store: &Store,
    scope: &Scope,
    filter: &Filter,
    query: &PageQuery,
) -> Result<Page, Error> {
    let after: Option<(i64, i64)> = query.key()?;
    let (drafted, added) = after.unwrap_or((i64::MAX, i64::MAX));
    let today = today(store, scope.organisation(), Timestamp::now()).await?;
    let reach = Reach::of(scope);
    let mut client = connection(store).await?;
    let tx = reading(&mut client, scope).await?;
    let statement = tx.prepare_cached(&query.statement(LIST)).await?;
    let rows = tx
        .query(
            &statement,
            &[
                &scope.organisation(),
                &filter.customer,
                &filter.state,
                &today.to_string(),
                &drafted,
                &added,
                &query.rows(),
                &reach.all,
                &reach.folders,
                &reach.workers,
            ],
        )
        .await?;
    let quotes = rows.iter().map(|row| row.try_get("body").map(|Json(quote)| quote));
    let quotes: Vec<Quote> = quotes.collect::<Result<_, _>>()?;
    let (quotes, turns) = page(quotes, query, |quote| (quote.drafted_us, quote.added));
    let position = position(&tx, Quotes::NAME, scope.organisation()).await?;
    drop(tx);
    drop(client);
    Ok(Page { data: bodies(store, scope, &quotes, today).await?, turns, position })
}

/// A customer's quotes as they were.
pub async fn list_as_of(
    store: &Store,
    scope: &Scope,
    past: &Past,
    filter: &Filter,
    query: &PageQuery,
) -> Result<Page, Error> {
    let mut quotes = past.rows::<Quotes>()?;
    quotes.retain(|quote| filter.state.as_deref().is_none_or(|s| s == quote.state(past.day)));
    let (quotes, turns) = page_of(quotes, query, |quote| Reverse((quote.drafted_us, quote.added)))?;
    let data = bodies(store, scope, &quotes, past.day).await?;
    Ok(Page { data, turns, position: past.position })
}

/// One quote, if it is within reach, and the position of the read model.
pub async fn get(store: &Store, scope: &Scope, quote: Uuid) -> Result<(Option<Value>, i64), Error> {
    let today = today(store, scope.organisation(), Timestamp::now()).await?;
    let (found, position) = one::<Quote>(store, scope, Quotes::NAME, GET, quote).await?;
    let Some(quote) = found else { return Ok((None, position)) };
    let mut ids = Ids::default();
    ids.actor(&quote.drafted_by);
    let names = ids.names(store, scope.organisation()).await?;
    Ok((Some(body(&quote, today, &names)), position))
}

async fn bodies(
    store: &Store,
    scope: &Scope,
    quotes: &[Quote],
    today: Date,
) -> Result<Vec<Value>, Error> {
    let mut ids = Ids::default();
    quotes.iter().for_each(|quote| ids.actor(&quote.drafted_by));
    let names = ids.names(store, scope.organisation()).await?;
    Ok(quotes.iter().map(|quote| body(quote, today, &names)).collect())
}

pub(crate) fn body(quote: &Quote, today: Date, names: &Names) -> Value {
    json!({
        "id": quote.id,
        "customer": quote.customer,
        "number": quote.number,
        "state": quote.state(today),
        "valid_until": quote.valid_until,
        "total": { "amount": quote.total, "currency": quote.currency },
        "lines": lines(&quote.lines),
        "order": quote.order,
        "rejected_because": quote.rejected_because,
        "drafted_by": names.actor(&quote.drafted_by),
        "drafted_at": time(quote.drafted_at),
        "sent_at": quote.sent_at.map(time),
        "decided_at": quote.decided_at.map(time),
        "version": quote.version,
        "position": quote.position.to_string(),
    })
}
