//! A team: members whose customers are reached together.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::claim::{ClaimChange, ClaimKind};
pub use crate::command::Nothing;
use crate::command::{Data, Fact, Need, plain};
use crate::decider::Decider;
use crate::refusal::{Refusal, RefusalKind};
use crate::value::{Name, fold};

/// The aggregate.
#[derive(Debug, Clone, Copy)]
pub struct Team;

/// What can be asked of a team.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    Create(Create),
    Rename(Rename),
    AddMember(AddMember),
    RemoveMember(RemoveMember),
    Archive(Nothing),
}

/// Creates a team, without anybody in it.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = team::Create)]
pub struct Create {
    pub name: Name,
}

/// Gives a team another name.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = team::Rename)]
pub struct Rename {
    pub name: Name,
}

/// Puts a member of the organisation into the team.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = team::AddMember)]
pub struct AddMember {
    pub user: Uuid,
    #[serde(skip)]
    pub is_member: bool,
}

/// Takes somebody out of the team.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = team::RemoveMember)]
pub struct RemoveMember {
    pub user: Uuid,
}

impl Data for AddMember {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Member(self.user)]
    }

    fn supply(&mut self, fact: &Fact) {
        if let Fact::Member { user, is_member } = fact
            && *user == self.user
        {
            self.is_member = *is_member;
        }
    }
}

plain!(Create, Rename, RemoveMember);

/// A team's event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", content = "data")]
pub enum Event {
    #[serde(rename = "team.created")]
    Created { name: String },
    #[serde(rename = "team.renamed")]
    Renamed { from: String, to: String },
    #[serde(rename = "team.member_added")]
    MemberAdded { user: Uuid },
    #[serde(rename = "team.member_removed")]
    MemberRemoved { user: Uuid },
    /// The name is kept in the event, since it is free again from then on.
    #[serde(rename = "team.archived")]
    Archived { name: String },
}

/// A team as its decider sees it, and the policy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    pub exists: bool,
    pub name: String,
    pub members: BTreeSet<Uuid>,
    pub archived: bool,
}

/// Why a team's command is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("there is no such team")]
    NotFound,
    #[error("this team exists already")]
    Exists,
    #[error("the team is archived")]
    Archived,
    #[error("nobody of this organisation has this id")]
    MemberNotFound,
}

impl Refusal for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "team_not_found",
            Self::Exists => "team_exists",
            Self::Archived => "team_archived",
            Self::MemberNotFound => "member_not_found",
        }
    }

    fn pointer(&self) -> Option<&str> {
        match self {
            Self::MemberNotFound => Some("/user"),
            Self::NotFound | Self::Exists | Self::Archived => None,
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::NotFound => RefusalKind::NotFound,
            Self::Exists => RefusalKind::Conflict,
            Self::Archived | Self::MemberNotFound => RefusalKind::Rule,
        }
    }
}

impl Decider for Team {
    type Command = Command;
    type Event = Event;
    type State = State;
    type Error = Error;

    const KIND: &'static str = "team";

    fn decide(state: &State, command: Command) -> Result<Vec<Event>, Error> {
        match (state.exists, state.archived, command) {
            (false, _, Command::Create(create)) => {
                Ok(vec![Event::Created { name: create.name.into() }])
            }
            (false, _, _) => Err(Error::NotFound),
            (true, _, Command::Create(_)) => Err(Error::Exists),
            (true, true, Command::Archive(_)) => Ok(Vec::new()),
            (true, true, _) => Err(Error::Archived),
            (true, false, Command::Rename(rename)) => Ok(self::rename(state, rename)),
            (true, false, Command::AddMember(add)) => add_member(state, &add),
            (true, false, Command::RemoveMember(remove)) => Ok(remove_member(state, &remove)),
            (true, false, Command::Archive(_)) => {
                Ok(vec![Event::Archived { name: state.name.clone() }])
            }
        }
    }

    fn evolve(mut state: State, event: &Event) -> State {
        match event {
            Event::Created { name } => {
                state.exists = true;
                state.name.clone_from(name);
            }
            Event::Renamed { from: _, to } => state.name.clone_from(to),
            Event::MemberAdded { user } => {
                state.members.insert(*user);
            }
            Event::MemberRemoved { user } => {
                state.members.remove(user);
            }
            Event::Archived { name: _ } => state.archived = true,
        }
        state
    }
}

fn rename(state: &State, rename: Rename) -> Vec<Event> {
    let to = String::from(rename.name);
    if to == state.name {
        return Vec::new();
    }
    vec![Event::Renamed { from: state.name.clone(), to }]
}

fn add_member(state: &State, add: &AddMember) -> Result<Vec<Event>, Error> {
    if state.members.contains(&add.user) {
        return Ok(Vec::new());
    }
    if !add.is_member {
        return Err(Error::MemberNotFound);
    }
    Ok(vec![Event::MemberAdded { user: add.user }])
}

fn remove_member(state: &State, remove: &RemoveMember) -> Vec<Event> {
    if state.members.contains(&remove.user) {
        vec![Event::MemberRemoved { user: remove.user }]
    } else {
        Vec::new()
    }
}

impl Event {
    /// The stored names of all of them.
    pub const NAMES: &'static [&'static str] = &[
        "team.created",
        "team.renamed",
        "team.member_added",
        "team.member_removed",
        "team.archived",
    ];

    /// A team's name is its own until it is archived.
    pub fn claims(&self) -> Vec<ClaimChange> {
        const NAME: ClaimKind = ClaimKind::TeamName;
        match self {
            Self::Created { name } => vec![ClaimChange::take(NAME, fold(name))],
            Self::Renamed { from, to } if fold(from) != fold(to) => {
                vec![ClaimChange::release(NAME, fold(from)), ClaimChange::take(NAME, fold(to))]
            }
            Self::Archived { name } => vec![ClaimChange::release(NAME, fold(name))],
            Self::Renamed { .. } | Self::MemberAdded { .. } | Self::MemberRemoved { .. } => {
                Vec::new()
            }
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
            Self::Created { name } => format!("created the team {name}"),
            Self::Renamed { from, to } => format!("renamed the team {from} to {to}"),
            Self::MemberAdded { user: _ } => "added somebody to the team".to_owned(),
            Self::MemberRemoved { user: _ } => "took somebody out of the team".to_owned(),
            Self::Archived { name } => format!("archived the team {name}"),
        }
    }
}

#[cfg(test)]
mod tests;
