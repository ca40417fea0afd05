//! Connections: the doors through which providers bring messages and payments, and the accounts by
//! which messages go out. An address is shown once and found by its SHA-256; it and the secrets are
//! sealed by the store.

use deadpool_postgres::GenericClient;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tokio_postgres::{Error, Row};
use uuid::Uuid;

const INSERT: &str = include_str!("sql/insert_connection.sql");
const FIND: &str = include_str!("sql/find_connection.sql");
const SENDING: &str = include_str!("sql/find_sending_connection.sql");
const LIST: &str = include_str!("sql/list_connections.sql");
const DELETE: &str = include_str!("sql/delete_connection.sql");
const TOUCH: &str = include_str!("sql/touch_connection.sql");

/// A connection as it is kept.
#[derive(Debug, Clone)]
pub struct Connection {
    pub connection_id: Uuid,
    pub organisation: Uuid,
    pub provider: String,
    pub name: String,
    /// Sealed; [`crate::Store::open_secret`] reads it.
    pub secret: Vec<u8>,
    pub base_url: Option<String>,
    /// Our account at the provider, where it is one to send by.
    pub account: Option<String>,
    /// The number from which it sends.
    pub sender: Option<String>,
    /// What the provider's interface asks for where that is not the secret, sealed like it.
    pub access_token: Option<Vec<u8>>,
    /// Its own address, sealed like the secret.
    pub address: Option<Vec<u8>>,
    pub created_by: Uuid,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
    verify_hash: Option<Vec<u8>>,
}

impl Connection {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            connection_id: row.try_get("connection_id")?,
            organisation: row.try_get("organisation")?,
            provider: row.try_get("provider")?,
            name: row.try_get("name")?,
            secret: row.try_get("secret")?,
            base_url: row.try_get("base_url")?,
            account: row.try_get("account")?,
            sender: row.try_get("sender")?,
            access_token: row.try_get("access_token")?,
            address: row.try_get("address")?,
            created_by: row.try_get("created_by")?,
            created_at: row.try_get("created_at")?,
            last_used_at: row.try_get("last_used_at")?,
            verify_hash: row.try_get("verify_hash")?,
        })
    }

    /// Whether this is the word that was agreed on for the provider's handshake.
    pub fn is_verified_by(&self, word: &str) -> bool {
        self.verify_hash.as_deref() == Some(hash(word).as_slice())
    }
}

/// What a new connection is for.
#[derive(Debug, Clone)]
pub struct NewConnection<'a> {
    pub connection_id: Uuid,
    pub organisation: Uuid,
    pub provider: &'a str,
    pub name: &'a str,
    /// Sealed by [`crate::Store::seal_secret`] under `connection_id`.
    pub secret: &'a [u8],
    /// The word for the provider's handshake, where it has one.
    pub verify_token: Option<&'a str>,
    pub base_url: Option<&'a str>,
    /// Our account at the provider, where it is one to send by.
    pub account: Option<&'a str>,
    /// The number from which it sends.
    pub sender: Option<&'a str>,
    /// Sealed like the secret.
    pub access_token: Option<&'a [u8]>,
    /// The address under which it is kept, sealed like the secret.
    pub sealed_address: &'a [u8],
    pub created_by: Uuid,
}

/// A text of 256 random bits that nobody guesses.
pub fn unguessable() -> String {
    hex::encode(rand::random::<[u8; 32]>())
}

/// Keeps a connection under an address; the answer of its maker is the only copy of that.
pub async fn create(
    client: &impl GenericClient,
    new: &NewConnection<'_>,
    address: &str,
) -> Result<(), Error> {
    let statement = client.prepare_cached(INSERT).await?;
    client
        .execute(
            &statement,
            &[
                &new.connection_id,
                &new.organisation,
                &new.provider,
                &new.name,
                &hash(address),
                &new.secret,
                &new.verify_token.map(hash),
                &new.base_url,
                &new.account,
                &new.sender,
                &new.access_token,
                &new.sealed_address,
                &new.created_by,
            ],
        )
        .await?;
    Ok(())
}

/// The connection of a provider behind an address.
pub async fn find(
    client: &impl GenericClient,
    provider: &str,
    address: &str,
) -> Result<Option<Connection>, Error> {
    let statement = client.prepare_cached(FIND).await?;
    let row = client.query_opt(&statement, &[&hash(address), &provider]).await?;
    row.as_ref().map(Connection::from_row).transpose()
}

/// The connection by which an organisation sends through a provider: the newest that can.
pub async fn sending(
    client: &impl GenericClient,
    organisation: Uuid,
    provider: &str,
) -> Result<Option<Connection>, Error> {
    let statement = client.prepare_cached(SENDING).await?;
    let row = client.query_opt(&statement, &[&organisation, &provider]).await?;
    row.as_ref().map(Connection::from_row).transpose()
}

/// All connections of an organisation, oldest first.
pub async fn list(
    client: &impl GenericClient,
    organisation: Uuid,
) -> Result<Vec<Connection>, Error> {
    let statement = client.prepare_cached(LIST).await?;
    client.query(&statement, &[&organisation]).await?.iter().map(Connection::from_row).collect()
}

/// Ends a connection and forgets its secret; false when there is none of this id.
pub async fn delete(
    client: &impl GenericClient,
    organisation: Uuid,
    connection_id: Uuid,
) -> Result<bool, Error> {
    let statement = client.prepare_cached(DELETE).await?;
    Ok(client.execute(&statement, &[&organisation, &connection_id]).await? > 0)
}

/// Notes that it was used; at most once a minute is enough.
pub async fn touch(client: &impl GenericClient, connection_id: Uuid) -> Result<(), Error> {
    let statement = client.prepare_cached(TOUCH).await?;
    client.execute(&statement, &[&connection_id]).await?;
    Ok(())
}

fn hash(text: &str) -> Vec<u8> {
    Sha256::digest(text.as_bytes()).to_vec()
}
