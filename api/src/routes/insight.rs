//! What a customer is worth, when they may buy again, and their risk flags: for senior roles.

use axum::Json;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::access::{Action, Denied, FieldGroup};
use projections::insight;

use super::history::known_customer;
use crate::endpoint::{Answer, Endpoint, Guard, Kind, PAGE, PAST, Parameter, READ, Request, Verb};
use crate::extract::Ask;
use crate::page::{self, Filters};
use crate::past;
use crate::problem::Problem;

const FILTER: &[Parameter] =
    &[Parameter::new("filter", Kind::Filter, "`filter[currency]=EUR`: only in this currency")];

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Get,
        path: "/v1/customers/{customer_id}/insight",
        id: "customers_insight",
        tag: "Customers",
        summary: "A customer's lifetime value, expected purchases and risk flags",
        guard: Guard::Action(Action::InsightRead),
        parameters: &[PAST, READ],
        request: Request::None,
        answer: Answer::Json(200, "Insight"),
        handler: |verb| on(verb, get),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/customers/{customer_id}/insight/documents",
        id: "customers_insight_documents",
        tag: "Customers",
        summary: "List the documents that make a customer's lifetime value, newest first",
        guard: Guard::Action(Action::InsightRead),
        parameters: &[PAST, FILTER, PAGE, READ],
        request: Request::None,
        answer: Answer::Page("ValueDocument"),
        handler: |verb| on(verb, documents),
    },
];

async fn get(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::InsightRead)?;
    let customer = known_customer(&ask, &scope).await?;
    let standing = page::of_view(&ask, "insight").await?;
    let (store, forecasts) = (ask.app.store(), ask.app.forecasts());
    let (found, position) = match past::asked(&ask, &scope, Some(customer)).await? {
        Some(past) => insight::insight_as_of(store, &scope, &past).await?,
        None => insight::insight(store, &scope, forecasts, customer).await?,
    };
    let standing = page::Standing { position: standing.position.max(position), ..standing };
    Ok(standing.stamp(Json(found).into_response()))
}

/// Who does not see the value does not see what it is made of.
async fn documents(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::InsightRead)?;
    if !scope.shows(FieldGroup::Insight) {
        let reason = "your role does not show a customer's lifetime value";
        return Err(Denied { action: Action::InsightRead, reason }.into());
    }
    let customer = known_customer(&ask, &scope).await?;
    let filters = Filters::read(&ask, &["currency"])?;
    let currency: Option<String> = filters.parsed("currency", "a currency such as EUR")?;
    let standing = page::of_view(&ask, "insight").await?;
    let query = page::query(&ask)?;
    let store = ask.app.store();
    let currency = currency.as_deref();
    let found = match past::asked(&ask, &scope, Some(customer)).await? {
        Some(past) => insight::documents_as_of(&past, currency, &query)?,
        None => insight::documents(store, &scope, customer, currency, &query).await?,
    };
    Ok(page::of(&ask, found, standing))
}
