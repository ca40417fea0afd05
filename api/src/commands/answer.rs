//! What a command's sender is told when all went well.

use axum::Json;
use axum::http::header::{ETAG, LOCATION};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::Command;
use domain::access::Action;
use domain::rule_run;
use eventstore::{Done, Receipt};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::Wish;
use crate::extract::{Ask, Prefer};
use crate::problem::Problem;
use crate::{routes, view};

const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
const POSITION: HeaderName = HeaderName::from_static("dossier-position");
const APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// What a command can make inside a record: the event, the member that holds the id, and the
/// place under the record.
const PARTS: &[(&str, &str, &str)] = &[
    ("customer.note_added", "note_id", "notes"),
    ("customer.interaction_logged", "interaction_id", "interactions"),
    ("customer.risk_flag_raised", "flag_id", "risk-flags"),
    ("customer.address_added", "address_id", "addresses"),
];

/// What a command can make on an account: the event, the member that holds the id, and where it
/// is read, if it is read by itself.
const BOOKED: &[(&str, &str, &str)] = &[
    ("account.invoice_issued", "invoice_id", "/v1/invoices"),
    ("account.credit_note_issued", "credit_note_id", "/v1/account-credits"),
    ("account.payment_received", "payment_id", "/v1/payments"),
    ("account.credit_added", "credit_id", "/v1/account-credits"),
    ("account.payment_allocated", "allocation_id", ""),
    ("account.credit_allocated", "allocation_id", ""),
    ("account.credit_refunded", "refund_id", ""),
];

