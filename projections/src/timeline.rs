//! A customer's history as sentences: for people in the order of the world, for auditors in the
//! order of the record. Both are queries over the log.

use std::cmp::Reverse;

use domain::access::Scope;
use eventstore::{HistoryQuery, Store};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::customer_360::{customer_of, fold_history, history, time, within_reach};
use crate::envelope::reaches;
use crate::error::Error;
use crate::item::Item;
use crate::page::{Page, PageQuery, page, page_of};
use crate::past::Past;
use crate::reader::{Ids, Names};
use crate::redaction::{is_visible, other_end, public_body};

/// Events read at once.
const CHUNK: i64 = 500;

/// What happened, the latest first by the time at which it happened. `None` where the customer is
/// out of reach.
pub async fn timeline(
    store: &Store,
    scope: &Scope,
    customer: Uuid,
    query: &PageQuery,
) -> Result<Option<Page>, Error> {
    let items = history(store, scope.organisation(), customer).await?;
    let position = items.last().map_or(0, |item| item.sequence);
    if !within(&items, scope)? {
        return Ok(None);
    }
    latest_first(store, scope, items, position, query).await.map(Some)
}

/// The same as it was.
pub async fn timeline_as_of(
    store: &Store,
    scope: &Scope,
    past: Past,
    query: &PageQuery,
) -> Result<Page, Error> {
    let position = past.position;
    latest_first(store, scope, past.into_items(), position, query).await
}

async fn latest_first(
    store: &Store,
    scope: &Scope,
    items: Vec<Item>,
    position: i64,
    query: &PageQuery,
) -> Result<Page, Error> {
    let items = visible(store, scope, items).await?;
    let key = |item: &Item| Reverse((item.effective_at().as_microsecond(), item.sequence));
    let (items, turns) = page_of(items, query, key)?;
    Ok(Page { data: entries(store, scope, &items).await?, turns, position })
}

/// What was recorded, in the order of the record. `None` where the customer is out of reach.
pub async fn audit(
    store: &Store,
    scope: &Scope,
    customer: Uuid,
    newest_first: bool,
    query: &PageQuery,
) -> Result<Option<Page>, Error> {
    let organisation = scope.organisation();
    let position = store.head_sequence(organisation).await?;
    if !within(&history(store, organisation, customer).await?, scope)? {
        return Ok(None);
    }
    let descending = newest_first != query.is_backwards();
    let mut after: Option<i64> = query.key()?;
    let wanted = usize::from(query.limit) + 1;
    let mut items: Vec<Item> = Vec::new();
    while items.len() < wanted {
        let asked = HistoryQuery { after, limit: CHUNK, descending, types: Vec::new() };
        let chunk = store.read_customer(organisation, customer, &asked).await?;
        let Some(last) = chunk.last() else { break };
        after = Some(last.sequence);
        items.extend(visible(store, scope, chunk.into_iter().map(Item::from)).await?);
    }
    items.truncate(wanted);
    let (items, turns) = page(items, query, |item: &Item| item.sequence);
    Ok(Some(Page { data: entries(store, scope, &items).await?, turns, position }))
}

fn within(items: &[Item], scope: &Scope) -> Result<bool, Error> {
    let now = customer_of(fold_history(items)?);
    Ok(now.is_some_and(|now| within_reach(&now, scope)))
}

/// An event that this program cannot read has no sentence, and is left out.
pub(crate) async fn visible(
    store: &Store,
    scope: &Scope,
    items: impl IntoIterator<Item = Item>,
) -> Result<Vec<Item>, Error> {
    let mut shown = Vec::new();
    for item in items {
        let Ok(event) = item.event() else { continue };
        if is_visible(scope, event) && reaches(store, scope, other_end(event)).await? {
            shown.push(item);
        }
    }
    Ok(shown)
}

async fn entries(store: &Store, scope: &Scope, items: &[Item]) -> Result<Vec<Value>, Error> {
    let mut ids = Ids::default();
    items.iter().for_each(|item| ids.actor(&item.metadata.actor));
    let names = ids.names(store, scope.organisation()).await?;
    Ok(items.iter().map(|item| entry(item, scope, &names)).collect())
}

fn entry(item: &Item, scope: &Scope, names: &Names) -> Value {
    json!({
        "id": item.event_id,
        "type": item.type_name,
        "summary": item.event().map(domain::Event::sentence).ok(),
        "actor": names.actor(&item.metadata.actor),
        "occurred_at": time(item.effective_at()),
        "recorded_at": time(item.recorded_at),
        "version": item.version,
        "position": item.sequence.to_string(),
        "correlation_id": item.metadata.correlation_id,
        "causation_id": item.metadata.causation_id,
        "undoes": item.undone(),
        "data": public_body(scope, item),
    })
}
