//! Reads a customer: from the read model, or folded from its events.

use std::cmp::Reverse;

use domain::access::{Placement, Scope};
use eventstore::{HistoryQuery, Store};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::body::{body, time};
use super::{Customer360, Interaction, Note, Row, View};
use crate::error::Error;
use crate::fold::rows_of;
use crate::item::Item;
use crate::page::{Page, PageQuery, page, page_of};
use crate::past::Past;
use crate::read_model::{Key, Unfoldable};
use crate::reader::{Ids, Names, connection, reading, today};

const GET: &str = include_str!("get.sql");
const PARTS: &str = include_str!("parts.sql");

/// Events of a customer read at once.
const HISTORY: i64 = 1_000;

/// A customer as shown to somebody.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub body: Value,
    /// Version of the customer's own stream.
    pub version: i64,
    /// The last sequence of the organisation that touched the customer, as far as the reader sees.
    pub touched: i64,
    /// The sequence up to which this answer is true.
    pub position: i64,
}

/// What there is to read of a customer.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    Customer(Box<Answer>),
    /// The person was erased.
    Erased {
        at: Timestamp,
        position: i64,
    },
    /// There is none within reach.
    Nothing {
        position: i64,
    },
}

/// The customer as the read model has it.
pub async fn get(store: &Store, scope: &Scope, customer: Uuid) -> Result<Found, Error> {
    let (view, position) = stored(store, scope, customer).await?;
    within(store, scope, view, position).await
}

/// The customer folded straight from its events: never behind.
pub async fn get_strong(store: &Store, scope: &Scope, customer: Uuid) -> Result<Found, Error> {
    let organisation = scope.organisation();
    let position = store.head_sequence(organisation).await?;
    let items = history(store, organisation, customer).await?;
    let position = items.last().map_or(position, |item| item.sequence.max(position));
    let view = customer_of(fold_history(&items)?);
    within(store, scope, view, position).await
}

/// The customer's view, folded straight from its events, where it is within reach.
pub async fn seen(store: &Store, scope: &Scope, customer: Uuid) -> Result<Option<View>, Error> {
    let items = history(store, scope.organisation(), customer).await?;
    let view = customer_of(fold_history(&items)?);
    Ok(view.filter(|view| within_reach(view, scope)))
}

/// Notes of the customer that the reader may see, newest first.
pub async fn notes(
    store: &Store,
    scope: &Scope,
    customer: Uuid,
    query: &PageQuery,
) -> Result<Option<Page>, Error> {
    let scopes: Vec<&str> = scope.note_scopes().iter().map(|note| note.name()).collect();
    let Some((rows, position)) =
        parts(store, scope, customer, "note", Some(&scopes), query).await?
    else {
        return Ok(None);
    };
    let (notes, turns) = page(notes_of(rows), query, |note| note.sequence);
    let data = note_bodies(store, scope, &notes).await?;
    Ok(Some(Page { data, turns, position }))
}

/// The same as they were; their scopes are read today.
pub async fn notes_as_of(
    store: &Store,
    scope: &Scope,
    past: &Past,
    query: &PageQuery,
) -> Result<Option<Page>, Error> {
    if past.view.erased_at.is_some() {
        return Ok(None);
    }
    let mut notes = notes_of(past.rows::<Customer360>()?);
    notes.retain(|note| scope.note_scopes().contains(&note.scope));
    let (notes, turns) = page_of(notes, query, |note| Reverse(note.sequence))?;
    let data = note_bodies(store, scope, &notes).await?;
    Ok(Some(Page { data, turns, position: past.position }))
}

/// Interactions with the customer, newest first. `None` where the customer is out of reach.
pub async fn interactions(
    store: &Store,
    scope: &Scope,
    customer: Uuid,
    query: &PageQuery,
) -> Result<Option<Page>, Error> {
    let Some((rows, position)) = parts(store, scope, customer, "interaction", None, query).await?
    else {
        return Ok(None);
    };
    let (rows, turns) = page(interactions_of(rows), query, |row| row.sequence);
    let data = interaction_bodies(store, scope, &rows).await?;
    Ok(Some(Page { data, turns, position }))
}

