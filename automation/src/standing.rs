//! How automation stands, for those who look after a service.

use eventstore::Store;

use crate::error::Error;

const STANDING: &str = include_str!("standing/sql/standing.sql");

/// What waits, whichever process works on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Events that no matcher has seen yet.
    pub behind: i64,
    /// Whether some process holds the lease of a lane that is behind.
    pub led: bool,
    /// Runs that failed as often as they may.
    pub dead: i64,
    /// Customers whose runs have been due for more than a minute.
    pub overdue: i64,
}

/// How automation stands.
pub async fn standing(store: &Store) -> Result<Standing, Error> {
    let client = store.worker().get().await?;
    let row = client.query_one(STANDING, &[]).await?;
    Ok(Standing {
        behind: row.try_get("behind")?,
        led: row.try_get("led")?,
        dead: row.try_get("dead")?,
        overdue: row.try_get("overdue")?,
    })
}
