//! Reading the log: raw rows, opened with their persons' keys.

mod each;
mod since;

use std::collections::{BTreeSet, HashMap};

use domain::Recorded;
use domain::personal::unseal;
use jiff::Timestamp;
use serde_json::Value;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::error::{Error, StoredError};
use crate::keys::PersonKey;
use crate::proof::{Content, Hash};
use crate::store::Store;

pub use each::{Read, Subjects};

const LANE: &str = include_str!("read/sql/lane.sql");
const STREAM: &str = include_str!("read/sql/stream.sql");
const CUSTOMER: &str = include_str!("read/sql/customer.sql");
const CUSTOMER_DESCENDING: &str = include_str!("read/sql/customer_descending.sql");
const ORGANISATION: &str = include_str!("read/sql/organisation.sql");
const TYPES: &str = include_str!("read/sql/types.sql");
const TYPES_DESCENDING: &str = include_str!("read/sql/types_descending.sql");
const EVENT: &str = include_str!("read/sql/event.sql");
const EVENT_AT: &str = include_str!("read/sql/event_at.sql");
const EFFECTS: &str = include_str!("read/sql/effects.sql");

/// A row of `es.event`, sealed as it is stored.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) lane: i16,
    pub(crate) position: i64,
    pub(crate) organisation: Uuid,
    pub(crate) sequence: i64,
    pub(crate) stream_id: Uuid,
    pub(crate) version: i64,
    pub(crate) event_id: Uuid,
    pub(crate) type_name: String,
    pub(crate) schema_version: i16,
    pub(crate) customer_id: Option<Uuid>,
    pub(crate) key_id: Option<Uuid>,
    pub(crate) leaf: Vec<u8>,
    pub(crate) meta: Vec<u8>,
    pub(crate) data: Vec<u8>,
    pub(crate) private: Option<Vec<u8>>,
    pub(crate) recorded_at: Timestamp,
}

impl Stored {
    pub(crate) fn from_row(row: &Row) -> Result<Self, tokio_postgres::Error> {
        Ok(Self {
            lane: row.try_get("lane")?,
            position: row.try_get("position")?,
            organisation: row.try_get("organisation")?,
            sequence: row.try_get("sequence")?,
            stream_id: row.try_get("stream_id")?,
            version: row.try_get("version")?,
            event_id: row.try_get("event_id")?,
            type_name: row.try_get("type")?,
            schema_version: row.try_get("schema_version")?,
            customer_id: row.try_get("customer_id")?,
            key_id: row.try_get("key_id")?,
            leaf: row.try_get("leaf")?,
            meta: row.try_get("meta")?,
            data: row.try_get("data")?,
            private: row.try_get("private")?,
            recorded_at: row.try_get("recorded_at")?,
        })
    }

    pub(crate) fn content(&self) -> Hash {
        Content {
            organisation: self.organisation,
            stream_id: self.stream_id,
            event_id: self.event_id,
            type_name: &self.type_name,
            schema_version: self.schema_version,
            customer_id: self.customer_id,
            key_id: self.key_id,
            meta: &self.meta,
            data: &self.data,
            private: self.private.as_deref(),
        }
        .hash()
    }

    fn open(self, key: Option<&PersonKey>) -> Result<Recorded, Error> {
        let opened = self.body(key);
        let (organisation, sequence) = (self.organisation, self.sequence);
        let stored = |source| Error::Stored { organisation, sequence, source };
        let body = opened.map_err(stored)?;
        let metadata =
            serde_json::from_slice(&self.meta).map_err(|error| stored(StoredError::Json(error)))?;
        Ok(Recorded {
            lane: self.lane,
            position: self.position,
            organisation,
            sequence,
            stream_id: self.stream_id,
            version: self.version,
            event_id: self.event_id,
            type_name: self.type_name,
            schema_version: self.schema_version,
            customer_id: self.customer_id,
            key_id: self.key_id,
            metadata,
            recorded_at: self.recorded_at,
            body,
        })
    }

    fn body(&self, key: Option<&PersonKey>) -> Result<Value, StoredError> {
        let mut body: Value = serde_json::from_slice(&self.data)?;
        if let Some(private) = &self.private {
            let opened = match key {
                Some(PersonKey::Known(key)) => {
                    let context = sealing_context(
                        self.organisation,
                        self.event_id,
                        self.key_id,
                        &self.type_name,
                        self.schema_version,
                    );
                    Some(serde_json::from_slice(&key.open(private, &context)?)?)
                }
                Some(PersonKey::Destroyed | PersonKey::Missing) | None => None,
            };
            unseal(&mut body, opened);
        }
        Ok(body)
    }
}

/// What ciphertext is bound to: it opens nowhere else.
pub(crate) fn sealing_context(
    organisation: Uuid,
    event_id: Uuid,
    key_id: Option<Uuid>,
    type_name: &str,
    schema_version: i16,
) -> Vec<u8> {
    let mut context = Vec::with_capacity(64);
    context.extend_from_slice(organisation.as_bytes());
    context.extend_from_slice(event_id.as_bytes());
    context.extend_from_slice(key_id.unwrap_or_default().as_bytes());
    context.extend_from_slice(&schema_version.to_be_bytes());
    context.extend_from_slice(type_name.as_bytes());
    context
}

/// Which events of a customer are asked for.
#[derive(Debug, Clone, Default)]
pub struct HistoryQuery {
    /// Only events beyond this sequence (before it, when descending); `None` from the end.
    pub after: Option<i64>,
    pub limit: i64,
    pub descending: bool,
    /// Only these event names; empty is all.
    pub types: Vec<String>,
}

