//! Risk flags of a customer: for senior roles.

use axum::Json;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::access::Action;
use projections::customer_360::get_strong;
use serde_json::{Value, json};

use super::customers::{command, customer};
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
    Endpoint {
        verb: Verb::Get,
        path: "/v1/customers/{customer_id}/risk-flags/{flag_id}",
        id: "customers_risk_flag",
        tag: "Customers",
        summary: "Read an open risk flag",
        guard: Guard::Action(Action::RiskRead),
        parameters: &[READ],
        request: Request::None,
        answer: Answer::Json(200, "RiskFlag"),
        handler: |verb| on(verb, get),
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
    let standing = page::of_log(&ask).await?;
    let flags = open_flags(&ask).await?;
    let body = json!({ "data": flags, "position": standing.position.to_string() });
    Ok(standing.stamp(Json(body).into_response()))
}

async fn get(ask: Ask) -> Result<Response, Problem> {
    let id = ask.id("flag_id")?;
    let standing = page::of_log(&ask).await?;
    let flag = page::find(open_flags(&ask).await?, id);
    let flag = flag.ok_or_else(|| Problem::new(Code::RiskFlagNotFound))?;
    Ok(standing.stamp(Json(flag).into_response()))
}

async fn open_flags(ask: &Ask) -> Result<Vec<Value>, Problem> {
    let scope = ask.scope(Action::RiskRead)?;
    let found = get_strong(ask.app.store(), &scope, ask.id("customer_id")?).await?;
    let flags = customer(found)?.body.pointer_mut("/risk/flags").map(Value::take);
    Ok(match flags {
        Some(Value::Array(flags)) => flags,
        Some(_) | None => Vec::new(),
    })
}