/// The same as they were.
pub async fn interactions_as_of(
    store: &Store,
    scope: &Scope,
    past: &Past,
    query: &PageQuery,
) -> Result<Option<Page>, Error> {
    if past.view.erased_at.is_some() {
        return Ok(None);
    }
    let rows = interactions_of(past.rows::<Customer360>()?);
    let (rows, turns) = page_of(rows, query, |row| Reverse(row.sequence))?;
    let data = interaction_bodies(store, scope, &rows).await?;
    Ok(Some(Page { data, turns, position: past.position }))
}

fn notes_of(rows: Vec<Row>) -> Vec<Note> {
    let note = |row| match row {
        Row::Note(note) => Some(*note),
        Row::Customer(_) | Row::DeletedNote(_) | Row::Interaction(_) => None,
    };
    rows.into_iter().filter_map(note).collect()
}

fn interactions_of(rows: Vec<Row>) -> Vec<Interaction> {
    let interaction = |row| match row {
        Row::Interaction(interaction) => Some(*interaction),
        Row::Customer(_) | Row::Note(_) | Row::DeletedNote(_) => None,
    };
    rows.into_iter().filter_map(interaction).collect()
}

pub(super) async fn stored(
    store: &Store,
    scope: &Scope,
    customer: Uuid,
) -> Result<(Option<View>, i64), Error> {
    let mut client = connection(store).await?;
    let tx = reading(&mut client, scope).await?;
    let statement = tx.prepare_cached(GET).await?;
    let found = tx.query_one(&statement, &[&scope.organisation(), &customer]).await?;
    let position = found.try_get::<_, Option<i64>>("position")?.unwrap_or_default();
    let row: Option<Json<Row>> = found.try_get("body")?;
    let view = match row {
        Some(Json(Row::Customer(view))) => Some(*view),
        Some(Json(Row::Note(_) | Row::DeletedNote(_) | Row::Interaction(_))) | None => None,
    };
    Ok((view, position))
}

async fn parts(
    store: &Store,
    scope: &Scope,
    customer: Uuid,
    kind: &str,
    scopes: Option<&[&str]>,
    query: &PageQuery,
) -> Result<Option<(Vec<Row>, i64)>, Error> {
    let (view, position) = stored(store, scope, customer).await?;
    if !view.is_some_and(|view| view.erased_at.is_none() && within_reach(&view, scope)) {
        return Ok(None);
    }
    let after: Option<i64> = query.key()?;
    let mut client = connection(store).await?;
    let tx = reading(&mut client, scope).await?;
    let statement = tx.prepare_cached(&query.statement(PARTS)).await?;
    let found = tx
        .query(
            &statement,
            &[
                &scope.organisation(),
                &customer,
                &kind,
                &scopes,
                &after.unwrap_or(i64::MAX),
                &query.rows(),
            ],
        )
        .await?;
    let rows = found.iter().map(|row| row.try_get("body").map(|Json(row)| row));
    Ok(Some((rows.collect::<Result<_, _>>()?, position)))
}

/// The answer for a customer that is within reach, or is not.
async fn within(
    store: &Store,
    scope: &Scope,
    view: Option<View>,
    position: i64,
) -> Result<Found, Error> {
    match view.filter(|view| within_reach(view, scope)) {
        Some(view) => {
            let today = today(store, scope.organisation(), Timestamp::now()).await?;
            answer(store, scope, view, position, today).await
        }
        None => Ok(Found::Nothing { position }),
    }
}

/// Puts the answer together for a view from wherever; its reach was looked at before.
pub(crate) async fn answer(
    store: &Store,
    scope: &Scope,
    view: View,
    position: i64,
    today: Date,
) -> Result<Found, Error> {
    if let Some(at) = view.erased_at {
        return Ok(Found::Erased { at, position });
    }
    let names = names_for([&view]).names(store, scope.organisation()).await?;
    Ok(Found::Customer(Box::new(Answer {
        body: body(&view, scope, &names, today),
        version: view.version,
        touched: view.mark(scope).position,
        position,
    })))
}

