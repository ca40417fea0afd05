//! Publishes the log to JetStream: a stream for each lane, whose sequence is the lane's position.
//!
//! The stream's last sequence is the only checkpoint: a message is taken only behind the one
//! before it, so relays that race do no harm. PostgreSQL is the truth: a stream that is not a copy
//! of the log is made anew from it.

mod copies;
mod lane;
pub(crate) mod message;

use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::error::Error as StoreError;
use crate::nats::{Nats, NatsError};
use crate::store::{LANES, Store};

pub use copies::{Copied, copies};

/// How patient a relay is.
#[derive(Debug, Clone, Copy)]
pub struct RelaySettings {
    /// How long a relay keeps a lane to itself without a sign of life.
    pub lease: Duration,
    /// How often the stream of a quiet lane is looked at.
    pub check: Duration,
}

impl Default for RelaySettings {
    fn default() -> Self {
        Self { lease: Duration::from_secs(5), check: Duration::from_secs(30) }
    }
}

/// Why a lane is not published just now; it is tried again.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the database refused or did not answer")]
    Database(#[from] tokio_postgres::Error),
    #[error("no connection to the database could be had")]
    Pool(#[from] deadpool_postgres::PoolError),
    #[error(transparent)]
    Nats(#[from] NatsError),
    #[error("there is no connection to NATS")]
    Away,
    #[error("JetStream refused or did not answer")]
    Stream(#[source] async_nats::Error),
    #[error("JetStream did not take a message at position {0}")]
    Publish(i64, #[source] async_nats::jetstream::context::PublishError),
    #[error("JetStream took the message at position {position} as number {sequence}")]
    Displaced { position: i64, sequence: u64 },
    #[error("lane {lane} goes on at {found} where {expected} was expected")]
    Gap { lane: i16, expected: i64, found: i64 },
    #[error("an event could not be written as JSON")]
    Encode(#[from] serde_json::Error),
}

/// A running relay. Dropping it ends it at once, which loses nothing.
#[derive(Debug)]
pub struct Relay {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

/// What the lanes of a relay share.
#[derive(Debug, Clone)]
struct Shared {
    store: Store,
    nats: Nats,
    settings: RelaySettings,
    owner: Uuid,
}

impl Relay {
    /// Starts publishing. Of several relays the holder of a lane's lease publishes the lane.
    pub fn start(store: &Store, nats: &Nats, settings: RelaySettings) -> Self {
        let shared =
            Shared { store: store.clone(), nats: nats.clone(), settings, owner: Uuid::now_v7() };
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        for lane in 0..LANES {
            tasks.spawn(lane::publish(shared.clone(), lane, stopped.clone()));
        }
        Self { stop, tasks }
    }

    /// Stops after what is under way, and lets the lanes go.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        while self.tasks.join_next().await.is_some() {}
    }
}
