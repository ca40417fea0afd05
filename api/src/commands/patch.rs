//! `PATCH /v1/customers/{customer_id}`: a JSON merge patch becomes one command per meaning.

use axum::response::Response;
use domain::Command;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{Manner, Wish, invalid, issue, take_occurred_at, unknown_member};
use crate::extract::{Ask, Body};
use crate::problem::{FieldError, Problem};

const NAMES: [&str; 3] = ["first_name", "last_name", "company_name"];
const MEMBERS: [&str; 6] =
    ["first_name", "last_name", "company_name", "status", "folder", "occurred_at"];

/// Answers the patch: all commands in one append, or none.
pub(crate) async fn patch_customer(ask: Ask, Body(mut body): Body) -> Result<Response, Problem> {
    let manner = Manner::of(&ask)?;
    let customer = ask.id("customer_id")?;
    let occurred_at = take_occurred_at(&mut body)?;
    let commands = split(customer, &body)?;
    let wish = Wish {
        name: "customer.patch",
        target: Some(customer),
        commands,
        body: Value::Object(body),
        occurred_at,
        expected_version: None,
    };
    issue(&ask, manner, wish).await
}

/// The folder comes before the status, so that the status is judged by the new folder's list.
pub(super) fn split(customer: Uuid, body: &Map<String, Value>) -> Result<Vec<Command>, Problem> {
    if let Some(name) = body.keys().find(|name| !MEMBERS.contains(&name.as_str())) {
        return Err(unknown_member(name, &MEMBERS));
    }
    let names: Map<String, Value> = body
        .iter()
        .filter(|(name, _)| NAMES.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let mut commands = Vec::new();
    let parse =
        |name: &str, data: Value| Command::parse(name, Some(customer), data).map_err(invalid);
    if !names.is_empty() {
        commands.push(parse("customer.rename", Value::Object(names))?);
    }
    for (field, command) in
        [("folder", "customer.move_folder"), ("status", "customer.change_status")]
    {
        match body.get(field) {
            None => {}
            Some(Value::Null) => {
                let detail = format!("{field} cannot be taken away; give another one");
                let error = FieldError::at(format!("/{field}"), "invalid_field", detail);
                return Err(Problem::field(error));
            }
            Some(value) => commands.push(parse(command, json!({ field: value }))?),
        }
    }
    if commands.is_empty() {
        let detail = "the patch names no field";
        return Err(Problem::field(FieldError::at("", "missing_field", detail)));
    }
    Ok(commands)
}
