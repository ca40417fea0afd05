//! Invitations: made and withdrawn by who administers users, accepted by who has the link.

use axum::Json;
use axum::http::header::{HOST, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::access::Action;
use domain::invitation::{self, Command as Wish};
use domain::{Command, Source};
use eventstore::state::invitation as link;
use eventstore::{Caller, CommandId, Options};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::sessions;
use crate::commands::invalid;
use crate::endpoint::{Answer, Endpoint, Guard, Request, Verb};
use crate::extract::{Ask, Body, Newcomer, idempotency_key};
use crate::invitations::{self, Issued};
use crate::openapi::samples;
use crate::problem::Problem;
use crate::view::time;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Get,
        path: "/v1/invitations",
        id: "invitations_list",
        tag: "Users",
        summary: "List the invitations that are open or have run out, newest first",
        guard: Guard::Action(Action::UserAdmin),
        parameters: &[],
        request: Request::None,
        answer: Answer::Json(200, "InvitationList"),
        handler: |verb| on(verb, list),
    },
    Endpoint {
        verb: Verb::Post,
        path: "/v1/invitations",
        id: "invitations_make",
        tag: "Users",
        summary: "Invite a person; the link is in this answer only, and e-mailed where that can be done",
        guard: Guard::Action(Action::UserAdmin),
        parameters: &[],
        request: Request::Json {
            schema: "NewInvitation",
            example: || json!({ "email": "m.kern@example.com", "name": "M. Kern", "roles": ["sales"] }),
            wrong: || {
                let body = json!({ "email": "m.kern", "name": "M. Kern", "roles": ["sales"] });
                (body, "invalid_email")
            },
        },
        answer: Answer::Json(201, "MadeInvitation"),
        handler: |verb| on(verb, make),
    },
    Endpoint {
        verb: Verb::Post,
        path: "/v1/invitations/{invitation_id}/renew",
        id: "invitations_renew",
        tag: "Users",
        summary: "Send an invitation again: another link for seven days, the old one leads nowhere",
        guard: Guard::Action(Action::UserAdmin),
        parameters: &[],
        request: Request::None,
        answer: Answer::Json(200, "MadeInvitation"),
        handler: |verb| on(verb, renew),
    },
    Endpoint {
        verb: Verb::Delete,
        path: "/v1/invitations/{invitation_id}",
        id: "invitations_withdraw",
        tag: "Users",
        summary: "Withdraw an invitation; its link leads nowhere from now on",
        guard: Guard::Action(Action::UserAdmin),
        parameters: &[],
        request: Request::None,
        answer: Answer::Empty(204),
        handler: |verb| on(verb, withdraw),
    },
    Endpoint {
        verb: Verb::Post,
        path: "/v1/invitations/accept",
        id: "invitations_accept",
        tag: "Signing in",
        summary: "Accept an invitation and sign in: with a password of your choice, or with yours if you have one here",
        guard: Guard::Public,
        parameters: &[],
        request: Request::Json {
            schema: "Acceptance",
            example: || json!({ "token": samples::INVITATION_TOKEN, "password": "a day at the sea" }),
            wrong: || {
                (
                    json!({ "token": samples::INVITATION_TOKEN, "password": "short" }),
                    "invalid_password",
                )
            },
        },
        answer: Answer::Json(201, "Me"),
        handler: |verb| on(verb, accept),
    },
];

async fn list(ask: Ask) -> Result<Response, Problem> {
    let client = ask.app.store().app().get().await?;
    let links = link::list(&client, ask.organisation()).await?;
    drop(client);
    let mut rows: Vec<Value> = Vec::with_capacity(links.len());
    for link in links {
        let id = link.invitation_id;
        let Some(invited) = invitations::open(&ask.app, ask.organisation(), id).await? else {
            continue;
        };
        rows.push(json!({
            "id": id,
            "email": invited.email.known(),
            "name": invited.name.known(),
            "roles": invited.roles,
            "invited_by": link.invited_by,
            "expires_at": time(link.expires_at),
            "expired": !link.is_open(Timestamp::now()),
        }));
    }
    Ok(Json(json!({ "data": rows })).into_response())
}

async fn make(ask: Ask, Body(body): Body) -> Result<Response, Problem> {
    let body = Value::Object(body);
    let fingerprint = body.to_string();
    let command = Command::parse("invitation.make", None, body).map_err(invalid)?;
    if let Command::Invitation { id: _, command: Wish::Make(make) } = &command {
        invitations::may_give(&ask.app, &ask.principal, make.roles.clone()).await?;
    }
    let key = idempotency_key(&ask.headers)?.map(|key| {
        CommandId::new(ask.principal.user, key.as_bytes(), &[b"invite", fingerprint.as_bytes()])
    });
    let id = execute(&ask, command, key).await?;
    let address = [(LOCATION, "/v1/invitations".to_owned())];
    Ok((StatusCode::CREATED, address, Json(told(&ask, id).await?)).into_response())
}

async fn renew(ask: Ask) -> Result<Response, Problem> {
    let id = ask.id("invitation_id")?;
    let invited = invitations::open(&ask.app, ask.organisation(), id).await?;
    if let Some(invited) = invited {
        invitations::may_give(&ask.app, &ask.principal, invited.roles).await?;
    }
    let command = Wish::Renew(invitation::Nothing {});
    execute(&ask, Command::Invitation { id, command }, None).await?;
    Ok(Json(told(&ask, id).await?).into_response())
}

async fn withdraw(ask: Ask) -> Result<Response, Problem> {
    let id = ask.id("invitation_id")?;
    let command = Wish::Withdraw(invitation::Nothing {});
    execute(&ask, Command::Invitation { id, command }, None).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn execute(ask: &Ask, command: Command, key: Option<CommandId>) -> Result<Uuid, Problem> {
    let caller = Caller::new(ask.principal.clone(), Source::Api);
    let options = Options { command: key, ..Options::default() };
    Ok(ask.app.store().execute(&caller, command, &options).await?.stream_id)
}

/// Makes the link, sends it where that can be done, and tells it.
async fn told(ask: &Ask, id: Uuid) -> Result<Value, Problem> {
    let Issued { secret, expires_at } = invitations::issue(&ask.app, &ask.principal, id).await?;
    let emailed = invitations::send(&ask.app, ask.organisation(), id, &secret).await?;
    Ok(json!({
        "id": id,
        "token": secret,
        "link": invitations::address(&base(ask), &secret),
        "expires_at": time(expires_at),
        "emailed": emailed,
    }))
}

/// Where people reach this service, as the operator says, or else as the caller does.
fn base(ask: &Ask) -> String {
    let named = |headers: &HeaderMap| Some(headers.get(HOST)?.to_str().ok()?.to_owned());
    let public_url = ask.app.post().public_url.clone();
    public_url.unwrap_or_else(|| format!("http://{}", named(&ask.headers).unwrap_or_default()))
}

/// Who follows the link.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Acceptance {
    token: String,
    password: String,
}

async fn accept(newcomer: Newcomer, Body(body): Body) -> Result<Response, Problem> {
    let Acceptance { token, password } =
        domain::command::read(Value::Object(body)).map_err(invalid)?;
    let (user, organisation) = invitations::accept(&newcomer, &token, password).await?;
    sessions::signed_in(&newcomer, user, organisation).await
}
