//! Whether anybody changed the past.

use axum::Json;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::access::Action;

use super::history::known_customer;
use crate::endpoint::{Answer, Endpoint, Guard, Request, Verb};
use crate::extract::Ask;
use crate::problem::Problem;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Get,
        path: "/v1/audit/verify",
        id: "audit_verify",
        tag: "Audit",
        summary: "Walk the organisation's whole log and check its chain",
        guard: Guard::Action(Action::AuditVerify),
        parameters: &[],
        request: Request::None,
        answer: Answer::Json(200, "Verification"),
        handler: |verb| on(verb, verify),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/customers/{customer_id}/verify",
        id: "customers_verify",
        tag: "Audit",
        summary: "Check a customer's events against their leaves, and their batches against the roots",
        guard: Guard::Action(Action::AuditVerify),
        parameters: &[],
        request: Request::None,
        answer: Answer::Json(200, "CustomerVerification"),
        handler: |verb| on(verb, verify_customer),
    },
];

async fn verify(ask: Ask) -> Result<Response, Problem> {
    let verification = ask.app.store().verify(ask.organisation()).await?;
    Ok(Json(verification).into_response())
}

async fn verify_customer(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::AuditVerify)?;
    let customer = known_customer(&ask, &scope).await?;
    let verification = ask.app.store().verify_customer(ask.organisation(), customer).await?;
    Ok(Json(verification).into_response())
}
