//! A person who signs in; their streams are in the organisation `installation`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::claim::{ClaimChange, ClaimKind};
pub use crate::command::Nothing;
use crate::command::plain;
use crate::decider::Decider;
use crate::personal::Personal;
use crate::refusal::{Refusal, RefusalKind};
use crate::sentence::shown;
use crate::value::{Email, Name, normalise_email};

/// The reserved organisation `installation`, which holds the people who sign in.
pub const INSTALLATION: Uuid = Uuid::from_u128(1);

/// The aggregate.
#[derive(Debug, Clone, Copy)]
pub struct User;

/// What can be asked of a user.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    Register(Register),
    Block(Nothing),
    Unblock(Nothing),
    GrantAdmin(Nothing),
    RevokeAdmin(Nothing),
}

/// Registers a person who signs in.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = user::Register)]
pub struct Register {
    pub email: Email,
    pub name: Name,
}

plain!(Register);

/// A user's event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", content = "data")]
pub enum Event {
    #[serde(rename = "user.registered")]
    Registered { email: Personal<String>, name: Personal<String> },
    #[serde(rename = "user.blocked")]
    Blocked {},
    #[serde(rename = "user.unblocked")]
    Unblocked {},
    #[serde(rename = "user.admin_granted")]
    AdminGranted {},
    #[serde(rename = "user.admin_revoked")]
    AdminRevoked {},
}

/// A user as their decider sees them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct State {
    pub registered: Option<Registration>,
    pub blocked: bool,
    /// Whether they administer the installation: make organisations.
    pub admin: bool,
}

/// Who they are.
#[derive(Debug, Clone, PartialEq)]
pub struct Registration {
    pub email: Personal<String>,
    pub name: Personal<String>,
}

/// Why a user's command is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("there is no such user")]
    NotFound,
    #[error("this user exists already")]
    Exists,
}

impl Refusal for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "user_not_found",
            Self::Exists => "user_exists",
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::NotFound => RefusalKind::NotFound,
            Self::Exists => RefusalKind::Conflict,
        }
    }
}

impl Decider for User {
    type Command = Command;
    type Event = Event;
    type State = State;
    type Error = Error;

    const KIND: &'static str = "user";

    fn decide(state: &State, command: Command) -> Result<Vec<Event>, Error> {
        match (state.registered.is_some(), state.blocked, command) {
            (false, _, Command::Register(register)) => Ok(vec![Event::Registered {
                email: Personal::Known(register.email.into()),
                name: Personal::Known(register.name.into()),
            }]),
            (true, _, Command::Register(_)) => Err(Error::Exists),
            (
                false,
                _,
                Command::Block(_)
                | Command::Unblock(_)
                | Command::GrantAdmin(_)
                | Command::RevokeAdmin(_),
            ) => Err(Error::NotFound),
            (true, false, Command::Block(_)) => Ok(vec![Event::Blocked {}]),
            (true, true, Command::Unblock(_)) => Ok(vec![Event::Unblocked {}]),
            (true, true, Command::Block(_)) | (true, false, Command::Unblock(_)) => Ok(Vec::new()),
            (true, _, Command::GrantAdmin(_)) if state.admin => Ok(Vec::new()),
            (true, _, Command::GrantAdmin(_)) => Ok(vec![Event::AdminGranted {}]),
            (true, _, Command::RevokeAdmin(_)) if state.admin => Ok(vec![Event::AdminRevoked {}]),
            (true, _, Command::RevokeAdmin(_)) => Ok(Vec::new()),
        }
    }

    fn evolve(mut state: State, event: &Event) -> State {
        match event {
            Event::Registered { email, name } => {
                let (email, name) = (email.clone(), name.clone());
                state.registered = Some(Registration { email, name });
            }
            Event::Blocked {} => state.blocked = true,
            Event::Unblocked {} => state.blocked = false,
            Event::AdminGranted {} => state.admin = true,
            Event::AdminRevoked {} => state.admin = false,
        }
        state
    }
}

impl Event {
    /// The stored names of all of them.
    pub const NAMES: &'static [&'static str] = &[
        "user.registered",
        "user.blocked",
        "user.unblocked",
        "user.admin_granted",
        "user.admin_revoked",
    ];

    /// One sign-in e-mail, one user.
    pub fn claims(&self) -> Vec<ClaimChange> {
        match self {
            Self::Registered { email: Personal::Known(email), .. } => {
                vec![ClaimChange::take(ClaimKind::SignIn, normalise_email(email))]
            }
            Self::Registered { email: Personal::Erased, .. }
            | Self::Blocked {}
            | Self::Unblocked {}
            | Self::AdminGranted {}
            | Self::AdminRevoked {} => Vec::new(),
        }
    }

    pub fn customer_id(&self, _stream_id: Uuid) -> Option<Uuid> {
        None
    }

    /// The user's own key.
    pub fn key_id(&self, stream_id: Uuid) -> Option<Uuid> {
        Some(stream_id)
    }

    pub fn sentence(&self) -> String {
        match self {
            Self::Registered { email, name } => {
                format!("registered {} with the e-mail {}", shown(name), shown(email))
            }
            Self::Blocked {} => "blocked the user".to_owned(),
            Self::Unblocked {} => "unblocked the user".to_owned(),
            Self::AdminGranted {} => "let the user administer the installation".to_owned(),
            Self::AdminRevoked {} => {
                "no longer lets the user administer the installation".to_owned()
            }
        }
    }
}

#[cfg(test)]
mod tests;
