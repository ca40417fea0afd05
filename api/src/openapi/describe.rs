//! An endpoint as an operation of the reference.

use serde_json::{Map, Value, json};

use super::{bodies, command, example, operation_id, permission, refusal, samples, schemas};
use super::{summary, tag};
use crate::endpoint::{Answer, Endpoint, Guard, Kind, Parameter, Request, Target, Verb};
use crate::problem::{Code, FieldError, MEDIA_TYPE, Problem};

pub(super) fn operation(endpoint: &'static Endpoint) -> Value {
    let mut operation = Map::new();
    let mut put = |name: &str, value: Value| {
        operation.insert(name.to_owned(), value);
    };
    put("operationId", operation_id(endpoint).into());
    put("tags", json!([tag(endpoint)]));
    put("summary", summary(endpoint).into());
    let parameters = parameters(endpoint);
    if !parameters.is_empty() {
        put("parameters", parameters.into());
    }
    if let Some(body) = request_body(endpoint) {
        put("requestBody", body);
    }
    put("responses", responses(endpoint));
    if let Some(permission) = permission(endpoint) {
        put("x-permission", permission.into());
    }
    if let Some((_, spec)) = command(endpoint) {
        put("x-emits", json!(spec.emits));
        put("x-command", spec.name.into());
    }
    if !matches!(endpoint.guard, Guard::Public) {
        let cost = endpoint.cost();
        put("x-rate-cost", json!({ cost.traffic.name(): cost.units }));
    }
    if matches!(endpoint.guard, Guard::Public) {
        put("security", json!([]));
    }
    Value::Object(operation)
}

fn parameters(endpoint: &'static Endpoint) -> Vec<Value> {
    let in_path = endpoint.path_parameters().map(|name| {
        json!({
            "name": name,
            "in": "path",
            "required": true,
            "schema": samples::path_schema(name),
            "example": samples::path_value(name),
        })
    });
    let in_query = endpoint.parameters().map(query_parameter);
    let mut parameters: Vec<Value> = in_path.chain(in_query).collect();
    if is_command(endpoint) {
        parameters.extend(command_headers());
    } else if KEYED.contains(&endpoint.id) {
        parameters.extend(command_headers().into_iter().take(1));
    }
    parameters
}

/// Jobs that are begun once under their key.
const KEYED: [&str; 2] = ["jobs_bulk", "jobs_undo"];

fn is_command(endpoint: &Endpoint) -> bool {
    matches!(endpoint.answer, Answer::Command)
}

fn query_parameter(parameter: &Parameter) -> Value {
    let schema = match parameter.kind {
        Kind::Text(max) => json!({ "type": "string", "maxLength": max }),
        Kind::Integer(least, most) if most == i64::MAX => {
            json!({ "type": "integer", "minimum": least })
        }
        Kind::Integer(least, most) => {
            json!({ "type": "integer", "minimum": least, "maximum": most })
        }
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Id => json!({ "type": "string", "format": "uuid" }),
        Kind::Instant => json!({ "type": "string", "format": "date-time" }),
        Kind::Date => json!({ "type": "string", "format": "date" }),
        Kind::Word(words) => json!({ "type": "string", "enum": words }),
        Kind::Words => json!({ "type": "array", "items": { "type": "string" } }),
        Kind::Filter => json!({ "type": "object", "additionalProperties": true }),
    };
    let mut described = json!({
        "name": parameter.name,
        "in": "query",
        "description": parameter.summary,
        "schema": schema,
    });
    if let Value::Object(described) = &mut described {
        match parameter.kind {
            Kind::Filter => {
                described.insert("style".to_owned(), "deepObject".into());
                described.insert("explode".to_owned(), true.into());
            }
            Kind::Words => {
                described.insert("explode".to_owned(), false.into());
            }
            Kind::Text(_)
            | Kind::Integer(..)
            | Kind::Flag
            | Kind::Id
            | Kind::Instant
            | Kind::Date
            | Kind::Word(_) => {}
        }
    }
    described
}

fn command_headers() -> [Value; 4] {
    let header = |name: &str, text: &str| json!({ "name": name, "in": "header", "description": text, "schema": { "type": "string" } });
    [
        header("Idempotency-Key", "Done once under this key, however often it is sent"),
        header("If-Match", "Only if the record is at this version, such as \"17\""),
        header("Prefer", "return=representation answers with the record as it is now"),
        header("Dossier-Causation-Id", "The event that made you send this"),
    ]
}

fn request_body(endpoint: &'static Endpoint) -> Option<Value> {
    let (example, _) = bodies(endpoint);
    let schema = match endpoint.request {
        Request::None => return None,
        Request::Bytes => {
            let bytes = json!({ "schema": { "type": "string", "format": "binary" } });
            return Some(json!({ "required": true, "content": { "*/*": bytes } }));
        }
        Request::Json { schema, .. } => {
            json!({ "$ref": format!("#/components/schemas/{schema}") })
        }
        Request::Command => {
            let (route, spec) = command(endpoint)?;
            let fields: Vec<&str> = route.fields.iter().map(|(_, field)| *field).collect();
            schemas::of_command(spec, &fields)
        }
    };
    let needed =
        schema.get("required").is_some() || matches!(endpoint.request, Request::Json { .. });
    Some(json!({
        "required": needed,
        "content": { "application/json": { "schema": schema, "example": example } },
    }))
}

