//! Leases: who does a piece of work just now. For speed and order; safety comes from the
//! compare-and-set of checkpoints, which carry the lease's epoch.

use std::time::Duration;

use deadpool_postgres::GenericClient;
use tokio_postgres::Error;
use uuid::Uuid;

const ACQUIRE: &str = include_str!("sql/acquire_lease.sql");
const RELEASE: &str = include_str!("sql/release_lease.sql");

/// A lease held; renewed by acquiring it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    pub name: String,
    pub owner: Uuid,
    /// Rises with every change of owner.
    pub epoch: i64,
}

/// Takes the lease if it is free, expired, or ours already (then it is renewed). By the
/// database's clock.
pub async fn acquire(
    client: &impl GenericClient,
    name: &str,
    owner: Uuid,
    time: Duration,
) -> Result<Option<Lease>, Error> {
    let statement = client.prepare_cached(ACQUIRE).await?;
    let row = client.query_opt(&statement, &[&name, &owner, &time.as_secs_f64()]).await?;
    row.map(|row| Ok(Lease { name: name.to_owned(), owner, epoch: row.try_get(0)? })).transpose()
}

/// Lets go of a lease, so that the next one need not wait for its end.
pub async fn release(client: &impl GenericClient, lease: &Lease) -> Result<(), Error> {
    let statement = client.prepare_cached(RELEASE).await?;
    client.execute(&statement, &[&lease.name, &lease.owner]).await?;
    Ok(())
}
