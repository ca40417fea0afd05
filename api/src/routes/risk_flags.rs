//! Risk flags of a customer: for senior roles.

use axum::Json;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::access::Action;
use projections::customer_360::{Found, get_strong};
use serde_json::{Value, json};

use super::customers::command;
use crate::endpoint::{Answer, Endpoint, Guard, READ, Request, Verb};
use crate::extract::Ask;
use crate::page;
use crate::problem::{Code, Problem};

const FLAG: &[(&str, &str)] = &[("flag_id", "flag_id")];

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Get,
        path: "/v1/customers/{customer_id}/risk-flags",
        id: "customers_risk_flags",
        tag: "Customers",
        summary: "List a customer's open risk flags",
        guard: Guard::Action(Action::RiskRead),
        parameters: &[READ],
        request: Request::None,
        answer: Answer::Json(200, "RiskFlagList"),
        handler: |verb| on(verb, list),
    },
    command(Verb::Post, "/v1/customers/{customer_id}/risk-flags", "customer.raise_risk_flag", &[]),
    command(
        Verb::Delete,
        "/v1/customers/{customer_id}/risk-flags/{flag_id}",
        "customer.clear_risk_flag",
        FLAG,
    ),
];

async fn list(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::RiskRead)?;
    let customer = ask.id("customer_id")?;
    let standing = page::of_log(&ask).await?;
    let answer = match get_strong(ask.app.store(), &scope, customer).await? {
        Found::Customer(answer) => answer,
        Found::Erased { .. } => return Err(Problem::new(Code::CustomerErased)),
        Found::Nothing { .. } => return Err(Problem::new(Code::CustomerNotFound)),
    };
    let flags = answer.body.pointer("/risk/flags").cloned().unwrap_or(Value::Array(Vec::new()));
    let body = json!({ "data": flags, "position": standing.position.to_string() });
    Ok(standing.stamp(Json(body).into_response()))
}
