//! Tries to sign in: counted by what tries, so that guessing grows slower and slower and yet locks
//! nobody out for good.

use deadpool_postgres::GenericClient;
use tokio_postgres::Error;
use uuid::Uuid;

const ADMIT: &str = include_str!("sql/admit_sign_in.sql");
const WAIT: &str = include_str!("sql/sign_in_wait.sql");
const FORGIVE: &str = include_str!("sql/forgive_sign_in.sql");
const CLEAR: &str = include_str!("sql/clear_sign_in.sql");

/// How often one may fail at once, and how long a wait grows from then on: one second, two, four.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    pub failures: i32,
    pub longest_wait_seconds: f64,
}

/// Lets one more try through and counts it as failed until [`forgive`] or [`clear`] says otherwise;
/// else the seconds to wait.
pub async fn admit(
    client: &impl GenericClient,
    subject: Uuid,
    patience: Patience,
) -> Result<Result<(), f64>, Error> {
    let Patience { failures, longest_wait_seconds } = patience;
    let statement = client.prepare_cached(ADMIT).await?;
    let admitted =
        client.execute(&statement, &[&subject, &failures, &longest_wait_seconds]).await?;
    if admitted > 0 {
        return Ok(Ok(()));
    }
    let statement = client.prepare_cached(WAIT).await?;
    let row = client.query_opt(&statement, &[&subject, &failures, &longest_wait_seconds]).await?;
    row.map_or(Ok(Err(0.0)), |row| row.try_get(0).map(Err))
}

/// Takes one failure back.
pub async fn forgive(client: &impl GenericClient, subject: Uuid) -> Result<(), Error> {
    let statement = client.prepare_cached(FORGIVE).await?;
    client.execute(&statement, &[&subject]).await?;
    Ok(())
}

/// Forgets the failures, and those of everybody that are a day old.
pub async fn clear(client: &impl GenericClient, subject: Uuid) -> Result<(), Error> {
    let statement = client.prepare_cached(CLEAR).await?;
    client.execute(&statement, &[&subject]).await?;
    Ok(())
}
