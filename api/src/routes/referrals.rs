//! Referrals: who referred a customer, and whom the customer referred.

use axum::Json;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::access::Action;
use projections::customer_360;

use super::customers::command;
use super::history::known_customer;
use crate::endpoint::{Answer, Endpoint, Guard, PAST, READ, Request, Verb};
use crate::extract::Ask;
use crate::page;
use crate::past;
use crate::problem::{Code, Problem};

pub(super) const ENDPOINTS: &[Endpoint] = &[
    command(Verb::Put, "/v1/customers/{customer_id}/referrer", "customer.set_referrer", &[]),
    command(Verb::Delete, "/v1/customers/{customer_id}/referrer", "customer.remove_referrer", &[]),
    Endpoint {
        verb: Verb::Get,
        path: "/v1/customers/{customer_id}/referrals",
        id: "customers_referrals",
        tag: "Customers",
        summary: "Who referred a customer, and whom the customer referred",
        guard: Guard::Action(Action::CustomerRead),
        parameters: &[PAST, READ],
        request: Request::None,
        answer: Answer::Json(200, "Referrals"),
        handler: |verb| on(verb, referrals),
    },
];

async fn referrals(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::CustomerRead)?;
    let customer = known_customer(&ask, &scope).await?;
    let standing = page::of_view(&ask, "customer_360").await?;
    let store = ask.app.store();
    if let Some(past) = past::asked(&ask, &scope, Some(customer)).await? {
        let (found, position) = customer_360::referrals_as_of(store, &scope, &past).await?;
        let standing = page::Standing { position: standing.position.max(position), ..standing };
        return Ok(standing.stamp(Json(found).into_response()));
    }
    let (mut found, mut position) = customer_360::referrals(store, &scope, customer).await?;
    if found.is_none() {
        page::settle(&ask, "customer_360").await?;
        (found, position) = customer_360::referrals(store, &scope, customer).await?;
    }
    let found = found.ok_or_else(|| Problem::new(Code::CustomerNotFound))?;
    let standing = page::Standing { position: standing.position.max(position), ..standing };
    Ok(standing.stamp(Json(found).into_response()))
}
