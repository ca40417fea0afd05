//! Secrets of the portal: of links and of sessions, kept as SHA-256. Whether a link still leads
//! anywhere is in the log.

use deadpool_postgres::GenericClient;
use sha2::{Digest, Sha256};
use tokio_postgres::{Error, Row};
use uuid::Uuid;

const INSERT_LINK: &str = include_str!("sql/insert_portal_link.sql");
const FORGET_LINKS: &str = include_str!("sql/forget_portal_links.sql");
const FIND_LINK: &str = include_str!("sql/find_portal_link.sql");
const INSERT_SESSION: &str = include_str!("sql/insert_portal_session.sql");
const FIND_SESSION: &str = include_str!("sql/find_portal_session.sql");
const END_SESSION: &str = include_str!("sql/end_portal_session.sql");

/// So long somebody who followed a link stays in.
pub const SESSION_SECONDS: u32 = 12 * 3600;

/// A link, and whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    pub link_id: Uuid,
    pub organisation: Uuid,
    pub customer: Uuid,
}

impl Link {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            link_id: row.try_get("link_id")?,
            organisation: row.try_get("organisation")?,
            customer: row.try_get("customer")?,
        })
    }
}

/// Gives a link a secret, of which the answer is the only copy. The customer's other links go, with
/// who came in by them.
pub async fn issue(client: &impl GenericClient, link: &Link) -> Result<String, Error> {
    let Link { link_id, organisation, customer } = link;
    let statement = client.prepare_cached(FORGET_LINKS).await?;
    client.execute(&statement, &[organisation, customer]).await?;
    let secret = secret();
    let statement = client.prepare_cached(INSERT_LINK).await?;
    client.execute(&statement, &[link_id, organisation, customer, &hash(&secret)]).await?;
    Ok(secret)
}

/// The link with this secret.
pub async fn find(client: &impl GenericClient, secret: &str) -> Result<Option<Link>, Error> {
    let statement = client.prepare_cached(FIND_LINK).await?;
    let row = client.query_opt(&statement, &[&hash(secret)]).await?;
    row.as_ref().map(Link::from_row).transpose()
}

/// Begins a session of who followed a link; the answer is its only copy. Those that are over go.
pub async fn begin(client: &impl GenericClient, link: &Link) -> Result<String, Error> {
    let (secret, seconds) = (secret(), f64::from(SESSION_SECONDS));
    let statement = client.prepare_cached(INSERT_SESSION).await?;
    client.execute(&statement, &[&hash(&secret), &link.link_id, &seconds]).await?;
    Ok(secret)
}

/// The link by which a session began that is not over.
pub async fn session(client: &impl GenericClient, secret: &str) -> Result<Option<Link>, Error> {
    let statement = client.prepare_cached(FIND_SESSION).await?;
    let row = client.query_opt(&statement, &[&hash(secret)]).await?;
    row.as_ref().map(Link::from_row).transpose()
}

/// Ends a session.
pub async fn end(client: &impl GenericClient, secret: &str) -> Result<(), Error> {
    let statement = client.prepare_cached(END_SESSION).await?;
    client.execute(&statement, &[&hash(secret)]).await?;
    Ok(())
}

fn secret() -> String {
    hex::encode(rand::random::<[u8; 32]>())
}

fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}
