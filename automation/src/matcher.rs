//! Follows a lane in order and writes a run for each rule that an event fires, in the transaction
//! of its checkpoint: so each fires once, whatever happens to the process.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use eventstore::state::lease::{self, Lease};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::error::Error;
use crate::{Shared, meters, told_to_stop};
use memory::{Batch, Memory};

mod memory;

const MOVE_CHECKPOINT: &str = include_str!("matcher/sql/move_checkpoint.sql");

/// Events read at a time.
const PAGE: i64 = 256;
/// A checkpoint that moved without anything to write is saved after so many events…
const SAVE_AFTER: i64 = 1_000;
/// …or when the lane has been quiet for so long.
const SAVE_WHEN_QUIET: Duration = Duration::from_millis(300);
/// How long to wait after a failure, and at most while somebody else has the lane.
const PAUSE: Duration = Duration::from_secs(1);
/// How often customers that wait behind an unreadable event are tried again.
const RETRY_PARKED: Duration = Duration::from_secs(60);

/// The last position of each lane.
type Heads = HashMap<i16, i64>;

/// Follows one lane until told to stop.
pub(crate) async fn follow(shared: Shared, lane: i16, mut stop: watch::Receiver<bool>) {
    let mut heads = shared.store.heads().watch();
    let mut matcher = Matcher { shared, lane, lease: None, renewed: Instant::now(), memory: None };
    let stopping = stop.clone();
    loop {
        let head = head_of(&mut heads, lane);
        let standing = matcher.catch_up(head, &stopping).await;
        let wait = matcher.wait(standing, &mut heads);
        tokio::select! {
            () = told_to_stop(&mut stop) => break,
            () = wait => {}
        }
    }
    matcher.leave().await;
}

fn head_of(heads: &mut watch::Receiver<Heads>, lane: i16) -> i64 {
    heads.borrow_and_update().get(&lane).copied().unwrap_or_default()
}

/// Ends when the lane has grown beyond what was seen.
async fn grown(heads: &mut watch::Receiver<Heads>, lane: i16, seen: i64) {
    let beyond = |heads: &Heads| heads.get(&lane).is_some_and(|head| *head > seen);
    if heads.wait_for(beyond).await.is_err() {
        // The store is gone; there is nothing more to see.
        std::future::pending::<()>().await;
    }
}

/// How catching up went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// Nothing more to see.
    AtHead,
    /// Another matcher has the lane.
    Elsewhere,
}

struct Matcher {
    shared: Shared,
    lane: i16,
    lease: Option<Lease>,
    renewed: Instant,
    /// What is known as of the last event seen; empty until the lane is ours.
    memory: Option<Memory>,
}

impl Matcher {
    /// Sees all events up to the head.
    async fn catch_up(
        &mut self,
        head: i64,
        stop: &watch::Receiver<bool>,
    ) -> Result<Standing, Error> {
        let behind = self.memory.as_ref().map_or(head, |memory| head - memory.position);
        meters::lag(self.lane, behind);
        let parked = self.memory.as_ref().is_some_and(|memory| memory.retries(RETRY_PARKED));
        if behind <= 0 && !parked {
            return Ok(Standing::AtHead);
        }
        loop {
            if !self.hold().await? {
                return Ok(Standing::Elsewhere);
            }
            let mut memory = match self.memory.take() {
                Some(memory) => memory,
                None => Memory::load(&self.shared, self.lane).await?,
            };
            // Put back only when all is written: after a failure it is loaded again.
            if memory.retries(RETRY_PARKED) {
                let batch = memory.retry_parked().await?;
                self.commit(&mut memory, batch).await?;
            }
            let batch = memory.page(PAGE).await?;
            let seen = batch.seen;
            self.commit(&mut memory, batch).await?;
            let position = memory.position;
            self.memory = Some(memory);
            meters::lag(self.lane, (head - position).max(0));
            if seen == 0 || position >= head || *stop.borrow() {
                return Ok(Standing::AtHead);
            }
        }
    }

