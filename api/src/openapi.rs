//! The reference, made from the tables that the server itself runs on: routes, commands, codes.

mod describe;
mod example;
pub mod samples;
mod schemas;
#[cfg(test)]
mod tests;

use domain::command::CommandSpec;
use domain::event::SCHEMA_VERSION;
use domain::{Command, Event};
use projections::envelope;
use serde_json::{Map, Value, json};

use crate::commands::invalid;
use crate::endpoint::{CommandRoute, Endpoint, Guard, Request};
use crate::problem::{Code, Problem};
use crate::routes;

/// An operation with what a test needs to try it: a call that works, and one that is refused.
#[derive(Debug, Clone)]
pub struct Operation {
    /// `customers_change_status`.
    pub id: String,
    /// `post`.
    pub method: &'static str,
    /// With `{parameters}`; their values are in `path_values`.
    pub path: &'static str,
    /// A value for each path parameter, from [`samples`].
    pub path_values: Vec<(&'static str, String)>,
    /// Whether it needs a token.
    pub needs_token: bool,
    /// The status of a call that works.
    pub status: u16,
    /// A body that works, where one is read.
    pub body: Option<Value>,
    /// A body that is answered 422, with the code of the first of its errors.
    pub wrong: Option<(Value, String)>,
    /// The permission that the policy is asked for, where it is one.
    pub permission: Option<&'static str>,
    /// The command that it issues, where it is one.
    pub command: Option<&'static str>,
}

/// All operations.
#[must_use]
pub fn operations() -> Vec<Operation> {
    routes::all().map(operation).collect()
}

fn operation(endpoint: &'static Endpoint) -> Operation {
    let values = |name: &'static str| (name, samples::path_value(name));
    let (body, wrong) = bodies(endpoint);
    Operation {
        id: operation_id(endpoint),
        method: endpoint.verb.name(),
        path: endpoint.path,
        path_values: endpoint.path_parameters().map(values).collect(),
        needs_token: !matches!(endpoint.guard, Guard::Public),
        status: describe::success(endpoint).0,
        body,
        wrong,
        permission: permission(endpoint),
        command: command(endpoint).map(|(route, _)| route.name),
    }
}

/// The document, in `OpenAPI` 3.1.
#[must_use]
pub fn document() -> Value {
    let mut paths = Map::new();
    for endpoint in routes::all() {
        let item = paths.entry(endpoint.path).or_insert_with(|| json!({}));
        if let Value::Object(item) = item {
            item.insert(endpoint.verb.name().to_owned(), describe::operation(endpoint));
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Dossier",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Event-sourced customer management. Every change is a command; every command that changes something is one or more events.\n\nLimits: an address has at most 8 KiB and 100 query parameters, all headers 16 KiB, a body 1 MiB (imports 4 GiB, mail 25 MiB, a delivery of a provider 4 MiB) and JSON a depth of 32, a page 200 rows; an answer comes within 60 seconds. The operator may limit how fast callers are: `x-rate-cost` says what an operation costs, an answer 304 costs nothing, and the headers `RateLimit-Policy` and `RateLimit` tell what is left; beyond it is 429 with `Retry-After`.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "tags": tags(),
        "security": [{ "bearer": [] }, { "session": [] }],
        "paths": paths,
        "webhooks": webhooks(),
        "components": {
            "schemas": schemas::all(),
            "responses": { "Problem": describe::problem() },
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token: dsr_pat_… of a person, dsr_svc_… of an app",
                },
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "__Host-dossier",
                    "description": "The cookie that POST /v1/session sets, for this site's own pages: what changes something says by Sec-Fetch-Site or Origin that it comes from one. On http, which is for this machine alone, it is named dossier_session",
                },
            },
        },
    })
}

fn tags() -> Value {
    let mut names: Vec<&str> = Vec::new();
    for endpoint in routes::all() {
        let tag = tag(endpoint);
        if !names.contains(&tag) {
            names.push(tag);
        }
    }
    names.into_iter().map(|name| json!({ "name": name })).collect()
}

