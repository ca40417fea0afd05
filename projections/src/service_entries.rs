//! Service entries: deliveries, installations and service cases on one timeline, the latest first.

use std::cmp::Reverse;

use domain::Actor;
use domain::access::Scope;
use domain::service_entry::{Event, ServiceEntry, ServiceKind, ServiceState, When};
use domain::{Decider, Personal};
use eventstore::Store;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_postgres::types::Json;
use uuid::Uuid;

use crate::customer_360::time;
use crate::document::stored_as_documents;
use crate::error::Error;
use crate::item::Item;
use crate::page::{Page, PageQuery, page, page_of, position};
use crate::past::Past;
use crate::read_model::{Key, ReadModel, Touch, Unfoldable};
use crate::reader::{Ids, Names, Reach, connection, one, reading};
use crate::shown::Shown;

const LIST: &str = include_str!("service_entries/list.sql");
const GET: &str = include_str!("service_entries/get.sql");

/// The read model.
#[derive(Debug, Clone, Copy)]
pub struct ServiceEntries;

/// A service entry as it is now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub id: Uuid,
    pub customer: Uuid,
    pub kind: ServiceKind,
    pub title: Shown<String>,
    pub state: ServiceState,
    pub scheduled_for: When,
    /// The moment of that in microseconds: what the list is sorted by.
    pub scheduled_us: i64,
    pub cancelled_because: Option<Shown<String>>,
    pub added_by: Actor,
    pub added_at: Timestamp,
    pub closed_by: Option<Actor>,
    pub closed_at: Option<Timestamp>,
    pub version: i64,
    /// The sequence that added it: its place among those of one moment.
    pub added: i64,
    /// The last sequence that changed it.
    pub position: i64,
}

impl ReadModel for ServiceEntries {
    type Row = Entry;

    const NAME: &'static str = "service_entries";
    const VERSION: i32 = 1;
    const TABLES: &'static str = include_str!("service_entries/tables.sql");
    const INDEXES: &'static str = include_str!("service_entries/indexes.sql");
    const EVENTS: &'static [&'static str] = &["service_entry", "customer.erased"];

    /// What an entry says goes with the customer's personal data.
    fn touches(item: &Item) -> Touch {
        if item.kind() == ServiceEntry::KIND { Touch::Row(item.stream_id) } else { Touch::Subject }
    }

    fn fold(key: Key, row: &mut Option<Entry>, item: &Item) -> Result<(), Unfoldable> {
        let domain::Event::ServiceEntry(event) = item.event()? else {
            if let Some(entry) = row {
                entry.title = Shown(Personal::Erased);
                entry.cancelled_because = None;
            }
            return Ok(());
        };
        if let Event::Added { subject, scheduled_for, state } = event {
            let closed = *state != ServiceState::Scheduled;
            let actor = || item.metadata.actor.clone();
            *row = Some(Entry {
                id: key.id,
                customer: subject.customer,
                kind: subject.kind,
                title: Shown::from(&subject.title),
                state: *state,
                scheduled_for: *scheduled_for,
                scheduled_us: scheduled_for.sorted().as_microsecond(),
                cancelled_because: None,
                added_by: actor(),
                added_at: item.effective_at(),
                closed_by: closed.then(actor),
                closed_at: closed.then(|| item.effective_at()),
                version: item.version,
                added: item.sequence,
                position: item.sequence,
            });
        } else if let Some(entry) = row {
            entry.apply(event, item);
        }
        Ok(())
    }

    fn subject(_key: Key, row: &Entry) -> Uuid {
        row.customer
    }

    stored_as_documents!();
}

impl Entry {
    fn apply(&mut self, event: &Event, item: &Item) {
        self.version = item.version;
        self.position = item.sequence;
        match event {
            // It begins a row.
            Event::Added { .. } => {}
            Event::Rescheduled { to, .. } => {
                self.scheduled_for = *to;
                self.scheduled_us = to.sorted().as_microsecond();
            }
            Event::Completed { .. } => self.close(ServiceState::Completed, item),
            Event::Cancelled { reason, .. } => {
                self.close(ServiceState::Cancelled, item);
                self.cancelled_because = reason.as_ref().map(Shown::from);
            }
            Event::Reopened { .. } => {
                self.state = ServiceState::Scheduled;
                self.cancelled_because = None;
                self.closed_by = None;
                self.closed_at = None;
            }
        }
    }

