//! The secrets of invitations: in a link, shown once, kept as SHA-256. What an invitation says is in
//! the log.

use deadpool_postgres::GenericClient;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tokio_postgres::{Error, Row};
use uuid::Uuid;

const INSERT: &str = include_str!("sql/insert_invitation.sql");
const FIND: &str = include_str!("sql/find_invitation.sql");
const LIST: &str = include_str!("sql/list_invitations.sql");
const USE: &str = include_str!("sql/use_invitation.sql");

/// So long an invitation can be accepted.
const OPEN_SECONDS: f64 = 7.0 * 24.0 * 3600.0;

/// An invitation as far as it is no history.
#[derive(Debug, Clone, Copy)]
pub struct Invitation {
    pub invitation_id: Uuid,
    pub organisation: Uuid,
    /// Who invited, or sent the invitation again.
    pub invited_by: Uuid,
    pub expires_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

impl Invitation {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            invitation_id: row.try_get("invitation_id")?,
            organisation: row.try_get("organisation")?,
            invited_by: row.try_get("invited_by")?,
            expires_at: row.try_get("expires_at")?,
            used_at: row.try_get("used_at")?,
        })
    }

    /// Whether it can be accepted at this moment.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.used_at.is_none() && now < self.expires_at
    }
}

/// Gives an invitation a secret, in place of the one that it may have had; the answer is the only
/// copy. `None` where it was used.
pub async fn issue(
    client: &impl GenericClient,
    organisation: Uuid,
    invited_by: Uuid,
    invitation_id: Uuid,
) -> Result<Option<(String, Timestamp)>, Error> {
    let secret = hex::encode(rand::random::<[u8; 32]>());
    let statement = client.prepare_cached(INSERT).await?;
    let hash = hash(&secret);
    let row = client
        .query_opt(&statement, &[&invitation_id, &organisation, &invited_by, &hash, &OPEN_SECONDS])
        .await?;
    row.map(|row| Ok((secret, row.try_get(0)?))).transpose()
}

/// The invitation with this secret, whatever its state.
pub async fn find(client: &impl GenericClient, secret: &str) -> Result<Option<Invitation>, Error> {
    let statement = client.prepare_cached(FIND).await?;
    let row = client.query_opt(&statement, &[&hash(secret)]).await?;
    row.as_ref().map(Invitation::from_row).transpose()
}

/// The invitations of an organisation that were not used, newest first.
pub async fn list(
    client: &impl GenericClient,
    organisation: Uuid,
) -> Result<Vec<Invitation>, Error> {
    let statement = client.prepare_cached(LIST).await?;
    client.query(&statement, &[&organisation]).await?.iter().map(Invitation::from_row).collect()
}

/// Uses an invitation up; false where somebody was faster, or its time is over.
pub async fn use_up(client: &impl GenericClient, invitation_id: Uuid) -> Result<bool, Error> {
    let statement = client.prepare_cached(USE).await?;
    Ok(client.execute(&statement, &[&invitation_id]).await? > 0)
}

fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}
