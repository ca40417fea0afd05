//! Touchpoints with a customer.

use axum::Json;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::access::Action;
use projections::{Page, PageQuery, customer_360};
use uuid::Uuid;

use super::customers::command;
use crate::endpoint::{Answer, Endpoint, Guard, PAGE, PAST, READ, Request, Verb};
use crate::extract::Ask;
use crate::page;
use crate::past;
use crate::problem::{Code, Problem};

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Get,
        path: "/v1/customers/{customer_id}/interactions",
        id: "customers_interactions",
        tag: "Customers",
        summary: "List the interactions with a customer, newest first",
        guard: Guard::Action(Action::CustomerRead),
        parameters: &[PAST, PAGE, READ],
        request: Request::None,
        answer: Answer::Page("Interaction"),
        handler: |verb| on(verb, list),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/customers/{customer_id}/interactions/{interaction_id}",
        id: "customers_interaction",
        tag: "Customers",
        summary: "Read an interaction",
        guard: Guard::Action(Action::CustomerRead),
        parameters: &[READ],
        request: Request::None,
        answer: Answer::Json(200, "Interaction"),
        handler: |verb| on(verb, get),
    },
    command(
        Verb::Post,
        "/v1/customers/{customer_id}/interactions",
        "customer.log_interaction",
        &[],
    ),
];

async fn get(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::CustomerRead)?;
    let (customer, id) = (ask.id("customer_id")?, ask.id("interaction_id")?);
    let standing = page::of_view(&ask, "customer_360").await?;
    page::settle(&ask, "customer_360").await?;
    let store = ask.app.store();
    let mut query = page::first();
    loop {
        let found = customer_360::interactions(store, &scope, customer, &query).await?;
        let found = found.ok_or_else(|| Problem::new(Code::CustomerNotFound))?;
        if let Some(interaction) = page::find(found.data, id) {
            return Ok(standing.stamp(Json(interaction).into_response()));
        }
        query.after = Some(found.turns.next.ok_or_else(|| Problem::new(Code::NotFound))?);
    }
}

async fn list(ask: Ask) -> Result<Response, Problem> {
    let customer = ask.id("customer_id")?;
    let standing = page::of_view(&ask, "customer_360").await?;
    let found = rows(&ask, customer, &page::query(&ask)?).await?;
    let found = found.ok_or_else(|| Problem::new(Code::CustomerNotFound))?;
    Ok(page::of(&ask, found, standing))
}

/// As they are or as they were; `None` where the customer is out of reach.
pub(super) async fn rows(
    ask: &Ask,
    customer: Uuid,
    query: &PageQuery,
) -> Result<Option<Page>, Problem> {
    let scope = ask.scope(Action::CustomerRead)?;
    let store = ask.app.store();
    Ok(match past::asked(ask, &scope, Some(customer)).await? {
        Some(past) => customer_360::interactions_as_of(store, &scope, &past, query).await?,
        None => customer_360::interactions(store, &scope, customer, query).await?,
    })
}
