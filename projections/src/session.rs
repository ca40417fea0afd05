//! A connection of its own for who folds into a read model: its search path names the schema, and
//! its settings suit pages of keys into tables of any size.

use deadpool_postgres::{ClientWrapper, Object};
use eventstore::Store;

use crate::error::Error;

const FOLD: &str = include_str!("session/fold.sql");
const BUILD: &str = include_str!("session/build.sql");
const PATH: &str = include_str!("session/path.sql");

/// For pages of changes.
pub(crate) async fn folding(store: &Store, schema: &str) -> Result<ClientWrapper, Error> {
    session(store, FOLD, schema).await
}

/// For building a schema that nobody reads yet.
pub(crate) async fn building(store: &Store, schema: &str) -> Result<ClientWrapper, Error> {
    session(store, BUILD, schema).await
}

async fn session(store: &Store, settings: &str, schema: &str) -> Result<ClientWrapper, Error> {
    let client = Object::take(store.worker().get().await?);
    client.batch_execute(settings).await?;
    client.query_one(PATH, &[&format!("{schema}, public")]).await?;
    Ok(client)
}
