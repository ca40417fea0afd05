//! Files of customers, the newest first. Their bytes lie elsewhere (`eventstore::files`).

use std::cmp::Reverse;

use domain::access::Scope;
use domain::file::{Event, File};
use domain::value::NoteScope;
use domain::{Actor, Decider, Personal};
use eventstore::Store;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_postgres::types::Json;
use uuid::Uuid;

use crate::customer_360::time;
use crate::document::stored_as_documents;
use crate::error::Error;
use crate::item::Item;
use crate::page::{Page, PageQuery, page, page_of, position};
use crate::past::Past;
use crate::read_model::{Key, ReadModel, Touch, Unfoldable};
use crate::reader::{Ids, Names, Reach, connection, one, reading};
use crate::shown::Shown;

const LIST: &str = include_str!("files/list.sql");
const GET: &str = include_str!("files/get.sql");

/// The read model.
#[derive(Debug, Clone, Copy)]
pub struct Files;

/// A file as it is now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub id: Uuid,
    pub customer: Uuid,
    pub scope: NoteScope,
    pub name: Shown<String>,
    pub size_bytes: u64,
    pub sha256: Shown<String>,
    pub media_type: String,
    pub uploaded_by: Actor,
    pub uploaded_at: Timestamp,
    pub removed: bool,
    pub version: i64,
    /// The sequence that uploaded it: its place in the list.
    pub uploaded: i64,
    /// The last sequence that changed it.
    pub position: i64,
}

impl ReadModel for Files {
    type Row = Entry;

    const NAME: &'static str = "files";
    const VERSION: i32 = 1;
    const TABLES: &'static str = include_str!("files/tables.sql");
    const INDEXES: &'static str = include_str!("files/indexes.sql");
    const EVENTS: &'static [&'static str] = &["file", "customer.erased"];

    /// A file goes with the customer's personal data.
    fn touches(item: &Item) -> Touch {
        if item.kind() == File::KIND { Touch::Row(item.stream_id) } else { Touch::Subject }
    }

    fn fold(key: Key, row: &mut Option<Entry>, item: &Item) -> Result<(), Unfoldable> {
        let domain::Event::File(event) = item.event()? else {
            if let Some(entry) = row {
                entry.name = Shown(Personal::Erased);
                entry.sha256 = Shown(Personal::Erased);
                entry.removed = true;
            }
            return Ok(());
        };
        if let Event::Uploaded { subject, size_bytes, sha256, media_type } = event {
            *row = Some(Entry {
                id: key.id,
                customer: subject.customer,
                scope: subject.scope,
                name: Shown::from(&subject.name),
                size_bytes: *size_bytes,
                sha256: Shown::from(sha256),
                media_type: media_type.clone(),
                uploaded_by: item.metadata.actor.clone(),
                uploaded_at: item.effective_at(),
                removed: false,
                version: item.version,
                uploaded: item.sequence,
                position: item.sequence,
            });
        } else if let Some(entry) = row {
            entry.apply(event, item);
        }
        Ok(())
    }

    fn subject(_key: Key, row: &Entry) -> Uuid {
        row.customer
    }

    stored_as_documents!();
}

impl Entry {
    fn apply(&mut self, event: &Event, item: &Item) {
        self.version = item.version;
        self.position = item.sequence;
        match event {
            // It begins a row.
            Event::Uploaded { .. } => {}
            Event::Renamed { subject, from: _ } => self.name = Shown::from(&subject.name),
            Event::Removed { subject: _ } => self.removed = true,
            Event::Restored { subject: _ } => self.removed = false,
        }
    }

    fn is_read_in(&self, scope: &Scope) -> bool {
        !self.removed && scope.note_scopes().contains(&self.scope)
    }
}

/// A customer's files whose scopes are read, the newest first.
pub async fn list(
    store: &Store,
    scope: &Scope,
    customer: Uuid,
    query: &PageQuery,
) -> Result<Page, Error> {
    let after: Option<i64> = query.key()?;
    let scopes: Vec<&str> = scope.note_scopes().iter().map(|scope| scope.name()).collect();
    let reach = Reach::of(scope);
    let mut client = connection(store).await?;
    let tx = reading(&mut client, scope).await?;
    let statement = tx.prepare_cached(&query.statement(LIST)).await?;
    let rows = tx
        .query(
            &statement,
            &[
                &scope.organisation(),
                &customer,
                &scopes,
                &after.unwrap_or(i64::MAX),
                &query.rows(),
                &reach.all,
                &reach.folders,
                &reach.workers,
            ],
        )
        .await?;
    let entries = rows.iter().map(|row| row.try_get("body").map(|Json(entry)| entry));
    let entries: Vec<Entry> = entries.collect::<Result<_, _>>()?;
    let (entries, turns) = page(entries, query, |entry| entry.uploaded);
    let position = position(&tx, Files::NAME, scope.organisation()).await?;
    drop(tx);
    drop(client);
    Ok(Page { data: bodies(store, scope, &entries).await?, turns, position })
}

/// The same as they were; their scopes are read today.
pub async fn list_as_of(
    store: &Store,
    scope: &Scope,
    past: &Past,
    query: &PageQuery,
) -> Result<Page, Error> {
    let mut entries = past.rows::<Files>()?;
    entries.retain(|entry| entry.is_read_in(scope));
    let (entries, turns) = page_of(entries, query, |entry| Reverse(entry.uploaded))?;
    Ok(Page { data: bodies(store, scope, &entries).await?, turns, position: past.position })
}

async fn bodies(store: &Store, scope: &Scope, entries: &[Entry]) -> Result<Vec<Value>, Error> {
    let mut ids = Ids::default();
    entries.iter().for_each(|entry| ids.actor(&entry.uploaded_by));
    let names = ids.names(store, scope.organisation()).await?;
    Ok(entries.iter().map(|entry| body(entry, &names)).collect())
}

/// One file, if it is within reach and its scope is read, and the position of the read model.
pub async fn find(store: &Store, scope: &Scope, file: Uuid) -> Result<(Option<Entry>, i64), Error> {
    let (found, position) = one::<Entry>(store, scope, Files::NAME, GET, file).await?;
    Ok((found.filter(|entry| entry.is_read_in(scope)), position))
}

/// The same, as it is shown.
pub async fn get(store: &Store, scope: &Scope, file: Uuid) -> Result<(Option<Value>, i64), Error> {
    let (found, position) = find(store, scope, file).await?;
    let Some(entry) = found else { return Ok((None, position)) };
    let mut ids = Ids::default();
    ids.actor(&entry.uploaded_by);
    let names = ids.names(store, scope.organisation()).await?;
    Ok((Some(body(&entry, &names)), position))
}

fn body(entry: &Entry, names: &Names) -> Value {
    json!({
        "id": entry.id,
        "customer": entry.customer,
        "name": entry.name,
        "scope": entry.scope,
        "size_bytes": entry.size_bytes,
        "sha256": entry.sha256,
        "media_type": entry.media_type,
        "uploaded_by": names.actor(&entry.uploaded_by),
        "uploaded_at": time(entry.uploaded_at),
        "version": entry.version,
        "position": entry.position.to_string(),
    })
}
