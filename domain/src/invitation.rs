//! An invitation to become a member: until it is accepted, who was invited is nobody here. It says
//! only what the inviting person said, whether or not the installation knows somebody of that e-mail.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::claim::ClaimChange;
pub use crate::command::Nothing;
use crate::command::{Data, Invalid, plain};
use crate::decider::Decider;
use crate::member::check_roles;
use crate::personal::Personal;
use crate::refusal::{Refusal, RefusalKind};
use crate::sentence::shown;
use crate::value::{Email, Name, Role};

/// The aggregate.
#[derive(Debug, Clone, Copy)]
pub struct Invitation;

/// What can be asked of an invitation.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    Make(Make),
    Renew(Nothing),
    Withdraw(Nothing),
    Accept(Accept),
}

/// Invites a person.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = invitation::Make)]
pub struct Make {
    pub email: Email,
    pub name: Name,
    /// At least one.
    #[schema(value_type = Vec<Role>, min_items = 1)]
    pub roles: BTreeSet<Role>,
}

impl Data for Make {
    fn check(&mut self) -> Result<(), Invalid> {
        check_roles(&self.roles)
    }
}

/// Accepts the invitation, as this user.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = invitation::Accept)]
pub struct Accept {
    pub user: Uuid,
}

plain!(Accept);

/// An invitation's event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", content = "data")]
pub enum Event {
    #[serde(rename = "invitation.made")]
    Made { email: Personal<String>, name: Personal<String>, roles: BTreeSet<Role> },
    #[serde(rename = "invitation.renewed")]
    Renewed {},
    #[serde(rename = "invitation.withdrawn")]
    Withdrawn {},
    #[serde(rename = "invitation.accepted")]
    Accepted { user: Uuid },
}

/// An invitation as its decider sees it.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum State {
    #[default]
    Absent,
    Open(Invited),
    Withdrawn,
    Accepted(Uuid),
}

/// Who was invited, and as what.
#[derive(Debug, Clone, PartialEq)]
pub struct Invited {
    pub email: Personal<String>,
    pub name: Personal<String>,
    pub roles: BTreeSet<Role>,
}

/// Why an invitation's command is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("there is no such invitation")]
    NotFound,
    #[error("the invitation was accepted or withdrawn; invite the person again")]
    Closed,
}

impl Refusal for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "invitation_not_found",
            Self::Closed => "invitation_closed",
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::NotFound => RefusalKind::NotFound,
            Self::Closed => RefusalKind::Rule,
        }
    }
}

impl Decider for Invitation {
    type Command = Command;
    type Event = Event;
    type State = State;
    type Error = Error;

    const KIND: &'static str = "invitation";

    fn decide(state: &State, command: Command) -> Result<Vec<Event>, Error> {
        match (state, command) {
            (State::Absent, Command::Make(make)) => Ok(vec![Event::Made {
                email: Personal::Known(make.email.into()),
                name: Personal::Known(make.name.into()),
                roles: make.roles,
            }]),
            (State::Absent, Command::Renew(_) | Command::Withdraw(_) | Command::Accept(_)) => {
                Err(Error::NotFound)
            }
            (State::Open(_), Command::Make(_)) => Ok(Vec::new()),
            (State::Open(_), Command::Renew(_)) => Ok(vec![Event::Renewed {}]),
            (State::Open(_), Command::Withdraw(_)) => Ok(vec![Event::Withdrawn {}]),
            (State::Open(_), Command::Accept(accept)) => {
                Ok(vec![Event::Accepted { user: accept.user }])
            }
            (State::Withdrawn, Command::Withdraw(_)) => Ok(Vec::new()),
            (State::Accepted(user), Command::Accept(accept)) if *user == accept.user => {
                Ok(Vec::new())
            }
            (State::Withdrawn | State::Accepted(_), _) => Err(Error::Closed),
        }
    }

    fn evolve(state: State, event: &Event) -> State {
        match event {
            Event::Made { email, name, roles } => {
                let (email, name, roles) = (email.clone(), name.clone(), roles.clone());
                State::Open(Invited { email, name, roles })
            }
            Event::Renewed {} => state,
            Event::Withdrawn {} => State::Withdrawn,
            Event::Accepted { user } => State::Accepted(*user),
        }
    }
}

impl Event {
    /// The stored names of all of them.
    pub const NAMES: &'static [&'static str] =
        &["invitation.made", "invitation.renewed", "invitation.withdrawn", "invitation.accepted"];

    /// Whether nobody needs to know any more who was invited: a member has a name of their own.
    pub fn settles(&self) -> bool {
        matches!(self, Self::Withdrawn {} | Self::Accepted { .. })
    }

    pub fn claims(&self) -> Vec<ClaimChange> {
        Vec::new()
    }

    pub fn customer_id(&self, _stream_id: Uuid) -> Option<Uuid> {
        None
    }

    /// The invitation's own key.
    pub fn key_id(&self, stream_id: Uuid) -> Option<Uuid> {
        Some(stream_id)
    }

    pub fn sentence(&self) -> String {
        match self {
            Self::Made { email, name, roles } => {
                let roles: Vec<&str> = roles.iter().map(|role| role.name()).collect();
                let roles = roles.join(", ");
                format!("invited {} at {} as {roles}", shown(name), shown(email))
            }
            Self::Renewed {} => "sent the invitation again".to_owned(),
            Self::Withdrawn {} => "withdrew the invitation".to_owned(),
            Self::Accepted { .. } => "took in who had accepted the invitation".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