/// The status of a call that works, and what it answers with.
pub(super) fn success(endpoint: &Endpoint) -> (u16, Option<Value>) {
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    match endpoint.answer {
        Answer::Command => {
            let begins = command(endpoint).is_some_and(|(route, spec)| {
                (matches!(route.target, Target::New)
                    && endpoint.verb != Verb::Delete
                    && spec.kind != "role")
                    || example::makes_a_part(spec)
            });
            (if begins { 201 } else { 200 }, Some(reference("Done")))
        }
        Answer::Json(status, schema) => (status, Some(reference(schema))),
        Answer::Page(row) => {
            let page = json!({
                "type": "object",
                "required": ["data", "page", "position"],
                "properties": {
                    "data": { "type": "array", "items": reference(row) },
                    "page": reference("PageLinks"),
                    "position": { "type": "string" },
                },
            });
            (200, Some(page))
        }
        Answer::Other(status, _) | Answer::Empty(status) => (status, None),
    }
}

fn responses(endpoint: &'static Endpoint) -> Value {
    let (status, schema) = success(endpoint);
    let mut responses = Map::new();
    let mut good = json!({ "description": "Done" });
    if let Value::Object(good) = &mut good {
        match (schema, endpoint.answer) {
            (Some(schema), _) => {
                let mut content = json!({ "schema": schema });
                if let (Some(example), Value::Object(content)) =
                    (schemas::example_of(endpoint.answer), &mut content)
                {
                    content.insert("example".to_owned(), example);
                }
                good.insert("content".to_owned(), json!({ "application/json": content }));
            }
            (None, Answer::Other(_, kind)) => {
                let kind_of_value = if kind.ends_with("json") { "object" } else { "string" };
                let text = json!({ "schema": { "type": kind_of_value } });
                good.insert("content".to_owned(), json!({ kind: text }));
            }
            (None, _) => {}
        }
    }
    responses.insert(status.to_string(), good);
    if matches!(endpoint.answer, Answer::Command | Answer::Json(201, "Done")) && status == 201 {
        let again = json!({ "description": "Nothing to do", "content": { "application/json": {
            "schema": { "$ref": "#/components/schemas/Done" } } } });
        responses.insert("200".to_owned(), again);
    }
    for status in refused_with(endpoint) {
        let mut problem = json!({ "$ref": "#/components/responses/Problem" });
        if status == 422
            && let Some(example) = refused_example(endpoint)
        {
            let schema = json!({ "$ref": "#/components/schemas/Problem" });
            problem = json!({
                "description": "Refused, with what would be right",
                "content": { MEDIA_TYPE: { "schema": schema, "example": example } },
            });
        }
        responses.insert(status.to_string(), problem);
    }
    Value::Object(responses)
}

fn refused_with(endpoint: &Endpoint) -> Vec<u16> {
    let public = matches!(endpoint.guard, Guard::Public);
    if public && !matches!(endpoint.request, Request::Json { .. }) {
        return refused_without_a_token(endpoint);
    }
    let mut statuses = vec![400, 401, 403, 404, 414, 429, 431];
    if endpoint.verb != Verb::Get {
        statuses.extend([409, 410, 412, 422, 428]);
    }
    if !matches!(endpoint.request, Request::None) {
        statuses.extend([413, 415]);
    }
    if endpoint.verb == Verb::Get {
        statuses.push(410);
    }
    statuses.extend([500, 503]);
    statuses
}

/// Doors of providers judge a signature; what else needs no token refuses an address that leads
/// nowhere.
fn refused_without_a_token(endpoint: &Endpoint) -> Vec<u16> {
    let mut statuses = vec![414, 431];
    if endpoint.path_parameters().next().is_some() {
        statuses.extend([401, 404, 500, 503]);
    }
    if !matches!(endpoint.request, Request::None) {
        statuses.extend([400, 413, 415, 422]);
    }
    statuses
}

fn refused_example(endpoint: &'static Endpoint) -> Option<Value> {
    let (_, wrong) = bodies(endpoint);
    let (wrong, code) = wrong?;
    let problem = match command(endpoint) {
        Some((route, spec)) => refusal(&route, spec, &wrong),
        None => Problem::field(FieldError::at("", code, Code::InvalidField.title())),
    };
    Some(problem.document(Some("req_019a0c9e2f7b7000a1b2c3d4e5f60718")))
}

pub(super) fn problem() -> Value {
    let schema = json!({ "$ref": "#/components/schemas/Problem" });
    json!({
        "description": "A problem document (RFC 9457); its code has a page under /docs/errors",
        "content": { MEDIA_TYPE: { "schema": schema } },
    })
}
