//! What can go wrong below the rules: the database, the log, what is stored.

use uuid::Uuid;

/// A failure that is not a rule's fault.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the database refused or did not answer")]
    Database(#[from] tokio_postgres::Error),
    #[error("no connection to the database could be had")]
    Pool(#[from] deadpool_postgres::PoolError),
    #[error("the log could not be read")]
    Store(#[from] eventstore::Error),
    #[error("lane {lane} goes on at {found} where {expected} was expected")]
    Gap { lane: i16, expected: i64, found: i64 },
    #[error("another process has moved lane {0}")]
    LeaseLost(i16),
    #[error("what is stored of run {0} cannot be read")]
    Run(Uuid, #[source] serde_json::Error),
    #[error("what is stored of rule {0} cannot be read")]
    Rule(Uuid, #[source] serde_json::Error),
    #[error("what is stored of webhook {0} cannot be read")]
    Webhook(Uuid, #[source] serde_json::Error),
    #[error("an event that decides which rules and webhooks there are cannot be read")]
    Event(#[from] domain::event::DecodeError),
    #[error("a call could not be signed")]
    Sign(#[from] standardwebhooks::WebhookError),
    #[error("a call could not be put together")]
    Header(#[from] hyper::header::InvalidHeaderValue),
    #[error("a list of runs could not be read")]
    List(#[from] projections::Error),
    #[error("what came about could not be recorded")]
    Unrecorded(#[source] Box<eventstore::Refused>),
    #[error("a run could not be written as JSON")]
    Encode(#[source] serde_json::Error),
}
