//! What a webhook was told, what it answered, and how to have it told again.

use automation::outbox::webhooks::{self, Attempt, Delivery, Outcome, REPLAYED};
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::access::Action;
use domain::command::read;
use domain::webhook::Status;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{kept, present};
use crate::commands::invalid;
use crate::endpoint::{Answer, Endpoint, Guard, Kind, PAGE, Parameter, Request, Verb};
use crate::extract::{Ask, Body};
use crate::page::{self, Filters, Page};
use crate::problem::{Code, FieldError, Problem, chain};
use crate::view::time;

const OUTCOMES: [Outcome; 3] = [Outcome::Pending, Outcome::Delivered, Outcome::Failed];

const FILTER: &[Parameter] =
    &[Parameter::new("filter", Kind::Filter, "`filter[outcome]=pending|delivered|failed`")];

pub(super) const PING: Endpoint = Endpoint {
    verb: Verb::Post,
    path: "/v1/webhooks/{webhook_id}/ping",
    id: "webhooks_ping",
    tag: "Webhooks",
    summary: "Call the webhook's address once, and say what it answered",
    guard: Guard::Action(Action::WebhookAdmin),
    parameters: &[],
    request: Request::None,
    answer: Answer::Json(200, "Ping"),
    handler: |verb| on(verb, ping),
};

pub(super) const LIST: Endpoint = Endpoint {
    verb: Verb::Get,
    path: "/v1/webhooks/{webhook_id}/deliveries",
    id: "deliveries_list",
    tag: "Webhooks",
    summary: "List what the webhook was told and what it answered, the newest event first; kept for \
              30 days",
    guard: Guard::Action(Action::WebhookAdmin),
    parameters: &[FILTER, PAGE],
    request: Request::None,
    answer: Answer::Page("Delivery"),
    handler: |verb| on(verb, list),
};

pub(super) const REDELIVER: Endpoint = Endpoint {
    verb: Verb::Post,
    path: "/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver",
    id: "deliveries_redeliver",
    tag: "Webhooks",
    summary: "Deliver once more, under the same id",
    guard: Guard::Action(Action::WebhookAdmin),
    parameters: &[],
    request: Request::None,
    answer: Answer::Json(202, "Delivery"),
    handler: |verb| on(verb, redeliver),
};

pub(super) const REPLAY: Endpoint = Endpoint {
    verb: Verb::Post,
    path: "/v1/webhooks/{webhook_id}/replay",
    id: "webhooks_replay",
    tag: "Webhooks",
    summary: "Deliver everything from one position to another, each event under its id",
    guard: Guard::Action(Action::WebhookAdmin),
    parameters: &[],
    request: Request::Json {
        schema: "Replay",
        example: || json!({ "from": "1", "to": "2" }),
        wrong: || (json!({ "from": "2", "to": "1" }), "invalid_field"),
    },
    answer: Answer::Json(202, "Replayed"),
    handler: |verb| on(verb, replay),
};

async fn ping(ask: Ask) -> Result<Response, Problem> {
    let (id, state) = present(&ask).await?;
    let definition = state.definition.ok_or_else(|| Problem::new(Code::WebhookNotFound))?;
    let row = kept(&ask, id).await?;
    let to = (ask.organisation(), &row);
    let called = webhooks::ping(ask.app.store(), ask.app.egress(), to, &definition.url).await?;
    let answer = called.answer.as_ref().ok();
    let status = answer.map(|answer| answer.status);
    let body = json!({
        "delivered": status.is_some_and(|status| (200..300).contains(&status)),
        "at": time(called.at),
        "took_ms": u64::try_from(called.took.as_millis()).unwrap_or(u64::MAX),
        "status": status,
        "error": called.answer.as_ref().err().map(|error| chain(error)),
        "response": answer.and_then(|answer| answer.text.as_ref()),
    });
    Ok(Json(body).into_response())
}

async fn list(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::EventRead)?;
    let filters = Filters::read(&ask, &["outcome"])?;
    let words = OUTCOMES.map(Outcome::name);
    let word = filters.word("outcome", &words)?;
    let outcome = OUTCOMES.into_iter().find(|outcome| Some(outcome.name()) == word);
    let (id, state) = present(&ask).await?;
    let query = page::query(&ask)?;
    let standing = page::of_log(&ask).await?;
    let store = ask.app.store();
    let (found, turns) = webhooks::deliveries(store, &scope, (id, &state), outcome, &query).await?;
    Ok(Page::new(found.iter().map(row).collect(), turns).answer(&ask, standing))
}

async fn redeliver(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::EventRead)?;
    let (id, state) = present(&ask).await?;
    active(state.status)?;
    let delivery = ask.id("delivery_id")?;
    let store = ask.app.store();
    let find = async || {
        let found = webhooks::delivery(store, &scope, (id, &state), delivery).await?;
        found.ok_or_else(|| Problem::new(Code::NotFound))
    };
    find().await?;
    webhooks::redeliver(store, ask.organisation(), id, delivery).await?;
    Ok((StatusCode::ACCEPTED, Json(row(&find().await?))).into_response())
}

/// A stretch of the log, both ends included.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stretch {
    from: String,
    to: String,
}

async fn replay(ask: Ask, Body(body): Body) -> Result<Response, Problem> {
    let Stretch { from, to } = read(body.into()).map_err(invalid)?;
    let (from, to) = (position("/from", &from)?, position("/to", &to)?);
    let standing = page::of_log(&ask).await?;
    if to > standing.position {
        return wrong("/to", format!("the log ends at {}", standing.position));
    }
    if to < from || to - from >= REPLAYED {
        return wrong(
            "/to",
            format!("a replay is of 1 to {REPLAYED} positions; ask for the rest next"),
        );
    }
    let (id, state) = present(&ask).await?;
    active(state.status)?;
    let store = ask.app.store();
    let count = webhooks::replay(store, ask.organisation(), (id, &state), (from, to)).await?;
    Ok((StatusCode::ACCEPTED, Json(json!({ "events": count }))).into_response())
}

fn position(pointer: &str, text: &str) -> Result<i64, Problem> {
    match text.parse() {
        Ok(position) if position > 0 => Ok(position),
        Ok(_) | Err(_) => {
            wrong(pointer, "a position is that of an event, such as \"918253\"".into())
        }
    }
}

fn wrong<T>(pointer: &str, detail: String) -> Result<T, Problem> {
    Err(Problem::field(FieldError::at(pointer, Code::InvalidField.name(), detail)))
}

fn active(status: Status) -> Result<(), Problem> {
    if status == Status::Active { Ok(()) } else { Err(Problem::new(Code::WebhookDisabled)) }
}

fn row(delivery: &Delivery) -> Value {
    json!({
        "id": delivery.id,
        "event": {
            "id": delivery.event_id,
            "type": delivery.type_name,
            "position": delivery.sequence.to_string(),
        },
        "outcome": delivery.outcome.name(),
        "reason": delivery.reason,
        "next_attempt_at": delivery.due_at.map(time),
        "created_at": time(delivery.created_at),
        "finished_at": delivery.finished_at.map(time),
        "request": delivery.body,
        "attempts": delivery.attempts.iter().map(attempt).collect::<Vec<_>>(),
    })
}

fn attempt(attempt: &Attempt) -> Value {
    json!({
        "at": time(attempt.at),
        "took_ms": attempt.took_ms,
        "status": attempt.status,
        "error": attempt.error,
        "response": attempt.response,
        "sent_as_shown": attempt.sent_as_shown,
    })
}
