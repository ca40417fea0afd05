//! Where a call stands that a run of a rule waits for.

use deadpool_postgres::GenericClient;
use eventstore::Store;
use jiff::Timestamp;
use uuid::Uuid;

use crate::error::Error;

const STANDING: &str = include_str!("sql/standing.sql");
const REOPEN: &str = include_str!("sql/reopen.sql");

/// Where a call stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is made then, or is under way.
    Pending(Timestamp),
    /// With this answer.
    Delivered(i16),
    /// It is not tried any more, and why.
    Failed(String),
}

/// Where a call stands, if it was asked for.
pub(crate) async fn standing(
    store: &Store,
    organisation: Uuid,
    effect: Uuid,
) -> Result<Option<Standing>, Error> {
    let client = store.worker().get().await?;
    let statement = client.prepare_cached(STANDING).await?;
    let Some(row) = client.query_opt(&statement, &[&organisation, &effect]).await? else {
        return Ok(None);
    };
    let (outcome, reason): (Option<&str>, Option<&str>) =
        (row.try_get("outcome")?, row.try_get("reason")?);
    let (due_at, status): (Timestamp, Option<i16>) =
        (row.try_get("due_at")?, row.try_get("status")?);
    let under_way = row.try_get::<_, Option<Timestamp>>("busy_until")?.is_some();
    Ok(Some(match (outcome, status) {
        (None, _) if under_way => Standing::Pending(Timestamp::MIN),
        (None, _) => Standing::Pending(due_at),
        (Some("delivered"), Some(status)) => Standing::Delivered(status),
        (Some(_), Some(status)) => Standing::Failed(format!(
            "{}; its last answer was {status}",
            reason.unwrap_or_default()
        )),
        (Some(_), None) => {
            Standing::Failed(format!("{}; it gave no answer", reason.unwrap_or_default()))
        }
    }))
}

/// Has a call, if there is one, that was given up begin anew, under its id.
pub(crate) async fn reopen(
    client: &impl GenericClient,
    organisation: Uuid,
    effect: Option<Uuid>,
) -> Result<(), Error> {
    let statement = client.prepare_cached(REOPEN).await?;
    client.execute(&statement, &[&organisation, &effect]).await?;
    Ok(())
}
