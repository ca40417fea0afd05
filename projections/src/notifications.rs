//! What people were notified of: a row for each of those who were.

use domain::Actor;
use domain::access::Scope;
use domain::notification::Event;
use eventstore::Store;
use jiff::Timestamp;
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
use crate::reader::{Ids, Names, Reach, connection, reading};
use crate::shown::Shown;

const LIST: &str = include_str!("notifications/list.sql");

/// The read model.
#[derive(Debug, Clone, Copy)]
pub struct Notifications;

/// A notification of one person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Notification {
    /// The stream of it, the same for all who were notified at once.
    pub id: Uuid,
    pub recipient: Uuid,
    pub customer: Option<Uuid>,
    pub text: Shown<String>,
    pub rule: Option<Uuid>,
    pub sent_by: Actor,
    pub sent_at: Timestamp,
    pub sequence: i64,
}

/// One row for each recipient.
fn row_id(notification: Uuid, recipient: Uuid) -> Uuid {
    Uuid::new_v5(&notification, recipient.as_bytes())
}

impl ReadModel for Notifications {
    type Row = Notification;

    const NAME: &'static str = "notifications";
    const VERSION: i32 = 1;
    const TABLES: &'static str = include_str!("notifications/tables.sql");
    const INDEXES: &'static str = include_str!("notifications/indexes.sql");
    const EVENTS: &'static [&'static str] = &["notification", "customer.erased"];

    /// What was said of an erased customer goes with the customer's personal data.
    fn touches(item: &Item) -> Touch {
        if item.kind() != "notification" {
            return Touch::Subject;
        }
        match item.event() {
            Ok(domain::Event::Notification(Event::Sent { to, .. })) => {
                Touch::Rows(to.iter().map(|user| row_id(item.stream_id, *user)).collect())
            }
            // Folding it says why it cannot be read.
            Ok(_) | Err(_) => Touch::Row(item.stream_id),
        }
    }

    fn fold(key: Key, row: &mut Option<Notification>, item: &Item) -> Result<(), Unfoldable> {
        let domain::Event::Notification(event) = item.event()? else {
            *row = None;
            return Ok(());
        };
        let Event::Sent { to, customer, text, rule } = event;
        let recipient = to.iter().find(|user| row_id(item.stream_id, **user) == key.id);
        if let Some(recipient) = recipient {
            *row = Some(Notification {
                id: item.stream_id,
                recipient: *recipient,
                customer: *customer,
                text: Shown::from(text),
                rule: *rule,
                sent_by: item.metadata.actor.clone(),
                sent_at: item.recorded_at,
                sequence: item.sequence,
            });
        }
        Ok(())
    }

    fn subject(_key: Key, row: &Notification) -> Uuid {
        row.customer.unwrap_or(row.id)
    }

    stored_as_documents!();
}

/// The reader's own notifications, newest first; not of customers who are out of reach by now.
pub async fn list(store: &Store, scope: &Scope, query: &PageQuery) -> Result<Page, Error> {
    let after: Option<i64> = query.key()?;
    let after = after.unwrap_or(i64::MAX);
    let reach = Reach::of(scope);
    let mut client = connection(store).await?;
    let tx = reading(&mut client, scope).await?;
    let statement = tx.prepare_cached(&query.statement(LIST)).await?;
    let rows = tx
        .query(
            &statement,
            &[
                &scope.organisation(),
                &scope.user(),
                &after,
                &query.rows(),
                &reach.all,
                &reach.folders,
                &reach.workers,
            ],
        )
        .await?;
    let rows = rows.iter().map(|row| row.try_get("body").map(|Json(row)| row));
    let rows: Vec<Notification> = rows.collect::<Result<_, _>>()?;
    let (rows, turns) = page(rows, query, |row| row.sequence);
    let position = position(&tx, Notifications::NAME, scope.organisation()).await?;
    drop(tx);
    drop(client);
    let mut ids = Ids::default();
    for row in &rows {
        ids.actor(&row.sent_by);
        ids.rule(row.rule);
    }
    let names = ids.names(store, scope.organisation()).await?;
    Ok(Page { data: rows.iter().map(|row| body(row, &names)).collect(), turns, position })
}

fn body(row: &Notification, names: &Names) -> Value {
    json!({
        "id": row.id,
        "customer": row.customer,
        "text": row.text,
        "rule": row.rule.map(|rule| names.rule(rule)),
        "sent_by": names.actor(&row.sent_by),
        "sent_at": time(row.sent_at),
        "position": row.sequence.to_string(),
    })
}
