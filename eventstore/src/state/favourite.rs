//! The customers that a user marked to find them again. Nobody else is told.

use std::collections::HashSet;

use deadpool_postgres::GenericClient;
use tokio_postgres::Error;
use uuid::Uuid;

const INSERT: &str = include_str!("sql/insert_favourite.sql");
const DELETE: &str = include_str!("sql/delete_favourite.sql");
const LIST: &str = include_str!("sql/list_favourites.sql");

/// Marks a customer; one that is marked stays so.
pub async fn add(
    client: &impl GenericClient,
    organisation: Uuid,
    user_id: Uuid,
    customer_id: Uuid,
) -> Result<(), Error> {
    let statement = client.prepare_cached(INSERT).await?;
    client.execute(&statement, &[&organisation, &user_id, &customer_id]).await?;
    Ok(())
}

/// Takes the mark off, if there is one.
pub async fn remove(
    client: &impl GenericClient,
    organisation: Uuid,
    user_id: Uuid,
    customer_id: Uuid,
) -> Result<(), Error> {
    let statement = client.prepare_cached(DELETE).await?;
    client.execute(&statement, &[&organisation, &user_id, &customer_id]).await?;
    Ok(())
}

/// The customers that a user marked; where some are named, which of them.
pub async fn list(
    client: &impl GenericClient,
    organisation: Uuid,
    user_id: Uuid,
    among: Option<&[Uuid]>,
) -> Result<HashSet<Uuid>, Error> {
    let statement = client.prepare_cached(LIST).await?;
    let rows = client.query(&statement, &[&organisation, &user_id, &among]).await?;
    rows.iter().map(|row| row.try_get("customer_id")).collect()
}
