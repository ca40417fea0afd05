//! Customers that the caller marks to find them again. Nobody else is told.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::access::Action;
use eventstore::state::favourite;

use super::customers::reached;
use crate::endpoint::{Answer, Endpoint, Guard, Request, Verb};
use crate::extract::Ask;
use crate::problem::Problem;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Post,
        path: "/v1/customers/{customer_id}/favourite",
        id: "customers_favourite",
        tag: "Customers",
        summary: "Make a customer one of your favourites; nobody else is told",
        guard: Guard::Action(Action::CustomerRead),
        parameters: &[],
        request: Request::None,
        answer: Answer::Empty(204),
        handler: |verb| on(verb, add),
    },
    Endpoint {
        verb: Verb::Delete,
        path: "/v1/customers/{customer_id}/favourite",
        id: "customers_unfavourite",
        tag: "Customers",
        summary: "Take a customer out of your favourites",
        guard: Guard::Action(Action::CustomerRead),
        parameters: &[],
        request: Request::None,
        answer: Answer::Empty(204),
        handler: |verb| on(verb, remove),
    },
];

async fn add(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::CustomerRead)?;
    let (customer, _) = reached(&ask, &scope).await?;
    let client = ask.app.store().app().get().await?;
    favourite::add(&client, ask.organisation(), ask.principal.user, customer).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn remove(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::CustomerRead)?;
    let (customer, _) = reached(&ask, &scope).await?;
    let client = ask.app.store().app().get().await?;
    favourite::remove(&client, ask.organisation(), ask.principal.user, customer).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
