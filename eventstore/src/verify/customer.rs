//! Checks one customer's part of the chain: their events against their leaves, and the batches in
//! which these lie against their roots. That the roots follow each other up to the head, and that
//! nothing was cut off at the end, only the whole organisation's check can tell.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use tokio_postgres::{IsolationLevel, Transaction};
use uuid::Uuid;

use super::FirstBad;
use crate::error::Error;
use crate::proof::{Root, leaf};
use crate::read::Stored;
use crate::store::Store;

const EVENTS: &str = include_str!("sql/customer_events.sql");
const BATCHES: &str = include_str!("sql/batches_of.sql");
const LEAVES: &str = include_str!("sql/leaves.sql");

/// What a check of one customer found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CustomerVerification {
    pub customer: Uuid,
    pub ok: bool,
    /// How many events are about the customer, in how many streams and batches.
    pub events: usize,
    pub streams: usize,
    pub batches: usize,
    pub first_bad: Option<FirstBad>,
}

/// A batch in which an event of the customer lies.
struct Batch {
    first: i64,
    last: i64,
    root: Vec<u8>,
    /// Nothing stands before the first one.
    previous: Option<Vec<u8>>,
}

impl Store {
    /// Checks all events about a customer, whatever their stream.
    pub async fn verify_customer(
        &self,
        organisation: Uuid,
        customer: Uuid,
    ) -> Result<CustomerVerification, Error> {
        let mut client = self.worker().get().await?;
        let snapshot = client
            .build_transaction()
            .isolation_level(IsolationLevel::RepeatableRead)
            .read_only(true)
            .start()
            .await?;
        let rows = snapshot.query(EVENTS, &[&organisation, &customer]).await?;
        let events: Vec<Stored> =
            rows.iter().map(Stored::from_row).collect::<Result<_, tokio_postgres::Error>>()?;
        let mut versions: HashMap<Uuid, i64> = HashMap::new();
        let mut bad: Vec<FirstBad> = Vec::new();
        for event in &events {
            let version = versions.entry(event.stream_id).or_default();
            *version += 1;
            if event.version != *version {
                *version = event.version;
                bad.push(FirstBad {
                    sequence: event.sequence,
                    reason: "an event before it is missing",
                });
            }
            let computed = leaf(&event.content(), event.sequence, event.version, event.recorded_at);
            if event.leaf != computed {
                let reason = "the event does not match its leaf";
                bad.push(FirstBad { sequence: event.sequence, reason });
            }
        }
        let sequences: Vec<i64> = events.iter().map(|event| event.sequence).collect();
        let batches = batches(&snapshot, organisation, &sequences).await?;
        bad.extend(broken(&snapshot, organisation, &batches).await?);
        let held = |sequence: &i64| {
            batches.iter().any(|batch| (batch.first..=batch.last).contains(sequence))
        };
        let unheld = sequences.iter().filter(|sequence| !held(sequence));
        bad.extend(unheld.map(|sequence| FirstBad {
            sequence: *sequence,
            reason: "the event's batch is missing",
        }));
        let first_bad = bad.into_iter().min_by_key(|bad| bad.sequence);
        Ok(CustomerVerification {
            customer,
            ok: first_bad.is_none(),
            events: events.len(),
            streams: versions.len(),
            batches: batches.len(),
            first_bad,
        })
    }
}

async fn batches(
    snapshot: &Transaction<'_>,
    organisation: Uuid,
    sequences: &[i64],
) -> Result<Vec<Batch>, Error> {
    let rows = snapshot.query(BATCHES, &[&organisation, &sequences]).await?;
    let batch = |row: &tokio_postgres::Row| -> Result<Batch, tokio_postgres::Error> {
        Ok(Batch {
            first: row.try_get("first_sequence")?,
            last: row.try_get("last_sequence")?,
            root: row.try_get("root")?,
            previous: row.try_get("previous")?,
        })
    };
    Ok(rows.iter().map(batch).collect::<Result<_, _>>()?)
}

/// The batches whose leaves do not make their root.
async fn broken(
    snapshot: &Transaction<'_>,
    organisation: Uuid,
    batches: &[Batch],
) -> Result<Vec<FirstBad>, Error> {
    let firsts: Vec<i64> = batches.iter().map(|batch| batch.first).collect();
    let lasts: Vec<i64> = batches.iter().map(|batch| batch.last).collect();
    let mut leaves: BTreeMap<i64, Vec<Vec<u8>>> = BTreeMap::new();
    for row in snapshot.query(LEAVES, &[&organisation, &firsts, &lasts]).await? {
        leaves.entry(row.try_get("first_sequence")?).or_default().push(row.try_get("leaf")?);
    }
    let mut broken = Vec::new();
    for batch in batches {
        let mut root = Root::over(batch.previous.as_deref().unwrap_or(&[0; 32]));
        for leaf in leaves.remove(&batch.first).unwrap_or_default() {
            root.add(&leaf.try_into().unwrap_or_default());
        }
        if batch.root != root.finish() {
            let reason = "the batch does not match its root";
            broken.push(FirstBad { sequence: batch.first, reason });
        }
    }
    Ok(broken)
}
