//! Webhooks: addresses outside that are told of events.

mod deliveries;

use automation::outbox::webhooks;
use axum::Json;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::Command;
use domain::access::Action;
use domain::webhook::{State, Status, Webhook};
use eventstore::Done;
use eventstore::state::webhook::{self as secrets, WebhookRow};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::commands::{self, Manner, Wish, invalid, take_occurred_at};
use crate::endpoint::{Answer, Endpoint, Guard, Request, Target, Verb};
use crate::extract::{Ask, Body, idempotency_key};
use crate::problem::{Code, FieldError, Problem};
use crate::view::time;

const ONE: &str = "/v1/webhooks/{webhook_id}";
const WEBHOOK: Target = Target::Path("webhook_id");

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Get,
        path: "/v1/webhooks",
        id: "webhooks_list",
        tag: "Webhooks",
        summary: "List the webhooks, without their secrets",
        guard: Guard::Action(Action::WebhookAdmin),
        parameters: &[],
        request: Request::None,
        answer: Answer::Json(200, "WebhookList"),
        handler: |verb| on(verb, list),
    },
    Endpoint {
        handler: |verb| on(verb, create),
        ..Endpoint::command(Verb::Post, "/v1/webhooks", "webhook.create", Target::New, &[])
    },
    Endpoint {
        verb: Verb::Get,
        path: ONE,
        id: "webhooks_get",
        tag: "Webhooks",
        summary: "Read a webhook",
        guard: Guard::Action(Action::WebhookAdmin),
        parameters: &[],
        request: Request::None,
        answer: Answer::Json(200, "Webhook"),
        handler: |verb| on(verb, get),
    },
    Endpoint {
        handler: |verb| on(verb, change),
        ..Endpoint::command(Verb::Patch, ONE, "webhook.change", WEBHOOK, &[])
    },
    deliveries::PING,
    deliveries::LIST,
    deliveries::REDELIVER,
    deliveries::REPLAY,
    Endpoint {
        handler: |verb| on(verb, rotate_secret),
        ..Endpoint::command(
            Verb::Post,
            "/v1/webhooks/{webhook_id}/rotate-secret",
            "webhook.rotate_secret",
            WEBHOOK,
            &[],
        )
    },
    Endpoint::command(
        Verb::Post,
        "/v1/webhooks/{webhook_id}/disable",
        "webhook.disable",
        WEBHOOK,
        &[],
    ),
    Endpoint::command(
        Verb::Post,
        "/v1/webhooks/{webhook_id}/enable",
        "webhook.enable",
        WEBHOOK,
        &[],
    ),
    Endpoint {
        handler: |verb| on(verb, delete),
        ..Endpoint::command(Verb::Delete, ONE, "webhook.delete", WEBHOOK, &[])
    },
];

async fn list(ask: Ask) -> Result<Response, Problem> {
    let client = ask.app.store().app().get().await?;
    let kept = secrets::list(&client, ask.organisation()).await?;
    drop(client);
    let mut rows = Vec::new();
    for row in kept {
        let (version, state) = load(&ask, row.webhook_id).await?;
        rows.extend(shown(&row, version, &state));
    }
    Ok(Json(json!({ "data": rows })).into_response())
}

async fn get(ask: Ask) -> Result<Response, Problem> {
    let id = ask.id("webhook_id")?;
    let (version, state) = load(&ask, id).await?;
    let row = kept(&ask, id).await?;
    let shown = shown(&row, version, &state).ok_or_else(missing)?;
    Ok(Json(shown).into_response())
}

/// The secret is kept before the webhook begins, so that nothing is ever to be told unsigned.
async fn create(ask: Ask, Body(mut body): Body) -> Result<Response, Problem> {
    ask.scope(Action::WebhookAdmin)?;
    let manner = Manner::of(&ask)?;
    let occurred_at = take_occurred_at(&mut body)?;
    check_url(&ask, &body)?;
    // The same key is the same webhook.
    let key = idempotency_key(&ask.headers)?;
    let id = key.map_or_else(Uuid::now_v7, |key| {
        Uuid::new_v5(&ask.principal.user, format!("webhook {key}").as_bytes())
    });
    let body = Value::Object(body);
    let command = Command::parse("webhook.create", Some(id), body.clone()).map_err(invalid)?;
    let wish = Wish {
        name: "webhook.create",
        target: Some(id),
        commands: vec![command],
        body,
        occurred_at,
        expected_version: None,
    };
    if manner.is_dry_run() {
        return commands::issue(&ask, manner, wish).await;
    }
    let (store, organisation) = (ask.app.store(), ask.organisation());
    let made = webhooks::make_secret(store, organisation, id).await?;
    match commands::execute(&ask, &manner, &wish).await {
        Ok(done) => with_secret(&ask, manner, &wish, done).await,
        Err(problem) => {
            if made {
                let client = store.app().get().await?;
                secrets::delete(&client, organisation, id).await?;
            }
            Err(problem)
        }
    }
}

