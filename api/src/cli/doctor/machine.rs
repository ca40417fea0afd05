//! The database server and the disk.

use std::path::Path;

use eventstore::Store;
use eventstore::state::credential;

use super::Finding;
use crate::cli::Error;
use crate::embedded_postgres::free_space;

const SERVER_VERSION: &str = "SELECT current_setting('server_version_num')::int";
const DURABLE: &str = "SELECT current_setting('fsync') = 'on' AND current_setting('full_page_writes') = 'on' \
    AND current_setting('synchronous_commit') <> 'off'";
const OLDEST_VERSION: i32 = 150_000;
/// Below this PostgreSQL may soon be unable to write its log, and then takes no commands.
const FLOOR_BYTES: u64 = 1 << 30;

pub(super) async fn server(store: &Store) -> Result<Vec<Finding>, Error> {
    let client = store.worker().get().await?;
    let version: i32 = client.query_one(SERVER_VERSION, &[]).await?.try_get(0)?;
    let durable: bool = client.query_one(DURABLE, &[]).await?.try_get(0)?;
    let detail = format!("version {}", version / 10_000);
    let version = if version >= OLDEST_VERSION {
        Finding::well("PostgreSQL", detail)
    } else {
        Finding::wrong("PostgreSQL", detail, "upgrade the server: 15 or later is needed")
    };
    let durability = if durable {
        let detail = "fsync, full_page_writes and synchronous_commit are on";
        Finding::well("durability", detail)
    } else {
        Finding::wrong(
            "durability",
            "acknowledged commands can be lost",
            "switch fsync, full_page_writes and synchronous_commit on in postgresql.conf",
        )
    };
    Ok(vec![version, durability])
}

/// The demo's people sign in with a password that whoever started the service was told.
pub(super) async fn demo(store: &Store, serves_others: bool) -> Result<Finding, Error> {
    let client = store.app().get().await?;
    let count = credential::of_demo(&client).await?.len();
    if count == 0 || !serves_others {
        return Ok(Finding::well("demo", format!("{count} people have the demo's password")));
    }
    Ok(Finding::wrong(
        "demo",
        format!("{count} people have the demo's password, and others reach the service"),
        "remove or block them, or begin anew with --no-demo",
    ))
}

/// The disk of the data directory, where the service's own PostgreSQL is, imports are kept, and
/// uploads are.
pub(super) fn disk(data_dir: &Path) -> Finding {
    const MEBIBYTE: u64 = 1 << 20;
    let place = data_dir.display();
    match free_space(data_dir) {
        Ok(free) if free >= FLOOR_BYTES => {
            Finding::well("disk", format!("{} MiB free at {place}", free / MEBIBYTE))
        }
        Ok(free) => Finding::wrong(
            "disk",
            format!("{} MiB free at {place}", free / MEBIBYTE),
            format!(
                "make room: below {} MiB the database may soon refuse to write",
                FLOOR_BYTES / MEBIBYTE
            ),
        ),
        Err(error) => Finding::wrong(
            "disk",
            format!("the free space at {place} cannot be read: {error}"),
            "see whether the data directory is there and mounted",
        ),
    }
}
