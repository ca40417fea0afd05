//! Parked subjects: a customer whose event does not fold waits with its error, and its later
//! events behind it; the others go on.

use std::collections::HashSet;

use deadpool_postgres::Transaction;
use metrics::gauge;
use tokio_postgres::GenericClient;
use uuid::Uuid;

use crate::error::Error;
use crate::fold::{Failure, Subject};

const READ: &str = include_str!("park/read.sql");
const ADD: &str = include_str!("park/add.sql");
const REMOVE: &str = include_str!("park/remove.sql");
const RENAME: &str = include_str!("park/rename.sql");
const FORGET: &str = include_str!("park/forget.sql");

/// A subject that waits, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parked {
    pub organisation: Uuid,
    /// The customer, else the stream.
    pub subject: Uuid,
    /// The event that does not fold.
    pub sequence: i64,
    pub error: String,
}

/// The subjects that wait behind an event which this read model could not fold.
pub async fn parked(client: &impl GenericClient, model: &str) -> Result<Vec<Parked>, Error> {
    let rows = client.query(READ, &[&model]).await?;
    let read = |row: &tokio_postgres::Row| {
        Ok(Parked {
            organisation: row.try_get("organisation")?,
            subject: row.try_get("subject")?,
            sequence: row.try_get("sequence")?,
            error: row.try_get("error")?,
        })
    };
    rows.iter().map(read).collect()
}

pub(crate) async fn subjects(
    client: &impl GenericClient,
    follower: &str,
) -> Result<HashSet<Subject>, Error> {
    let parked = parked(client, follower).await?;
    #[expect(clippy::cast_precision_loss, reason = "a gauge of a small count")]
    gauge!("dossier_projection_parked", "model" => follower.to_owned()).set(parked.len() as f64);
    Ok(parked.into_iter().map(|parked| (parked.organisation, parked.subject)).collect())
}

pub(crate) async fn add(
    tx: &Transaction<'_>,
    follower: &str,
    failures: &[Failure],
) -> Result<(), Error> {
    let statement = tx.prepare_cached(ADD).await?;
    for Failure { organisation, subject, sequence, error } in failures {
        tracing::error!(
            projection.model = follower,
            organisation.id = %organisation,
            subject.id = %subject,
            event.sequence = sequence,
            error,
            "an event does not fold: its subject is parked until it is retried"
        );
        tx.execute(&statement, &[&follower, organisation, subject, sequence, error]).await?;
    }
    Ok(())
}

pub(crate) async fn remove(
    tx: &Transaction<'_>,
    follower: &str,
    (organisation, subject): Subject,
) -> Result<(), Error> {
    let statement = tx.prepare_cached(REMOVE).await?;
    tx.execute(&statement, &[&follower, &organisation, &subject]).await?;
    Ok(())
}

/// Forgets what a build that was given up has parked.
pub(crate) async fn forget(client: &impl GenericClient, follower: &str) -> Result<(), Error> {
    client.execute(FORGET, &[&follower]).await?;
    Ok(())
}

/// What the next build has parked takes the place of what the old one had.
pub(crate) async fn take_over(tx: &Transaction<'_>, next: &str, live: &str) -> Result<(), Error> {
    tx.execute(FORGET, &[&live]).await?;
    tx.execute(RENAME, &[&next, &live]).await?;
    Ok(())
}
