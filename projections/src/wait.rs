//! Reading one's own writes: waits until a read model has come to a position of an organisation.

use std::time::Duration;

use eventstore::Store;
use tokio::time::{Instant, sleep, timeout_at};
use uuid::Uuid;

use crate::error::Error;
use crate::models::each_model;
use crate::page::position;
use crate::read_model::ReadModel;

const CHECKPOINTS: &str = include_str!("wait/checkpoints.sql");

const SHORTEST: Duration = Duration::from_millis(2);
const LONGEST: Duration = Duration::from_millis(25);

/// The sequence up to which a read model has folded an organisation.
pub async fn progress(store: &Store, name: &str, organisation: Uuid) -> Result<i64, Error> {
    let client = store.worker().get().await?;
    position(&client, known(name)?, organisation).await
}

/// How many events each read model is behind the log, whichever process folds it.
#[expect(
    clippy::cognitive_complexity,
    reason = "the same few lines for each read model, written by a macro"
)]
pub async fn behind(store: &Store) -> Result<Vec<(&'static str, i64)>, Error> {
    let heads = store.heads().watch().borrow().clone();
    let client = store.worker().get().await?;
    let mut behind = Vec::new();
    each_model!(M => {
        let statement = client.prepare_cached(&CHECKPOINTS.replace("{schema}", M::NAME)).await?;
        let mut events: i64 = heads.values().sum();
        for row in client.query(&statement, &[]).await? {
            let (lane, position): (i16, i64) = (row.try_get("lane")?, row.try_get("position")?);
            // What was written since the heads were looked at is not behind.
            events -= position.min(heads.get(&lane).copied().unwrap_or_default());
        }
        behind.push((M::NAME, events));
    });
    Ok(behind)
}

/// Waits until a read model has folded an organisation's events up to `sequence`, at most until
/// the time is over; answers how far it is. One beyond the organisation's head is refused at once.
pub async fn wait_for(
    store: &Store,
    name: &str,
    organisation: Uuid,
    sequence: i64,
    time: Duration,
) -> Result<i64, Error> {
    let name = known(name)?;
    let deadline = Instant::now() + time;
    let reached = at_once(store, name, organisation).await?;
    if reached >= sequence {
        return Ok(reached);
    }
    let head = store.head_sequence(organisation).await?;
    if sequence > head {
        return Err(Error::UnknownPosition { organisation, asked: sequence, head });
    }
    let mut pause = SHORTEST;
    let mut reached = reached;
    while reached < sequence {
        if timeout_at(deadline, sleep(pause)).await.is_err() {
            return Err(Error::Lagging { name, asked: sequence, reached });
        }
        pause = (pause * 2).min(LONGEST);
        reached = at_once(store, name, organisation).await?;
    }
    Ok(reached)
}

async fn at_once(store: &Store, name: &'static str, organisation: Uuid) -> Result<i64, Error> {
    // Not held while waiting: those who wait may be many.
    let client = store.worker().get().await?;
    position(&client, name, organisation).await
}

/// The program's own constant for a name: only such a one goes into a statement.
fn known(name: &str) -> Result<&'static str, Error> {
    each_model!(M => {
        if M::NAME == name {
            return Ok(M::NAME);
        }
    });
    Err(Error::UnknownModel(name.to_owned()))
}
