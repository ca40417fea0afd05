//! Live feeds: the newest events of each organisation that is followed, read once for everybody
//! in the process, and word to the feeds when rights have changed.

mod channel;
mod guard;

use std::collections::HashMap;
use std::sync::{Arc, Weak};

use eventstore::Store;
use metrics::gauge;
use parking_lot::Mutex;
use tokio::sync::watch;
use uuid::Uuid;

pub(crate) use channel::Channel;

use crate::extract::{Pass, Sessions};

/// Feeds that one process serves at most.
const MOST: usize = 5_000;

/// What all feeds of a process share. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Live(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    sessions: Sessions,
    channels: Mutex<HashMap<Uuid, Weak<Channel>>>,
    seats: Mutex<Seats>,
    closing: watch::Sender<bool>,
}

/// The feeds that are open, by number, with what their readers came in with.
#[derive(Debug, Default)]
struct Seats {
    last: u64,
    taken: HashMap<u64, Option<Pass>>,
    guarded: bool,
}

/// A feed's place; free again when it is dropped.
#[derive(Debug)]
pub(crate) struct Seat {
    live: Live,
    number: u64,
}

impl Live {
    pub(crate) fn new(store: Store, sessions: Sessions) -> Self {
        Self(Arc::new(Inner {
            store,
            sessions,
            channels: Mutex::default(),
            seats: Mutex::default(),
            closing: watch::Sender::new(false),
        }))
    }

    /// The newest events of an organisation, for as long as somebody holds the channel.
    pub(crate) async fn channel(
        &self,
        organisation: Uuid,
    ) -> Result<Arc<Channel>, eventstore::Error> {
        let open = self.0.channels.lock().get(&organisation).and_then(Weak::upgrade);
        if let Some(channel) = open {
            return Ok(channel);
        }
        let store = &self.0.store;
        let lane = store.lane_of(organisation).await?;
        // Listened to before the head is read, so that nothing comes in between.
        let heads = store.heads().watch();
        let head = store.head_sequence(organisation).await?;
        let mut channels = self.0.channels.lock();
        if let Some(channel) = channels.get(&organisation).and_then(Weak::upgrade) {
            return Ok(channel);
        }
        channels.retain(|_, channel| channel.strong_count() > 0);
        let channel = Arc::new(Channel::new(store.clone(), organisation, head));
        channels.insert(organisation, Arc::downgrade(&channel));
        let filled =
            channel::keep_filling(Arc::downgrade(&channel), heads, lane, self.0.sessions.clone());
        tokio::spawn(filled);
        Ok(channel)
    }

    /// A place for one more feed; `None` where there are as many as may be.
    pub(crate) fn seat(&self, pass: Option<Pass>) -> Option<Seat> {
        let mut seats = self.0.seats.lock();
        if seats.taken.len() >= MOST {
            return None;
        }
        seats.last += 1;
        let number = seats.last;
        seats.taken.insert(number, pass);
        if !seats.guarded {
            seats.guarded = true;
            tokio::spawn(guard::watch_rights(self.clone()));
        }
        count(seats.taken.len());
        drop(seats);
        Some(Seat { live: self.clone(), number })
    }

    /// Ends all feeds; their readers come back with the id of their last event.
    pub(crate) fn close(&self) {
        self.0.closing.send_replace(true);
    }

    /// Turns true when all feeds are to end.
    pub(crate) fn closing(&self) -> watch::Receiver<bool> {
        self.0.closing.subscribe()
    }

    /// What the readers of the open feeds came in with; `None`, and nobody watches any more, where
    /// there are none.
    fn passes(&self) -> Option<Vec<Pass>> {
        let mut seats = self.0.seats.lock();
        if seats.taken.is_empty() {
            seats.guarded = false;
            return None;
        }
        Some(seats.taken.values().flatten().copied().collect())
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seats = self.live.0.seats.lock();
        seats.taken.remove(&self.number);
        count(seats.taken.len());
    }
}

fn count(feeds: usize) {
    gauge!("dossier_live_feeds").set(f64::from(u32::try_from(feeds).unwrap_or(u32::MAX)));
}
