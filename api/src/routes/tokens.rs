//! Tokens of people and apps: shown once, listed without their secret, revoked.

use std::collections::BTreeSet;

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::access::{Action, Denied, PrincipalKind, Role, RoleRights};
use domain::value::Name;
use eventstore::Acting;
use eventstore::state::token::{self, NewToken, Token, TokenKind};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::commands::invalid;
use crate::endpoint::{Answer, Endpoint, Guard, Request, Verb};
use crate::extract::{Ask, Body};
use crate::problem::{Code, FieldError, Problem};
use crate::view::time;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Get,
        path: "/v1/tokens",
        id: "tokens_list",
        tag: "Tokens",
        summary: "List your tokens; all of the organisation for who administers them",
        guard: Guard::Action(Action::TokenOwn),
        parameters: &[],
        request: Request::None,
        answer: Answer::Json(200, "TokenList"),
        handler: |verb| on(verb, list),
    },
    Endpoint {
        verb: Verb::Post,
        path: "/v1/tokens",
        id: "tokens_create",
        tag: "Tokens",
        summary: "Make a token; its secret is in this answer only",
        guard: Guard::Action(Action::TokenOwn),
        parameters: &[],
        request: Request::Json {
            schema: "NewToken",
            example: || json!({ "name": "Till in the shop", "kind": "personal" }),
            wrong: || (json!({ "nam": "Till" }), "unknown_field"),
        },
        answer: Answer::Json(201, "CreatedToken"),
        handler: |verb| on(verb, create),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/tokens/{token_id}",
        id: "tokens_get",
        tag: "Tokens",
        summary: "Read a token, without its secret",
        guard: Guard::Action(Action::TokenOwn),
        parameters: &[],
        request: Request::None,
        answer: Answer::Json(200, "Token"),
        handler: |verb| on(verb, get),
    },
    Endpoint {
        verb: Verb::Delete,
        path: "/v1/tokens/{token_id}",
        id: "tokens_revoke",
        tag: "Tokens",
        summary: "Revoke a token; it opens nothing from now on",
        guard: Guard::Action(Action::TokenOwn),
        parameters: &[],
        request: Request::None,
        answer: Answer::Empty(204),
        handler: |verb| on(verb, revoke),
    },
];

/// What a new token is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// Whose it is; the caller's where not said.
    user: Option<Uuid>,
    name: Name,
    #[serde(default)]
    kind: Kind,
    /// The role beyond which it may do nothing, whatever its person may.
    role: Option<Role>,
    expires_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    #[default]
    Personal,
    Service,
}

/// The caller's tokens, or everybody's for who administers them.
async fn within_reach(ask: &Ask) -> Result<Vec<Token>, Problem> {
    let all = ask.scope(Action::TokenAdmin).is_ok();
    let client = ask.app.store().app().get().await?;
    let mut tokens = token::list(&client, ask.organisation()).await?;
    tokens.retain(|token| all || token.user_id == ask.principal.user);
    Ok(tokens)
}

async fn find(ask: &Ask) -> Result<Token, Problem> {
    let id = ask.id("token_id")?;
    let found = within_reach(ask).await?.into_iter().find(|token| token.token_id == id);
    found.ok_or_else(|| Problem::new(Code::NotFound))
}

async fn list(ask: Ask) -> Result<Response, Problem> {
    let rows: Vec<Value> = within_reach(&ask).await?.iter().map(row).collect();
    Ok(Json(json!({ "data": rows })).into_response())
}

async fn get(ask: Ask) -> Result<Response, Problem> {
    Ok(Json(row(&find(&ask).await?)).into_response())
}

async fn create(ask: Ask, Body(body): Body) -> Result<Response, Problem> {
    let wanted: Wanted = domain::command::read(Value::Object(body)).map_err(invalid)?;
    let user = wanted.user.unwrap_or(ask.principal.user);
    if user != ask.principal.user || wanted.kind == Kind::Service {
        ask.scope(Action::TokenAdmin)?;
    }
    may_give(&ask, user, wanted.role).await?;
    let in_person = is_in_person(&ask).await?;
    if wanted.expires_at.is_some_and(|at| at <= Timestamp::now()) {
        let detail = "expires_at lies in the past";
        return Err(Problem::field(FieldError::at("/expires_at", "invalid_field", detail)));
    }
    let new = NewToken {
        organisation: ask.organisation(),
        user_id: user,
        kind: match wanted.kind {
            Kind::Personal => TokenKind::Personal,
            Kind::Service => TokenKind::Service,
        },
        role: wanted.role.map(Role::name),
        opens_all: wanted.kind == Kind::Personal && user == ask.principal.user && in_person,
        name: wanted.name.as_str(),
        expires_at: wanted.expires_at,
    };
    let client = ask.app.store().app().get().await?;
    let (id, secret) = token::create(&client, &new).await?;
    let body = json!({
        "id": id,
        "token": secret,
        "user": user,
        "name": new.name,
        "kind": new.kind.name(),
        "role": new.role,
        "expires_at": new.expires_at.map(time),
    });
    let address = [(LOCATION, format!("/v1/tokens/{id}"))];
    Ok((StatusCode::CREATED, address, Json(body)).into_response())
}

/// A token does no more than who makes it may, whoever it is for and whatever they came with.
async fn may_give(ask: &Ask, user: Uuid, role: Option<Role>) -> Result<(), Problem> {
    let at_most = role.map(|role| BTreeSet::from([role]));
    let acting = Acting {
        organisation: ask.organisation(),
        user,
        kind: PrincipalKind::User,
        token: None,
        at_most: at_most.as_ref(),
    };
    let Ok(bearer) = ask.app.store().principal(acting).await? else {
        let code = Code::MemberNotFound;
        return Err(Problem::new(code).error(FieldError::at("/user", code.name(), code.title())));
    };
    let given = RoleRights {
        permissions: bearer.rights.permissions().clone(),
        field_groups: bearer.rights.field_groups().clone(),
        note_scopes: bearer.rights.note_scopes().clone(),
    };
    let own = &ask.principal.rights;
    let reaches = user == ask.principal.user || own.are_unlimited();
    if own.include(&given) && reaches {
        return Ok(());
    }
    let reason = "a token does no more than who makes it";
    Err(Denied { action: Action::TokenAdmin, reason }.into())
}

/// Whether the caller came with nothing that is held to this organisation.
async fn is_in_person(ask: &Ask) -> Result<bool, Problem> {
    let Some(own) = ask.principal.token else { return Ok(true) };
    let client = ask.app.store().app().get().await?;
    let tokens = token::list(&client, ask.organisation()).await?;
    Ok(tokens.iter().find(|token| token.token_id == own).is_none_or(|token| token.opens_all))
}

async fn revoke(ask: Ask) -> Result<Response, Problem> {
    let token = find(&ask).await?;
    let client = ask.app.store().app().get().await?;
    token::revoke(&client, ask.organisation(), token.token_id).await?;
    ask.app.sessions().forget();
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn row(token: &Token) -> Value {
    json!({
        "id": token.token_id,
        "user": token.user_id,
        "name": token.name,
        "kind": token.kind.name(),
        "role": token.role,
        "created_at": time(token.created_at),
        "expires_at": token.expires_at.map(time),
        "revoked_at": token.revoked_at.map(time),
        "last_used_at": token.last_used_at.map(time),
    })
}
