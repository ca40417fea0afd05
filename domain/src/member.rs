//! A user's place in an organisation: the stream has the user's id.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::claim::ClaimChange;
pub use crate::command::Nothing;
use crate::command::{Data, Invalid};
use crate::decider::Decider;
use crate::refusal::{Refusal, RefusalKind};
use crate::value::Role;

/// The aggregate.
#[derive(Debug, Clone, Copy)]
pub struct Member;

/// What can be asked of a member.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    Add(Add),
    ChangeRoles(ChangeRoles),
    Remove(Nothing),
}

/// Makes a user a member, with roles.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = member::Add)]
pub struct Add {
    pub user: Uuid,
    /// At least one.
    #[schema(value_type = Vec<Role>, min_items = 1)]
    pub roles: BTreeSet<Role>,
}

/// Gives a member other roles.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = member::ChangeRoles)]
pub struct ChangeRoles {
    /// At least one.
    #[schema(value_type = Vec<Role>, min_items = 1)]
    pub roles: BTreeSet<Role>,
}

impl Data for Add {
    fn check(&mut self) -> Result<(), Invalid> {
        check_roles(&self.roles)
    }
}

impl Data for ChangeRoles {
    fn check(&mut self) -> Result<(), Invalid> {
        check_roles(&self.roles)
    }
}

fn check_roles(roles: &BTreeSet<Role>) -> Result<(), Invalid> {
    if roles.is_empty() {
        let invalid = Invalid::new("/roles", "invalid_field", "a member has at least one role");
        return Err(invalid.allowing(Role::ALL.iter().map(Role::to_string)));
    }
    Ok(())
}

/// A member's event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", content = "data")]
pub enum Event {
    #[serde(rename = "member.added")]
    Added { user: Uuid, roles: BTreeSet<Role> },
    #[serde(rename = "member.roles_changed")]
    RolesChanged { from: BTreeSet<Role>, to: BTreeSet<Role> },
    #[serde(rename = "member.removed")]
    Removed {},
}

/// A member as its decider sees it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// Whether the user is a member now.
    pub present: bool,
    pub roles: BTreeSet<Role>,
}

/// Why a member's command is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("nobody of this organisation has this id")]
    NotFound,
    #[error("the user is a member already; change the roles instead")]
    Exists,
}

impl Refusal for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "member_not_found",
            Self::Exists => "member_exists",
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::NotFound => RefusalKind::NotFound,
            Self::Exists => RefusalKind::Conflict,
        }
    }
}

impl Decider for Member {
    type Command = Command;
    type Event = Event;
    type State = State;
    type Error = Error;

    const KIND: &'static str = "member";

    fn decide(state: &State, command: Command) -> Result<Vec<Event>, Error> {
        match (state.present, command) {
            (false, Command::Add(add)) => {
                Ok(vec![Event::Added { user: add.user, roles: add.roles }])
            }
            (true, Command::Add(add)) if add.roles == state.roles => Ok(Vec::new()),
            (true, Command::Add(_)) => Err(Error::Exists),
            (false, Command::ChangeRoles(_) | Command::Remove(_)) => Err(Error::NotFound),
            (true, Command::ChangeRoles(change)) if change.roles == state.roles => Ok(Vec::new()),
            (true, Command::ChangeRoles(change)) => {
                Ok(vec![Event::RolesChanged { from: state.roles.clone(), to: change.roles }])
            }
            (true, Command::Remove(_)) => Ok(vec![Event::Removed {}]),
        }
    }

    fn evolve(_state: State, event: &Event) -> State {
        match event {
            Event::Added { user: _, roles } | Event::RolesChanged { from: _, to: roles } => {
                State { present: true, roles: roles.clone() }
            }
            Event::Removed {} => State::default(),
        }
    }
}

impl Event {
    /// The stored names of all of them.
    pub const NAMES: &'static [&'static str] =
        &["member.added", "member.roles_changed", "member.removed"];

    pub fn claims(&self) -> Vec<ClaimChange> {
        Vec::new()
    }

    pub fn customer_id(&self, _stream_id: Uuid) -> Option<Uuid> {
        None
    }

    pub fn key_id(&self, _stream_id: Uuid) -> Option<Uuid> {
        None
    }

    pub fn sentence(&self) -> String {
        match self {
            Self::Added { roles, .. } => format!("added the member with {}", words(roles)),
            Self::RolesChanged { from, to } => {
                format!("changed the member's roles from {} to {}", words(from), words(to))
            }
            Self::Removed {} => "removed the member".to_owned(),
        }
    }
}

fn words(roles: &BTreeSet<Role>) -> String {
    roles.iter().map(|role| role.name()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
