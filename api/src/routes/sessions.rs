//! Signing in and out by a cookie, and the sessions that are open.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::access::Action;
use domain::value::Email;
use eventstore::state::session::{self, Session};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::me;
use crate::commands::invalid;
use crate::endpoint::{Answer, Endpoint, Guard, Request, Verb};
use crate::extract::{Ask, Body, Cookie, Newcomer, Pass, principal};
use crate::openapi::samples;
use crate::problem::{Code, Problem};
use crate::sign_in;
use crate::view::time;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Post,
        path: "/v1/session",
        id: "session_begin",
        tag: "Signing in",
        summary: "Sign in by e-mail and password; a cookie opens the door from now on",
        guard: Guard::Public,
        parameters: &[],
        request: Request::Json {
            schema: "SignIn",
            example: || json!({ "email": samples::EMAIL, "password": samples::PASSWORD }),
            wrong: || {
                (json!({ "email": "m.kern", "password": samples::PASSWORD }), "invalid_email")
            },
        },
        answer: Answer::Json(201, "Me"),
        handler: |verb| on(verb, begin),
    },
    Endpoint {
        verb: Verb::Delete,
        path: "/v1/session",
        id: "session_end",
        tag: "Signing in",
        summary: "Sign out: end the session by whose cookie you came",
        guard: Guard::SignedIn,
        parameters: &[],
        request: Request::None,
        answer: Answer::Empty(204),
        handler: |verb| on(verb, end_own),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/sessions",
        id: "sessions_list",
        tag: "Signing in",
        summary: "List your open sessions; all of the organisation for who administers tokens",
        guard: Guard::Action(Action::TokenOwn),
        parameters: &[],
        request: Request::None,
        answer: Answer::Json(200, "SessionList"),
        handler: |verb| on(verb, list),
    },
    Endpoint {
        verb: Verb::Delete,
        path: "/v1/sessions/{session_id}",
        id: "sessions_end",
        tag: "Signing in",
        summary: "End a session; it opens nothing from now on",
        guard: Guard::Action(Action::TokenOwn),
        parameters: &[],
        request: Request::None,
        answer: Answer::Empty(204),
        handler: |verb| on(verb, end),
    },
];

/// Who signs in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignIn {
    email: Email,
    password: String,
    /// In which organisation they begin; the first of theirs where not said.
    organisation: Option<Uuid>,
}

async fn begin(newcomer: Newcomer, Body(body): Body) -> Result<Response, Problem> {
    let SignIn { email, password, organisation } =
        domain::command::read(Value::Object(body)).map_err(invalid)?;
    let user = sign_in::check(&newcomer, email.as_str(), password).await?;
    let organisation = sign_in::home(&newcomer.app, user, organisation).await?;
    signed_in(&newcomer, user, organisation).await
}

/// Signs somebody in who has shown who they are, and tells them what they may do.
pub(super) async fn signed_in(
    newcomer: &Newcomer,
    user: Uuid,
    organisation: Uuid,
) -> Result<Response, Problem> {
    let (session, cookies) = sign_in::begin(newcomer, user, organisation).await?;
    let principal = principal(&newcomer.app, user, organisation).await?;
    let me = me::describe(&newcomer.app, &principal).await?;
    let address = [(LOCATION, format!("/v1/sessions/{}", session.session_id))];
    let answer = (StatusCode::CREATED, address, Json(me)).into_response();
    Ok(sign_in::with_cookies(answer, cookies))
}

async fn end_own(ask: Ask) -> Result<Response, Problem> {
    let Some(Pass::Session(id)) = ask.pass() else {
        let detail = "you came with a token; DELETE /v1/tokens/{token_id} ends one";
        return Err(Problem::new(Code::NotFound).detail(detail));
    };
    over(&ask, id).await?;
    let cookies = Vec::from_iter(Cookie::Session.drop(&ask.app));
    Ok(sign_in::with_cookies(StatusCode::NO_CONTENT.into_response(), cookies))
}

async fn list(ask: Ask) -> Result<Response, Problem> {
    let own = ask.pass();
    let sessions = within_reach(&ask).await?;
    let rows: Vec<Value> = sessions
        .iter()
        .map(|session| {
            json!({
                "id": session.session_id,
                "user": session.user_id,
                "user_agent": session.user_agent,
                "created_at": time(session.created_at),
                "last_used_at": time(session.last_used_at),
                "expires_at": time(session.expires_at),
                "current": own == Some(Pass::Session(session.session_id)),
            })
        })
        .collect();
    Ok(Json(json!({ "data": rows })).into_response())
}

async fn end(ask: Ask) -> Result<Response, Problem> {
    let id = ask.id("session_id")?;
    let sessions = within_reach(&ask).await?;
    if !sessions.iter().any(|session| session.session_id == id) {
        return Err(Problem::new(Code::NotFound));
    }
    over(&ask, id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The caller's open sessions, and everybody's for who administers tokens.
async fn within_reach(ask: &Ask) -> Result<Vec<Session>, Problem> {
    let organisation = ask.scope(Action::TokenAdmin).is_ok().then_some(ask.organisation());
    let client = ask.app.store().app().get().await?;
    Ok(session::list(&client, organisation, ask.principal.user).await?)
}

async fn over(ask: &Ask, id: Uuid) -> Result<(), Problem> {
    let client = ask.app.store().app().get().await?;
    session::end(&client, id).await?;
    ask.app.sessions().forget();
    tracing::info!(user.id = %ask.principal.user, session.id = %id, "signed out");
    Ok(())
}
