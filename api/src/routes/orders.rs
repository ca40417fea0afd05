//! Recorded orders and credit notes of other systems.

use axum::response::Response;
use axum::routing::on;
use domain::access::Action;
use uuid::Uuid;

use super::history::known_customer;
use crate::endpoint::{
    Answer, Endpoint, Guard, Kind, PAGE, Parameter, READ, Request, Target, Verb,
};
use crate::extract::Ask;
use crate::page;
use crate::problem::Problem;

const FILTER: &[Parameter] =
    &[Parameter::new("filter", Kind::Filter, "`filter[customer]=…`: only of this customer")];

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Get,
        path: "/v1/orders",
        id: "orders_list",
        tag: "Orders",
        summary: "List recorded orders and credit notes, newest first",
        guard: Guard::Action(Action::OrderRead),
        parameters: &[FILTER, PAGE, READ],
        request: Request::None,
        answer: Answer::Page("Order"),
        handler: |verb| on(verb, list),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/customers/{customer_id}/orders",
        id: "customers_orders",
        tag: "Orders",
        summary: "List a customer's orders and credit notes, newest first",
        guard: Guard::Action(Action::OrderRead),
        parameters: &[PAGE, READ],
        request: Request::None,
        answer: Answer::Page("Order"),
        handler: |verb| on(verb, of_customer),
    },
    Endpoint::command(Verb::Post, "/v1/orders", "order.record", Target::New, &[]),
];

async fn list(ask: Ask) -> Result<Response, Problem> {
    let filters = page::Filters::read(&ask, &["customer"])?;
    let customer = filters.id("customer")?;
    page(ask, customer).await
}

async fn of_customer(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::OrderRead)?;
    let customer = known_customer(&ask, &scope).await?;
    page(ask, Some(customer)).await
}

async fn page(ask: Ask, customer: Option<Uuid>) -> Result<Response, Problem> {
    let scope = ask.scope(Action::OrderRead)?;
    let standing = page::of_view(&ask, "orders").await?;
    let query = page::query(&ask);
    let found = projections::orders::list(ask.app.store(), &scope, customer, &query).await?;
    Ok(page::of(&ask, found, standing))
}
