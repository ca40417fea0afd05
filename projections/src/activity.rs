//! What is new about customers to one reader: entries of the timeline beyond what they have seen,
//! of others' making. Read from the log and judged as the timeline is, so that nothing counts that
//! the reader does not see there.

mod summary;

use std::collections::HashMap;

use domain::Actor;
use domain::access::Scope;
use eventstore::Store;
use eventstore::state::look::{Seen, Visit};
use serde_json::Value;
use uuid::Uuid;

use crate::error::Error;
use crate::item::Item;
use crate::timeline::visible;

/// Of each customer so many entries are counted at most.
pub const MOST: usize = 99;

/// Events of a customer that are looked at for it. Those that the reader does not see, and their
/// own, are among them.
const NEWEST: i64 = 200;

/// The same for what happened since a visit.
const SINCE_A_VISIT: i64 = 1_000;

/// How many entries of each customer are new to the reader; nothing of who has none. The customers
/// are within reach.
pub async fn count(
    store: &Store,
    scope: &Scope,
    seen: &[Seen],
) -> Result<HashMap<Uuid, usize>, Error> {
    let mut counts = HashMap::new();
    for (customer, _) in entries(store, scope, seen, NEWEST).await? {
        let count = counts.entry(customer).or_insert(0);
        *count = MOST.min(*count + 1);
    }
    Ok(counts)
}

/// What others did since a visit: people, rules and apps, and on the account as far as the reader
/// sees it.
pub async fn since(
    store: &Store,
    scope: &Scope,
    customer: Uuid,
    visit: &Visit,
) -> Result<Value, Error> {
    let seen = Seen { customer, sequence: visit.sequence };
    let items = entries(store, scope, &[seen], SINCE_A_VISIT).await?;
    let items: Vec<Item> = items.into_iter().map(|(_, item)| item).collect();
    summary::of(store, scope, visit, &items).await
}

async fn entries(
    store: &Store,
    scope: &Scope,
    seen: &[Seen],
    most: i64,
) -> Result<Vec<(Uuid, Item)>, Error> {
    if seen.is_empty() {
        return Ok(Vec::new());
    }
    let since: Vec<(Uuid, i64)> = seen.iter().map(|seen| (seen.customer, seen.sequence)).collect();
    let read = store.read_since(scope.organisation(), &since, most).await?;
    let own = Actor::User { id: scope.user() };
    let others = read.into_iter().map(Item::from).filter(|item| item.metadata.actor != own);
    let shown = visible(store, scope, others).await?;
    Ok(shown.into_iter().map(|item| (item.subject(), item)).collect())
}
