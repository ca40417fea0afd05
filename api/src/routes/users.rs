//! People of the organisation.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::access::{Action, Principal};
use domain::claim::ClaimKind;
use domain::{Command, Source};
use eventstore::{Caller, CommandId, Done, Options, Refused};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::tasks::record;
use crate::INSTALLATION;
use crate::commands::{invalid, unknown_member};
use crate::endpoint::{Answer, Endpoint, Guard, READ, Request, Target, Verb};
use crate::extract::{Ask, Body, idempotency_key};
use crate::page;
use crate::problem::{Code, Problem};

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Get,
        path: "/v1/users",
        id: "users_list",
        tag: "Users",
        summary: "List the members of the organisation",
        guard: Guard::Action(Action::UserRead),
        parameters: &[READ],
        request: Request::None,
        answer: Answer::Page("Member"),
        handler: |verb| on(verb, list),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/users/{user_id}",
        id: "users_get",
        tag: "Users",
        summary: "Read a member of the organisation",
        guard: Guard::Action(Action::UserRead),
        parameters: &[READ],
        request: Request::None,
        answer: Answer::Json(200, "Member"),
        handler: |verb| on(verb, get),
    },
    Endpoint {
        verb: Verb::Post,
        path: "/v1/users",
        id: "users_create",
        tag: "Users",
        summary: "Register a person and make them a member; somebody known here is only made one",
        guard: Guard::Action(Action::UserAdmin),
        parameters: &[],
        request: Request::Json {
            schema: "NewUser",
            example: || json!({ "email": "m.kern@example.com", "name": "M. Kern", "roles": ["sales"] }),
            wrong: || {
                let body = json!({ "email": "m.kern", "name": "M. Kern", "roles": ["sales"] });
                (body, "invalid_email")
            },
        },
        answer: Answer::Json(201, "Done"),
        handler: |verb| on(verb, create),
    },
    Endpoint::command(
        Verb::Post,
        "/v1/users/{user_id}/roles",
        "member.change_roles",
        Target::Path("user_id"),
        &[],
    ),
    Endpoint::command(
        Verb::Post,
        "/v1/users/{user_id}/reach",
        "member.set_reach",
        Target::Path("user_id"),
        &[],
    ),
    Endpoint::command(
        Verb::Post,
        "/v1/users/{user_id}/block",
        "member.block",
        Target::Path("user_id"),
        &[],
    ),
    Endpoint::command(
        Verb::Post,
        "/v1/users/{user_id}/unblock",
        "member.unblock",
        Target::Path("user_id"),
        &[],
    ),
    Endpoint::command(
        Verb::Delete,
        "/v1/users/{user_id}",
        "member.remove",
        Target::Path("user_id"),
        &[],
    ),
];

async fn list(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::UserRead)?;
    let standing = page::of_view(&ask, "members").await?;
    let found = projections::members::list(ask.app.store(), &scope).await?;
    Ok(page::of(&ask, found, standing))
}

async fn get(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::UserRead)?;
    let id = ask.id("user_id")?;
    let standing = page::of_view(&ask, "members").await?;
    page::settle(&ask, "members").await?;
    let members = projections::members::list(ask.app.store(), &scope).await?;
    let member = page::find(members.data, id).ok_or_else(|| Problem::new(Code::UserNotFound))?;
    Ok(record(&ask, member, standing))
}

/// A person is registered once in the installation, and is a member of each organisation by
/// itself: two appends. The second can be repeated alone, and the first finds who is known.
async fn create(ask: Ask, Body(mut body): Body) -> Result<Response, Problem> {
    const MEMBERS: [&str; 3] = ["email", "name", "roles"];
    if let Some(name) = body.keys().find(|name| !MEMBERS.contains(&name.as_str())) {
        return Err(unknown_member(name, &MEMBERS));
    }
    let roles = body.shift_remove("roles").unwrap_or_else(|| json!([]));
    let membership = |user: Uuid| json!({ "user": user, "roles": roles });
    // Both are read before anything is written.
    let register = Command::parse("user.register", None, Value::Object(body)).map_err(invalid)?;
    Command::parse("member.add", None, membership(Uuid::nil())).map_err(invalid)?;

    let key = idempotency_key(&ask.headers)?;
    let id = |part: &str| {
        let fingerprint = format!("{register:?}{roles}");
        let command = |key: &str| {
            let key = format!("{part}\0{key}");
            CommandId::new(ask.principal.user, key.as_bytes(), &[fingerprint.as_bytes()])
        };
        Options { command: key.map(command), ..Options::default() }
    };
    let store = ask.app.store();
    let abroad = Principal { organisation: INSTALLATION, ..ask.principal.clone() };
    let registrar = Caller::new(abroad, Source::Api);
    let user = match store.execute(&registrar, register.clone(), &id("user")).await {
        Ok(done) => done.stream_id,
        Err(Refused::ClaimTaken { kind: ClaimKind::SignIn, holder }) => holder,
        Err(refused) => return Err(refused.into()),
    };
    let add = Command::parse("member.add", None, membership(user)).map_err(invalid)?;
    let caller = Caller::new(ask.principal.clone(), Source::Api);
    let done = store.execute(&caller, add, &id("member")).await.map_err(|refused| {
        let problem = Problem::from(refused);
        if problem.code() != Code::MemberExists {
            return problem;
        }
        let existing = json!([{ "id": user, "matched_on": "email" }]);
        Problem::new(Code::DuplicateUser).with("existing", existing)
    })?;
    Ok(answer(user, &done))
}

fn answer(user: Uuid, done: &Done) -> Response {
    let mut body = Map::new();
    body.insert("id".to_owned(), json!(user));
    body.insert("version".to_owned(), done.version.into());
    body.insert("position".to_owned(), done.sequence.to_string().into());
    body.insert("changed".to_owned(), done.changed.into());
    let events = done.events.iter().map(crate::commands::receipt).collect();
    body.insert("events".to_owned(), events);
    body.insert("correlation_id".to_owned(), json!(done.correlation_id));
    let address = [(LOCATION, format!("/v1/users/{user}"))];
    let status = if done.changed { StatusCode::CREATED } else { StatusCode::OK };
    (status, address, Json(Value::Object(body))).into_response()
}
