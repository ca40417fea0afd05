//! How records and events look from outside: tags, times, envelopes, and what a role hides.

use axum::http::header::{ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::access::Scope;
use domain::{Actor, Recorded};
use jiff::Timestamp;
use projections::redaction;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::extract::Ask;

/// A moment as the API writes it: UTC with microseconds.
pub(crate) fn time(at: Timestamp) -> String {
    format!("{at:.6}")
}

/// `"<stream version>.<last sequence that touched it>.<view>"`. The view tells roles and requests
/// for parts of a record apart, not tokens.
pub(crate) fn tag(ask: &Ask, version: i64, sequence: i64) -> String {
    let mut hash = Sha256::new();
    for role in &ask.principal.roles {
        hash.update(role.name());
        hash.update([0]);
    }
    for parameter in ["fields", "include"] {
        hash.update(ask.query.text(parameter).unwrap_or_default());
        hash.update([0]);
    }
    let digest = hash.finalize();
    let view: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{version}.{sequence}.{view}\"")
}

/// A tag over a body that has no version of its own.
pub(crate) fn body_tag(body: &[u8]) -> String {
    let digest = Sha256::digest(body);
    let hash: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{hash}\"")
}

/// The answer with its tag, or 304 where the caller has it already.
pub(crate) fn tagged(headers: &HeaderMap, tag: &str, answer: Response) -> Response {
    let mut answer =
        if unchanged(headers, tag) { bare(StatusCode::NOT_MODIFIED, &answer) } else { answer };
    if let Ok(value) = HeaderValue::from_str(tag) {
        answer.headers_mut().insert(ETAG, value);
    }
    answer
}

/// The same headers without the body.
fn bare(status: StatusCode, answer: &Response) -> Response {
    let mut bare = status.into_response();
    for (name, value) in answer.headers() {
        if name.as_str().starts_with("dossier-") {
            bare.headers_mut().insert(name.clone(), value.clone());
        }
    }
    bare
}

fn unchanged(headers: &HeaderMap, tag: &str) -> bool {
    let weak = |text: &str| text.trim().trim_start_matches("W/").to_owned();
    headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|value| value.trim() == "*" || weak(value) == tag)
}

/// The envelope of API.md 2.7 as this reader may see it; nothing where its being there is hidden.
pub(crate) fn envelope(scope: &Scope, event: &Recorded) -> Option<Value> {
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
pub(crate) fn dataschema(type_name: &str, version: i16) -> String {
    format!("/v1/schemas/events/{type_name}/{version}")
}

/// The part of an address under which records of this kind stand.
pub(crate) fn plural(kind: &str) -> &'static str {
    match kind {
        "account" => "accounts",
        "customer" => "customers",
        "task" => "tasks",
        "folder" => "folders",
        "order" => "orders",
        "quote" => "quotes",
        "service_entry" => "service-entries",
        "organisation" => "organisations",
        "user" => "users",
        "member" => "members",
        "message" => "messages",
        "template" => "templates",
        "rule" => "rules",
        "rule_run" => "rule-runs",
        "notification" => "notifications",
        "unmatched" => "unmatched",
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
