//! Who referred a customer, and whom the customer referred.

use domain::access::Scope;
use eventstore::Store;
use serde_json::{Value, json};
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::query::{stored, within_reach};
use super::{Row, View};
use crate::error::Error;
use crate::past::Past;
use crate::reader::{connection, reading};

const VIEWS: &str = include_str!("views.sql");

/// Both directions, as far as the reader reaches, and the position of the read model. `None` where
/// the customer is out of reach.
pub async fn referrals(
    store: &Store,
    scope: &Scope,
    customer: Uuid,
) -> Result<(Option<Value>, i64), Error> {
    let (view, position) = stored(store, scope, customer).await?;
    let Some(view) = view.filter(|view| within_reach(view, scope)) else {
        return Ok((None, position));
    };
    Ok((Some(both(store, scope, &view).await?), position))
}

/// Both directions as they were, with the names that customers have today, as far as the reader
/// reaches today; and the position of the record.
pub async fn referrals_as_of(
    store: &Store,
    scope: &Scope,
    past: &Past,
) -> Result<(Value, i64), Error> {
    Ok((both(store, scope, &past.view).await?, past.position))
}

async fn both(store: &Store, scope: &Scope, view: &View) -> Result<Value, Error> {
    let ids: Vec<Uuid> = view.referred.iter().chain(&view.referrer).copied().collect();
    let mut client = connection(store).await?;
    let tx = reading(&mut client, scope).await?;
    let statement = tx.prepare_cached(VIEWS).await?;
    let found = tx.query(&statement, &[&scope.organisation(), &ids]).await?;
    let mut views: Vec<View> = Vec::with_capacity(found.len());
    for row in found {
        if let Json(Row::Customer(view)) = row.try_get("body")? {
            views.push(*view);
        }
    }
    views.retain(|view| within_reach(view, scope));
    let referred = views.iter().filter(|other| view.referred.contains(&other.id));
    Ok(json!({
        "referred_by": views.iter().find(|other| Some(other.id) == view.referrer).map(named),
        "referred": referred.map(named).collect::<Vec<_>>(),
    }))
}

fn named(view: &View) -> Value {
    json!({ "id": view.id, "display_name": view.display_name(), "type": view.customer_type })
}
