//! What the caller may see and do of one customer, and why not (F15). The reason depends on the
//! caller's role and reach, and on what they see of the customer anyway, never on what is hidden.

use axum::Json;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::Command;
use domain::access::{Action, Decision, Facts, Placement, decide};
use domain::command::CommandSpec;
use domain::customer::{Presence, State};
use serde_json::{Value, json};

use super::customers::reached;
use crate::endpoint::{Answer, Endpoint, Guard, Request, Verb};
use crate::extract::Ask;
use crate::problem::Problem;

pub(super) const ENDPOINTS: &[Endpoint] = &[Endpoint {
    verb: Verb::Get,
    path: "/v1/customers/{customer_id}/capabilities",
    id: "customers_capabilities",
    tag: "Access",
    summary: "Which parts of a customer you see and what you may do with them, and why not the rest",
    guard: Guard::Action(Action::CustomerRead),
    parameters: &[],
    request: Request::None,
    answer: Answer::Json(200, "Capabilities"),
    handler: |verb| on(verb, capabilities),
}];

/// The parts of the 360 in their order, and what one must be allowed to do to see them.
const TABS: &[(&str, Action)] = &[
    ("overview", Action::CustomerRead),
    ("interactions", Action::CustomerRead),
    ("notes", Action::NoteRead),
    ("quotes", Action::OrderRead),
    ("tasks", Action::TaskRead),
    ("finance", Action::FinanceRead),
    ("service", Action::ServiceRead),
    ("referrals", Action::CustomerRead),
    ("insight", Action::InsightRead),
    ("files", Action::FileRead),
    ("audit", Action::EventRead),
];

async fn capabilities(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::CustomerRead)?;
    let (_, state) = reached(&ask, &scope).await?;
    let judge = |action: Action| {
        let customer = state.fact().as_ref().map(Placement::from);
        decide(&ask.principal, action, &Facts { customer, ..Facts::default() })
    };
    let tabs = TABS.iter().map(|(name, action)| {
        let decision = judge(*action);
        row(name, *action, refusal(&ask, *action, &decision))
    });
    let commands = of_a_customer().map(|spec| {
        let decision = judge(spec.action);
        let reason = refusal(&ask, spec.action, &decision).or_else(|| not_now(&state, spec));
        row(spec.name, spec.action, reason)
    });
    let body = json!({
        "tabs": tabs.collect::<Vec<_>>(),
        "commands": commands.collect::<Vec<_>>(),
    });
    Ok(Json(body).into_response())
}

/// The commands that stand under a customer.
fn of_a_customer() -> impl Iterator<Item = &'static CommandSpec> {
    let under_a_customer =
        super::all().filter(|endpoint| endpoint.path.starts_with("/v1/customers/{customer_id}/"));
    under_a_customer.filter_map(|endpoint| {
        let Guard::Command(route) = endpoint.guard else { return None };
        Command::spec(route.name)
    })
}

fn row(name: &str, permission: Action, reason: Option<Value>) -> Value {
    let mut row = json!({ "name": name, "permission": permission, "available": reason.is_none() });
    if let (Some(reason), Value::Object(row)) = (reason, &mut row) {
        row.insert("reason".to_owned(), reason);
    }
    row
}

/// Who may do it with no customer may not do it with this one either: that is the role. Else it is
/// the reach.
fn refusal(ask: &Ask, action: Action, decision: &Decision) -> Option<Value> {
    if decision.allowed {
        return None;
    }
    let code = if ask.principal.rights.may(action) { "reach" } else { "role" };
    Some(json!({ "code": code, "detail": decision.reason }))
}

/// What the state of the customer forbids.
fn not_now(state: &State, spec: &CommandSpec) -> Option<Value> {
    let is_archived = state.presence == Presence::Archived;
    let (code, detail) = match spec.name {
        "customer.restore" if is_archived => return None,
        "customer.restore" => ("not_archived", "the customer is not archived"),
        name if is_archived && !is_for_the_archived(name) => {
            ("archived", "the customer is archived; restore it first")
        }
        _ => return None,
    };
    Some(json!({ "code": code, "detail": detail }))
}

/// Who is archived can be erased, and what they owe can be paid and credited.
fn is_for_the_archived(command: &str) -> bool {
    command == "customer.erase"
        || (command.starts_with("account.") && command != "account.issue_invoice")
}
