//! What of a customer is the reader's own: whether it is a favourite, and how much is new to them.

use std::sync::Arc;

use domain::access::Scope;
use domain::condition::{Condition, Kind, Leaf, Op, Operand, Scalar};
use domain::customer::{self, Customer};
use eventstore::state::{favourite, look};
use projections::activity;
use serde_json::Value;
use uuid::Uuid;

use crate::extract::Ask;
use crate::problem::{Code, Problem};

/// The members that say it.
pub(super) const FIELDS: [&str; 2] = ["favourite", "new_activity"];

/// The customer in the path, who is within reach and not erased.
pub(in crate::routes) async fn reached(
    ask: &Ask,
    scope: &Scope,
) -> Result<(Uuid, Arc<customer::State>), Problem> {
    let id = ask.id("customer_id")?;
    let (_, state) = ask.app.store().load::<Customer>(scope.organisation(), id).await?;
    let fact = state.fact().filter(|fact| scope.row_scope().covers(&fact.into()));
    match fact {
        None => Err(Problem::new(Code::CustomerNotFound)),
        Some(fact) if fact.erased => Err(Problem::new(Code::CustomerErased)),
        Some(_) => Ok((id, state)),
    }
}

/// Adds to these customers what is the reader's own.
pub(super) async fn mark(ask: &Ask, scope: &Scope, rows: &mut [Value]) -> Result<(), Problem> {
    let ids: Vec<Uuid> = rows.iter().filter_map(id).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let (store, user) = (ask.app.store(), ask.principal.user);
    let client = store.app().get().await?;
    let favourites = favourite::list(&client, ask.organisation(), user, Some(&ids)).await?;
    let seen = look::list(&client, ask.organisation(), user, &ids).await?;
    drop(client);
    let new = activity::count(store, scope, &seen).await?;
    for row in rows {
        let Some(id) = id(row) else { continue };
        let Value::Object(row) = row else { continue };
        row.insert("favourite".to_owned(), favourites.contains(&id).into());
        row.insert("new_activity".to_owned(), new.get(&id).copied().unwrap_or_default().into());
    }
    Ok(())
}

/// What tells two answers apart that are the same but for this; nothing where there is nothing.
pub(super) fn tag(row: &Value) -> String {
    let favourite = row.get("favourite").and_then(Value::as_bool).unwrap_or_default();
    let new = row.get("new_activity").and_then(Value::as_u64).unwrap_or_default();
    if favourite || new > 0 { format!("{favourite} {new}") } else { String::new() }
}

fn id(row: &Value) -> Option<Uuid> {
    row.get("id").and_then(Value::as_str)?.parse().ok()
}

/// Whether the caller marked the customer.
pub(super) async fn is_favourite(ask: &Ask, customer: Uuid) -> Result<bool, Problem> {
    let client = ask.app.store().app().get().await?;
    let (organisation, user) = (ask.organisation(), ask.principal.user);
    let marked = favourite::list(&client, organisation, user, Some(&[customer])).await?;
    Ok(!marked.is_empty())
}

/// The caller's favourites as a condition.
pub(super) async fn favourites(ask: &Ask) -> Result<Condition, Problem> {
    let client = ask.app.store().app().get().await?;
    let ids = favourite::list(&client, ask.organisation(), ask.principal.user, None).await?;
    Ok(Condition::Leaf(Leaf {
        field: "id".to_owned(),
        kind: Kind::Uuid,
        op: Op::In,
        operand: Operand::Many(ids.into_iter().map(Scalar::Uuid).collect()),
        pointer: String::new(),
    }))
}
