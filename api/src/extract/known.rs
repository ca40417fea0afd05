//! Whoever was seen in the last moment, so that not every request asks the database.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tokio::sync::watch;
use uuid::Uuid;

use super::auth::Visitor;

/// How long an answer of the database about a token or session is believed: what another process
/// changes is felt after this time, what this process changes at once.
const BELIEVED: Duration = Duration::from_millis(500);
const MOST: usize = 10_000;

/// The hash of what they came with, and the organisation that they asked for.
pub(super) type Key = ([u8; 32], Option<Uuid>);

/// Whoever was seen in the last moment. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sessions(Arc<Known>);

#[derive(Debug, Default)]
struct Known {
    seen: Mutex<Seen>,
    changed: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct Seen {
    /// How often everybody was forgotten.
    forgotten: u64,
    visitors: HashMap<Key, (Instant, Visitor)>,
}

impl Sessions {
    /// Forgets everybody, so that what changed counts from now on.
    pub(crate) fn forget(&self) {
        let mut seen = self.0.seen.lock();
        seen.forgotten += 1;
        seen.visitors.clear();
        drop(seen);
        self.0.changed.send_replace(());
    }

    /// Word that somebody's rights may have changed.
    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.0.changed.subscribe()
    }

    pub(super) fn get(&self, key: &Key) -> Option<Visitor> {
        let seen = self.0.seen.lock();
        let (since, visitor) = seen.visitors.get(key)?;
        (since.elapsed() < BELIEVED).then(|| visitor.clone())
    }

    /// To be taken before somebody is looked up.
    pub(super) fn moment(&self) -> Moment {
        Moment { at: Instant::now(), forgotten: self.0.seen.lock().forgotten }
    }

    /// Keeps whom a look-up found that began at this moment, unless everybody was forgotten since.
    pub(super) fn put(&self, key: Key, moment: Moment, visitor: Visitor) {
        let mut seen = self.0.seen.lock();
        if seen.forgotten != moment.forgotten {
            return;
        }
        if seen.visitors.len() >= MOST {
            seen.visitors.retain(|_, (since, _)| since.elapsed() < BELIEVED);
        }
        if seen.visitors.len() < MOST {
            seen.visitors.insert(key, (moment.at, visitor));
        }
    }
}

/// When a look-up began.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    at: Instant,
    forgotten: u64,
}
