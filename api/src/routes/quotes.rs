//! Quotes: what customers are offered.

use axum::response::Response;
use axum::routing::on;
use domain::access::Action;
use projections::quotes::{self, Filter};
use serde_json::Value;
use uuid::Uuid;

use super::history::known_customer;
use super::tasks::record;
use crate::endpoint::{
    Answer, Endpoint, Guard, Kind, PAGE, PAST, Parameter, READ, Request, Target, Verb,
};
use crate::extract::Ask;
use crate::page::{self, Filters};
use crate::past;
use crate::problem::{Code, Problem};

const FILTER: &[Parameter] = &[Parameter::new(
    "filter",
    Kind::Filter,
    "`filter[customer]=…`, `filter[state]=draft|sent|expired|accepted|rejected`",
)];

const STATES: &[&str] = &["draft", "sent", "expired", "accepted", "rejected"];

const QUOTE: Target = Target::Path("quote_id");

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Get,
        path: "/v1/quotes",
        id: "quotes_list",
        tag: "Quotes",
        summary: "List quotes, newest first",
        guard: Guard::Action(Action::QuoteRead),
        parameters: &[FILTER, PAGE, READ],
        request: Request::None,
        answer: Answer::Page("Quote"),
        handler: |verb| on(verb, list),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/customers/{customer_id}/quotes",
        id: "customers_quotes",
        tag: "Quotes",
        summary: "List a customer's quotes, newest first",
        guard: Guard::Action(Action::QuoteRead),
        parameters: &[PAST, FILTER, PAGE, READ],
        request: Request::None,
        answer: Answer::Page("Quote"),
        handler: |verb| on(verb, of_customer),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/quotes/{quote_id}",
        id: "quotes_get",
        tag: "Quotes",
        summary: "Read a quote",
        guard: Guard::Action(Action::QuoteRead),
        parameters: &[READ],
        request: Request::None,
        answer: Answer::Json(200, "Quote"),
        handler: |verb| on(verb, get),
    },
    Endpoint::command(
        Verb::Post,
        "/v1/customers/{customer_id}/quotes",
        "quote.draft",
        Target::New,
        &[("customer_id", "customer")],
    ),
    Endpoint::command(Verb::Patch, "/v1/quotes/{quote_id}", "quote.edit", QUOTE, &[]),
    Endpoint::command(Verb::Post, "/v1/quotes/{quote_id}/send", "quote.send", QUOTE, &[]),
    Endpoint::command(Verb::Post, "/v1/quotes/{quote_id}/accept", "quote.accept", QUOTE, &[]),
    Endpoint::command(Verb::Post, "/v1/quotes/{quote_id}/reject", "quote.reject", QUOTE, &[]),
];

async fn list(ask: Ask) -> Result<Response, Problem> {
    let filters = Filters::read(&ask, &["customer", "state"])?;
    let customer = filters.id("customer")?;
    page(ask, &filters, customer).await
}

async fn of_customer(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::QuoteRead)?;
    let customer = known_customer(&ask, &scope).await?;
    let filters = Filters::read(&ask, &["state"])?;
    page(ask, &filters, Some(customer)).await
}

async fn page(ask: Ask, filters: &Filters, customer: Option<Uuid>) -> Result<Response, Problem> {
    let scope = ask.scope(Action::QuoteRead)?;
    let state = filters.word("state", STATES)?.map(str::to_owned);
    let filter = Filter { customer, state };
    let standing = page::of_view(&ask, "quotes").await?;
    let query = page::query(&ask)?;
    let store = ask.app.store();
    let found = match past::asked(&ask, &scope, customer).await? {
        Some(past) => quotes::list_as_of(store, &scope, &past, &filter, &query).await?,
        None => quotes::list(store, &scope, &filter, &query).await?,
    };
    Ok(page::of(&ask, found, standing))
}

async fn get(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::QuoteRead)?;
    let id = ask.id("quote_id")?;
    let standing = page::of_view(&ask, "quotes").await?;
    let (mut quote, mut position) = quotes::get(ask.app.store(), &scope, id).await?;
    if quote.is_none() {
        page::settle(&ask, "quotes").await?;
        (quote, position) = quotes::get(ask.app.store(), &scope, id).await?;
    }
    let quote = quote.ok_or_else(|| Problem::new(Code::QuoteNotFound))?;
    let standing = page::Standing { position: standing.position.max(position), ..standing };
    Ok(record(&ask, quote, standing))
}

/// The quote as it is after a command of this position.
pub(crate) async fn after(ask: &Ask, id: Uuid, position: i64) -> Result<Option<Value>, Problem> {
    let scope = ask.scope(Action::QuoteRead)?;
    if !page::caught_up(ask, "quotes", position).await? {
        return Ok(None);
    }
    let (quote, _) = quotes::get(ask.app.store(), &scope, id).await?;
    Ok(quote)
}
