//! The reference, made from the tables that the server itself runs on: routes, commands, codes.

mod example;
pub mod samples;
mod schemas;
#[cfg(test)]
mod tests;

use domain::Command;
use domain::command::CommandSpec;
use serde_json::{Map, Value, json};

use crate::commands::invalid;
use crate::endpoint::{Answer, CommandRoute, Endpoint, Guard, Kind, Parameter, Request, Verb};
use crate::problem::{Code, FieldError, MEDIA_TYPE, Problem};
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
        status: success(endpoint).0,
        body,
        wrong,
        permission: permission(endpoint),
    }
}

/// The document: OpenAPI 3.1.
#[must_use]
pub fn document() -> Value {
    let mut paths = Map::new();
    for endpoint in routes::all() {
        let item = paths.entry(endpoint.path).or_insert_with(|| json!({}));
        if let Value::Object(item) = item {
            item.insert(endpoint.verb.name().to_owned(), describe(endpoint));
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Dossier",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Event-sourced customer management. Every change is a command; every command that changes something is one or more events.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "tags": tags(),
        "security": [{ "bearer": [] }],
        "paths": paths,
        "webhooks": webhooks(),
        "components": {
            "schemas": schemas::all(),
            "responses": { "Problem": problem_response() },
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token: dsr_pat_… of a person, dsr_svc_… of an app",
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
    let mut names: Vec<&str> = Command::specs().iter().flat_map(|spec| spec.emits).copied().collect();
    names.sort_unstable();
    names.dedup();
    let hooks: Map<String, Value> = names
        .into_iter()
        .map(|name| {
            let schema = json!({ "$ref": "#/components/schemas/Event" });
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

fn describe(endpoint: &'static Endpoint) -> Value {
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
    if matches!(endpoint.guard, Guard::Public) {
        put("security", json!([]));
    }
    Value::Object(operation)
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
            let id = format!("{}_{verb}", crate::view::plural(spec.kind).replace('-', "_"));
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
        Some("customer") => "Customers",
        Some("task") => "Tasks",
        Some("folder") => "Folders",
        Some("order") => "Orders",
        Some("rule") => "Rules",
        Some("organisation") => "Organisation",
        Some("notification") => "Notifications",
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
    }
    parameters
}

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
            | Kind::Word(_) => {}
        }
    }
    described
}

fn command_headers() -> [Value; 4] {
    let header = |name: &str, text: &str| {
        json!({ "name": name, "in": "header", "description": text, "schema": { "type": "string" } })
    };
    [
        header("Idempotency-Key", "Done once under this key, however often it is sent"),
        header("If-Match", "Only if the record is at this version, such as \"17\""),
        header("Prefer", "return=representation answers with the record as it is now"),
        header("Dossier-Causation-Id", "The event that made you send this"),
    ]
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
    match Command::parse(spec.name, Some(samples::id()), data) {
        Err(error) => invalid(error),
        Ok(_) => Problem::new(Code::InvalidField),
    }
}

fn first_error(route: &CommandRoute, spec: &CommandSpec, wrong: &Value) -> String {
    let document = refusal(route, spec, wrong).document(None);
    let code = document.pointer("/errors/0/code").and_then(Value::as_str);
    code.unwrap_or_default().to_owned()
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
    let needed = schema.get("required").is_some() || matches!(endpoint.request, Request::Json { .. });
    Some(json!({
        "required": needed,
        "content": { "application/json": { "schema": schema, "example": example } },
    }))
}

/// The status of a call that works, and what it answers with.
fn success(endpoint: &Endpoint) -> (u16, Option<Value>) {
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    match endpoint.answer {
        Answer::Command => {
            let begins = command(endpoint).is_some_and(|(route, spec)| {
                matches!(route.target, crate::endpoint::Target::New) || example::makes_a_part(spec)
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
                let text = json!({ "schema": { "type": "string" } });
                good.insert("content".to_owned(), json!({ kind: text }));
            }
            (None, _) => {}
        }
    }
    responses.insert(status.to_string(), good);
    if is_command(endpoint) && status == 201 {
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
    if matches!(endpoint.guard, Guard::Public) {
        return Vec::new();
    }
    let mut statuses = vec![400, 401, 403, 404];
    if is_command(endpoint) {
        statuses.extend([409, 410, 412, 428]);
    }
    if !matches!(endpoint.request, Request::None) {
        statuses.extend([413, 415, 422]);
    }
    if endpoint.verb == Verb::Get {
        statuses.push(410);
    }
    statuses.extend([500, 503]);
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

fn problem_response() -> Value {
    let schema = json!({ "$ref": "#/components/schemas/Problem" });
    json!({
        "description": "A problem document (RFC 9457); its code has a page under /docs/errors",
        "content": { MEDIA_TYPE: { "schema": schema } },
    })
}
