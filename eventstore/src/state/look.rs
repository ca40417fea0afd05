//! Up to where each user has seen each customer. Looks that follow one another within half an hour
//! are one visit: what is new is counted from the last look, what happened since the last visit
//! from the one before it.

use deadpool_postgres::GenericClient;
use jiff::Timestamp;
use tokio_postgres::Error;
use uuid::Uuid;

const RECORD: &str = include_str!("sql/record_look.sql");
const LIST: &str = include_str!("sql/list_looks.sql");
const LAST_VISIT: &str = include_str!("sql/last_visit.sql");

/// So long after the last look a visit is over.
pub const VISIT_SECONDS: f64 = 30.0 * 60.0;

/// Up to where a user has seen a customer; who never opened them has seen what there was when they
/// first looked at any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    pub customer: Uuid,
    pub sequence: i64,
}

/// The end of a user's last visit to a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visit {
    pub sequence: i64,
    pub at: Timestamp,
}

/// Notes that a user has seen all of a customer up to a sequence of the organisation.
pub async fn record(
    client: &impl GenericClient,
    organisation: Uuid,
    user_id: Uuid,
    seen: Seen,
) -> Result<(), Error> {
    let statement = client.prepare_cached(RECORD).await?;
    client
        .execute(
            &statement,
            &[&organisation, &user_id, &seen.customer, &seen.sequence, &VISIT_SECONDS],
        )
        .await?;
    Ok(())
}

/// Up to where a user has seen each of these customers; nothing of who never looked at any.
pub async fn list(
    client: &impl GenericClient,
    organisation: Uuid,
    user_id: Uuid,
    customers: &[Uuid],
) -> Result<Vec<Seen>, Error> {
    let statement = client.prepare_cached(LIST).await?;
    let rows = client.query(&statement, &[&organisation, &user_id, &customers]).await?;
    rows.iter()
        .map(|row| {
            Ok(Seen { customer: row.try_get("customer_id")?, sequence: row.try_get("sequence")? })
        })
        .collect()
}

/// When the visit before the present one ended, and where the log stood; `None` where there was
/// none.
pub async fn last_visit(
    client: &impl GenericClient,
    organisation: Uuid,
    user_id: Uuid,
    customer: Uuid,
) -> Result<Option<Visit>, Error> {
    let statement = client.prepare_cached(LAST_VISIT).await?;
    let row =
        client.query_opt(&statement, &[&organisation, &user_id, &customer, &VISIT_SECONDS]).await?;
    let Some(row) = row else { return Ok(None) };
    let (sequence, at) = (row.try_get("sequence")?, row.try_get("at")?);
    Ok(Option::zip(sequence, at).map(|(sequence, at)| Visit { sequence, at }))
}
