//! Whether the process lives, is ready, and how it does: for operators and their machines.

use std::collections::HashMap;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use serde_json::json;

use crate::endpoint::{Answer, Endpoint, Guard, Request, Verb};
use crate::server::App;

/// Behind by more than this, the process asks not to be sent readers.
const MOST_BEHIND: i64 = 10_000;
const PATIENCE: Duration = Duration::from_secs(2);

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Get,
        path: "/healthz",
        id: "health_live",
        tag: "Service",
        summary: "Whether the process answers",
        guard: Guard::Public,
        parameters: &[],
        request: Request::None,
        answer: Answer::Json(200, "Health"),
        handler: |verb| on(verb, live),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/readyz",
        id: "health_ready",
        tag: "Service",
        summary: "Whether the database answers and the views have caught up",
        guard: Guard::Public,
        parameters: &[],
        request: Request::None,
        answer: Answer::Json(200, "Readiness"),
        handler: |verb| on(verb, ready),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/metrics",
        id: "health_metrics",
        tag: "Service",
        summary: "Figures in the text format of Prometheus",
        guard: Guard::Public,
        parameters: &[],
        request: Request::None,
        answer: Answer::Other(200, "text/plain"),
        handler: |verb| on(verb, metrics),
    },
];

async fn live() -> Response {
    Json(json!({ "status": "ok" })).into_response()
}

async fn ready(State(app): State<App>) -> Response {
    let asked = tokio::time::timeout(PATIENCE, projections::behind(app.store())).await;
    let behind = asked.ok().and_then(Result::ok);
    let here: HashMap<&str, projections::Status> = app.views().into_iter().collect();
    let halted = |name: &str| here.get(name).is_some_and(|view| view.halted.is_some());
    let leading = |name: &str| here.get(name).is_some_and(|view| view.leading);
    let is_well = |view: &(&'static str, i64)| !halted(view.0) && view.1 <= MOST_BEHIND;
    let ready = behind.as_ref().is_some_and(|views| views.iter().all(is_well));
    let rows: serde_json::Map<String, serde_json::Value> = behind
        .iter()
        .flatten()
        .map(|(name, behind)| {
            let (leading, halted) = (leading(name), halted(name));
            let row = json!({ "leading": leading, "behind": behind, "halted": halted });
            ((*name).to_owned(), row)
        })
        .collect();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let word = if ready { "ready" } else { "not_ready" };
    let body = json!({
        "status": word,
        "database": behind.is_some(),
        "read_only": app.store().is_read_only(),
        "views": rows,
    });
    (status, Json(body)).into_response()
}

async fn metrics(State(app): State<App>) -> Response {
    let kind = [(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    (kind, app.metrics().render()).into_response()
}
