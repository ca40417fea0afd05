//! A folder holds customers and owns the list of their statuses.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::claim::{ClaimChange, ClaimKind};
pub use crate::command::Nothing;
use crate::command::{Data, Fact, Invalid, Need, plain};
use crate::decider::Decider;
use crate::refusal::{Refusal, RefusalKind};
use crate::value::{Name, Status, fold};

/// The aggregate.
#[derive(Debug, Clone, Copy)]
pub struct Folder;

/// What can be asked of a folder.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    Create(Create),
    Rename(Rename),
    ChangeStatuses(ChangeStatuses),
    Archive(Nothing),
}

/// Creates a folder with its list of statuses.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = folder::Create)]
pub struct Create {
    pub name: Name,
    /// The folder that it lies in.
    pub parent: Option<Uuid>,
    /// In the order of the pipeline; each once, at least one.
    #[schema(min_items = 1)]
    pub statuses: Vec<Status>,
    /// One of `statuses`; left out, the first.
    pub default_status: Option<Status>,
    #[serde(skip)]
    pub parent_is_open: bool,
}

impl Data for Create {
    fn check(&mut self) -> Result<(), Invalid> {
        check_statuses(&self.statuses, self.default_status.as_ref())
    }

    fn needs(&self) -> Vec<Need> {
        self.parent.map(Need::Folder).into_iter().collect()
    }

    fn supply(&mut self, fact: &Fact) {
        if let Fact::Folder { id, folder } = fact
            && Some(*id) == self.parent
        {
            self.parent_is_open = folder.as_ref().is_some_and(|folder| !folder.archived);
        }
    }
}

/// Gives a folder another name.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = folder::Rename)]
pub struct Rename {
    pub name: Name,
}

/// Replaces a folder's list of statuses; customers keep the status that they have.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = folder::ChangeStatuses)]
pub struct ChangeStatuses {
    /// In the order of the pipeline; each once, at least one.
    #[schema(min_items = 1)]
    pub statuses: Vec<Status>,
    /// One of `statuses`; left out, the first.
    pub default_status: Option<Status>,
}

impl Data for ChangeStatuses {
    fn check(&mut self) -> Result<(), Invalid> {
        check_statuses(&self.statuses, self.default_status.as_ref())
    }
}

plain!(Rename);

fn check_statuses(statuses: &[Status], default: Option<&Status>) -> Result<(), Invalid> {
    const CODE: &str = "invalid_statuses";
    if statuses.is_empty() {
        return Err(Invalid::new("/statuses", CODE, "a folder has at least one status"));
    }
    for (index, status) in statuses.iter().enumerate() {
        if statuses.iter().take(index).any(|earlier| earlier == status) {
            let detail = format!("the status {status} stands in the list twice");
            return Err(Invalid::new(format!("/statuses/{index}"), CODE, detail));
        }
    }
    match default {
        Some(default) if !statuses.contains(default) => {
            let detail = format!("the default status {default} is not in the list");
            let allowed = statuses.iter().map(Status::to_string);
            Err(Invalid::new("/default_status", CODE, detail).allowing(allowed))
        }
        Some(_) | None => Ok(()),
    }
}

/// A folder's event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", content = "data")]
pub enum Event {
    #[serde(rename = "folder.created")]
    Created {
        name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        parent: Option<Uuid>,
        statuses: Vec<String>,
        default_status: String,
    },
    #[serde(rename = "folder.renamed")]
    Renamed { from: String, to: String },
    #[serde(rename = "folder.statuses_changed")]
    StatusesChanged { from: Vec<String>, to: Vec<String>, default_status: String },
    /// The name is kept in the event, since it is free again from then on.
    #[serde(rename = "folder.archived")]
    Archived { name: String },
}

/// A folder as its deciders, and those of customers, see it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    pub exists: bool,
    pub name: String,
    pub parent: Option<Uuid>,
    pub statuses: Vec<String>,
    pub default_status: String,
    pub archived: bool,
}

/// Why a folder's command is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("there is no such folder")]
    NotFound,
    #[error("this folder exists already")]
    Exists,
    #[error("the folder is archived")]
    Archived,
    #[error("there is no folder in use with the id given as parent")]
    ParentNotFound,
}

impl Refusal for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "folder_not_found",
            Self::Exists => "folder_exists",
            Self::Archived => "folder_archived",
            Self::ParentNotFound => "parent_not_found",
        }
    }

    fn pointer(&self) -> Option<&str> {
        match self {
            Self::ParentNotFound => Some("/parent"),
            Self::NotFound | Self::Exists | Self::Archived => None,
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::NotFound => RefusalKind::NotFound,
            Self::Exists => RefusalKind::Conflict,
            Self::Archived | Self::ParentNotFound => RefusalKind::Rule,
        }
    }
}

