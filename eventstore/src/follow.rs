//! Where the log ends: the last position of each lane, for everyone who follows it.

use std::collections::HashMap;

use tokio::sync::watch;

/// The last known position of each lane. Commits of this process advance it at once; those of
/// other processes are brought by their wake-ups and by a shared poll of the lanes' counters.
#[derive(Debug)]
pub struct Heads {
    positions: watch::Sender<HashMap<i16, i64>>,
    written: watch::Sender<u64>,
}

impl Heads {
    pub(crate) fn new() -> Self {
        Self { positions: watch::Sender::new(HashMap::new()), written: watch::Sender::new(0) }
    }

    /// Raises the heads; a lower position than the known one is ignored.
    pub(crate) fn advance(&self, heads: impl Iterator<Item = (i16, i64)>) {
        self.positions.send_if_modified(|known| {
            let mut moved = false;
            for (lane, position) in heads {
                let head = known.entry(lane).or_default();
                if position > *head {
                    *head = position;
                    moved = true;
                }
            }
            moved
        });
    }

    /// Raises the heads after a commit of this process.
    pub(crate) fn advance_by_commit(&self, heads: impl Iterator<Item = (i16, i64)>) {
        self.advance(heads);
        self.written.send_modify(|commits| *commits += 1);
    }

    /// Wakes whenever a lane has grown.
    pub fn watch(&self) -> watch::Receiver<HashMap<i16, i64>> {
        self.positions.subscribe()
    }

    /// Wakes whenever this process has written.
    pub(crate) fn written(&self) -> watch::Receiver<u64> {
        self.written.subscribe()
    }
}
