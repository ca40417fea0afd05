//! Messages to and from customers, newest first.

use domain::Actor;
use domain::access::{FieldGroup, Scope};
use domain::message::Event;
use domain::value::{AskedBy, Channel, WithheldReason};
use eventstore::Store;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tokio_postgres::types::Json;
use uuid::Uuid;

use crate::customer_360::time;
use crate::document::stored_as_documents;
use crate::error::Error;
use crate::item::Item;
use crate::page::{Page, PageQuery, page, position};
use crate::read_model::{Key, ReadModel, Touch, Unfoldable};
use crate::reader::{Ids, Names, Reach, connection, one, reading};
use crate::shown::{Shown, shown};

const LIST: &str = include_str!("messages/list.sql");
const GET: &str = include_str!("messages/get.sql");

/// The read model.
#[derive(Debug, Clone, Copy)]
pub struct Messages;

/// A message as it is now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    pub id: Uuid,
    pub customer: Uuid,
    pub channel: Channel,
    pub state: State,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Shown<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Shown<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Shown<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Shown<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template_version: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_by: Option<AskedBy>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_reply_to: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Shown<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withheld: Option<WithheldReason>,
    /// Why the last try failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Shown<String>>,
    pub by: Actor,
    pub at: Timestamp,
    /// The same in microseconds: what the list is sorted by.
    pub at_us: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened_at: Option<Timestamp>,
    pub version: i64,
    /// The sequence that began it.
    pub begun: i64,
    /// The last sequence that changed it.
    pub position: i64,
}

/// Where a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Requested,
    Withheld,
    Sent,
    Failed,
    Received,
}

impl ReadModel for Messages {
    type Row = Message;

    const NAME: &'static str = "messages";
    const VERSION: i32 = 2;
    const TABLES: &'static str = include_str!("messages/tables.sql");
    const INDEXES: &'static str = include_str!("messages/indexes.sql");
    const EVENTS: &'static [&'static str] = &["message", "customer.erased"];

    /// A customer's messages go with the customer's personal data.
    fn touches(item: &Item) -> Touch {
        if item.kind() == "message" { Touch::Row(item.stream_id) } else { Touch::Subject }
    }

    fn fold(key: Key, row: &mut Option<Message>, item: &Item) -> Result<(), Unfoldable> {
        let domain::Event::Message(event) = item.event()? else {
            *row = None;
            return Ok(());
        };
        let before = row.take().or_else(|| Message::begun_by(key.id, event, item));
        *row = before.map(|message| message.after(event, item));
        Ok(())
    }

    fn subject(_key: Key, row: &Message) -> Uuid {
        row.customer
    }

    stored_as_documents!();
}

impl Message {
    fn begun_by(id: Uuid, event: &Event, item: &Item) -> Option<Self> {
        let blank = |customer, channel, state| Self {
            id,
            customer,
            channel,
            state,
            from: None,
            to: None,
            subject: None,
            text: None,
            template: None,
            template_version: None,
            asked_by: None,
            in_reply_to: None,
            attachments: Vec::new(),
            withheld: None,
            failure: None,
            by: item.metadata.actor.clone(),
            at: item.effective_at(),
            at_us: item.effective_at().as_microsecond(),
            sent_at: None,
            delivered_at: None,
            opened_at: None,
            version: item.version,
            begun: item.sequence,
            position: item.sequence,
        };
        match event {
            Event::Requested(requested) => Some(Self {
                to: Some(Shown::from(&requested.to)),
                subject: shown(requested.subject.as_ref()),
                text: Some(Shown::from(&requested.text)),
                template: requested.template,
                template_version: requested.template_version,
                asked_by: Some(requested.asked_by),
                ..blank(requested.customer, requested.channel, State::Requested)
            }),
            Event::Received(received) => Some(Self {
                from: Some(Shown::from(&received.from)),
                to: shown(received.to.as_ref()),
                subject: shown(received.subject.as_ref()),
                text: shown(received.text.as_ref()),
                in_reply_to: received.in_reply_to,
                attachments: received.attachments.iter().map(Shown::from).collect(),
                ..blank(received.customer, received.channel, State::Received)
            }),
            Event::Withheld { customer, channel, reason: _, subject } => Some(Self {
                subject: shown(subject.as_ref()),
                asked_by: Some(AskedBy::Automatic),
                ..blank(*customer, *channel, State::Withheld)
            }),
            // What is told of a message after its customer was erased.
            Event::Sent { .. }
            | Event::Failed { .. }
            | Event::Delivered { .. }
            | Event::Opened { .. } => None,
        }
    }

