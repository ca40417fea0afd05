//! Who else has a customer before their eyes now.

use std::time::Instant;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::access::Action;
use serde_json::json;

use super::customers::reached;
use crate::endpoint::{Answer, Endpoint, Guard, Request, Verb};
use crate::extract::Ask;
use crate::presence::AGAIN;
use crate::problem::Problem;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Post,
        path: "/v1/customers/{customer_id}/presence",
        id: "customers_arrive",
        tag: "Customers",
        summary: "Say that you have the customer before your eyes, and hear who else has; it is no history",
        guard: Guard::Action(Action::CustomerRead),
        parameters: &[],
        request: Request::None,
        answer: Answer::Json(200, "Presence"),
        handler: |verb| on(verb, arrive),
    },
    Endpoint {
        verb: Verb::Delete,
        path: "/v1/customers/{customer_id}/presence",
        id: "customers_leave",
        tag: "Customers",
        summary: "Say that you have left the customer; who says nothing has left after 45 seconds",
        guard: Guard::Action(Action::CustomerRead),
        parameters: &[],
        request: Request::None,
        answer: Answer::Empty(204),
        handler: |verb| on(verb, leave),
    },
];

async fn arrive(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::CustomerRead)?;
    let (customer, _) = reached(&ask, &scope).await?;
    let place = (ask.organisation(), customer);
    let others = ask.app.presence().arrive(place, ask.principal.user, Instant::now());
    let others = projections::members::named(ask.app.store(), &scope, &others).await?;
    Ok(Json(json!({ "others": others, "again_in_seconds": AGAIN.as_secs() })).into_response())
}

async fn leave(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::CustomerRead)?;
    let (customer, _) = reached(&ask, &scope).await?;
    ask.app.presence().leave((ask.organisation(), customer), ask.principal.user);
    Ok(StatusCode::NO_CONTENT.into_response())
}