impl Decider for Folder {
    type Command = Command;
    type Event = Event;
    type State = State;
    type Error = Error;

    const KIND: &'static str = "folder";

    fn decide(state: &State, command: Command) -> Result<Vec<Event>, Error> {
        match (state.exists, state.archived, command) {
            (false, _, Command::Create(create)) => self::create(create),
            (false, _, _) => Err(Error::NotFound),
            (true, _, Command::Create(_)) => Err(Error::Exists),
            (true, true, Command::Archive(_)) => Ok(Vec::new()),
            (true, true, _) => Err(Error::Archived),
            (true, false, Command::Rename(rename)) => Ok(self::rename(state, rename)),
            (true, false, Command::ChangeStatuses(change)) => Ok(change_statuses(state, change)),
            (true, false, Command::Archive(_)) => {
                Ok(vec![Event::Archived { name: state.name.clone() }])
            }
        }
    }

    fn evolve(mut state: State, event: &Event) -> State {
        match event {
            Event::Created { name, parent, statuses, default_status } => State {
                exists: true,
                name: name.clone(),
                parent: *parent,
                statuses: statuses.clone(),
                default_status: default_status.clone(),
                archived: false,
            },
            Event::Renamed { from: _, to } => {
                state.name.clone_from(to);
                state
            }
            Event::StatusesChanged { from: _, to, default_status } => {
                state.statuses.clone_from(to);
                state.default_status.clone_from(default_status);
                state
            }
            Event::Archived { name: _ } => {
                state.archived = true;
                state
            }
        }
    }
}

fn create(create: Create) -> Result<Vec<Event>, Error> {
    if create.parent.is_some() && !create.parent_is_open {
        return Err(Error::ParentNotFound);
    }
    let (statuses, default_status) = list(create.statuses, create.default_status);
    let name = create.name.into();
    Ok(vec![Event::Created { name, parent: create.parent, statuses, default_status }])
}

/// The list and its default: the one named, else the first.
fn list(statuses: Vec<Status>, default: Option<Status>) -> (Vec<String>, String) {
    let statuses: Vec<String> = statuses.into_iter().map(String::from).collect();
    let default = default.map(String::from).or_else(|| statuses.first().cloned());
    (statuses, default.unwrap_or_default())
}

fn rename(state: &State, rename: Rename) -> Vec<Event> {
    let to = String::from(rename.name);
    if to == state.name {
        return Vec::new();
    }
    vec![Event::Renamed { from: state.name.clone(), to }]
}

fn change_statuses(state: &State, change: ChangeStatuses) -> Vec<Event> {
    let (to, default_status) = list(change.statuses, change.default_status);
    if to == state.statuses && default_status == state.default_status {
        return Vec::new();
    }
    vec![Event::StatusesChanged { from: state.statuses.clone(), to, default_status }]
}

/// The value under which a folder's name is claimed.
pub fn name_claim(name: &str) -> String {
    fold(name)
}

impl Event {
    /// The stored names of all of them.
    pub const NAMES: &'static [&'static str] =
        &["folder.created", "folder.renamed", "folder.statuses_changed", "folder.archived"];

    /// A folder's name is its own until it is archived.
    pub fn claims(&self) -> Vec<ClaimChange> {
        const NAME: ClaimKind = ClaimKind::FolderName;
        match self {
            Self::Created { name, .. } => vec![ClaimChange::take(NAME, name_claim(name))],
            Self::Renamed { from, to } if fold(from) != fold(to) => {
                vec![ClaimChange::release(NAME, fold(from)), ClaimChange::take(NAME, fold(to))]
            }
            Self::Archived { name } => vec![ClaimChange::release(NAME, fold(name))],
            Self::Renamed { .. } | Self::StatusesChanged { .. } => Vec::new(),
        }
    }

    pub fn customer_id(&self, _stream_id: Uuid) -> Option<Uuid> {
        None
    }

    pub fn key_id(&self, _stream_id: Uuid) -> Option<Uuid> {
        None
    }

    pub fn sentence(&self) -> String {
        match self {
            Self::Created { name, statuses, .. } => {
                format!("created the folder {name} with the statuses {}", statuses.join(", "))
            }
            Self::Renamed { from, to } => format!("renamed the folder {from} to {to}"),
            Self::StatusesChanged { to, default_status, .. } => format!(
                "changed the folder's statuses to {}, beginning with {default_status}",
                to.join(", ")
            ),
            Self::Archived { name } => format!("archived the folder {name}"),
        }
    }
}

#[cfg(test)]
mod tests;
