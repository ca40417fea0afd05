//! Where the log ends: the last position of each lane, for everyone who follows it; and whether
//! others write to it.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tokio::sync::watch;

#[cfg(test)]
mod tests;

/// A commit of our own may be seen in the counters so long before its answer comes.
const GRACE: Duration = Duration::from_millis(20);

/// The last known position of each lane. Commits of this process advance it at once; those of
/// other processes are brought by their wake-ups and by a shared poll of the lanes' counters.
#[derive(Debug)]
pub struct Heads {
    positions: watch::Sender<HashMap<i16, i64>>,
    written: watch::Sender<u64>,
    lanes: Mutex<HashMap<i16, Lane>>,
}

/// Who has written to a lane.
#[derive(Debug, Default)]
struct Lane {
    /// Up to here it is known who has: we, or others.
    accounted: i64,
    /// A position beyond it that was seen, and since when.
    unexplained: Option<(i64, Instant)>,
    /// How often others were found to have written.
    epoch: u64,
}

impl Heads {
    pub(crate) fn new() -> Self {
        Self {
            positions: watch::Sender::new(HashMap::new()),
            written: watch::Sender::new(0),
            lanes: Mutex::default(),
        }
    }

    /// Raises the heads as they were read; a lower position than the known one is ignored.
    pub(crate) fn advance(&self, heads: &[(i16, i64)]) {
        let now = Instant::now();
        let mut lanes = self.lanes.lock();
        for (lane, position) in heads {
            lanes.entry(*lane).or_default().see(*position, now);
        }
        drop(lanes);
        self.raise(heads.iter().copied());
    }

    /// Raises the heads after a commit of this process: by lane the first position and the last.
    pub(crate) fn advance_by_commit(&self, commits: &[(i16, i64, i64)]) {
        let mut lanes = self.lanes.lock();
        for (lane, first, last) in commits {
            lanes.entry(*lane).or_default().write(*first, *last);
        }
        drop(lanes);
        self.raise(commits.iter().map(|(lane, _, last)| (*lane, *last)));
        self.written.send_modify(|commits| *commits += 1);
    }

    fn raise(&self, heads: impl Iterator<Item = (i16, i64)>) {
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

    /// Rises when others are found to have written to the lane: what was read before may be old.
    pub(crate) fn epoch(&self, lane: i16) -> u64 {
        self.lanes.lock().entry(lane).or_default().epoch_at(Instant::now())
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

impl Lane {
    /// The lane was seen to reach this position: by a commit of ours whose answer is on its way,
    /// or by others.
    fn see(&mut self, position: i64, now: Instant) {
        if position > self.accounted && self.unexplained.is_none() {
            self.unexplained = Some((position, now));
        }
    }

    /// We have written these positions; what lies between is of others.
    fn write(&mut self, first: i64, last: i64) {
        if first > self.accounted + 1 {
            self.epoch += 1;
        }
        self.account_for(last);
    }

    fn epoch_at(&mut self, now: Instant) -> u64 {
        if let Some((position, since)) = self.unexplained
            && now.duration_since(since) >= GRACE
        {
            self.epoch += 1;
            self.account_for(position);
        }
        self.epoch
    }

    fn account_for(&mut self, position: i64) {
        self.accounted = self.accounted.max(position);
        self.unexplained = self.unexplained.filter(|(seen, _)| *seen > self.accounted);
    }
}
