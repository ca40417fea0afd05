//! Pages of a list, by key: the same cost at any depth.

use std::borrow::Cow;
use std::cmp::Ordering;

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
    /// The `prev` of the page behind; the page that ends there, in the order of the list.
    pub before: Option<String>,
    pub limit: u16,
}

impl Default for PageQuery {
    fn default() -> Self {
        Self { after: None, before: None, limit: 50 }
    }
}

impl PageQuery {
    /// The first rows of a list.
    pub fn first(limit: u16) -> Self {
        Self { limit, ..Self::default() }
    }

    /// Whether the page ends at its cursor, so that the list is walked from there to its front.
    pub fn is_backwards(&self) -> bool {
        self.before.is_some()
    }

    /// One row more than the page holds says whether there is another page.
    pub fn rows(&self) -> i64 {
        i64::from(self.limit) + 1
    }

    /// The statement of a list, for the way in which it is walked. It ends with its order, and
    /// `/* key */` stands behind the operator that compares with the cursor's key.
    pub fn statement<'a>(&self, list: &'a str) -> Cow<'a, str> {
        if self.is_backwards() { Cow::Owned(turned(list)) } else { Cow::Borrowed(list) }
    }

    /// The key at which the page begins or ends.
    pub fn key<K: DeserializeOwned>(&self) -> Result<Option<K>, Error> {
        let Some(text) = self.before.as_ref().or(self.after.as_ref()) else { return Ok(None) };
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
    pub turns: Turns,
    /// The sequence up to which the read model has folded the organisation.
    pub position: i64,
}

/// The ways on from a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Turns {
    /// Where the next page begins; `None` if this is the last.
    pub next: Option<String>,
    /// Where the page before ends; `None` if this is the first.
    pub prev: Option<String>,
}

impl Turns {
    /// `onward` is where the walk goes on, if it does; `back` where it came in, and where it came
    /// from somewhere, there are rows as well.
    pub fn of(query: &PageQuery, onward: Option<String>, back: Option<String>) -> Self {
        match query {
            PageQuery { before: Some(_), .. } => Self { next: back, prev: onward },
            PageQuery { after: Some(_), .. } => Self { next: onward, prev: back },
            PageQuery { after: None, .. } => Self { next: onward, prev: None },
        }
    }
}

/// Cuts the row too many off, makes the cursors from the first and the last row, and puts the
/// rows in the order of the list.
pub fn page<R, K: Serialize>(
    mut rows: Vec<R>,
    query: &PageQuery,
    key: impl Fn(&R) -> K,
) -> (Vec<R>, Turns) {
    let limit = usize::from(query.limit);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let cursor = |row: &R| Some(URL_SAFE_NO_PAD.encode(serde_json::to_vec(&key(row)).ok()?));
    let onward = rows.last().filter(|_| more).and_then(cursor);
    let turns = Turns::of(query, onward, rows.first().and_then(cursor));
    if query.is_backwards() {
        rows.reverse();
    }
    (rows, turns)
}

/// The same of rows that are all at hand, in the order of their keys.
pub(crate) fn page_of<R, K: Ord + Serialize + DeserializeOwned>(
    mut rows: Vec<R>,
    query: &PageQuery,
    key: impl Fn(&R) -> K,
) -> Result<(Vec<R>, Turns), Error> {
    let place: Option<K> = query.key()?;
    let way = if query.is_backwards() { Ordering::Less } else { Ordering::Greater };
    rows.retain(|row| place.as_ref().is_none_or(|place| key(row).cmp(place) == way));
    rows.sort_by_cached_key(&key);
    if query.is_backwards() {
        rows.reverse();
    }
    rows.truncate(usize::from(query.limit) + 1);
    Ok(page(rows, query, key))
}

/// The same list from its other end.
fn turned(list: &str) -> String {
    let (rows, end) = list.rsplit_once("ORDER BY ").unwrap_or((list, ""));
    let (order, limit) = end.split_once("LIMIT").unwrap_or((end, ""));
    let order: Vec<String> = order
        .split(',')
        .map(str::trim)
        .map(|column| match column.strip_suffix(" DESC") {
            Some(column) => column.to_owned(),
            None => format!("{column} DESC"),
        })
        .collect();
    let rows = match rows.split_once("< /* key */") {
        Some((head, tail)) => format!("{head}> {tail}"),
        None => rows.replace("> /* key */", "<"),
    };
    format!("{rows}ORDER BY {} LIMIT{limit}", order.join(", "))
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