    fn close(&mut self, state: ServiceState, item: &Item) {
        self.state = state;
        self.closed_by = Some(item.metadata.actor.clone());
        self.closed_at = Some(item.effective_at());
    }
}

/// Which entries; what is `None` restricts nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    pub customer: Option<Uuid>,
    pub kind: Option<String>,
    pub state: Option<String>,
}

/// Entries by the time for which they are scheduled, the latest first.
pub async fn list(
    store: &Store,
    scope: &Scope,
    filter: &Filter,
    query: &PageQuery,
) -> Result<Page, Error> {
    let after: Option<(i64, i64)> = query.key()?;
    let (scheduled, added) = after.unwrap_or((i64::MAX, i64::MAX));
    let reach = Reach::of(scope);
    let mut client = connection(store).await?;
    let tx = reading(&mut client, scope).await?;
    let statement = tx.prepare_cached(&query.statement(LIST)).await?;
    let rows = tx
        .query(
            &statement,
            &[
                &scope.organisation(),
                &filter.customer,
                &filter.kind,
                &filter.state,
                &scheduled,
                &added,
                &query.rows(),
                &reach.all,
                &reach.folders,
                &reach.workers,
            ],
        )
        .await?;
    let entries = rows.iter().map(|row| row.try_get("body").map(|Json(entry)| entry));
    let entries: Vec<Entry> = entries.collect::<Result<_, _>>()?;
    let (entries, turns) = page(entries, query, |entry| (entry.scheduled_us, entry.added));
    let position = position(&tx, ServiceEntries::NAME, scope.organisation()).await?;
    drop(tx);
    drop(client);
    Ok(Page { data: bodies(store, scope, &entries).await?, turns, position })
}

/// A customer's entries as they were.
pub async fn list_as_of(
    store: &Store,
    scope: &Scope,
    past: &Past,
    filter: &Filter,
    query: &PageQuery,
) -> Result<Page, Error> {
    let mut entries = past.rows::<ServiceEntries>()?;
    entries.retain(|entry| {
        filter.kind.as_deref().is_none_or(|kind| kind == entry.kind.name())
            && filter.state.as_deref().is_none_or(|state| state == entry.state.name())
    });
    let (entries, turns) =
        page_of(entries, query, |entry| Reverse((entry.scheduled_us, entry.added)))?;
    Ok(Page { data: bodies(store, scope, &entries).await?, turns, position: past.position })
}

/// One entry, if it is within reach, and the position of the read model.
pub async fn get(store: &Store, scope: &Scope, entry: Uuid) -> Result<(Option<Value>, i64), Error> {
    let (found, position) = one::<Entry>(store, scope, ServiceEntries::NAME, GET, entry).await?;
    let Some(entry) = found else { return Ok((None, position)) };
    let mut ids = Ids::default();
    people(&entry, &mut ids);
    let names = ids.names(store, scope.organisation()).await?;
    Ok((Some(body(&entry, &names)), position))
}

async fn bodies(store: &Store, scope: &Scope, entries: &[Entry]) -> Result<Vec<Value>, Error> {
    let mut ids = Ids::default();
    entries.iter().for_each(|entry| people(entry, &mut ids));
    let names = ids.names(store, scope.organisation()).await?;
    Ok(entries.iter().map(|entry| body(entry, &names)).collect())
}

fn people(entry: &Entry, ids: &mut Ids) {
    ids.actor(&entry.added_by);
    entry.closed_by.iter().for_each(|actor| ids.actor(actor));
}

fn body(entry: &Entry, names: &Names) -> Value {
    json!({
        "id": entry.id,
        "customer": entry.customer,
        "kind": entry.kind,
        "title": entry.title,
        "state": entry.state,
        "scheduled_for": entry.scheduled_for,
        "cancelled_because": entry.cancelled_because,
        "added_by": names.actor(&entry.added_by),
        "added_at": time(entry.added_at),
        "closed_by": entry.closed_by.as_ref().map(|actor| names.actor(actor)),
        "closed_at": entry.closed_at.map(time),
        "version": entry.version,
        "position": entry.position.to_string(),
    })
}
