//! Password hashes (PHC strings, argon2id); made and checked by `api`.

use deadpool_postgres::GenericClient;
use jiff::Timestamp;
use tokio_postgres::Error;
use uuid::Uuid;

const SET: &str = include_str!("sql/set_credential.sql");
const GET: &str = include_str!("sql/get_credential.sql");
const REHASH: &str = include_str!("sql/rehash_credential.sql");
const OF_DEMO: &str = include_str!("sql/demo_credentials.sql");

/// A user's password, as far as it is kept.
#[derive(Debug, Clone)]
pub struct Credential {
    pub hash: String,
    pub changed_at: Timestamp,
}

/// Whose password it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Maker {
    Person,
    /// The demo, which prints it.
    Demo,
}

/// Sets a user's password hash.
pub async fn set(
    client: &impl GenericClient,
    user_id: Uuid,
    hash: &str,
    maker: Maker,
) -> Result<(), Error> {
    let statement = client.prepare_cached(SET).await?;
    client.execute(&statement, &[&user_id, &hash, &(maker == Maker::Demo)]).await?;
    Ok(())
}

/// A user's password hash.
pub async fn get(client: &impl GenericClient, user_id: Uuid) -> Result<Option<Credential>, Error> {
    let statement = client.prepare_cached(GET).await?;
    let row = client.query_opt(&statement, &[&user_id]).await?;
    let read = |row: tokio_postgres::Row| {
        let (hash, changed_at) = (row.try_get("password_hash")?, row.try_get("changed_at")?);
        Ok(Credential { hash, changed_at })
    };
    row.map(read).transpose()
}

/// The same password under other parameters; nothing where it was changed meanwhile.
pub async fn rehash(
    client: &impl GenericClient,
    user_id: Uuid,
    from: &str,
    to: &str,
) -> Result<(), Error> {
    let statement = client.prepare_cached(REHASH).await?;
    client.execute(&statement, &[&user_id, &from, &to]).await?;
    Ok(())
}

/// The users whose passwords are still those that the demo made.
pub async fn of_demo(client: &impl GenericClient) -> Result<Vec<Uuid>, Error> {
    let statement = client.prepare_cached(OF_DEMO).await?;
    client.query(&statement, &[]).await?.iter().map(|row| row.try_get(0)).collect()
}
