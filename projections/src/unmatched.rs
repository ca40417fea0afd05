//! What came in and belongs to nobody yet, until it is attached to a customer or dismissed.

use domain::access::{FieldGroup, RowScope, Scope};
use domain::unmatched::Event;
use domain::value::Channel;
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
use crate::page::{Page, PageQuery, page, position};
use crate::read_model::{Key, ReadModel, Touch, Unfoldable};
use crate::reader::{connection, reading};
use crate::shown::{Shown, shown};

const LIST: &str = include_str!("unmatched/list.sql");

/// The read model.
#[derive(Debug, Clone, Copy)]
pub struct Unmatched;

/// Something that came in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    pub id: Uuid,
    #[serde(flatten)]
    pub content: Content,
    pub received_at: Timestamp,
    pub sequence: i64,
}

/// What it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Content {
    Message {
        channel: Channel,
        from: Shown<String>,
        name: Option<Shown<String>>,
        subject: Option<Shown<String>>,
        text: Option<Shown<String>>,
        attachments: Vec<Shown<String>>,
        candidates: Vec<Uuid>,
    },
    Payment {
        provider: String,
        provider_id: String,
        amount: Decimal,
        currency: String,
        reference: Option<Shown<String>>,
        payer_name: Option<Shown<String>>,
        payer_email: Option<Shown<String>>,
        payer_phone: Option<Shown<String>>,
        received_on: Date,
    },
}

impl ReadModel for Unmatched {
    type Row = Row;

    const NAME: &'static str = "unmatched";
    const VERSION: i32 = 1;
    const TABLES: &'static str = include_str!("unmatched/tables.sql");
    const INDEXES: &'static str = include_str!("unmatched/indexes.sql");
    const EVENTS: &'static [&'static str] = &["unmatched"];

    fn touches(item: &Item) -> Touch {
        Touch::Row(item.stream_id)
    }

    fn fold(key: Key, row: &mut Option<Row>, item: &Item) -> Result<(), Unfoldable> {
        let domain::Event::Unmatched(event) = item.event()? else { return Ok(()) };
        *row = content(event).map(|content| Row {
            id: key.id,
            content,
            received_at: item.effective_at(),
            sequence: item.sequence,
        });
        Ok(())
    }

    fn subject(_key: Key, row: &Row) -> Uuid {
        row.id
    }

    stored_as_documents!();
}

/// Nothing once it is settled.
fn content(event: &Event) -> Option<Content> {
    Some(match event {
        Event::MessageReceived(message) => Content::Message {
            channel: message.channel,
            from: Shown::from(&message.from),
            name: shown(message.name.as_ref()),
            subject: shown(message.subject.as_ref()),
            text: shown(message.text.as_ref()),
            attachments: message.attachments.iter().map(Shown::from).collect(),
            candidates: message.candidates.clone(),
        },
        Event::PaymentReceived(payment) => Content::Payment {
            provider: payment.provider.clone(),
            provider_id: payment.provider_id.clone(),
            amount: payment.amount,
            currency: payment.currency.clone(),
            reference: shown(payment.reference.as_ref()),
            payer_name: shown(payment.payer_name.as_ref()),
            payer_email: shown(payment.payer_email.as_ref()),
            payer_phone: shown(payment.payer_phone.as_ref()),
            received_on: payment.received_on,
        },
        Event::Attached { .. } | Event::Dismissed {} => return None,
    })
}

/// What waits, newest first: messages for who sees contacts, payments for who sees money.
pub async fn list(store: &Store, scope: &Scope, query: &PageQuery) -> Result<Page, Error> {
    let after: Option<i64> = query.key()?;
    let after = after.unwrap_or(i64::MAX);
    let kinds = [("message", FieldGroup::Contact), ("payment", FieldGroup::Financial)];
    let kinds = kinds.into_iter().filter(|(_, group)| scope.shows(*group));
    let kinds: Vec<&str> = kinds.map(|(kind, _)| kind).collect();
    let mut client = connection(store).await?;
    let tx = reading(&mut client, scope).await?;
    let statement = tx.prepare_cached(&query.statement(LIST)).await?;
    let rows =
        tx.query(&statement, &[&scope.organisation(), &after, &kinds, &query.rows()]).await?;
    let rows = rows.iter().map(|row| row.try_get("body").map(|Json(row)| row));
    let rows: Vec<Row> = rows.collect::<Result<_, _>>()?;
    let (rows, turns) = page(rows, query, |row| row.sequence);
    let position = position(&tx, Unmatched::NAME, scope.organisation()).await?;
    Ok(Page { data: rows.iter().map(|row| body(row, scope)).collect(), turns, position })
}

fn body(row: &Row, scope: &Scope) -> Value {
    let mut body = match &row.content {
        Content::Message { channel, from, name, subject, text, attachments, candidates } => {
            // Who does not reach every customer is not told which ones there are.
            let all = *scope.row_scope() == RowScope::All;
            json!({
                "id": row.id,
                "kind": "message",
                "channel": channel,
                "from": from,
                "name": name,
                "subject": subject,
                "text": text,
                "attachments": attachments,
                "candidates": if all { candidates.as_slice() } else { &[] },
            })
        }
        Content::Payment {
            provider,
            provider_id,
            amount,
            currency,
            reference,
            payer_name,
            payer_email,
            payer_phone,
            received_on,
        } => json!({
            "id": row.id,
            "kind": "payment",
            "provider": provider,
            "provider_id": provider_id,
            "amount": { "amount": amount, "currency": currency },
            "reference": reference,
            "payer_name": payer_name,
            "payer_email": payer_email,
            "payer_phone": payer_phone,
            "received_on": received_on,
        }),
    };
    if let Value::Object(body) = &mut body {
        body.insert("received_at".to_owned(), time(row.received_at).into());
        body.insert("position".to_owned(), row.sequence.to_string().into());
    }
    body
}