async fn change(ask: Ask, Body(body): Body) -> Result<Response, Problem> {
    ask.scope(Action::WebhookAdmin)?;
    check_url(&ask, &body)?;
    commands::run_for(ask, body, None).await
}

async fn delete(ask: Ask, Body(body): Body) -> Result<Response, Problem> {
    let id = ask.id("webhook_id")?;
    let (app, organisation) = (ask.app.clone(), ask.organisation());
    let dry_run = ask.query.flag("dry_run");
    let answer = commands::run_for(ask, body, None).await?;
    if !dry_run {
        let client = app.store().app().get().await?;
        secrets::delete(&client, organisation, id).await?;
    }
    Ok(answer)
}

async fn rotate_secret(ask: Ask, Body(mut body): Body) -> Result<Response, Problem> {
    let manner = Manner::of(&ask)?;
    let id = ask.id("webhook_id")?;
    let occurred_at = take_occurred_at(&mut body)?;
    let body = Value::Object(body);
    let name = "webhook.rotate_secret";
    let command = Command::parse(name, Some(id), body.clone()).map_err(invalid)?;
    let wish = Wish {
        name,
        target: Some(id),
        commands: vec![command],
        body,
        occurred_at,
        expected_version: None,
    };
    if manner.is_dry_run() {
        return commands::issue(&ask, manner, wish).await;
    }
    let done = commands::execute(&ask, &manner, &wish).await?;
    if let Some(event) = done.events.first() {
        let store = ask.app.store();
        webhooks::rotate_secret(store, ask.organisation(), id, event.event_id).await?;
    }
    with_secret(&ask, manner, &wish, done).await
}

/// The answer of a command that made a secret, with it; whoever repeats it gets the same.
async fn with_secret(
    ask: &Ask,
    manner: Manner,
    wish: &Wish,
    done: Done,
) -> Result<Response, Problem> {
    let row = kept(ask, done.stream_id).await?;
    let secret = webhooks::secret(ask.app.store(), ask.organisation(), &row).await?;
    let until = row.old_secret.is_some().then_some(row.old_secret_until).flatten();
    let shown = [("secret", json!(secret)), ("old_secret_until", json!(until.map(time)))];
    commands::answered(ask, manner, wish, done, &shown).await
}

/// Whether the address would be called, as far as it shows without looking its name up.
fn check_url(ask: &Ask, body: &Map<String, Value>) -> Result<(), Problem> {
    let Some(url) = body.get("url").and_then(Value::as_str) else { return Ok(()) };
    ask.app.egress().check(url).map_err(|error| {
        let detail = format!("this address is not called: {error}");
        Problem::field(FieldError::at("/url", "invalid_url", detail))
    })
}

pub(super) async fn load(ask: &Ask, id: Uuid) -> Result<(i64, State), Problem> {
    let (version, state) = ask.app.store().load::<Webhook>(ask.organisation(), id).await?;
    Ok((version, (*state).clone()))
}

pub(super) async fn kept(ask: &Ask, id: Uuid) -> Result<WebhookRow, Problem> {
    let client = ask.app.store().app().get().await?;
    secrets::find(&client, ask.organisation(), id).await?.ok_or_else(missing)
}

/// The webhook as far as it is there.
pub(super) async fn present(ask: &Ask) -> Result<(Uuid, State), Problem> {
    let id = ask.id("webhook_id")?;
    let (_, state) = load(ask, id).await?;
    match state.status {
        Status::Active | Status::Disabled => Ok((id, state)),
        Status::Absent | Status::Deleted => Err(missing()),
    }
}

fn missing() -> Problem {
    Problem::new(Code::WebhookNotFound)
}

fn shown(row: &WebhookRow, version: i64, state: &State) -> Option<Value> {
    let status = match state.status {
        Status::Active => "active",
        Status::Disabled => "disabled",
        Status::Absent | Status::Deleted => return None,
    };
    let definition = state.definition.as_ref()?;
    Some(json!({
        "id": row.webhook_id,
        "url": definition.url,
        "types": definition.types,
        "filter": definition.filter,
        "payload": definition.payload,
        "order": definition.order,
        "state": status,
        "reason": state.reason,
        "owner": state.owner,
        "version": version,
        "created_at": time(row.created_at),
        "old_secret_until": row.old_secret.as_ref().and(row.old_secret_until).map(time),
        "last_success_at": row.last_success_at.map(time),
        "last_failure_at": row.last_failure_at.map(time),
    }))
}
