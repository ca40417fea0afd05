//! Builds a read model anew beside the one that serves, and swaps the two.
//!
//! Events are read subject by subject, folded in memory and copied into tables without keys, so
//! that memory holds a few pages whatever the size of the log.

mod copy;
mod source;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use deadpool_postgres::ClientWrapper;
use eventstore::Store;
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::error::Error;
use crate::feed::Feed;
use crate::fold::{Failure, Fold};
use crate::follow::Follower;
use crate::item::chain;
use crate::lease::Held;
use crate::models::each_model;
use crate::read_model::{Key, ReadModel};
use crate::round::Writer;
use crate::{checkpoint, park, schema, session};
use source::Source;

/// Rows copied at once.
const BATCH: usize = 4_000;
/// How often a schema that others still read is tried to be dropped.
const DROPS: usize = 50;

/// What a rebuild did.
#[derive(Debug, Clone, PartialEq)]
pub struct Rebuilt {
    pub name: &'static str,
    pub events: u64,
    pub rows: u64,
    /// Subjects that do not fold.
    pub parked: u64,
    /// From the first event read to the swap.
    pub took: Duration,
}

/// Builds a read model anew; the present one serves until the new one takes its place.
#[expect(clippy::cognitive_complexity, reason = "the same for each read model")]
pub async fn rebuild(store: &Store, name: &str) -> Result<Rebuilt, Error> {
    each_model!(M => {
        if M::NAME == name {
            return rebuild_model::<M>(store).await;
        }
    });
    Err(Error::UnknownModel(name.to_owned()))
}

pub(crate) async fn rebuild_model<M: ReadModel>(store: &Store) -> Result<Rebuilt, Error> {
    let lease = format!("rebuild:{}", M::NAME);
    let held = Held::try_take(store, &lease, Uuid::new_v4()).await?;
    let held = held.ok_or(Error::Rebuilding(M::NAME))?;
    let next = schema::next(M::NAME);
    let rebuilt = build_and_swap::<M>(store, &held, &next).await;
    if rebuilt.is_err() {
        let client = store.worker().get().await?;
        schema::drop(&**client, &next).await?;
        park::forget(&**client, &next).await?;
    }
    held.release().await?;
    rebuilt
}

async fn build_and_swap<M: ReadModel>(
    store: &Store,
    held: &Held,
    next: &str,
) -> Result<Rebuilt, Error> {
    drop_old(store, M::NAME).await?;
    let heads = store.heads().watch().borrow().clone();
    let (mut rebuilt, started) = build::<M>(store, next, &heads).await?;
    let writer = Writer { follower: next.to_owned(), epoch: 0 };
    let feed = Arc::new(Feed::new(store.clone()));
    let mut follower = Follower::new(feed, session::folding(store, next).await?, writer).await?;
    let heads = store.heads().watch().borrow().clone();
    follower.catch_up::<M>(&heads).await?;
    if held.is_lost() {
        return Err(Error::LeaseLost);
    }
    swap::<M>(store, &mut follower).await?;
    rebuilt.took = started.elapsed();
    tracing::info!(
        projection.model = M::NAME,
        rebuild.events = rebuilt.events,
        rebuild.rows = rebuilt.rows,
        rebuild.seconds = rebuilt.took.as_secs_f64(),
        "the read model was built anew"
    );
    drop_old(store, M::NAME).await?;
    Ok(rebuilt)
}

/// Builds a schema up to these positions and completes it with its indexes.
pub(crate) async fn build<M: ReadModel>(
    store: &Store,
    name: &str,
    until: &HashMap<i16, i64>,
) -> Result<(Rebuilt, Instant), Error> {
    let client = session::building(store, name).await?;
    schema::drop(&*client, name).await?;
    park::forget(&*client, name).await?;
    schema::create_tables::<M>(&*client, name).await?;

    let started = Instant::now();
    let mut rebuilt =
        Rebuilt { name: M::NAME, events: 0, rows: 0, parked: 0, took: Duration::ZERO };
    let (mut client, sequences, failures) = fill::<M>(store, client, until, &mut rebuilt).await?;
    rebuilt.parked = u64::try_from(failures.len()).unwrap_or(u64::MAX);

    schema::complete::<M>(&*client, name).await?;
    let mut positions: Vec<(i16, i64)> = until.iter().map(|(lane, to)| (*lane, *to)).collect();
    positions.sort_unstable();
    let tx = client.transaction().await?;
    checkpoint::start(&tx, M::VERSION, &positions, &sequences).await?;
    park::add(&tx, name, &failures).await?;
    tx.commit().await?;
    schema::vacuum(&*client, name).await?;
    Ok((rebuilt, started))
}

