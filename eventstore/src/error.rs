//! What can go wrong below the business: the database, the keys, a stored event.

use uuid::Uuid;

/// A failure that is not the caller's fault.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the database refused or did not answer")]
    Database(#[from] tokio_postgres::Error),
    #[error("no connection to the database could be had")]
    Pool(#[from] deadpool_postgres::PoolError),
    #[error("the connection settings cannot be used")]
    Settings(#[from] deadpool_postgres::BuildError),
    #[error("the database's schema could not be brought up to date")]
    Migration(#[from] refinery::Error),
    #[error("organisation {0} does not exist")]
    UnknownOrganisation(Uuid),
    #[error("the keys do not open under this master key")]
    MasterKey,
    #[error("an event could not be written as JSON")]
    Encode(#[source] serde_json::Error),
    #[error("event {sequence} of organisation {organisation} cannot be read")]
    Stored { organisation: Uuid, sequence: i64, source: StoredError },
    #[error("stream {0} holds an event that this program cannot read")]
    Stream(Uuid, #[source] domain::event::DecodeError),
    #[error("the log was not written")]
    Append(#[from] crate::append::AppendError),
}

/// Why the bytes of a stored event do not make an event.
#[derive(Debug, thiserror::Error)]
pub enum StoredError {
    #[error("its JSON is broken")]
    Json(#[from] serde_json::Error),
    #[error("its personal values do not open under the person's key")]
    Sealed(#[from] crate::crypto::Unreadable),
}
