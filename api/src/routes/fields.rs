//! What a condition may ask for: for every builder of filters and rules.

use axum::Json;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::access::Action;
use domain::condition::{Catalogue, Field, Op, catalogue_customer, catalogue_event};
use serde_json::{Value, json};

use crate::endpoint::{Answer, Endpoint, Guard, Kind, Parameter, Request, Verb};
use crate::extract::Ask;
use crate::problem::Problem;

pub(super) const ENDPOINTS: &[Endpoint] = &[Endpoint {
    verb: Verb::Get,
    path: "/v1/fields",
    id: "fields_list",
    tag: "Fields",
    summary: "List the fields, operators and choices of conditions",
    guard: Guard::Action(Action::CustomerList),
    parameters: &[&[Parameter::new(
        "for",
        Kind::Text(100),
        "`customer`, or `event:` with the name of an event such as `event:customer.tagged`",
    )]],
    request: Request::None,
    answer: Answer::Json(200, "FieldList"),
    handler: |verb| on(verb, list),
}];

async fn list(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::CustomerList)?;
    let wanted = ask.query.text("for").unwrap_or("customer");
    let unknown = || {
        let detail = "for must be customer, or event: with the name of an event";
        Problem::parameter("for", detail, None)
    };
    let catalogue: Catalogue = match wanted.strip_prefix("event:") {
        Some(name) => catalogue_event(name).ok_or_else(unknown)?,
        None if wanted == "customer" => catalogue_customer().clone(),
        None => return Err(unknown()),
    };
    let catalogue = catalogue.within(scope.field_groups());
    let fields: Vec<Value> = catalogue.fields().map(row).collect();
    Ok(Json(json!({ "for": wanted, "data": fields })).into_response())
}

fn row(field: &Field) -> Value {
    let ops: Vec<&str> = field.kind.ops().iter().map(|op: &Op| op.name()).collect();
    json!({
        "field": field.name,
        "label": label(&field.name),
        "type": field.kind.name(),
        "ops": ops,
        "choices": field.choices,
    })
}

/// `after.display_name` becomes "After: display name".
fn label(name: &str) -> String {
    let words = name.replace('_', " ").replace(".*", " …").replace('.', ": ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
