//! An event as it leaves the house, by whatever door: the envelope of `CloudEvents` 1.0, which is
//! one of Standard Webhooks as well.

use domain::access::{Placement, RowScope, Scope};
use domain::customer::Customer;
use domain::{Actor, Event, Recorded};
use eventstore::Store;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::redaction;

/// Whether the customer that an event is about is within reach.
pub async fn reaches(
    store: &Store,
    scope: &Scope,
    customer: Option<Uuid>,
) -> Result<bool, eventstore::Error> {
    let Some(customer) = customer else { return Ok(true) };
    match scope.row_scope() {
        RowScope::All => Ok(true),
        rows @ RowScope::Within { .. } => {
            let (_, state) = store.load::<Customer>(scope.organisation(), customer).await?;
            Ok(state.fact().is_some_and(|customer| rows.covers(&Placement::from(&customer))))
        }
    }
}

/// Whether this reader sees that the event is there: its customer, and the one at its other end,
/// are within reach, and its kind is not hidden.
pub async fn shows(
    store: &Store,
    scope: &Scope,
    event: &Recorded,
) -> Result<bool, eventstore::Error> {
    if !reaches(store, scope, event.customer_id).await? {
        return Ok(false);
    }
    let Ok(typed) = event.event() else { return Ok(false) };
    let names_hidden =
        matches!(typed, Event::Folder(_)) && !scope.row_scope().names_folder(event.stream_id);
    if names_hidden || !redaction::is_visible(scope, &typed) {
        return Ok(false);
    }
    reaches(store, scope, redaction::other_end(&typed)).await
}

/// The event as this reader may see it, wherever it comes from.
pub async fn told(
    store: &Store,
    scope: &Scope,
    event: &Recorded,
) -> Result<Option<Value>, eventstore::Error> {
    Ok(if shows(store, scope, event).await? { envelope(scope, event) } else { None })
}

/// The event as this reader may see it; nothing where its being there is hidden.
fn envelope(scope: &Scope, event: &Recorded) -> Option<Value> {
    let typed = event.event().ok().filter(|typed| redaction::is_visible(scope, typed))?;
    let data = redaction::public_body(scope, event);
    let kind = event.type_name.split('.').next().unwrap_or_default();
    let plural = plural(kind);
    let at = time(event.recorded_at);
    let subject = match event.customer_id {
        Some(customer) => format!("customers/{customer}"),
        None => format!("{plural}/{}", event.stream_id),
    };
    let (actor_type, actor_id) = actor(&event.metadata.actor);
    let mut envelope = Map::new();
    let mut put = |name: &str, value: Value| envelope.insert(name.to_owned(), value);
    put("specversion", "1.0".into());
    put("id", json!(event.event_id));
    put("source", format!("/organizations/{}/{plural}", event.organisation).into());
    put("type", event.type_name.clone().into());
    put("subject", subject.into());
    put("time", at.clone().into());
    put("timestamp", at.into());
    put("datacontenttype", "application/json".into());
    put("dataschema", dataschema(&event.type_name, event.schema_version).into());
    put("sequence", format!("{:020}", event.sequence).into());
    put("partitionkey", json!(event.stream_id));
    put("streamversion", event.version.into());
    put("correlationid", json!(event.metadata.correlation_id));
    if let Some(cause) = event.metadata.causation_id {
        put("causationid", json!(cause));
    }
    if let Some(undone) = event.undone() {
        put("undoes", json!(undone));
    }
    if let Some(cause) = &event.metadata.external_cause {
        put("externalcause", cause.clone().into());
    }
    if let Some(at) = event.metadata.occurred_at {
        put("occurredat", time(at).into());
    }
    put("actorid", actor_id.into());
    put("actortype", actor_type.into());
    if let Some(user) = event.metadata.on_behalf_of {
        put("onbehalfof", json!(user));
    }
    put("origin", json!(event.metadata.source));
    put("summary", typed.sentence().into());
    put("data", data);
    Some(Value::Object(envelope))
}

/// Where the schema of an event's `data` is read.
pub fn dataschema(type_name: &str, version: i16) -> String {
    format!("/v1/schemas/events/{type_name}/{version}")
}

/// The part of an address under which records of this kind stand.
pub fn plural(kind: &str) -> &'static str {
    match kind {
        "account" => "accounts",
        "customer" => "customers",
        "task" => "tasks",
        "file" => "files",
        "folder" => "folders",
        "order" => "orders",
        "quote" => "quotes",
        "service_entry" => "service-entries",
        "organisation" => "organisations",
        "user" => "users",
        "invitation" => "invitations",
        "member" => "members",
        "role" => "roles",
        "message" => "messages",
        "team" => "teams",
        "template" => "templates",
        "rule" => "rules",
        "rule_run" => "rule-runs",
        "notification" => "notifications",
        "unmatched" => "unmatched",
        "webhook" => "webhooks",
        _ => "records",
    }
}

fn actor(actor: &Actor) -> (&'static str, String) {
    match actor {
        Actor::User { id } => ("user", id.to_string()),
        Actor::Service { id } => ("service", id.to_string()),
        Actor::Automation { rule, version } => {
            ("automation", format!("automation:{rule}@v{version}"))
        }
        Actor::System => ("system", "system".to_owned()),
    }
}

/// UTC with microseconds.
fn time(at: Timestamp) -> String {
    format!("{at:.6}")
}
