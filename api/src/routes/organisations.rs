//! Further organisations of an installation, made by who administers it.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::access::{Action, PrincipalKind};
use domain::user::User;
use domain::value::Name;
use eventstore::CommandId;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::INSTALLATION;
use crate::commands::invalid;
use crate::endpoint::{Answer, Endpoint, Guard, Request, Verb};
use crate::extract::{Ask, Body, idempotency_key};
use crate::organisations::{self, Error};
use crate::problem::{Code, Problem};

pub(super) const ENDPOINTS: &[Endpoint] = &[Endpoint {
    verb: Verb::Post,
    path: "/v1/organisations",
    id: "organisations_create",
    tag: "Organisation",
    summary: "Make another organisation and own it, as an administrator of the installation",
    guard: Guard::SignedIn,
    parameters: &[],
    request: Request::Json {
        schema: "NewOrganisation",
        example: || json!({ "name": "Branch in Graz" }),
        wrong: || (json!({ "name": "" }), "invalid_name"),
    },
    answer: Answer::Json(201, "Named"),
    handler: |verb| on(verb, create),
}];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    name: Name,
}

async fn create(ask: Ask, Body(body): Body) -> Result<Response, Problem> {
    administers(&ask).await?;
    let wanted: Wanted = domain::command::read(Value::Object(body)).map_err(invalid)?;
    let owner = ask.principal.user;
    let name = wanted.name.as_str();
    // With a key the id follows from it, so that a repetition meets the same organisation.
    let (id, command) = match idempotency_key(&ask.headers)? {
        Some(key) => {
            let command =
                CommandId::new(owner, key.as_bytes(), &[b"organisation", name.as_bytes()]);
            (Uuid::new_v5(&owner, format!("organisation\0{key}").as_bytes()), Some(command))
        }
        None => (Uuid::now_v7(), None),
    };
    organisations::create(ask.app.store(), id, name, owner, command).await.map_err(|error| {
        match error {
            Error::Store(error) => error.into(),
            Error::Refused(refused) => refused.into(),
            Error::Invalid(error) => invalid(error),
        }
    })?;
    Ok((StatusCode::CREATED, Json(json!({ "id": id, "name": name }))).into_response())
}

/// Whether the caller administers the installation. A token that is held to a lesser role does not.
async fn administers(ask: &Ask) -> Result<(), Problem> {
    ask.scope(Action::OrganisationAdmin)?;
    let (_, user) = ask.app.store().load::<User>(INSTALLATION, ask.principal.user).await?;
    if user.admin && ask.principal.kind == PrincipalKind::User {
        return Ok(());
    }
    Err(Problem::new(Code::InstallationAdminOnly))
}