impl Store {
    /// Events of a lane beyond a position, in order. At most `limit`.
    pub async fn read_lane(
        &self,
        lane: i16,
        after: i64,
        limit: i64,
    ) -> Result<Vec<Recorded>, Error> {
        let client = self.worker().get().await?;
        let statement = client.prepare_cached(LANE).await?;
        let rows = client.query(&statement, &[&lane, &after, &limit]).await?;
        drop(client);
        self.open_rows(&rows).await
    }

    /// Rows of a lane beyond a position as they are stored, in order. At most `limit`.
    pub(crate) async fn read_sealed(
        &self,
        lane: i16,
        after: i64,
        limit: i64,
    ) -> Result<Vec<Stored>, Error> {
        let client = self.worker().get().await?;
        let statement = client.prepare_cached(LANE).await?;
        let rows = client.query(&statement, &[&lane, &after, &limit]).await?;
        Ok(rows.iter().map(Stored::from_row).collect::<Result<_, _>>()?)
    }

    /// The id of the event at a position of a lane.
    pub(crate) async fn event_at(&self, lane: i16, position: i64) -> Result<Option<Uuid>, Error> {
        let client = self.worker().get().await?;
        let statement = client.prepare_cached(EVENT_AT).await?;
        let row = client.query_opt(&statement, &[&lane, &position]).await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    }

    /// Events of one stream beyond a version, in order.
    pub async fn read_stream(
        &self,
        organisation: Uuid,
        stream_id: Uuid,
        after_version: i64,
    ) -> Result<Vec<Recorded>, Error> {
        let client = self.worker().get().await?;
        let statement = client.prepare_cached(STREAM).await?;
        let rows = client.query(&statement, &[&organisation, &stream_id, &after_version]).await?;
        drop(client);
        self.open_rows(&rows).await
    }

    /// Events about a customer, whatever their stream, by sequence.
    pub async fn read_customer(
        &self,
        organisation: Uuid,
        customer: Uuid,
        query: &HistoryQuery,
    ) -> Result<Vec<Recorded>, Error> {
        let client = self.worker().get().await?;
        let text = if query.descending { CUSTOMER_DESCENDING } else { CUSTOMER };
        let statement = client.prepare_cached(text).await?;
        let from = query.after.unwrap_or(if query.descending { i64::MAX } else { 0 });
        let types = (!query.types.is_empty()).then_some(&query.types);
        let rows = client
            .query(&statement, &[&organisation, &customer, &from, &types, &query.limit])
            .await?;
        drop(client);
        self.open_rows(&rows).await
    }

    /// Events of an organisation beyond a sequence, up to and with another, in order.
    pub async fn read_organisation(
        &self,
        organisation: Uuid,
        after: i64,
        up_to: i64,
        limit: i64,
    ) -> Result<Vec<Recorded>, Error> {
        let client = self.worker().get().await?;
        let statement = client.prepare_cached(ORGANISATION).await?;
        let rows = client.query(&statement, &[&organisation, &after, &up_to, &limit]).await?;
        drop(client);
        self.open_rows(&rows).await
    }

    /// The next events of these names among those of an organisation, beyond the first sequence of a
    /// range, up to and with the second, or from its end. The others are passed over by the database.
    pub async fn read_types(
        &self,
        organisation: Uuid,
        types: &[String],
        (after, up_to): (i64, i64),
        descending: bool,
        limit: i64,
    ) -> Result<Vec<Recorded>, Error> {
        let client = self.worker().get().await?;
        let text = if descending { TYPES_DESCENDING } else { TYPES };
        let statement = client.prepare_cached(text).await?;
        let rows =
            client.query(&statement, &[&organisation, &after, &up_to, &types, &limit]).await?;
        drop(client);
        self.open_rows(&rows).await
    }

    /// One event by its id.
    pub async fn read_event(
        &self,
        organisation: Uuid,
        event_id: Uuid,
    ) -> Result<Option<Recorded>, Error> {
        let client = self.worker().get().await?;
        let statement = client.prepare_cached(EVENT).await?;
        let rows = client.query(&statement, &[&organisation, &event_id]).await?;
        drop(client);
        Ok(self.open_rows(&rows).await?.pop())
    }

    /// Events that name this one as their cause, by sequence. They all come later in the log.
    pub async fn read_effects(&self, cause: &Recorded, limit: i64) -> Result<Vec<Recorded>, Error> {
        let client = self.worker().get().await?;
        let statement = client.prepare_cached(EFFECTS).await?;
        let marker = format!("\"causation_id\":\"{}\"", cause.event_id);
        let parameters: [&(dyn tokio_postgres::types::ToSql + Sync); 5] =
            [&cause.organisation, &cause.customer_id, &cause.sequence, &marker, &limit];
        let rows = client.query(&statement, &parameters).await?;
        drop(client);
        self.open_rows(&rows).await
    }

    pub(crate) async fn open_rows(&self, rows: &[Row]) -> Result<Vec<Recorded>, Error> {
        let stored: Vec<Stored> = rows.iter().map(Stored::from_row).collect::<Result<_, _>>()?;
        let mut wanted: HashMap<Uuid, BTreeSet<Uuid>> = HashMap::new();
        for event in stored.iter().filter(|event| event.private.is_some()) {
            if let Some(key) = event.key_id {
                wanted.entry(event.organisation).or_default().insert(key);
            }
        }
        let mut keys = HashMap::new();
        for (organisation, ids) in wanted {
            let ids: Vec<Uuid> = ids.into_iter().collect();
            keys.insert(organisation, self.keyring().persons(organisation, &ids).await?);
        }
        stored
            .into_iter()
            .map(|event| {
                let key = event
                    .key_id
                    .and_then(|key| keys.get(&event.organisation).and_then(|keys| keys.get(&key)))
                    .cloned();
                event.open(key.as_ref())
            })
            .collect()
    }
}
