//! Password hashes (PHC strings, argon2id); made and checked by `api`.

use deadpool_postgres::GenericClient;
use tokio_postgres::Error;
use uuid::Uuid;

const SET: &str = include_str!("sql/set_credential.sql");
const GET: &str = include_str!("sql/get_credential.sql");

/// Sets a user's password hash.
pub async fn set(client: &impl GenericClient, user_id: Uuid, hash: &str) -> Result<(), Error> {
    let statement = client.prepare_cached(SET).await?;
    client.execute(&statement, &[&user_id, &hash]).await?;
    Ok(())
}

/// A user's password hash.
pub async fn get(client: &impl GenericClient, user_id: Uuid) -> Result<Option<String>, Error> {
    let statement = client.prepare_cached(GET).await?;
    client.query_opt(&statement, &[&user_id]).await?.map(|row| row.try_get(0)).transpose()
}
