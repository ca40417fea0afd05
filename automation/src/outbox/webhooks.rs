//! Webhooks as their owners see them: their secrets, what was delivered and what was answered, and
//! what is to be delivered once more.

use std::time::Duration;

use domain::access::Scope;
use domain::webhook::{Order, State};
use eventstore::Store;
use eventstore::state::webhook::{self as secrets, WebhookRow};
use jiff::Timestamp;
use projections::{PageQuery, Turns, envelope};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::calls::told::{Told, told};
use super::calls::{self, sign};
use super::effects::{self, NewEffect};
use crate::egress::{Called, Egress};
use crate::error::Error;

const LIST: &str = include_str!("webhooks/sql/list.sql");
const GET: &str = include_str!("webhooks/sql/get.sql");
const ATTEMPTS: &str = include_str!("webhooks/sql/attempts.sql");
const REDELIVER: &str = include_str!("webhooks/sql/redeliver.sql");

/// How long the secret before the present one signs as well.
pub const OLD_SIGNS_FOR: Duration = Duration::from_secs(86_400);
/// How many positions are replayed at once.
pub const REPLAYED: i64 = 10_000;
/// Events read at a time.
const CHUNK: i64 = 500;

/// Makes the secret of a new webhook; false where one of this id has one.
pub async fn make_secret(store: &Store, organisation: Uuid, webhook: Uuid) -> Result<bool, Error> {
    let sealed = store.seal_secret(organisation, webhook, &sign::new_secret()).await?;
    let client = store.app().get().await?;
    Ok(secrets::create(&client, organisation, webhook, &sealed).await?)
}

/// Makes another secret, once for the event that says so.
pub async fn rotate_secret(
    store: &Store,
    organisation: Uuid,
    webhook: Uuid,
    event: Uuid,
) -> Result<(), Error> {
    let sealed = store.seal_secret(organisation, webhook, &sign::new_secret()).await?;
    let client = store.app().get().await?;
    secrets::rotate(&client, (organisation, webhook), &sealed, event, OLD_SIGNS_FOR).await?;
    Ok(())
}

/// The secret as its owner copies it.
pub async fn secret(store: &Store, organisation: Uuid, row: &WebhookRow) -> Result<String, Error> {
    let secret = store.open_secret(organisation, row.webhook_id, &row.secret).await?;
    Ok(sign::shown(&secret))
}

/// Calls the webhook's address once, with nothing to tell, and says what came of it.
pub async fn ping(
    store: &Store,
    egress: &Egress,
    (organisation, row): (Uuid, &WebhookRow),
    url: &str,
) -> Result<Called, Error> {
    let id = Uuid::now_v7();
    let now = format!("{:.6}", Timestamp::now());
    let body = json!({
        "specversion": "1.0",
        "id": id,
        "source": format!("/organizations/{organisation}/webhooks"),
        "type": "webhook.ping",
        "subject": format!("webhooks/{}", row.webhook_id),
        "time": now,
        "timestamp": now,
        "datacontenttype": "application/json",
        "data": {},
    });
    let id = sign::message_id(id, row.webhook_id);
    calls::send(store, egress, (organisation, row), (url, &id), &body.to_string()).await
}

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Pending,
    Delivered,
    Failed,
}

impl Outcome {
    /// As people filter by it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }

    fn of(word: Option<&str>) -> Self {
        match word {
            Some("delivered") => Self::Delivered,
            Some(_) => Self::Failed,
            None => Self::Pending,
        }
    }
}

/// What a webhook is told of one event.
#[derive(Debug, Clone)]
pub struct Delivery {
    pub id: Uuid,
    pub event_id: Uuid,
    pub type_name: String,
    pub sequence: i64,
    pub outcome: Outcome,
    pub reason: Option<String>,
    /// When it is tried next, as long as it has not ended.
    pub due_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    /// The version of a rule whose step asks for it.
    pub rule: Option<(Uuid, i64)>,
    /// The body as it would be sent now: what was erased or hidden since is not in it.
    pub body: Option<Value>,
    pub attempts: Vec<Attempt>,
}

/// One try.
#[derive(Debug, Clone)]
pub struct Attempt {
    pub at: Timestamp,
    pub took_ms: i32,
    pub status: Option<i16>,
    pub error: Option<String>,
    pub response: Option<String>,
    /// Whether what was sent is what the delivery shows.
    pub sent_as_shown: bool,
}

/// Lists what the webhook was told, the newest event first, as far as the reader may see it: a page
/// may be short, or empty, and yet not the last.
pub async fn deliveries(
    store: &Store,
    scope: &Scope,
    (webhook, state): (Uuid, &State),
    outcome: Option<Outcome>,
    page: &PageQuery,
) -> Result<(Vec<Delivery>, Turns), Error> {
    let organisation = scope.organisation();
    let (sequence, id): (i64, Uuid) = page.key()?.unwrap_or((i64::MAX, Uuid::max()));
    let outcome = outcome.map(Outcome::name);
    let client = store.app().get().await?;
    let statement = client.prepare_cached(&page.statement(LIST)).await?;
    let limit = page.rows();
    let parameters: [&(dyn ToSql + Sync); 6] =
        [&organisation, &webhook, &sequence, &id, &outcome, &limit];
    let rows = client.query(&statement, &parameters).await?;
    drop(client);
    let rows = rows.iter().map(from_row).collect::<Result<Vec<_>, _>>()?;
    let (rows, turns) = projections::page(rows, page, |delivery| (delivery.sequence, delivery.id));
    let mut shown = Vec::new();
    for delivery in rows {
        shown.extend(filled(store, scope, state, delivery).await?);
    }
    Ok((shown, turns))
}

