//! What a committer knows of the log, and where it knows it from.

use std::collections::HashMap;
use std::num::NonZeroUsize;

use jiff::Timestamp;
use lru::LruCache;
use uuid::Uuid;

use super::types::CommandId;
use crate::proof::Hash;

/// A lane's counters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lane {
    pub(super) next_position: i64,
    pub(super) last_recorded_at: Timestamp,
}

/// An organisation's counters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Organisation {
    pub(super) lane: i16,
    pub(super) next_sequence: i64,
    pub(super) head: Hash,
}

/// A command that the log holds already.
#[derive(Debug, Clone, Copy)]
pub(super) struct KnownCommand {
    pub(super) id: CommandId,
    pub(super) first_sequence: i64,
    pub(super) last_sequence: i64,
}

/// All that planning a batch asks for. The slow path reads it under locks; the fast path takes
/// it from the cache, and the counters' compare-and-set proves afterwards that it was right.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) lanes: HashMap<i16, Lane>,
    pub(super) organisations: HashMap<Uuid, Organisation>,
    pub(super) versions: HashMap<(Uuid, Uuid), i64>,
    pub(super) commands: HashMap<(Uuid, Uuid), KnownCommand>,
    pub(super) claims: HashMap<(Uuid, i16, Uuid), Uuid>,
    pub(super) person_keys: HashMap<(Uuid, Uuid), KeyState>,
    pub(super) counters: HashMap<(Uuid, String), i64>,
    /// Versions are complete: a stream that is not in the map does not exist.
    pub(super) complete: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyState {
    Exists,
    Destroyed,
}

const STREAMS: usize = 200_000;
const ORGANISATIONS: usize = 10_000;

/// What the last commits of this process left behind.
#[derive(Debug)]
pub(super) struct Cache {
    lanes: HashMap<i16, Lane>,
    organisations: LruCache<Uuid, Organisation>,
    versions: LruCache<(Uuid, Uuid), i64>,
}

impl Cache {
    pub(super) fn new() -> Self {
        let size = |count| NonZeroUsize::new(count).unwrap_or(NonZeroUsize::MIN);
        Self {
            lanes: HashMap::new(),
            organisations: LruCache::new(size(ORGANISATIONS)),
            versions: LruCache::new(size(STREAMS)),
        }
    }

    /// What is known for these organisations and streams, or `None` when a counter is missing.
    pub(super) fn known<'a>(
        &mut self,
        organisations: impl Iterator<Item = &'a Uuid>,
        streams: impl Iterator<Item = (Uuid, Uuid)>,
    ) -> Option<Known> {
        let mut known = Known::default();
        for organisation in organisations {
            let counters = *self.organisations.get(organisation)?;
            known.lanes.insert(counters.lane, *self.lanes.get(&counters.lane)?);
            known.organisations.insert(*organisation, counters);
        }
        for stream in streams {
            if let Some(version) = self.versions.get(&stream) {
                known.versions.insert(stream, *version);
            }
        }
        Some(known)
    }

    /// Takes over what a committed batch left.
    pub(super) fn learn(&mut self, known: Known) {
        self.lanes.extend(known.lanes);
        for (organisation, counters) in known.organisations {
            self.organisations.put(organisation, counters);
        }
        for (stream, version) in known.versions {
            self.versions.put(stream, version);
        }
    }

    pub(super) fn forget(&mut self) {
        self.lanes.clear();
        self.organisations.clear();
        self.versions.clear();
    }
}
