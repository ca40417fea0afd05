//! Teams: members whose customers are reached together.

use axum::response::Response;
use axum::routing::on;
use domain::access::{Action, Scope};
use serde_json::Value;
use uuid::Uuid;

use super::tasks::record;
use crate::endpoint::{Answer, Endpoint, Guard, Kind, Parameter, READ, Request, Target, Verb};
use crate::extract::Ask;
use crate::page;
use crate::problem::{Code, Problem};

const ARCHIVED: &[Parameter] =
    &[Parameter::new("archived", Kind::Flag, "Those in the archive in place of those in use")];

const TEAM: Target = Target::Path("team_id");

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Get,
        path: "/v1/teams",
        id: "teams_list",
        tag: "Teams",
        summary: "List teams by name, with who is in them",
        guard: Guard::Action(Action::UserRead),
        parameters: &[READ, ARCHIVED],
        request: Request::None,
        answer: Answer::Page("Team"),
        handler: |verb| on(verb, list),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/teams/{team_id}",
        id: "teams_get",
        tag: "Teams",
        summary: "Read a team",
        guard: Guard::Action(Action::UserRead),
        parameters: &[READ],
        request: Request::None,
        answer: Answer::Json(200, "Team"),
        handler: |verb| on(verb, get),
    },
    Endpoint::command(Verb::Post, "/v1/teams", "team.create", Target::New, &[]),
    Endpoint::command(Verb::Post, "/v1/teams/{team_id}/name", "team.rename", TEAM, &[]),
    Endpoint::command(Verb::Post, "/v1/teams/{team_id}/members", "team.add_member", TEAM, &[]),
    Endpoint::command(
        Verb::Delete,
        "/v1/teams/{team_id}/members/{user}",
        "team.remove_member",
        TEAM,
        &[("user", "user")],
    ),
    Endpoint::command(Verb::Post, "/v1/teams/{team_id}/archive", "team.archive", TEAM, &[]),
];

async fn list(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::UserRead)?;
    let standing = page::of_views(&ask, "teams", &["members"]).await?;
    let archived = ask.query.flag("archived");
    let teams = projections::teams::list(ask.app.store(), &scope, archived).await?;
    Ok(page::of(&ask, teams, standing))
}

async fn get(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::UserRead)?;
    let id = ask.id("team_id")?;
    let standing = page::of_views(&ask, "teams", &["members"]).await?;
    let mut team = find(&ask, &scope, id).await?;
    if team.is_none() {
        page::settle(&ask, "teams").await?;
        team = find(&ask, &scope, id).await?;
    }
    let team = team.ok_or_else(|| Problem::new(Code::TeamNotFound))?;
    Ok(record(&ask, team, standing))
}

/// A team, in use or archived; there are few enough to look through them.
async fn find(ask: &Ask, scope: &Scope, id: Uuid) -> Result<Option<Value>, Problem> {
    for archived in [false, true] {
        let teams = projections::teams::list(ask.app.store(), scope, archived).await?;
        if let Some(team) = page::find(teams.data, id) {
            return Ok(Some(team));
        }
    }
    Ok(None)
}

/// The team as it is after a command of this position.
pub(crate) async fn after(ask: &Ask, id: Uuid, position: i64) -> Result<Option<Value>, Problem> {
    let scope = ask.scope(Action::UserRead)?;
    if !page::caught_up(ask, "teams", position).await? {
        return Ok(None);
    }
    find(ask, &scope, id).await
}
