//! The customers that rules ask for, folded at the event that is being matched.

use std::num::NonZeroUsize;
use std::sync::Arc;

use domain::account::{self, Account, account_id};
use domain::customer::{self, Customer};
use domain::{Decider, Event, Recorded};
use eventstore::Store;
use lru::LruCache;
use serde_json::Value;
use uuid::Uuid;

use crate::error::Error;

/// How many customers of a lane are kept.
const KEPT: usize = 2_000;

/// A customer and their account, after the last event about them that was passed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    pub(crate) customer: Arc<customer::State>,
    pub(crate) account: Arc<account::State>,
}

impl Known {
    /// The same after this event.
    pub(crate) fn after(&self, event: &Event) -> Self {
        match event {
            Event::Customer(event) => {
                let customer = Arc::new(Customer::evolve((*self.customer).clone(), event));
                Self { customer, ..self.clone() }
            }
            Event::Account(event) => {
                let account = Arc::new(Account::evolve((*self.account).clone(), event));
                Self { account, ..self.clone() }
            }
            Event::File(_)
            | Event::Folder(_)
            | Event::Invitation(_)
            | Event::Member(_)
            | Event::Role(_)
            | Event::Message(_)
            | Event::Notification(_)
            | Event::Order(_)
            | Event::Organisation(_)
            | Event::Quote(_)
            | Event::Rule(_)
            | Event::RuleRun(_)
            | Event::ServiceEntry(_)
            | Event::Task(_)
            | Event::Team(_)
            | Event::Template(_)
            | Event::Unmatched(_)
            | Event::User(_)
            | Event::Webhook(_) => self.clone(),
        }
    }

    /// Both as they are now.
    pub(crate) async fn now(
        store: &Store,
        organisation: Uuid,
        customer: Uuid,
    ) -> Result<Self, eventstore::Error> {
        let account = account_id(customer);
        Ok(Self {
            customer: store.load::<Customer>(organisation, customer).await?.1,
            account: store.load::<Account>(organisation, account).await?.1,
        })
    }

    /// What conditions can ask for.
    pub(crate) fn facts(&self) -> Value {
        let mut facts = self.customer.facts();
        if let (Value::Object(facts), Value::Object(account)) = (&mut facts, self.account.facts()) {
            facts.extend(account);
        }
        facts
    }
}

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
            Some(known) => known.clone(),
            None => folded(&self.store, recorded, customer).await?,
        };
        let after = before.after(event);
        self.known.put(key, after.clone());
        Ok((before, after))
    }

    /// Forgets a customer; who asks next folds it anew.
    pub(crate) fn forget(&mut self, organisation: Uuid, customer: Uuid) {
        self.known.pop(&(organisation, customer));
    }

    /// Takes note of an event that is not matched.
    pub(crate) fn pass(&mut self, recorded: &Recorded, customer: Uuid) {
        if recorded.stream_id != customer && recorded.stream_id != account_id(customer) {
            return;
        }
        let key = (recorded.organisation, customer);
        let Some(known) = self.known.get(&key) else { return };
        match recorded.event() {
            Ok(event) => {
                let after = known.after(&event);
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
    let before = folded(store, recorded, customer).await?;
    let after = before.after(&event);
    Ok((before, after))
}

/// From the events of the customer's own stream and of their account before this event.
async fn folded(store: &Store, recorded: &Recorded, customer: Uuid) -> Result<Known, Unknown> {
    let mut known = Known::default();
    if recorded.stream_id == customer && recorded.version == 1 {
        return Ok(known);
    }
    for stream in [customer, account_id(customer)] {
        let events = store.read_stream(recorded.organisation, stream, 0).await?;
        for earlier in events.iter().take_while(|event| event.sequence < recorded.sequence) {
            let event = earlier.event().map_err(|error| Unknown::Unreadable(error.to_string()))?;
            known = known.after(&event);
        }
    }
    Ok(known)
}
