//! What somebody may do and see here, and where it comes from (FEATURES decision 23).

use axum::Json;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::access::{Action, Extent, FieldGroup, NoteScope, PrincipalKind, Rights, Role};
use domain::access::{Principal, RoleRights};
use domain::folder::Folder;
use domain::member::Member;
use domain::team::Team;
use eventstore::{Absent, Acting};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::endpoint::{Answer, Endpoint, Guard, Kind, Parameter, Request, Verb};
use crate::extract::Ask;
use crate::problem::{Code, Problem};

pub(super) const ENDPOINTS: &[Endpoint] = &[Endpoint {
    verb: Verb::Get,
    path: "/v1/access/effective",
    id: "access_effective",
    tag: "Access",
    summary: "What you, or a member, may do and see, and which role gives it",
    guard: Guard::SignedIn,
    parameters: &[&[Parameter::new(
        "user",
        Kind::Id,
        "This member in place of you; for who administers users",
    )]],
    request: Request::None,
    answer: Answer::Json(200, "EffectiveAccess"),
    handler: |verb| on(verb, effective),
}];

async fn effective(ask: Ask) -> Result<Response, Problem> {
    let administers = ask.scope(Action::UserAdmin).map(drop);
    let principal = match ask.query.id("user") {
        Some(user) => {
            administers.clone()?;
            let found = member(&ask, user).await?;
            found.map_err(|absent| Problem::new(Code::UserNotFound).detail(absent.to_string()))?
        }
        None => ask.principal.clone(),
    };
    let Principal { user, roles, rights, .. } = &principal;
    let mut given = Vec::with_capacity(roles.len());
    for (role, gives) in roles.iter().zip(ask.app.store().roles(ask.organisation(), roles).await?) {
        given.push((*role, gives));
    }
    let mut body = Map::new();
    let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
    put("user", json!(user));
    put("roles", json!(roles));
    put("permissions", permissions(rights, &given));
    put("field_groups", field_groups(rights, &given));
    put("note_scopes", note_scopes(rights, &given));
    let (_, state) = ask.app.store().load::<Member>(ask.organisation(), *user).await?;
    let named = administers.is_ok();
    let read = extent(&ask, &state.reach.read, named).await?;
    let write = extent(&ask, &state.reach.write, named).await?;
    put("reach", json!({ "read": read, "write": write }));
    Ok(Json(Value::Object(body)).into_response())
}

/// A member as they would come without a token.
pub(super) async fn member(ask: &Ask, user: Uuid) -> Result<Result<Principal, Absent>, Problem> {
    let acting = Acting {
        organisation: ask.organisation(),
        user,
        kind: PrincipalKind::User,
        token: None,
        at_most: None,
    };
    Ok(ask.app.store().principal(acting).await?)
}

type Given = [(Role, RoleRights)];

fn permissions(rights: &Rights, given: &Given) -> Value {
    let row = |action: &Action| json!({ "permission": action, "roles": by(given, |role| role.permissions.contains(action)) });
    rights.permissions().iter().map(row).collect()
}

fn field_groups(rights: &Rights, given: &Given) -> Value {
    let row = |group: &FieldGroup| json!({ "field_group": group, "roles": by(given, |role| role.field_groups.contains(group)) });
    rights.field_groups().iter().map(row).collect()
}

fn note_scopes(rights: &Rights, given: &Given) -> Value {
    let row = |scope: &NoteScope| json!({ "note_scope": scope, "roles": by(given, |role| role.note_scopes.contains(scope)) });
    rights.note_scopes().iter().map(row).collect()
}

/// The roles that give something.
fn by(given: &Given, gives: impl Fn(&RoleRights) -> bool) -> Vec<Role> {
    given.iter().filter(|(_, rights)| gives(rights)).map(|(role, _)| *role).collect()
}

/// An extent in words; its parts by name are told to who administers users only.
pub(super) async fn extent(ask: &Ask, extent: &Extent, named: bool) -> Result<Value, Problem> {
    let mut body = Map::new();
    body.insert("all".to_owned(), extent.all.into());
    body.insert("summary".to_owned(), extent.words().into());
    if !named || extent.all {
        return Ok(body.into());
    }
    let (store, organisation) = (ask.app.store(), ask.organisation());
    for (part, folders) in [("folders", &extent.folders), ("subtrees", &extent.subtrees)] {
        let mut rows = Vec::with_capacity(folders.len());
        for id in folders {
            let (_, folder) = store.load::<Folder>(organisation, *id).await?;
            rows.push(json!({ "id": id, "name": folder.name }));
        }
        body.insert(part.to_owned(), rows.into());
    }
    let mut teams = Vec::with_capacity(extent.teams.len());
    for id in &extent.teams {
        let (_, team) = store.load::<Team>(organisation, *id).await?;
        teams.push(json!({ "id": id, "name": team.name }));
    }
    body.insert("teams".to_owned(), teams.into());
    body.insert("assigned".to_owned(), extent.assigned.into());
    Ok(body.into())
}
