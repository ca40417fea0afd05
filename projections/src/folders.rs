//! Folders with their status lists, and how many customers the reader finds in each.

use std::collections::HashMap;

use domain::access::Scope;
use domain::folder::Event;
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
use crate::page::{Page, Turns, position};
use crate::read_model::{Key, ReadModel, Touch, Unfoldable};
use crate::reader::{Reach, connection, reading};

const LIST: &str = include_str!("folders/list.sql");
const COUNTS: &str = include_str!("folders/counts.sql");

/// The read model.
#[derive(Debug, Clone, Copy)]
pub struct Folders;

/// A folder as it is now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Folder {
    pub id: Uuid,
    pub name: String,
    pub parent: Option<Uuid>,
    pub statuses: Vec<String>,
    pub default_status: String,
    pub archived: bool,
    pub created_at: Timestamp,
    pub version: i64,
    /// The last sequence that changed it.
    pub position: i64,
}

impl ReadModel for Folders {
    type Row = Folder;

    const NAME: &'static str = "folders";
    const VERSION: i32 = 1;
    const TABLES: &'static str = include_str!("folders/tables.sql");
    const INDEXES: &'static str = include_str!("folders/indexes.sql");
    const EVENTS: &'static [&'static str] = &["folder"];

    fn touches(item: &Item) -> Touch {
        Touch::Row(item.stream_id)
    }

    fn fold(key: Key, row: &mut Option<Folder>, item: &Item) -> Result<(), Unfoldable> {
        let domain::Event::Folder(event) = item.event()? else { return Ok(()) };
        *row = Folder::after(key.id, row.take(), event, item);
        Ok(())
    }

    fn subject(key: Key, _row: &Folder) -> Uuid {
        key.id
    }

    stored_as_documents!();
}

impl Folder {
    /// The folder after one of its events.
    fn after(id: Uuid, before: Option<Self>, event: &Event, item: &Item) -> Option<Self> {
        if let Event::Created { name, parent, statuses, default_status } = event {
            return Some(Self {
                id,
                name: name.clone(),
                parent: *parent,
                statuses: statuses.clone(),
                default_status: default_status.clone(),
                archived: false,
                created_at: item.effective_at(),
                version: item.version,
                position: item.sequence,
            });
        }
        let mut folder = before?;
        folder.version = item.version;
        folder.position = item.sequence;
        match event {
            // Handled before: it needs no row.
            Event::Created { .. } => {}
            Event::Renamed { from: _, to } => folder.name.clone_from(to),
            Event::StatusesChanged { from: _, to, default_status } => {
                folder.statuses.clone_from(to);
                folder.default_status.clone_from(default_status);
            }
            Event::Archived { .. } => folder.archived = true,
        }
        Some(folder)
    }
}

/// The folders in use that the reader may know, by name; each with the number of customers that the reader finds in it.
pub async fn list(store: &Store, scope: &Scope, archived: bool) -> Result<Page, Error> {
    let mut client = connection(store).await?;
    let tx = reading(&mut client, scope).await?;
    let statement = tx.prepare_cached(LIST).await?;
    let rows = tx.query(&statement, &[&scope.organisation(), &archived]).await?;
    let folders = rows.iter().map(|row| row.try_get("body").map(|Json(folder)| folder));
    let folders: Vec<Folder> = folders.collect::<Result<_, _>>()?;
    let position = position(&tx, Folders::NAME, scope.organisation()).await?;
    drop(tx);
    drop(client);
    let counts = counts(store, scope).await?;
    // A folder out of reach shows as soon as it holds somebody within.
    let is_named = |folder: &&Folder| {
        scope.row_scope().names_folder(folder.id) || counts.contains_key(&folder.id)
    };
    let data = folders.iter().filter(is_named).map(|folder| body(folder, &counts)).collect();
    Ok(Page { data, turns: Turns::default(), position })
}

/// Customers by folder, as far as the scope goes. Requests cannot read the directory's tables:
/// this is asked as the worker, and names the organisation itself.
async fn counts(store: &Store, scope: &Scope) -> Result<HashMap<Uuid, i64>, Error> {
    let reach = Reach::of(scope);
    let client = store.worker().get().await?;
    let statement = client.prepare_cached(COUNTS).await?;
    let rows = client
        .query(&statement, &[&scope.organisation(), &reach.all, &reach.folders, &reach.workers])
        .await?;
    let read = |row: &tokio_postgres::Row| Ok((row.try_get("folder")?, row.try_get("customers")?));
    rows.iter().map(read).collect()
}

fn body(folder: &Folder, counts: &HashMap<Uuid, i64>) -> Value {
    json!({
        "id": folder.id,
        "name": folder.name,
        "parent": folder.parent,
        "statuses": folder.statuses,
        "default_status": folder.default_status,
        "archived": folder.archived,
        "customers": counts.get(&folder.id).copied().unwrap_or_default(),
        "created_at": time(folder.created_at),
        "version": folder.version,
        "position": folder.position.to_string(),
    })
}
