//! How far a read model has come: a position per lane and a sequence per organisation, in its own
//! schema, moved in the transaction that writes the rows.

use std::collections::{BTreeMap, HashMap};

use deadpool_postgres::{ClientWrapper, Transaction};
use futures_util::future::try_join;
use uuid::Uuid;

use crate::error::Error;
use crate::round::LanePage;

const LOCK: &str = include_str!("checkpoint/lock.sql");
const MOVE: &str = include_str!("checkpoint/move.sql");
const ADVANCE: &str = include_str!("checkpoint/advance.sql");
const POSITIONS: &str = include_str!("checkpoint/positions.sql");
const START: &str = include_str!("checkpoint/start.sql");

/// What the locked rows say.
#[derive(Debug)]
pub(crate) struct Locked {
    pub(crate) positions: HashMap<i16, i64>,
    pub(crate) version: i32,
    /// Whether any subject is parked.
    pub(crate) parked: bool,
}

/// Holds the lanes' checkpoints until the end of the transaction: others wait.
pub(crate) async fn lock(
    tx: &Transaction<'_>,
    lanes: &[i16],
    follower: &str,
) -> Result<Locked, Error> {
    let statement = tx.prepare_cached(LOCK).await?;
    let mut locked = Locked { positions: HashMap::new(), version: 0, parked: false };
    for row in tx.query(&statement, &[&lanes, &follower]).await? {
        locked.positions.insert(row.try_get("lane")?, row.try_get("position")?);
        locked.version = row.try_get("version")?;
        locked.parked = row.try_get("parked")?;
    }
    Ok(locked)
}

/// Moves the checkpoints over the pages, if they are where the pages begin and nobody newer has
/// moved them.
pub(crate) async fn advance(
    tx: &Transaction<'_>,
    pages: &[LanePage],
    epoch: i64,
) -> Result<(), Error> {
    let lanes: Vec<i16> = pages.iter().map(|page| page.lane).collect();
    let before: Vec<i64> = pages.iter().map(|page| page.after).collect();
    let after: Vec<i64> = pages.iter().map(LanePage::end).collect();
    let mut sequences: BTreeMap<Uuid, i64> = BTreeMap::new();
    for item in pages.iter().flat_map(|page| &page.items) {
        sequences.insert(item.organisation, item.sequence);
    }
    let (organisations, sequences): (Vec<Uuid>, Vec<i64>) = sequences.into_iter().unzip();
    let moving = tx.prepare_cached(MOVE).await?;
    let advancing = tx.prepare_cached(ADVANCE).await?;
    let (moved, _) =
        try_join(async { tx.execute(&moving, &[&lanes, &before, &after, &epoch]).await }, async {
            tx.execute(&advancing, &[&organisations, &sequences]).await
        })
        .await?;
    if usize::try_from(moved).ok() == Some(pages.len()) { Ok(()) } else { Err(Error::LeaseLost) }
}

/// Where each lane stands.
pub(crate) async fn positions(client: &ClientWrapper) -> Result<HashMap<i16, i64>, Error> {
    let statement = client.prepare_cached(POSITIONS).await?;
    let rows = client.query(&statement, &[]).await?;
    let read = |row: &tokio_postgres::Row| Ok((row.try_get("lane")?, row.try_get("position")?));
    rows.iter().map(read).collect()
}

/// Writes the checkpoints of a fresh build.
pub(crate) async fn start(
    tx: &Transaction<'_>,
    version: i32,
    positions: &[(i16, i64)],
    sequences: &[(Uuid, i64)],
) -> Result<(), Error> {
    let (lanes, positions): (Vec<i16>, Vec<i64>) = positions.iter().copied().unzip();
    let (organisations, sequences): (Vec<Uuid>, Vec<i64>) = sequences.iter().copied().unzip();
    tx.execute(START, &[&version, &lanes, &positions]).await?;
    tx.execute(ADVANCE, &[&organisations, &sequences]).await?;
    Ok(())
}