type Filled = (ClientWrapper, Vec<(Uuid, i64)>, Vec<Failure>);

/// Folds all organisations into the tables; answers with how far each was folded.
async fn fill<M: ReadModel>(
    store: &Store,
    client: ClientWrapper,
    until: &HashMap<i16, i64>,
    rebuilt: &mut Rebuilt,
) -> Result<Filled, Error> {
    let (batches, copying) = copy::start::<M>(client);
    let mut sequences = Vec::new();
    let mut failures = Vec::new();
    for organisation in store.organisations().await? {
        let lane = store.lane_of(organisation).await?;
        let until = until.get(&lane).copied().unwrap_or_default();
        let source = Source::open::<M>(store, organisation, until);
        let Some(failed) = fold::<M>(source, &batches, rebuilt).await? else { break };
        failures.extend(failed);
        sequences.push((organisation, store.sequence_at(organisation, until).await?));
    }
    drop(batches);
    let (client, refused) = copying.await??;
    failures.extend(refused);
    Ok((client, sequences, failures))
}

/// Folds an organisation's subjects one after the other and hands their rows on in batches.
/// `None`: copying has ended before its time, and says itself why.
async fn fold<M: ReadModel>(
    mut source: Source,
    batches: &mpsc::Sender<Vec<(Key, M::Row)>>,
    rebuilt: &mut Rebuilt,
) -> Result<Option<Vec<Failure>>, Error> {
    let mut failures = Vec::new();
    let mut batch = Vec::with_capacity(BATCH);
    while let Some(items) = source.next_subject().await? {
        rebuilt.events += u64::try_from(items.len()).unwrap_or_default();
        let mut fold = Fold::<M>::default();
        for item in &items {
            fold.apply(item);
        }
        let (changes, failed) = fold.finish();
        failures.extend(failed);
        rebuilt.rows += u64::try_from(changes.put.len()).unwrap_or_default();
        batch.extend(changes.put);
        if batch.len() >= BATCH {
            let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH));
            if batches.send(full).await.is_err() {
                return Ok(None);
            }
        }
    }
    Ok(batches.send(batch).await.is_ok().then_some(failures))
}

/// While the live checkpoints are locked nobody folds into the live tables; the next build comes
/// up to them, and takes their name when the lock ends.
async fn swap<M: ReadModel>(store: &Store, follower: &mut Follower) -> Result<(), Error> {
    let mut client = session::folding(store, M::NAME).await?;
    let lanes: Vec<i16> = (0..eventstore::LANES).collect();
    let there = schema::version::<M>(&*client).await?.is_some();
    let tx = client.transaction().await?;
    if there {
        let live = checkpoint::lock(&tx, &lanes, M::NAME).await?;
        follower.catch_up::<M>(&live.positions).await?;
        schema::swap(&*tx, M::NAME).await?;
    } else {
        schema::rename_next(&*tx, M::NAME).await?;
    }
    park::take_over(&tx, &schema::next(M::NAME), M::NAME).await?;
    tx.commit().await?;
    Ok(())
}

async fn drop_old(store: &Store, name: &'static str) -> Result<(), Error> {
    let client = store.worker().get().await?;
    for attempt in 1..=DROPS {
        match schema::drop(&**client, &schema::old(name)).await {
            Ok(()) => return Ok(()),
            Err(error) if attempt == DROPS => return Err(error),
            Err(error) => {
                tracing::debug!(projection.model = name, error = chain(&error), "still being read");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    Ok(())
}
