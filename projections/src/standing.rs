//! How the read models stand, for those who look after a service.

use eventstore::Store;

use crate::error::Error;
use crate::models::each_model;
use crate::read_model::ReadModel;

const BEHIND: &str = include_str!("standing/behind.sql");

/// A read model's distance from the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub name: &'static str,
    /// Events that it has not folded yet.
    pub behind: i64,
    /// Whether some process holds its lease.
    pub led: bool,
}

/// How every read model stands, whichever process folds it.
#[expect(
    clippy::cognitive_complexity,
    reason = "the same few lines for each read model, written by a macro"
)]
pub async fn standings(store: &Store) -> Result<Vec<Standing>, Error> {
    let client = store.worker().get().await?;
    let mut standings = Vec::new();
    each_model!(M => {
        let behind = BEHIND.replace("{schema}", M::NAME);
        let lease = format!("projection:{}", M::NAME);
        let row = client.query_one(&behind, &[&lease]).await?;
        let (behind, led) = (row.try_get("behind")?, row.try_get("led")?);
        standings.push(Standing { name: M::NAME, behind, led });
    });
    Ok(standings)
}
