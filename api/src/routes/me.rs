//! Who the caller is, and what they may do and see.

use axum::Json;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::access::{Action, Facts, decide};
use domain::organisation::Organisation;
use domain::user::User;
use serde_json::json;

use crate::INSTALLATION;
use crate::endpoint::{Answer, Endpoint, Guard, Request, Verb};
use crate::extract::Ask;
use crate::problem::Problem;

pub(super) const ENDPOINTS: &[Endpoint] = &[Endpoint {
    verb: Verb::Get,
    path: "/v1/me",
    id: "me_get",
    tag: "Users",
    summary: "Who you are, and what you may do and see",
    guard: Guard::SignedIn,
    parameters: &[],
    request: Request::None,
    answer: Answer::Json(200, "Me"),
    handler: |verb| on(verb, get),
}];

async fn get(ask: Ask) -> Result<Response, Problem> {
    let store = ask.app.store();
    let (_, user) = store.load::<User>(INSTALLATION, ask.principal.user).await?;
    let (_, organisation) =
        store.load::<Organisation>(ask.organisation(), ask.organisation()).await?;
    let registration = user.registered.as_ref();
    let name = registration.and_then(|known| known.name.known());
    let email = registration.and_then(|known| known.email.known());
    let facts = Facts::default();
    let allowed = |action: &&Action| decide(&ask.principal, **action, &facts).allowed;
    let permissions: Vec<&Action> = Action::ALL.iter().filter(allowed).collect();
    // Field groups and note scopes do not depend on the action that is asked for.
    let reach = decide(&ask.principal, Action::CustomerRead, &facts);
    Ok(Json(json!({
        "user": { "id": ask.principal.user, "name": name, "email": email },
        "organisation": { "id": ask.organisation(), "name": organisation.name },
        "roles": ask.principal.roles,
        "permissions": permissions,
        "field_groups": reach.field_groups,
        "note_scopes": reach.note_scopes,
        "token": ask.principal.token,
    }))
    .into_response())
}
