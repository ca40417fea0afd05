//! Folders and their status lists.

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

const FOLDER: Target = Target::Path("folder_id");

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Get,
        path: "/v1/folders",
        id: "folders_list",
        tag: "Folders",
        summary: "List folders by name, with the number of customers that you find in each",
        guard: Guard::Action(Action::FolderRead),
        parameters: &[READ, ARCHIVED],
        request: Request::None,
        answer: Answer::Page("Folder"),
        handler: |verb| on(verb, list),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/folders/{folder_id}",
        id: "folders_get",
        tag: "Folders",
        summary: "Read a folder",
        guard: Guard::Action(Action::FolderRead),
        parameters: &[READ],
        request: Request::None,
        answer: Answer::Json(200, "Folder"),
        handler: |verb| on(verb, get),
    },
    Endpoint::command(Verb::Post, "/v1/folders", "folder.create", Target::New, &[]),
    Endpoint::command(Verb::Post, "/v1/folders/{folder_id}/name", "folder.rename", FOLDER, &[]),
    Endpoint::command(
        Verb::Post,
        "/v1/folders/{folder_id}/statuses",
        "folder.change_statuses",
        FOLDER,
        &[],
    ),
    Endpoint::command(Verb::Post, "/v1/folders/{folder_id}/archive", "folder.archive", FOLDER, &[]),
];

async fn list(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::FolderRead)?;
    let standing = page::of_views(&ask, "folders", &["directory"]).await?;
    let archived = ask.query.flag("archived");
    let folders = projections::folders::list(ask.app.store(), &scope, archived).await?;
    Ok(page::of(&ask, folders, standing))
}

async fn get(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::FolderRead)?;
    let id = ask.id("folder_id")?;
    let standing = page::of_views(&ask, "folders", &["directory"]).await?;
    let mut folder = find(&ask, &scope, id).await?;
    if folder.is_none() {
        page::settle(&ask, "folders").await?;
        folder = find(&ask, &scope, id).await?;
    }
    let folder = folder.ok_or_else(|| Problem::new(Code::FolderNotFound))?;
    Ok(record(&ask, folder, standing))
}

/// A folder, in use or archived; there are few enough to look through them.
async fn find(ask: &Ask, scope: &Scope, id: Uuid) -> Result<Option<Value>, Problem> {
    for archived in [false, true] {
        let page = projections::folders::list(ask.app.store(), scope, archived).await?;
        let is = |folder: &Value| folder.get("id").and_then(Value::as_str) == Some(&id.to_string());
        if let Some(folder) = page.data.into_iter().find(is) {
            return Ok(Some(folder));
        }
    }
    Ok(None)
}

/// The folder as it is after a command of this position.
pub(crate) async fn after(ask: &Ask, id: Uuid, position: i64) -> Result<Option<Value>, Problem> {
    let scope = ask.scope(Action::FolderRead)?;
    if !page::caught_up(ask, "folders", position).await? {
        return Ok(None);
    }
    find(ask, &scope, id).await
}
