//! The customers that rules ask for, folded at the event that is being matched.

use std::num::NonZeroUsize;
use std::sync::Arc;

use domain::customer::{Customer, State};
use domain::{Decider, Event, Recorded};
use eventstore::Store;
use lru::LruCache;
use uuid::Uuid;

use crate::error::Error;

/// How many customers of a lane are kept.
const KEPT: usize = 2_000;

/// A customer's state after its last event that was passed.
pub(crate) type Known = Arc<State>;

/// Customers by organisation and id. What is here is as of the event that was passed last.
#[derive(Debug)]
pub(crate) struct Customers {
    store: Store,
    known: LruCache<(Uuid, Uuid), Known>,
}

/// Why a customer's state at an event is not known.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unknown {
    /// An event of the customer cannot be read; others are not concerned.
    #[error("an event of the customer cannot be read: {0}")]
    Unreadable(String),
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<eventstore::Error> for Unknown {
    fn from(error: eventstore::Error) -> Self {
        if matches!(error, eventstore::Error::Stored { .. }) {
            Self::Unreadable(error.to_string())
        } else {
            Self::Failed(error.into())
        }
    }
}

impl Customers {
    pub(crate) fn new(store: Store) -> Self {
        let kept = NonZeroUsize::new(KEPT).unwrap_or(NonZeroUsize::MIN);
        Self { store, known: LruCache::new(kept) }
    }

    /// The customer before an event and after it. Events must come in the order of the log.
    pub(crate) async fn around(
        &mut self,
        recorded: &Recorded,
        customer: Uuid,
        event: &Event,
    ) -> Result<(Known, Known), Unknown> {
        let key = (recorded.organisation, customer);
        let before = match self.known.get(&key) {
            Some(known) => Arc::clone(known),
            None => Arc::new(folded(&self.store, recorded, customer).await?),
        };
        let after = folded_on(&before, event);
        self.known.put(key, Arc::clone(&after));
        Ok((before, after))
    }

    /// Forgets a customer; who asks next folds it anew.
    pub(crate) fn forget(&mut self, organisation: Uuid, customer: Uuid) {
        self.known.pop(&(organisation, customer));
    }

    /// Takes note of an event that is not matched.
    pub(crate) fn pass(&mut self, recorded: &Recorded, customer: Uuid) {
        if recorded.stream_id != customer {
            return;
        }
        let key = (recorded.organisation, customer);
        let Some(known) = self.known.get(&key) else { return };
        match recorded.event() {
            Ok(event) => {
                let after = folded_on(known, &event);
                self.known.put(key, after);
            }
            // Whoever asks next folds it from its events, and meets the one that cannot be read.
            Err(_) => {
                self.known.pop(&key);
            }
        }
    }
}

/// The customer before an event that was recorded some time ago, and after it.
pub(crate) async fn at_event(
    store: &Store,
    recorded: &Recorded,
    customer: Uuid,
) -> Result<(Known, Known), Unknown> {
    let event = recorded.event().map_err(|error| Unknown::Unreadable(error.to_string()))?;
    let before = Arc::new(folded(store, recorded, customer).await?);
    let after = folded_on(&before, &event);
    Ok((before, after))
}

/// From the events of the customer's own stream before this event.
async fn folded(store: &Store, recorded: &Recorded, customer: Uuid) -> Result<State, Unknown> {
    let own = recorded.stream_id == customer;
    if own && recorded.version == 1 {
        return Ok(State::default());
    }
    let events = store.read_stream(recorded.organisation, customer, 0).await?;
    let mut state = State::default();
    for earlier in events.iter().take_while(|event| event.sequence < recorded.sequence) {
        let event = earlier.event().map_err(|error| Unknown::Unreadable(error.to_string()))?;
        if let Event::Customer(event) = &event {
            state = Customer::evolve(state, event);
        }
    }
    Ok(state)
}

/// The customer after an event.
pub(crate) fn folded_on(state: &Known, event: &Event) -> Known {
    match event {
        Event::Customer(event) => Arc::new(Customer::evolve((**state).clone(), event)),
        Event::Folder(_)
        | Event::Member(_)
        | Event::Message(_)
        | Event::Notification(_)
        | Event::Order(_)
        | Event::Organisation(_)
        | Event::Quote(_)
        | Event::Rule(_)
        | Event::RuleRun(_)
        | Event::ServiceEntry(_)
        | Event::Task(_)
        | Event::Unmatched(_)
        | Event::User(_) => Arc::clone(state),
    }
}
