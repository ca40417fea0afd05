//! Who has a customer before their eyes at this moment. It is nobody's history: it lives in this
//! process alone, and is forgotten when nobody says it again.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use uuid::Uuid;

/// So often a page says that somebody is still there.
pub(crate) const AGAIN: Duration = Duration::from_secs(20);
/// Who has not been heard of for so long has left.
const PATIENCE: Duration = Duration::from_secs(45);

/// A customer of an organisation.
pub(crate) type Place = (Uuid, Uuid);

/// Everybody who is somewhere, with when they were last heard of.
#[derive(Debug, Default)]
pub(crate) struct Presence(Mutex<Rooms>);

#[derive(Debug, Default)]
struct Rooms {
    here: HashMap<Place, HashMap<Uuid, Instant>>,
    swept: Option<Instant>,
}

impl Presence {
    /// Notes that a user is there; the others who are, by their ids.
    pub(crate) fn arrive(&self, place: Place, user: Uuid, now: Instant) -> Vec<Uuid> {
        let mut rooms = self.0.lock();
        rooms.sweep(now);
        let here = rooms.here.entry(place).or_default();
        here.insert(user, now);
        let mut others: Vec<Uuid> = here
            .iter()
            .filter(|(other, heard)| **other != user && is_there(**heard, now))
            .map(|(other, _)| *other)
            .collect();
        others.sort();
        others
    }

    /// Notes that a user has left.
    pub(crate) fn leave(&self, place: Place, user: Uuid) {
        let mut rooms = self.0.lock();
        if let Some(here) = rooms.here.get_mut(&place) {
            here.remove(&user);
            if here.is_empty() {
                rooms.here.remove(&place);
            }
        }
    }
}

impl Rooms {
    /// Forgets who has left without a word, everywhere, from time to time.
    fn sweep(&mut self, now: Instant) {
        if self.swept.is_some_and(|swept| now.duration_since(swept) < PATIENCE) {
            return;
        }
        self.swept = Some(now);
        self.here.retain(|_, here| {
            here.retain(|_, heard| is_there(*heard, now));
            !here.is_empty()
        });
    }
}

fn is_there(heard: Instant, now: Instant) -> bool {
    now.duration_since(heard) < PATIENCE
}

#[cfg(test)]
mod tests;
