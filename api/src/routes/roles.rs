//! What roles give in this organisation.

use axum::Json;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::access::{Action, RoleRights};
use domain::role::{self, role_id};
use domain::value::Role;
use serde_json::{Value, json};

use crate::endpoint::{Answer, Endpoint, Guard, READ, Request, Target, Verb};
use crate::extract::Ask;
use crate::page;
use crate::problem::Problem;

const ROLE: &[(&str, &str)] = &[("role", "role")];

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Get,
        path: "/v1/roles",
        id: "roles_list",
        tag: "Roles",
        summary: "List the roles with what each gives in this organisation",
        guard: Guard::Action(Action::UserAdmin),
        parameters: &[READ],
        request: Request::None,
        answer: Answer::Json(200, "RoleList"),
        handler: |verb| on(verb, list),
    },
    Endpoint::command(
        Verb::Put,
        "/v1/roles/{role}/permissions",
        "role.change_permissions",
        Target::New,
        ROLE,
    ),
    Endpoint::command(
        Verb::Put,
        "/v1/roles/{role}/field-groups",
        "role.change_field_groups",
        Target::New,
        ROLE,
    ),
    Endpoint::command(
        Verb::Put,
        "/v1/roles/{role}/note-scopes",
        "role.change_note_scopes",
        Target::New,
        ROLE,
    ),
    Endpoint::command(Verb::Post, "/v1/roles/{role}/reset", "role.reset", Target::New, ROLE),
];

/// Folded from the log: there are nine.
async fn list(ask: Ask) -> Result<Response, Problem> {
    ask.scope(Action::UserAdmin)?;
    let standing = page::of_log(&ask).await?;
    let mut data = Vec::with_capacity(Role::ALL.len());
    for role in Role::ALL {
        let id = role_id(*role);
        let (version, state) = ask.app.store().load::<role::Role>(ask.organisation(), id).await?;
        data.push(row(*role, version, &state));
    }
    let body = json!({ "data": data, "position": standing.position.to_string() });
    Ok(standing.stamp(Json(body).into_response()))
}

fn row(role: Role, version: i64, state: &role::State) -> Value {
    let RoleRights { permissions, field_groups, note_scopes } = state.rights(role);
    json!({
        "role": role,
        "permissions": permissions,
        "field_groups": field_groups,
        "note_scopes": note_scopes,
        "changed": state.is_changed(),
        "fixed": role.is_fixed(),
        "version": version,
    })
}
