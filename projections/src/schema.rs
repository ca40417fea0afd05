//! The schemas of read models: made, completed, swapped and dropped.

use tokio_postgres::GenericClient;

use crate::checkpoint;
use crate::error::Error;
use crate::read_model::ReadModel;

const COMMON: &str = include_str!("checkpoint/tables.sql");
const CREATE: &str = include_str!("schema/create.sql");
const GUARD: &str = include_str!("schema/guard.sql");
const DROP: &str = include_str!("schema/drop.sql");
const SWAP: &str = include_str!("schema/swap.sql");
const RENAME_NEXT: &str = include_str!("schema/rename_next.sql");
const VERSION: &str = include_str!("schema/version.sql");
const TABLES: &str = include_str!("schema/tables.sql");
const VACUUM: &str = include_str!("schema/vacuum.sql");

/// A statement about schemas, whose names no parameter can stand for. They are constants of the
/// program, never input.
fn naming(statement: &str, schema: &str) -> String {
    statement.replace("{schema}", schema)
}

/// Where the next build of a read model grows.
pub(crate) fn next(name: &str) -> String {
    format!("{name}_next")
}

/// What a swap leaves behind until it is dropped.
pub(crate) fn old(name: &str) -> String {
    format!("{name}_old")
}

/// Makes a schema with tables that have no keys yet; the session's search path names it then.
pub(crate) async fn create_tables<M: ReadModel>(
    client: &impl GenericClient,
    schema: &str,
) -> Result<(), Error> {
    client.batch_execute(&naming(CREATE, schema)).await?;
    client.batch_execute(COMMON).await?;
    client.batch_execute(M::TABLES).await?;
    Ok(())
}

/// Adds keys and indexes, and says who may read what.
pub(crate) async fn complete<M: ReadModel>(
    client: &impl GenericClient,
    schema: &str,
) -> Result<(), Error> {
    client.batch_execute(&naming(GUARD, schema)).await?;
    client.batch_execute(M::INDEXES).await?;
    Ok(())
}

/// The version that a schema holds; `None` where there is none.
pub(crate) async fn version<M: ReadModel>(
    client: &impl GenericClient,
) -> Result<Option<i32>, Error> {
    let table = format!("{}.about", M::NAME);
    let there: bool =
        client.query_one("SELECT to_regclass($1) IS NOT NULL", &[&table]).await?.try_get(0)?;
    if !there {
        return Ok(None);
    }
    let row = client.query_opt(&naming(VERSION, M::NAME), &[]).await?;
    Ok(Some(row.map(|row| row.try_get(0)).transpose()?.unwrap_or_default()))
}

/// Makes an empty read model that begins at the beginning of the log.
pub(crate) async fn create<M: ReadModel>(
    tx: &deadpool_postgres::Transaction<'_>,
) -> Result<(), Error> {
    create_tables::<M>(&**tx, M::NAME).await?;
    complete::<M>(&**tx, M::NAME).await?;
    let beginning: Vec<(i16, i64)> = (0..eventstore::LANES).map(|lane| (lane, 0)).collect();
    checkpoint::start(tx, M::VERSION, &beginning, &[]).await
}

/// Drops a schema if it is there. Waits only shortly for those who read it.
pub(crate) async fn drop(client: &impl GenericClient, schema: &str) -> Result<(), Error> {
    client.batch_execute(&naming(DROP, schema)).await?;
    Ok(())
}

/// The next build takes the name, the live one becomes the old one.
pub(crate) async fn swap(client: &impl GenericClient, name: &str) -> Result<(), Error> {
    client.batch_execute(&naming(SWAP, name)).await?;
    Ok(())
}

/// Brings statistics and visibility maps up to date. Not in a transaction.
pub(crate) async fn vacuum(client: &impl GenericClient, schema: &str) -> Result<(), Error> {
    for row in client.query(TABLES, &[&schema]).await? {
        let table: String = row.try_get(0)?;
        client.batch_execute(&naming(VACUUM, &table)).await?;
    }
    Ok(())
}

/// The next build takes the name that nobody has.
pub(crate) async fn rename_next(client: &impl GenericClient, name: &str) -> Result<(), Error> {
    client.batch_execute(&naming(RENAME_NEXT, name)).await?;
    Ok(())
}
