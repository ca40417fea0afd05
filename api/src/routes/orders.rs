//! Orders, and recorded orders and credit notes of other systems.

use axum::Json;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::access::Action;
use domain::order::Order;
use projections::{Page, PageQuery, orders};
use uuid::Uuid;

use super::history::known_customer;
use crate::endpoint::{
    Answer, Endpoint, Guard, Kind, PAGE, PAST, Parameter, READ, Request, Target, Verb,
};
use crate::extract::Ask;
use crate::page;
use crate::past;
use crate::problem::{Code, Problem};

const FILTER: &[Parameter] =
    &[Parameter::new("filter", Kind::Filter, "`filter[customer]=…`: only of this customer")];

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Get,
        path: "/v1/orders",
        id: "orders_list",
        tag: "Orders",
        summary: "List orders and credit notes, newest first",
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
        parameters: &[PAST, PAGE, READ],
        request: Request::None,
        answer: Answer::Page("Order"),
        handler: |verb| on(verb, of_customer),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/orders/{order_id}",
        id: "orders_get",
        tag: "Orders",
        summary: "Read an order or credit note",
        guard: Guard::Action(Action::OrderRead),
        parameters: &[READ],
        request: Request::None,
        answer: Answer::Json(200, "Order"),
        handler: |verb| on(verb, get),
    },
    Endpoint::command(Verb::Post, "/v1/orders", "order.record", Target::New, &[]),
    Endpoint::command(
        Verb::Post,
        "/v1/customers/{customer_id}/orders",
        "order.place",
        Target::New,
        &[("customer_id", "customer")],
    ),
    Endpoint::command(
        Verb::Post,
        "/v1/orders/{order_id}/cancel",
        "order.cancel",
        Target::Path("order_id"),
        &[],
    ),
];

async fn list(ask: Ask) -> Result<Response, Problem> {
    let filters = page::Filters::read(&ask, &["customer"])?;
    let customer = filters.id("customer")?;
    page(ask, customer).await
}

/// The log knows whose it is; it stands among the orders of its customer.
async fn get(ask: Ask) -> Result<Response, Problem> {
    let missing = || Problem::new(Code::OrderNotFound);
    let scope = ask.scope(Action::OrderRead)?;
    let id = ask.id("order_id")?;
    let standing = page::of_view(&ask, "orders").await?;
    let store = ask.app.store();
    let (_, state) = store.load::<Order>(ask.organisation(), id).await?;
    let customer = state.customer().ok_or_else(missing)?;
    page::settle(&ask, "orders").await?;
    let mut query = page::first();
    loop {
        let found = orders::list(store, &scope, Some(customer), &query).await?;
        if let Some(order) = page::find(found.data, id) {
            return Ok(standing.stamp(Json(order).into_response()));
        }
        query.after = Some(found.turns.next.ok_or_else(missing)?);
    }
}

async fn of_customer(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::OrderRead)?;
    let customer = known_customer(&ask, &scope).await?;
    page(ask, Some(customer)).await
}

async fn page(ask: Ask, customer: Option<Uuid>) -> Result<Response, Problem> {
    let standing = page::of_view(&ask, "orders").await?;
    let found = rows(&ask, customer, &page::query(&ask)?).await?;
    Ok(page::of(&ask, found, standing))
}

/// As they are or, of one customer, as they were.
pub(super) async fn rows(
    ask: &Ask,
    customer: Option<Uuid>,
    query: &PageQuery,
) -> Result<Page, Problem> {
    let scope = ask.scope(Action::OrderRead)?;
    Ok(match past::asked(ask, &scope, customer).await? {
        Some(past) => orders::list_as_of(&past, query)?,
        None => orders::list(ask.app.store(), &scope, customer, query).await?,
    })
}
