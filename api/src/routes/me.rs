//! Who the caller is, what they may do and see, and their password.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::access::{Action, Facts, Principal, PrincipalKind, decide};
use domain::organisation::Organisation;
use domain::user::User;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::commands::invalid;
use crate::endpoint::{Answer, Endpoint, Guard, Request, Verb};
use crate::extract::{Ask, Body, Newcomer, Pass};
use crate::openapi::samples;
use crate::problem::{Code, Problem};
use crate::server::App;
use crate::{INSTALLATION, sign_in};

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Get,
        path: "/v1/me",
        id: "me_get",
        tag: "Users",
        summary: "Who you are, what you may do and see, and in which organisations you are",
        guard: Guard::SignedIn,
        parameters: &[],
        request: Request::None,
        answer: Answer::Json(200, "Me"),
        handler: |verb| on(verb, get),
    },
    Endpoint {
        verb: Verb::Post,
        path: "/v1/me/password",
        id: "me_change_password",
        tag: "Signing in",
        summary: "Change your password; all your sessions end, but for a new one of this browser",
        guard: Guard::SignedIn,
        parameters: &[],
        request: Request::Json {
            schema: "PasswordChange",
            example: || json!({ "current": samples::PASSWORD, "new": "a day at the sea" }),
            wrong: || (json!({ "current": samples::PASSWORD, "new": "short" }), "invalid_password"),
        },
        answer: Answer::Empty(204),
        handler: |verb| on(verb, change_password),
    },
];

async fn get(ask: Ask) -> Result<Response, Problem> {
    Ok(Json(describe(&ask.app, &ask.principal).await?).into_response())
}

/// Who somebody is here, what they may do and see, and where else they are.
pub(super) async fn describe(app: &App, principal: &Principal) -> Result<Value, Problem> {
    let (_, user) = app.store().load::<User>(INSTALLATION, principal.user).await?;
    let registration = user.registered.as_ref();
    let name = registration.and_then(|known| known.name.known());
    let email = registration.and_then(|known| known.email.known());
    let facts = Facts::default();
    let allowed = |action: &&Action| decide(principal, **action, &facts).allowed;
    let permissions: Vec<&Action> = Action::ALL.iter().filter(allowed).collect();
    // Field groups and note scopes do not depend on the action that is asked for.
    let reach = decide(principal, Action::CustomerRead, &facts);
    Ok(json!({
        "user": { "id": principal.user, "name": name, "email": email },
        "organisation": named(app, principal.organisation).await?,
        "organisations": organisations(app, principal).await?,
        "installation_admin": principal.kind == PrincipalKind::User && user.admin,
        "roles": principal.roles,
        "permissions": permissions,
        "field_groups": reach.field_groups,
        "note_scopes": reach.note_scopes,
        "token": principal.token,
    }))
}

/// Where a person may go with `Dossier-Organization`. A service has one organisation only.
async fn organisations(app: &App, principal: &Principal) -> Result<Vec<Value>, Problem> {
    let all = match principal.kind {
        PrincipalKind::User => sign_in::organisations(app, principal.user).await?,
        PrincipalKind::Service | PrincipalKind::Automation | PrincipalKind::System => {
            vec![principal.organisation]
        }
    };
    let mut rows = Vec::with_capacity(all.len());
    for organisation in all {
        rows.push(named(app, organisation).await?);
    }
    Ok(rows)
}

async fn named(app: &App, id: Uuid) -> Result<Value, Problem> {
    let (_, organisation) = app.store().load::<Organisation>(id, id).await?;
    Ok(json!({ "id": id, "name": organisation.name }))
}

/// A change of password.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    current: String,
    new: String,
}

/// All sessions end with the old password; who changed it by cookie gets a new one at once.
async fn change_password(ask: Ask, Body(body): Body) -> Result<Response, Problem> {
    let change: Change = domain::command::read(Value::Object(body)).map_err(invalid)?;
    if ask.principal.kind != PrincipalKind::User {
        return Err(Problem::new(Code::NotFound).detail("an app has no password"));
    }
    sign_in::fit("/new", &change.new)?;
    let (_, user) = ask.app.store().load::<User>(INSTALLATION, ask.principal.user).await?;
    let email = user.registered.as_ref().and_then(|known| known.email.known());
    let email = email.ok_or_else(|| Problem::new(Code::InvalidCredentials))?;
    let newcomer = Newcomer::from(&ask);
    let user = sign_in::check(&newcomer, email, change.current).await?;
    sign_in::set_password(&ask.app, user, change.new).await?;
    let answer = StatusCode::NO_CONTENT.into_response();
    match ask.pass() {
        Some(Pass::Session(_)) => {
            let (_, cookies) = sign_in::begin(&newcomer, user, ask.organisation()).await?;
            Ok(sign_in::with_cookies(answer, cookies))
        }
        Some(Pass::Token(_)) | None => Ok(answer),
    }
}