/// What an event looks like when it is handed out.
fn webhooks() -> Value {
    let hooks: Map<String, Value> = Event::type_names()
        .iter()
        .map(|&name| {
            let dataschema = envelope::dataschema(name, SCHEMA_VERSION);
            let schema = json!({
                "allOf": [{ "$ref": "#/components/schemas/Event" }],
                "properties": { "type": { "const": name }, "dataschema": { "const": dataschema } },
            });
            let hook = json!({ "post": {
                "summary": format!("The event {name}"),
                "operationId": format!("event_{}", name.replace('.', "_")),
                "requestBody": { "content": { "application/json": { "schema": schema } } },
                "responses": { "204": { "description": "Taken" } },
            } });
            (name.to_owned(), hook)
        })
        .collect();
    Value::Object(hooks)
}

/// The command of a route, with its entry in the registry.
fn command(endpoint: &Endpoint) -> Option<(CommandRoute, &'static CommandSpec)> {
    match endpoint.guard {
        Guard::Command(route) => Some((route, Command::spec(route.name)?)),
        Guard::Public | Guard::SignedIn | Guard::Action(_) | Guard::AnyCommand => None,
    }
}

/// `customer.change_status` becomes `customers_change_status`.
fn operation_id(endpoint: &Endpoint) -> String {
    match command(endpoint) {
        Some((route, spec)) => {
            let verb = route.name.split('.').nth(1).unwrap_or_default();
            if spec.kind == "account" {
                // What stands on an account is booked and taken back in several places.
                let place = endpoint.path.split('/').nth(2).unwrap_or_default();
                return format!("{}_{verb}", place.replace('-', "_"));
            }
            let id = format!("{}_{verb}", envelope::plural(spec.kind).replace('-', "_"));
            // A task can be added in two places.
            if endpoint.path.starts_with("/v1/customers/") && spec.kind != "customer" {
                format!("customers_{id}")
            } else {
                id
            }
        }
        None => endpoint.id.to_owned(),
    }
}

fn tag(endpoint: &Endpoint) -> &'static str {
    match command(endpoint).map(|(_, spec)| spec.kind) {
        None => endpoint.tag,
        Some("account") => "Finance",
        Some("customer") => "Customers",
        Some("task") => "Tasks",
        Some("folder") => "Folders",
        Some("order") => "Orders",
        Some("message") => "Messages",
        Some("rule") => "Rules",
        Some("organisation") => "Organisation",
        Some("notification") => "Notifications",
        Some("unmatched") => "Inbound",
        Some("webhook") => "Webhooks",
        Some("file") => "Files",
        Some(_) => "Users",
    }
}

fn summary(endpoint: &Endpoint) -> &'static str {
    command(endpoint).map_or(endpoint.summary, |(_, spec)| spec.summary)
}

fn permission(endpoint: &Endpoint) -> Option<&'static str> {
    match endpoint.guard {
        Guard::Action(action) => Some(action.name()),
        Guard::Command(route) => Command::spec(route.name).map(|spec| spec.action.name()),
        Guard::Public | Guard::SignedIn | Guard::AnyCommand => None,
    }
}

/// A body that works, and one that is refused with the code of its first error.
fn bodies(endpoint: &'static Endpoint) -> (Option<Value>, Option<(Value, String)>) {
    match endpoint.request {
        Request::None | Request::Bytes => (None, None),
        Request::Json { example, wrong, .. } => {
            let (wrong, code) = wrong();
            (Some(example()), Some((wrong, code.to_owned())))
        }
        Request::Command => match command(endpoint) {
            Some((route, spec)) => {
                let fields: Vec<&str> = route.fields.iter().map(|(_, field)| *field).collect();
                let body = example::without(example::of(spec), &fields);
                let wrong = example::wrong(spec, &fields);
                let code = first_error(&route, spec, &wrong);
                (Some(body), Some((wrong, code)))
            }
            None => (None, None),
        },
    }
}

/// The refusal that the registry itself has for this body.
fn refusal(route: &CommandRoute, spec: &CommandSpec, wrong: &Value) -> Problem {
    let mut data = wrong.clone();
    if let Value::Object(data) = &mut data {
        for (parameter, field) in route.fields {
            data.insert((*field).to_owned(), samples::path_value(parameter).into());
        }
    }
    let target = spec.needs_target.then(samples::id);
    match Command::parse(spec.name, target, data) {
        Err(error) => invalid(error),
        Ok(_) => Problem::new(Code::InvalidField),
    }
}

fn first_error(route: &CommandRoute, spec: &CommandSpec, wrong: &Value) -> String {
    let document = refusal(route, spec, wrong).document(None);
    let code = document.pointer("/errors/0/code").and_then(Value::as_str);
    code.unwrap_or_default().to_owned()
}