    fn after(mut self, event: &Event, item: &Item) -> Self {
        self.version = item.version;
        self.position = item.sequence;
        let at = item.effective_at();
        match event {
            Event::Requested(_) | Event::Received(_) => {}
            Event::Withheld { reason, .. } => {
                self.state = State::Withheld;
                self.withheld = Some(*reason);
            }
            Event::Sent { .. } => {
                self.state = State::Sent;
                self.failure = None;
                self.sent_at = Some(at);
            }
            Event::Failed { reason, is_final, .. } => {
                self.failure = Some(Shown::from(reason));
                if *is_final {
                    self.state = State::Failed;
                }
            }
            Event::Delivered { .. } => self.delivered_at = Some(at),
            Event::Opened { .. } => self.opened_at = Some(at),
        }
        self
    }
}

/// A customer's messages, newest first.
pub async fn list(
    store: &Store,
    scope: &Scope,
    customer: Uuid,
    query: &PageQuery,
) -> Result<Page, Error> {
    let after: Option<(i64, i64)> = query.key()?;
    let (at, begun) = after.unwrap_or((i64::MAX, i64::MAX));
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
                &at,
                &begun,
                &query.rows(),
                &reach.all,
                &reach.folders,
                &reach.workers,
            ],
        )
        .await?;
    let messages = rows.iter().map(|row| row.try_get("body").map(|Json(message)| message));
    let messages: Vec<Message> = messages.collect::<Result<_, _>>()?;
    let (messages, turns) = page(messages, query, |message| (message.at_us, message.begun));
    let position = position(&tx, Messages::NAME, scope.organisation()).await?;
    drop(tx);
    drop(client);
    let mut ids = Ids::default();
    messages.iter().for_each(|message| ids.actor(&message.by));
    let names = ids.names(store, scope.organisation()).await?;
    let data = messages.iter().map(|message| body(message, scope, &names)).collect();
    Ok(Page { data, turns, position })
}

/// One message, if it is within reach, and the position of the read model.
pub async fn get(
    store: &Store,
    scope: &Scope,
    message: Uuid,
) -> Result<(Option<Value>, i64), Error> {
    let (found, position) = one::<Message>(store, scope, Messages::NAME, GET, message).await?;
    let Some(message) = found else { return Ok((None, position)) };
    let mut ids = Ids::default();
    ids.actor(&message.by);
    let names = ids.names(store, scope.organisation()).await?;
    Ok((Some(body(&message, scope, &names)), position))
}

fn body(message: &Message, scope: &Scope, names: &Names) -> Value {
    let mut body = Map::new();
    let mut put = |name: &str, value: Value| {
        body.insert(name.to_owned(), value);
    };
    put("id", json!(message.id));
    put("customer", json!(message.customer));
    put("channel", json!(message.channel));
    let incoming = message.state == State::Received;
    put("direction", json!(if incoming { "in" } else { "out" }));
    put("state", json!(message.state));
    if scope.shows(FieldGroup::Contact) {
        put("from", json!(message.from));
        put("to", json!(message.to));
    }
    put("subject", json!(message.subject));
    put("text", json!(message.text));
    put("template", json!(message.template));
    put("template_version", json!(message.template_version));
    put("asked_by", json!(message.asked_by));
    put("in_reply_to", json!(message.in_reply_to));
    put("attachments", json!(message.attachments));
    put("withheld", json!(message.withheld));
    put("failure", json!(message.failure));
    put("by", names.actor(&message.by));
    put("at", json!(time(message.at)));
    put("sent_at", json!(message.sent_at.map(time)));
    put("delivered_at", json!(message.delivered_at.map(time)));
    put("opened_at", json!(message.opened_at.map(time)));
    put("version", json!(message.version));
    put("position", json!(message.position.to_string()));
    Value::Object(body)
}
