//! Pages of a list, by key: the same cost at any depth.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use deadpool_postgres::GenericClient;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use crate::error::Error;

const PROGRESS: &str = include_str!("page/progress.sql");

/// Which page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageQuery {
    /// The `next` of the page before.
    pub after: Option<String>,
    pub limit: u16,
}

impl Default for PageQuery {
    fn default() -> Self {
        Self { after: None, limit: 50 }
    }
}

impl PageQuery {
    /// One row more than the page holds says whether there is another page.
    pub(crate) fn rows(&self) -> i64 {
        i64::from(self.limit) + 1
    }

    /// The key after which the page begins.
    pub(crate) fn key<K: DeserializeOwned>(&self) -> Result<Option<K>, Error> {
        let Some(text) = &self.after else { return Ok(None) };
        let json = URL_SAFE_NO_PAD.decode(text).map_err(|_| Error::Cursor)?;
        // PostgreSQL has no text with NUL in it.
        if json.contains(&0) || json.windows(6).any(|part| part == b"\\u0000") {
            return Err(Error::Cursor);
        }
        serde_json::from_slice(&json).map(Some).map_err(|_| Error::Cursor)
    }
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    pub data: Vec<Value>,
    /// Where the next page begins; `None` if this is the last.
    pub next: Option<String>,
    /// The sequence up to which the read model has folded the organisation.
    pub position: i64,
}

/// Cuts the row too many off and makes the cursor from the last row that stays.
pub(crate) fn page<R, K: Serialize>(
    mut rows: Vec<R>,
    query: &PageQuery,
    key: impl Fn(&R) -> K,
) -> (Vec<R>, Option<String>) {
    let limit = usize::from(query.limit);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let last = rows.last().filter(|_| more);
    let next = last.and_then(|last| serde_json::to_vec(&key(last)).ok());
    (rows, next.map(|json| URL_SAFE_NO_PAD.encode(json)))
}

/// The sequence up to which a read model has folded the organisation.
pub(crate) async fn position(
    client: &impl GenericClient,
    name: &'static str,
    organisation: Uuid,
) -> Result<i64, Error> {
    let statement = client.prepare_cached(&PROGRESS.replace("{schema}", name)).await?;
    let row = client.query_opt(&statement, &[&organisation]).await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?.unwrap_or_default())
}
