//! Takes no more commands while the disk is nearly full: a PostgreSQL that cannot write its log
//! any more stops, and does not start again before somebody makes room.

use std::path::PathBuf;
use std::time::Duration;

use eventstore::Store;
use metrics::gauge;
use tokio::task::JoinHandle;

use crate::embedded_postgres::free_space;

/// So often somebody looks.
const EVERY: Duration = Duration::from_secs(1);

/// So much more must be free than the floor, at most, before commands are taken again.
const ROOM: u64 = 64 << 20;

/// Looks at the disk of a folder from now on. Below so many free bytes the store writes nothing;
/// with some more than that it does again.
pub fn watch(store: Store, folder: PathBuf, floor: u64) -> JoinHandle<()> {
    tokio::spawn(async move {
        loop {
            match free_space(&folder) {
                Ok(free) => decide(&store, free, floor),
                Err(error) => {
                    let folder = folder.display();
                    tracing::warn!(%error, "the free space at {folder} cannot be read");
                }
            }
            tokio::time::sleep(EVERY).await;
        }
    })
}

fn decide(store: &Store, free: u64, floor: u64) {
    let was = store.is_read_only();
    let limit = if was { floor + ROOM.min(floor / 8) } else { floor };
    let is = free < limit;
    if is && !was {
        tracing::error!(
            disk.free = free,
            disk.floor = floor,
            "no more commands: the disk is nearly full"
        );
    } else if was && !is {
        tracing::info!(disk.free = free, "commands are taken again: there is room on the disk");
    }
    store.set_read_only(is);
    gauge!("dossier_read_only").set(if is { 1.0 } else { 0.0 });
}
