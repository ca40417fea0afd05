//! Checks the chain: recomputes every leaf and every root of an organisation from what is stored.

mod customer;

use futures_util::{StreamExt, pin_mut};
use serde::Serialize;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use crate::error::Error;
use crate::proof::{Root, leaf};
use crate::read::Stored;
use crate::store::Store;

pub use customer::CustomerVerification;

const BATCHES: &str = include_str!("verify/sql/batches.sql");
const EVENTS: &str = include_str!("verify/sql/events.sql");
const HEAD: &str = include_str!("verify/sql/head.sql");

/// What a check found. `head` is the last root, hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verification {
    pub organisation: Uuid,
    pub ok: bool,
    pub events: i64,
    pub sequence: i64,
    pub head: String,
    /// Heads are not signed yet: a later version fills this.
    pub signed_head: Option<String>,
    pub first_bad: Option<FirstBad>,
}

/// Where the chain breaks first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FirstBad {
    pub sequence: i64,
    pub reason: &'static str,
}

struct Batch {
    last: i64,
    root: Vec<u8>,
}

impl Store {
    /// Walks the organisation's events from the first on, as the log stood when it began.
    pub async fn verify(&self, organisation: Uuid) -> Result<Verification, Error> {
        let mut client = self.worker().get().await?;
        let snapshot = client
            .build_transaction()
            .isolation_level(tokio_postgres::IsolationLevel::RepeatableRead)
            .read_only(true)
            .start()
            .await?;
        let row = snapshot
            .query_opt(HEAD, &[&organisation])
            .await?
            .ok_or(Error::UnknownOrganisation(organisation))?;
        let (sequence, head): (i64, Vec<u8>) = (row.try_get(0)?, row.try_get(1)?);
        let batches = snapshot.query(BATCHES, &[&organisation]).await?;
        let mut batches = batches.iter();
        let events = snapshot.query_raw(EVENTS, [&organisation as &(dyn ToSql + Sync)]).await?;
        pin_mut!(events);

        let mut walk =
            Walk { expected: 1, root: vec![0; 32], batch: None, hash: Root::over(&[0; 32]) };
        let mut first_bad = None;
        while let Some(row) = events.next().await {
            let event = Stored::from_row(&row?)?;
            if walk.batch.is_none() {
                walk.batch = match batches.next() {
                    Some(row) => Some(Batch { last: row.try_get(0)?, root: row.try_get(1)? }),
                    None => None,
                };
            }
            if let Err(reason) = walk.step(&event) {
                first_bad = Some(FirstBad { sequence: walk.expected, reason });
                break;
            }
        }
        if first_bad.is_none() {
            first_bad = walk.end(sequence, &head, batches.next().is_some());
        }
        Ok(Verification {
            organisation,
            ok: first_bad.is_none(),
            events: walk.expected - 1,
            sequence,
            head: hex::encode(&head),
            signed_head: None,
            first_bad,
        })
    }
}

struct Walk {
    expected: i64,
    root: Vec<u8>,
    batch: Option<Batch>,
    hash: Root,
}

impl Walk {
    fn step(&mut self, event: &Stored) -> Result<(), &'static str> {
        if event.sequence != self.expected {
            return Err("an event is missing");
        }
        let computed = leaf(&event.content(), event.sequence, event.version, event.recorded_at);
        if event.leaf != computed {
            return Err("the event does not match its leaf");
        }
        let Some(batch) = &self.batch else { return Err("the event's batch is missing") };
        self.hash.add(&computed);
        if event.sequence == batch.last {
            let root = self.hash.clone().finish();
            if batch.root != root {
                return Err("the batch does not match its root");
            }
            self.hash = Root::over(&root);
            self.root = root.to_vec();
            self.batch = None;
        }
        self.expected += 1;
        Ok(())
    }

    fn end(&self, sequence: i64, head: &[u8], more_batches: bool) -> Option<FirstBad> {
        let reason = if self.expected != sequence + 1 || self.batch.is_some() || more_batches {
            "events at the end are missing"
        } else if self.root != head {
            "the head does not match the last root"
        } else {
            return None;
        };
        Some(FirstBad { sequence: self.expected, reason })
    }
}
