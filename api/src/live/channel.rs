//! The newest events of one organisation.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Weak};
use std::time::Duration;

use domain::Recorded;
use eventstore::{Error, Store};
use parking_lot::Mutex;
use tokio::sync::watch;
use uuid::Uuid;

use crate::extract::{Sessions, changes_rights};
use crate::problem::chain;

/// Events kept for all feeds; a reader further behind reads the log for itself.
const KEPT: usize = 1_024;
/// Events read at once: for all feeds, and for one that is behind.
const CHUNK: i64 = 500;
const BEHIND: i64 = 50;
const RETRY: Duration = Duration::from_secs(1);

/// An organisation's newest events, and word of new ones.
#[derive(Debug)]
pub(crate) struct Channel {
    store: Store,
    organisation: Uuid,
    recent: Mutex<VecDeque<Arc<Recorded>>>,
    head: watch::Sender<i64>,
}

impl Channel {
    pub(super) fn new(store: Store, organisation: Uuid, head: i64) -> Self {
        let recent = Mutex::default();
        Self { store, organisation, recent, head: watch::Sender::new(head) }
    }

    /// Where the organisation's log ends, as far as it has been read.
    pub(crate) fn head(&self) -> watch::Receiver<i64> {
        self.head.subscribe()
    }

    /// Events beyond a sequence, in order and without a gap, as far as the channel has come; not
    /// all at once where they are many.
    pub(crate) async fn beyond(&self, after: i64) -> Result<VecDeque<Arc<Recorded>>, Error> {
        let head = *self.head.borrow();
        if after >= head {
            return Ok(VecDeque::new());
        }
        if let Some(shared) = self.shared(after) {
            return Ok(shared);
        }
        let up_to = head.min(after + BEHIND);
        let events = read(&self.store, self.organisation, after, up_to).await?;
        Ok(events.into_iter().map(Arc::new).collect())
    }

    fn shared(&self, after: i64) -> Option<VecDeque<Arc<Recorded>>> {
        let recent = self.recent.lock();
        let first = recent.front()?.sequence;
        let skipped = usize::try_from(after + 1 - first).ok()?;
        Some(recent.iter().skip(skipped).cloned().collect())
    }

    /// Reads what is new. Who may see what has changed before the events that come after it.
    async fn fill(&self, sessions: &Sessions) -> Result<(), Error> {
        loop {
            let after = *self.head.borrow();
            let events = read(&self.store, self.organisation, after, i64::MAX).await?;
            let Some(last) = events.last().map(|event| event.sequence) else { return Ok(()) };
            let rights =
                |event: &Recorded| event.type_name.split('.').next().is_some_and(changes_rights);
            if events.iter().any(rights) {
                sessions.forget();
            }
            let mut recent = self.recent.lock();
            recent.extend(events.into_iter().map(Arc::new));
            let surplus = recent.len().saturating_sub(KEPT);
            recent.drain(..surplus);
            drop(recent);
            self.head.send_replace(last);
        }
    }
}

/// Where the feeds' events come from: those of an organisation beyond a sequence, in order.
async fn read(
    store: &Store,
    organisation: Uuid,
    after: i64,
    up_to: i64,
) -> Result<Vec<Recorded>, Error> {
    store.read_organisation(organisation, after, up_to, CHUNK).await
}

/// Fills a channel whenever its lane has grown, until nobody holds it any more.
pub(super) async fn keep_filling(
    channel: Weak<Channel>,
    mut heads: watch::Receiver<HashMap<i16, i64>>,
    lane: i16,
    sessions: Sessions,
) {
    let mut known = None;
    loop {
        let head = heads.borrow_and_update().get(&lane).copied();
        if head != known || known.is_none() {
            let Some(channel) = channel.upgrade() else { return };
            if let Err(error) = channel.fill(&sessions).await {
                tracing::warn!(error = %chain(&error), "the newest events could not be read");
                drop(channel);
                tokio::time::sleep(RETRY).await;
                continue;
            }
            known = head.or(Some(0));
        }
        if heads.changed().await.is_err() {
            return;
        }
    }
}
