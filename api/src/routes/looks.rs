//! That the caller has looked at a customer, and what happened since their last visit.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::access::Action;
use eventstore::state::look::{self, Seen};
use projections::activity;
use serde_json::json;

use super::customers::reached;
use crate::endpoint::{Answer, Endpoint, Guard, Request, Verb};
use crate::extract::Ask;
use crate::page;
use crate::problem::Problem;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Post,
        path: "/v1/customers/{customer_id}/looks",
        id: "customers_look",
        tag: "Customers",
        summary: "Say that you have seen all there is of a customer; nothing of it is new to you then",
        guard: Guard::Action(Action::CustomerRead),
        parameters: &[],
        request: Request::None,
        answer: Answer::Empty(204),
        handler: |verb| on(verb, look),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/customers/{customer_id}/since",
        id: "customers_since",
        tag: "Customers",
        summary: "What others did since your last visit; looks within half an hour are one visit",
        guard: Guard::Action(Action::CustomerRead),
        parameters: &[],
        request: Request::None,
        answer: Answer::Json(200, "SinceLastVisit"),
        handler: |verb| on(verb, since),
    },
];

async fn look(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::CustomerRead)?;
    let (customer, _) = reached(&ask, &scope).await?;
    let store = ask.app.store();
    let sequence = store.head_sequence(ask.organisation()).await?;
    let client = store.app().get().await?;
    let seen = Seen { customer, sequence };
    look::record(&client, ask.organisation(), ask.principal.user, seen).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn since(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::CustomerRead)?;
    let (customer, _) = reached(&ask, &scope).await?;
    let standing = page::of_log(&ask).await?;
    let store = ask.app.store();
    let client = store.app().get().await?;
    let visit = look::last_visit(&client, ask.organisation(), ask.principal.user, customer).await?;
    drop(client);
    let body = match visit {
        Some(visit) => activity::since(store, &scope, customer, &visit).await?,
        None => json!({ "since": null, "entries": 0 }),
    };
    Ok(standing.stamp(Json(body).into_response()))
}