/// One delivery.
pub async fn delivery(
    store: &Store,
    scope: &Scope,
    (webhook, state): (Uuid, &State),
    delivery: Uuid,
) -> Result<Option<Delivery>, Error> {
    let client = store.app().get().await?;
    let statement = client.prepare_cached(GET).await?;
    let row = client.query_opt(&statement, &[&scope.organisation(), &webhook, &delivery]).await?;
    drop(client);
    match row {
        Some(row) => filled(store, scope, state, from_row(&row)?).await,
        None => Ok(None),
    }
}

/// Has a delivery made once more, under its id.
pub async fn redeliver(
    store: &Store,
    organisation: Uuid,
    webhook: Uuid,
    delivery: Uuid,
) -> Result<(), Error> {
    let client = store.worker().get().await?;
    let statement = client.prepare_cached(REDELIVER).await?;
    client.execute(&statement, &[&organisation, &webhook, &delivery]).await?;
    Ok(())
}

/// Has everything that the webhook asks for delivered from one position to another, both included,
/// each under its id; answers how many events those are. What is hidden from its owner, or does
/// not pass its filter, is left out when it is sent.
pub async fn replay(
    store: &Store,
    organisation: Uuid,
    (webhook, state): (Uuid, &State),
    (from, to): (i64, i64),
) -> Result<usize, Error> {
    let Some(definition) = &state.definition else { return Ok(0) };
    let in_order = definition.order == Order::Subject;
    let (mut after, mut count) = (from - 1, 0);
    while after < to {
        let up_to = to.min(after + CHUNK);
        let events = store.read_organisation(organisation, after, up_to, CHUNK).await?;
        let wanted = events.iter().filter(|event| definition.wants(&event.type_name));
        let calls: Vec<_> = wanted.map(|event| NewEffect::call(event, webhook, in_order)).collect();
        let mut client = store.worker().get().await?;
        let tx = client.transaction().await?;
        effects::reopen(&tx, &calls).await?;
        tx.commit().await?;
        count += calls.len();
        after = up_to;
    }
    Ok(count)
}

fn from_row(row: &Row) -> Result<Delivery, tokio_postgres::Error> {
    let finished_at: Option<Timestamp> = row.try_get("finished_at")?;
    let due_at: Timestamp = row.try_get("due_at")?;
    let rule: Option<Uuid> = row.try_get("rule")?;
    Ok(Delivery {
        id: row.try_get("effect_id")?,
        event_id: row.try_get("event_id")?,
        type_name: row.try_get("type")?,
        sequence: row.try_get("sequence")?,
        outcome: Outcome::of(row.try_get("outcome")?),
        reason: row.try_get("reason")?,
        due_at: finished_at.is_none().then_some(due_at),
        created_at: row.try_get("created_at")?,
        finished_at,
        rule: rule.zip(row.try_get("rule_version")?),
        body: None,
        attempts: Vec::new(),
    })
}

/// A delivery with its body and its tries; nothing where the reader may not see the event.
async fn filled(
    store: &Store,
    scope: &Scope,
    state: &State,
    delivery: Delivery,
) -> Result<Option<Delivery>, Error> {
    let organisation = scope.organisation();
    let Some(event) = store.read_event(organisation, delivery.event_id).await? else {
        return Ok(None);
    };
    if !envelope::shows(store, scope, &event).await? {
        return Ok(None);
    }
    let body = match told(store, state, &event, delivery.rule).await? {
        Told::Body(body) => Some(body),
        Told::Nothing | Told::Unreadable | Told::OwnerLeft => None,
    };
    let digest = body.as_ref().map(|body| Sha256::digest(body).to_vec());
    let client = store.app().get().await?;
    let statement = client.prepare_cached(ATTEMPTS).await?;
    let rows = client.query(&statement, &[&organisation, &delivery.id]).await?;
    let attempts = rows.iter().map(|row| attempt(row, digest.as_deref()));
    let attempts = attempts.collect::<Result<Vec<_>, _>>()?;
    let body = body.and_then(|body| serde_json::from_str(&body).ok());
    Ok(Some(Delivery { body, attempts, ..delivery }))
}

fn attempt(row: &Row, digest: Option<&[u8]>) -> Result<Attempt, tokio_postgres::Error> {
    let sent: &[u8] = row.try_get("body_sha256")?;
    Ok(Attempt {
        at: row.try_get("attempted_at")?,
        took_ms: row.try_get("took_ms")?,
        status: row.try_get("status")?,
        error: row.try_get("error")?,
        response: row.try_get("response")?,
        sent_as_shown: digest == Some(sent),
    })
}
