//! Reading for those who follow the log or build from it: an event that cannot be opened comes
//! along with its error, so that it holds up its own subject and nobody else.

use std::collections::{BTreeSet, HashMap};

use domain::{Actor, Metadata, Recorded, Source};
use uuid::Uuid;

use super::Stored;
use crate::error::{Error, StoredError};
use crate::keys::PersonKey;
use crate::store::Store;

const STREAMS: &str = include_str!("sql/streams.sql");
const ABOUT_CUSTOMERS: &str = include_str!("sql/about_customers.sql");
const BY_INDEX: &str = include_str!("sql/by_index.sql");
const SEQUENCE_AT: &str = include_str!("sql/sequence_at.sql");

/// An event as read, or what is known of one that cannot be opened.
#[derive(Debug)]
pub struct Read {
    /// Without body and true metadata where `broken` is set.
    pub recorded: Recorded,
    pub broken: Option<StoredError>,
}

/// Which events of an organisation are read subject by subject.
#[derive(Debug, Clone)]
pub struct Subjects {
    pub organisation: Uuid,
    /// Kinds of streams (the part of an event's name before the dot), or whole names.
    pub events: Vec<String>,
    /// Of these kinds or names the personal values are not asked for and stay sealed.
    pub sealed: Vec<String>,
    /// Nothing beyond this position of the organisation's lane.
    pub until: i64,
    /// How many events at a time.
    pub limit: i64,
}

impl Subjects {
    fn opens(&self, type_name: &str) -> bool {
        let kind = type_name.split('.').next().unwrap_or_default();
        !self.sealed.iter().any(|sealed| sealed == type_name || sealed == kind)
    }
}

impl Store {
    /// Like [`Store::read_lane`], with what is broken in its place.
    pub async fn follow_lane(&self, lane: i16, after: i64, limit: i64) -> Result<Vec<Read>, Error> {
        let stored = self.read_sealed(lane, after, limit).await?;
        self.open_stored(stored).await
    }

    /// Opens what is stored; what is broken stays in its place.
    pub(crate) async fn open_stored(&self, stored: Vec<Stored>) -> Result<Vec<Read>, Error> {
        self.open_each(stored, |_| true).await
    }

    /// Events by stream and version, beyond this version of this stream.
    pub async fn read_streams(
        &self,
        subjects: &Subjects,
        after: (Uuid, i64),
    ) -> Result<Vec<Read>, Error> {
        self.read_subjects(STREAMS, subjects, after).await
    }

    /// Events that streams of others hold about a customer, by customer and sequence, beyond this
    /// sequence of this customer.
    pub async fn read_about_customers(
        &self,
        subjects: &Subjects,
        after: (Uuid, i64),
    ) -> Result<Vec<Read>, Error> {
        self.read_subjects(ABOUT_CUSTOMERS, subjects, after).await
    }

    /// The last sequence of an organisation at a position of its lane.
    pub async fn sequence_at(&self, organisation: Uuid, position: i64) -> Result<i64, Error> {
        let client = self.worker().get().await?;
        let statement = client.prepare_cached(SEQUENCE_AT).await?;
        let row = client.query_opt(&statement, &[&organisation, &position]).await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?.unwrap_or_default())
    }

    async fn read_subjects(
        &self,
        text: &str,
        subjects: &Subjects,
        (subject, number): (Uuid, i64),
    ) -> Result<Vec<Read>, Error> {
        let Subjects { organisation, events, sealed: _, until, limit } = subjects;
        let mut client = self.worker().get().await?;
        let transaction = client.transaction().await?;
        transaction.batch_execute(BY_INDEX).await?;
        let statement = transaction.prepare_cached(text).await?;
        let rows = transaction
            .query(&statement, &[organisation, &subject, &number, events, until, limit])
            .await?;
        transaction.commit().await?;
        drop(client);
        let stored = rows.iter().map(Stored::from_row).collect::<Result<_, _>>()?;
        self.open_each(stored, |type_name| subjects.opens(type_name)).await
    }

    async fn open_each(
        &self,
        mut stored: Vec<Stored>,
        opens: impl Fn(&str) -> bool,
    ) -> Result<Vec<Read>, Error> {
        for event in stored.iter_mut().filter(|event| !opens(&event.type_name)) {
            event.private = None;
        }
        let mut wanted: HashMap<Uuid, BTreeSet<Uuid>> = HashMap::new();
        for event in stored.iter().filter(|event| event.private.is_some()) {
            if let Some(key) = event.key_id {
                wanted.entry(event.organisation).or_default().insert(key);
            }
        }
        let mut keys: HashMap<Uuid, HashMap<Uuid, PersonKey>> = HashMap::new();
        for (organisation, ids) in wanted {
            let ids: Vec<Uuid> = ids.into_iter().collect();
            keys.insert(organisation, self.keyring().persons(organisation, &ids).await?);
        }
        let key = |event: &Stored| keys.get(&event.organisation)?.get(&event.key_id?);
        Ok(stored
            .into_iter()
            .map(|event| {
                let key = key(&event);
                open(event, key)
            })
            .collect())
    }
}

pub(super) fn open(event: Stored, key: Option<&PersonKey>) -> Read {
    let opened = event.body(key).and_then(|body| Ok((body, serde_json::from_slice(&event.meta)?)));
    let (body, metadata, broken) = match opened {
        Ok((body, metadata)) => (body, metadata, None),
        Err(error) => (serde_json::Value::Null, unknown(), Some(error)),
    };
    let recorded = Recorded {
        lane: event.lane,
        position: event.position,
        organisation: event.organisation,
        sequence: event.sequence,
        stream_id: event.stream_id,
        version: event.version,
        event_id: event.event_id,
        type_name: event.type_name,
        schema_version: event.schema_version,
        customer_id: event.customer_id,
        key_id: event.key_id,
        metadata,
        recorded_at: event.recorded_at,
        body,
    };
    Read { recorded, broken }
}

fn unknown() -> Metadata {
    Metadata {
        actor: Actor::System,
        on_behalf_of: None,
        correlation_id: Uuid::nil(),
        causation_id: None,
        external_cause: None,
        rule: None,
        source: Source::System,
        runs_rules: false,
        undoes: false,
        occurred_at: None,
    }
}