/// The answer of API.md 2.2, or of a dry run.
pub(super) async fn done(
    ask: &Ask,
    wish: &Wish,
    done: Done,
    (prefer, dry_run): (Prefer, bool),
    shown: &[(&str, Value)],
) -> Result<Response, Problem> {
    let kind = wish.commands.first().map_or("", |command| command.kind());
    let id = answered_id(wish, &done);
    let mut body = Map::new();
    body.insert("id".into(), json!(id));
    body.insert("version".into(), done.version.into());
    body.insert("position".into(), done.sequence.to_string().into());
    body.insert("changed".into(), done.changed.into());
    let part = part(&done, PARTS).or_else(|| part(&done, BOOKED));
    if let Some((member, part_id, _)) = &part
        && !dry_run
    {
        body.insert((*member).into(), json!(part_id));
    }
    if dry_run {
        rehearsed(ask, &done, &mut body).await?;
        if let Some(Command::RuleRun { id: _, command }) = wish.commands.first() {
            would_run(ask, command, &mut body).await?;
        }
        return Ok(Json(Value::Object(body)).into_response());
    }
    body.extend(shown.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    body.insert("events".into(), done.events.iter().map(receipt).collect());
    body.insert("correlation_id".into(), json!(done.correlation_id));
    if prefer.representation
        && let Some(record) = representation(ask, kind, id, done.sequence).await?
    {
        body.insert(kind.into(), record);
    }

    let made = made(kind, id, &done, part.as_ref().map(|(_, part, place)| (*part, *place)));
    let status = if made.is_some() { StatusCode::CREATED } else { StatusCode::OK };
    let mut response = (status, Json(Value::Object(body))).into_response();
    let headers = response.headers_mut();
    if let Some(address) = made.flatten() {
        headers.insert(LOCATION, header(&address));
    }
    headers.insert(ETAG, header(&view::tag(ask, done.version, done.sequence, "")));
    headers.insert(POSITION, header(&done.sequence.to_string()));
    if done.replayed {
        headers.insert(REPLAYED, HeaderValue::from_static("true"));
    }
    if prefer.representation {
        headers.insert(APPLIED, HeaderValue::from_static("return=representation"));
    }
    Ok(response)
}

/// A repeated no-op has no events to name its record; the wish does. On an account it is what was
/// booked that is asked for, not the account.
fn answered_id(wish: &Wish, done: &Done) -> Uuid {
    if let Some(Command::Account { id: _, command }) = wish.commands.first() {
        let booked = part(done, BOOKED).map(|(_, id, _)| id);
        return booked.or(command.makes()).unwrap_or(done.stream_id);
    }
    if done.stream_id.is_nil() { wish.target.unwrap_or_default() } else { done.stream_id }
}

/// An event that was written, in a command's answer.
pub(crate) fn receipt(receipt: &Receipt) -> Value {
    json!({
        "id": receipt.event_id,
        "type": receipt.type_name,
        "stream_id": receipt.stream_id,
        "version": receipt.version,
        "position": receipt.sequence.to_string(),
        "recorded_at": view::time(receipt.recorded_at),
    })
}

/// The thing inside a record that was made, with its id and place.
fn part(
    done: &Done,
    parts: &'static [(&str, &str, &str)],
) -> Option<(&'static str, Uuid, &'static str)> {
    done.events.iter().find_map(|event| {
        let (_, member, place) = parts.iter().find(|(name, _, _)| *name == event.type_name)?;
        let id = event.body.get(*member)?.as_str()?.parse().ok()?;
        Some((*member, id, *place))
    })
}

/// Whether something was made, and where it is to be found.
fn made(
    kind: &str,
    id: Uuid,
    done: &Done,
    part: Option<(Uuid, &'static str)>,
) -> Option<Option<String>> {
    // What is undone comes back where it was.
    if kind.is_empty() {
        return None;
    }
    if kind == "account" {
        let (booked, place) = part?;
        return Some((!place.is_empty()).then(|| format!("{place}/{booked}")));
    }
    // Roles are there from the start, before anything was said of them.
    let begun = kind != "role"
        && done.events.iter().any(|event| event.version == 1 && event.stream_id == id);
    if begun {
        return Some(routes::address(kind, id));
    }
    let (part, place) = part?;
    Some(routes::address(kind, id).map(|address| format!("{address}/{place}/{part}")))
}

/// What would be written and set off; nothing was.
async fn rehearsed(ask: &Ask, done: &Done, body: &mut Map<String, Value>) -> Result<(), Problem> {
    let scope = ask.scope(Action::CustomerRead)?;
    let would_emit: Vec<Value> = done
        .events
        .iter()
        .filter(|event| projections::redaction::is_visible(&scope, &event.event))
        .map(|event| {
            json!({
                "type": event.type_name,
                "stream_id": event.stream_id,
                "version": event.version,
                "data": event.body,
            })
        })
        .collect();
    let store = ask.app.store();
    let would_trigger = automation::preview(store, ask.organisation(), &done.events).await?;
    body.insert("dry_run".into(), true.into());
    body.insert("events".into(), json!([]));
    body.insert("would_emit".into(), would_emit.into());
    body.insert("would_trigger".into(), json!(would_trigger));
    Ok(())
}

/// What a rule would do that somebody wants to run by hand.
async fn would_run(
    ask: &Ask,
    command: &rule_run::Command,
    body: &mut Map<String, Value>,
) -> Result<(), Problem> {
    let rule_run::Command::Request(wish) = command else { return Ok(()) };
    let scope = ask.scope(Action::RuleRead)?;
    let named = (wish.rule, wish.customer);
    let store = ask.app.store();
    let preview = automation::preview_by_hand(store, &scope, &ask.principal, named).await?;
    body.insert("would_run".into(), json!(preview.as_ref().map(routes::runs::foreseen)));
    Ok(())
}

/// The record as it is now, as far as the caller may see it: a customer is folded from its events;
/// the view of another record is waited for, and the record left out where it does not come.
async fn representation(
    ask: &Ask,
    kind: &str,
    id: Uuid,
    position: i64,
) -> Result<Option<Value>, Problem> {
    match kind {
        "customer" => routes::customers::strong(ask, id).await,
        "quote" => routes::quotes::after(ask, id, position).await,
        "service_entry" => routes::service_entries::after(ask, id, position).await,
        "file" => routes::files::after(ask, id, position).await,
        "task" => routes::tasks::after(ask, id, position).await,
        "folder" => routes::folders::after(ask, id, position).await,
        "rule" => routes::rules::after(ask, id, position).await,
        "team" => routes::teams::after(ask, id, position).await,
        "template" => routes::templates::after(ask, id, position).await,
        _ => Ok(None),
    }
}

fn header(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(""))
}