    /// Has the lane to itself, for a while.
    async fn hold(&mut self) -> Result<bool, Error> {
        let time = self.shared.settings.lease;
        if self.lease.is_some() && self.renewed.elapsed() < time / 3 {
            return Ok(true);
        }
        let client = self.shared.store.worker().get().await?;
        let name = format!("automation.matcher.{}", self.lane);
        let held = lease::acquire(&client, &name, self.shared.owner, time).await?;
        let epoch = |lease: &Option<Lease>| lease.as_ref().map(|lease| lease.epoch);
        if epoch(&held) != epoch(&self.lease) {
            // Somebody else may have been here since.
            self.memory = None;
        }
        self.lease = held;
        self.renewed = Instant::now();
        Ok(self.lease.is_some())
    }

    /// Writes what a page came to, with the checkpoint. A page that came to nothing is written
    /// with a later one: to see it twice does no harm.
    async fn commit(&self, memory: &mut Memory, batch: Batch) -> Result<(), Error> {
        if batch.is_empty() && memory.position - memory.saved < SAVE_AFTER {
            return Ok(());
        }
        let epoch = self.lease.as_ref().map_or(0, |lease| lease.epoch);
        let mut client = self.shared.store.worker().get().await?;
        let tx = client.transaction().await?;
        let statement = tx.prepare_cached(MOVE_CHECKPOINT).await?;
        let moved =
            tx.execute(&statement, &[&self.lane, &memory.saved, &memory.position, &epoch]).await?;
        if moved != 1 {
            return Err(Error::LeaseLost(self.lane));
        }
        batch.write(&tx, self.lane).await?;
        tx.commit().await?;
        memory.saved = memory.position;
        if !batch.runs.is_empty() {
            self.shared.work.notify_one();
        }
        Ok(())
    }

    /// Waits until there may be something to do.
    async fn wait(
        &mut self,
        standing: Result<Standing, Error>,
        heads: &mut watch::Receiver<Heads>,
    ) {
        match standing {
            Ok(Standing::AtHead) => {}
            Ok(Standing::Elsewhere) => {
                return sleep(PAUSE.min(self.shared.settings.lease / 2)).await;
            }
            Err(error) => {
                self.memory = None;
                tracing::error!(
                    automation.lane = self.lane,
                    error = %causes(&error),
                    "rules of this lane wait: its events could not be matched"
                );
                return sleep(PAUSE).await;
            }
        }
        let lane = self.lane;
        let seen = self.memory.as_ref().map_or(0, |memory| memory.position);
        if timeout(SAVE_WHEN_QUIET, grown(heads, lane, seen)).await.is_ok() {
            return;
        }
        self.save().await;
        // Wakes now and then even without events, for those who are parked.
        drop(timeout(RETRY_PARKED, grown(heads, lane, seen)).await);
    }

    /// Writes down how far it has come; if that fails, some events are seen again.
    async fn save(&mut self) {
        let Some(mut memory) = self.memory.take() else { return };
        if memory.saved < memory.position
            && let Err(error) = self.commit_position(&mut memory).await
        {
            tracing::warn!(
                automation.lane = self.lane,
                error = %causes(&error),
                "the matcher's checkpoint could not be saved"
            );
            return;
        }
        self.memory = Some(memory);
    }

    async fn commit_position(&self, memory: &mut Memory) -> Result<(), Error> {
        let epoch = self.lease.as_ref().map_or(0, |lease| lease.epoch);
        let client = self.shared.store.worker().get().await?;
        let statement = client.prepare_cached(MOVE_CHECKPOINT).await?;
        let moved = client
            .execute(&statement, &[&self.lane, &memory.saved, &memory.position, &epoch])
            .await?;
        if moved != 1 {
            return Err(Error::LeaseLost(self.lane));
        }
        memory.saved = memory.position;
        Ok(())
    }

    /// Lets the lane go, so that the next one need not wait.
    async fn leave(mut self) {
        self.save().await;
        let Some(lease) = self.lease.take() else { return };
        let released = match self.shared.store.worker().get().await {
            Ok(client) => lease::release(&client, &lease).await.map_err(Error::from),
            Err(error) => Err(error.into()),
        };
        if let Err(error) = released {
            tracing::warn!(
                automation.lane = self.lane,
                error = %causes(&error),
                "the matcher's lease could not be released; it ends by itself"
            );
        }
    }
}

/// An error with what caused it.
pub(crate) fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}
