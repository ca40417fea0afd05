//! Reads the lanes once for all read models of the process: those that are near each other share
//! the events, decrypted and decoded.

use std::collections::VecDeque;
use std::sync::Arc;

use eventstore::{LANES, Store};
use tokio::sync::Mutex;

use crate::error::Error;
use crate::item::Item;

/// How many events of a lane are kept for those a little behind.
const KEPT: usize = 1_024;

/// The lanes, as followers read them.
#[derive(Debug)]
pub(crate) struct Feed {
    store: Store,
    lanes: Vec<Mutex<VecDeque<Arc<Item>>>>,
}

impl Feed {
    pub(crate) fn new(store: Store) -> Self {
        Self { store, lanes: (0..LANES).map(|_| Mutex::default()).collect() }
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// The events beyond a position, at most `limit`, without a gap.
    pub(crate) async fn page(
        &self,
        lane: i16,
        after: i64,
        limit: usize,
    ) -> Result<Vec<Arc<Item>>, Error> {
        let Some(recent) = usize::try_from(lane).ok().and_then(|lane| self.lanes.get(lane)) else {
            return Ok(Vec::new());
        };
        let mut recent = recent.lock().await;
        let (first, last) = match (recent.front(), recent.back()) {
            (Some(first), Some(last)) => (first.position, last.position),
            (_, None) | (None, _) => (after + 1, after),
        };
        if after + 1 < first {
            // Far behind the others: what it reads would push out what they share.
            drop(recent);
            return self.read(lane, after, limit).await;
        }
        if after < last {
            let shared = recent.iter().filter(|item| item.position > after).take(limit);
            return Ok(shared.cloned().collect());
        }
        let items = self.read(lane, after, limit).await?;
        if after > last {
            recent.clear();
        }
        recent.extend(items.iter().cloned());
        let surplus = recent.len().saturating_sub(KEPT);
        recent.drain(..surplus);
        Ok(items)
    }

    async fn read(&self, lane: i16, after: i64, limit: usize) -> Result<Vec<Arc<Item>>, Error> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let read = self.store.follow_lane(lane, after, limit).await?;
        for (expected, event) in (after + 1..).zip(&read) {
            let found = event.recorded.position;
            if found != expected {
                return Err(Error::Gap { lane, expected, found });
            }
        }
        Ok(read.into_iter().map(|read| Arc::new(Item::from(read))).collect())
    }
}
