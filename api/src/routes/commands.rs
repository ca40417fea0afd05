//! The registry of commands: what there is, and one door for all of them.

use axum::Json;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::Command;
use serde_json::{Value, json};

use crate::commands::{is_open, run_any};
use crate::endpoint::{Answer, DRY_RUN, Endpoint, Guard, Request, Verb};
use crate::extract::Ask;
use crate::openapi::samples;
use crate::problem::Problem;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Post,
        path: "/v1/commands",
        id: "commands_issue",
        tag: "Commands",
        summary: "Issue any command by its name",
        guard: Guard::AnyCommand,
        parameters: &[DRY_RUN],
        request: Request::Json {
            schema: "AnyCommand",
            example: || {
                json!({
                    "type": "customer.tag",
                    "id": samples::CUSTOMER,
                    "data": { "tag": "vip" },
                })
            },
            wrong: || (json!({ "type": "customer.tagg" }), "unknown_command"),
        },
        answer: Answer::Command,
        handler: |verb| on(verb, run_any),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/commands",
        id: "commands_list",
        tag: "Commands",
        summary: "List all commands, with the schema of their data",
        guard: Guard::SignedIn,
        parameters: &[],
        request: Request::None,
        answer: Answer::Json(200, "CommandRegistry"),
        handler: |verb| on(verb, list),
    },
];

async fn list(_ask: Ask) -> Result<Response, Problem> {
    let commands: Vec<Value> = Command::specs()
        .iter()
        .filter(|spec| is_open(spec.name))
        .map(|spec| {
            json!({
                "name": spec.name,
                "summary": spec.summary,
                "permission": spec.action,
                "emits": spec.emits,
                "creates": spec.creates,
                "needs_id": spec.needs_target,
                "schema": (spec.schema)(),
            })
        })
        .collect();
    Ok(Json(json!({ "data": commands })).into_response())
}
