//! Where the log ends: the last position of each lane, for everyone who follows it.

use std::collections::HashMap;

use tokio::sync::watch;

/// The last known position of each lane. Commits of this process advance it at once; a shared
/// poll of the lanes' counters brings those of other processes.
#[derive(Debug)]
pub struct Heads(watch::Sender<HashMap<i16, i64>>);

impl Heads {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(HashMap::new()))
    }

    /// Raises the heads; a lower position than the known one is ignored.
    pub(crate) fn advance(&self, heads: impl Iterator<Item = (i16, i64)>) {
        self.0.send_if_modified(|known| {
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

    /// Wakes whenever a lane has grown.
    pub fn watch(&self) -> watch::Receiver<HashMap<i16, i64>> {
        self.0.subscribe()
    }
}
