//! What events say, as JSON Schema: `dataschema` of every event leads here.

use axum::Json;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::Event;
use domain::event::SCHEMA_VERSION;
use projections::{envelope, redaction};
use serde_json::{Value, json};

use crate::endpoint::{Answer, Endpoint, Guard, Request, Verb};
use crate::extract::Ask;
use crate::problem::{Code, Problem, nearest};
use crate::view;

const SCHEMA: &str = "application/schema+json";

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Get,
        path: "/v1/schemas/events",
        id: "schemas_events",
        tag: "Events",
        summary: "List the types of events, with the versions of what they say",
        guard: Guard::SignedIn,
        parameters: &[],
        request: Request::None,
        answer: Answer::Json(200, "EventTypes"),
        handler: |verb| on(verb, list),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/schemas/events/{type}/{version}",
        id: "schemas_event",
        tag: "Events",
        summary: "Read what an event's data holds, as JSON Schema (2020-12)",
        guard: Guard::SignedIn,
        parameters: &[],
        request: Request::None,
        answer: Answer::Other(200, SCHEMA),
        handler: |verb| on(verb, get),
    },
];

async fn list(ask: Ask) -> Response {
    let rows: Vec<Value> = Event::type_names()
        .iter()
        .map(|name| {
            let dataschema = envelope::dataschema(name, SCHEMA_VERSION);
            let version = json!({ "version": SCHEMA_VERSION, "dataschema": dataschema });
            json!({ "type": name, "versions": [version] })
        })
        .collect();
    let body = json!({ "data": rows });
    let tag = view::body_tag(body.to_string().as_bytes());
    view::tagged(&ask.headers, &tag, Json(body).into_response())
}

async fn get(ask: Ask) -> Result<Response, Problem> {
    let name = ask.path("type").unwrap_or_default();
    let version = ask.path("version").unwrap_or_default();
    let known = version.parse().ok().and_then(|version| Event::schema(name, version));
    let mut schema = known.ok_or_else(|| missing(name, version))?;
    complete(&mut schema, name);
    let text = schema.to_string();
    let tag = view::body_tag(text.as_bytes());
    let answer = ([(CONTENT_TYPE, SCHEMA)], text).into_response();
    Ok(view::tagged(&ask.headers, &tag, answer))
}

/// Says where it stands, and asks for nothing that a role may hide.
fn complete(schema: &mut Value, name: &str) {
    let Value::Object(schema) = schema else { return };
    schema.insert("$id".to_owned(), envelope::dataschema(name, SCHEMA_VERSION).into());
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        let hidden = redaction::contact_fields(name);
        required.retain(|field| !field.as_str().is_some_and(|field| hidden.contains(&field)));
    }
}

fn missing(name: &str, version: &str) -> Problem {
    let names = Event::type_names();
    let problem = Problem::new(Code::UnknownEventType);
    if names.contains(&name) {
        let detail = format!("{name} has no version {version:?}");
        let versions = [SCHEMA_VERSION.to_string()];
        return problem.detail(detail).with("allowed_values", json!(versions));
    }
    let near = nearest(name, names.iter().copied());
    let hint = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
    let detail = format!("there is no event {name:?}{hint}");
    problem.detail(detail).with("allowed_values", json!(names))
}
