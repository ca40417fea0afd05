//! Touchpoints with a customer.

use axum::response::Response;
use axum::routing::on;
use domain::access::Action;

use super::customers::command;
use crate::endpoint::{Answer, Endpoint, Guard, PAGE, READ, Request, Verb};
use crate::extract::Ask;
use crate::page;
use crate::problem::{Code, Problem};

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Get,
        path: "/v1/customers/{customer_id}/interactions",
        id: "customers_interactions",
        tag: "Customers",
        summary: "List the interactions with a customer, newest first",
        guard: Guard::Action(Action::CustomerRead),
        parameters: &[PAGE, READ],
        request: Request::None,
        answer: Answer::Page("Interaction"),
        handler: |verb| on(verb, list),
    },
    command(Verb::Post, "/v1/customers/{customer_id}/interactions", "customer.log_interaction", &[]),
];

async fn list(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::CustomerRead)?;
    let customer = ask.id("customer_id")?;
    let standing = page::of_view(&ask, "customer_360").await?;
    let query = page::query(&ask);
    let found =
        projections::customer_360::interactions(ask.app.store(), &scope, customer, &query).await?;
    let found = found.ok_or_else(|| Problem::new(Code::CustomerNotFound))?;
    Ok(page::of(&ask, found, standing))
}
