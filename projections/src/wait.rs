//! Reading one's own writes: waits until a read model has come to a position of an organisation.

use std::time::Duration;

use eventstore::Store;
use tokio::time::{Instant, sleep, timeout_at};
use uuid::Uuid;

use crate::error::Error;
use crate::models::each_model;
use crate::page::position;
use crate::read_model::ReadModel;

const SHORTEST: Duration = Duration::from_millis(2);
const LONGEST: Duration = Duration::from_millis(25);

/// The sequence up to which a read model has folded an organisation.
pub async fn progress(store: &Store, name: &str, organisation: Uuid) -> Result<i64, Error> {
    let client = store.worker().get().await?;
    position(&client, known(name)?, organisation).await
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
