//! What webhooks are signed with, sealed by the store, and how they fare. The rest is in the log.

use std::time::Duration;

use deadpool_postgres::GenericClient;
use jiff::Timestamp;
use tokio_postgres::{Error, Row};
use uuid::Uuid;

const INSERT: &str = include_str!("sql/insert_webhook.sql");
const FIND: &str = include_str!("sql/find_webhook.sql");
const LIST: &str = include_str!("sql/list_webhooks.sql");
const ROTATE: &str = include_str!("sql/rotate_webhook.sql");
const DELETE: &str = include_str!("sql/delete_webhook.sql");
const TOUCH: &str = include_str!("sql/touch_webhook.sql");

/// A webhook's row.
#[derive(Debug, Clone)]
pub struct WebhookRow {
    pub webhook_id: Uuid,
    /// Sealed; [`crate::Store::open_secret`] reads it.
    pub secret: Vec<u8>,
    /// The one before, for as long as it signs as well.
    pub old_secret: Option<Vec<u8>>,
    pub old_secret_until: Option<Timestamp>,
    pub created_at: Timestamp,
    pub last_success_at: Option<Timestamp>,
    pub last_failure_at: Option<Timestamp>,
}

impl WebhookRow {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            webhook_id: row.try_get("webhook_id")?,
            secret: row.try_get("secret")?,
            old_secret: row.try_get("old_secret")?,
            old_secret_until: row.try_get("old_secret_until")?,
            created_at: row.try_get("created_at")?,
            last_success_at: row.try_get("last_success_at")?,
            last_failure_at: row.try_get("last_failure_at")?,
        })
    }
}

/// Keeps the secret of a new webhook; false when there is one of this id, whose secret stays.
pub async fn create(
    client: &impl GenericClient,
    organisation: Uuid,
    webhook_id: Uuid,
    secret: &[u8],
) -> Result<bool, Error> {
    let statement = client.prepare_cached(INSERT).await?;
    Ok(client.execute(&statement, &[&webhook_id, &organisation, &secret]).await? > 0)
}

/// The row of a webhook.
pub async fn find(
    client: &impl GenericClient,
    organisation: Uuid,
    webhook_id: Uuid,
) -> Result<Option<WebhookRow>, Error> {
    let statement = client.prepare_cached(FIND).await?;
    let row = client.query_opt(&statement, &[&organisation, &webhook_id]).await?;
    row.as_ref().map(WebhookRow::from_row).transpose()
}

/// All of an organisation, oldest first.
pub async fn list(
    client: &impl GenericClient,
    organisation: Uuid,
) -> Result<Vec<WebhookRow>, Error> {
    let statement = client.prepare_cached(LIST).await?;
    client.query(&statement, &[&organisation]).await?.iter().map(WebhookRow::from_row).collect()
}

/// Puts another secret in the place of the present one, which signs as well for a while. What was
/// done because of the same event is not done again.
pub async fn rotate(
    client: &impl GenericClient,
    (organisation, webhook_id): (Uuid, Uuid),
    secret: &[u8],
    because_of: Uuid,
    old_signs_for: Duration,
) -> Result<(), Error> {
    let statement = client.prepare_cached(ROTATE).await?;
    let seconds = old_signs_for.as_secs_f64();
    client
        .execute(&statement, &[&organisation, &webhook_id, &secret, &because_of, &seconds])
        .await?;
    Ok(())
}

/// Forgets the secrets of a webhook.
pub async fn delete(
    client: &impl GenericClient,
    organisation: Uuid,
    webhook_id: Uuid,
) -> Result<(), Error> {
    let statement = client.prepare_cached(DELETE).await?;
    client.execute(&statement, &[&organisation, &webhook_id]).await?;
    Ok(())
}

/// Notes how the last try went.
pub async fn touch(
    client: &impl GenericClient,
    organisation: Uuid,
    webhook_id: Uuid,
    went_well: bool,
) -> Result<(), Error> {
    let statement = client.prepare_cached(TOUCH).await?;
    client.execute(&statement, &[&organisation, &webhook_id, &went_well]).await?;
    Ok(())
}