/// Whether the reader's row scope covers the customer.
pub(crate) fn within_reach(view: &View, scope: &Scope) -> bool {
    let customer = Placement { folder: view.folder, workers: view.workers.clone() };
    scope.row_scope().covers(&customer)
}

/// The ids whose names these customers' bodies show.
pub(crate) fn names_for<'a>(views: impl IntoIterator<Item = &'a View>) -> Ids {
    let mut ids = Ids::default();
    views.into_iter().for_each(|view| names_of(view, &mut ids));
    ids
}

/// The same of one more customer.
pub(crate) fn names_of(view: &View, ids: &mut Ids) {
    ids.folder(view.folder);
    ids.users(view.workers.iter().copied());
    view.flag.iter().for_each(|flag| ids.actor(&flag.by));
    view.risk_flags.iter().for_each(|flag| ids.actor(&flag.raised_by));
}

/// All events about the customer, by sequence.
pub(crate) async fn history(
    store: &Store,
    organisation: Uuid,
    customer: Uuid,
) -> Result<Vec<Item>, Error> {
    let mut items: Vec<Item> = Vec::new();
    loop {
        let after = items.last().map(|item| item.sequence);
        let query = HistoryQuery { after, limit: HISTORY, ..HistoryQuery::default() };
        let page = store.read_customer(organisation, customer, &query).await?;
        let more = i64::try_from(page.len()).is_ok_and(|read| read == HISTORY);
        items.extend(page.into_iter().map(Item::from));
        if !more {
            return Ok(items);
        }
    }
}

/// The rows that a customer's events make, by the fold that feeds the read model.
pub(crate) fn fold_history<'a>(
    items: impl IntoIterator<Item = &'a Item>,
) -> Result<Vec<(Key, Row)>, Unfoldable> {
    rows_of::<Customer360>(items)
}

/// The customer among its rows.
pub(crate) fn customer_of(rows: Vec<(Key, Row)>) -> Option<View> {
    rows.into_iter().find_map(|(_, row)| match row {
        Row::Customer(view) => Some(*view),
        Row::Note(_) | Row::DeletedNote(_) | Row::Interaction(_) => None,
    })
}

async fn note_bodies(store: &Store, scope: &Scope, notes: &[Note]) -> Result<Vec<Value>, Error> {
    let mut ids = Ids::default();
    notes.iter().for_each(|note| ids.actor(&note.written_by));
    let names = ids.names(store, scope.organisation()).await?;
    Ok(notes.iter().map(|note| note_body(note, &names)).collect())
}

fn note_body(note: &Note, names: &Names) -> Value {
    json!({
        "id": note.id,
        "text": note.text,
        "scope": note.scope,
        "pinned": note.pinned,
        "written_by": names.actor(&note.written_by),
        "written_at": time(note.written_at),
        "edited_at": note.edited_at.map(time),
        "position": note.sequence.to_string(),
    })
}

async fn interaction_bodies(
    store: &Store,
    scope: &Scope,
    rows: &[Interaction],
) -> Result<Vec<Value>, Error> {
    let mut ids = Ids::default();
    rows.iter().for_each(|row| ids.actor(&row.logged_by));
    let names = ids.names(store, scope.organisation()).await?;
    Ok(rows.iter().map(|row| interaction_body(row, &names)).collect())
}

fn interaction_body(interaction: &Interaction, names: &Names) -> Value {
    json!({
        "id": interaction.id,
        "type": interaction.interaction_type,
        "note": interaction.note,
        "logged_by": names.actor(&interaction.logged_by),
        "occurred_at": time(interaction.at),
        "recorded_at": time(interaction.recorded_at),
        "position": interaction.sequence.to_string(),
    })
}
