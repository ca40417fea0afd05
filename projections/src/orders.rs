//! Orders: those that were placed, and the documents of order histories; newest first.

use std::cmp::Reverse;

use domain::access::Scope;
use domain::account;
use domain::order::{Document, Event, Line, Placed};
use eventstore::Store;
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_postgres::types::Json;
use uuid::Uuid;

use crate::customer_360::time;
use crate::document::stored_as_documents;
use crate::error::Error;
use crate::item::Item;
use crate::page::{Page, PageQuery, page, page_of};
use crate::past::Past;
use crate::read_model::{Key, ReadModel, Touch, Unfoldable};
use crate::reader::{Reach, connection, reading};

const LIST: &str = include_str!("orders/list.sql");

/// The read model.
#[derive(Debug, Clone, Copy)]
pub struct Orders;

/// An order, or a document as it was taken over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Order {
    pub id: Uuid,
    pub customer: Uuid,
    pub kind: Kind,
    pub state: State,
    /// The system that a document comes from.
    pub source: Option<String>,
    pub number: Option<String>,
    /// The quote whose acceptance placed it.
    pub quote: Option<Uuid>,
    pub currency: String,
    pub gross: Decimal,
    pub lines: Vec<Line>,
    pub placed_at: Timestamp,
    /// The same in microseconds: what the list is sorted by.
    pub placed_us: i64,
    pub recorded_at: Timestamp,
    pub cancelled_at: Option<Timestamp>,
    /// The invoice that bills it.
    pub invoice: Option<Uuid>,
    pub sequence: i64,
}

/// What a document does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Order,
    CreditNote,
}

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Taken over as it was.
    Recorded,
    Placed,
    Cancelled,
    /// Recorded or placed, and on an invoice.
    Billed,
}

impl ReadModel for Orders {
    type Row = Order;

    const NAME: &'static str = "orders";
    const VERSION: i32 = 3;
    const TABLES: &'static str = include_str!("orders/tables.sql");
    const INDEXES: &'static str = include_str!("orders/indexes.sql");
    const EVENTS: &'static [&'static str] = &["order", "account.invoice_issued"];

    fn touches(item: &Item) -> Touch {
        match item.event() {
            Ok(domain::Event::Account(account::Event::InvoiceIssued(invoice))) => {
                Touch::Rows(invoice.orders.iter().map(|billed| billed.order).collect())
            }
            // An event that cannot be read is a row's as well, whose fold then tells.
            Ok(_) | Err(_) => Touch::Row(item.stream_id),
        }
    }

    fn fold(key: Key, row: &mut Option<Order>, item: &Item) -> Result<(), Unfoldable> {
        let event = item.event()?;
        if let domain::Event::Account(account::Event::InvoiceIssued(invoice)) = event
            && let Some(order) = row
        {
            order.state = State::Billed;
            order.invoice = Some(invoice.invoice_id);
        }
        let domain::Event::Order(event) = event else { return Ok(()) };
        match event {
            Event::Recorded(document) => {
                *row = Some(Order::recorded(key.id, Kind::Order, document, item));
            }
            Event::Credited(document) => {
                *row = Some(Order::recorded(key.id, Kind::CreditNote, document, item));
            }
            Event::Placed(placed) => *row = Some(Order::placed(key.id, placed, item)),
            Event::Cancelled { .. } => {
                if let Some(order) = row {
                    order.state = State::Cancelled;
                    order.cancelled_at = Some(item.effective_at());
                }
            }
        }
        Ok(())
    }

    fn subject(_key: Key, row: &Order) -> Uuid {
        row.customer
    }

    stored_as_documents!();
}

impl Order {
    fn recorded(id: Uuid, kind: Kind, document: &Document, item: &Item) -> Self {
        let placed_at = document.placed_at.unwrap_or_else(|| item.effective_at());
        Self {
            id,
            customer: document.customer,
            kind,
            state: State::Recorded,
            source: Some(document.source.clone()),
            number: Some(document.number.clone()),
            quote: None,
            currency: document.currency.clone(),
            gross: document.gross,
            lines: document.lines.clone(),
            placed_at,
            placed_us: placed_at.as_microsecond(),
            recorded_at: item.recorded_at,
            cancelled_at: None,
            invoice: None,
            sequence: item.sequence,
        }
    }

    fn placed(id: Uuid, placed: &Placed, item: &Item) -> Self {
        let placed_at = item.effective_at();
        Self {
            id,
            customer: placed.customer,
            kind: Kind::Order,
            state: State::Placed,
            source: None,
            number: placed.number.clone(),
            quote: placed.quote,
            currency: placed.currency.clone(),
            gross: placed.gross,
            lines: placed.lines.clone(),
            placed_at,
            placed_us: placed_at.as_microsecond(),
            recorded_at: item.recorded_at,
            cancelled_at: None,
            invoice: None,
            sequence: item.sequence,
        }
    }
}

/// Orders and documents, newest first: of one customer, or of all within reach.
pub async fn list(
    store: &Store,
    scope: &Scope,
    customer: Option<Uuid>,
    query: &PageQuery,
) -> Result<Page, Error> {
    let after: Option<(i64, i64)> = query.key()?;
    let (placed, sequence) = after.unwrap_or((i64::MAX, i64::MAX));
    let reach = Reach::of(scope);
    let mut client = connection(store).await?;
    let tx = reading(&mut client, scope).await?;
    let statement = tx.prepare_cached(&query.statement(LIST)).await?;
    let rows = tx
        .query(
            &statement,
            &[
                &scope.organisation(),
                &customer,
                &placed,
                &sequence,
                &query.rows(),
                &reach.all,
                &reach.folders,
                &reach.workers,
            ],
        )
        .await?;
    let orders = rows.iter().map(|row| row.try_get("body").map(|Json(order)| order));
    let orders: Vec<Order> = orders.collect::<Result<_, _>>()?;
    let (orders, turns) = page(orders, query, |order| (order.placed_us, order.sequence));
    let position = crate::page::position(&tx, Orders::NAME, scope.organisation()).await?;
    Ok(Page { data: orders.iter().map(body).collect(), turns, position })
}

/// A customer's orders and documents as they were.
pub fn list_as_of(past: &Past, query: &PageQuery) -> Result<Page, Error> {
    let orders = past.rows::<Orders>()?;
    let (orders, turns) =
        page_of(orders, query, |order| Reverse((order.placed_us, order.sequence)))?;
    Ok(Page { data: orders.iter().map(body).collect(), turns, position: past.position })
}

pub(crate) fn body(order: &Order) -> Value {
    json!({
        "id": order.id,
        "customer": order.customer,
        "kind": order.kind,
        "state": order.state,
        "source": order.source,
        "number": order.number,
        "quote": order.quote,
        "gross": { "amount": order.gross, "currency": order.currency },
        "lines": lines(&order.lines),
        "placed_at": time(order.placed_at),
        "recorded_at": time(order.recorded_at),
        "cancelled_at": order.cancelled_at.map(time),
        "invoice": order.invoice,
        "position": order.sequence.to_string(),
    })
}

/// Lines with what each comes to.
pub(crate) fn lines(lines: &[Line]) -> Vec<Value> {
    let shown = |line: &Line| {
        json!({
            "item_code": line.item_code,
            "description": line.description,
            "quantity": line.quantity,
            "unit_price": line.unit_price,
            "total": line.total(),
        })
    };
    lines.iter().map(shown).collect()
}
